"""Addresses of the API: everything is under /api/v1/."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from faces.viewsets import Description, Docs, Root

from .api import SearchViewSet
from .open_data import listed

router = SimpleRouter()
for each in listed():
    router.register(each.path, each.viewset, basename=each.name)

lists = {each.path: f"{each.name}-list" for each in listed()} | {"search": "search-list"}

app_name = "api"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:root", query_string=True)),
    path(
        f"{settings.API_VERSION}/",
        include(
            [
                path("", Root.as_view(lists=lists | {"schema": "schema", "docs": "docs"}), name="root"),
                path("search/", SearchViewSet.as_view({"get": "list"}), name="search-list"),
                path("schema/", Description.as_view(), name="schema"),
                path("docs/", Docs.as_view(), name="docs"),
                *router.urls,
            ]
        ),
    ),
]
