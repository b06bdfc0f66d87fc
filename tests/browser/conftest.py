"""The real record, served to a real browser."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from pytest_django.live_server_helper import LiveServer

from record.loading import load_record


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """Serve the real record, loaded once; return the address. The tests only read.

    pytest-django's own `live_server` would empty the database after each test.
    """
    with django_db_blocker.unblock():
        assert re.search("test|memory", connection.settings_dict["NAME"])
        with translation.override("en"):
            load_record(settings.FIXTURES_DIR)
        if connection.vendor == "postgresql":
            # As autovacuum does for a database that lives: other modules rolled thousands of rows back,
            # and with their traces in its statistics PostgreSQL once took minutes over one page.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
