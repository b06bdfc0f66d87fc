"""The entries of the table of kinds for who. Entity's is in commitments, where its list in the API is."""

from record.kinds import Kind

from .models import EntityName

KINDS = [Kind(model=EntityName, key=("entity", "spelling", "document"))]
