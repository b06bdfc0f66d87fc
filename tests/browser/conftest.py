"""The real record, served to a real browser."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.record import record  # noqa: F401
from tests.record.copies import filled

# What they assert is told in full, as in a file of tests.
pytest.register_assert_rewrite("tests.browser.site", "tests.browser.staff")


@pytest.fixture(scope="module")
def site(record):  # noqa: F811
    """Serve the real record; return the address. The tests only read.

    pytest-django's own `live_server` would empty the database after each test.
    """
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def own_site(transactional_db):
    """Serve the real record to a test that writes in it; return the address. The next test gets it anew."""
    with filled():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
