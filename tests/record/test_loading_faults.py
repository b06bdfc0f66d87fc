"""All faults of a loading are told at once, with place, row and reason, and nothing is written."""

import pytest
from django.core.management import CommandError

from commitments.models import Commitment, Milestone
from entities.models import Entity
from plans.models import Plan
from record.kinds import kinds
from record.loading import RecordError, load_record
from record.loading.constraints import reading
from record.loading.faults import MOST_SHOWN
from record.models import LoadedFile, LoadedRow
from record.writing import writing
from tests.factories import make_commitment, make_plan, make_theme
from tests.record.files import change, load, put

pytestmark = pytest.mark.django_db


def faults(folder):
    """Load a folder that has faults; return them as lines."""
    with pytest.raises(RecordError) as error:
        load_record(folder)
    return [str(fault) for fault in error.value.faults]


def test_faults_of_all_files_are_told_at_once(folder):
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidencia\n    colour: red")
    change(folder, "10-plan.yaml", "starts_on: 2023-01-01", "starts_on: 2023-02-31")
    change(folder, "10-plan.yaml", "[health, labor]", "[healt, labor]")
    change(folder, "10-plan.yaml", "document: v-plan\n    place: portada", "place: portada")
    change(folder, "10-plan.yaml", "    number: 1\n", "")
    put(folder, "20-broken.yaml", "entities.entity:\n  - {slug: x\n")
    put(folder, "30-unknown.yaml", "plans.plans:\n  - {number: 1}\n")

    told = faults(folder)

    starts = [
        "00-entities.yaml, line 9: entities.entity pcm: kind: ",
        "00-entities.yaml, line 9: entities.entity pcm: unknown column colour",
        "10-plan.yaml, line 8: plans.plan 5: starts_on: ",
        "10-plan.yaml, line 8: plans.plan 5: without document",
        "10-plan.yaml, line 18: commitments.commitment 5 | 4: names commitments.policyarea healt, which",
        "10-plan.yaml, line 26: commitments.milestone: without number",
        "20-broken.yaml, line 3: not YAML: ",
        "30-unknown.yaml, line 1: unknown model plans.plans; near: plans.plan",
    ]
    found = [[line for line in told if line.startswith(start)] for start in starts]
    assert [len(lines) for lines in found] == [1] * len(starts), told
    assert not Entity.objects.exists() and not LoadedFile.objects.exists() and not LoadedRow.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: action_plan", "kind: action_plam", "Allowed: action_plan, self_assessment, irm_report, "),
        ("kind: action_plan", "kind: action_plam", "; near: action_plan"),
        (
            "coordinator: sgp",
            "coordinator: sgq",
            "names entities.entity sgq, which does not exist; near: sgp",
        ),
        ("commitment: 5-4", "commitment: 5-44", "which does not exist; near: 5-4"),
        ("activity_es: A", "activty_es: A", "unknown column activty_es; near: activity_es, activity_en"),
        ("commitments.milestone:", "commitments.milestones:", "; near: commitments.milestone"),
        ("status: published", "code: x", "unknown column code"),
        ("number: 4", "number: four", "commitments.commitment 5 | four: number: "),
        ("number: 4", "number: yes", "commitments.commitment 5 | yes: number: "),
        ("title_es: Compromiso", "title_es: [a, b]", "title_es: one value is expected, not several"),
        ("policy_areas: [health, labor]", "policy_areas: health", "policy_areas: a list is expected"),
        ("title_es: Compromiso", "unofficial: yes", "unofficial: a list of columns is expected"),
        ("title_es: Compromiso", "label: x", "A commitment needs a title"),
        (
            "title_es: V Plan",
            "title_es: " + "V" * 300,
            "title_es: Ensure this value has at most 250 characters",
        ),
        (
            "ends_on: 2023-06-30",
            "ends_on: 2023-06-30\n    starts_on: 2024-01-01",
            "The start is after the end.",
        ),
        ("place: portada", "place: " + "x" * 251, "place: Ensure this value has at most 250"),
        ("number: 4", "number: 0", "number: Ensure this value is greater than or equal to 1"),
    ],
)
def test_wrong_values_say_what_is_allowed_and_what_is_near(folder, before, after, said):
    change(folder, "10-plan.yaml", before, after)

    assert said in "\n".join(faults(folder))


def test_the_same_key_in_two_files_is_refused_with_both_places(folder):
    put(folder, "20-more.yaml", "\nentities.entity:\n  - {slug: pcm, name_es: Otra, kind: other}\n")

    assert faults(folder) == [
        "20-more.yaml, line 3: entities.entity pcm: the same key stands in 00-entities.yaml, line 9 too"
    ]


def test_the_same_key_in_a_file_that_is_not_read_again_is_refused_with_both_places(folder):
    load(folder)
    put(
        folder, "20-more.yaml", "\nplans.plan:\n  - {number: 5, title_es: Otro, document: v-plan, place: p}\n"
    )

    assert faults(folder) == [
        "20-more.yaml, line 3: plans.plan 5: the same key stands in 10-plan.yaml, line 8 too"
    ]
    assert Plan.objects.get().title_es == "V Plan"


