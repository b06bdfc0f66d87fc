"""What an account is: roles are groups of accounts, made by a migration of `entities`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A role, the strongest first; the values are the names of the groups."""

    PUBLISHER = "publishers", _("Publisher (SGP)")
    EDITOR = "editors", _("Editor (SGP)")
    AUDITOR = "auditors", _("Auditor")
    FOCAL_POINT = "focal points", _("Focal point of an entity")


FOCAL_POINTS = Role.FOCAL_POINT.value
