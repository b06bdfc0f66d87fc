"""Addresses of the pages of reports, under /admin/informar/."""

from django.contrib import admin
from django.urls import path

from . import views
from .kept import keeping

app_name = "reporting"


def of_admin(view):
    """Let staff in only; what was typed is kept while they sign in."""
    return keeping(admin.site.admin_view(view))


urlpatterns = [
    path("avance/<slug:code>/", of_admin(views.draft), name="draft"),
    path("revisar/<slug:code>/", of_admin(views.review), name="review"),
    path("<slug:code>/", of_admin(views.report), name="report"),
]
