"""One loading at a time, beside readers, and killed half-way: real processes on a real database."""

import signal

import pytest

from tests.record.files import ENTITIES, PLAN, put
from tests.record.processes import manage, new_database, start


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of a new database."""
    return new_database("loaded", tmp_path_factory.mktemp("database"), django_db_blocker)


@pytest.fixture
def writing(database, tmp_path):
    """Start a loading that stops for long in the middle of its transaction; return its process and folder."""
    folder, started = tmp_path / "record", tmp_path / "started"
    folder.mkdir()
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    process = start(database, SLOW, started, folder)
    yield process, folder
    process.kill()
    process.communicate()


# Runs load_record, and waits once the plans are written.
SLOW = """
import pathlib, sys, time
import django
django.setup()
started, folder = sys.argv[1:]
from django.core.management import call_command
from django.db.models import QuerySet
bulk_create = QuerySet.bulk_create
def create_and_wait(self, rows, *args, **kwargs):
    made = bulk_create(self, rows, *args, **kwargs)
    if self.model.__name__ == "Plan":
        pathlib.Path(started).touch()
        time.sleep(300)
    return made
QuerySet.bulk_create = create_and_wait
call_command("load_record", folder)
"""
COUNT = "from entities.models import Entity; print(Entity.objects.count(), 'entities')"


def test_while_one_loading_writes_a_second_says_so_and_ends_and_readers_go_on(writing, database):
    process, folder = writing

    code, said = manage(database, "load_record", str(folder))
    read = manage(database, "shell", "-v0", "-c", COUNT)

    assert "Another loading of the record is running; this one changed nothing." in said
    assert code != 0
    assert read == (0, "0 entities\n")
    assert process.poll() is None


def test_loading_when_killed_half_way_leaves_the_database_as_it_was_and_no_lock(writing, database):
    process, folder = writing

    process.send_signal(signal.SIGKILL)
    process.wait()

    assert manage(database, "shell", "-v0", "-c", COUNT) == (0, "0 entities\n")
    code, said = manage(database, "load_record", str(folder))
    assert (code, "Rows added: 8" in said) == (0, True), said
