"""Preparing a loading: what each row of the files means for the database, and whether it may stand there.

Nothing is written here. New rows have their pks already, so that others can name them and be checked.
"""

import hashlib
import json
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from ..models import LoadedRow
from .constraints import broken, twins
from .faults import MOST_SHOWN, near, quoted
from .files import columns_of
from .stored import read_all, reserve


def digest(row, columns, links):
    """Return the digest of some columns of a row; `links` has the pks of its linked rows by column."""
    values = {}
    for column in columns:
        spec = row._meta.get_field(column)
        if spec.many_to_many:
            values[column] = sorted(links.get(column, ()))
        elif column == "unofficial":
            values[column] = sorted(row.unofficial)
        else:
            value = getattr(row, spec.attname)
            # The database gives 17.0 back for 17.
            values[column] = value.normalize() if isinstance(value, Decimal) else value
    return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()


class Preparation:
    """What a loading is going to write, and what is wrong with it.

    `added` and `updated` have the rows to write as (row of the database, pks of its linked rows) by model;
    `loaded` what is to be remembered of each row of the files.
    """

    def __init__(self, rows, loaded, outcome):
        self.faults = []
        self.outcome = outcome
        self.before = loaded
        self.loaded = []
        self.stored = read_all({row.model for row in rows})
        self.added = {model: [] for model in self.stored}
        self.updated = {model: [] for model in self.stored}
        # Whose row it is: to tell the place of a fault, and of the other row in it.
        self.places = {}
        places = {model: place for place, model in enumerate(self.stored)}
        rows = sorted((row for row in rows if row.key), key=lambda row: places[row.model])
        self.pks = self._reserve(rows)
        self._place([row for row in rows if not self._is_deleted(row)])
        for model in self.stored:
            self._find_twins(model)

    def _reserve(self, rows):
        """Return a pk for each row that may be new, in the order of the files."""
        new = {}
        for row in rows:
            if (row.label, row.key) not in self.before:
                new.setdefault(row.model, []).append(row)
        return {
            row: pk
            for model, of_model in new.items()
            for row, pk in zip(of_model, reserve(model, len(of_model)), strict=True)
        }

    def _is_deleted(self, row):
        """Tell whether staff deleted a row: then whatever it names does not matter."""
        loaded = self.before.get((row.label, row.key))
        if loaded is None or loaded.object_id in self.stored[row.model].rows:
            return False
        self.outcome.deleted.append(str(row))
        self._remember(row, loaded)
        return True

    def _place(self, rows):
        """Place every row once all that it names are there: some name one that comes later."""
        while rows:
            waiting = []
            for row in rows:
                found, missing = self._find_named(row)
                if missing:
                    waiting.append((row, missing))
                else:
                    self._place_row(row, found)
            if len(waiting) == len(rows):
                break
            rows = [row for row, _ in waiting]
        else:
            return
        labels = {row.label for row in rows}
        for row, missing in waiting:
            for label, public_id in missing:
                self._fault(row, self._missing(row, label, public_id, labels))
            self._check_alone(row)

    def _find_named(self, row):
        """Return the rows that a row names, by column, and (model, public id) of those that are missing."""
        found, missing = {}, []
        for column, value in row.columns.items():
            spec = columns_of(row.model)[column]
            if not spec.is_relation or column in row.wrong or value is None:
                continue
            index = self.stored[spec.related_model].by_public_id
            names = value if spec.many_to_many else [value]
            found[column] = [index[name] for name in names if name in index]
            missing += [(spec.related_model, name) for name in names if name not in index]
        return found, missing

    def _missing(self, row, model, public_id, waiting):
        label = model._meta.label_lower
        reason = f"names {label} {quoted(public_id)}, which "
        loaded = self.before.get((label, public_id))
        if loaded and loaded.object_id not in self.stored[model].rows:
            return f"{reason}was deleted by staff"
        if label in waiting:
            return f"{reason}does not exist, has a fault itself, or names this one in a circle"
        nearest = near(public_id, self.stored[model].by_public_id) if len(self.faults) < MOST_SHOWN else ""
        return f"{reason}does not exist{nearest}"

    def _values(self, row, stored):
        """Turn the columns of a row that name no other into values of fields."""
        values = {}
        for column, raw in row.columns.items():
            spec = columns_of(row.model)[column]
            if spec.is_relation or column in row.wrong:
                continue
            try:
                if column == "unofficial":
                    # A translation that stays the same keeps the fingerprint of the original that it was made
                    # from.
                    before = stored.unofficial if stored else {}
                    values[column] = {name: before.get(name, "") for name in _unofficial(row.model, raw)}
                else:
                    values[column] = (
                        spec.get_default() if raw is None and not spec.null else spec.to_python(raw)
                    )
            except ValidationError as error:
                self._fault(row, f"{column}: {'; '.join(error.messages)}", column)
        return values

    def _place_row(self, row, found):
        """Decide what becomes of a row, and check it."""
        stored = self.stored[row.model]
        loaded = self.before.get((row.label, row.key))
        instance = stored.rows[loaded.object_id] if loaded else None
        if loaded and digest(instance, loaded.columns, stored.links_of(instance.pk)) != loaded.digest:
            self._values(row, instance)  # for its faults
            self._keep(row, loaded)
            return
        values = self._values(row, instance)
        links = {}
        for column, named in found.items():
            if columns_of(row.model)[column].many_to_many:
                links[column] = {other.pk for other in named}
            else:
                values[column] = named[0]
        for column, raw in row.columns.items():
            spec = columns_of(row.model)[column]
            if raw is None and spec.is_relation and column not in row.wrong:
                (links if spec.many_to_many else values)[column] = set() if spec.many_to_many else None
        is_new = instance is None
        if is_new:
            instance = row.model(pk=self.pks[row])
        for column in set(loaded.columns if loaded else ()) - set(values) - set(links) - row.wrong:
            spec = instance._meta.get_field(column)
            if spec.many_to_many:
                links[column] = set()
            else:
                values[column] = spec.get_default()
        if loaded and self._is_filled_in(instance, values, links, loaded.columns):
            self._keep(row, loaded)
            return
        columns = sorted({*values, *links})
        before = None if is_new else digest(instance, columns, stored.links_of(instance.pk))
        for column, value in values.items():
            setattr(instance, column, value)
        if is_new and (pk := stored.pk_by_key.get(_natural_key(row, instance))):
            # Staff entered it before the record did.
            self._keep(row, LoadedRow(model=row.label, key=row.key, object_id=pk, columns=[], digest=""))
            return
        self.places[row.model, instance.pk] = row
        after = digest(instance, columns, {**stored.links_of(instance.pk), **links})
        if after != before:
            self._derive(row, instance)
        self._check(row, instance)
        if after != before:
            for message, name in broken(instance, row.wrong):
                self._fault(row, f"{message} ({name})")
        if after == before:
            self.outcome.unchanged.append(str(row))
        else:
            (self.added if is_new else self.updated)[row.model].append((instance, links))
            (self.outcome.added if is_new else self.outcome.updated).append(str(row))
        stored.add(instance)
        self._remember(
            row,
            loaded or LoadedRow(model=row.label, key=row.key, object_id=instance.pk),
            sorted(row.columns),
            after,
        )

    def _is_filled_in(self, instance, values, links, known):
        """Tell whether staff filled in otherwise what the files say of a row for the first time."""
        for column in {*values, *links} - set(known):
            spec = instance._meta.get_field(column)
            if spec.many_to_many:
                stored, wanted, empty = self.stored[type(instance)].links_of(instance.pk), links, set()
                stored = stored.get(column, set())
            else:
                stored, wanted, empty = getattr(instance, column), values, spec.get_default()
            if stored not in (empty, wanted[column]):
                return True
        return False

    def _keep(self, row, loaded):
        self.outcome.kept.append(str(row))
        self._remember(row, loaded)

    def _remember(self, row, loaded, columns=None, digest=None):
        """Remember a row as it stands in the files; without columns only where it stands."""
        changed = loaded.pk is None or loaded.file != row.file
        loaded.file = row.file
        if columns is not None:
            changed = changed or (loaded.columns, loaded.digest) != (columns, digest)
            loaded.columns, loaded.digest = columns, digest
        if changed:
            self.loaded.append(loaded)

    def _derive(self, row, instance):
        try:
            instance.derive()
        except ValidationError as error:
            self._tell(row, error)

    def _check_alone(self, row):
        """Check what can be checked of a row without those that it names."""
        instance = row.model()
        for column, value in self._values(row, None).items():
            setattr(instance, column, value)
        derived = {spec.name for spec in instance._meta.concrete_fields if not spec.editable}
        self._check_fields(row, instance, derived)

    def _check(self, row, instance):
        """Check a row as a form would, and ask it what it says against itself."""
        self._check_fields(row, instance, set())
        try:
            instance.clean()
        except ValidationError as error:
            self._tell(row, error)
        for warning in instance.doubts():
            self.outcome.doubts.append(f"{row.place}: {row}: {warning}")

    def _check_fields(self, row, instance, without):
        # The rows that this one names were found a moment ago.
        related = {spec.name for spec in instance._meta.concrete_fields if spec.is_relation}
        try:
            instance.clean_fields(exclude={*related, *row.wrong, *without})
        except ValidationError as error:
            self._tell(row, error)
        for column in related:
            spec = instance._meta.get_field(column)
            if not spec.null and column not in row.wrong and row.columns.get(column) is None:
                self._fault(row, f"without {column}", column)

    def _tell(self, row, error):
        """Tell the faults that Django found in a row."""
        for column, errors in (
            error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]
        ):
            where = "" if column in ("", NON_FIELD_ERRORS) else f"{column}: "
            for each in errors:
                reason = f"{where}{'; '.join(each.messages)}"
                if each.code == "invalid_choice":
                    choices = [str(value) for value, _ in row.model._meta.get_field(column).flatchoices]
                    reason += (
                        f" Allowed: {', '.join(choices)}{near((each.params or {}).get('value'), choices)}"
                    )
                self._fault(row, reason, column)

    def _fault(self, row, reason, column=""):
        if column in row.columns:
            row.wrong.add(column)
        self.faults.append(row.fault(reason))

    def _find_twins(self, model):
        """Tell which rows have the same where only one may: the database would refuse the second."""
        if not self.added[model] and not self.updated[model]:
            return
        written = {row.pk for row, _ in (*self.added[model], *self.updated[model])}
        for columns, values, rows in twins(model, self.stored[model].rows.values()):
            self._tell_twins(model, columns, values, rows, written)

    def _tell_twins(self, model, columns, values, rows, written):
        for row in rows:
            if row.pk not in written:
                continue
            others = [self.places.get((model, other.pk)) for other in rows if other.pk != row.pk]
            where = ", ".join(other.place if other else "a row of the database" for other in others)
            self._fault(
                self.places[model, row.pk],
                f"the same {', '.join(columns)} ({quoted(', '.join(map(str, values)))}) has {where}",
            )


def _natural_key(row, instance):
    return tuple(getattr(instance, instance._meta.get_field(column).attname) for column in row.kind.key)


def _unofficial(model, raw):
    """Return the columns that a row lists as translations of ours; raise ValidationError."""
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(column, str) for column in raw):
        raise ValidationError("a list of columns is expected")
    known = model.bilingual_columns()
    if wrong := sorted(set(raw) - set(known)):
        raise ValidationError(f"unknown column {', '.join(map(quoted, wrong))}{near(wrong[0], known)}")
    return raw
