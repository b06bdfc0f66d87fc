"""A plan with what a report of it is made from, and those who write one."""

from datetime import date

import pytest

from commitments.cards import acts
from plans.models import Report
from tests.factories import (
    change_plan,
    make_assessment,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_plan,
    make_publisher,
    make_report,
    make_responsibility,
    make_update,
)
from tests.once import made_once

CUTOFF = date(2016, 6, 30)
ROWS = ["responsible", "problem", "description", "results", "delay_reason"]
ROWS += ["new_end_as_printed", "next_steps"]


def new_plan():
    return make_plan(number=26, starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))


def new_entity():
    return make_entity(slug="minam", name_es="Ministerio del Ambiente", acronym="MINAM")


@made_once
def plan_with_commitments():
    """Make (plan, entity, commitments) of a test that asks for the last."""
    plan, entity = new_plan(), new_entity()
    texts = {"problem_es": "Problema", "description_es": "Lo prometido"}
    found = [make_commitment(plan=plan, number=number, **texts) for number in range(1, 6)]
    make_responsibility(commitment=found[0], entity=entity)
    change_plan(found[3], in_plan_until=date(2016, 1, 31))
    change_plan(found[4], in_plan_from=date(2016, 9, 1))
    return plan, entity, found


@pytest.fixture
def made(request):
    return plan_with_commitments() if "commitments" in request.fixturenames else None


@pytest.fixture
def plan(made):
    return made[0] if made else new_plan()


@pytest.fixture
def entity(made):
    return made[1] if made else new_entity()


@pytest.fixture
def commitments(made):
    """Three that were in the plan on the cut-off, one that left before and one that came later."""
    return made[2]


@pytest.fixture
def milestone(commitments):
    return make_milestone(commitment=commitments[0], number=1, ends_on=date(2016, 3, 31))


@pytest.fixture
def before(plan, commitments):
    """The report before, with a card of the first commitment."""
    report = make_report(plan=plan, cutoff_on=date(2015, 12, 31), card_form=ROWS, coverage="partial")
    texts = {"problem": "Problema, como lo dijo el informe", "results": "Resultados de entonces"}
    make_assessment(report=report, commitment=commitments[0], level="limited", level_as_printed="", **texts)
    return report


@pytest.fixture
def update(milestone):
    return make_update(
        milestone=milestone,
        number=1,
        as_of=date(2016, 5, 31),
        status="in_progress",
        percent=40,
        text_es="Se aprobó la norma",
        next_es="Se difunde",
        reason_es="Faltó presupuesto",
    )


@pytest.fixture
def editor():
    return make_editor(first_name="Edita", last_name="Uno")


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def focal(entity):
    return make_focal_point(entity)


@pytest.fixture
def opening(plan):
    """Return what an editor says of the report."""
    return {
        "plan": plan,
        "author": Report.Author.GOVERNMENT,
        "stage": Report.Stage.MID_TERM,
        "title_es": "Informe de medio término",
        "cutoff_on": CUTOFF,
        "coverage": Report.Coverage.FULL,
        "card_form": ROWS,
    }


@pytest.fixture
def report(editor, opening, commitments):
    return acts.open_report(editor, opening, make_document())


def card(report, number=1):
    return report.assessments.select_related("report__document", "commitment").get(commitment__number=number)
