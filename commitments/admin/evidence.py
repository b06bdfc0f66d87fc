"""The admin of evidence."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ReasonForm,
    RecordAdmin,
    RecordForm,
    RecordInline,
    RowAct,
    RowForm,
    in_reader_language,
    language_fieldsets,
)

from ..actions import give_code, strike_file
from ..file_views import PRIVATE, answer_with_file
from ..files import NO_FILE, EvidenceFileField, check_link_or_file, forget, store
from ..models import Evidence
from ..models.evidence import OWNERS

ANOTHER_CAME = _("Another file came while you had the form open. Choose yours again to replace it.")


class LinkOrFileForm:
    """What forms of evidence have in common: a link or a file, and the code of new evidence."""

    # The place of the file that another one, or a link, takes the place of.
    replaced = ""

    def full_clean(self):
        super().full_clean()
        if self._errors and "upload" not in self._errors and self.cleaned_data.get("upload"):
            self.add_error("upload", _("Choose this file again: browsers do not send it twice."))

    def clean(self):
        cleaned = super().clean()
        if "url" not in self.fields or {"url", "upload"} & self._errors.keys():
            return cleaned
        url, upload = cleaned.get("url"), cleaned.get("upload")
        # A new file takes the place of the link that stands there.
        url = "" if upload and "url" not in self.changed_data else url
        check_link_or_file(url, upload, self.instance.is_file)
        if upload and any("sha256" in change.columns for change in self.meanwhile):
            raise ValidationError({"upload": ANOTHER_CAME})
        if not self._errors and (upload or (url and self.instance.is_file)):
            self.replaced = self.instance.file
            for column, value in (upload.columns if upload else NO_FILE).items():
                setattr(self.instance, column, value)
            cleaned["url"] = url
        return cleaned

    def changes_row(self):
        return super().changes_row() or "upload" in self.changed_data

    def save(self, commit=True):
        """Save the evidence with its file; new evidence gets the next code of what it proves."""
        if upload := self.cleaned_data.get("upload"):
            store(upload)
        forget(self.replaced)
        if not self.instance.code:
            give_code(self.instance)
        return super().save(commit)


class WithDownload:
    """Shows the file of evidence in the admin: its name leads to the download, of a draft too."""

    @admin.display(description=_("file"))
    def download(self, row):
        if row.pk is None:
            return "–"
        if not row.has_file:
            return _("taken away, SHA-256 %(hash)s") % {"hash": row.sha256} if row.is_file else "–"
        return format_html(
            '<a href="{}">{}</a> ({}, {}, SHA-256 {})',
            reverse("admin:commitments_evidence_file", args=[row.pk]),
            row.file_name,
            row.get_file_kind_display(),
            filesizeformat(row.file_size),
            row.sha256,
        )


class EvidenceLineForm(LinkOrFileForm, RecordForm):
    upload = EvidenceFileField()


class EvidenceInline(WithDownload, RecordInline, admin.StackedInline):
    model = Evidence
    form = EvidenceLineForm
    fields = ["url", "upload", "download", ("title_es", "title_en"), ("document", "place"), "status"]
    # It is published with the update that it hangs from, or in its own form.
    readonly_fields = ["download", "status"]
    show_change_link = True
    deletable_when_public = False

    def get_fields(self, request, obj=None):
        """Leave out where files are handed in, for those who may not."""
        may_write = self.has_add_permission(request, obj) or self.has_change_permission(request, obj)
        return [name for name in self.fields if may_write or name != "upload"]


class EvidenceForm(LinkOrFileForm, RowForm):
    upload = EvidenceFileField()


class StrikeFile(RowAct):
    name = "strike-file"
    right = "strike"
    label = _("Take the file away")
    explanation = _(
        "For personal data in it. The file goes from here, and from all evidence that has the same one; its "
        "SHA-256, kind and size stay. There is no way back, but in backups of the folder of files."
    )
    done = _("The file of “%(name)s” was taken away.")
    form_class = ReasonForm
    is_grave = True

    def is_for(self, row):
        return row.has_file

    def act(self, user, row, answers):
        return strike_file(user, row, answers["reason"], seen=answers["seen"])


@admin.register(Evidence)
class EvidenceAdmin(WithDownload, RecordAdmin):
    form = EvidenceForm
    list_display = ["code", in_reader_language("title", _("title")), "url", "file_name", "status"]
    list_filter = ["status", "file_kind"]
    search_fields = ["code", "title_es", "title_en", "url", "file_name"]
    fieldsets = [
        (_("Proves one of these"), {"fields": ["milestone", "update", "assessment", "commitment"]}),
        (None, {"fields": [("code", "status"), "url", "upload", "download"]}),
        *language_fieldsets("title"),
        TRANSLATIONS_FIELDSET,
        SOURCE_FIELDSET,
    ]
    fixed_fields = OWNERS
    publication_field = "status"
    computed_fields = ("code", "download")
    acts = (*RecordAdmin.acts, StrikeFile())

    def layout(self, request, obj=None):
        """Ask for a file only where one may be handed in: what is published stays."""
        takes_file = obj is None or (self.is_editing(request, obj) and not self.is_public(obj))
        if takes_file:
            return self.fieldsets
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "upload"]})
            for title, options in self.fieldsets
        ]

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", view, name="commitments_evidence_file"), *super().get_urls()]

    def file_view(self, request, pk):
        """Answer with the file of a row that the user may see, drafts too; never kept."""
        row = self.get_object(request, str(pk))
        if row is None or not row.has_file:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return answer_with_file(request, row, PRIVATE)
