"""The one way to write to the record (rule 3).

    with writing(user, "The end date was copied wrongly"):
        milestone.ends_on = date(2017, 6, 30)
        milestone.save()

Whatever is saved inside belongs to one transaction and one entry of the log, with one reason. Outside of it
rows of the record cannot be saved, deleted or linked, in whatever way: `Public` and its querysets refuse it,
and what passes them by is stopped at the database's door (`seal`).
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.db.models import BooleanField, ExpressionWrapper, Value
from django.db.models.signals import m2m_changed, pre_delete
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .cleaning import clean
from .personal import find_addresses

# A reason has at least this many letters: "x" is none.
LEAST_LETTERS = 8
# Every page and list that tells a change gives its reason, and where the words stand, whole.
MOST_CHARACTERS = 20_000
REASON_NEEDED = _("The public reads this. Say why you change it, in eight letters or more.")

# The name, to PostgreSQL, of the lock that writers share and a loading has alone.
WRITING_LOCK = 3_070_612
BATCH = 500

# What is derived from the rows of the record, by whoever derives it: called before the entry is written.
_derivers = []

_current = ContextVar("writing", default=None)
_is_sealed = ContextVar("sealed", default=True)


class NotWriting(RuntimeError):
    """A row of the record was about to be written outside of `writing()`."""

    def __init__(self, what):
        super().__init__(f"{what}: rows of the record are written inside `with writing(by, reason):` only.")


class WriteRefused(ValidationError):
    """The writer refuses what was written, for everybody; the message says why."""


class ReasonNeeded(WriteRefused):
    """A public row was changed without a reason."""

    def __init__(self):
        super().__init__(REASON_NEEDED, code="reason_needed")


class StaysPublished(WriteRefused):
    """A published row was about to be deleted, or made a draft again."""

    MESSAGE = _(
        "“%(name)s” was published: it is not deleted, nor made a draft again. Annul it, with the reason; "
        "its words stay behind a notice."
    )

    def __init__(self, name):
        super().__init__(self.MESSAGE, code="stays_published", params={"name": name})


class StillNamed(WriteRefused):
    """A row was about to be annulled while rows that stand name it, or to name one that was annulled."""

    OF_OTHERS = _(
        "“%(name)s” is named by what stands, such as “%(by)s”: let that name another, or annul it first."
    )
    OF_ANNULLED = _("“%(name)s” names something that was annulled: let it name another.")

    def __init__(self, name, by=None):
        message = self.OF_ANNULLED if by is None else self.OF_OTHERS
        super().__init__(message, code="still_named", params={"name": name, "by": by})


class NamesDraft(WriteRefused):
    """What was published was about to name what was not, such as its source: readers could not open it."""

    def __init__(self, name):
        message = _(
            "What “%(name)s” names is not published yet, such as its source: publish that first, or name "
            "another."
        )
        super().__init__(message, code="names_draft", params={"name": name})


class SentTwice(WriteRefused):
    """The same form was sent before, and did its work then."""

    def __init__(self):
        super().__init__(_("This form was saved already."), code="sent_twice")


@contextmanager
def writing(by=None, reason="", source="", as_of=None, act="edit", form=None):
    """Write rows of the record: one transaction, one reason, one entry of the log.

    `by` is a user, None where a command writes; `source` says where the right words stand, `as_of` of which
    day they speak; `act` is one of `Act`; `form` identifies the form that was sent. Inside another
    `writing()` it joins that one, and says what that one left open. Yields the Writing; its `entry` is there
    afterwards, None where nothing changed. Raises WriteRefused, and then nothing was written.
    """
    reason, source = clean(str(reason or "")), clean(str(source or ""))
    outer = _current.get()
    if outer is not None:
        outer.check_place("writing()")
        outer.join(by, reason, source, as_of, act)
        # What is refused in it is refused of the whole, also where somebody keeps the refusal to himself.
        with transaction.atomic(savepoint=False):
            yield outer
        return
    this = Writing(by, reason, source, as_of, act, form)
    try:
        with transaction.atomic():
            token = _current.set(this)
            try:
                this.share_lock()
                yield this
                this.finish()
            finally:
                this.is_open = False
                _current.reset(token)
    except BaseException:
        for undo in this.undone:
            undo()
        raise


@contextmanager
def unsealed():
    """Let statements pass that are no words of anybody: migrations, and emptying a whole database."""
    token = _is_sealed.set(False)
    try:
        yield
    finally:
        _is_sealed.reset(token)


def derive_with(refresh):
    """Have `refresh(writing)` called inside of every writing that changes something, before its entry."""
    if refresh not in _derivers:
        _derivers.append(refresh)


def required(what):
    """Return the Writing that is open; raise NotWriting without one."""
    this = _current.get()
    if this is None:
        raise NotWriting(what)
    this.check_place(what)
    return this


def is_reason(text):
    """Tell whether a text is long enough to say why something was changed."""
    return sum(char.isalpha() for char in text) >= LEAST_LETTERS


@dataclass
class Before:
    """What a row was when it was first touched; `columns` is None where it did not exist."""

    columns: dict | None
    is_readable: bool = False
    is_said: bool = False
    name: str = ""


@dataclass
class Writing:
    """What is written together."""

    by: object
    reason: str
    source: str
    as_of: object
    act: str
    form: str | None
    # The name of the file that is imported.
    file: str = ""
    touched: dict = field(default_factory=dict)  # {model: {pk: Before}}
    # {(model, column): {pk: the linked pks}}, before and after
    links: dict = field(default_factory=dict)
    # The models whose tables the database was asked to write, link tables among them.
    written: set = field(default_factory=set)
    # {(model, pk): where the right words of a row stand}, where one entry has several.
    sources: dict = field(default_factory=dict)
    # Keeps the changes, for `proposing.keep()`, instead of writing them: whoever asks for it rolls back.
    is_proposal: bool = False
    # Asks all that is asked of a change, and writes none: whoever tries something rolls back.
    is_rehearsal: bool = False
    # Nothing of it stays: what is not fit to be published is asked by whoever tries.
    is_trial: bool = False
    # {(model, pk)} of rows whose personal data were taken out: their change keeps no words.
    struck: set = field(default_factory=set)
    changes: list = field(default_factory=list)
    # (model, change, whether it was published before, whether it is now, the row now) of each row.
    written_by_row: list = field(default_factory=list)
    # Whether a publisher did without the second pair of eyes.
    is_alone: bool = False
    # What undoes what the database cannot, such as a file that was stored: called where nothing is written.
    undone: list = field(default_factory=list)
    entry: object = None
    # A task or a thread may have been handed the context: it writes elsewhere, or when all is over.
    is_open: bool = True
    connection: object = field(default_factory=lambda: connections[DEFAULT_DB_ALIAS])
    # The models whose own classes are writing just now: a statement to their tables is no surprise.
    passing: list = field(default_factory=list)

    def check_place(self, what):
        """Raise NotWriting where this is over, or where another connection would write."""
        if not self.is_open or connections[DEFAULT_DB_ALIAS] is not self.connection:
            raise NotWriting(what)

    @contextmanager
    def letting_pass(self, model):
        """Let statements pass that write rows of a model, all of which were touched."""
        self.passing.append(model)
        try:
            yield
        finally:
            self.passing.pop()

    def join(self, by, reason, source, as_of, act):
        """Say what was left open: an act inside a form has its own name, and its reason if none was given."""
        self.by = self.by if self.by is not None else by
        self.reason = self.reason or reason
        self.source = self.source or source
        self.as_of = self.as_of or as_of
        self.act = act if self.act == "edit" else self.act

    def share_lock(self):
        """Wait while a loading writes: it alone may write then."""
        if connection.vendor == "postgresql" and self.act != "load":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITING_LOCK])

    # What is about to be written.

    def touch(self, model, pks, name=""):
        """Remember what some rows are, before they are written for the first time, and hold them."""
        known = self.touched.setdefault(model, {})
        new = sorted({pk for pk in pks if pk is not None and pk not in known})
        stored = {row.pk: row for row in held_rows(model, new)} if new else {}
        for pk in new:
            row = stored.get(pk)
            known[pk] = (
                Before(snapshot(row), bool(row._is_readable), bool(row._is_said), name)
                if row
                else Before(None, name=name)
            )

    def touch_links(self, model, column, pks):
        """Remember to which rows some rows are linked, before that changes."""
        self.touch(model, pks)
        known = self.links.setdefault((model, column.name), {})
        new = [pk for pk in pks if pk not in known]
        known |= linked(column, new)

    def created(self, model, pks):
        """Remember that some rows did not exist before."""
        known = self.touched.setdefault(model, {})
        known |= {pk: Before(None) for pk in pks if pk not in known}

    def hold(self, rows):
        """Keep others from writing some rows, given as {model: pks}; return the version of each.

        That is {(model, pk): number}, as `Change.objects.seen()` gives it.
        """
        from .models import Change

        for model in sorted(rows, key=lambda model: model._meta.label):
            self.touch(model, rows[model])
        return Change.objects.seen(rows)

    # What was written.

    def finish(self):
        """Write the entry of what changed, and the record's next version if the public sees any of it."""
        if untouched := {each for each in self.written if not self._was_touched(each)}:
            names = ", ".join(sorted(model._meta.label for model in untouched))
            raise NotWriting(f"{names} was written past the writer")
        if self._is_first_loading():
            self.changes = [self._first_loading()]
        else:
            self.changes = [change for model in self.touched for change in self._changes_of(model)]
        if not self.changes:
            return
        self._check_reason()
        if self.is_proposal:
            return
        self._check_rights()
        if self.is_rehearsal:
            return
        for refresh in _derivers:
            refresh(self)
        self._write_entry()

    def written_rows(self):
        """Yield (model, pk, columns) of what was written, {column: [before, after]} where a row changed.

        Of a row that is new the columns are None; of one that is gone they have what it was.
        """
        if self._is_first_loading():
            yield from ((model, pk, None) for model, pks in self.touched.items() for pk in pks)
            return
        for change in self.changes:
            is_new = change.action == change.Action.CREATED
            yield apps.get_model(change.model), change.object_id, None if is_new else change.columns

    def _was_touched(self, model):
        owner = model._meta.auto_created
        if not owner:
            return model in self.touched
        columns = [each.name for each in owner._meta.many_to_many if each.remote_field.through is model]
        return any((owner, column) in self.links for column in columns)

    def _is_first_loading(self):
        from .models import Entry

        return self.act == "load" and any(self.touched.values()) and not Entry.objects.exists()

    def _first_loading(self):
        from .models import Change

        counts = {model._meta.label_lower: [0, len(pks)] for model, pks in self.touched.items() if pks}
        change = Change(action=Change.Action.LOADED, columns=counts)
        change.is_public, change.needs_reason, change.on_pages = True, False, ()
        return change

    def _check_reason(self):
        # The files of the record are reviewed as code is, and say why in their own history.
        needed = self.act != "load" and any(change.needs_reason for change in self.changes)
        if needed and not is_reason(self.reason):
            raise ReasonNeeded
        if max(len(self.reason), len(self.source)) > MOST_CHARACTERS:
            raise WriteRefused(
                _("A reason, and a source, have at most %(most)s characters: say it shorter."),
                code="too_long",
                params={"most": MOST_CHARACTERS},
            )
        if addresses := find_addresses(f"{self.reason} {self.source}"):
            raise WriteRefused(
                _("No e-mail address may stand in a reason (%(found)s)."),
                code="contact_details",
                params={"found": ", ".join(addresses)},
            )

    def _check_rights(self):
        """Refuse what the one who writes may not write; commands may write anything."""
        from .guarding import check_written

        if self.by is not None and self.by.pk is not None and self.act != "load":
            self.is_alone = check_written(self.by, self.written_by_row) or self.is_alone

    def _write_entry(self):
        from .models import Change, ChangedPage, Entry, Version

        moment = now()
        is_user = self.by is not None and self.by.pk is not None
        entry = Entry(
            by=self.by if is_user else None,
            by_name=self.by.get_username() if is_user else "",
            at=moment,
            act=self.act,
            reason=self.reason,
            source=self.source,
            as_of=self.as_of,
            form=self.form or None,
            file=self.file[:200],
            is_alone=self.is_alone,
        )
        try:
            # Nothing follows a refusal: the transaction ends with it.
            entry.save()
        except IntegrityError as error:
            raise SentTwice from error
        for change in self.changes:
            change.entry = entry
            change.public_at = moment if change.is_public else None
        # SQLite returns keys of many rows as PostgreSQL does.
        Change.objects.bulk_create(self.changes, batch_size=BATCH)
        pages = [
            ChangedPage(change=change, model=label, object_id=pk)
            for change in self.changes
            for label, pk in change.on_pages
        ]
        ChangedPage.objects.bulk_create(pages, batch_size=BATCH)
        if any(change.is_public for change in self.changes):
            # The last statement, so that others wait for this row as short as can be.
            Version.step(entry)
        self.entry = entry

    def _changes_of(self, model):
        """Return the Changes of the rows of a model, those that are as they were left out."""
        touched = self.touched[model]
        after = {row.pk: row for row in stored_rows(model, touched)}
        after_links = self._links_after(model, touched)
        changes = []
        for pk, was in touched.items():
            row = after.get(pk)
            if row is None and was.columns is None:
                continue
            old = None if was.columns is None else was.columns | self._links_before(model, pk)
            new = None if row is None else snapshot(row) | after_links.get(pk, {})
            changes += self._changes_of_row(model, pk, was, row, old, new)
        return changes

    def _links_before(self, model, pk):
        return {
            column: pks[pk] for (owner, column), pks in self.links.items() if owner is model and pk in pks
        }

    def _links_after(self, model, pks):
        found = {}
        for owner, column in self.links:
            if owner is model:
                of_column = linked(model._meta.get_field(column), self.links[owner, column])
                for pk, others in of_column.items():
                    found.setdefault(pk, {})[column] = others
        return found

    def _changes_of_row(self, model, pk, was, row, old, new):
        from .models import Change

        is_struck = (model, pk) in self.struck
        columns = {} if old is None and not self.is_proposal else differences(old or {}, new or {})
        if old is not None and new is not None:
            columns |= made_unclean(old, new)
        if old is not None and new is not None and not columns and not is_struck:
            return []
        if was.is_said and (row is None or not row._is_said) and not is_struck:
            raise StaysPublished(name_of(row) if row is not None else was.name)
        source = self.sources.get((model, pk), self.source)
        if was.is_said and self.act not in ("load", "strike"):
            row.check_change(columns, source)
        if row is not None:
            check_names(row)
            if row._is_said:
                row.check_said()
        is_loading = self.act == "load"
        asks = not (is_loading or self.is_trial)
        if old and row and row._is_said and model.publication_column in columns and asks:
            # An act asks before; whoever only saves is asked here.
            row.check_publication()
        is_readable = row is not None and bool(row._is_readable)
        action = Change.Action.CHANGED
        if is_struck:
            action, columns = Change.Action.STRUCK, {name: [] for name in columns}
        elif old is None:
            action = Change.Action.CREATED
        elif new is None:
            action = Change.Action.DELETED
        elif "annulled_at" in columns:
            action = Change.Action.RESTORED if columns["annulled_at"][1] is None else Change.Action.ANNULLED
        elif is_readable and not was.is_readable:
            action = Change.Action.PUBLISHED
        change = Change(
            model=model._meta.label_lower,
            object_id=pk,
            name=(name_of(row) if row is not None else was.name)[:200],
            action=action,
            columns=columns,
            source=self.sources.get((model, pk), ""),
        )
        change.is_public = was.is_readable or is_readable
        change.needs_reason = was.is_said
        change.on_pages = pages_of(row) if row is not None else ()
        self.written_by_row.append((model, change, was.is_said, row is not None and bool(row._is_said), row))
        if action != Change.Action.PUBLISHED or set(columns) <= {model.publication_column}:
            return [change]
        # What was changed while it was a draft stays private; that it was published does not.
        published = Change(model=change.model, object_id=pk, name=change.name, action=action)
        published.is_public, published.needs_reason, published.on_pages = True, False, change.on_pages
        change.action, change.is_public = Change.Action.CHANGED, False
        return [change, published]


