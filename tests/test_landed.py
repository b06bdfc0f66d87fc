"""Every database that ever landed migrates forward, with all its rows."""

import os

import pytest
from django.core.management import call_command
from django.db import connection, connections, models

from record.kinds import kinds
from record.models import Change, Entry, Version
from record.writing import snapshot, unsealed
from tests.landed import FILES, digests, fill, read
from tests.record.copies import on_server
from tests.record.processes import manage

LANDED = "landed"


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name.partition(".")[0])
def landed(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """Give what a landing held, and fill a database with it that was then migrated to the tables of today."""
    from django.conf import settings

    kept, modules = read(request.param), settings.MIGRATION_MODULES
    with django_db_blocker.unblock():
        settings.MIGRATION_MODULES = {}  # which the option --no-migrations fills
        name = f"{connection.settings_dict['NAME']}_landed"
        if connection.vendor == "postgresql":
            on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            on_server(f"CREATE DATABASE {name}")
        else:
            name = tmp_path_factory.mktemp("landed") / "landed.sqlite3"
        connections.settings[LANDED] = connection.settings_dict | {"NAME": name}
        # The last of each app, in their order: to name an earlier one takes back what others were built on.
        for app, migration in dict(sorted(kept["migrations"])).items():
            call_command("migrate", app, migration, database=LANDED, verbosity=0)
        fill(LANDED, kept)
        call_command("migrate", database=LANDED, verbosity=0)
        yield kept
        connections[LANDED].close()
        del connections[LANDED], connections.settings[LANDED]
        if connection.vendor == "postgresql":
            on_server(f"DROP DATABASE {name} WITH (FORCE)")
        settings.MIGRATION_MODULES = modules


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


# One test that asks for the database has pytest-django make it, also where this file is run alone.
@pytest.mark.django_db
def test_a_landing_is_kept():
    assert FILES


def test_migrations_that_landed_stay_as_they_are(landed):
    """Databases have run them: what comes later is a migration of its own."""
    assert digests(landed["migrations"]) == landed["digests"]


def test_no_row_is_lost(landed):
    for kind in kinds():
        table = landed["tables"].get(kind.model._meta.db_table)
        stored = set(kind.model.everything.using(LANDED).values_list("pk", flat=True))
        if table:
            place = table["columns"].index("id")
            assert stored >= {row[place] for row in table["rows"]}, kind.label
    for model in (Entry, Change):
        assert model.objects.using(LANDED).count() >= len(landed["tables"][model._meta.db_table]["rows"])


def test_rows_say_what_their_last_changes_say(landed):
    """A migration that changes words of the record has to log it too."""
    said = {}
    for change in Change.objects.using(LANDED).exclude(action="loaded").order_by("pk"):
        said.setdefault((change.model, change.object_id), {}).update(
            {name: after for name, (_before, after) in change.columns.items()}
        )
    by_label = {kind.label: kind.model for kind in kinds()}

    assert said
    for (label, pk), columns in said.items():
        row = by_label[label].everything.using(LANDED).filter(pk=pk).first()
        if row is not None:
            names = {each.name for each in row._meta.concrete_fields}
            now = snapshot(row)
            assert {name: now[name] for name in columns if name in names} == {
                name: value for name, value in columns.items() if name in names
            }


def test_the_version_goes_on(landed):
    versions = Entry.objects.using(LANDED).aggregate(last=models.Max("version"))["last"]

    assert Version.objects.using(LANDED).get().number == versions


def test_rows_of_a_landing_can_be_added_to(landed):
    """New numbers begin after those that are there."""
    last = Entry.objects.using(LANDED).latest("pk")
    entry = Entry(at=last.at)
    with unsealed():
        entry.save(using=LANDED)

        assert entry.pk > last.pk
        entry.delete(using=LANDED)


def test_states_are_there_after_a_migration(landed):
    """They are no words of anybody, so no landing keeps them."""
    url = f"sqlite:///{connections[LANDED].settings_dict['NAME']}"
    if connection.vendor == "postgresql":
        base, _, options = os.environ["DATABASE_URL"].partition("?")
        url = f"{base.rsplit('/', 1)[0]}/{connections[LANDED].settings_dict['NAME']}"
        url += f"?{options}" if options else ""
    with connections[LANDED].cursor() as cursor:
        for table in ("milestonestate", "levelstate", "commitmentstate"):
            cursor.execute(f"DELETE FROM commitments_{table}")

    code, said = manage(url, "rebuild_states", "--check")
    assert (code, "Make them anew: manage.py rebuild_states" in said) == (1, True)

    assert manage(url, "migrate", "-v0") == (0, "")
    assert manage(url, "rebuild_states", "--check") == (0, "The states are what the rows say.\n")
