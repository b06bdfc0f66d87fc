"""Pages of acts: publish, annul, restore, take personal data out; each app adds its own.

A page shows the words of a row as the public reads them, or will; whoever confirms acts on the version that
he read, and posts nothing of the row. Buttons of the row's own page lead there.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, DateField, JSONField
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from record import actions
from record.personal import find_numbers
from record.publication import Public, Status, needs_reason
from record.rights import may
from record.striking import rows_with, texts_to_strike
from record.text import language_of_column
from record.writing import REASON_NEEDED, columns_of, is_reason

from .forms import CleanField

# What a page shows.


@dataclass(frozen=True)
class Words:
    """What a column of a row says, with its name for people and its language, '' where it has none."""

    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page of an act: the words of one row under a heading."""

    heading: str
    words: list


# What stands last: where the words come from.
OF_SOURCE = ("unofficial", "document", "place")


def columns_in_words(row):
    """Return the Words of the columns in which a row says something, in the order of the model."""
    left_out = {"annulled_at", row.publication_column}
    columns = [column for column in columns_of(type(row)) if column.name not in left_out]
    # Some kinds are asked for in other words than those of their columns: whoever answered looks for these.
    asked = getattr(row, "ASKED", {})
    return [
        Words(capfirst(asked.get(column.name, column.verbose_name)), text, language_of_column(column.name))
        for column in source_last(columns)
        if (text := _said_in(row, column))
    ]


def source_last(columns):
    """Return columns in the order of the model, but for those of the source, which stand last."""
    return sorted(columns, key=lambda column: column.name in OF_SOURCE)


def _said_in(row, column):
    """Return what a column of a row says to people, '' where it says nothing."""
    value = getattr(row, column.name)
    if value is None or value == "":
        return ""
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(column, BooleanField):
        return str(_("Yes") if value else _("No"))
    if isinstance(column, DateField):
        return date_format(value)
    if column.name == "unofficial":
        return ", ".join(str(row._meta.get_field(name).verbose_name) for name in value)
    if isinstance(column, JSONField):
        return ", ".join(map(str, value))
    return str(localize(value))


def parts_of(row):
    """Return [(name of a kind, how many rows)] of what becomes public with a row, as it is part of that."""
    found = []
    for relation in row._meta.related_objects:
        model = relation.related_model
        if issubclass(model, Public) and model.part_of == relation.field.name:
            rows = model.objects.filter(**{model.part_of: row.pk})
            if count := rows.count():
                found.append((model._meta.verbose_name_plural, count))
    return found


# What a page asks.


class ActForm(forms.Form):
    """Asks for nothing; keeps the version of the row that was read."""

    bound_field_class = CleanField

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(ActForm):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("The public reads it, without your name."),
    )

    def clean_reason(self):
        """Ask for a reason that says something, without telephone numbers; the writer looks for addresses."""
        reason = self.cleaned_data["reason"]
        if not is_reason(reason):
            raise ValidationError(REASON_NEEDED)
        if numbers := find_numbers(reason):
            raise ValidationError(
                _("No telephone number may stand in a reason (%(found)s)."),
                code="telephone",
                params={"found": ", ".join(numbers)},
            )
        return reason


class StrikeForm(ReasonForm):
    column = forms.ChoiceField(label=_("Where it stands"))
    text = forms.CharField(
        label=_("What is taken out"),
        help_text=_("Exactly the words that go, as they stand there: a name, a number, an address."),
    )
    field_order = ["column", "text", "reason"]


# The acts.


class RowAct(ABC):
    """An act on one row that the admin has a page for."""

    # In the address, on the button, and above the words of the row.
    name = ""
    label = ""
    explanation = ""
    # Said when it is done.
    done = ""
    # What `may()` is asked, and the form.
    right = "publish"
    form_class = ActForm
    # Whether there is no way back: the button says so by its look.
    is_grave = False

    def may(self, user, row):
        return may(user, self.right, row)

    def is_for(self, row):
        """Tell whether the row, as it is, can be acted on so."""
        return True

    def address(self, row):
        """Return the address of the act's own page, where it has another than those here; or ''."""
        return ""

    def form(self, row, data=None, user=None, **kwargs):
        """Return the form of the page of a row, which a user sends with some data, or opens."""
        return self.form_class(data, **kwargs)

    def explain(self, row):
        """Return the sentences that say what will happen."""
        return [self.explanation]

    def parts(self, row):
        """Return what the page shows of the row, and of what goes with it."""
        return [Part("", columns_in_words(row))]

    @abstractmethod
    def act(self, user, row, answers):
        """Do it, on the version that was read; return the row whose page opens then."""

    def told(self, row, answers):
        """Return the sentences that say what was done."""
        return [self.done % {"name": str(row)}]

    def address_after(self, row):
        """Return the address that opens once it was done, where that is not the row's; or ''."""
        return ""


class LinkedAct(RowAct):
    """An act that has a page elsewhere: here is its button."""

    def act(self, user, row, answers):
        raise Http404

    @abstractmethod
    def address(self, row):
        """Return the address of the page."""


class Publish(RowAct):
    name = "publish"
    label = _("Publish")
    explanation = _(
        "The public will read these words, as they stand here. Published words are not overwritten."
    )
    done = _("“%(name)s” was published.")

    def is_for(self, row):
        column = row.publication_column
        return bool(column) and getattr(row, column) == Status.DRAFT and not row.is_annulled

    def explain(self, row):
        sentences = super().explain(row)
        if with_it := parts_of(row):
            counted = ", ".join(f"{name}: {count}" for name, count in with_it)
            sentences.append(_("With it become public: %(counted)s.") % {"counted": counted})
        return sentences

    def parts(self, row):
        return [
            *super().parts(row),
            *(
                Part(capfirst(f"{each._meta.verbose_name} {each}"), columns_in_words(each))
                for each in row.published_along()
            ),
        ]

    def act(self, user, row, answers):
        return actions.publish(user, row, seen=answers["seen"])

    def told(self, row, answers):
        if row.is_public:
            return super().told(row, answers)
        return [
            *super().told(row, answers),
            _("The public sees it once what it belongs to is published."),
        ]


