"""Addresses of entities; their pages are here, since they tell what each entity promised."""

from django.urls import path

from . import entity_views

app_name = "entities"
urlpatterns = [
    path("", entity_views.EntityList.as_view(), name="entity-list"),
    path("<slug:slug>/", entity_views.EntityDetail.as_view(), name="entity-detail"),
]
