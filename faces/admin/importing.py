"""Import and export in the admin: a spreadsheet is handed in, looked at, confirmed (`faces/importing`)."""

import os

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from record.personal import find_addresses, find_numbers
from record.rights import may

from ..files import FORMATS
from ..importing import running
from ..importing.loading import CHANGED, NEW, REFUSED, SAME
from ..importing.observations import with_observations
from ..importing.running import names_of
from ..importing.templates import in_order, template_of
from ..models import Upload
from ..sheets import MOST_BYTES
from ..templatetags.dates import longdate
from .forms import (
    CleanField,
    NoTelephoneField,
    contact_details_error,
    telephone_error,
)

ROWS_PER_PAGE = 50
# Seconds until a page that waits looks again, without scripts.
LOOK_AGAIN = 2


class ImportForm(forms.Form):
    """What is handed in: the file, what its rows are, and why they are written."""

    bound_field_class = CleanField

    what = forms.ChoiceField(label=_("What the rows are"), required=False, widget=forms.RadioSelect)
    import_file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, up to 10 MB and 20,000 rows."),
        error_messages={"empty": _("The file is empty.")},
    )
    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 2, "class": "vLargeTextField line"}),
        help_text=_("Needed where the file changes rows that are public, who reads it then."),
    )
    no_telephone = NoTelephoneField(widget=admin.widgets.AdminTextInputWidget)

    def __init__(self, data=None, files=None, *, resources, **kwargs):
        super().__init__(data, files, **kwargs)
        choices = [(each.__name__, names_of(each)) for each in resources]
        self.fields["what"].choices = choices
        self.fields["what"].initial = choices[0][0]
        if len(choices) == 1:
            self.fields["what"].widget = forms.HiddenInput()

    def clean_what(self):
        return self.cleaned_data["what"] or self.fields["what"].initial

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
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


