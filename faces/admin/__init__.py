"""What the admin pages of all apps share."""

from .forms import (
    REASON_LENGTH,
    REASON_NEEDED,
    RecordForm,
    RecordInline,
    RowForm,
    contact_details_error,
    kept_reason,
    new_numbers,
    telephone_error,
)
from .importing import ImportExport, RecordConfirmForm
from .layout import SOURCE_FIELDSET, TRANSLATIONS_FIELDSET, in_reader_language, language_fieldsets
from .pages import FOCAL_POINT_BOUNDS, Missing, MissingText, RecordAdmin

__all__ = [
    "FOCAL_POINT_BOUNDS",
    "REASON_LENGTH",
    "REASON_NEEDED",
    "SOURCE_FIELDSET",
    "TRANSLATIONS_FIELDSET",
    "ImportExport",
    "Missing",
    "MissingText",
    "RecordAdmin",
    "RecordConfirmForm",
    "RecordForm",
    "RecordInline",
    "RowForm",
    "contact_details_error",
    "in_reader_language",
    "kept_reason",
    "language_fieldsets",
    "new_numbers",
    "telephone_error",
]
