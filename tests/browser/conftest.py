"""The real record, served to a real browser."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.record import record  # noqa: F401


@pytest.fixture(scope="module")
def site(record):  # noqa: F811
    """Serve the real record; return the address. The tests only read.

    pytest-django's own `live_server` would empty the database after each test.
    """
    server = LiveServer("localhost")
    yield server.url
    server.stop()
