"""Parameters of lists, checked strictly: the same names mean the same rows on a page and in the API.

A parameter is read from the query string as the list of its values. An empty value counts as absent. What the
reader typed is compared with what exists and never goes into a query itself, so that a huge number or a NUL
byte is only an unknown value.
"""

import re
from datetime import date, datetime, time
from types import SimpleNamespace

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from record.cleaning import clean_query
from record.dates import LIMA, Reading, today

from .kept import shelf_of_request

# A longer list of the values that are allowed is no help in an error.
MAX_ALLOWED_SHOWN = 60
MAX_QUERY_LENGTH = 200
# What a row that may be named takes in memory, about.
ROW = 5_000
# More values of one parameter than anybody ticks: each is a condition of the query, a row to name, a link.
MAX_VALUES = 20
# Nobody mistypes more names than this in one address; the answer stays short.
MAX_UNKNOWN_SHOWN = 20


def shortened(value):
    """Return what a reader typed, short enough to be repeated to him."""
    return value if len(value) <= 60 else f"{value[:60]}…"


class ValuesWidget(forms.TextInput):
    """Reads every value that a name has in the query string."""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name)


class ValuesField(forms.Field):
    """The values of one parameter. `parse(value)` turns one of them into what the filters need."""

    widget = ValuesWidget
    # How the OpenAPI description types one value.
    schema_type = {"type": "string"}

    def __init__(self, *, multiple=False, **kwargs):
        self.multiple = multiple
        super().__init__(**kwargs)

    def clean(self, values):
        """Return the parsed value, or the list of them if there may be several; None or [] if absent.

        Every value passes the cleaner here (rule 11).
        """
        if any("\0" in value for value in values):
            raise ValidationError(_("A NUL character is not allowed."), code="nul")
        values = [value for value in map(clean_query, values) if value]
        if self.multiple:
            values = list(dict.fromkeys(values))
            if len(values) > MAX_VALUES:
                raise ValidationError(
                    _("Choose %(max)s at most."), code="too_many_values", params={"max": MAX_VALUES}
                )
            return [self.parse(value) for value in values]
        if len(values) > 1:
            raise ValidationError(_("This parameter may be given only once."), code="repeated")
        return self.parse(values[0]) if values else None

    def parse(self, value):
        return value

    def options(self):
        """Return (value, label) for each value that is allowed; [] where any is."""
        return []

    def schema(self):
        """Return the OpenAPI schema of the parameter."""
        return self.schema_of(dict(self.schema_type))

    def schema_of(self, one):
        """Return the OpenAPI schema of the parameter, whose values have the schema `one`."""
        return {"type": "array", "items": one, "maxItems": MAX_VALUES} if self.multiple else one

    def unknown(self, value, allowed):
        """Return the error for a value that is none of those allowed; it lists them where they are few."""
        params = {"value": shortened(value)}
        if len(allowed) <= MAX_ALLOWED_SHOWN:
            params["allowed"] = list(allowed)
        return ValidationError(_("Unknown value “%(value)s”."), code="unknown_value", params=params)


class ChoiceField(ValuesField):
    """A value of a short list of ours."""

    def __init__(self, *, choices, **kwargs):
        self.choices = [(str(value), label) for value, label in getattr(choices, "choices", choices)]
        super().__init__(**kwargs)

    def options(self):
        return self.choices

    def parse(self, value):
        allowed = [choice for choice, _label in self.choices]
        if value not in allowed:
            raise self.unknown(value, allowed)
        return value

    def schema(self):
        return self.schema_of({"type": "string", "enum": [value for value, _label in self.choices]})


class RowField(ValuesField):
    """A row of a model that the public may see, named by its public identifier.

    The rows are fetched once, when needed, with the columns of `only` alone where that is given.
    """

    ANNULLED = _("“%(value)s” was annulled and is in no list; its own address says when and why.")

    def __init__(self, *, model, key="slug", only=(), **kwargs):
        self.model, self.key, self.only = model, key, only
        super().__init__(**kwargs)

    def nameable(self):
        """Return the queryset of all rows that may be named."""
        return self.model.objects.published()

    @cached_property
    def rows(self):
        """All rows that may be named, by their identifier, as people read them.

        They are kept for as long as the public record stays as it is: others read them too, and nobody
        changes them.
        """
        shelf = shelf_of_request()
        if shelf is None:
            return self.read_rows()
        # The language orders what is in alphabetical order.
        key = type(self), self.model, self.key, tuple(self.only), get_language()
        found = shelf.get(key)
        if found is None:
            found = self.read_rows()
            shelf.put(key, found, ROW * len(found))
        return found

    def read_rows(self):
        rows = self.nameable().in_reading_order()
        rows = rows.only(*self.only) if self.only else rows
        return {str(getattr(row, self.key)): row for row in rows}

    @cached_property
    def annulled(self):
        """The identifiers of the rows that were annulled, or belong to what was: no list knows them."""
        readable = self.model.objects.everything().readable()
        return set(map(str, readable.values_list(self.key, flat=True))) - set(self.rows)

    def options(self):
        return [(value, str(row)) for value, row in self.rows.items()]

    def parse(self, value):
        if value not in self.rows:
            if value in self.annulled:
                params = {"value": shortened(value)}
                raise ValidationError(self.ANNULLED, code="annulled", params=params)
            # The API lists what is allowed in the order of its lists.
            in_order = self.nameable().values_list(self.key, flat=True)
            raise self.unknown(value, [str(key) for key in in_order])
        return self.rows[value]


