"""Addresses of the pages of a report that is being written, under /admin/informes/."""

from django.contrib import admin
from django.urls import path

from ..reporting.kept import keeping
from . import views

app_name = "cards"


def of_admin(view):
    """Let staff in only; what was typed is kept while they sign in."""
    return keeping(admin.site.admin_view(view))


urlpatterns = [
    path("abrir/", of_admin(views.open_), name="open"),
    path("<slug:slug>/", of_admin(views.board), name="board"),
    path("<slug:slug>/publicar/", of_admin(views.publish), name="publish"),
    path("<slug:slug>/fichas/<slug:code>/", of_admin(views.card), name="card"),
    path("<slug:slug>/redactar/<slug:code>/", of_admin(views.draft), name="draft"),
]
