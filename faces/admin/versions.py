"""What somebody had on the screen when he opened a form, and what came in between (rule 3).

Each form carries a sealed note, its `Opening`: the versions of the row and of every line in it that were
shown, and a number of its own. That note decides, not what else a browser says of the past: what was there
then is read backwards from the log.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from django.core import signing
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from record.models.log import Change, Entry
from record.publication import Public
from record.rights import name_of_account
from record.writing import is_true, required, snapshot

# The hidden field with the note.
FIELD = "opened"
# Before the name of a field of which two people wrote different words: which of them stay.
CHOICE = "choice-"
THEIRS, MINE = "theirs", "mine"

TOO_OLD = _(
    "This form is too old, or did not come from here whole: nobody can tell what changed since it was "
    "opened. Nothing was saved. Open it again, and copy what you typed from here."
)
# What the log has no more, since it was personal data.
STRUCK = object()

# It changes with the shape of the notes, so that older ones are told to be too old.
_SALT = "faces.admin.versions 2"


def with_version(rows):
    """Add to the rows of a queryset, read in one statement with what they say, what their forms go by.

    That is their version, `_version`, and whether they were said and change only with a reason, `_is_said`.
    """
    changes = Change.objects.filter(model=rows.model._meta.label_lower, object_id=OuterRef("pk"))
    rows = rows.annotate(_version=Coalesce(Subquery(changes.order_by("-pk").values("pk")[:1]), 0))
    if issubclass(rows.model, Public):
        rows = rows.annotate(_is_said=is_true(rows.model.said()))
    return rows


def new_number():
    """Return a number for a form, that nobody guesses and no other form has."""
    return secrets.token_hex(10)


class Slipped(Exception):
    """Somebody wrote a row between its reading and its saving: `rows`, {model: pks}, are to be held first."""

    def __init__(self, rows):
        super().__init__(rows)
        self.rows = rows


@dataclass
class Opening:
    """What was shown: on which page, which versions, and the form's own number.

    `seen` is {prefix of the lines, "" for the row itself: {pk: version}}; `asked` is {name of a field in the
    page: version of which it speaks} of those whose choice is open. `by` is the key of the user who opened
    it, where that is asked.
    """

    page: str
    seen: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    number: str = field(default_factory=new_number)
    by: int | None = None

    def seal(self):
        """Return the note as a text that nobody else can write."""
        return signing.dumps(
            [self.page, self.seen, self.asked, self.number, self.by], salt=_SALT, compress=True
        )

    @classmethod
    def unseal(cls, text, page):
        """Return the note of a form of a page; None if it is none, or another page's."""
        try:
            its_page, seen, asked, number, by = signing.loads(text, salt=_SALT)
        except signing.BadSignature:
            return None
        # JSON knows no numbers as keys.
        seen = {prefix: {int(pk): version for pk, version in rows.items()} for prefix, rows in seen.items()}
        return cls(page, seen, asked, number, by) if its_page == page else None


def opened_by(text):
    """Return the key of the user who opened the form of a note, of whatever page; None if nobody can tell."""
    try:
        return signing.loads(text, salt=_SALT)[-1]
    except signing.BadSignature:
        return None


def page_of(model, pk=None):
    """Name the page of a row, or that on which one is added."""
    return f"{model._meta.label_lower} {pk}" if pk else model._meta.label_lower


