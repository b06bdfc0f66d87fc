"""What becomes of the rows of a spreadsheet: told beforehand by doing it and taking it back, then done whole.

All rows are written in one transaction, as one entry of the log, by the rules of the forms: rights, reasons,
contact details. A rehearsal goes in steps, so that others may write between them, and writes nothing.
"""

import time
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from record.actions import IsAnnulled
from record.cleaning import clean, plain_dashes
from record.publication import clean_texts
from record.writing import WriteRefused, as_json, writing

from .cells import EMPTY, AllNamed, Named, Parts, Translations, is_ambiguous
from .heads import columns_by_head, folded

IS_THERE = gettext_lazy("There is such a row already, which you do not see.")
PARTS_STAND = gettext_lazy("Of what is there already, this is changed in a sheet of its own.")
# Rows that are written, or rehearsed, between two looks at the database.
STEP = 200
# Seconds for which steps of a rehearsal may follow one upon another, and those that are free for others then.
IN_A_ROW, PAUSE = 0.25, 0.11
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass
class Fault:
    """Why a row is refused, or what is odd in it: the letter and the head of the column, '' of the whole."""

    letter: str
    head: str
    reason: str


@dataclass
class Outcome:
    """What becomes of a row: NEW, CHANGED, SAME or REFUSED; `values` has [column, before, after].

    `warnings` are Faults too, that do not keep it from being written (rule 10 of the record). `scope` is that
    of the template in which a written row would stand, '' where there is none.
    """

    number: int
    kind: str = SAME
    name: str = ""
    values: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    scope: str = ""

    def refuse(self, reason, letter="", head=""):
        self.kind = REFUSED
        self.faults.append(Fault(letter, head, str(reason)))


class Line:
    """A row of the sheet on its way: its cells by column, the row of the model, and what becomes of it."""

    def __init__(self, number, cells):
        self.outcome = Outcome(number)
        self.cells = cells
        # `links` are the rows that it is linked to, `parts` those that its parts name.
        self.values, self.links, self.parts = {}, {}, {}
        # The columns that the sheet could not read.
        self.unread = set()
        self.instance = None
        self.is_new = False
        # What tells it from other rows of the sheet.
        self.keys = []
        # Not of a line of a template that nobody filled in.
        self.says_something = True

    @property
    def is_refused(self):
        return self.outcome.kind == REFUSED


