"""A milestone that is handed over: the other entity answers, and the log keeps who did before."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from commitments import actions
from commitments.letters import Letter, LetterKind
from commitments.models import Milestone
from record.actions import IsAnnulled, Newer, annul, version_of
from record.models import Change, Document
from record.publication import Status
from record.writing import ReasonNeeded
from tests.admin_pages import act
from tests.factories import (
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_publisher,
    make_responsibility,
)

pytestmark = pytest.mark.django_db

REASON = "Las funciones pasaron al ministerio"
DAY = date(2026, 3, 1)
LETTER = Letter(LetterKind.OFICIO, "012-2026", date(2026, 2, 20))


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def entity():
    return make_entity(slug="midis")


def hand_over(by, milestone, entity, **changes):
    said = {"on": DAY, "reason": REASON, "letter": LETTER} | changes
    return actions.hand_over(
        by, milestone, entity, said["on"], said["reason"], said["letter"], said.get("seen")
    )


def answers(milestone, entity):
    return Milestone.objects.answered_by([entity.pk]).filter(pk=milestone.pk).exists()


def test_other_entity_answers_and_the_log_keeps_who_did(publisher, entity):
    before = make_entity()
    row = make_milestone_responsible(entity=before, unit_es="Oficina")
    milestone = row.milestone

    hand_over(publisher, milestone, entity, seen=version_of(milestone))

    row.refresh_from_db()
    assert (answers(milestone, before), answers(milestone, entity)) == (False, True)
    assert (row.entity, str(row.unit), row.document.title_es) == (entity, "", "Oficio 012-2026")
    change = Change.objects.of(row).last()
    assert change.columns["entity"] == [before.pk, entity.pk]
    assert (change.entry.act, change.entry.reason, change.entry.as_of) == ("hand_over", REASON, DAY)
    assert change.public_at
    assert Document.objects.get(slug=row.document.slug).status == Status.PUBLISHED


def test_leads_answer_no_more_once_it_was_handed_over(publisher, entity):
    lead = make_responsibility(entity=make_entity())
    milestone = make_milestone(commitment=lead.commitment)
    focal = make_focal_point(lead.entity)

    hand_over(publisher, milestone, entity)

    assert (answers(milestone, lead.entity), answers(milestone, entity)) == (False, True)
    with pytest.raises(PermissionDenied):
        hand_over(focal, milestone, lead.entity)


def test_of_several_that_answered_none_is_left(publisher, entity):
    milestone = make_milestone()
    rows = [make_milestone_responsible(milestone=milestone, entity=make_entity(), order=n) for n in (1, 2)]
    unit = make_milestone_responsible(milestone=milestone, order=3)

    hand_over(publisher, milestone, entity)

    assert list(milestone.responsible.all()) == [rows[0], unit]
    rows[1].refresh_from_db()
    assert rows[1].is_annulled


def test_what_cannot_be_handed_over(publisher, entity):
    milestone = make_milestone()
    seen = version_of(milestone)

    with pytest.raises(ReasonNeeded):
        hand_over(publisher, milestone, entity, reason="x")
    hand_over(publisher, milestone, entity)
    with pytest.raises(actions.AnswersAlready):
        hand_over(publisher, milestone, entity)
    annul(publisher, milestone, REASON)
    with pytest.raises(Newer):
        hand_over(publisher, milestone, make_entity(), seen=seen)
    with pytest.raises(IsAnnulled):
        hand_over(publisher, milestone, make_entity())


def test_page_asks_for_entity_day_reason_and_letter(client, publisher, entity):
    client.force_login(publisher)
    milestone = make_milestone()
    said = {"entity": str(entity.pk), "on": "2026-03-01", "reason": REASON}
    letter = {"letter_kind": "oficio", "letter_number": "012-2026", "letter_on": "2026-02-20"}

    refused = act(client, milestone, "hand-over", **said)
    to_come = act(client, milestone, "hand-over", **said | letter | {"on": "2999-01-01"})
    done = act(client, milestone, "hand-over", **said | letter)

    assert set(refused.context["form"].errors) == set(letter)
    assert set(to_come.context["form"].errors) == {"on"}
    assert done.status_code == 302
    assert answers(milestone, entity)
