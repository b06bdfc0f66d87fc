"""Putting rows as the log says: going back to what a row was, and doing what was proposed.

A change here is a dict, as `Proposal.changes` keeps it: {"model", "object_id", "name", "action",
"columns": {column: [before, after]}, "source"}. Values are as `record.writing.as_json` writes them.
"""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .kinds import kind_of
from .models import Change
from .writing import WriteRefused, as_json, columns_of, differences, is_of_record, linked, required, snapshot


@dataclass(frozen=True)
class Difference:
    """A column in which a row is not what it was when its change was written down."""

    change: dict
    column: str
    before: object
    stored: object
    wanted: object


class Outdated(WriteRefused):
    """Rows are not any more what they were when the changes were written down; `differences` tells them."""

    def __init__(self, found):
        super().__init__(_("These rows were changed meanwhile; nothing was written."), code="outdated")
        self.differences = found


class CannotApply(WriteRefused):
    """A change cannot be made at all: what it speaks of is gone."""

    GONE = _("“%(name)s” is gone, so that it cannot be changed.")
    NO_KIND = _("There are no rows of the kind “%(name)s” any more.")
    NO_COLUMN = _("There is no column “%(name)s” any more.")
    NO_TARGET = _("“%(name)s” points to a row that is gone.")

    def __init__(self, message, name):
        super().__init__(message, code="cannot_apply", params={"name": name})


# What a row was.


def columns_now(row):
    """Return {column: value} of a row as it is stored, with its links to others, as the log has it."""
    model = type(row)
    stored = model._base_manager.get(pk=row.pk)
    return snapshot(stored) | {
        field.name: linked(field, [row.pk])[row.pk] for field in model._meta.many_to_many
    }


def columns_before(row, change):
    """Return {column: value} of a row as it was right before one of its changes.

    That is worked out from the present, change by change backwards. What was taken out of the log for
    personal data (`strike`) stays as it is now, and so do columns of which nothing was known then.
    """
    columns = columns_now(row)
    renamed = kind_of(type(row)).renamed
    for later in Change.objects.of(row).filter(pk__gte=change.pk).order_by("-pk"):
        for name, values in later.columns.items():
            name = renamed.get(name, name)
            if values and name in columns:
                columns[name] = values[0]
    return columns


def change_back(row, change):
    """Return the change that puts a row as it was before one of its changes.

    Whether it is published or annulled is not gone back to: that has acts of its own.
    """
    old = columns_before(row, change)
    # These say what became of the row: acts change them.
    acts = {"annulled_at", row.publication_column}
    columns = {
        name: values for name, values in differences(columns_now(row), old).items() if name not in acts
    }
    return {
        "model": row._meta.label_lower,
        "object_id": row.pk,
        "name": str(row),
        "action": Change.Action.CHANGED.value,
        "columns": columns,
    }


