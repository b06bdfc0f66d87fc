"""What the admin pages of all apps share.

Reasons for changes of what is public, translations as tick boxes, texts without contact details, search
without accents, history that cannot be rewritten, import and export, and the bounds of a focal point.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import CharField, Q, URLField
from django.forms.models import InlineForeignKeyField
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from simple_history.admin import SimpleHistoryAdmin

from .files import FORMATS
from .personal import find_contact_details
from .rights import is_focal_point, may_publish
from .search import fold
from .text import LANGUAGES, Translated, other_column

REASON_NEEDED = _("The public reads this. Say why you change it.")
REASON_LENGTH = 100  # of simple-history's column
LONG_LINE = 300  # a text column of this length gets more room than one line
FOCAL_POINT_BOUNDS = _(
    "You edit for your entities: the commitments that they lead or co-lead, the milestones of these, and "
    "what is reported on them. Planned dates, levels and reports stay as they are, and your updates stay "
    "drafts, until the Secretariat of Public Management (SGP) publishes them."
)


def in_both(*names):
    """Return the columns of texts in Spanish and English."""
    return [f"{name}_{lang}" for name in names for lang in LANGUAGES]


def language_fieldsets(*names):
    """Return the two fieldsets of texts in Spanish and in English, that stand side by side."""
    return [
        (_("Spanish"), {"fields": [f"{name}_es" for name in names], "classes": ["language"]}),
        (_("English"), {"fields": [f"{name}_en" for name in names], "classes": ["language"]}),
    ]


def in_reader_language(name, description):
    """Return the column of a list that shows a text in the language of whoever reads the list."""

    @admin.display(description=description, ordering=f"{name}_es")
    def text(row):
        return getattr(row, name)

    text.__name__ = name
    return text


SOURCE_FIELDSET = (_("Source"), {"fields": [("document", "place")]})
TRANSLATIONS_FIELDSET = (_("Translations"), {"fields": ["unofficial"]})


class TranslationsField(forms.MultipleChoiceField):
    """Ticks which texts of a row are translations of ours (`Translated.unofficial`)."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value):
        """Return the ticked columns of the dict that the model keeps."""
        return list(value or ())


class FixedWidget(forms.Widget):
    """Shows a value that this form does not change."""

    def __init__(self, text):
        super().__init__()
        self.text = text

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="fixed">{}</span>', self.text)


class RecordForm(forms.ModelForm):
    """A form for a row of the record: also where it is a line in the form of another row."""

    # Set for each request: whether the row, or the one that it is a line of, is public.
    is_public = False
    # The fields that a row keeps once it exists.
    fixed_fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed_fields:
                self.fix(name)
        if "unofficial" in self.fields:
            columns = self._meta.model.bilingual_columns()
            self.fields["unofficial"].choices = [
                (column, self.translation_label(column)) for column in columns
            ]

    def translation_label(self, column):
        """Return the name of a text for people, and whether our translation of it went stale."""
        name = capfirst(self._meta.model._meta.get_field(column).verbose_name)
        if self.instance.is_stale(column):
            return _("%(text)s – the original was changed after it was translated") % {"text": name}
        return name

    def fix(self, name):
        """Show a field as a text that cannot be changed."""
        self.fields[name].disabled = True
        value = getattr(self.instance, name)
        self.fields[name].widget = FixedWidget("–" if value is None else localize(value))

    def clean(self):
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                if isinstance(self.fields[name].widget, forms.Textarea) and self.fields[name].max_length:
                    # Shown in several lines for its length, but one line.
                    cleaned[name] = " ".join(value.splitlines())
                if found := find_contact_details(value):
                    self.add_error(name, contact_details_error(found))
        if "unofficial" in cleaned:
            cleaned["unofficial"] = self.clean_translations(cleaned)
        return cleaned

    def clean_translations(self, cleaned):
        """Return the dict that the model keeps, with the fingerprints of translations known before."""
        columns = cleaned["unofficial"]
        for column in columns:
            name = self.translation_label(column)
            if not cleaned.get(column, getattr(self.instance, column)):
                self.add_error("unofficial", _("There is no text in “%(name)s”.") % {"name": name})
            elif column.endswith("_es") and other_column(column) in columns:
                self.add_error(
                    "unofficial", _("“%(name)s” and its twin cannot both be translations.") % {"name": name}
                )
        return {column: self.instance.unofficial.get(column, "") for column in columns}

    def validate_unique(self):
        """Check also the constraints on columns that this form does not show: the database does too."""
        super().validate_unique()
        if self._errors:
            return
        parents = [name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)]
        # The row that a line belongs to may not be stored yet.
        unknown = [name for name in parents if self.fields[name].parent_instance.pk is None]
        try:
            self.instance.validate_constraints(exclude=unknown)
        except ValidationError as error:
            self._update_errors(error)


