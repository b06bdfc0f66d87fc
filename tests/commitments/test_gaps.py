from collections import Counter
from dataclasses import asdict
from datetime import date

import pytest

from commitments import gaps
from commitments.models import Commitment, Milestone
from record.actions import annul
from record.dates import today
from record.kinds import kinds
from record.text import other_column
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_entity_name,
    make_evidence,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_policy_area,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
)
from tests.once import made_once
from tests.record import record  # noqa: F401

pytestmark = pytest.mark.django_db


def lacking(slug):
    """Return what a gap finds, in words."""
    kind, gap = next((kind, gap) for kind in kinds() for gap in kind.gaps if gap.slug == slug)
    rows = gap.narrow(kind.rows(), today())
    return [str(getattr(row, "code", None) or getattr(row, "slug", None) or row) for row in rows]


@pytest.fixture
@made_once
def plan():
    """Make plan 7 whose commitment 1 has everything and 2 nothing, and a draft of a plan with nothing."""
    plan = make_plan(number=7)
    whole = make_commitment(
        plan=plan,
        number=1,
        ends_on=date(2016, 12, 31),
        theme=make_theme(plan=plan),
        description_en="Text",
    )
    with writing(reason="made for a test"):
        whole.policy_areas.add(make_policy_area())
    make_responsibility(commitment=whole, role="co_lead")
    make_assessment(commitment=whole, report=make_report(plan=plan))
    milestone = make_milestone(commitment=whole, number=1, ends_on=date(2016, 6, 30))
    make_milestone_responsible(milestone=milestone)
    make_evidence(update=make_update(milestone=milestone, status="complete"))
    make_commitment(plan=plan, number=2)
    make_commitment(plan=make_plan(status="draft"))
    return plan


@pytest.mark.parametrize(
    "slug", ["institution", "level", "text", "period", "theme", "policy-area", "milestones"]
)
def test_commitment_with_nothing_is_in_each_list_and_the_whole_one_in_none(plan, slug):
    assert lacking(slug) == ["7-2"]


@pytest.mark.parametrize("slug", ["end", "responsible", "report", "evidence"])
def test_milestone_with_nothing_is_in_each_list_and_the_whole_one_in_none(plan, slug):
    make_milestone(commitment=Commitment.objects.get(code="7-2"), number=1, ends_on=None)

    assert lacking(slug) == ["7-2-1"]


def test_milestone_whose_update_gives_no_state_is_told_apart_from_one_without_updates(plan):
    silent = make_milestone(commitment=Commitment.objects.get(code="7-2"), number=1)
    make_update(milestone=silent, status=None)

    assert lacking("state") == ["7-2-1"]
    assert lacking("report") == []


def test_evidence_of_an_annulled_update_proves_nothing(plan):
    milestone = Milestone.objects.get(code="7-1-1")
    annul(None, milestone.updates.get(), "Se publicó por error")

    assert lacking("evidence") == ["7-1-1"]


def test_evidence_of_a_draft_proves_nothing(plan):
    commitment = Commitment.objects.get(code="7-1")
    of_draft, with_draft = (make_milestone(commitment=commitment, number=number) for number in (2, 3))
    make_evidence(update=make_update(milestone=of_draft, workflow="draft"))
    make_evidence(update=make_update(milestone=with_draft), status="draft")
    make_evidence(milestone=with_draft, status="draft")

    assert lacking("evidence") == ["7-1-2", "7-1-3"]


def test_level_without_a_card_is_counted_and_makes_no_text(plan):
    bare = Commitment.objects.get(code="7-2")
    make_assessment(commitment=bare, report=make_report(plan=plan, slug="7-x"), has_card=False)

    assert lacking("card") == ["7-x:7-2"]
    assert lacking("text") == ["7-2"]


def test_entity_without_a_name_in_a_source_is_found():
    make_entity_name(entity=make_entity(slug="named"))
    make_entity(slug="bare")

    assert lacking("name-source") == ["bare"]


def test_table_gives_how_many_of_how_many_for_each_plan_that_has_such_rows(plan):
    make_commitment(plan=make_plan(number=8))

    table = {
        gap.slug: [(plan.number, n, of) for plan, n, of in cells]
        for gap, kind, cells in gaps.by_plan(today())
        if kind.plan
    }

    assert table["institution"] == [(7, 1, 2), (8, 1, 1)]
    # Plan 8 has no milestones, so nothing of them is lacking.
    assert "end" not in table


def test_translations_count_what_is_there_ours_and_missing():
    plan = make_plan(title_es="Uno", title_en="One", unofficial={"title_en": ""})
    plan.title_es = "Otro"
    with writing(reason="made for a test"):
        plan.save()
    make_plan(title_es="Dos", title_en="")

    english = next(
        texts
        for texts in gaps.translations()
        if texts.name == gaps.Plan._meta.verbose_name_plural and texts.language == "en"
    )

    assert (english.there, english.ours, english.missing) == (1, 1, 1)


def test_tables_of_the_real_record_count_what_reading_each_row_does(record):  # noqa: F811
    on = date(2018, 5, 4)
    by_plan = {(kind.label, gap.slug): cells for gap, kind, cells in gaps.by_plan(on)}
    for kind in kinds():
        for gap in kind.gaps:
            lacking = plans_of(kind, gap.narrow(kind.rows(), on))
            totals = plans_of(kind, kind.rows())
            cells = [(lacking[plan], total) for plan, total in sorted(totals.items())]
            found = by_plan.get((kind.label, gap.slug), [])
            assert [(n, of) for _plan, n, of in found] == (cells if lacking else []), gap.slug
            assert [plan and plan.number for plan, _n, _of in found] in ([], sorted(totals), [None]), gap.slug

    read = {}
    for model in gaps.bilingual_models():
        for row in model._default_manager.published():
            for column in model.bilingual_columns():
                counts = read.setdefault((model._meta.verbose_name_plural, column[-2:]), Counter())
                counts["there"] += bool(getattr(row, column))
                counts["ours"] += bool(getattr(row, column)) and row.is_unofficial(column)
                counts["missing"] += not getattr(row, column) and bool(getattr(row, other_column(column)))
    found = {(each.name, each.language): asdict(each) for each in gaps.translations()}
    assert {
        key: {name: found[key][name] for name in counts} for key, counts in read.items() if key in found
    } == {key: dict(counts) for key, counts in read.items() if counts["ours"] or counts["missing"]}


def plans_of(kind, rows):
    """Return {number of a plan, 0 for none: how many of some rows}, read row by row."""
    keys = dict(rows.values_list("pk", f"{kind.plan}__number")) if kind.plan else dict.fromkeys(rows, 0)
    return Counter(keys.values())
