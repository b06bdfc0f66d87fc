"""Forms that compare: what was there when the form was opened, what is there now, and what was typed.

What somebody else changed and the author of the form left alone stays as it is now, and he is told. Where
both wrote different words, nothing is saved until he decided which stay.
"""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.choices import flatten_choices
from django.utils.formats import localize
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .versions import (
    CHOICE,
    MINE,
    STRUCK,
    THEIRS,
    TOO_OLD,
    as_it_was,
    by_whom,
    earlier,
    prefix_of,
)

CHANGED_MEANWHILE = _("This was changed while you had the form open. Decide which words stay.")
ANNULLED_MEANWHILE = _(
    "It was annulled while you had the form open (%(who)s; reason: %(reason)s). Send the form again if what "
    "you typed shall be saved all the same."
)


def shown(field, value):
    """Return a value of a field as people read it."""
    if value is STRUCK:
        return _("It was taken out, as personal data.")
    value = field.prepare_value(value)
    if isinstance(field, forms.ModelChoiceField):
        pks = value if isinstance(value, list | tuple) else [value]
        rows = field.queryset.model._base_manager.filter(pk__in=[pk for pk in pks if str(pk).isdecimal()])
        text = "; ".join(map(str, rows))
    elif isinstance(field, forms.BooleanField):
        text = _("Yes") if value else _("No")
    elif choices := getattr(field, "choices", None):
        names = {str(key): str(name) for key, name in flatten_choices(choices)}
        values = value if isinstance(value, list | tuple) else [value]
        text = "; ".join(names.get(str(each), str(each)) for each in values if each not in (None, ""))
    else:
        text = "" if value is None else localize(value)
    return text or "–"


@dataclass
class Difference:
    """One field of which two people wrote different words."""

    field: forms.Field
    name: str  # in the page
    was: object
    now: object
    typed: object
    change: object
    since: int

    def render(self):
        """Return the three values side by side, with the choice."""
        values = [
            (_("When you opened the form"), shown(self.field, self.was)),
            (_("There now"), shown(self.field, self.now)),
            (_("Typed by you"), shown(self.field, self.typed)),
        ]
        choices = [
            (THEIRS, _("Keep what is there now")),
            (MINE, _("Save what stands in this field; you may still edit it")),
        ]
        context = {
            "values": values,
            "choices": choices,
            "name": f"{CHOICE}{self.name}",
            "id": f"{CHOICE}{self.name}",
            "who": by_whom(self.change),
            "reason": self.change.entry.reason,
        }
        return render_to_string("admin/difference.html", context)


class DifferenceWidget(forms.Widget):
    """Another widget, with the three values of its field below it."""

    def __init__(self, widget, difference):
        self.widget, self.difference = widget, difference
        super().__init__(widget.attrs)

    @property
    def media(self):
        return self.widget.media

    @property
    def is_hidden(self):
        return self.widget.is_hidden

    @property
    def use_fieldset(self):
        return self.widget.use_fieldset

    def __deepcopy__(self, memo):
        return type(self)(self.widget.__deepcopy__(memo), self.difference)

    def id_for_label(self, id_):
        return self.widget.id_for_label(id_)

    def value_from_datadict(self, data, files, name):
        return self.widget.value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data, files, name):
        return self.widget.value_omitted_from_data(data, files, name)

    def render(self, name, value, attrs=None, renderer=None):
        # In one element, as the lines of the admin's forms are flexible boxes.
        widget = self.widget.render(name, value, attrs, renderer)
        return mark_safe(f'<div class="differs">{widget}{self.difference.render()}</div>')