def model_of(label):
    """Return the model of the record that has a label in the log; None where there is none any more."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if is_of_record(model) else None


def as_dict(change):
    """Return a Change, stored or not, as a dict."""
    return {
        "model": change.model,
        "object_id": change.object_id,
        "name": change.name,
        "action": str(change.action),
        "columns": change.columns,
        "source": change.source,
    }


# Putting it so.


def apply(changes):
    """Make some changes to rows, inside `writing()`, if each row still is what it was before.

    Raises Outdated where it is not, CannotApply where a row, a kind or a column is gone or a value points to
    a row that is, ValidationError where a row may not be so; then nothing may be kept of the writing.
    """
    this = required("apply()")
    this.hold(rows_of(changes))
    known = [_known(change) for change in changes]
    if found := outdated(changes):
        raise Outdated(found)
    made = {}
    for model, change in known:
        _apply_one(this, model, change, made)


def rows_of(changes):
    """Return {model: pks} of the rows that exist and are changed."""
    rows = {}
    for change in changes:
        model = model_of(change["model"])
        if model is not None and change["action"] != Change.Action.CREATED:
            rows.setdefault(model, []).append(change["object_id"])
    return rows


def outdated(changes):
    """Return the Differences between what rows are and what they were when the changes were written down."""
    found = []
    for model, change in map(_known, changes):
        if change["action"] == Change.Action.CREATED:
            continue
        row = model._base_manager.filter(pk=change["object_id"]).first()
        if row is None:
            raise CannotApply(CannotApply.GONE, change["name"])
        stored = columns_now(row)
        for name, (before, after) in change["columns"].items():
            if differences({name: before}, {name: stored[name]}):
                found.append(Difference(change, name, before, stored[name], after))
    return found


def _known(change):
    """Return the model of a change, and the change with the columns as they are called now."""
    model = model_of(change["model"])
    if model is None:
        raise CannotApply(CannotApply.NO_KIND, change["model"])
    renamed, columns = kind_of(model).renamed, {}
    known = {field.name for field in (*columns_of(model), *model._meta.many_to_many)}
    for name, values in change["columns"].items():
        name = renamed.get(name, name)
        if name not in known:
            raise CannotApply(CannotApply.NO_COLUMN, name)
        columns[name] = values
    return model, change | {"columns": columns}


def _apply_one(this, model, change, made):
    """Make one change; `made` has {(model, provisional pk): pk} of the rows that were added before it."""
    if change["action"] == Change.Action.DELETED:
        model._base_manager.get(pk=change["object_id"]).delete()
        return
    is_new = change["action"] == Change.Action.CREATED
    row = model() if is_new else model._base_manager.get(pk=change["object_id"])
    wanted = {name: after for name, (_before, after) in change["columns"].items()}
    if wanted.get("annulled_at"):
        # It is annulled now, not when somebody proposed it.
        wanted["annulled_at"] = as_json(now())
    links = {}
    for name, value in wanted.items():
        field = model._meta.get_field(name)
        if field.many_to_many:
            links[name] = _targets(field, value, made)
        elif field.is_relation:
            setattr(row, field.attname, next(iter(_targets(field, [value], made)), None))
        else:
            setattr(row, field.attname, field.to_python(value))
    _check(row, wanted)
    row.save()
    made[model, change["object_id"]] = row.pk
    for name, pks in links.items():
        getattr(row, name).set(pks)
    _put(row, {name: value for name, value in wanted.items() if name not in links})
    if change.get("source"):
        this.sources[model, row.pk] = change["source"]


def _check(row, wanted):
    """Check a row as a form does, with the columns that change; raise WriteRefused that names them."""
    fields = row._meta.concrete_fields
    derived = {field.name for field in fields if not field.editable}
    unchanged = {field.name for field in fields if field.name not in wanted}
    try:
        row.clean_fields(exclude=unchanged | derived)
        row.clean()
        row.validate_unique(exclude=derived)
        row.validate_constraints(exclude=derived)
    except ValidationError as error:
        raise WriteRefused(_in_words(row, error), code="invalid") from error


def _in_words(row, error):
    """Return the messages of an error, each with the column that it speaks of."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        message
        if name == NON_FIELD_ERRORS
        else f"{capfirst(row._meta.get_field(name).verbose_name)}: {message}"
        for name, found in error.message_dict.items()
        for message in found
    ]


def _targets(field, pks, made):
    """Return the pks of the rows that a value points to; raise CannotApply where one is gone."""
    model = field.related_model
    pks = [made.get((model, pk), pk) for pk in pks if pk is not None]
    if model._base_manager.filter(pk__in=pks).count() != len(pks):
        raise CannotApply(CannotApply.NO_TARGET, field.verbose_name)
    return pks


def _put(row, wanted):
    """Write what saving made of some columns otherwise, such as the fingerprints of translations."""
    model = type(row)
    stored = snapshot(model._base_manager.get(pk=row.pk))
    other = differences({name: stored[name] for name in wanted}, wanted)
    if other:
        values = {name: model._meta.get_field(name).to_python(value) for name, (_old, value) in other.items()}
        model.everything.filter(pk=row.pk).update(**values)