# What rows are.

# The types of values that JSON has too.
_PLAIN = frozenset({str, int, float, bool, dict, list, type(None)})


@cache
def columns_of(model):
    """Return the columns that the log keeps: those that somebody writes, and whether the row was annulled.

    Its key is none, nor is what follows from other columns.
    """
    return [
        each
        for each in model._meta.concrete_fields
        if (each.editable or each.name == "annulled_at") and not each.primary_key
    ]


def stored_rows(model, pks):
    """Yield some rows as they are stored, with what names them, and whether they may be published so.

    That is `_is_readable`, `_is_said`, and whether they name what was annulled, `_names_annulled`, or a
    draft, such as a source that was not published, `_names_draft`.
    """
    pks, known = list(pks), {}
    for start in range(0, len(pks), BATCH):
        for row in _as_stored(model).filter(pk__in=pks[start : start + BATCH]):
            # Thousands of rows may name one: each with a copy of its texts they would take hundreds of MB.
            named = row._state.fields_cache
            for name, other in named.items():
                if other is not None:
                    named[name] = known.setdefault((type(other), other.pk), other)
            yield row


@cache
def _as_stored(model):
    """Return the rows of a model as `stored_rows` yields them; to say so takes longer than to read one."""
    from .kinds import kind_of

    named_with = {*kind_of(model).named_with, *paths_to_pages(model)}
    names = {
        "_names_annulled": is_true(model.naming_annulled()),
        "_names_draft": is_true(model.naming_draft()),
    }
    rows = _with_publication(model).annotate(**names).order_by("pk")
    return rows.select_related(*named_with) if named_with else rows