class Sent:
    """A form that was sent: what its author had seen, and what came in between.

    `is_new` says that it adds a row, be it a copy of the one on whose page it was opened.
    """

    def __init__(self, data, model, pk, is_new, files=None):
        self.data, self.model, self.pk, self.is_new = data, model, pk, is_new
        self.files = files or {}
        self.opening = Opening.unseal(data.get(FIELD, ""), page_of(model, pk))
        # Why it is not saved, whatever it says.
        self.refusal = None if self.opening else [TOO_OLD]
        self.held = {}
        self.begin()

    def begin(self):
        """Forget what an earlier attempt at saving it had read."""
        self.forms, self.news = [], []
        # Whether it is shown again instead of being saved.
        self.is_shown_again = False
        self.__dict__.pop("_changes", None)

    @property
    def form(self):
        """Identify the form and what it says: sent again as it was it is the same, edited it is not."""
        if not self.opening:
            return None
        said = sorted(
            (name, values)
            for name, values in self.data.lists()
            if not name.startswith("_") and name not in ("csrfmiddlewaretoken", FIELD)
        )
        said += self.digests
        return self.opening.number + hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @cached_property
    def digests(self):
        """What the files say that were sent with it: [(name of the field, digest)]."""
        found = []
        for name, file in sorted(self.files.items()):
            file.seek(0)
            found.append((name, hashlib.file_digest(file, "sha256").hexdigest()))
        return found

    def entry(self):
        """Return the entry of the log that the form made before; None without one."""
        return self.opening and Entry.objects.filter(form=self.form).first()

    def entry_of_other_words(self):
        """Return the entry that the same opened form made when it said something else."""
        return self.opening and Entry.objects.filter(form__startswith=self.opening.number).first()

    # What came in between.

    def version(self, form):
        """Return the version of a form's row that its author saw; None if he saw none."""
        return self.opening.seen.get(prefix_of(form), {}).get(form.instance.pk) if self.opening else None

    def shows_lines(self, prefix):
        """Tell whether stored lines were shown, which the form may change."""
        return bool(self.opening and not self.is_new and self.opening.seen.get(prefix))

    def asked(self, form, name):
        """Return the version of which an open choice between two people's words speaks; None without one."""
        return self.opening.asked.get(form.add_prefix(name))

    def choice(self, form, name):
        return self.data.get(f"{CHOICE}{form.add_prefix(name)}")

    def changes(self, model, prefix, pk):
        """Return the changes of a row since it was shown, the newest first."""
        if prefix not in self._changes:
            shown = self.opening.seen.get(prefix, {})
            since = min([*shown.values(), *self.opening.asked.values()], default=0)
            found = {}
            rows = Change.objects.filter(model=model._meta.label_lower, object_id__in=shown, pk__gt=since)
            for change in rows.select_related("entry__by").order_by("-pk"):
                found.setdefault(change.object_id, []).append(change)
            self._changes[prefix] = found
        return self._changes[prefix].get(pk, [])

    @cached_property
    def _changes(self):
        return {}

    def tell(self, words, change=None):
        """Remember what others did meanwhile, so that whoever sent the form hears of it."""
        self.news.append(f"{words} ({by_whom(change)})" if change else str(words))

    # Before it is saved.

    def hold(self):
        """Keep others from writing what the form is about to write.

        Raises Slipped where somebody wrote it after it was read. Everybody holds rows in the same order.
        """
        written = [form for form in self.forms if form.changes_row() and isinstance(form.instance, Public)]
        if not written:
            return
        rows = {}
        for form in written:
            rows.setdefault(type(form.instance), []).append(form.instance.pk)
        versions = required("form").hold(rows)
        if any(versions[type(form.instance), form.instance.pk] != form.instance._version for form in written):
            raise Slipped(rows)


def prefix_of(form):
    """Return the prefix of the lines among which a form stands; '' for the row of the page itself."""
    return form.prefix.rpartition("-")[0] if form.prefix else ""


def earlier(changes, name, since):
    """Return what a column held at a version, and the last change of it; (None, None) if it did not change.

    `changes` are of one row, the newest first.
    """
    found = [change for change in changes if change.pk > since and name in change.columns]
    if not found:
        return None, None
    pair = found[-1].columns[name]
    return (pair[0] if pair else STRUCK), found[0]


def as_it_was(model, pk, changes):
    """Return a row in memory as it was before some changes of it, the newest first; it may be gone now."""
    stored = model._base_manager.filter(pk=pk).first()
    columns = snapshot(stored) if stored else {}
    for change in changes:
        columns |= {name: pair[0] if pair else None for name, pair in change.columns.items()}
    row = model(pk=pk)
    for column in model._meta.concrete_fields:
        if column.name in columns:
            setattr(row, column.attname, column.to_python(columns[column.name]))
    row._state.adding = False
    return row


def by_whom(change):
    """Say who made a change, and when."""
    name = name_of_account(change.entry)
    at = date_format(localtime(change.entry.at), "SHORT_DATETIME_FORMAT")
    return f"{name}, {at}" if name else at