class Loading:
    """The import of one sheet by a resource, which knows who imports and why."""

    def __init__(self, resource, sheet, file_name=""):
        self.resource, self.sheet, self.file_name = resource, sheet, file_name
        known = columns_by_head(type(resource))
        self.unknown = [head for _place, _letter, head in sheet.heads if folded(head) not in known]
        self.column_of = {head: known.get(folded(head)) for _place, _letter, head in sheet.heads}
        self.place_of = {
            self.column_of[head]: (letter, head)
            for _place, letter, head in sheet.heads
            if self.column_of[head]
        }
        by_column = {each.column_name: each for each in resource.get_import_fields()}
        self.fields = [
            by_column[name] for name in self.place_of if name in by_column and not by_column[name].readonly
        ]
        self.key = resource.key_columns()
        self.rows = list(sheet.rows)
        self.seen, self.numbers, self.ambiguous, self.paused_at = {}, {}, 0, 0
        self.unread = {}
        for fault in sheet.faults:
            self.unread.setdefault(fault.row, []).append(fault)

    def check_heads(self):
        """Raise ValueError where columns are unknown, say the same, or where those of the key are missing."""
        if self.unknown:
            raise ValueError(_("Unknown columns: %(names)s.") % {"names": ", ".join(self.unknown)})
        columns = [column for column in self.column_of.values() if column]
        if repeated := sorted({head for head, column in self.column_of.items() if columns.count(column) > 1}):
            raise ValueError(_("Columns that say the same: %(names)s.") % {"names": ", ".join(repeated)})
        given = set(self.place_of)
        may_lack = {*self.resource.may_be_empty, self.resource.number}
        if missing := [name for name in self.key if name not in given and name not in may_lack]:
            heads = self.resource.heads()
            raise ValueError(
                _("Columns that are missing: %(names)s.")
                % {"names": ", ".join(heads[name] for name in missing)}
            )

    # The two ways.

    def rehearse(self, tell=lambda done: None):
        """Return the Outcome of each row, and leave everything as it is; `tell` hears how many are done.

        A line of a template that nobody filled in has none: it would be counted as a row that there is.
        """
        outcomes = []
        # What came before may have been taken back.
        self.seen, self.numbers = {}, {}
        self.paused_at = time.monotonic()
        for start in range(0, len(self.rows), STEP):
            lines = self._lines(start)
            self._rehearse(lines)
            self._warn(lines)
            outcomes += [line.outcome for line in lines if line.says_something]
            tell(start + len(lines))
        self._refuse_repeated(outcomes)
        return self._with_faults_of_sheet(outcomes)

    def write(self, tell=lambda done: None):
        """Write all rows, as one entry of the log, or none, where one is refused; return the Outcomes.

        Raises WriteRefused where the writer refuses the whole.
        """
        outcomes = []
        try:
            with transaction.atomic():
                with writing(self.resource.user, self.resource.reason, act="import") as this:
                    this.file = self.file_name
                    for start in range(0, len(self.rows), STEP):
                        lines = self._lines(start)
                        self._store(this, lines)
                        outcomes += [line.outcome for line in lines if line.says_something]
                        self._took([line for line in lines if line.outcome.kind in (NEW, CHANGED)])
                        if any(line.is_refused for line in lines):
                            raise _TakeBack
                        tell(start + len(lines))
                    self._refuse_repeated(outcomes)
                    if self.sheet.faults or any(each.kind == REFUSED for each in outcomes):
                        raise _TakeBack
                self.resource.follow()
        except (_TakeBack, IntegrityError):
            return self.rehearse()
        return outcomes

    def _took(self, lines):
        """Let the resource take note of what was stored, and keep where that belongs."""
        rows = [line.instance for line in lines]
        self.resource.took(rows)
        if rows:
            for line, scope in zip(lines, self.resource.scopes_of(rows), strict=True):
                line.outcome.scope = scope

    def _rehearse(self, lines):
        """Do what `write` does with some rows, and take it back; a refusal is told of its row."""
        try:
            self._try(lines)
        except (WriteRefused, IntegrityError) as refused:
            if len(lines) == 1:
                lines[0].outcome.refuse(in_words(refused))
                return
            for line in lines:
                if not line.is_refused:
                    self._again(line)

    def _again(self, line):
        """Rehearse a row anew, alone."""
        for key in line.keys:
            self.seen[key].remove(line.outcome.number)
        alone = self._line(line.outcome.number, line.cells)
        self._rehearse([alone])
        line.outcome, line.says_something = alone.outcome, alone.says_something
        line.instance, line.values, line.is_new = alone.instance, alone.values, alone.is_new

    def _warn(self, lines):
        """Tell what is odd in the rows that would be written: of all together, once they are taken back."""
        told = [line for line in lines if line.outcome.kind in (NEW, CHANGED)]
        rows = [(line.instance, line.values, line.is_new) for line in told]
        for place, column, sentence in self.resource.warnings(rows):
            letter, head = self._place(column)
            told[place].outcome.warnings.append(Fault(letter, head, str(sentence)))

    def _try(self, lines):
        self._let_others_write()
        with transaction.atomic():
            with writing(self.resource.user, self.resource.reason, act="import") as this:
                this.is_rehearsal = True
                self._store(this, lines)
            transaction.set_rollback(True)

    def _let_others_write(self):
        """Pause now and then, so that whoever waits for SQLite's lock gets it before the rehearsal ends.

        He looks every 100 ms, and between two steps it is free for one.
        """
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return
        if time.monotonic() - self.paused_at > IN_A_ROW:
            time.sleep(PAUSE)
            self.paused_at = time.monotonic()

    # A step.

    def _lines(self, start):
        return [
            self._line(row.number, {self.column_of[head]: value for head, value in row.cells.items()})
            for row in self.rows[start : start + STEP]
        ]

    def _line(self, number, cells):
        """Return a row on its way; it is refused already where the sheet could not read all of its cells."""
        line = Line(number, cells)
        for fault in self.unread.get(number, ()):
            line.outcome.refuse(fault.reason, fault.letter, fault.head)
            line.unread.add(self.column_of.get(fault.head))
        return line

    def _store(self, this, lines):
        """Store some rows, inside of `writing()`: those that are not refused and not as they were."""
        self._read(lines)
        self._find(lines)
        for line in lines:
            if line.instance is not None and not line.is_refused:
                self._put(this, line)
        changed = [line for line in lines if line.outcome.kind == CHANGED]
        new = [line for line in lines if line.outcome.kind == NEW]
        model = self.resource._meta.model
        this.touch(model, [line.instance.pk for line in changed])
        for line in changed:
            line.instance.save()
        for line in new:
            line.instance.derive()
        model._default_manager.bulk_create([line.instance for line in new])
        self._store_parts(new)
        for line in (*changed, *new):
            for attribute, rows in line.links.items():
                getattr(line.instance, attribute).set(rows)

    def _store_parts(self, lines):
        """Store the parts of new rows."""
        parts = {}
        for line in lines:
            for each, named in line.parts.items():
                for row in each.make(line.instance, named):
                    row.derive()
                    parts.setdefault(type(row), []).append(row)
        for model, rows in parts.items():
            model._default_manager.bulk_create(rows)

    def _read(self, lines):
        """Read the cells of some rows; what cannot be read is told of its column."""
        for each in self.fields:
            if isinstance(each.widget, Named):
                each.widget.prefetch(line.cells.get(each.column_name) for line in lines)
        written = [
            each.column_name for each in self.fields if each.column_name not in self.resource.filled_in
        ]
        for line in lines:
            names = [*written, self.resource.number]
            line.says_something = any(line.cells.get(name) not in EMPTY for name in names) or line.is_refused
            if not line.says_something:
                continue
            for each in self.fields:
                if each.column_name in line.unread:
                    continue
                value = line.cells.get(each.column_name)
                self.ambiguous += is_ambiguous(value) and self._is_day(each)
                try:
                    read = each.clean({each.column_name: value})
                    is_name = each.column_name in self.key and isinstance(read, str)
                    line.values[each.column_name] = plain_dashes(read) if is_name else read
                except (ValueError, ValidationError) as error:
                    self._refuse(line, each.column_name, error)

    def _is_day(self, column):
        return isinstance(self.resource.model_field(column), models.DateField)

    def _refuse(self, line, column, error):
        letter, head = self._place(column)
        is_lacking = isinstance(error, ValidationError) and getattr(error, "code", "") in ("null", "blank")
        reasons = getattr(error, "messages", None) or [str(error)]
        for reason in [_("It is missing, and has to be filled in.")] if is_lacking else reasons:
            line.outcome.refuse(reason, letter, head)

    def _place(self, column):
        """Return the letter and the head of a column; the words of one that the sheet does not have."""
        return self.place_of.get(column) or ("", self.resource.heads().get(column, column))

    def _find(self, lines):
        """Give each row its instance: the one with its key, or a new one."""
        resource = self.resource
        for line in lines:
            if not line.says_something:
                continue
            if missing := [
                name
                for name in self.key
                if name != resource.number
                and name not in resource.may_be_empty
                and line.values.get(name) in EMPTY
                and not line.is_refused
            ]:
                for name in missing:
                    self._refuse(line, name, ValueError(_("This cell names the row, and is empty.")))
        asked = [line for line in lines if not line.is_refused and line.says_something]
        keys = [self._key(line) for line in asked if not self._lacks_number(line)]
        stored, taken = resource.stored_by_key(keys), resource.taken_by_key(keys)
        same = resource.stored_by_words([line.values for line in asked if self._lacks_number(line)])
        for line in asked:
            if self._lacks_number(line):
                words = resource.words_key(line.values)
                # Two lines with the same words, and without numbers, would be one row when read again.
                self._see(line, ("words", *words))
                line.instance = same.get(words)
                number = line.instance.number if line.instance else self._next_number(line)
                line.values[resource.number] = number
            else:
                line.instance = stored.get(self._key(line))
            key = self._key(line)
            if line.instance is None and (other := taken.get(key)):
                line.outcome.refuse(IsAnnulled(str(other)).messages[0] if other.is_annulled else IS_THERE)
                continue
            self._see(line, key)
            if line.instance is None:
                line.is_new = True
                line.instance = resource._meta.model()
                if resource.number:
                    setattr(line.instance, resource.number, line.values[resource.number])
        resource.hold([line.instance for line in asked if line.instance is not None and not line.is_new])

    def _see(self, line, key):
        """Remember that a row names something: no other one of the sheet may."""
        line.keys.append(key)
        self.seen.setdefault(key, []).append(line.outcome.number)

    def _lacks_number(self, line):
        return bool(self.resource.number) and line.values.get(self.resource.number) in EMPTY

    def _key(self, line):
        """Return the key of a row; of a column that the sheet lacks what an empty one has."""
        values = (line.values.get(name, self.resource.empty_of(name)) for name in self.key)
        return tuple(value.pk if isinstance(value, models.Model) else value for value in values)

    def _next_number(self, line):
        """Return the number after the last one of the same owner, annulled rows and this sheet's included."""
        resource = self.resource
        owner = {name: line.values[name] for name in self.key if name != resource.number}
        key = tuple(value.pk for value in owner.values())
        if key not in self.numbers:
            rows = resource._meta.model.everything.filter(**owner)
            self.numbers[key] = rows.aggregate(last=Max(resource.number))["last"] or 0
            self.numbers[key] = max(self.numbers[key], self._last_typed)
        self.numbers[key] += 1
        return self.numbers[key]

    @cached_property
    def _last_typed(self):
        """The last number that the sheet itself gives, of whatever owner: none is given twice."""
        _letter, head = self.place_of.get(self.resource.number, ("", None))
        typed = (row.cells.get(head) for row in self.rows)
        return max((int(each) for each in typed if str(each).isdecimal()), default=0)

    def _put(self, this, line):
        """Write the cells into the instance, and tell what became of it."""
        resource, instance, outcome = self.resource, line.instance, line.outcome
        clean_texts(instance)
        before, called = {}, {}
        for each in () if line.is_new else self.fields:
            called[each.column_name] = named = self._named(each, instance)
            before[each.column_name] = self._shown(each, instance, named)
        for each in self.fields:
            if each.column_name not in line.values:
                continue
            value = line.values[each.column_name]
            try:
                self._set(line, each, value)
            except ValueError as error:
                self._refuse(line, each.column_name, error)
        if line.is_refused:
            return
        outcome.name = resource.name_of(instance)
        different = []
        for each in self.fields:
            name, after = each.column_name, self._after(line, each)
            if after != before.get(name, ""):
                different.append(name)
                was = self._called(each, called.get(name)) or before.get(name, "")
                typed = line.cells.get(name)
                is_now = self._called(each, self._named_after(line, each), typed) or after
                outcome.values.append([name, was, is_now])
        if not line.is_new and not different:
            return
        outcome.kind = NEW if line.is_new else CHANGED
        for column, error in resource.faults_of(instance, line.values, this):
            self._refuse(line, column, error)

    def _set(self, line, each, value):
        if isinstance(each, Parts):
            if not line.is_new and each.shown(value) != each.get_value(line.instance):
                raise ValueError(PARTS_STAND)
            line.parts[each] = value
        elif isinstance(each.widget, AllNamed):
            line.links[each.attribute] = value
        elif isinstance(each, Translations):
            each.put(line.instance, value)
        elif each.attribute:
            column = self.resource.model_field(each)
            if value in EMPTY and column is not None and column.has_default() and not column.blank:
                # Such a column always says something: an empty cell leaves that as it is.
                return
            setattr(line.instance, each.attribute, clean(value) if isinstance(value, str) else value)

    def _after(self, line, each):
        if each in line.parts:
            return each.shown(line.parts[each])
        if each.attribute in line.links:
            return self._joined(each, line.links[each.attribute])
        return self._shown(each, line.instance)

    def _named_after(self, line, each):
        if each in line.parts:
            return line.parts[each]
        if each.attribute in line.links:
            return line.links[each.attribute]
        return self._named(each, line.instance)

    def _named(self, each, instance):
        """Return the rows of other models that a column of a row names."""
        if isinstance(each, Parts):
            return each.read(instance)
        if isinstance(each.widget, AllNamed):
            return list(getattr(instance, each.attribute).all()) if instance.pk else []
        value = getattr(instance, each.attribute or "", None)
        return [value] if isinstance(value, models.Model) else []

    def _called(self, each, named, typed=None):
        """Return what people call what a column names, with the identifiers that the cell was typed with."""
        if not named or not hasattr(each.widget, "called"):
            return ""
        texts = {plain_dashes(clean(text)) for text in str(typed or "").split("|")}
        return " | ".join(sorted(each.widget.called(row, texts) for row in named))

    def _joined(self, each, rows):
        return "|".join(sorted(str(getattr(row, each.widget.field)) for row in rows))

    def _shown(self, each, instance, named=None):
        """Return what a column of a row says, as exports write it; dates as 2024-12-31.

        `named` are the rows that the column names, where they were read already.
        """
        if isinstance(each, Parts):
            return each.get_value(instance)
        if not each.attribute:
            return ""
        if isinstance(each.widget, AllNamed):
            return self._joined(each, self._named(each, instance) if named is None else named)
        if isinstance(each, Translations):
            return each.get_value(instance)
        value = getattr(instance, each.attribute, None)
        if isinstance(value, models.Model):
            return str(getattr(value, each.widget.field))
        value = as_json(value)
        return "" if value is None else value

    # The sheet as a whole.

    def _refuse_repeated(self, outcomes):
        """Refuse rows that name the same row twice, each with the numbers of the others."""
        by_number = {outcome.number: outcome for outcome in outcomes}
        for numbers in self.seen.values():
            numbers = sorted(set(numbers))
            for number in numbers if len(numbers) > 1 else ():
                others = ", ".join(str(each) for each in numbers if each != number)
                by_number[number].refuse(_("The same row stands in row %(others)s too.") % {"others": others})

    def _with_faults_of_sheet(self, outcomes):
        """Add the rows of which the sheet could read nothing."""
        by_number = {outcome.number: outcome for outcome in outcomes}
        for number, found in self.unread.items():
            if number not in by_number:
                by_number[number] = Outcome(number)
                for fault in found:
                    by_number[number].refuse(fault.reason, fault.letter, fault.head)
        return [by_number[number] for number in sorted(by_number)]


class _TakeBack(Exception):
    """What was written is taken back."""


def in_words(error):
    """Return what a refusal of the writer, or of the database, says."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("The database refuses this row: another one has what has to be its own.")


def errors_by_column(error):
    """Yield (column, error) of a ValidationError; '' where it is about the row as a whole."""
    if not hasattr(error, "error_dict"):
        yield "", error
        return
    for column, errors in error.error_dict.items():
        for each in errors:
            yield ("" if column == NON_FIELD_ERRORS else column), each
