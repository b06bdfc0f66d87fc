"""The pages of rows; and lists as pages: the filters of the API in a form, bad values told plainly."""

from datetime import date

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView

from record.cleaning import clean_query
from record.publication import behind_a_notice
from record.reading import count_together

from .addresses import address_without_empty
from .annulled import annulled_among, annulled_parts, notice_of, readable_rows
from .as_of import keep_day
from .changes import with_log
from .filters import AsOf
from .languages import language_notes

# Rows that are found by their words, up to which other filters are counted among them by their keys.
MAX_FOUND = 2_000
# Each count is a question of its own; nobody who reads narrows a list by more parameters than these.
MOST_COUNTED = 6
# More values than these nobody looks through in a form; an address may name any other one.
MOST_OFFERED = 150


class Dated:
    """A page that is read on a day: `as_of` in its address, today without it (rule 5).

    The day is said at its head (`includes/_as_of.html`) and kept by its links (`faces/as_of.py`).
    """

    is_dated = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        # What links of the page carry on, such as that to the other language (`known_query`).
        request.known_parameters = ("as_of",)
        asked = AsOf(request.GET)
        label = asked.form.fields["as_of"].label
        self.errors = [error | {"label": label} for error in asked.errors_list()]
        self.reading = asked.reading

    def dispatch(self, request, *args, **kwargs):
        if address := address_without_empty(request, request.known_parameters):
            return HttpResponseRedirect(address)
        if self.errors:
            return render(request, "400.html", {"errors": self.errors}, status=400)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"reading": self.reading}

    def render_to_response(self, *args, **kwargs):
        response = super().render_to_response(*args, **kwargs)
        keep_day(response, self.reading)
        return response


class RecordDetail(DetailView):
    """The page of a row of the record. That of an annulled one keeps its words, behind a notice.

    `get_queryset()` gives the rows that stand, as everywhere.
    """

    # What was annulled, of the row and of what it belongs to.
    annulled = ()

    def get_object(self):
        """Return the row that the address names; of one that does not stand, what it was before."""
        try:
            return super().get_object(with_log(self.get_queryset()))
        except Http404:
            row = super().get_object(readable_rows(self.get_queryset().model))
            self.annulled = annulled_among(row)
            with behind_a_notice(*self.annulled):
                return super().get_object(with_log(self.get_queryset()))

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        with behind_a_notice(*self.annulled):
            response = self.render_to_response(self.get_context_data(object=self.object))
            # Templates read further rows.
            return response.render() if self.annulled else response

    def get_context_data(self, **kwargs):
        """Add what `base.html` shows: the notice `annulled`, if any, and the `annulled_parts` of the page."""
        return super().get_context_data(**kwargs) | {
            "annulled": notice_of(self.object, self.annulled) if self.annulled else None,
            "annulled_parts": annulled_parts(self.object) if self.object.has_log else {},
        }


