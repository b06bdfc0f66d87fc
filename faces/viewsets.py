"""The views of the API: read-only, strict, in JSON or CSV."""

from datetime import timedelta
from json import loads

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from record.publication import behind_a_notice
from record.text import LANGUAGES

from .addresses import absolute
from .annulled import annulled_among, notice_of, readable_rows
from .api import COMMON_PARAMETERS, PAGE_PARAMETERS, BadRequest, error, one_of, require, shortened, single
from .csv import BATCH, csv_response
from .filters import AsOf, NoFilters
from .kept import Keys, Writings, Written, current_shelf, days_along, same_around

# A public identifier in an address.
SLUG = "[-a-zA-Z0-9_]+"


class ReadOnly:
    """What every view of the API does: it can only be read, and reads its parameters strictly."""

    # The day on which the record is read: `check_parameters()` or the filters of a list say it.
    reading = None
    # Of an object that was annulled, when and why.
    notice = None
    # Whether a list is asked for whatever the day, that of `begins_on` to be looked at later.
    is_of_any_day = False

    @property
    def on(self):
        return self.reading.on

    def options(self, request, *args, **kwargs):
        """Answer a browser that asks whether it may read this from another site."""
        return Response(status=status.HTTP_204_NO_CONTENT)

    def check_parameters(self, filterset_class=NoFilters, known=COMMON_PARAMETERS, formats=("json",)):
        """Raise BadRequest unless the parameters are known and right; keep the date that is asked for."""
        filterset = filterset_class(self.request.query_params, strict=True, also_known=known)
        require(filterset.errors_list())
        self.reading = filterset.reading
        one_of(self.request.query_params, "lang", LANGUAGES)
        one_of(self.request.query_params, "format", formats)


class Root(ReadOnly, APIView):
    """The list of the lists: where the API begins."""

    # The names of the lists' views, by what their addresses end in.
    lists = {}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request):
        self.check_parameters(known=("lang", "format"))
        return Response(
            {name: absolute(request, reverse(f"api:{view}")) for name, view in self.lists.items()}
        )


