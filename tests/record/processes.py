"""Real processes on a real database of their own, of the kind that the tests run on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings


def new_database(name, folder, django_db_blocker):
    """Make a new database with the portal's tables; return its address."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        base, _, options = os.environ["DATABASE_URL"].partition("?")
        url = f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
    else:
        url = f"sqlite:///{folder / name}.sqlite3"
    assert manage(url, "migrate", "-v0") == (0, "")
    return url


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
