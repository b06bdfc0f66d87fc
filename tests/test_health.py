"""What whoever watches over the server is told, by whatever name or address he asks."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from ogp_portal import health

DIRECTLY = {"HTTP_HOST": "10.1.2.3:8000", "secure": False}


@pytest.fixture(autouse=True)
def nothing_seen(monkeypatch):
    monkeypatch.setattr(health, "_seen", set())


@pytest.fixture
def plan(monkeypatch):
    """What is left to migrate; each look at it is counted in `looks`."""
    plan = SimpleNamespace(left=[], looks=0)

    def migration_plan(self, targets):
        plan.looks += 1
        return plan.left

    monkeypatch.setattr(MigrationExecutor, "migration_plan", migration_plan)
    return plan


def no_database(monkeypatch):
    def cursor():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=cursor))


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["portal.example"])
@pytest.mark.django_db
@pytest.mark.parametrize(("path", "words"), [("/healthz", b"ok"), ("/readyz", b"ready")])
def test_probe_that_comes_by_address_is_answered(client, plan, path, words):
    response = client.get(path, **DIRECTLY)

    assert (response.status_code, response.content) == (200, words)
    assert response.headers["Cache-Control"] == "no-store"


def test_process_is_alive_without_its_database(client, monkeypatch):
    no_database(monkeypatch)

    assert client.get("/healthz").content == b"ok"


def test_portal_is_not_ready_without_its_database(client, monkeypatch):
    no_database(monkeypatch)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"the database does not answer")


@pytest.mark.django_db
def test_portal_is_not_ready_before_its_database_is_migrated(client, plan):
    plan.left = ["one"]
    before = client.get("/readyz")
    plan.left = []
    after = client.get("/readyz")

    assert before.status_code == 503
    assert b"manage.py migrate" in before.content
    assert (after.status_code, after.content) == (200, b"ready")


@pytest.mark.django_db
def test_migrations_are_not_looked_at_again_once_all_is_well(client, plan, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")

    assert plan.looks == 1