def test_a_key_that_staff_entered_first_is_known_to_be_in_its_file(folder):
    with writing(reason="made for a test"):
        Entity.objects.create(slug="pcm", name_es="La de ellos", kind="presidency")
    load(folder)
    put(folder, "20-more.yaml", "\nentities.entity:\n  - {slug: pcm, name_es: Otra, kind: other}\n")

    assert "the same key stands in 00-entities.yaml, line 9 too" in faults(folder)[0]


def test_another_record_is_not_loaded_over_this_one(folder, tmp_path_factory):
    load(folder)
    other = tmp_path_factory.mktemp("other")
    put(other, "all.yaml", "plans.plan:\n  - {number: 5, title_es: Otro, document: v-plan, place: p}\n")

    told = faults(other)

    assert "all.yaml, line 2: plans.plan 5: the same key stands in 10-plan.yaml too" in told
    assert any(
        line.startswith("10-plan.yaml: was loaded before; the folder neither holds it") for line in told
    )
    assert Plan.objects.get().title_es == "V Plan"


def test_what_must_be_unique_is_refused_with_both_places(folder):
    row = "  - {{plan: 5, number: {}, ogp_id: PE1, title_es: T, document: v-plan, place: p}}\n"
    put(folder, "20-more.yaml", "commitments.commitment:\n" + row.format(5) + row.format(6))

    assert faults(folder) == [
        "20-more.yaml, line 2: commitments.commitment 5 | 5: the same ogp_id (PE1) has 20-more.yaml, line 3",
        "20-more.yaml, line 3: commitments.commitment 5 | 6: the same ogp_id (PE1) has 20-more.yaml, line 2",
    ]


def test_what_must_be_unique_and_stands_in_the_database_is_refused(folder):
    make_commitment(ogp_id="PE1")
    change(folder, "10-plan.yaml", "title_es: Compromiso", "title_es: Compromiso\n    ogp_id: PE1")

    assert "the same ogp_id (PE1) has a row of the database" in faults(folder)[0]


def test_a_row_is_asked_for_its_own_faults(folder):
    """Red when loading skips `clean()`."""
    theme = make_theme(plan=make_plan(number=7), slug="7-salud")
    change(folder, "10-plan.yaml", "title_es: Compromiso", f"title_es: Compromiso\n    theme: {theme.slug}")

    assert faults(folder) == [
        "10-plan.yaml, line 19: commitments.commitment 5 | 4: theme: This theme belongs to another plan."
    ]


def test_a_row_that_is_updated_is_asked_for_its_own_faults(folder):
    load(folder)
    theme = make_theme(plan=make_plan(number=7), slug="7-salud")
    change(folder, "10-plan.yaml", "title_es: Compromiso", f"title_es: Compromiso\n    theme: {theme.slug}")

    assert "This theme belongs to another plan." in faults(folder)[0]
    assert Commitment.objects.get().theme is None


def test_rows_that_name_each_other_in_a_circle_are_told(folder):
    change(folder, "00-entities.yaml", "    kind: presidency", "    kind: presidency\n    parent: sgp")

    assert (
        "names entities.entity pcm, which does not exist, has a fault itself, or names this one in a circle"
        in (faults(folder)[0])
    )


def test_rows_without_end_are_told_in_short(folder):
    rows = "".join(f"  - {{slug: e{number}, name_es: E, kind: king}}\n" for number in range(MOST_SHOWN + 7))
    put(folder, "20-more.yaml", f"entities.entity:\n{rows}")

    with pytest.raises(CommandError) as error:
        load(folder)

    lines = str(error.value).splitlines()
    assert lines[MOST_SHOWN:] == ["... and 7 more", "Nothing was loaded; the database is as it was."]


def test_a_value_without_end_is_told_in_short(folder):
    change(folder, "10-plan.yaml", "coordinator: sgp", f"coordinator: {'s' * 100_000}")

    assert max(map(len, faults(folder))) < 300


@pytest.mark.parametrize(
    "text", ["- a\n", "a\n", "? [x]\n: []\n", "entities.entity:\n  - x\n", "&a [*a]\n", "\0"]
)
def test_a_file_of_another_form_is_told(folder, text):
    load(folder)
    put(folder, "10-plan.yaml", text)

    assert any(line.startswith("10-plan.yaml") for line in faults(folder))
    assert Milestone.objects.exists()


def test_constraints_are_read_without_the_database_where_they_hold(folder):
    """Every constraint that stored rows keep: reading it may be unsure of it, and never denies it."""
    load(folder)
    load_all = [
        reading(constraint.condition, row)
        for kind in kinds()
        for row in kind.model._base_manager.all()
        for constraint in kind.model._meta.constraints
        if hasattr(constraint, "condition") and constraint.condition
    ]

    assert load_all and set(load_all) <= {True, None}
    assert load_all.count(True) > load_all.count(None)
