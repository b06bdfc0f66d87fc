"""The same files give the same record, in whatever order they were edited and loaded."""

from contextlib import suppress
from itertools import permutations

import pytest
from django.db import transaction

from commitments.models import PolicyArea
from record.loading import Outcome, RecordError, load_record
from record.models import LoadedRow
from tests.record.files import ENTITIES, PLAN, content, put

pytestmark = pytest.mark.django_db

AREAS = """
commitments.policyarea:
  - {slug: education, name_es: Educación, document: v-plan, place: p. 2}
"""
LABOR = "  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}\n"
MORE = """
entities.entity:
  - {slug: minsa, name_es: Ministerio de Salud, kind: ministry, acronym: Minsa, parent: pcm}
"""
FILES = {"00-entities.yaml": ENTITIES, "10-plan.yaml": PLAN, "05-areas.yaml": AREAS, "90-more.yaml": MORE}

# Each edit gives one file its last form. One row moves from a file to another, and a link with it: while it
# stands in both, loading refuses.
EDITS = {
    "00-entities.yaml": ENTITIES.replace("kind: presidency", "kind: presidency\n    acronym: PCM")
    .replace("    name_en: Public Management Secretariat\n", "")
    .replace("    unofficial: [name_en]\n", ""),
    "10-plan.yaml": PLAN.replace(LABOR, "")
    .replace("    starts_on: 2023-01-01\n", "")
    .replace("[health, labor]", "[education, labor]")
    .replace("ends_on: 2023-06-30", "ends_on: 2023-12-31"),
    "05-areas.yaml": AREAS.replace("name_es: Educación", "name_es: Enseñanza")
    + LABOR.replace("p. 1", "p. 3"),
    "90-more.yaml": MORE.replace("parent: pcm", "parent: sgp").replace(", acronym: Minsa", ""),
}


def loaded(folder, *steps):
    """Load the first files, then after each step again, whatever it says; return the record and forget it."""
    with transaction.atomic():
        for files in (FILES, *steps):
            for name, text in files.items():
                put(folder, name, text)
            with suppress(RecordError):
                outcome = load_record(folder)
        found = content(), sorted(LoadedRow.objects.values_list("model", "key", "file"))
        assert isinstance(outcome, Outcome) and not outcome.kept and not outcome.dropped
        transaction.set_rollback(True)
    return found


def test_edits_loaded_one_by_one_in_any_order_give_what_all_at_once_give(tmp_path):
    at_once = loaded(tmp_path, EDITS)
    orders = [loaded(tmp_path, *({name: EDITS[name]} for name in order)) for order in permutations(EDITS)]

    assert orders == [at_once] * 24


def test_edited_files_give_what_they_give_to_an_empty_database(tmp_path):
    edited = loaded(tmp_path, EDITS)
    for name, text in EDITS.items():
        put(tmp_path, name, text)
    load_record(tmp_path)

    assert edited[0] == content()


@pytest.mark.parametrize("names", list(permutations("abcd"))[::5])
def test_rows_may_name_rows_of_any_file(tmp_path, names):
    in_order, other = tmp_path / "in-order", tmp_path / "other"
    in_order.mkdir()
    other.mkdir()
    expected = loaded(in_order)[0]
    for name, text in zip(names, FILES.values(), strict=True):
        put(other, f"{name}.yaml", text)

    load_record(other)

    assert content() == expected


def test_a_row_that_left_the_files_and_comes_back_with_less_is_as_if_it_never_left(tmp_path):
    without = {"10-plan.yaml": PLAN.replace(LABOR, "")}
    back = {"05-areas.yaml": AREAS + LABOR.replace("Trabajo", "Labor")}

    assert loaded(tmp_path, without, back) == loaded(tmp_path, without | back)


def test_a_row_that_moves_to_another_file_is_not_listed_as_dropped(tmp_path):
    for name, text in FILES.items():
        put(tmp_path, name, text)
    load_record(tmp_path)
    put(tmp_path, "10-plan.yaml", EDITS["10-plan.yaml"])
    put(tmp_path, "05-areas.yaml", EDITS["05-areas.yaml"])

    outcome = load_record(tmp_path)

    assert not outcome.dropped and "commitments.policyarea labor" in outcome.updated
    assert PolicyArea.objects.get(slug="labor").place == "p. 3"
