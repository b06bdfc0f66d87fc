"""One loading at a time, beside readers, and killed half-way: real processes on a real database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.record.files import ENTITIES, PLAN, put


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker):
    """Make a new database of the kind that the tests run on; return its address."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS loaded WITH (FORCE)")
            cursor.execute("CREATE DATABASE loaded")
        base, _, options = os.environ["DATABASE_URL"].partition("?")
        url = f"{base.rsplit('/', 1)[0]}/loaded" + (f"?{options}" if options else "")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'loaded.sqlite3'}"
    manage(url, "migrate", "-v0")
    return url


@pytest.fixture
def writing(database, tmp_path):
    """Start a loading that stops for long in the middle of its transaction; return its process and folder."""
    folder, started = tmp_path / "record", tmp_path / "started"
    folder.mkdir()
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(started), str(folder)], **surroundings(database)
    )
    for _ in range(600):
        if started.exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    assert started.exists(), process.communicate()[0]
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


def surroundings(database):
    return {
        "cwd": settings.BASE_DIR,
        "env": os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }


def manage(database, *arguments):
    """Run manage.py on a database; return (exit code, what it says)."""
    command = [sys.executable, Path(settings.BASE_DIR) / "manage.py", *arguments]
    done = subprocess.run(command, timeout=120, **surroundings(database))
    return done.returncode, done.stdout


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
