"""What the database demands of rows, asked before they are written."""

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint


def broken(row, exclude):
    """Yield (message, name) for each constraint on one row that it breaks, but for some columns."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, CheckConstraint) and reading(constraint.condition, row) is not True:
            # The database has the last word, and takes long to say it.
            try:
                constraint.validate(type(row), row, exclude=exclude)
            except ValidationError as error:
                yield "; ".join(error.messages), constraint.name


def reading(condition, row):
    """Return whether a condition holds of a row, without a database: True, False, or None for unknown.

    Unknown is what SQL says so of, and what is not understood here.
    """
    if not isinstance(condition, Q):
        return None
    parts = [
        reading(part, row) if not isinstance(part, tuple) else _compare(row, *part)
        for part in condition.children
    ]
    decides = condition.connector == Q.OR
    if condition.connector == Q.XOR:
        result = None
    elif decides in parts:
        result = decides
    else:
        result = None if None in parts else not decides
    return result if result is None else result != condition.negated


def _compare(row, lookup, wanted):
    column, _, operator = lookup.partition("__")
    value = getattr(row, row._meta.get_field(column).attname)
    if operator == "isnull":
        return (value is None) == wanted
    if isinstance(wanted, F):
        wanted = getattr(row, row._meta.get_field(wanted.name).attname)
    if value is None or wanted is None:
        return None
    match operator:
        case "" | "exact":
            return value == wanted
        case "in" if isinstance(wanted, (list, tuple)):
            return value in wanted
        case "lte":
            return value <= wanted
    return None


def unique_columns(model):
    """Return the groups of columns that only one row of a model may have alike."""
    found = [[spec.name] for spec in model._meta.concrete_fields if spec.unique and not spec.primary_key]
    found += [
        list(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.fields and not constraint.condition
    ]
    return found


def twins(model, rows):
    """Yield (columns, values, rows) for each group of rows that are alike where only one may be."""
    for columns in unique_columns(model):
        names = [model._meta.get_field(column).attname for column in columns]
        groups = {}
        for row in rows:
            values = tuple(getattr(row, name) for name in names)
            if None not in values:
                groups.setdefault(values, []).append(row)
        for values, alike in groups.items():
            if len(alike) > 1:
                yield columns, values, alike
