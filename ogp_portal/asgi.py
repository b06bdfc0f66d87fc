"""The ASGI application that our server runs: the portal behind its door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ogp_portal.settings")
portal = get_wsgi_application()

from .front import Front  # noqa: E402 - what it imports needs the settings

application = Front(portal)