class ReadableRowField(RowField):
    """A row that the public may read at its address, also one that was annulled."""

    def nameable(self):
        return self.model.everything.readable()


class BooleanField(ValuesField):
    schema_type = {"type": "boolean"}
    choices = {"true": True, "false": False}

    def options(self):
        return [("true", _("Yes")), ("false", _("No"))]

    def parse(self, value):
        if value not in self.choices:
            raise ValidationError(
                _("Write true or false."), code="invalid_boolean", params={"allowed": list(self.choices)}
            )
        return self.choices[value]


class DateField(ValuesField):
    schema_type = {"type": "string", "format": "date"}

    def parse(self, value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        # Python also reads 20170930 and 2017-W39; we read one form.
        if day is None or day.isoformat() != value:
            raise ValidationError(_("Write a date as YYYY-MM-DD, such as 2017-09-30."), code="invalid_date")
        return day


class MomentField(ValuesField):
    """A day, or a moment of it: 2026-11-26T14:30:00-05:00; without an offset it is the time of Peru.

    A day is all its moments: `is_end` says whether the last one is meant, or the first.
    """

    schema_type = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    # Further from these no database and no time zone can count.
    FIRST, LAST = (datetime(year, 1, 1, tzinfo=LIMA) for year in (2, 9999))

    def __init__(self, *, is_end=False, **kwargs):
        self.is_end = is_end
        super().__init__(**kwargs)

    def parse(self, value):
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                moment = datetime.combine(date.fromisoformat(value), time.max if self.is_end else time.min)
            elif re.fullmatch(r"\d{4}-\d{2}-\d{2}T[0-9:.]{5,15}(Z|[+-]\d{2}:\d{2})?", value):
                moment = datetime.fromisoformat(value)
            else:
                raise ValueError
        except ValueError:
            raise ValidationError(
                _("Write a day as 2026-11-26, or a moment as 2026-11-26T14:30:00-05:00."), code="invalid_date"
            ) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=LIMA)
        return min(max(moment, self.FIRST), self.LAST)


class PastDateField(DateField):
    """A day that the record can speak of: today in Peru or earlier (rule 5)."""

    def parse(self, value):
        day = super().parse(value)
        if day > today():
            raise ValidationError(_("This date is in the future."), code="future_date")
        return day


class SearchField(ValuesField):
    def parse(self, value):
        if len(value) > MAX_QUERY_LENGTH:
            raise ValidationError(
                _("Search for %(max)s characters at most."), code="too_long", params={"max": MAX_QUERY_LENGTH}
            )
        return value

    def schema(self):
        return {"type": "string", "maxLength": MAX_QUERY_LENGTH}


class OrderingField(ChoiceField):
    """A name to order by; with a leading minus it is the other way round."""

    def __init__(self, *, choices, **kwargs):
        both = [option for name, label in choices for option in ((name, label), (f"-{name}", label))]
        super().__init__(choices=both, **kwargs)


class Param(django_filters.Filter):
    """A parameter of a list. With `lookup` it is a condition by itself; else the filter set uses it."""

    field_class = ValuesField

    def __init__(self, lookup=None, **kwargs):
        self.lookup = lookup
        super().__init__(**kwargs)

    def filter(self, qs, value):
        if self.lookup is None or value is None or value == []:
            return qs
        return qs.filter(**{self.lookup: value})


class ChoiceFilter(Param):
    field_class = ChoiceField


class RowFilter(Param):
    field_class = RowField


class ReadableRowFilter(Param):
    field_class = ReadableRowField


class BooleanFilter(Param):
    field_class = BooleanField


class DateFilter(Param):
    field_class = DateField


class MomentFilter(Param):
    field_class = MomentField


class AsOfFilter(Param):
    field_class = PastDateField

    def __init__(self, **kwargs):
        labels = {
            "label": _("As of"),
            "help_text": _("What today's record says about this day, not later than today in Peru."),
        }
        super().__init__(**labels | kwargs)


class SearchFilter(Param):
    """Words that a row must have, all of them."""

    field_class = SearchField

    def __init__(self, **kwargs):
        labels = {
            "label": _("Words"),
            "help_text": _(
                "Every word must occur, in either language; accents and endings do not matter. Words in "
                "quotation marks must follow each other."
            ),
        }
        super().__init__(**labels | kwargs)

    def filter(self, qs, value):
        return qs if value is None else qs.search(value)


