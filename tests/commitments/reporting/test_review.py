"""The page on which SGP reads what was submitted, and what its author sees of it then."""

import pytest
from django.urls import reverse
from django.utils import translation

from commitments import actions
from commitments.models import FirstReading, Update
from record.dates import today
from record.publication import Status
from record.writing import writing
from tests.admin_pages import act, address
from tests.commitments.reporting.test_report import address as report_address
from tests.commitments.reporting.test_report import filled
from tests.factories import (
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_publisher,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db

Workflow = Update.Workflow
COMMENT = "Falta el enlace de la norma"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def ours():
    return make_milestone(commitment=make_responsibility(entity=make_entity()).commitment)


@pytest.fixture
def focal(ours):
    return make_focal_point(ours.commitment.responsibilities.get().entity)


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def submitted(focal, ours):
    said = {"status": "complete", "text_es": "Se aprobó", "as_of": today()}
    with writing(focal, reason="made for a test"):
        draft = make_update(milestone=ours, workflow=Workflow.DRAFT, **said)
        make_evidence(update=draft, status=Status.DRAFT, url="https://www.gob.pe/norma")
    return actions.submit(focal, draft)


@pytest.fixture
def signed_in(client):
    """Return what signs somebody in, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def review(update):
    return reverse("reporting:review", args=[update.code])


def buttons(client, update):
    return [act.name for act, _address in client.get(address(update, "change")).context["acts"]]


def test_page_shows_what_was_submitted_beside_what_was_published_last(signed_in, publisher, submitted, focal):
    make_update(milestone=submitted.milestone, text_es="Se empezó")

    page = signed_in(publisher).get(review(submitted)).content.decode()

    for words in ("Se aprobó", "Se empezó", "https://www.gob.pe/norma", focal.get_username()):
        assert words in page


def test_people_are_called_by_their_names(signed_in, publisher, submitted, focal):
    for user, name in ((focal, "Punto"), (publisher, "Publica")):
        user.first_name, user.last_name = name, "de prueba"
        user.save()
    client = signed_in(publisher)
    client.get(review(submitted))

    page = client.get(review(submitted)).content.decode()

    assert "Submitted by Punto de prueba" in page
    assert "First opened by Publica de prueba" in page
    actions.send_back(publisher, submitted, COMMENT)
    returned = signed_in(focal).get(report_address(submitted)).content.decode()
    assert '<p class="by">Publica de prueba,' in returned


def test_whoever_opens_it_first_is_kept(signed_in, publisher, submitted):
    for user in (publisher, make_publisher()):
        signed_in(user).get(review(submitted))

    assert FirstReading.objects.get().by == publisher


def test_it_is_published_from_its_page(signed_in, publisher, submitted):
    client = signed_in(publisher)
    seen = client.get(review(submitted)).context["seen"]

    client.post(address(submitted, "act", "publish"), {"seen": seen})

    submitted.refresh_from_db()
    assert submitted.workflow == Workflow.PUBLISHED
    assert submitted.evidence.get().status == Status.PUBLISHED


def test_it_is_returned_from_its_page_and_opens_with_the_comment(signed_in, publisher, focal, submitted):
    client = signed_in(publisher)
    seen = client.get(review(submitted)).context["seen"]
    client.post(address(submitted, "act", "return"), {"seen": seen, "comment": COMMENT})

    client = signed_in(focal)
    opened = client.get(report_address(submitted))
    assert COMMENT in opened.content.decode()
    assert "answer" in opened.context["form"].fields
    client.post(report_address(submitted), filled(opened, _submit="1", answer="Ahora está el enlace"))
    submitted.refresh_from_db()
    assert submitted.workflow == Workflow.SUBMITTED
    page = signed_in(publisher).get(review(submitted)).content.decode()
    assert COMMENT in page
    assert "Ahora está el enlace" in page


def test_nothing_is_returned_without_a_comment(signed_in, publisher, submitted):
    refused = act(signed_in(publisher), submitted, "return", comment="no")

    assert "comment" in refused.context["form"].errors
    submitted.refresh_from_db()
    assert submitted.workflow == Workflow.SUBMITTED


def test_what_was_changed_since_it_was_read_is_not_published(signed_in, publisher, focal, submitted):
    client = signed_in(publisher)
    seen = client.get(review(submitted)).context["seen"]
    actions.submit(
        focal, actions.revise(focal, actions.send_back(None, submitted, COMMENT), {"text_es": "Otro"})
    )

    told = client.post(address(submitted, "act", "publish"), {"seen": seen})

    assert "was changed since you read it" in told.content.decode()
    submitted.refresh_from_db()
    assert submitted.workflow == Workflow.SUBMITTED


def test_its_author_takes_it_back_until_somebody_opened_it(signed_in, publisher, focal, submitted):
    assert buttons(signed_in(focal), submitted) == ["take-back"]
    taken = act(signed_in(focal), submitted, "take-back")
    assert taken.url == report_address(submitted)
    actions.submit(focal, submitted)
    signed_in(publisher).get(review(submitted))

    assert buttons(signed_in(focal), submitted) == []


def test_each_state_offers_what_can_be_done(signed_in, publisher, focal, submitted):
    assert buttons(signed_in(publisher), submitted) == ["review", "publish", "return", "strike"]
    actions.send_back(publisher, submitted, COMMENT)
    assert buttons(signed_in(publisher), submitted) == ["strike"]
    assert buttons(signed_in(focal), submitted) == ["go-on"]


def test_pages_lead_to_where_an_update_is_now(signed_in, publisher, focal, submitted):
    page = signed_in(focal).get(report_address(submitted)).content.decode()
    assert "Se aprobó" in page
    assert address(submitted, "act", "take-back") in page
    assert review(submitted) not in page
    page = signed_in(publisher).get(report_address(submitted)).content.decode()
    assert address(submitted, "act", "take-back") not in page
    assert review(submitted) in page
    actions.publish_update(None, submitted)
    for page in (review(submitted), report_address(submitted)):
        assert signed_in(publisher).get(page).url == address(submitted, "change")
    assert signed_in(publisher).get(address(submitted, "act", "review")).url == review(submitted)


def test_focal_point_reviews_nothing(signed_in, focal, submitted):
    assert signed_in(focal).get(review(submitted)).status_code in (403, 404)
    assert not FirstReading.objects.exists()


def test_correction_opens_filled_keeps_the_evidence_and_goes_the_same_way(signed_in, publisher, focal, ours):
    wrong = make_update(
        milestone=ours, status="complete", percent=90, text_es="Se aprobó", as_of="2016-06-30"
    )
    make_evidence(update=wrong, url="https://www.gob.pe/norma")
    client = signed_in(focal)

    begun = act(client, wrong, "correct", reason="El porcentaje era otro")
    opened = client.get(begun.url)
    form = opened.context["form"]
    assert (form["percent"].value(), form["text_es"].value()) == (90, "Se aprobó")
    assert "https://www.gob.pe/norma" in opened.content.decode()
    sent = client.post(begun.url, filled(opened, _submit="1", percent="100", as_of="2017-01-01"))

    draft = Update.objects.get(corrects=wrong)
    assert sent.status_code == 302
    assert (draft.workflow, draft.percent, str(draft.as_of)) == ("submitted", 100, "2016-06-30")
    assert (draft.document, draft.evidence.count()) == (wrong.document, 1)
    opened = signed_in(publisher).get(review(draft))
    assert opened.context["begun"] == "El porcentaje era otro"
    client.post(
        address(draft, "act", "publish"), {"seen": opened.context["seen"], "reason": opened.context["begun"]}
    )
    draft.refresh_from_db()
    assert draft.workflow == Workflow.PUBLISHED