def held_rows(model, pks):
    """Yield some rows as they are stored; nobody else may write them until the end of the transaction."""
    if len(pks) == 1:
        # Most rows are saved one by one, and Django takes longer to write the statement than the database
        # to answer it.
        sql, params, place = _statement_of_one(model, connection.vendor)
        yield from model._base_manager.raw(sql, [*params[:place], pks[0], *params[place + 1 :]])
        return
    for start in range(0, len(pks), BATCH):
        yield from _held(model, pk__in=pks[start : start + BATCH])


@cache
def _statement_of_one(model, vendor):
    """Return the statement that holds a row, its parameters, and which of these is the key."""
    key = -1
    sql, params = _held(model, pk=key).query.sql_with_params()
    return sql, params, params.index(key)


def _held(model, **condition):
    rows = _with_publication(model).filter(**condition).order_by("pk")
    return rows.select_for_update(no_key=True, of=("self",))


def _with_publication(model):
    return model._base_manager.annotate(
        _is_readable=is_true(model.readable()), _is_said=is_true(model.said())
    )


def is_true(condition):
    """Return an expression that is true where a condition holds; an empty one always does."""
    return ExpressionWrapper(condition, BooleanField()) if condition else Value(True)


def check_names(row):
    """Raise StillNamed where a row that stands names one that was annulled, and must not.

    Raises NamesDraft where what was published names what has to be published and is not.
    """
    if not row.is_annulled and row._names_annulled:
        raise StillNamed(str(row))
    if row._is_said and row._names_draft:
        raise NamesDraft(str(row))
    if row.is_annulled and (by := next((each for rows in row.rows_naming_it() for each in rows[:1]), None)):
        raise StillNamed(str(row), str(by))