class FilteredList(TemplateView):
    """A list with the parameters of `filterset_class`, which mean here what they mean in the API.

    Unknown names are ignored. A bad value gives its errors, no rows and status 400 (docs/api.md).
    `controls` names the parameters that the form shows, in its order, and how: 'search', 'ticks' (several
    values), 'tick' (true or nothing), 'select' or 'date'. Parameters without a control are kept, and can be
    taken away.
    """

    filterset_class = None
    controls = {}
    # Behind "more filters" until one of them is used.
    further = ()
    per_page = 25
    # Whether the page is read on a day (`Dated`), and not only its rows chosen.
    is_dated = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        # What links of the page carry on, such as that to the other language (`known_query`).
        names = [name for name in self.filterset_class.base_filters if self.is_dated or name != "as_of"]
        request.known_parameters = (*names, "page")

    def all_rows(self):
        """Return every row that the public may see."""
        raise NotImplementedError

    def offered(self, counts):
        """Return {parameter: the values that its control offers}, where others would never find anything.

        Of a parameter that is in `counts`, as `facets()` gives them, what has no row is not offered anyway.

        The parameter itself, in an address or in the API, may be any row.
        """
        return {}

    def for_reading(self, rows, on):
        """Return the rows with what the page says of each on a date."""
        return rows

    def paginator(self, rows):
        """Return the rows in pages."""
        return Paginator(rows, self.per_page)

    def total(self, page):
        """Return how many rows there are, whatever is asked for; `page` is the one that is shown, or None."""
        if page is not None and not self.filters.narrows:
            return page.paginator.count
        return self.all_rows().count()

    def facets(self):
        """Return {parameter: {value: how many rows of this list have it}} for the controls that count.

        A count leaves the parameter's own choice aside, and keeps all others.
        """
        return {}

    def without(self, name):
        """Return the rows that are asked for, but for one parameter, in no order of their own."""
        if name not in self.narrowed_without:
            self.narrowed_without[name] = self._narrow_without(name)
        return self.narrowed_without[name]

    @cached_property
    def narrowed_without(self):
        """What `without()` returned."""
        return {}

    def _narrow_without(self, name):
        query, rows = self.query(), self.all_rows()
        if "q" in query and name != "q" and self.found is not None:
            query.pop("q")
            rows = rows.filter(pk__in=self.found)
        elif name not in query:
            return self.filters.qs
        query.pop(name, None)
        filters = self.filterset_class(query, rows)
        for other, field in filters.form.fields.items():
            # What may be named was read already.
            if rows := vars(self.filters.form.fields[other]).get("rows"):
                field.rows = rows
        return filters.qs

    @property
    def counts_options(self):
        """Whether it is counted what each option of the form finds."""
        return not self.is_wrong and not self.is_narrowed_by_many

    @property
    def is_narrowed_by_many(self):
        """Whether so many parameters are in use that it is not counted what each of them does."""
        return len(self.query()) > MOST_COUNTED

    @cached_property
    def found(self):
        """The keys of the rows with the words that are looked for; None where they are too many."""
        rows = self.all_rows()
        if not hasattr(rows, "search"):
            return None
        found = rows.search(self.filters.values["q"]).order_by().values_list("pk", flat=True)
        keys = list(found[: MAX_FOUND + 1])
        return keys if len(keys) <= MAX_FOUND else None

    def get(self, request, *args, **kwargs):
        if address := address_without_empty(request, {*self.filterset_class.base_filters, "page"}):
            return HttpResponseRedirect(address)
        rows = self.all_rows()
        self.filters = self.filterset_class(request.GET, rows)
        errors = self.filters.errors_list()
        self.reading = self.filters.reading
        page = None
        if not errors:
            paginator = self.paginator(self.for_reading(self.filters.qs, self.reading.on))
            try:
                page = paginator.page(request.GET.get("page") or 1)
            except InvalidPage:
                detail = _("There is no such page; this list ends with page %(last)s.")
                errors = [{"field": "page", "detail": detail % {"last": paginator.num_pages}}]
        self.is_wrong = bool(errors)
        context = self.get_context_data(
            errors=self.with_labels(errors),
            page_obj=page,
            # Most pages say it only where nothing else is to be said.
            total=SimpleLazyObject(lambda: self.total(page)),
            reading=self.reading if self.is_dated else None,
            form=self.form(errors),
            chosen=[] if errors else self.chosen(),
            loosened=self.loosened() if page is not None and not page.paginator.count else [],
            query=self.query().urlencode(),
            today_query=self.query_of_today(),
        )
        response = self.render_to_response(context, status=400 if errors else 200)
        if self.is_dated:
            keep_day(response, self.reading)
        return response

    def query(self):
        """Return the part of the query string that filters: known names with a value, without the page."""
        query = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():
            if name in self.filters.filters and any(values := list(map(clean_query, values))):
                query.setlist(name, dict.fromkeys(value for value in values if value))
        return query

    def query_of_today(self):
        """Return the query string of the same list as it stands today."""
        query = self.query()
        query.pop("as_of", None)
        return query.urlencode()

    def with_labels(self, errors):
        """Add to each error the words that the form has for its field, and whether the form shows it."""
        labels = {name: field.label for name, field in self.filters.form.fields.items()} | {"page": _("Page")}
        return [
            error | {"label": labels[error["field"]], "is_in_form": error["field"] in self.controls}
            for error in errors
        ]

    def form(self, errors):
        """Return what the form needs: its controls, those behind "more filters", and hidden values."""
        query = self.query()
        details = {error["field"]: error["detail"] for error in errors}
        fields = self.filters.form.fields
        counts = self.facets() if self.counts_options else {}
        offered = self.offered(counts)

        def control(name):
            values = query.getlist(name)
            counted = counts.get(name)
            options = [
                {
                    "value": value,
                    "label": self.option_label(name, value, label),
                    "is_chosen": value in values,
                    "count": None if counted is None else counted.get(value, 0),
                }
                for value, label in self.filters.options(name)
                if name not in offered or value in offered[name] or value in values
                # A long list offers only what finds something.
                if counted is None or self.controls[name] != "select" or counted.get(value) or value in values
            ]
            left_out = options[MOST_OFFERED:]
            options = options[:MOST_OFFERED] + [each for each in left_out if each["is_chosen"]]
            return {
                "left_out": sum(not each["is_chosen"] for each in left_out),
                "name": name,
                "kind": self.controls[name],
                # In a form it is the beginning of a sentence, in the API the name of a parameter.
                "label": _("How it stood on") if name == "as_of" else fields[name].label,
                "error": details.get(name),
                "value": values[0] if values else "",
                "is_multiple": len(values) > 1,
                "options": options,
            }

        hidden = [name for name in query if name not in self.controls]
        return {
            "first": [control(name) for name in self.controls if name not in self.further],
            "further": [control(name) for name in self.controls if name in self.further],
            "is_further_used": any(name in query for name in self.further),
            "hidden": [(name, value) for name in hidden for value in query.getlist(name)],
        }

    def option_label(self, name, value, label):
        """Return the words for one value of a parameter, with what must be known of their language."""
        row = getattr(self.filters.form.fields[name], "rows", {}).get(value)
        if name == "plan":
            # Titles of plans are long.
            return _("Plan %(number)s") % {"number": row.roman}
        text = getattr(row, "name", None) or getattr(row, "title", None)
        notes = language_notes(text) if text else []
        if notes and text.is_unofficial and len(notes) == 1:
            # The foot of the page explains the asterisk.
            return f"{label} *"
        return f"{label} ({', '.join(notes)})" if notes else label

    def loosened(self):
        """Return, of a list without rows, how many it has without each parameter, and where."""
        chosen, loosened = self.chosen(), []
        if self.is_narrowed_by_many:
            return loosened
        counts = count_together({name: self.without(name) for name in self.query()})
        for name, count in counts.items():
            words = [each["value"] for each in chosen if each["name"] == name]
            if count:
                rest = self.query()
                rest.pop(name)
                loosened.append(
                    {
                        "label": self.filters.form.fields[name].label,
                        "value": words[0] if len(words) == 1 else ", ".join(map(str, words)),
                        "rest": rest.urlencode(),
                        "count": count,
                    }
                )
        return loosened

    def chosen(self):
        """Return what the list is narrowed by: the words, and the address without it."""
        query = self.query()
        chosen = []
        for name, values in query.lists():
            labels = dict(self.filters.options(name))
            for value in values:
                rest = query.copy()
                rest.setlist(name, [other for other in values if other != value])
                # What was typed, such as words or a date, is its own label.
                words = self.option_label(name, value, labels[value]) if value in labels else value
                # A date also where it has no control.
                if isinstance(self.filters.values.get(name), date):
                    words = self.filters.values[name]
                label = self.filters.form.fields[name].label
                chosen.append({"name": name, "label": label, "value": words, "rest": rest.urlencode()})
        return chosen