class Annul(RowAct):
    name = right = "annul"
    label = _("Annul")
    explanation = _(
        "Its address and its words stay, behind a notice that says when and why; lists, counts and levels "
        "leave it out, with whatever is part of it."
    )
    done = _("“%(name)s” was annulled.")
    form_class = ReasonForm
    is_grave = True

    def is_for(self, row):
        return not row.is_annulled and needs_reason(row)

    def act(self, user, row, answers):
        return actions.annul(user, row, answers["reason"], seen=answers["seen"])


class Restore(RowAct):
    name = right = "restore"
    label = _("Restore")
    explanation = _("It stands again in lists, counts and levels, as it was before it was annulled.")
    done = _("“%(name)s” was restored.")
    form_class = ReasonForm

    def is_for(self, row):
        return row.is_annulled

    def act(self, user, row, answers):
        return actions.restore(user, row, answers["reason"], seen=answers["seen"])


class Strike(RowAct):
    name = right = "strike"
    label = _("Take personal data out")
    explanation = _(
        "[dato omitido] will stand instead, here and in all that the log of changes says of it. There is no "
        "way back."
    )
    done = _("The personal data were taken out of “%(name)s”.")
    form_class = StrikeForm
    is_grave = True

    def is_for(self, row):
        return any(getattr(row, column.name) for column in texts_to_strike(type(row)))

    def form(self, row, data=None, user=None, **kwargs):
        form = super().form(row, data, user, **kwargs)
        columns = [column for column in texts_to_strike(type(row)) if getattr(row, column.name)]
        form.fields["column"].choices = [
            (column.name, capfirst(column.verbose_name)) for column in source_last(columns)
        ]
        return form

    def act(self, user, row, answers):
        return actions.strike(
            user, row, answers["reason"], answers["column"], answers["text"], seen=answers["seen"]
        )

    def told(self, row, answers):
        sentences = super().told(row, answers)
        if others := rows_with(answers["text"]):
            still = _("It still stands in other rows: %(rows)s.")
            sentences.append(still % {"rows": "; ".join(others)})
        return sentences


# The pages.


class Acts:
    """Gives the pages of a model's rows a page for each act, and the buttons that lead there."""

    acts = (Publish(), Annul(), Restore(), Strike())

    def get_urls(self):
        view = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:name>/", view, name=name), *super().get_urls()]

    def acts_on(self, request, row):
        """Return the acts that a user may do on a row as it is."""
        if not isinstance(row, Public):
            return []
        return [act for act in self.acts if act.may(request.user, row) and act.is_for(row)]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["acts"] = [(act, self.address_of_act(obj, act)) for act in self.acts_on(request, obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def address_of_act(self, row, act):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_act"
        return act.address(row) or reverse(name, args=[row.pk, act.name])

    def address_of_row(self, row):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def act_view(self, request, object_id, name):
        """Show what an act will do to a row; do it, or say why not."""
        row, seen = self._read(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        act = next((act for act in self.acts if act.name == name and isinstance(row, Public)), None)
        if act is None:
            raise Http404
        if not (self.has_view_permission(request, row) and act.may(request.user, row)):
            raise PermissionDenied
        if elsewhere := act.address(row):
            return HttpResponseRedirect(elsewhere)
        is_sent = request.method == "POST"
        form = act.form(row, request.POST if is_sent else None, request.user, initial={"seen": seen})
        if is_sent and form.is_valid():
            try:
                return self._act(request, act, row, form)
            except ValidationError as refused:
                row, seen = self._read(request, object_id)
                form = row and self._asked_again(request, act, row, seen, refused)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not act.is_for(row):
            return self._turned_away(request, form, row)
        return self._act_page(request, act, row, form)

    def _read(self, request, object_id):
        """Return a row and its version, which is read first: no older words stand with a newer version."""
        row = self.get_object(request, unquote(object_id))
        if not isinstance(row, Public):
            return row, ""
        seen = actions.version_of(row)
        return self.get_object(request, unquote(object_id)), seen

    def _act(self, request, act, row, form):
        acted_on = act.act(request.user, row, form.cleaned_data)
        told = act.told(acted_on, form.cleaned_data)
        self.log_change(request, acted_on, str(act.label))
        for sentence in told:
            messages.success(request, sentence)
        return HttpResponseRedirect(act.address_after(acted_on) or self.address_of_row(acted_on))

    def _asked_again(self, request, act, row, seen, refused):
        """Return the form with what was typed, the version that the page shows now, and the refusal."""
        data = request.POST.copy()
        data["seen"] = seen
        form = act.form(row, data, request.user)
        form.is_valid()
        form.add_error(None, refused.messages)
        return form

    def _turned_away(self, request, form, row):
        """Lead back to a row on which nobody can act so any more, with what was refused."""
        refused = form.non_field_errors() if form.is_bound else []
        for sentence in refused or [_("That cannot be done with it as it stands now.")]:
            messages.error(request, sentence)
        return HttpResponseRedirect(self.address_of_row(row))

    def _act_page(self, request, act, row, form):
        context = self.admin_site.each_context(request) | {
            "title": act.label,
            "subtitle": str(row),
            "opts": self.opts,
            "row": row,
            "row_address": self.address_of_row(row),
            "act": act,
            "sentences": act.explain(row),
            "parts": act.parts(row),
            "form": form,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/act.html", context)
