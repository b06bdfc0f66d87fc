"""load_record in all its cases, killed half-way too."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from entities.models import Entity
from plans.models import Plan
from record.models import LoadedFile, LoadedRow
from tests.factories import make_entity
from tests.record.copies import on_server

ENTITIES = """
entities.entity:
  - slug: sgp
    name_es: Secretaría de Gestión Pública
    name_en: Public Management Secretariat
    kind: executive_body
    parent: pcm
    unofficial: [name_en]
  - slug: pcm
    name_es: Presidencia del Consejo de Ministros
    kind: presidency
"""
PLAN = """
record.document:
  - slug: v-plan
    title_es: Plan
    language: en
    kind: action_plan
plans.plan:
  - number: 5
    title_es: V Plan
    coordinator: sgp
    starts_on: 2023-01-01
    document: v-plan
    place: portada
    status: published
commitments.policyarea:
  - {slug: health, name_es: Salud, document: v-plan, place: p. 1}
  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}
commitments.commitment:
  - plan: 5
    number: 4
    title_es: Compromiso
    policy_areas: [health, labor]
    document: v-plan
    place: ficha 4
commitments.milestone:
  - commitment: 5-4
    number: 1
    activity_es: Actividad
    ends_on: 2023-06-30
    document: v-plan
    place: ficha 4
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "00-entities.yaml").write_text(ENTITIES, encoding="utf-8")
    (tmp_path / "10-plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def load(folder):
    out = StringIO()
    call_command("load_record", folder, stdout=out)
    return out.getvalue()


def change(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.django_db
def test_new_rows_are_added_whatever_their_order_in_the_file(folder):
    said = load(folder)

    sgp = Entity.objects.get(slug="sgp")
    commitment = Plan.objects.get(number=5).commitments.get()
    assert "Rows added: 8" in said
    assert sgp.parent.slug == "pcm"
    assert sgp.is_unofficial("name_en") and not sgp.is_stale("name_en")
    assert [area.slug for area in commitment.policy_areas.all()] == ["health", "labor"]
    assert commitment.milestones.get().code == "5-4-1"


@pytest.mark.django_db
def test_rows_remember_which_file_they_came_from(folder):
    load(folder)

    assert (
        Entity.objects.get(slug="sgp").history.get().history_change_reason == "load_record: 00-entities.yaml"
    )
    assert LoadedRow.objects.get(model="entities.entity", key="sgp").file == "00-entities.yaml"


@pytest.mark.django_db
def test_an_unchanged_file_is_not_read(folder, django_assert_max_num_queries):
    load(folder)

    with django_assert_max_num_queries(6):
        assert "no file has changed" in load(folder)


@pytest.mark.django_db
def test_a_row_that_nobody_touched_is_updated_and_the_others_stay(folder):
    load(folder)
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: PCM")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").acronym == "PCM"
    assert "Files read: 1. Rows added: 0, updated: 1, unchanged: 1" in said


@pytest.mark.django_db
def test_a_column_taken_out_of_the_file_goes_back_to_its_default(folder):
    load(folder)
    change(folder, "10-plan.yaml", "    starts_on: 2023-01-01\n", "")
    change(folder, "10-plan.yaml", "    policy_areas: [health, labor]\n", "    policy_areas: [labor]\n")

    load(folder)

    plan = Plan.objects.get(number=5)
    assert plan.starts_on is None
    assert [area.slug for area in plan.commitments.get().policy_areas.all()] == ["labor"]


@pytest.mark.django_db
def test_a_row_edited_by_staff_is_kept_and_listed(folder):
    load(folder)
    pcm = Entity.objects.get(slug="pcm")
    pcm.website = "https://www.gob.pe/pcm"
    pcm.acronym = "P.C.M."
    pcm.save()
    load(folder)  # nothing changed in the files
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: PCM")

    said = load(folder)

    # The website is no column of the file: staff may fill it in. The acronym was not one when it was loaded.
    assert Entity.objects.get(slug="pcm").website == "https://www.gob.pe/pcm"
    assert "updated: 1" in said

    pcm = Entity.objects.get(slug="pcm")
    pcm.acronym = "P.C.M."
    pcm.save()
    change(folder, "00-entities.yaml", "acronym: PCM", "acronym: PCM.")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").acronym == "P.C.M."
    assert "edited by staff and kept: 1" in said
    assert "Edited by staff and kept: entities.entity pcm" in said


@pytest.mark.django_db
def test_linked_rows_edited_by_staff_are_kept(folder):
    load(folder)
    commitment = Plan.objects.get(number=5).commitments.get()
    commitment.policy_areas.clear()
    change(folder, "10-plan.yaml", "title_es: Compromiso", "title_es: Otro título")

    assert "Edited by staff and kept: commitments.commitment 5 | 4" in load(folder)
    assert not commitment.policy_areas.exists()


@pytest.mark.django_db
def test_a_row_deleted_by_staff_is_not_revived(folder):
    load(folder)
    Entity.objects.get(slug="sgp").coordinated_plans.update(coordinator=None)
    Entity.objects.get(slug="sgp").delete()
    change(folder, "00-entities.yaml", "kind: executive_body", "kind: other")

    said = load(folder)

    assert not Entity.objects.filter(slug="sgp").exists()
    assert "Deleted by staff and not revived: entities.entity sgp" in said


@pytest.mark.django_db
def test_a_row_that_staff_entered_first_is_kept_and_listed(folder):
    make_entity(slug="pcm", name_es="La de ellos")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").name_es == "La de ellos"
    assert "Edited by staff and kept: entities.entity pcm" in said


@pytest.mark.django_db
def test_a_row_taken_out_of_the_files_is_kept_and_listed(folder):
    load(folder)
    change(folder, "10-plan.yaml", "  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}\n", "")
    change(folder, "10-plan.yaml", "[health, labor]", "[health]")

    assert "No longer in the files and kept: commitments.policyarea labor" in load(folder)


@pytest.mark.django_db
def test_a_planned_date_mended_in_the_files_says_so_in_the_history(folder):
    load(folder)
    change(folder, "10-plan.yaml", "ends_on: 2023-06-30", "ends_on: 2023-12-31")

    load(folder)

    milestone = Plan.objects.get(number=5).commitments.get().milestones.get()
    assert str(milestone.ends_on) == "2023-12-31"
    assert milestone.history.first().history_change_reason.startswith("corrección de transcripción: Plan")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: presidency", "kind: kingdom", "00-entities.yaml, line 9: entities.entity pcm: kind: "),
        (
            "parent: pcm",
            "parent: mars",
            "line 3: entities.entity sgp: names entities.entity mars, which does not",
        ),
        ("kind: presidency", "colour: red", "line 9: entities.entity pcm: unknown column colour"),
        ("slug: sgp", "slug: pcm", "entities.entity pcm: the same key stands twice in this file"),
        ("slug: sgp", "acronym: SGP", "line 3: entities.entity: without slug"),
        ("entities.entity:", "entities.people:", "line 2: unknown model entities.people"),
        ("[name_en]", "[name_fr]", "unofficial: unknown column name_fr"),
        ("slug: sgp", "slug: sgp\n    slug: sgp", "column twice: slug"),
        ("kind: executive_body", "  kind: executive_body", "00-entities.yaml, line 6: not YAML: "),
        ("entities.entity:", "entities.entity: some", "00-entities.yaml"),
    ],
)
def test_a_broken_file_leaves_the_database_as_it_was_and_says_where(folder, before, after, said):
    load(folder)
    change(folder, "10-plan.yaml", "title_es: V Plan", "title_es: Otro")
    (folder / "00-a-new.yaml").write_text(
        "entities.entity:\n  - {slug: minsa, name_es: Ministerio de Salud, kind: ministry}\n",
        encoding="utf-8",
    )
    change(folder, "00-entities.yaml", before, after)

    with pytest.raises(CommandError) as error:
        load(folder)

    assert said in str(error.value)
    assert not Entity.objects.filter(slug="minsa").exists()
    assert Plan.objects.get(number=5).title_es == "V Plan"
    assert not LoadedFile.objects.filter(name="00-a-new.yaml").exists()


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_named(folder):
    change(
        folder,
        "10-plan.yaml",
        "    starts_on: 2023-01-01",
        "    starts_on: 2023-01-01\n    ends_on: 2022-01-01",
    )

    with pytest.raises(CommandError, match=r"10-plan.yaml, line 8: plans.plan 5: .*plan_dates_in_order"):
        load(folder)


