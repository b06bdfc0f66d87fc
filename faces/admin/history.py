"""The history of a row: what the log says of it and of its lines, and going back to what it was."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from record.applying import apply, change_back, columns_before, columns_now
from record.authors import written_by_members
from record.cleaning import clean
from record.kinds import Subject, kind_of
from record.models.log import Act, Change, Entry, Proposal
from record.personal import find_addresses
from record.publication import Public
from record.rights import entities_of, is_focal_point, may, visible_to
from record.writing import REASON_NEEDED, WriteRefused, is_reason, writing

from .changes import Reader, described
from .forms import NoTelephoneField, contact_details_error, kept_reason, new_numbers, telephone_error

PER_PAGE = 20
CHANGED_MEANWHILE = gettext_lazy(
    "This row was changed after you opened its history. Look at it again; nothing was written."
)


class GoBackForm(forms.Form):
    """Why a row goes back to what it was; `texts` has {column: (now, then)} of the texts that change."""

    change_reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 2, "class": "vLargeTextField line"}),
        help_text=gettext_lazy("The public reads it, without your name."),
    )
    source = forms.CharField(
        label=gettext_lazy("Where the right words stand"),
        required=False,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=gettext_lazy("The document and the place. Public dates go back only with it."),
    )
    no_telephone = NoTelephoneField(widget=forms.HiddenInput)
    # The last change of the row when the page was opened.
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, needs_reason=False, texts=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_reason, self.texts = needs_reason, texts or {}
        self.numbers = [number for now, then in self.texts.values() for number in new_numbers(then, now)]
        if self.numbers:
            self.fields["no_telephone"].widget = admin.widgets.AdminTextInputWidget()

    def clean(self):
        cleaned = {
            name: clean(value) if isinstance(value, str) else value for name, value in super().clean().items()
        }
        if self.needs_reason and not is_reason(cleaned.get("change_reason", "")):
            self.add_error("change_reason", REASON_NEEDED)
        if addresses := [found for _now, then in self.texts.values() for found in find_addresses(then)]:
            self.add_error(None, contact_details_error(addresses))
        if self.numbers and not cleaned.get("no_telephone"):
            self.add_error("no_telephone", telephone_error(self.numbers))
        return cleaned

    def reason(self):
        return kept_reason(
            self.cleaned_data["change_reason"], self.numbers and self.cleaned_data["no_telephone"]
        )


@dataclass
class Earlier:
    """What a row, or a line of it, was before a change; and what of that a user may put back."""

    row: object
    change: Change
    version: int  # the last change of the row
    columns: list  # (Column with what it was and what it is, whether it goes back)
    back: dict  # the change that puts it back

    @property
    def is_changed(self):
        return any(column.before != column.after for column, _goes_back in self.columns)


class History:
    """The pages of the history of a row; a mixin for the pages of a model of the record."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_earlier"
        view = self.admin_site.admin_view(self.earlier_view)
        return [path("<path:object_id>/history/<int:change_id>/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """Show what the log says of a row and its lines, the newest first.

        A model that is no part of the record has Django's own list of what was done in the admin.
        """
        if not issubclass(self.model, Public):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_history_permission(request, row):
            raise PermissionDenied
        changes = Change.objects.filter(self.of_history(request, row))
        entries = Entry.objects.filter(pk__in=changes.values("entry")).select_related("by").order_by("-pk")
        paginator = Paginator(entries, PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
        context = self.history_context(request, row) | {
            "title": _("Change history: %s") % row,
            "entries": self.told(request, row, changes, page.object_list),
            "page_obj": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "pagination_required": paginator.num_pages > 1,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/row_history.html", context)

    def history_context(self, request, row):
        request.current_app = self.admin_site.name
        return self.admin_site.each_context(request) | {
            "subtitle": None,
            "object": row,
            "opts": self.opts,
        }

    def of_history(self, request, row):
        """Return the condition that a change belongs to the history of a row: its own, and of its lines.

        Lines that are gone, or were moved to another row, say in the log that they were of this one.
        """
        label = row._meta.label_lower
        condition = Q(model=label, object_id=row.pk)
        if not Change.objects.of(row).filter(action=Change.Action.CREATED).exists():
            # It was there when the record was loaded for the first time.
            condition |= Q(action=Change.Action.LOADED)
        for model, owner in self.lines_of(request, row):
            lines = visible_to(request.user, model._base_manager.filter(**{owner: row}))
            of_kind = Change.objects.filter(model=model._meta.label_lower)
            was_of_row = Q(**{f"columns__{owner}__0": row.pk})
            gone = of_kind.filter(was_of_row, action=Change.Action.DELETED).order_by()
            pks = [*lines.values_list("pk", flat=True), *gone.values_list("object_id", flat=True)]
            condition |= Q(model=model._meta.label_lower) & (Q(object_id__in=pks) | was_of_row)
        return condition & self.readable(request, row)

    def readable(self, request, row):
        """Return the condition that the user may read a change: a focal point, of others, what is public."""
        if not is_focal_point(request.user):
            return Q()
        condition = Q(public_at__isnull=False)
        for model, column in [(self.model, "pk"), *self.lines_of(request, row)]:
            if kind_of(model).subject is Subject.REPORTED:
                is_own = written_by_members(model, entities_of(request.user))
                own = model._base_manager.filter(is_own, **{column: row.pk})
                condition |= Q(model=model._meta.label_lower, object_id__in=own.values("pk"))
        return condition

    def lines_of(self, request, row):
        """Yield (model, column that names the row) of the lines that the user sees in the row's form."""
        for inline in self.get_inline_instances(request, row):
            yield inline.model, _get_foreign_key(self.model, inline.model, inline.fk_name).name

    def told(self, request, row, changes, entries):
        """Return (entry, its changes in words, the proposal that it accepted or None) for each entry."""
        entries = list(entries)
        of_page = changes.filter(entry__in=entries).order_by("pk")
        told = {entry.pk: [] for entry in entries}
        for each in described(of_page, request.user):
            each_is_own = (each.change.model, each.change.object_id) == (row._meta.label_lower, row.pk)
            told[each.change.entry_id].append(
                {"described": each, "is_own": each_is_own, "earlier": self.address_of_earlier(row, each)}
            )
        proposals = Proposal.objects.filter(entry__in=entries).select_related("by")
        proposals = {each.entry_id: each for each in proposals}
        # An entry of which the user may read nothing is not told of either.
        return [(entry, told[entry.pk], proposals.get(entry.pk)) for entry in entries if told[entry.pk]]

    def address_of_earlier(self, row, each):
        """Return the address of what a row was before a change; None where it was not, or is gone."""
        if not each.columns or each.change.action == Change.Action.DELETED:
            return None
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_earlier"
        return reverse(name, args=[quote(row.pk), each.change.pk])

    # Going back.

    def earlier_view(self, request, object_id, change_id):
        """Show what a row, or a line of it, was before a change; put it back where the user may."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not issubclass(self.model, Public):
            raise Http404
        if not self.has_history_permission(request, row):
            raise PermissionDenied
        earlier = self.earlier(request, row, change_id)
        may_go_back = bool(earlier.back["columns"])
        if request.method == "POST" and not may_go_back:
            raise PermissionDenied
        form = self.go_back_form(request, row, earlier)
        if request.method == "POST" and form.is_valid() and self.goes_back(request, row, earlier, form):
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_history"
            return HttpResponseRedirect(reverse(name, args=[quote(row.pk)]))
        context = self.history_context(request, row) | {
            "title": _("As it was before: %(name)s") % {"name": earlier.row},
            "earlier": earlier,
            "entry": earlier.change.entry,
            "form": form if may_go_back else None,
            "is_line": earlier.row != row,
        }
        return TemplateResponse(request, "admin/earlier.html", context)

    def earlier(self, request, row, change_id):
        """Return the Earlier of a change in the history of a row; raise Http404 where it is in none."""
        found = Change.objects.filter(self.of_history(request, row)).select_related("entry")
        change = found.filter(pk=change_id).exclude(model="").first()
        if change is None:
            raise Http404
        models = {model._meta.label_lower: model for model, _owner in self.lines_of(request, row)}
        models[row._meta.label_lower] = self.model
        target = models[change.model]._base_manager.filter(pk=change.object_id).first()
        if target is None or change.action == Change.Action.CREATED:
            raise Http404
        version = last_change_of(target)
        now, then = columns_now(target), columns_before(target, change)
        values = {name: [then[name], now[name]] for name in now}
        told = Reader(request.user, [(type(target), values)]).columns(type(target), values)
        allowed = self.columns_that_go_back(request, row, target) & {column.name for column in told}
        back = change_back(target, change)
        back["columns"] = {name: values for name, values in back["columns"].items() if name in allowed}
        columns = [(column, column.name in back["columns"]) for column in told if not column.is_empty]
        return Earlier(target, change, version, columns, back)

    def columns_that_go_back(self, request, row, target):
        """Return the names of the columns that the user may edit of a row, or of a line of it."""
        if not may(request.user, "change", target):
            return set()
        if target == row:
            return set(self.get_form(request, row, change=True).base_fields)
        for inline in self.get_inline_instances(request, row):
            if inline.model is type(target):
                if not inline.has_change_permission(request, row):
                    return set()
                form = inline.get_formset(request, row).form
                return set(form.base_fields) - set(form.fixed_fields)
        return set()

    def go_back_form(self, request, row, earlier):
        texts = {
            name: (now or "", then)
            for name, (now, then) in earlier.back["columns"].items()
            if isinstance(then, str)
        }
        return GoBackForm(
            request.POST if request.method == "POST" else None,
            initial={"version": earlier.version},
            needs_reason=self.asks_for_reason(request, row),
            texts=texts,
        )

    def goes_back(self, request, row, earlier, form):
        """Put a row back; return whether it was. Where the writer refuses, the form has its words."""
        model, pk = type(earlier.row), earlier.row.pk
        reason, source = form.reason(), form.cleaned_data["source"]
        try:
            with writing(request.user, reason, source=source, act=Act.REVERT.value) as this:
                if this.hold({model: [pk]})[model, pk] != form.cleaned_data["version"]:
                    raise WriteRefused(CHANGED_MEANWHILE, code="changed_meanwhile")
                apply([earlier.back])
                self.log_change(request, row, _("Went back to what “%(name)s” was.") % {"name": earlier.row})
        except WriteRefused as refused:
            form.add_error(None, refused)
            # The page shows the row as it is now: whoever sends it again decides about that.
            form.data = form.data.copy()
            form.data["version"] = earlier.version
            return False
        messages.success(request, _("“%(name)s” is again what it was.") % {"name": earlier.row})
        return True


def last_change_of(row):
    """Return the number of the last change of a row: its version, without what is published with it."""
    model = type(row)
    return Change.objects.seen({model: [row.pk]})[model, row.pk]
