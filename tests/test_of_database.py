"""Which tests run on one database alone: those to which every connection is refused."""

from pkgutil import resolve_name

import pytest

from plans.models import Plan
from tests.conftest import is_of_database


def test_a_test_that_asks_for_nothing_runs_once(request):
    assert not is_of_database(request.node)


@pytest.mark.django_db
def test_a_test_that_may_use_the_database_runs_on_both(request):
    assert is_of_database(request.node)


@pytest.mark.parametrize("name", ["client", "db", "transactional_db"])
def test_a_test_with_a_fixture_that_may_runs_on_both(request, name, monkeypatch):
    monkeypatch.setattr(request.node, "fixturenames", [name])

    assert is_of_database(request.node)


@pytest.mark.parametrize("named", ["django.db.connection", "subprocess", "tests.record.processes.run"])
def test_a_test_of_a_module_that_names_the_connection_or_starts_processes_runs_on_both(
    request, monkeypatch, named
):
    monkeypatch.setattr(request.module, "named", resolve_name(named), raising=False)

    assert is_of_database(request.node)


def test_a_test_that_runs_once_may_not_even_write_a_query():
    with pytest.raises(pytest.fail.Exception, match="mark it django_db"):
        str(Plan.objects.filter(number=1).query)


def test_a_test_that_runs_once_may_not_ask_which_database_it_is():
    from django.db import connection

    with pytest.raises(pytest.fail.Exception, match="mark it django_db"):
        connection.vendor  # noqa: B018
