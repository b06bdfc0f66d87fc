"""An import in a process of its own: how far it is, told while nobody sees what it writes."""

import signal
import socket
from uuid import uuid4

import pytest

from faces.importing import running
from faces.models import Upload
from tests.record.files import ENTITIES, PLAN, put
from tests.record.processes import manage, new_database, run, start

# Writes two new milestones, one a step, and stops before what is told as the second argument.
IMPORT = """
import pathlib, sys, time
import django
django.setup()
from django.contrib.auth.models import User
from faces.importing import loading
from faces.importing.running import run_in_turn
from faces.models import Upload
started, key, place = sys.argv[1:]

def stop(at):
    if at == place:
        pathlib.Path(started).touch()
        time.sleep(300)

class Stopping(loading.Loading):
    def _lines(self, start):
        stop(str(start))
        return super()._lines(start)

    def _refuse_repeated(self, outcomes):
        stop("log")
        return super()._refuse_repeated(outcomes)

from faces.importing import running
running.Loading = Stopping
loading.STEP = 1
lines = ["commitment,number,activity_es,document,place"]
lines += [f"5-4,{number},Nueva {number},v-plan,p. 9" for number in (8, 9)]
Upload.objects.create(
    by=User.objects.get_or_create(username="publisher", is_superuser=True)[0],
    key=key,
    model="commitments.milestone",
    resource="MilestoneResource",
    language="es",
    name="hitos.csv",
    content="\\n".join(lines).encode(),
    reason="Hitos que faltaban",
    step=Upload.Step.TO_WRITE,
)
run_in_turn(key)
"""
# What the database says of an upload: its step, the rows that were looked at, and the new milestones.
LOOK = """
import sys
import django
django.setup()
from commitments.models import Milestone
from faces.models import Upload

upload = Upload.objects.get(key=sys.argv[1])
print(upload.step, upload.done, Milestone.objects.filter(number__in=[8, 9]).count())
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of a database with a small record."""
    folder = tmp_path_factory.mktemp("record")
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    url = new_database("progress", tmp_path_factory.mktemp("database"), django_db_blocker)
    code, said = manage(url, "load_record", str(folder))
    assert code == 0, said
    return url


@pytest.mark.parametrize(("place", "done"), [("0", 0), ("1", 1), ("log", 2)])
def test_rows_that_are_written_are_counted_before_anybody_sees_them(database, tmp_path, place, done):
    key = uuid4()
    process = start(database, IMPORT, tmp_path / "started", key, place)
    upload = Upload(key=key, step=Upload.Step.WRITING, process=process.pid, host=socket.gethostname())
    try:
        assert running.done(upload) == done
        assert run(database, LOOK, key).split() == ["writing", "0", "0"]
        # Not of a process that has another upload, nor on another machine.
        assert running.done(Upload(step=upload.step, process=process.pid, host=upload.host)) == 0
        assert running.done(Upload(key=key, step=upload.step, process=process.pid, host="other")) == 0
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()

    assert running.done(upload) == 0
    assert running.is_lost(upload)


def test_all_of_it_is_written_in_the_end(database):
    key = uuid4()

    run(database, IMPORT, "-", key, "-")

    assert run(database, LOOK, key).split() == ["written", "2", "2"]
