"""Addresses for those who carry the portal on."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from .components import Components

urlpatterns = i18n_patterns(path("components/", Components.as_view(), name="components"))
