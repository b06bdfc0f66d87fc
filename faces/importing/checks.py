"""Check constraints asked in Python: thousands of rows would ask the database thousands of times.

As in SQL an answer is True, False or, where something is null, None, and only False breaks a constraint.
"""

import operator

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Q

_COMPARED = {
    "exact": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


class Unknown(Exception):
    """A condition that only the database can read."""


def check_constraints(row):
    """Raise ValidationError where a row in memory breaks a check constraint of its model."""
    errors = []
    for constraint in row._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        try:
            is_broken = answer(constraint.condition, row) is False
        except Unknown:
            try:
                constraint.validate(type(row), row)
            except ValidationError as error:
                errors += error.error_list
            continue
        if is_broken:
            errors.append(
                ValidationError(
                    constraint.get_violation_error_message(), code=constraint.violation_error_code
                )
            )
    if errors:
        raise ValidationError(errors)


def answer(condition, row):
    """Return whether a condition holds of a row; None where SQL would say null. Raises Unknown."""
    answers = [
        answer(part, row) if isinstance(part, Q) else _compare(row, *part) for part in condition.children
    ]
    decisive = condition.connector == Q.OR
    found = decisive if decisive in answers else None if None in answers else not decisive
    if condition.negated and found is not None:
        return not found
    return found


def _compare(row, lookup, wanted):
    name, _mark, kind = lookup.partition("__")
    value = getattr(row, row._meta.get_field(name).attname)
    if isinstance(wanted, F):
        wanted = getattr(row, row._meta.get_field(wanted.name).attname)
    if kind == "isnull":
        return (value is None) == wanted
    if kind == "in":
        return None if value is None else value in wanted
    if (compare := _COMPARED.get(kind or "exact")) is None:
        raise Unknown(lookup)
    return None if value is None or wanted is None else compare(value, wanted)
