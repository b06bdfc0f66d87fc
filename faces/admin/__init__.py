"""What the admin pages of all apps share."""

from .acts import (
    Annul,
    LinkedAct,
    Part,
    Publish,
    ReasonForm,
    Restore,
    RowAct,
    Strike,
    Words,
    columns_in_words,
)
from .forms import (
    RecordForm,
    RecordInline,
    RowForm,
    TableInline,
    contact_details_error,
    kept_reason,
    new_numbers,
    telephone_error,
)
from .importing import ImportExport
from .layout import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    in_reader_language,
    language_fieldsets,
    with_language,
)
from .pages import FOCAL_POINT_BOUNDS, Missing, MissingText, RecordAdmin

__all__ = [
    "FOCAL_POINT_BOUNDS",
    "SOURCE_FIELDSET",
    "TRANSLATIONS_FIELDSET",
    "Annul",
    "ImportExport",
    "LinkedAct",
    "Missing",
    "MissingText",
    "Part",
    "Publish",
    "ReasonForm",
    "RecordAdmin",
    "RecordForm",
    "RecordInline",
    "Restore",
    "RowAct",
    "RowForm",
    "Strike",
    "TableInline",
    "Words",
    "contact_details_error",
    "in_reader_language",
    "kept_reason",
    "language_fieldsets",
    "new_numbers",
    "telephone_error",
    "with_language",
    "columns_in_words",
]
