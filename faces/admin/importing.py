"""Import and export in the admin."""

import zipfile

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm

from record.personal import find_addresses, find_numbers
from record.rights import may
from record.writing import WriteRefused

from ..files import FORMATS
from .forms import (
    CleanField,
    NoTelephoneField,
    contact_details_error,
    telephone_error,
)

# A file is read, and written out again, while on SQLite nobody else can write.
MOST_BYTES = 10_000_000


def weight_of(file):
    """Return the bytes of a file that was sent; of a packed one, such as a sheet, all that it holds."""
    if not zipfile.is_zipfile(file):
        return file.size
    try:
        with zipfile.ZipFile(file) as packed:
            return sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        # Whoever reads it says so in words.
        return file.size
    finally:
        file.seek(0)


class RecordImportForm(ImportForm):
    bound_field_class = CleanField

    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 2, "class": "vLargeTextField line"}),
        help_text=_("Needed where the file changes rows that are public, who reads it then."),
    )

    no_telephone = NoTelephoneField(widget=admin.widgets.AdminTextInputWidget)

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if weight_of(file) > MOST_BYTES:
            raise ValidationError(
                _("A file has at most %(most)s MB: divide it.") % {"most": MOST_BYTES // 1_000_000}
            )
        return file

    def clean(self):
        """Refuse contact details in the reasons."""
        cleaned = super().clean()
        for name in ("change_reason", "no_telephone"):
            if addresses := find_addresses(cleaned.get(name, "")):
                self.add_error(name, contact_details_error(addresses))
        if numbers := find_numbers(cleaned.get("change_reason", "")):
            self.add_error("change_reason", telephone_error(numbers))
        return cleaned


class RecordConfirmForm(ConfirmImportForm):
    """Repeats what the first step was given. The file's name is signed: the server reads and removes it."""

    change_reason = forms.CharField(required=False, widget=forms.HiddenInput)
    no_telephone = NoTelephoneField(widget=forms.HiddenInput)
    format = forms.TypedChoiceField(
        coerce=int, choices=[(number, number) for number in range(len(FORMATS))], widget=forms.HiddenInput
    )
    salt = "record.import"

    def clean_import_file_name(self):
        try:
            self.cleaned_data["import_file_name"] = signing.loads(
                self.cleaned_data["import_file_name"], salt=self.salt
            )
        except signing.BadSignature:
            raise ValidationError(_("This is not the file that you uploaded.")) from None
        return super().clean_import_file_name()


class ImportExport(ImportExportMixin):
    """Import and export of a RecordResource, in two steps: what would happen, then all of it or nothing."""

    formats = FORMATS
    import_form_class = RecordImportForm
    confirm_form_class = RecordConfirmForm
    # The other form, with a tick for each column, runs an inline script, that the CSP forbids.
    export_form_class = ExportForm

    def has_import_permission(self, request):
        """A file may hold rows to change and new rows."""
        return may(request.user, "import", self.model)

    def has_export_permission(self, request):
        return may(request.user, "export", self.model)

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        """Tell the resource who imports, and why."""
        cleaned = getattr(form, "cleaned_data", {})
        names = {"reason": "change_reason", "no_telephone": "no_telephone"}
        return {"user": request.user} | {key: cleaned.get(name, "") for key, name in names.items()}

    def get_export_resource_kwargs(self, request, **kwargs):
        return {}

    def get_import_data_kwargs(self, **kwargs):
        return {"rollback_on_validation_errors": True}

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            name = signing.dumps(initial["import_file_name"], salt=RecordConfirmForm.salt)
            given = {key: import_form.cleaned_data[key] for key in ("change_reason", "no_telephone")}
            initial |= {"import_file_name": name} | given
        return initial

    def import_action(self, request, **kwargs):
        try:
            return super().import_action(request, **kwargs)
        except WriteRefused as refused:
            return self.ask_again(request, " ".join(refused.messages))

    def process_import(self, request, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self.ask_again(request, _("This file was imported already. Upload it again to repeat it."))
        except WriteRefused as refused:
            return self.ask_again(request, " ".join(refused.messages))

    def process_result(self, result, request):
        """Finish the second step; a fault that the first step did not see yet left everything as it was."""
        if result.has_errors() or result.has_validation_errors():
            return self.ask_again(
                request, _("The data changed in between, and nothing was imported. Upload the file again.")
            )
        return super().process_result(result, request)

    def ask_again(self, request, message):
        messages.error(request, message)
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
