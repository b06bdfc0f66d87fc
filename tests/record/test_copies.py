"""The copies of the record that tests read: whole, taken out again, never old."""

import shutil
from contextlib import closing
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from commitments.models import Commitment
from record.kinds import kinds
from tests.factories import make_entity
from tests.record import copies


def filled_kinds():
    return [kind.label for kind in kinds() if kind.model._default_manager.exists()]


def test_record_is_copied_without_loading_it_again_and_taken_out_with_what_was_written(
    django_db_setup, django_db_blocker, monkeypatch
):
    with django_db_blocker.unblock():
        with copies.filled():
            pass  # now at the latest it is loaded
        monkeypatch.setattr(copies, "load_record", lambda folder: pytest.fail("loaded again"))

        for _time in range(2):
            with copies.filled():
                assert Commitment.objects.count() == 117
                make_entity(slug="of-a-test")
            assert filled_kinds() == []


def test_record_is_copied_where_a_thread_left_its_session_behind(
    django_db_setup, django_db_blocker, monkeypatch
):
    monkeypatch.setenv(copies.RUN, f"behind_{uuid4().hex}")
    with django_db_blocker.unblock(), closing(connection.copy()) as left:
        left.ensure_connection()

        with copies.filled():
            assert Commitment.objects.count() == 117
        copies.drop()


def test_record_is_not_loaded_beside_what_a_test_left_behind(db):
    make_entity()

    with pytest.raises(AssertionError):
        copies._load()


def test_fingerprint_changes_with_the_files_of_the_record_and_with_the_day(settings, tmp_path, monkeypatch):
    settings.FIXTURES_DIR = shutil.copytree(settings.FIXTURES_DIR, tmp_path / "fixtures")
    before = copies.fingerprint()
    assert copies.fingerprint() == before

    file = next(settings.FIXTURES_DIR.glob("*.yaml"))
    file.write_bytes(file.read_bytes() + b"\n")
    changed = copies.fingerprint()
    monkeypatch.setattr(copies, "today", lambda: date(2000, 1, 1))

    assert len({before, changed, copies.fingerprint()}) == 3


@pytest.mark.parametrize(
    "name", ["record/loading/writing.py", "commitments/models/milestone.py", "plans/kinds.py"]
)
def test_fingerprint_changes_with_the_code(settings, tmp_path, monkeypatch, name):
    before = copies.fingerprint()
    changed = settings.BASE_DIR / name
    read = type(changed).read_bytes

    monkeypatch.setattr(
        type(changed), "read_bytes", lambda path: read(path) + (b"#" if path == changed else b"")
    )

    assert copies.fingerprint() != before
