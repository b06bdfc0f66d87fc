"""A commitment that a norm adds to a plan in force, takes out of it, or changes."""

from datetime import date, timedelta

import pytest

from commitments.models import Commitment
from record import actions
from record.dates import today
from record.models import Document, Entry
from record.publication import Status
from record.rights import Role
from tests import factories
from tests.admin_pages import act, address

pytestmark = pytest.mark.django_db

REASON = "Lo dispone el decreto supremo"
NORM = {"norm_kind": "decreto-supremo", "norm_number": "099-2026-PCM", "norm_on": "2026-03-01"}
ANSWERS = NORM | {"place": "Artículo 2", "reason": REASON, "on": "2026-03-02"}


@pytest.fixture
def plan():
    return factories.make_plan(number=6, starts_on=date(2026, 1, 1), ends_on=today() + timedelta(days=400))


def client_of(client, role):
    user = factories.make_focal_point() if role is Role.FOCAL_POINT else factories.make_user(role)
    client.force_login(user)
    return user


def test_a_draft_is_added_by_a_norm_and_its_page_tells_it(client, plan):
    factories.make_commitment(plan=plan, number=1)
    draft = factories.make_commitment(plan=plan, number=2, status=Status.DRAFT)
    client_of(client, Role.EDITOR)

    assert act(client, draft, "add-to-plan", **ANSWERS).status_code == 302

    draft.refresh_from_db()
    assert (draft.in_plan_from, draft.in_plan_until) == (date(2026, 3, 2), None)
    assert (draft.in_plan_norm.slug, draft.in_plan_place) == ("decreto-supremo-099-2026-pcm", "Artículo 2")
    assert draft.in_plan_norm.status == Status.DRAFT
    assert client.get("/es/documentos/decreto-supremo-099-2026-pcm/").status_code == 404
    actions.publish(factories.make_publisher(), draft)
    page = client.get("/es/compromisos/6-2/").content.decode()
    assert "Decreto Supremo N° 099-2026-PCM" in page and "Artículo 2" in page
    assert client.get("/es/documentos/decreto-supremo-099-2026-pcm/").status_code == 200


def test_what_is_public_is_taken_out_by_a_norm_with_the_reason(client, plan):
    commitment = factories.make_commitment(plan=plan, number=1)
    user = client_of(client, Role.PUBLISHER)

    assert act(client, commitment, "take-out-of-plan", **ANSWERS).status_code == 302

    commitment.refresh_from_db()
    assert (commitment.in_plan_from, commitment.in_plan_until) == (None, date(2026, 3, 2))
    entry = Entry.objects.order_by("-pk").first()
    assert (entry.by, entry.reason) == (user, REASON)
    page = client.get("/es/compromisos/6-1/").content.decode()
    assert "Decreto Supremo N° 099-2026-PCM" in page
    assert act(client, commitment, "take-out-of-plan", **ANSWERS).status_code == 302
    assert Entry.objects.order_by("-pk").first() == entry


def test_of_two_norms_the_first_one_stays_a_source(client, plan):
    first = factories.make_document(slug="primera-norma", title_es="Primera norma")
    commitment = factories.make_commitment(plan=plan, number=1)
    factories.change_plan(commitment, in_plan_from=date(2026, 2, 1), in_plan_norm=first)
    client_of(client, Role.PUBLISHER)

    act(client, commitment, "take-out-of-plan", **ANSWERS)

    commitment.refresh_from_db()
    assert (commitment.in_plan_from, commitment.in_plan_until) == (date(2026, 2, 1), date(2026, 3, 2))
    assert [row.document for row in commitment.further_sources.all()] == [first]
    page = client.get("/es/compromisos/6-1/").content.decode()
    assert "Primera norma" in page and "099-2026-PCM" in page


def test_a_norm_that_changes_it_becomes_a_source(client, plan):
    commitment = factories.make_commitment(plan=plan, number=1)
    client_of(client, Role.PUBLISHER)
    answers = {name: value for name, value in ANSWERS.items() if name != "on"}

    act(client, commitment, "changed-by-norm", **answers, note="Cambia el título")

    [source] = commitment.further_sources.all()
    assert (source.note_es, source.place) == ("Cambia el título", "Artículo 2")
    assert source.document.status == Status.PUBLISHED
    assert "Cambia el título" in client.get("/es/compromisos/6-1/").content.decode()


def test_days_that_cannot_be_are_refused(client, plan):
    commitment = factories.make_commitment(plan=plan, number=1)
    factories.change_plan(commitment, in_plan_from=date(2026, 6, 1))
    client_of(client, Role.PUBLISHER)

    refused = act(client, commitment, "take-out-of-plan", **ANSWERS)
    half = act(client, commitment, "take-out-of-plan", **ANSWERS | {"norm_number": ""})

    assert refused.status_code == half.status_code == 200
    commitment.refresh_from_db()
    assert commitment.in_plan_until is None
    assert not Document.objects.filter(slug__startswith="decreto").exists()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_who_may_do_it(client, plan, role, status):
    commitment = factories.make_commitment(plan=plan, number=1, status=status)
    client_of(client, role)
    name = "take-out-of-plan" if status == Status.PUBLISHED else "add-to-plan"

    act(client, commitment, name, **ANSWERS)

    may = {Role.PUBLISHER} | ({Role.EDITOR} if status == Status.DRAFT else set())
    commitment.refresh_from_db()
    assert (commitment.in_plan_norm_id is not None) == (role in may)


@pytest.mark.parametrize(
    ("status", "of_plan", "ends_on", "expected"),
    [
        (Status.DRAFT, Status.DRAFT, None, set()),
        (Status.DRAFT, Status.PUBLISHED, None, {"publish", "add-to-plan"}),
        (Status.PUBLISHED, Status.PUBLISHED, None, {"add-to-plan", "take-out-of-plan", "changed-by-norm"}),
        (Status.PUBLISHED, Status.PUBLISHED, date(2016, 12, 31), set()),
    ],
)
def test_buttons_are_those_that_can_be(client, status, of_plan, ends_on, expected):
    plan = factories.make_plan(number=6, status=of_plan, ends_on=ends_on)
    commitment = factories.make_commitment(plan=plan, number=1, status=status)
    client_of(client, Role.PUBLISHER)

    acts = client.get(address(commitment, "change")).context["acts"]

    assert {each.name for each, _address in acts} - {"annul", "strike"} == expected


def test_a_draft_of_a_draft_plan_is_not_published_alone():
    plan = factories.make_plan(status=Status.DRAFT)
    commitment = factories.make_commitment(plan=plan)

    with pytest.raises(actions.WriteRefused):
        actions.publish(None, commitment)
    actions.publish(None, plan)

    assert Commitment.objects.published().get() == commitment