def snapshot(row):
    """Return {column: value} of a row in memory, as the log keeps it."""
    return {each.name: as_json(getattr(row, each.attname)) for each in columns_of(type(row))}


def as_json(value):
    """Return a value as the log keeps it: dates as 2017-09-30, numbers with a decimal point as text."""
    is_plain = type(value) in _PLAIN or isinstance(value, str | int)
    return value if is_plain else DjangoJSONEncoder().default(value)


def linked(column, pks):
    """Return {pk: sorted pks of the rows that it is linked to} of some rows, through one column."""
    found = {pk: [] for pk in pks}
    through, owner, target = (
        column.remote_field.through,
        column.m2m_column_name(),
        column.m2m_reverse_name(),
    )
    rows = through._base_manager.filter(**{f"{owner}__in": list(pks)}).order_by(target)
    for pk, other in rows.values_list(owner, target):
        found[pk].append(other)
    return found


def differences(old, new):
    """Return {column: [before, after]} of what differs; a text that was only cleaned does not (rule 11)."""
    return {
        name: [old.get(name), new.get(name)]
        for name in old | new
        if _plain(old.get(name)) != _plain(new.get(name))
    }


def made_unclean(old, new):
    """Return {column: [before, after]} of texts that were clean and got what nobody sees: no form does that.

    Marks of direction are such: they turn around what readers read.
    """
    return {
        name: [old[name], new[name]]
        for name in old.keys() & new.keys()
        if old[name] != new[name] and old[name] == _plain(old[name]) and new[name] != _plain(new[name])
    }


