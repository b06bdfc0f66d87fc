"""The larger records of bench/, as files and in the database, and that its addresses are there."""

from datetime import date

import pytest
from django.db import models

from bench.files import generate
from bench.pages import ADDRESSES, ask
from bench.rows import Copies
from commitments.deriving import differences
from commitments.models import Assessment, Commitment, Evidence, Milestone, Update
from entities.models import Entity
from plans.compliance import Level
from plans.models import Plan
from record.kinds import kinds
from record.loading import load_record, write_manifest
from record.models import Document
from tests.factories import (
    make_assessment,
    make_commitment,
    make_evidence,
    make_listing,
    make_milestone,
    make_plan,
    make_recommendation,
    make_report,
    make_responsibility,
    make_update,
)
from tests.record import record  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_generated_record_has_as_many_commitments_as_asked_for_and_loads(tmp_path):
    generate(tmp_path, 130)
    write_manifest(tmp_path)

    load_record(tmp_path)

    assert (Commitment.objects.count(), Plan.objects.count()) == (130, 10)
    assert Milestone.objects.count() == 105
    assert all(
        commitment.title_es.startswith("Sintético") for commitment in Commitment.objects.exclude(title_es="")
    )


def test_a_generated_record_is_always_the_same(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"

    generate(one, 3)
    generate(two, 3)

    contents = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in (one, two)]
    assert contents[0] == contents[1] and len(contents[0]) == 2


@pytest.fixture
def plan():
    """A plan with one of all that hangs from it."""
    plan = make_plan(number=2)
    report = make_report(plan=plan, slug="2-report", cutoff_on=date(2016, 9, 30))
    commitment = make_commitment(plan=plan, number=1, ogp_id="PE0001")
    commitment.refresh_from_db()
    make_responsibility(commitment=commitment)
    make_assessment(commitment=commitment, report=report, level=Level.LIMITED)
    milestone = make_milestone(commitment=commitment, number=1, ends_on=date(2016, 6, 30))
    update = make_update(milestone=milestone, report=report, status="in_progress", as_of=date(2016, 9, 1))
    make_update(milestone=milestone, corrects=update, status="complete", as_of=date(2016, 9, 2))
    make_evidence(update=update)
    make_listing(report=report)
    make_recommendation(report=report)
    return plan


def contents():
    """Return what all rows of the record say."""
    return [list(kind.model._base_manager.order_by("pk").values()) for kind in kinds()]


def test_copies_hang_together_and_leave_what_was_there(plan):
    shared = Entity.objects.count(), Document.objects.count()
    before = contents()

    Copies().grow_to(3)

    assert [row for rows in before for row in rows] == [
        row for rows, first in zip(contents(), before, strict=True) for row in rows[: len(first)]
    ]
    assert (Entity.objects.count(), Document.objects.count()) == shared
    assert sorted(Commitment.objects.values_list("plan__number", "code", "ogp_id")) == [
        (2, "2-1", "PE0001"),
        (4, "4-1", "SY10001"),
        (6, "6-1", "SY20001"),
    ]
    assert list(Milestone.objects.order_by("code").values_list("code", "commitment__code")) == [
        ("2-1-1", "2-1"),
        ("4-1-1", "4-1"),
        ("6-1-1", "6-1"),
    ]
    assert Assessment.objects.filter(report__plan=models.F("commitment__plan")).count() == 3
    assert Update.objects.filter(corrects__milestone=models.F("milestone")).count() == 3
    assert Evidence.objects.filter(update__code__startswith="6-1-1-u").count() == 1


def test_the_states_of_copies_are_stored_and_right(plan):
    Copies().grow_to(4)

    assert differences() == ([], [])
    assert Milestone.objects.filter(states__isnull=False).distinct().count() == 4


def test_copies_are_always_the_same_for_a_seed_and_others_for_another(plan):
    def made(seed):
        return [
            (
                model,
                [[getattr(row, column.attname) for column in model._meta.concrete_fields] for row in rows],
            )
            for model, rows in Copies(seed).copy(1)
        ]

    assert made(1) == made(1) != made(2)


def test_copies_that_are_missing_are_added_alone(plan):
    copies = Copies()
    copies.grow_to(2)
    copies.grow_to(3)

    assert sorted(Commitment.objects.values_list("code", flat=True)) == ["2-1", "4-1", "6-1"]


def test_a_row_can_be_written_after_copies(plan):
    Copies().grow_to(3)

    assert make_commitment(plan=plan, number=2).code == "2-2"


@pytest.mark.usefixtures("record")
def test_every_address_of_the_benchmark_answers(client):
    for name, address in ADDRESSES.items():
        queries, characters, size, seconds = ask(client, address)
        assert queries and characters and size and seconds, name