class ImportExport(ExportMixin):
    """Import and export of RecordResources: `resource_classes`, the first of which is that of the model."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    formats = FORMATS
    # The other form, with a tick for each column, runs an inline script, that the CSP forbids.
    export_form_class = ExportForm

    def get_urls(self):
        name = "{}_{}".format(*self.get_model_info())
        site = self.admin_site.admin_view
        own = [
            path("import/", site(self.import_action), name=f"{name}_import"),
            path("import/template.xlsx", site(self.template), name=f"{name}_template"),
            path("import/<uuid:key>/", site(self.upload_action), name=f"{name}_upload"),
            path("import/<uuid:key>/observations.xlsx", site(self.observations), name=f"{name}_observations"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        may_import = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, may_import | (extra_context or {}))

    # Rights.

    def has_import_permission(self, request):
        """A file may hold rows to change and new rows."""
        return any(self.importable(request))

    def has_export_permission(self, request):
        return may(request.user, "export", self.model)

    def importable(self, request):
        """Return the classes of resources whose rows a user may import."""
        return [each for each in self.resource_classes if may(request.user, "import", each._meta.model)]

    # Out.

    def get_export_resource_classes(self, request):
        return self.resource_classes[:1]

    def get_export_resource_kwargs(self, request, **kwargs):
        """Who answers is named as far as a user may see it."""
        return {"user": request.user}

    def template(self, request):
        """Return the workbook to be filled in that was asked for: `what`, for a scope, `of`."""
        asked = request.GET.get("what", "")
        resource = next((each for each in self.importable(request) if each.__name__ == asked), None)
        if resource is None:
            raise Http404
        made, scope = resource(request.user), request.GET.get("of", "")
        if scope and scope not in dict(made.scopes()):
            raise Http404
        words = [str(_("template")), *names_of(resource).casefold().split(), scope]
        name = "-".join(filter(None, words))
        return workbook(template_of(made, scope), f"{name}.xlsx")

    # In.

    def import_action(self, request):
        """Show the form, or take what was handed in and lead to the page that tells what becomes of it."""
        resources = self.importable(request)
        if not resources:
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None, resources=resources)
        if request.method == "POST" and form.is_valid():
            mine = self.uploads(request).in_hand().first()
            if mine and not running.is_lost(mine):
                messages.warning(request, _("Your last file is still in hand."))
                return HttpResponseRedirect(self.address_of(mine))
            upload = self.take(request, form)
            return HttpResponseRedirect(self.address_of(upload))
        return self.answer(
            request, "form", form=form, columns=[columns_of(each, request.user) for each in resources]
        )

    def take(self, request, form):
        """Keep what was handed in, and have it looked at; older ones of anybody go."""
        Upload.objects.old().delete()
        given = form.cleaned_data
        resource = next(each for each in self.resource_classes if each.__name__ == given["what"])
        upload = Upload.objects.create(
            by=request.user,
            model=self.opts.label_lower,
            resource=resource.__name__,
            language=get_language(),
            name=os.path.basename(given["import_file"].name)[-200:],
            content=given["import_file"].read(),
            reason=given["change_reason"],
            no_telephone=given["no_telephone"],
        )
        running.start(upload)
        return upload

    def uploads(self, request):
        """Return what a user handed in here: nobody else sees it."""
        return Upload.objects.filter(by=request.user, model=self.opts.label_lower)

    def address_of(self, upload):
        return reverse("admin:{}_{}_upload".format(*self.get_model_info()), args=[upload.key])

    def upload_action(self, request, key):
        """Show how far an upload is, or what becomes of its rows; write it once that is confirmed."""
        upload = get_object_or_404(self.uploads(request), key=key)
        self.check_right(request, upload)
        if running.is_lost(upload):
            upload.end(Upload.Step.BROKEN)
        if request.method == "POST":
            return self.confirm(request, upload)
        outcomes = upload.outcomes
        rows = [each for each in outcomes if each["kind"] != SAME]
        # First what needs a look before the button is pressed.
        rows.sort(key=lambda each: (each["kind"] != REFUSED, not each["warnings"]))
        counts = {
            kind: sum(each["kind"] == kind for each in outcomes) for kind in (NEW, CHANGED, SAME, REFUSED)
        }
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("p"))
        resource = running.resource_class(upload)(request.user)
        rows = [in_words(each, resource) for each in page]
        context = {"counts": counts, "page": page, "rows": rows, "done": running.done(upload)}
        context["odd"] = sum(bool(each["warnings"]) for each in outcomes)
        if upload.step == Upload.Step.WRITTEN:
            written = {each["scope"] for each in outcomes if each["kind"] in (NEW, CHANGED)} - {""}
            context["ways_on"] = resource.ways_on(written)
        is_ready = (
            upload.step == Upload.Step.REHEARSED and not counts[REFUSED] and counts[NEW] + counts[CHANGED]
        )
        answer = self.answer(request, "upload", upload=upload, is_ready=is_ready, **context)
        if upload.is_in_hand:
            answer["Refresh"] = str(LOOK_AGAIN)
        return answer

    def check_right(self, request, upload):
        if not may(request.user, "import", running.resource_class(upload)._meta.model):
            raise PermissionDenied

    def confirm(self, request, upload):
        """Write what was looked at, or forget it."""
        if "drop" in request.POST:
            running.drop(upload)
            return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
        # Of two who press the button one writes.
        ready = Upload.objects.filter(pk=upload.pk, step=Upload.Step.REHEARSED)
        # How long it is in hand counts anew.
        if ready.update(step=Upload.Step.TO_WRITE, created_at=now(), process=None):
            upload.refresh_from_db()
            running.start(upload)
        return HttpResponseRedirect(self.address_of(upload))

    def observations(self, request, key):
        """Return the sheet as it was handed in, with what is wrong or odd beside each row."""
        upload = get_object_or_404(self.uploads(request), key=key)
        self.check_right(request, upload)
        if not upload.content:
            raise Http404
        stem, remarks = os.path.splitext(upload.name)[0], _("remarks")
        return workbook(with_observations(upload), f"{stem}-{remarks}.xlsx")

    def answer(self, request, template, **context):
        title = _("Import %(names)s") % {"names": self.opts.verbose_name_plural}
        request.current_app = self.admin_site.name
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/importing/{template}.html", context)


def workbook(content, name):
    """Return the answer that a browser keeps as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def columns_of(resource, user):
    """Return the words on the columns that a class of resources reads: its name, and (head, is key, help)."""
    made = resource(user)
    heads, key = made.heads(), made.key_columns()
    columns = [
        {
            "head": heads[field.column_name],
            "name": field.column_name,
            "is_key": field.column_name in key,
            "help": getattr(made.model_field(field), "help_text", ""),
        }
        for field in in_order(made)
        if not field.readonly
    ]
    name = resource.__name__
    return {"name": names_of(resource), "resource": name, "columns": columns, "scopes": made.scopes()}


def in_words(outcome, resource):
    """Return an outcome with its values as people read them: (head, before, after)."""
    heads, labels = resource.heads(), resource.labels()
    values = [
        (heads.get(name, name), *(labels.get(name, {}).get(each) or shown(each) for each in both))
        for name, *both in outcome["values"]
    ]
    return outcome | {"values": values}


def shown(value):
    """Return a value of a row in words; a date with the name of its month: nobody takes it for another."""
    day = parse_date(value) if isinstance(value, str) and len(value) == 10 and value[4:5] == "-" else None
    return longdate(day) if day else value
