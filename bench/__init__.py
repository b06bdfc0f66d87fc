"""What the portal takes, measured: a larger record to try it with, and benchmarks that anyone can repeat.

Run them in a checkout, such as `.venv/bin/python -m bench.pages`; each says at its head what it does. With
the folder of this checkout in PYTHONPATH they measure another one, that in which they are run.
"""

import os
import tempfile
from contextlib import contextmanager
from io import StringIO


@contextmanager
def loaded_database():
    """Load the record into the database of DATABASE_URL, by default a new SQLite that is gone afterwards.

    The settings are those of the tests, which no variable and no .env changes.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_record", stdout=StringIO())
        yield