def _plain(value):
    return clean(value) if isinstance(value, str) else value


def name_of(row):
    """Return what people call a row: its public identifier or, without one, its words."""
    from .kinds import kind_of

    public_id = kind_of(type(row)).public_id
    return str(getattr(row, public_id)) if public_id else str(row)


@cache
def paths_to_pages(model):
    """Return {path of columns: model} from a model to what it belongs to, as far as that leads."""
    found = {}
    for name in model.belongs_to or filter(None, [model.part_of]):
        owner = model._meta.get_field(name).related_model
        if owner is model:
            continue
        found[name] = owner
        found |= {f"{name}__{path}": other for path, other in paths_to_pages(owner).items()}
    return found


def pages_of(row):
    """Return {(label of the kind, pk)} of the pages on which a row is seen; it has their rows in memory."""
    from .kinds import kind_of

    found = {(row._meta.label_lower, row.pk)} if kind_of(type(row)).has_page else set()
    for path, model in paths_to_pages(type(row)).items():
        if kind_of(model).has_page:
            owner = row
            for name in path.split("__"):
                owner = owner and getattr(owner, name)
            if owner:
                found.add((model._meta.label_lower, owner.pk))
    return found


# The hooks that no class of rows brings by itself.


def is_of_record(model):
    """Tell whether the rows of a model belong to the record."""
    from .publication import Public

    return isinstance(model, type) and issubclass(model, Public)


