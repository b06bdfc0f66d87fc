"""What every test shares: the browser, the name of the database, the documents, and that CI skips nothing."""

import os
import shutil
import subprocess
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections
from django.db.utils import ConnectionHandler
from django.utils import translation

from tests import factories
from tests.record import copies
from tests.sources import VARIABLE

# Playwright keeps an event loop in the thread of the tests, where Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_configure():
    """Name the run, for the workers that this process starts."""
    os.environ.setdefault(copies.RUN, uuid4().hex)


# The files that take longest beside the browser's.
LONG = (
    "tests/test_page_weight.py",
    "tests/test_page_queries.py",
    "tests/record/test_killed.py",
    "tests/test_api_record.py",
)


# Fixtures that let a test use the database.
OF_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--of-database", action="store_true", help="leave out the tests that cannot tell which database it is"
    )


def is_of_database(item):
    """Tell whether what a test finds may depend on the database.

    pytest-django refuses the database to a test that does not ask for it, `connection_refused` even its kind.
    A test with a client is taken to depend on it, and so are those of a module that names the connection or
    starts processes.
    """
    return (
        item.get_closest_marker("django_db") is not None
        or not {"client", *OF_DATABASE}.isdisjoint(item.fixturenames)
        or any(
            any(value is each for each in (connection, connections, subprocess))
            or getattr(value, "__module__", "") == "tests.record.processes"
            for value in vars(item.module).values()
        )
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Let the longest files come first, so that no worker ends long after the others."""
    if config.getoption("--of-database"):
        config.hook.pytest_deselected(items=[item for item in items if not is_of_database(item)])
        items[:] = filter(is_of_database, items)
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def connection_refused(request, monkeypatch):
    """Fail a test that runs on one database alone, and asks which one it is or how it writes a query."""
    if is_of_database(request.node):
        return
    find = ConnectionHandler.__getitem__

    def refuse(handler, alias):
        if handler is connections:
            pytest.fail("This test asks for the connection: mark it django_db, so that it runs on both.")
        return find(handler, alias)

    monkeypatch.setattr(ConnectionHandler, "__getitem__", refuse, raising=False)


def pytest_report_header():
    return f"database: {connection.vendor}"


@pytest.fixture
def sources():
    """Skip the test, for all to see, where the source documents are not at hand."""
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} does not name the folder of the source documents: comparison not run")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Begin each test without answers of others, whose versions of the record had the same numbers."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    """Keep the files that a test hands in where no other test, and no portal, has its own."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(autouse=True)
def same_language():
    """Begin each test in the language of the settings, not in that of the last page of another test."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def same_numbers():
    """Number the rows that a test makes alike, alone or after thousands of others."""
    factories.begin_again()


@pytest.fixture
def no_closing():
    """Keep a raw WSGI call from closing the connection that holds the test's transaction.

    Django's test client must not be used beside it: after a request it connects the signals again.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the system's Chromium, as Playwright's own is not among the packages."""
    # The shell has no window to draw, and is ready in half the time.
    programs = ("chromium-headless-shell", "chromium", "chromium-browser")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, programs)), None)
    if not chromium:
        pytest.fail("Chromium not found: install it, or name its program in CHROMIUM.", pytrace=False)
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    # Chromium has no sandbox as root, and our own pages need none.
    return browser_type_launch_args | {"executable_path": chromium, "args": ["--no-sandbox", *quiet]}


def skipped_in_ci(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter and os.environ.get("CI") else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        copies.drop()
    if skipped_in_ci(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    for report in skipped_in_ci(config):
        terminalreporter.write_line(f"Skipped, which fails in CI: {report.nodeid}", red=True)