@pytest.mark.django_db
def test_a_file_that_is_no_text_is_named(folder):
    (folder / "20-image.yaml").write_bytes(b"\xff\xd8\xff\xe0")

    with pytest.raises(CommandError, match="20-image.yaml: not UTF-8"):
        load(folder)


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        load(tmp_path / "nowhere")


@pytest.mark.django_db
def test_a_wrong_date_is_named(folder):
    change(folder, "10-plan.yaml", "starts_on: 2023-01-01", "starts_on: 2023-02-31")

    with pytest.raises(CommandError, match="10-plan.yaml, line 8: plans.plan: day is out of range"):
        load(folder)


@pytest.mark.django_db(transaction=True)
def test_loading_when_killed_half_way_leaves_the_database_as_it_was(folder, tmp_path):
    """Kill a real process, in the middle of a real loading, on a real database."""
    started = tmp_path / "started"
    database = _copy_of_the_database(tmp_path)
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def manage(*arguments):
        return [sys.executable, "-c", _SLOW, str(started), *arguments]

    run = {
        "cwd": settings.BASE_DIR,
        "env": environment,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    process = subprocess.Popen(manage("load_record", str(folder)), **run)
    for _ in range(300):
        if started.exists():
            break
        time.sleep(0.1)
    assert started.exists(), process.communicate()[0]
    process.send_signal(signal.SIGKILL)
    process.wait()

    count = "from entities.models import Entity; print(Entity.objects.count(), 'entities')"
    said = subprocess.run(manage("shell", "-v0", "-c", count), check=True, **run).stdout.decode()
    assert "0 entities" in said

    started.unlink()
    whole = subprocess.run(manage("load_record", str(folder), "--whole"), check=True, **run)
    assert "Rows added: 8" in whole.stdout.decode()


# Runs manage.py; loading stops for long in the middle of the second file, with the first one written.
_SLOW = """
import os, pathlib, sys, time
import django
django.setup()
started, *arguments = sys.argv[1:]
whole = "--whole" in arguments and not arguments.remove("--whole")
from plans.models import Plan
save = Plan.save
def wait_and_save(self, *args, **kwargs):
    save(self, *args, **kwargs)
    pathlib.Path(started).touch()
    time.sleep(0 if whole else 60)
Plan.save = wait_and_save
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *arguments])
"""


def _copy_of_the_database(tmp_path):
    """Return the address of a copy of the test database, which has its tables and is empty."""
    if connection.vendor == "postgresql":
        on_server("DROP DATABASE IF EXISTS killed WITH (FORCE)")
        on_server(f"CREATE DATABASE killed TEMPLATE {connection.settings_dict['NAME']}")
        base, _, options = os.environ["DATABASE_URL"].partition("?")
        return f"{base.rsplit('/', 1)[0]}/killed" + (f"?{options}" if options else "")
    connection.ensure_connection()
    with closing(sqlite3.connect(tmp_path / "killed.sqlite3")) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{tmp_path / 'killed.sqlite3'}"


@pytest.mark.django_db
def test_the_real_record_is_loaded_whole():
    load(settings.FIXTURES_DIR)

    assert Plan.objects.count() == 5
    assert LoadedFile.objects.count() == len(list(settings.FIXTURES_DIR.glob("*.yaml")))
    assert LoadedRow.objects.filter(model="commitments.commitment").count() == 117
