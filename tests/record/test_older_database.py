import pytest
from django.core.checks import run_checks
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def found():
    return [error.msg for error in run_checks(databases=["default"], tags=["database"])]


@pytest.mark.django_db
def test_database_of_the_first_versions_is_refused_in_words():
    assert found() == []

    with connection.cursor() as cursor:
        # As Django makes it, where the tests did without.
        key = "id serial" if connection.vendor == "postgresql" else "id integer PRIMARY KEY"
        columns = f"{key}, app text, name text, applied timestamp"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS django_migrations ({columns})")
    MigrationRecorder(connection).record_applied("ogp_portal", "0001_initial")

    assert "older version of the portal" in found()[0]