class Description(ReadOnly, SpectacularJSONAPIView):
    """The OpenAPI 3 description of the API."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, *args, **kwargs):
        self.check_parameters(known=("lang", "format"))
        response = super().get(request, *args, **kwargs)
        if prefix := get_script_prefix().rstrip("/"):
            # The paths of a description begin where the portal does, which is not the root of the host here.
            response.data = response.data | {"servers": [{"url": prefix}]}
        return response


class Docs(ReadOnly, APIView):
    """The description as a page, where requests can be tried. What it loads is served from here."""

    @extend_schema(exclude=True)
    def get(self, request):
        self.check_parameters(known=("lang",))
        return render(request._request, "api_docs.html")


class RecordViewSet(ReadOnly, GenericViewSet):
    """A list and its objects.

    A subclass says which rows are public (`get_queryset`), what fetches them for reading (`for_reading`) and
    what is worked out for many rows at once (`prepare`).
    """

    is_dated = True
    filterset_class = AsOf
    # Serializer of one object, where it says more than in the list.
    detail_serializer_class = None
    # Whether the list is of rows of the record, and so kept as it was written (`kept.py`).
    is_kept = True
    # The ways from a row to the days from which on the list may say something else of it; () where it says
    # the same on every day, None where any day may be one.
    turns_on = None
    # The key, if any, whose number grows by one each day, where all else stays the same.
    growing_key = None

    def for_reading(self, rows):
        """Fetch what the serializer reads of some rows, in a fixed number of queries."""
        return rows

    def prepare(self, rows):
        """Add to a list of rows what is worked out for many at once; return it."""
        return rows

    def list(self, request, *args, **kwargs):
        if not self.is_kept or "csv" in request.query_params.getlist("format"):
            return self.built_list(request)
        # First of all, as it says.
        shelf = current_shelf()
        pks = self.pks(shelf)
        one_of(request.query_params, "lang", LANGUAGES)
        one_of(request.query_params, "format", ("json", "csv"))
        rows = self.narrowed_rows(self.written(shelf, self.paginate_queryset(pks)))
        empty = JSONRenderer().render(self.get_paginated_response([]).data).removesuffix(b"]}")
        return HttpResponse(b"%b%b]}" % (empty, b",".join(rows)), content_type="application/json")

    def built_list(self, request):
        """Answer with rows that are built for this answer: a file, or what is no row of the record."""
        rows = self.filter_queryset(self.get_queryset())
        one_of(request.query_params, "lang", LANGUAGES)
        if one_of(request.query_params, "format", ("json", "csv")) == "csv":
            self.paginator.check(request)
            rows = self.for_reading(rows)
            rows = rows.iterator(chunk_size=BATCH) if hasattr(rows, "iterator") else rows
            return csv_response(self.file_name(), rows, lambda batch: self.serialize(self.prepare(batch)))
        page = self.paginate_queryset(self.for_reading(rows))
        return self.get_paginated_response(self.serialize(self.prepare(page)).data)

    def pks(self, shelf):
        """Return the keys of the rows that are asked for, in their order; raise BadRequest."""
        key = self.key_of_pks()
        found = key and shelf.get(key)
        if found is None:
            self.is_of_any_day = True
            rows = self.filter_queryset(self.get_queryset())
            found = Keys.of(rows, self.filterset_class.begins_on is not None)
            shelf.put(key, found, len(str(key)) + found.size)
        return found.on(self.on)

    def key_of_pks(self):
        """Return all that decides which rows are asked for; None where the day cannot be read."""
        filterset = AsOf(self.request.query_params)
        if filterset.form.errors:
            return None
        self.reading = filterset.reading
        others = ("as_of", *COMMON_PARAMETERS, *PAGE_PARAMETERS)
        asked = [(name, *values) for name, values in self.request.query_params.lists() if name not in others]
        is_dated = self.filterset_class.is_dated(name for name, *_values in asked)
        return (type(self), get_language(), *sorted(asked), self.on if is_dated else None)

    def written(self, shelf, pks):
        """Return the bytes of some rows, given by their keys: what is kept, and the rest made now."""
        address = absolute(self.request, get_script_prefix())
        writings = Writings(shelf, (type(self), get_language(), address))
        found = {pk: writings.get(pk, self.on) for pk in pks}
        if missing := [pk for pk, row in found.items() if row is None]:
            rows = self.for_reading(self.get_queryset().filter(pk__in=missing).order_by())
            for pk, written in self.write(list(rows)):
                writings.put(pk, written)
                found[pk] = written.on(self.on)
        # What went since its key was read is in the list no more.
        return [row for row in found.values() if row is not None]

    def write(self, rows):
        """Yield (key, Written) of some rows."""
        pks = [row.pk for row in rows]
        days = days_along(self.get_queryset().model, pks, self.turns_on or ())
        rows = self.prepare(rows)
        objects = self.serializer_class(rows, many=True, context=self.get_serializer_context()).data
        for pk, written in zip(pks, objects, strict=True):
            around = self.on, self.on
            if self.turns_on is not None:
                around = same_around(self.on, days[pk])
            number = written.get(self.growing_key)
            text = JSONRenderer().render(written)
            if number is None:
                yield pk, Written(*around, text)
            else:
                head, tail = text.split(b'"%b":%d' % (self.growing_key.encode(), number))
                head += b'"%b":' % self.growing_key.encode()
                yield pk, Written(*around, head, self.on - timedelta(days=number), tail)

    def narrowed_rows(self, rows):
        """Keep the keys of written rows that `fields` asks for, all without it; raise BadRequest."""
        if not single(self.request.query_params, "fields"):
            return rows
        names = self.narrowed(self.serializer_class(context=self.get_serializer_context())).fields
        objects = ({name: value for name, value in loads(row).items() if name in names} for row in rows)
        return [JSONRenderer().render(each) for each in objects]

    def retrieve(self, request, *args, **kwargs):
        self.check_object_parameters()
        return self.at_address(self.read, **self.lookup())

    def read(self):
        """Answer with the object that the address names."""
        [row] = self.prepare([self.get_object()])
        return self.answer(row, self.detail_serializer_class or self.serializer_class)

    def at_address(self, read, **names):
        """Return what `read()` answers of the row that the address names, annulled or not.

        What does not stand any more is read as it was, and has a notice.
        """
        try:
            return read()
        except Http404:
            model = getattr(self.get_queryset(), "model", None)
            row = model and readable_rows(model).filter(**names).first()
            if not row:
                raise
        annulled = annulled_among(row)
        self.notice = notice_of(row, annulled)
        with behind_a_notice(*annulled):
            return read()

    def check_object_parameters(self):
        """Raise BadRequest unless the parameters are right: of the list's own, an object takes the day."""
        self.check_parameters(AsOf)

    def answer(self, row, serializer_class):
        """Answer with one object."""
        if self.notice:
            row.notice = self.notice
        serializer = serializer_class(row, context=self.get_serializer_context())
        return Response(self.narrowed(serializer).data)

    def get_object(self):
        return get_object_or_404(self.for_reading(self.get_queryset()), **self.lookup())

    def lookup(self):
        """Return the condition for the object that the address names."""
        return {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}

    def serialize(self, rows):
        """Return the serializer of some rows of the list."""
        serializer = self.serializer_class(rows, many=True, context=self.get_serializer_context())
        self.narrowed(serializer.child)
        return serializer

    def narrowed(self, serializer):
        """Keep the keys that `fields` asks for, all without it; raise BadRequest for an unknown one."""
        names = [name for name in single(self.request.query_params, "fields").split(",") if name]
        if unknown := [name for name in names if name not in serializer.fields]:
            detail = _("Unknown key “%(key)s”.") % {"key": shortened(unknown[0])}
            raise BadRequest([error("unknown_key", detail, "fields", allowed=list(serializer.fields))])
        for name in list(serializer.fields) if names else ():
            if name not in names:
                serializer.fields.pop(name)
        return serializer

    def file_name(self):
        """Return the name of the CSV file: the list and the day that it speaks of."""
        name = self.request.path.rstrip("/").rsplit("/", 1)[-1]
        return f"ogp-peru-{name}-{self.on}.csv"
