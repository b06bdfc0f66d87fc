"""Killed in the middle of writing: row, log, version, search words and states agree at the next start."""

import json
import signal

import pytest

from tests.record.files import ENTITIES, PLAN, change, put
from tests.record.processes import manage, new_database, run, start

# What a process does before it is killed; `stop_at` makes it wait there for that.
BEGIN = """
import pathlib, sys, time
import django
django.setup()
started, folder = sys.argv[1:]

def stop_at(owner, name, condition=lambda *args: True):
    real = getattr(owner, name)
    def stopped(*args, **kwargs):
        done = real(*args, **kwargs)
        if condition(*args):
            pathlib.Path(started).touch()
            time.sleep(300)
        return done
    setattr(owner, name, stopped)

from commitments import deriving
from commitments.models import Commitment, Milestone
from django.core.management import call_command
from plans.models import Plan
from record.models import Change, Entry, LoadedRow, Version
from record.publication import PublicQuerySet
from record.writing import Writing, writing
from uuid import uuid4
from django.contrib.auth.models import User
from faces.importing.running import run_in_turn
from faces.models import Upload
"""
WRITE = """
with writing(reason="Errata de imprenta"):
    commitment = Commitment.objects.get()
    commitment.title_es = "Otro"
    commitment.save()
    Milestone.objects.update(note_es="Nota")
    commitment.policy_areas.clear()
"""
MOVE = """
with writing(reason="Errata de imprenta", source="Plan, p. 9"):
    Milestone.objects.update(ends_on="2023-12-31")
    Plan.objects.update(ends_on="2024-12-31")
"""
IMPORT = """
heads = ["commitment", "number", "activity_es", "document", "place"]
lines = [("5-4", 1, "Otra", "v-plan", "p. 9"), ("5-4", 2, "Nueva", "v-plan", "p. 9")]
text = "\\n".join(",".join(map(str, line)) for line in [heads, *lines])
upload = Upload.objects.create(
    by=User.objects.get_or_create(username="publisher", is_superuser=True)[0],
    model="commitments.milestone",
    resource="MilestoneResource",
    language="es",
    name=f"{uuid4().hex}.csv",
    content=text.encode(),
    reason="Errata de imprenta",
    step=Upload.Step.TO_WRITE,
)
run_in_turn(upload.key)
"""
LOAD = 'call_command("load_record", folder)\n'
SAVED = 'stop_at(Milestone, "save_base")\n'
STORED = 'stop_at(PublicQuerySet, "update", lambda rows: rows.model is Plan)\n'
LOGGED = 'stop_at(type(Change.objects), "bulk_create", lambda manager, *args: manager.model is Change)\n'
DERIVED = 'stop_at(deriving, "refresh")\n'
COUNTED = 'stop_at(Version, "step")\n'
FINISHED = 'stop_at(Writing, "finish")\n'

CASES = {
    "writing, rows are stored": STORED.replace("Plan", "Milestone") + WRITE,
    "writing, the states are written": DERIVED + MOVE,
    "writing, all but the end, with states": FINISHED + MOVE,
    "writing, the log is written": LOGGED + WRITE,
    "writing, the version is counted": COUNTED + WRITE,
    "writing, all but the end": FINISHED + WRITE,
    "import, a row is saved": SAVED + IMPORT,
    "import, the log is written": LOGGED + IMPORT,
    "import, all but the end": FINISHED + IMPORT,
    "loading, rows are stored": STORED + LOAD,
    "loading, the log is written": LOGGED + LOAD,
    "loading, all but the end": FINISHED + LOAD,
}

# Says what a database holds, and fails where row, log, version, search words and states do not agree.
LOOK = """
import json
import django
django.setup()
from commitments.deriving import differences
from faces.models import Upload
from record.kinds import kinds
from record.models import Change, Entry, LoadedFile, Version
from record.search import SEARCH_FIELDS, Searchable
from record.writing import snapshot

# What was handed in is there to be written again, or was written with its rows.
for upload in Upload.objects.all():
    is_written = Entry.objects.filter(file=upload.name).exists()
    assert (upload.step == "written") == is_written == (not upload.content), upload.step

held = {"version": Version.current(), "entries": Entry.objects.count(), "changes": Change.objects.count()}
held["files"] = dict(LoadedFile.objects.values_list("name", "digest"))
versions = list(Entry.objects.exclude(version=None).order_by("version").values_list("version", flat=True))
assert versions == list(range(1, held["version"] + 1)), versions
for kind in kinds():
    held[kind.label] = []
    for row in kind.model._base_manager.order_by("pk"):
        now = snapshot(row)
        for column in kind.model._meta.many_to_many:
            now[column.name] = sorted(getattr(row, column.name).values_list("pk", flat=True))
        held[kind.label].append([row.pk, now])
        said = {}
        for change in Change.objects.of(row):
            said |= {name: after for name, (before, after) in change.columns.items()}
        assert {name: now[name] for name in said} == said, row
        if issubclass(kind.model, Searchable):
            stored = [getattr(row, name) for name in SEARCH_FIELDS]
            row.derive()
            assert stored == [getattr(row, name) for name in SEARCH_FIELDS], row
assert differences() == ([], [])
print(json.dumps(held))
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of a database with a small record."""
    folder = tmp_path_factory.mktemp("record")
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    url = new_database("killed", tmp_path_factory.mktemp("database"), django_db_blocker)
    code, said = manage(url, "load_record", str(folder))
    assert code == 0, said
    return url


@pytest.fixture(scope="module")
def before(database):
    """What the database holds before anybody is killed."""
    return json.loads(run(database, LOOK))


@pytest.fixture
def newer(tmp_path):
    """The folder of the same record with other texts, which a loading reads."""
    folder = tmp_path / "record"
    folder.mkdir()
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    change(folder, "10-plan.yaml", "V Plan", "Quinto Plan")
    change(folder, "10-plan.yaml", "[health, labor]", "[health]")
    return folder


@pytest.mark.parametrize("case", CASES)
def test_whoever_is_killed_leaves_all_as_it_was(database, before, newer, tmp_path, case):
    process = start(database, BEGIN + CASES[case], tmp_path / "started", newer)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert json.loads(run(database, LOOK)) == before
    assert before["version"] == 1


def test_after_all_that_everybody_writes_again(database, newer):
    for script in (WRITE, MOVE, IMPORT, LOAD):
        run(database, BEGIN + script, "-", newer)

    after = json.loads(run(database, LOOK))
    assert after["version"] == 5
    assert after["plans.plan"][0][1]["title_es"] == "Quinto Plan"