class OrderingFilter(Param):
    field_class = OrderingField

    def __init__(self, **kwargs):
        labels = {
            "label": _("Order by"),
            "help_text": _("With a minus in front it is the other way round; what is unknown comes last."),
        }
        super().__init__(**labels | kwargs)


def ordered(expression, is_descending):
    """Return an ordering by an expression or column, the unknown last in either direction."""
    expression = F(expression) if isinstance(expression, str) else expression
    return expression.desc(nulls_last=True) if is_descending else expression.asc(nulls_last=True)


# Stands for the queryset where only the parameters matter.
NO_ROWS = SimpleNamespace(model=None)


class StrictFilterSet(django_filters.FilterSet):
    """The parameters of a list, and the rows that they ask for.

    Values must be right everywhere; with `strict` (the API) names must be known too, other than those in
    `also_known`. With an error there are no rows: ask `errors_list()` first. A subclass states what the
    single parameters don't in `narrow(rows, values)`, and its orderings in `orderings(values)`.
    """

    # Order of last resort, so that pages of a list never overlap.
    ties = ("pk",)
    # The parameters with which the day decides, too, which rows there are; None where it always may.
    dated = None
    # An expression with the day from which a row is in the list; a row without such a day always is.
    begins_on = None
    # Rows are asked for whatever the day, to be chosen by that of `begins_on` later.
    of_any_day = False

    as_of = AsOfFilter()

    def __init__(self, data=None, queryset=None, *, strict=False, also_known=(), **kwargs):
        data = QueryDict() if data is None else data
        if not hasattr(data, "getlist"):
            data = MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in data.items()})
        self.unknown_names = sorted(set(data) - set(self.base_filters) - set(also_known)) if strict else []
        self.also_known = also_known
        super().__init__(data, NO_ROWS if queryset is None else queryset, **kwargs)
        # An empty QueryDict is false, and django-filter would then put another one in its place.
        self.data = data

    @classmethod
    def is_dated(cls, names):
        """Tell whether the day decides, beside that of `begins_on`, which rows some parameters ask for."""
        return cls.dated is None or not set(names).isdisjoint(cls.dated)

    @property
    def values(self):
        """The parsed values, of the parameters that had no error."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def narrows(self):
        """Whether rows may be left out: by a parameter that was given, or by the day."""
        keep_all = {"ordering"} if self.dated is None else {"ordering", "as_of"}
        given = {name for name, value in self.values.items() if value not in (None, [])}
        return self.begins_on is not None or not given <= keep_all

    @cached_property
    def reading(self):
        """The day that was asked for (`as_of`), today without one (rule 5)."""
        return Reading.of(self.values.get("as_of"))

    @property
    def on(self):
        """The day on which the record is read."""
        return self.reading.on

    def filter_queryset(self, queryset):
        """Keep the rows that are asked for, in the order that is asked for; none if there is an error."""
        if self.form.errors or self.unknown_names:
            return queryset.none()
        queryset = self.narrow(super().filter_queryset(queryset), self.values)
        if self.begins_on is not None:
            queryset = queryset.alias(begins_on=self.begins_on)
            if not self.of_any_day:
                queryset = queryset.filter(Q(begins_on=None) | Q(begins_on__lte=self.on))
        ordering = self.values.get("ordering")
        if ordering:
            is_descending = ordering.startswith("-")
            terms = [ordered(term, is_descending) for term in self.orderings(queryset)[ordering.lstrip("-")]]
            queryset = queryset.order_by(*terms, *self.ties)
        return queryset

    def narrow(self, rows, values):
        """Keep the rows that several parameters ask for together, or that need more than a lookup."""
        return rows

    def orderings(self, rows):
        """Return what each name of `ordering` orders by, as a list of columns or expressions."""
        return {}

    def options(self, name):
        """Return (value, label) for each value that a parameter may have, such as for a <select>."""
        return self.form.fields[name].options()

    def errors_list(self):
        """Return what is wrong, as a list of {field, code, detail} and `allowed` where the list is short."""
        known = [*self.filters, *self.also_known]
        errors = [
            {
                "field": shortened(name),
                "code": "unknown_parameter",
                "detail": str(_("There is no such parameter here.")),
                "allowed": known,
            }
            for name in self.unknown_names[:MAX_UNKNOWN_SHOWN]
        ]
        for name, faults in self.form.errors.as_data().items():
            for fault in faults:
                params = dict(fault.params or {})
                allowed = params.pop("allowed", None)
                error = {"field": name, "code": fault.code, "detail": str(fault.message % params)}
                errors.append(error if allowed is None else error | {"allowed": allowed})
        return errors


class AsOf(StrictFilterSet):
    """For what takes no parameters but the day."""

    dated = ()


class NoFilters(StrictFilterSet):
    """For what takes no parameters at all."""

    as_of = None