class ComparedForm:
    """What a form of a stored row does, when it is sent, with what others wrote meanwhile."""

    # Set for each request: the form of the page that was sent, None when it is opened.
    sent = None
    # Whether the user may change the row; he may see it in the form all the same.
    is_editable = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The fields that stay as they are now, and those that were changed twice.
        self.taken, self.differences = set(), {}
        # The changes of the row since it was shown, the newest first.
        self.meanwhile = []
        # What was typed where nothing can be typed any more: {name: text}.
        self.in_vain = {}
        # Whether nobody knows what the author of the form had seen of the row.
        self.is_unknown = False

    def compare(self):
        """Compare what was sent with what is there: a form does so at the end of its `__init__`."""
        if not (self.is_bound and self.sent and self.is_editable and hasattr(self.instance, "_version")):
            return
        self.sent.forms.append(self)
        version = self.sent.version(self)
        if version is None:
            # Of a form without a note all is unknown, and the page says so once.
            self.is_unknown = self.sent.opening is not None
            return
        changes = []
        is_asked = any(self.sent.asked(self, name) is not None for name in self.fields)
        if version != self.instance._version or is_asked:
            changes = self.sent.changes(type(self.instance), prefix_of(self), self.instance.pk)
        self.meanwhile = [change for change in changes if change.pk > version]
        for name, field in self.fields.items():
            if not field.disabled:
                self._compare_field(name, field, version, changes)
        self._tell(version)

    def _compare_field(self, name, field, version, changes):
        asked, choice = self.sent.asked(self, name), self.sent.choice(self, name)
        is_decided = asked is not None and choice in (THEIRS, MINE)
        if is_decided and choice == THEIRS:
            self.taken.add(name)
            return
        since = version if asked is None or is_decided else asked
        was, change = earlier(changes, name, since)
        if change is None:
            return
        bound = self[name]
        if was is not STRUCK:
            was = bound.read(self._meta.model._meta.get_field(name).to_python(was))
            if not field.has_changed(was, field.prepare_value(bound.initial)):
                return
            if not field.has_changed(was, bound.data):
                self.taken.add(name)
                return
        if field.has_changed(bound.initial, bound.data):
            typed = bound.data
            difference = Difference(field, bound.html_name, was, bound.initial, typed, change, since)
            self.differences[name] = difference
            field.widget = DifferenceWidget(field.widget, difference)

    def _tell(self, version):
        """Tell what others changed and stays so."""
        names = dict.fromkeys(name for change in self.meanwhile for name in change.columns)
        for name in names:
            _was, change = earlier(self.meanwhile, name, version)
            if name not in self.differences and (name not in self.fields or name in self.taken):
                self.sent.tell(self._name_of(name), change)

    def _name_of(self, name):
        """Return the name of a column, and of the line in which it stands."""
        try:
            label = capfirst(str(self._meta.model._meta.get_field(name).verbose_name))
        except LookupError:
            label = name
        return f"{self.instance}: {label}" if self.prefix else label

    def changes_row(self):
        """Tell whether a column of the row was changed; reasons are none."""
        return self.has_changed() and any(name not in self.declared_fields for name in self.changed_data)

    def clean(self):
        cleaned = super().clean()
        for name in self.differences:
            self.add_error(name, ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile"))
        for name, text in self.in_vain.items():
            self.add_error(name, _("This cannot be changed here any more. You typed: %s") % text)
        if self.is_unknown:
            self.add_error(None, ValidationError(TOO_OLD, code="too_old"))
        annulled = [change for change in self.meanwhile if change.action == change.Action.ANNULLED]
        if annulled and self.changes_row():
            params = {"who": by_whom(annulled[0]), "reason": annulled[0].entry.reason}
            self.add_error(
                None, ValidationError(ANNULLED_MEANWHILE, code="annulled_meanwhile", params=params)
            )
        return cleaned


class ComparedFormSet:
    """The lines of a row, of which some may have been taken away while the form was open."""

    sent = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What was typed in lines that are gone, as HTML.
        self.lost = []
        if self.is_bound and self.sent and self.sent.shows_lines(self.prefix):
            self._look_for_others()

    def total_form_count(self):
        """Count the lines that were sent: what a browser says of their number costs a form each."""
        count = super().total_form_count()
        if not self.is_bound:
            return count
        pattern = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,5}})-")
        sent = [int(match[1]) for name in self.data if (match := pattern.match(name))]
        return min(count, max(sent, default=-1) + 1, len(self.data))

    def _construct_form(self, i, **kwargs):
        """Make the form of a line; one in which nothing was changed is not looked at."""
        form = super()._construct_form(i, **kwargs)
        if i < self.initial_form_count() and form.instance.pk:
            form.empty_permitted = not form.in_vain
        return form

    def _look_for_others(self):
        """Find the lines that came and those that went while the form was open."""
        shown_lines = self.sent.opening.seen[self.prefix]
        here = {row.pk: row for row in self.get_queryset()}
        for row in here.values():
            if row.pk not in shown_lines:
                self.sent.tell(_("Added: %s") % row)
        gone = [pk for pk in shown_lines if pk not in here]
        if gone and self.management_form.is_valid():
            self._take_out(gone)

    def _take_out(self, gone):
        """Take the lines that are gone out of what was sent, and remember what was typed in them."""
        name = self.model._meta.pk.name
        numbers = {
            number: pk
            for number in range(self.initial_form_count())
            if (pk := self._sent_pk(f"{self.add_prefix(number)}-{name}")) in gone
        }
        for number, pk in numbers.items():
            self._remember(number, pk)
        self.data = without_lines(self.data, self.prefix, sorted(numbers))
        del self.management_form

    def _sent_pk(self, name):
        value = self.data.get(name, "")
        return int(value) if value.isdecimal() else None

    def _remember(self, number, pk):
        changes = self.sent.changes(self.model, self.prefix, pk)
        changes = [change for change in changes if change.pk > self.sent.opening.seen[self.prefix][pk]]
        row = as_it_was(self.model, pk, changes)
        form = self.form(
            self.data, prefix=self.add_prefix(number), instance=row, use_required_attribute=False
        )
        typed = typed_in(form)
        if typed and form.has_changed():
            context = {"row": row, "typed": typed, "who": by_whom(changes[0]) if changes else ""}
            self.lost.append(mark_safe(render_to_string("admin/lost_line.html", context)))
        else:
            self.sent.tell(_("Taken away: %s") % row, changes[0] if changes else None)

    def clean(self):
        super().clean()
        errors = [ValidationError(each, code="gone_meanwhile") for each in self.lost]
        for form in self.initial_forms:
            if form.meanwhile and self._should_delete_form(form):
                errors.append(self._changed_before_deletion(form))
        if errors:
            raise ValidationError(errors)

    def _changed_before_deletion(self, form):
        columns = dict.fromkeys(name for change in form.meanwhile for name in change.columns)
        message = _(
            "“%(row)s”, which you take away, was changed while you had the form open (%(who)s): %(columns)s. "
            "Send the form again if it shall go all the same."
        )
        params = {
            "row": form.instance,
            "who": by_whom(form.meanwhile[0]),
            "columns": ", ".join(form._name_of(name) for name in columns),
        }
        return ValidationError(message, code="changed_meanwhile", params=params)


def typed_in(form):
    """Return (label, text) of what was typed in a form, of the fields that it would change."""
    return [
        (capfirst(form[name].label), shown(form.fields[name], form[name].data))
        for name in form.changed_data
        if form[name].data not in (None, "", [])
    ]


def without_lines(data, prefix, numbers):
    """Return what was sent for a formset without some of its stored lines, the others counted anew."""
    kept = data.copy()
    pattern = re.compile(rf"^((?:{CHOICE})?{re.escape(prefix)})-(\d+)-(.+)$")
    lines = [(name, match) for name in data if (match := pattern.match(name))]
    for name, _match in lines:
        del kept[name]
    for name, match in lines:
        number = int(match[2])
        if number not in numbers:
            new = number - sum(gone < number for gone in numbers)
            kept.setlist(f"{match[1]}-{new}-{match[3]}", data.getlist(name))
    for count in ("TOTAL_FORMS", "INITIAL_FORMS"):
        kept[f"{prefix}-{count}"] = str(int(data[f"{prefix}-{count}"]) - len(numbers))
    return kept