def contact_details_error(found):
    """Return the error for a text with contact details in it."""
    return ValidationError(
        _("No e-mail address and no telephone number may stand in the record (%(found)s)."),
        code="contact_details",
        params={"found": ", ".join(found)},
    )


class RowForm(RecordForm):
    """The form of one row, on its own page."""

    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=REASON_LENGTH,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_("Kept in the history, with your name."),
    )

    def clean(self):
        cleaned = super().clean()
        if self.is_public and self.has_changed():
            self.check_reason()
        return cleaned

    def check_reason(self):
        """Ask for the reason of the change of a public row, where it was not given."""
        if not self.reason() and "change_reason" not in self._errors:
            self.add_error("change_reason", REASON_NEEDED)

    def reason(self):
        """Return the reason given for the change; '' if there is none."""
        return self.cleaned_data.get("change_reason", "")


class ReasonFormSet(forms.BaseInlineFormSet):
    """The lines of a row: to change or delete one of a public row needs the reason, given in its form."""

    def clean(self):
        super().clean()
        changed = any(form.has_changed() for form in self.initial_forms)
        if self.form.is_public and changed and not self.data.get("change_reason", "").strip():
            raise ValidationError(_("The public reads these lines. Write the reason for the change above."))


class RecordOptions:
    """What the page of a row and the lines in another row's form have in common."""

    # What a focal point may do here, with his own rows: view, add, change, delete.
    focal_point_may = ()

    def allowed(self, request, action, by_permission):
        """Tell whether the user may do something: a focal point by our rules, others by permission."""
        return action in self.focal_point_may if is_focal_point(request.user) else by_permission

    def get_autocomplete_fields(self, request):
        """Search in every foreign key: no list of choices is short for ever."""
        fields = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [field.name for field in fields if field.is_relation]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "unofficial":
            return TranslationsField(
                label=capfirst(db_field.verbose_name), required=False, help_text=db_field.help_text
            )
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, CharField) and not db_field.choices and db_field.max_length >= LONG_LINE:
            kwargs["widget"] = admin.widgets.AdminTextareaWidget(
                attrs={"rows": 2, "class": "vLargeTextField line"}
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecordInline(RecordOptions):
    """Lines in the form of another row; use with TabularInline or StackedInline."""

    form = RecordForm
    formset = ReasonFormSet
    extra = 0
    view_on_site = False
    # What makes up a line's public identifier: written once, never changed.
    fixed_fields = ()
    # What a line of a public row keeps, too.
    fixed_when_public = ()
    # Whether a line of a public row may be taken away, with a reason.
    deletable_when_public = True

    def is_of_public_row(self, obj):
        return obj is not None and self.admin_site.get_model_admin(self.parent_model).is_public(obj)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.is_public = self.is_of_public_row(obj)
        formset.form.fixed_fields = (
            *self.fixed_fields,
            *(self.fixed_when_public if formset.form.is_public else ()),
        )
        return formset

    def has_view_permission(self, request, obj=None):
        return self.allowed(request, "view", super().has_view_permission(request, obj))

    def has_add_permission(self, request, obj=None):
        return self.allowed(request, "add", super().has_add_permission(request, obj))

    def has_change_permission(self, request, obj=None):
        return self.allowed(request, "change", super().has_change_permission(request, obj))

    def has_delete_permission(self, request, obj=None):
        if not self.deletable_when_public and self.is_of_public_row(obj):
            return False
        return self.allowed(request, "delete", super().has_delete_permission(request, obj))


class RecordAdmin(RecordOptions, SimpleHistoryAdmin):
    """The pages of a model of the record."""

    form = RowForm
    list_per_page = 50
    object_history_list_template = "admin/object_history_list.html"

    # What makes up the public identifier: written once, never changed.
    fixed_fields = ()
    # What the portal writes by itself.
    computed_fields = ()
    # The field that publishes the row.
    publication_field = None
    # What a focal point may change in his rows.
    focal_point_edits = ()

    def is_public(self, row):
        """Tell whether the public sees a row as it is stored: then it changes only with a reason (rule 3)."""
        published = getattr(self.model._default_manager, "published", None)
        return published is not None and published().filter(pk=row.pk).exists()

    # Rights.

    def has_module_permission(self, request):
        return self.allowed(request, "view", super().has_module_permission(request))

    def has_view_permission(self, request, obj=None):
        return self.allowed(request, "view", super().has_view_permission(request, obj))

    def has_add_permission(self, request):
        return self.allowed(request, "add", super().has_add_permission(request))

    def has_change_permission(self, request, obj=None):
        return self.allowed(request, "change", super().has_change_permission(request, obj))

    def has_delete_permission(self, request, obj=None):
        """Nothing public is deleted: whoever must, takes it back to a draft first, with the reason."""
        if obj is not None and self.is_public(obj):
            return False
        return self.allowed(request, "delete", super().has_delete_permission(request, obj))

    # The form.

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_public = obj is not None and self.is_public(obj)
        return form

    def is_editing(self, request, obj):
        """Tell whether the page changes a row that exists."""
        return (
            obj is not None
            and not getattr(request, "reads_history", False)
            and self.has_change_permission(request, obj)
        )

    def layout(self, request, obj=None):
        """Return the fieldsets of the page, with every field that it may show."""
        return self.fieldsets

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets, without what the portal writes itself, and with the reason where needed."""
        is_editing = self.is_editing(request, obj)
        left_out = self.computed_fields if obj is None else ()
        swapped = {} if is_editing or obj is None else {"unofficial": "translations"}
        fieldsets = []
        for title, options in self.layout(request, obj):
            lines = [[line] if isinstance(line, str) else line for line in options["fields"]]
            lines = [[swapped.get(name, name) for name in line if name not in left_out] for line in lines]
            if any(lines):
                fieldsets.append((title, options | {"fields": [line for line in lines if line]}))
        if is_editing and self.is_public(obj):
            reason = {"fields": ["change_reason"], "classes": ["reason"], "description": REASON_NEEDED}
            fieldsets.insert(0, (None, reason))
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        if getattr(request, "reads_history", False):
            return shown
        readonly = [*super().get_readonly_fields(request, obj), *self.computed_fields]
        if obj is not None:
            readonly += self.fixed_fields
        if self.publication_field and not may_publish(request.user):
            readonly.append(self.publication_field)
        if is_focal_point(request.user):
            readonly += [name for name in shown if name not in {*self.focal_point_edits, "change_reason"}]
        return list(dict.fromkeys(readonly))

    @admin.display(description=_("unofficial translations"))
    def translations(self, row):
        names = [str(row._meta.get_field(column).verbose_name) for column in row.unofficial]
        return capfirst(", ".join(names)) or "–"

    def get_changeform_initial_data(self, request):
        """Return what the address fills in; what cannot be a row is ignored."""
        initial = super().get_changeform_initial_data(request)
        for name in self.get_autocomplete_fields(request):
            values = initial.get(name, [])
            values = values if isinstance(values, list) else [values]
            if not all(str(value).isdecimal() for value in values):
                del initial[name]
        return initial

    def notes(self, request, obj):
        """Return the sentences that stand above the form."""
        return [FOCAL_POINT_BOUNDS] if is_focal_point(request.user) else []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["notes"] = self.notes(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def view_on_site(self, row):
        """Return the address of the public page of a row; None while it has none."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") and self.is_public(row) else None

    # Saving.

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.reason() or None
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        for line in formset.forms:
            line.instance._change_reason = form.reason() or None
        super().save_formset(request, form, formset, change)

    # Finding rows.

    def get_list_filter(self, request):
        """Return the filters of the list; texts in two languages bring theirs."""
        filters = [*super().get_list_filter(request)]
        return [*filters, MissingText] if issubclass(self.model, Translated) else filters

    def get_search_results(self, request, queryset, search_term):
        """Find words as they are written and without their accents, as `search_text` has them."""
        search_term = search_term.replace("\x00", "")
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        folded = fold(search_term)
        if folded == search_term.lower():
            return rows, may_repeat
        others, _may_repeat = super().get_search_results(request, queryset, folded)
        return queryset.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=others.values("pk"))), False

    # History: read, never rewritten.

    def revert_disabled(self, request, obj=None):
        return True

    def history_view(self, request, object_id, extra_context=None):
        self.require_numbers(unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show an old version. The package would also save it, without our rules and for whoever may view."""
        self.require_numbers(object_id, version_id)
        if request.method == "POST":
            raise PermissionDenied
        request.reads_history = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    @staticmethod
    def require_numbers(*ids):
        if not all(number.isdecimal() for number in ids):
            raise Http404


def lacks_language(model, lang):
    """Return the condition that a row has one of its texts in the other language alone."""
    condition = Q(pk__in=[])
    for column in model.bilingual_columns():
        if column.endswith(f"_{lang}"):
            condition |= Q(**{column: ""}) & ~Q(**{other_column(column): ""})
    return condition


def is_stale(model):
    """Return the condition that the original of one of a row's translations changed after it was made."""
    translated = model._base_manager.exclude(unofficial={}).only("unofficial", *model.bilingual_columns())
    return Q(pk__in=[row.pk for row in translated if any(map(row.is_stale, row.unofficial))])


class MissingText(admin.SimpleListFilter):
    """Finds the rows that still lack a text in one language, or have a translation of ours."""

    CHOICES = {
        "es": _("Some text is missing in Spanish"),
        "en": _("Some text is missing in English"),
        "unofficial": _("With a translation of ours"),
        "stale": _("With a translation whose original changed"),
    }

    title = _("languages")
    parameter_name = "text"

    @staticmethod
    def condition(model, choice):
        """Return the condition that a row of a model is one of a choice."""
        match choice:
            case "es" | "en":
                return lacks_language(model, choice)
            case "unofficial":
                return ~Q(unofficial={})
            case "stale":
                return is_stale(model)
        return Q()

    def lookups(self, request, model_admin):
        return self.CHOICES.items()

    def queryset(self, request, queryset):
        return queryset.filter(self.condition(queryset.model, self.value()))


class RecordImportForm(ImportForm):
    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=REASON_LENGTH,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_("Needed where the file changes rows that are public. Kept in the history of every row."),
    )

    def clean_change_reason(self):
        reason = self.cleaned_data["change_reason"]
        if found := find_contact_details(reason):
            raise contact_details_error(found)
        return reason


class RecordConfirmForm(ConfirmImportForm):
    """Repeats what the first step was given. The file's name is signed: the server reads and removes it."""

    change_reason = forms.CharField(required=False, max_length=REASON_LENGTH, widget=forms.HiddenInput)
    format = forms.TypedChoiceField(
        coerce=int, choices=[(number, number) for number in range(len(FORMATS))], widget=forms.HiddenInput
    )
    salt = "ogp_portal.import"

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
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        """Tell the resource who imports, and why."""
        cleaned = getattr(form, "cleaned_data", {})
        return {"user": request.user, "reason": cleaned.get("change_reason", "")}

    def get_export_resource_kwargs(self, request, **kwargs):
        return {}

    def get_import_data_kwargs(self, **kwargs):
        return {"rollback_on_validation_errors": True}

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            name = signing.dumps(initial["import_file_name"], salt=RecordConfirmForm.salt)
            initial |= {"import_file_name": name, "change_reason": import_form.cleaned_data["change_reason"]}
        return initial

    def process_import(self, request, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self.ask_again(request, _("This file was imported already. Upload it again to repeat it."))

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
