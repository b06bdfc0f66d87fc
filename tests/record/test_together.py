"""Many who write at once: nothing is lost, nothing deadlocks, and versions have no gap."""

import json

import pytest

from tests.record.files import ENTITIES, PLAN, change, put
from tests.record.processes import manage, new_database, run, start

MANY = 50

# Runs a function of a number at once in many threads; `told` has the answers.
TOGETHER = f"""
import json, sys, threading
import django
django.setup()
from django.db import connection
from commitments.models import Milestone
from entities.models import Entity
from plans.models import Plan, Theme
from record.models import Change, Document, Entry, Version
from record.writing import writing

def together(act, many={MANY}):
    told, ready = {{}}, threading.Barrier(many)
    def run(number):
        ready.wait()
        try:
            told[number] = act(number)
        except Exception as error:
            told[number] = f"{{type(error).__name__}}: {{error}}"
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[number]) for number in range(many)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return told

def versions():
    return list(Entry.objects.exclude(version=None).order_by("version").values_list("version", flat=True))
"""

ONE_ROW = """
entity = Entity.objects.get(slug="pcm")
def write(number):
    with writing(reason="Errata de imprenta") as this:
        this.hold({Entity: [entity.pk]})
        row = Entity.objects.get(pk=entity.pk)
        row.acronym = str(int(row.acronym or 0) + 1)
        row.save()
told = together(write)
chain = [change.columns["acronym"] for change in Change.objects.of(entity)]
print(json.dumps([told, Entity.objects.get(pk=entity.pk).acronym, chain, versions(), Version.current()]))
"""

MANY_ROWS = """
plan = Plan.objects.get()
with writing():
    for number in range(50):
        Theme.objects.create(
            plan=plan, slug=f"5-{number}", order=0, name_es="T", document=plan.document, place="p. 1"
        )
rows = list(Theme.objects.order_by("pk"))
def write(number):
    with writing(reason="Errata de imprenta") as this:
        # Each writes its neighbour too, all in one order.
        this.hold({Theme: [rows[number].pk, rows[number - 1].pk]})
        Theme.objects.filter(pk=rows[number].pk).update(order=number)
told = together(write)
orders = list(Theme.objects.order_by("pk").values_list("order", flat=True))
print(json.dumps([told, orders, versions(), Version.current()]))
"""

EDIT_WHILE_LOADING = """
import pathlib, time
pathlib.Path(sys.argv[1]).touch()
entity = Entity.objects.get(slug="pcm")
def write(number):
    for turn in range(10):
        with writing(reason="Errata de imprenta") as this:
            this.hold({Entity: [entity.pk]})
            row = Entity.objects.get(pk=entity.pk)
            row.website = f"https://www.gob.pe/{int((row.website or '/0').rpartition('/')[2]) + 1}"
            row.save()
        time.sleep(0.1)
print(json.dumps(together(write, 4)))
"""

EDIT_FOR_LONG = """
import pathlib, time
entity = Entity.objects.get(slug="sgp")
with writing(reason="Errata de imprenta") as this:
    this.hold({Entity: [entity.pk]})
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(5)
    Entity.objects.filter(pk=entity.pk).update(acronym="SGP")
"""

PUBLISH = """
from record import actions
from plans.models import Report
with writing():
    plan = Plan.objects.get()
    draft = Report.objects.create(
        plan=plan, slug="5-draft", author="irm", stage="design", title_es="Borrador", coverage="not_held",
        cutoff_on="2020-01-01", document=plan.document, place="p. 1",
    )
seen = actions.version_of(draft)
told = together(lambda number: actions.publish(None, draft, seen=seen).status)
print(json.dumps([list(told.values()), Change.objects.of(draft).filter(action="published").count()]))
"""

LOOK = """
entity = Entity.objects.get(slug="pcm")
chain = [each.columns["website"] for each in Change.objects.of(entity) if "website" in each.columns]
print(json.dumps([entity.website, Plan.objects.get().title_es, chain, versions(), Version.current()]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    put(folder, "00-entities.yaml", ENTITIES)
    put(folder, "10-plan.yaml", PLAN)
    return folder


@pytest.fixture(scope="module")
def database(folder, tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of a database with a small record."""
    url = new_database("together", tmp_path_factory.mktemp("database"), django_db_blocker)
    code, said = manage(url, "load_record", str(folder))
    assert code == 0, said
    return url


def chained(changes):
    """Return whether what each change found is what the one before it left."""
    return all(later[0] == earlier[1] for earlier, later in zip(changes, changes[1:], strict=False))


def test_many_who_write_one_row_lose_nothing_and_each_sees_the_one_before(database):
    told, acronym, chain, versions, current = json.loads(run(database, TOGETHER + ONE_ROW))

    assert set(told.values()) == {None}
    assert acronym == str(MANY)
    assert len(chain) == MANY
    assert chained(chain)
    assert versions == list(range(1, current + 1))


def test_many_who_write_different_rows_are_all_heard(database):
    told, orders, versions, current = json.loads(run(database, TOGETHER + MANY_ROWS))

    assert set(told.values()) == {None}
    assert orders == list(range(MANY))
    assert versions == list(range(1, current + 1))


def test_a_loading_waits_for_an_edit_that_was_begun_and_keeps_it(database, folder, tmp_path):
    editor = start(database, TOGETHER + EDIT_FOR_LONG, tmp_path / "started")
    change(folder, "00-entities.yaml", "kind: executive_body", "kind: executive_body\n    acronym: S.G.P.")
    code, said = manage(database, "load_record", str(folder))
    put(folder, "00-entities.yaml", ENTITIES)

    assert editor.wait(timeout=60) == 0, editor.communicate()[0]
    assert code == 0
    assert "Edited by staff and kept: entities.entity sgp" in said
    assert run(database, TOGETHER + 'print(Entity.objects.get(slug="sgp").acronym)').strip() == "SGP"


def test_a_loading_and_editors_lose_nothing_of_each_other(database, folder, tmp_path):
    editors = start(database, TOGETHER + EDIT_WHILE_LOADING, tmp_path / "started")
    said = []
    for title in ("Plan quinto", "Quinto plan"):
        text = PLAN.replace("V Plan", title)
        put(folder, "10-plan.yaml", text)
        change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: ''")
        said.append(manage(database, "load_record", str(folder)))
        put(folder, "00-entities.yaml", ENTITIES)
    told, _ = editors.communicate(timeout=100)

    website, title, chain, versions, current = json.loads(run(database, TOGETHER + LOOK))
    assert [code for code, _ in said] == [0, 0], said
    assert set(json.loads(told).values()) == {None}
    assert (title, website) == ("Quinto plan", "https://www.gob.pe/40")
    assert len(chain) == 40
    assert chained(chain)
    assert versions == list(range(1, current + 1))


def test_of_many_who_publish_what_they_read_one_does_and_the_others_are_told(database):
    told, published = json.loads(run(database, TOGETHER + PUBLISH))

    newer = [each for each in told if each.startswith("Newer: ")]
    assert (told.count("published"), len(newer), published) == (1, MANY - 1, 1)
