"""Pages of the API's lists."""

import re

from django.core.paginator import InvalidPage
from django.utils.translation import gettext as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .addresses import absolute
from .api import BadRequest, error, parameter, single


class StrictPages(PageNumberPagination):
    """Pages of 100 rows, or of 1 to 500 with `page_size`; what is no such page is refused."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500

    def paginate_queryset(self, queryset, request, view=None):
        """Return the rows of the page that is asked for; raise BadRequest."""
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        try:
            self.page = paginator.page(self.number(request, "page", 1))
        except InvalidPage:
            detail = _("There is no such page; the last one is %(last)s.") % {"last": paginator.num_pages}
            raise BadRequest([error("unknown_page", detail, "page")]) from None
        return list(self.page)

    def get_page_size(self, request):
        """Return how many rows a page has; raise BadRequest."""
        size = self.number(request, self.page_size_query_param, self.page_size)
        if not 1 <= size <= self.max_page_size:
            detail = _("A page has 1 to %(max)s rows.") % {"max": self.max_page_size}
            raise BadRequest([error("page_size_out_of_range", detail, self.page_size_query_param)])
        return size

    def get_next_link(self):
        return self.link(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self):
        return self.link(self.page.previous_page_number()) if self.page.has_previous() else None

    def link(self, number):
        """Return the public address of a page of the list; the first page needs no number."""
        address = absolute(self.request, self.request.get_full_path())
        if number == 1:
            return remove_query_param(address, self.page_query_param)
        return replace_query_param(address, self.page_query_param, number)

    def check(self, request):
        """Raise BadRequest if the page or its size can't be read, where all rows are given anyway."""
        self.number(request, "page", 1)
        self.get_page_size(request)

    @staticmethod
    def number(request, name, default):
        value = single(request.query_params, name)
        # Nine digits are more than any page has, and few enough for every database.
        if value and not re.fullmatch("[0-9]{1,9}", value):
            raise BadRequest([error("invalid_number", _("Write a whole number."), name)])
        return int(value) if value else default

    def get_schema_operation_parameters(self, view):
        """Return the OpenAPI parameters of a page."""
        page = {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 1}
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            parameter("page", _("Number of the page."), page),
            parameter("page_size", _("Rows of a page."), size),
        ]
