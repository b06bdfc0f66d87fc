"""Real processes on a real database of their own, of the kind that the tests run on."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.record import copies


def new_database(name, folder, django_db_blocker):
    """Make a new database with the portal's tables, migrated; return its address."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        base, _, options = os.environ["DATABASE_URL"].partition("?")

        def url_of(database):
            return f"{base.rsplit('/', 1)[0]}/{database}" + (f"?{options}" if options else "")

        with django_db_blocker.unblock():
            copies.migrated_on_postgresql(name, lambda whole: migrate(url_of(whole)))
        return url_of(name)
    path = folder / f"{name}.sqlite3"
    shutil.copy(copies.migrated_on_sqlite(lambda whole: migrate(f"sqlite:///{whole}")), path)
    return f"sqlite:///{path}"


def migrate(database):
    assert manage(database, "migrate", "-v0") == (0, "")


def surroundings(database):
    """Return the arguments of subprocess with which a process uses a database."""
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


def run(database, script, *arguments):
    """Run a script on a database; return what it says, or fail with that where it fails."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], timeout=120, **surroundings(database)
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def start(database, script, started, *arguments):
    """Start a script that makes the file `started` once it is where it is wanted; return its process."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(started), *map(str, arguments)], **surroundings(database)
    )
    for _ in range(600):
        if started.exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    if not started.exists():
        process.kill()
        pytest.fail(process.communicate()[0])
    return process
