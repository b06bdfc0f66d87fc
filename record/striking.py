"""Taking personal data out of what rows and the log say (rule 3, `actions.strike`)."""

import json
import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, SlugField, TextField
from django.utils.translation import gettext_lazy as _

from .cleaning import clean
from .kinds import kind_of, kinds
from .models import Change, Entry, LoadedRow, Proposal, Version
from .writing import WriteRefused, columns_of, name_of

# What stands where personal data stood, in every language of the record.
OMITTED = "[dato omitido]"
# Where a short column has no room for that.
OMITTED_SHORT = "[…]"
# Less than this many characters stand in too many places that mean something else.
LEAST_STRUCK = 3
# So many rows in which a text still stands are named.
MOST_NAMED = 20
# The column of a name in the log, and of one among the last actions of the admin.
LONGEST_NAME = 200


class TooShort(WriteRefused):
    """Too little was said of what is to be taken out."""

    def __init__(self):
        super().__init__(_("Write at least three characters of what is to be taken out."), code="too_short")


def texts_to_strike(model):
    """Return the columns of a model in which people write words, and which no address is made of."""
    public_id = kind_of(model).public_id
    return [
        each
        for each in columns_of(model)
        if isinstance(each, CharField | TextField) and not isinstance(each, SlugField)
        if not each.choices and each.name != public_id
    ]


def rows_with(text):
    """Return the names of the rows of the record in which a text stands, at most `MOST_NAMED`.

    On SQLite capitals with accents are letters of their own.
    """
    found = []
    for kind in kinds():
        condition = Q(pk__in=[])
        for column in texts_to_strike(kind.model):
            condition |= Q(**{f"{column.name}__icontains": text})
        rows = kind.model.everything.filter(condition).select_related(*kind.named_with)
        name = kind.model._meta.verbose_name
        found += [
            _("%(kind)s “%(name)s”") % {"kind": name, "name": name_of(row)} for row in rows[:MOST_NAMED]
        ]
    return found[:MOST_NAMED]


class Words:
    """Some words that are taken out, wherever they stand."""

    def __init__(self, text):
        """Raise TooShort where so little is said that it stands in what means something else."""
        self.text = clean(str(text or ""))
        before, after = (r"(?<!\w)" if self.text[:1].isalnum() else ""), ""
        if self.text[-1:].isalnum():
            after = r"(?!\w)"
        words = r"\s+".join(map(re.escape, self.text.split()))
        self.pattern = re.compile(f"{before}{words}{after}", re.IGNORECASE)
        if len(self.text) < LEAST_STRUCK or self.pattern.search(OMITTED):
            raise TooShort

    def find(self, value):
        return isinstance(value, str) and bool(self.pattern.search(value))

    def without(self, value, longest=None):
        """Return a text without the words; `longest` is how many characters its column holds."""
        for instead in (OMITTED, OMITTED_SHORT):
            text = self.pattern.sub(instead, value)
            if longest is None or len(text) <= longest:
                return text
        return text[:longest]

    def without_ends(self, value, longest):
        """Return a name without the words, and without the beginning of them at which it was cut off."""
        value = self.without(value, longest)
        for size in range(len(self.text) - 1, LEAST_STRUCK - 1, -1):
            start = len(value) - size
            is_word = start >= 0 and not (value[:start][-1:].isalnum() and value[start : start + 1].isalnum())
            if is_word and value[start:].casefold() == self.text[:size].casefold():
                return (value[:start] + OMITTED)[:longest]
        return value

    def without_all(self, value):
        """Return a value of JSON without the words, in whatever it holds."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.without_all(each) for each in value]
        if isinstance(value, dict):
            return {key: self.without_all(each) for key, each in value.items()}
        return value


def strike_from_log(row, words):
    """Take words out of all that the log, proposals and last actions say of a row."""
    own = list(Change.objects.of(row))
    entries = Entry.objects.filter(pk__in={change.entry_id for change in own})
    own_pks = {change.pk for change in own}
    # A name may quote what it belongs to.
    named = Q(entry__in=entries) | Q(name__icontains=words.text[:LEAST_STRUCK])
    beside = [each for each in Change.objects.filter(named) if each.pk not in own_pks]
    for change in own:
        change.columns = words.without_all(change.columns)
    for change in (*own, *beside):
        change.name = words.without_ends(change.name, LONGEST_NAME)
        change.source = words.without(change.source)
    Change.objects.bulk_update([*own, *beside], ["columns", "name", "source"], batch_size=500)
    # Beside the log of a draft, which the public does not read, words of public entries may be others.
    Version.renew()
    _rewrite(entries, {"reason": words.without, "source": words.without})
    proposals = Proposal.objects.select_for_update().iterator(chunk_size=100)
    of_proposals = {"changes": words.without_all, "name": lambda name: words.without_ends(name, LONGEST_NAME)}
    _rewrite(proposals, of_proposals | dict.fromkeys(("reason", "answer"), words.without))
    _rewrite(LoadedRow.objects.filter(model=row._meta.label_lower, object_id=row.pk), {"key": words.without})
    _rewrite(
        _last_actions(row, words.text[:LEAST_STRUCK]),
        {
            "object_repr": lambda name: words.without_ends(name, LONGEST_NAME),
            "change_message": lambda message: _without_in_message(message, words),
        },
    )


def _last_actions(row, beginning):
    """Return what the admin noted of a row, and of others where a text with that beginning may stand."""
    in_json = json.dumps(beginning)[1:-1]
    kind = ContentType.objects.get_for_model(row)
    return LogEntry.objects.filter(
        Q(content_type=kind, object_id=str(row.pk))
        | Q(object_repr__icontains=beginning)
        | Q(change_message__icontains=beginning)
        | Q(change_message__icontains=in_json)
    )


def _without_in_message(message, words):
    """Return a note of the admin without some words: it is JSON, or plain text."""
    try:
        noted = json.loads(message)
    except ValueError:
        return words.without(message)
    for each in noted if isinstance(noted, list) else ():
        for what in each.values():
            if isinstance(what, dict) and "object" in what:
                what["object"] = words.without_ends(what["object"], LONGEST_NAME)
    return json.dumps(words.without_all(noted))


def _rewrite(rows, columns):
    """Save what changes of some rows that are none of the record, {column: what makes the new value}."""
    for row in rows:
        new = {name: rewrite(getattr(row, name)) for name, rewrite in columns.items()}
        changed = {name: value for name, value in new.items() if value != getattr(row, name)}
        if changed:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)