def before_delete(sender, instance, **kwargs):
    """Touch a row before it is deleted: alone, in a queryset, or with the row that it belongs to."""
    if not is_of_record(sender):
        return
    this = required(f"{sender._meta.label}.delete()")
    this.touch(sender, [instance.pk], name_of(instance))
    for column in sender._meta.many_to_many:
        this.touch_links(sender, column, [instance.pk])
    # The links of others to a row that goes are part of what those say.
    for relation in sender._meta.related_objects:
        if relation.many_to_many and is_of_record(relation.related_model):
            owners = relation.related_model._base_manager.filter(**{relation.field.name: instance.pk})
            pks = list(owners.order_by().values_list("pk", flat=True))
            this.touch_links(relation.related_model, relation.field, pks)


def before_linking(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Touch the rows whose links are about to change, from whichever end."""
    owner = model if reverse else type(instance)
    if not action.startswith("pre_") or not is_of_record(owner):
        return
    this = required(f"{sender._meta.label}, {action.removeprefix('pre_')}")
    [column] = [each for each in owner._meta.many_to_many if each.remote_field.through is sender]
    if not reverse:
        pks = [instance.pk]
    elif pk_set is not None:
        pks = sorted(pk_set)
    else:
        linked_rows = owner._base_manager.filter(**{column.name: instance.pk})
        pks = list(linked_rows.order_by().values_list("pk", flat=True))
    this.touch_links(owner, column, pks)


# The seal.

# A name, perhaps with that of its schema before it.
_NAME = r'(?:["\[`]?\w+["\]`]?\s*\.\s*)?["\[`]?(\w+)["\]`]?'
_WRITES = re.compile(
    r"\b(INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|MERGE\s+INTO"
    r"|COPY|(?:ALTER|DROP)\s+TABLE(?:\s+IF\s+EXISTS)?)\b(?:\s*ONLY\b)?[\s(]*" + _NAME,
    re.IGNORECASE,
)
# It may empty several tables at once.
_EMPTIES = re.compile(r"\bTRUNCATE\b([^;]*)", re.IGNORECASE)
# Texts are taken out with comments: one may stand in the other.
_NO_WORDS = re.compile(r"'(?:[^']|'')*'|/\*.*?\*/|--[^\n]*", re.DOTALL)
_READS = {
    *("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "START", "SET", "RESET", "SHOW"),
    *("PRAGMA", "VACUUM", "ANALYZE", "LOCK", "FETCH", "CLOSE"),
}
# What they write stands elsewhere, or is put together only when it is done; so do names in another spelling.
_HIDE_WRITES = {"DO", "CALL", "EXECUTE"}
_HIDES_NAMES = re.compile(r"\bU&\"", re.IGNORECASE)
# An account that goes leaves its name in the log (`Entry.by_name`).
_FORGETS_ACCOUNT = re.compile(r'\s*UPDATE "?record_entry"? SET "?by_id"? = NULL WHERE', re.IGNORECASE)
_BEGINS = re.compile(r"[\s(;]*(?:/\*.*?\*/|--[^\n]*\n|[\s(;])*(\w+)", re.DOTALL)


def tables():
    """Return {table: model, or the model of links} of the record."""
    if not hasattr(tables, "found"):
        tables.found = {
            model._meta.db_table: model
            for model in apps.get_models(include_auto_created=True)
            if is_of_record(model._meta.auto_created or model) and not model._meta.proxy
        }
    return tables.found


@cache
def log_tables():
    """Return the tables of the log, which only the writer writes."""
    from .models import Change, ChangedPage, Entry, Version

    return frozenset(model._meta.db_table for model in (Change, ChangedPage, Entry, Version))


def seal(execute, sql, params, many, context):
    """Let a statement reach the database unless it writes to the record outside of `writing()`."""
    if _is_sealed.get():
        text = sql if isinstance(sql, str) else _as_text(sql, context["cursor"])
        begins = _BEGINS.match(text)
        word = begins[1].upper() if begins else ""
        if word not in _READS or ";" in text:
            _look_at(word, text)
    return execute(sql, params, many, context)


def _as_text(sql, cursor):
    """Return a statement as text; drivers of PostgreSQL take bytes, and their own kind of statements."""
    return sql.decode(errors="replace") if isinstance(sql, bytes) else sql.as_string(cursor.cursor)


def _look_at(word, text):
    if word in _HIDE_WRITES or _HIDES_NAMES.search(text):
        raise NotWriting(f"{word}, of which nobody can tell what it writes")
    text = _NO_WORDS.sub(" ", text)
    found = [(verb.upper(), table) for verb, table in _WRITES.findall(text)]
    for names in _EMPTIES.findall(text):
        found += [("TRUNCATE", table) for table in re.findall(r"\w+", names)]
    for verb, table in found:
        if table.lower() in log_tables() and not _FORGETS_ACCOUNT.match(text):
            required(f"A statement writes to {table}")
        model = tables().get(table) or tables().get(table.lower())
        if model is None:
            continue
        this = required(f"A statement writes to {table}")
        this.written.add(model)
        # Whoever deletes rows, or links them, was heard before the statement.
        is_heard = model._meta.auto_created or not verb.startswith(("INSERT", "UPDATE"))
        if not is_heard and model not in this.passing:
            raise NotWriting(f"A statement writes to {table} past {model.__name__}")


def seal_connection(connection, **kwargs):
    """Put the seal on a new connection to the database."""
    if seal not in connection.execute_wrappers:
        connection.execute_wrappers.append(seal)


def connect():
    """Set the hooks and the seal; once, when the apps are ready."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    pre_delete.connect(before_delete)
    m2m_changed.connect(before_linking)
    connection_created.connect(seal_connection)
    for each in connections.all(initialized_only=True):
        seal_connection(each)
