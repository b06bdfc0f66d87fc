"""The portal's addresses with those for developers, which are at no address unless DJANGO_DEBUG is on."""

from ogp_portal.development.urls import urlpatterns as development
from ogp_portal.urls import *  # noqa: F403
from ogp_portal.urls import urlpatterns as portal

urlpatterns = [*portal, *development]
