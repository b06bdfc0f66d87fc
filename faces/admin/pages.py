"""The pages of a model: lists that find what is missing, and forms, whose answers go through the writer.

Who may do what is asked of `record.rights`.
"""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from record.cleaning import clean, plain_dashes
from record.dates import today
from record.guarding import OWN_WORDS
from record.kinds import kind_of
from record.publication import Public, needs_reason
from record.rights import is_focal_point, may, may_publish, own_to, visible_to
from record.search import fold
from record.text import Translated, other_column
from record.writing import REASON_NEEDED

from .acts import Acts
from .forms import RecordOptions, RowForm
from .history import History
from .proposals import PROPOSE, Proposing
from .sending import SAVED_ALREADY, SentOnce, is_key
from .versions import with_version

FOCAL_POINT_BOUNDS = _(
    "You report for your entities, on the milestones for which they answer. What was promised and judged "
    "stays as it is, and what you write stays a draft, until the Secretariat of Public Management (SGP) "
    "publishes it."
)


IS_ANNULLED = _(
    "This was annulled: no public list, count or level has it, and its page has a notice. What you change "
    "here stays behind that notice until it is restored."
)


class RecordAdmin(Acts, Proposing, SentOnce, RecordOptions, History, admin.ModelAdmin):
    """The pages of a model of the record."""

    form = RowForm
    list_per_page = 50

    # What makes up the public identifier: written once, never changed.
    fixed_fields = ()
    # What the portal writes by itself.
    computed_fields = ()

    @property
    def publication_column(self):
        """The column that publishes a row, which only acts write; '' where the model has none."""
        return getattr(self.model, "publication_column", "")

    def is_public(self, row):
        """Tell whether the public sees a row as it is stored: then it changes only with a reason (rule 3)."""
        if not isinstance(row, Public):
            return False
        if not hasattr(row, "_is_said"):
            row._is_said = needs_reason(row)
        return row._is_said

    # Rights.

    def has_module_permission(self, request):
        return may(request.user, "view", self.model)

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view", obj or self.model)

    def has_add_permission(self, request):
        return may(request.user, "add", self.model)

    def has_change_permission(self, request, obj=None):
        """Tell whether the form may be filled in: by whoever may only propose, to be kept as a proposal."""
        if may(request.user, "change", obj or self.model):
            return True
        is_proposed = request.method != "POST" or PROPOSE in request.POST
        return obj is not None and is_proposed and may(request.user, "propose", obj)

    def has_delete_permission(self, request, obj=None):
        """Nothing public is deleted: it is annulled, with the reason."""
        if obj is not None and self.is_public(obj):
            return False
        return may(request.user, "delete", obj or self.model)

    def has_history_permission(self, request, obj):
        return may(request.user, "history", obj)

    def lookup_allowed(self, lookup, value, request):
        """Let no address ask for what points to a row, or is linked to it: that may be a draft."""
        first = lookup.split("__")[0]
        fields = self.model._meta.get_fields()
        linked = {
            each.name
            for each in fields
            if each.one_to_many or each.many_to_many or (each.one_to_one and each.auto_created)
        }
        return first not in linked and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request):
        """Return the rows that the user may see: in lists, forms, histories, deletions and choices."""
        rows = self.model._default_manager
        rows = rows.everything() if issubclass(self.model, Public) else rows.all()
        if ordering := self.get_ordering(request):
            rows = rows.order_by(*ordering)
        others = self.list_select_related if isinstance(self.list_select_related, list) else ()
        # What names a row is read with it; one call, as the list itself makes none after it.
        if others := {*kind_of(self.model).named_with, *others}:
            rows = rows.select_related(*others)
        keep = own_to if is_choosing(request) else visible_to
        return with_version(keep(request.user, rows))

    def get_object(self, request, object_id, from_field=None):
        """Find the row of a page. Whoever may not see all rows is refused, not told that one is gone."""
        row = super().get_object(request, object_id, from_field)
        if row is None and (is_focal_point(request.user) or not may(request.user, "view", self.model)):
            raise PermissionDenied
        return row

    # The form.

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_public = obj is not None and self.is_public(obj)
        return form

    def is_editing(self, request, obj):
        """Tell whether the page changes a row that exists."""
        return obj is not None and self.has_change_permission(request, obj)

    def asks_for_reason(self, request, obj):
        """Tell whether a change of a row, or of one of its lines, needs a reason."""
        lines = (inline.is_of_public_row(obj) for inline in self.get_inline_instances(request, obj))
        return self.is_public(obj) or any(lines)

    def layout(self, request, obj=None):
        """Return the fieldsets of the page, with every field that it may show."""
        return self.fieldsets

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets, without what the portal writes itself, and with the reason where needed."""
        is_editing = self.is_editing(request, obj)
        left_out = () if obj else (*self.computed_fields, self.publication_column)
        swapped = {} if is_editing or obj is None else {"unofficial": "translations"}
        fieldsets = []
        for title, options in self.layout(request, obj):
            lines = [[line] if isinstance(line, str) else line for line in options["fields"]]
            lines = [[swapped.get(name, name) for name in line if name not in left_out] for line in lines]
            if any(lines):
                fieldsets.append((title, options | {"fields": [line for line in lines if line]}))
        if is_editing and self.asks_for_reason(request, obj):
            reason = {"fields": ["change_reason"], "classes": ["reason"], "description": REASON_NEEDED}
            fieldsets.insert(0, (None, reason))
        if is_editing or obj is None:
            title, options = fieldsets[0]
            fieldsets[0] = (title, options | {"fields": [*options["fields"], "no_telephone"]})
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        readonly = [*super().get_readonly_fields(request, obj), *self.computed_fields]
        if obj is not None:
            readonly += self.fixed_fields
        if self.publication_column:
            readonly.append(self.publication_column)
        if is_focal_point(request.user):
            edits = {*kind_of(self.model).focal_point_edits, "change_reason", "no_telephone"}
            readonly += [name for name in shown if name not in edits]
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
            if not all(is_key(str(value)) for value in values):
                del initial[name]
        return initial

    def notes(self, request, obj):
        """Return the sentences that stand above the form."""
        is_annulled = isinstance(obj, Public) and obj.is_annulled
        return [
            *([FOCAL_POINT_BOUNDS] if is_focal_point(request.user) else []),
            *([IS_ANNULLED] if is_annulled else []),
            *([OWN_WORDS] if self.waits_for_another(request, obj) else []),
        ]

    def waits_for_another(self, request, obj):
        """Tell whether a draft is one that this publisher wrote himself."""
        is_draft = obj is not None and bool(self.publication_column) and not self.is_public(obj)
        return is_draft and may_publish(request.user) and not may(request.user, "publish", obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["notes"] = [*self.notes(request, obj)]
        context["hides_history"] = obj is not None and not self.has_history_permission(request, obj)
        form = context["adminform"].form
        lines = [line for inline in context["inline_admin_formsets"] for line in inline.formset.forms]
        if any(each.numbers for each in (form, *lines)):
            form.ask_about_numbers()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def view_on_site(self, row):
        """Return the address of the public page of a row; None while it has none."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") and self.is_public(row) else None

    # Saving.

    def save_model(self, request, obj, form, change):
        """Save the row with the reason; a row in which nothing was changed is not written again."""
        request.sent.hold()
        form.tell_writer()
        if form.changes_row() or not change:
            super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        if any(line.numbers for line in formset.forms):
            form.tell_writer(formset.forms)
        super().save_formset(request, form, formset, change)

    def construct_change_message(self, request, form, formsets, add=False):
        """Return what was done to the row and its lines; nothing where only a reason was written."""
        lines = [
            line
            for formset in formsets or ()
            for line in (*formset.new_objects, *formset.changed_objects, *formset.deleted_objects)
        ]
        done = add or form.changes_row() or lines
        return super().construct_change_message(request, form, formsets, add) if done else []

    def log_change(self, request, obj, message):
        """Note the change among the user's last actions, if there is one."""
        request.changed_nothing = not message
        return super().log_change(request, obj, message) if message else None

    def message_user(self, request, message, *args, **kwargs):
        """Tell the user what was done; the admin itself would call a form that was only sent a change."""
        if getattr(request, "is_again", False):
            message = SAVED_ALREADY
        elif getattr(request, "changed_nothing", False):
            message = SAVED_ALREADY if request.sent.entry() else _("Nothing was changed.")
        super().message_user(request, message, *args, **kwargs)

    # Finding rows.

    def get_ordering(self, request):
        """Return the order of the list, and of choices: the admin's own, or that in which people read."""
        has_order = issubclass(self.model, Public)
        return self.ordering or (self.model.reading_order() if has_order else ())

    def get_list_filter(self, request):
        """Return the filters of the list; what its rows lack, and texts in two languages, bring theirs."""
        filters = [*super().get_list_filter(request), *([Missing] if kind_of(self.model).gaps else [])]
        if issubclass(self.model, Translated):
            filters.append(MissingText)
        return [*filters, Annulled] if issubclass(self.model, Public) else filters

    def get_search_results(self, request, queryset, search_term):
        """Find words as they are written and without accents, as `search_text` has them; any dash is one."""
        search_term = clean(search_term)
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        folded = fold(plain_dashes(search_term))
        if folded == search_term.lower():
            return rows, may_repeat
        others, _may_repeat = super().get_search_results(request, queryset, folded)
        return queryset.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=others.values("pk"))), False


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


def is_choosing(request):
    """Tell whether somebody looks for a row that a form shall name."""
    return request.resolver_match is not None and request.resolver_match.view_name == "admin:autocomplete"


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
        if self.value() is None:
            return queryset
        # What was annulled lacks nothing any more.
        return queryset.filter(queryset.model.standing(), self.condition(queryset.model, self.value()))


class Missing(admin.SimpleListFilter):
    """Finds the rows that lack something, as the table of kinds says it."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [(gap.slug, gap.title) for gap in kind_of(model_admin.model).gaps]

    def queryset(self, request, queryset):
        for gap in kind_of(queryset.model).gaps:
            if gap.slug == self.value():
                return gap.narrow(queryset.filter(queryset.model.standing()), today())
        return queryset


class Annulled(admin.SimpleListFilter):
    """Tells the rows that were annulled, which the list has too, from those that stand."""

    title = _("validity")
    parameter_name = "annulled"

    def lookups(self, request, model_admin):
        return [("no", _("Standing")), ("yes", _("Annulled"))]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.filter(annulled_at__isnull=True)
            case "yes":
                return queryset.filter(annulled_at__isnull=False)
        return queryset
