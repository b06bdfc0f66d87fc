"""The lists of the admin: how pressing, who answers, who submitted, and the way to the public board."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from commitments import actions
from commitments.admin.lists import AnsweredBy, Mine
from commitments.models import Commitment, Milestone, Update
from record.dates import today
from record.publication import Status
from record.writing import writing
from tests.admin_pages import address
from tests.factories import (
    make_commitment,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_publisher,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff():
    return client_of(make_publisher())


@pytest.fixture
def minsa():
    return make_entity(acronym="MINSA", name_es="Ministerio de Salud")


def in_days(days, **columns):
    """Make a milestone that is due so many days from today."""
    return make_milestone(ends_on=today() + timedelta(days=days), **columns)


def of(entity, milestone):
    make_milestone_responsible(milestone=milestone, entity=entity)
    return milestone


def listed(client, model, **query):
    with translation.override("en"):
        response = client.get(address(model, "changelist"), query)
    assert response.status_code == 200, response.url
    return list(response.context["cl"].result_list)


def changelist(client, model, **query):
    return client.get(address(model, "changelist"), query).context["cl"]


# How pressing.


def test_the_most_pressing_stand_first(staff):
    plan, older = make_plan(number=900), make_plan(number=800)
    commitment, before = make_commitment(plan=plan), make_commitment(plan=older)
    done = in_days(-9, commitment=commitment)
    make_update(milestone=done, status="complete", as_of=today())
    undated = make_milestone(ends_on=None, commitment=commitment)
    later = in_days(90, commitment=commitment)
    soon = in_days(10, commitment=commitment)
    recent = in_days(-5, commitment=commitment)
    long_due = in_days(-500, commitment=commitment)
    of_older_plan = in_days(-900, commitment=before)

    assert listed(staff, Milestone) == [long_due, recent, of_older_plan, soon, later, undated, done]


@pytest.mark.parametrize(
    "urgency, found",
    [
        ("past_due", {"late", "silent", "spoken"}),
        ("due", {"today", "soon"}),
        ("silent", {"silent"}),
        ("undated", {"undated"}),
        ("unreported", {"silent", "today", "soon", "later", "undated"}),
    ],
)
def test_milestones_are_found_by_how_pressing_they_are(staff, urgency, found):
    rows = {
        "late": in_days(-9),
        "silent": in_days(-9),
        "spoken": in_days(-9),
        "today": in_days(0),
        "soon": in_days(30),
        "later": in_days(31),
        "undated": make_milestone(ends_on=None),
        "done": in_days(-9),
        "done_early": in_days(9),
    }
    make_update(milestone=rows["late"], status="in_progress", as_of=today())
    make_update(milestone=rows["spoken"], status=None, as_of=today())
    for name in ("done", "done_early"):
        make_update(milestone=rows[name], status="complete", as_of=today())
    # Of a plan that has not begun nothing is pressing.
    to_come = make_plan(starts_on=today() + timedelta(days=5), ends_on=today() + timedelta(days=500))
    in_days(9, commitment=make_commitment(plan=to_come))
    make_milestone(ends_on=None, commitment=make_commitment(plan=to_come))

    assert set(listed(staff, Milestone, urgency=urgency)) == {rows[name] for name in found}


def test_a_milestone_says_its_state_due_date_and_percentage(staff, minsa):
    milestone = of(minsa, in_days(-9))
    make_update(milestone=milestone, status="in_progress", percent=37, as_of=today())

    with translation.override("en"):
        page = staff.get(address(Milestone, "changelist"), headers={"accept-language": "en"}).content.decode()

    row = page[page.index('id="result_list"') :]
    assert "In progress" in row and "37" in row and "MINSA" in row


# Who answers.


def test_entity_is_found_by_acronym_name_or_words(staff, minsa):
    named = of(minsa, make_milestone())
    led = make_milestone(commitment=make_responsibility(entity=minsa).commitment)
    other = of(make_entity(acronym="MINEDU"), make_milestone())

    for words in ("MINSA", "minsa", "Ministerio de Salud", "ministerio de salúd", "Salud", minsa.slug):
        assert set(listed(staff, Milestone, answers=words)) == {named, led}, words
    assert set(listed(staff, Milestone, answers="")) == {named, led, other}
    assert listed(staff, Milestone, answers="Nadie") == []
    assert set(listed(staff, Commitment, answers="MINSA")) == {led.commitment}
    assert listed(staff, Commitment, answers="Nadie") == []


def test_updates_are_found_by_who_answers_and_by_their_way(staff, minsa):
    waiting = make_update(milestone=of(minsa, make_milestone()), workflow=Update.Workflow.SUBMITTED)
    published = make_update(milestone=waiting.milestone)
    make_update()

    assert set(listed(staff, Update, answers="MINSA")) == {waiting, published}
    assert listed(staff, Update, answers="MINSA", workflow__exact="submitted") == [waiting]


def test_search_finds_the_acronym_of_who_answers_beside_the_words(staff, minsa):
    named = of(minsa, make_milestone())
    said = make_milestone(activity_es="Convenio con MINSA")
    make_milestone()

    assert set(listed(staff, Milestone, q="minsa")) == {named, said}
    assert listed(staff, Commitment, q="MINSA") == []
    led = make_responsibility(entity=minsa).commitment
    assert listed(staff, Commitment, q="MINSA") == [led]


def test_the_field_keeps_what_else_the_list_is_narrowed_to(staff, minsa):
    of(minsa, make_milestone())

    page = staff.get(
        address(Milestone, "changelist"), {"answers": "MINSA", "urgency": "silent", "q": "x", "p": "1"}
    )
    [spec] = [spec for spec in page.context["cl"].filter_specs if isinstance(spec, AnsweredBy)]

    assert spec.others == [("urgency", "silent"), ("q", "x")]
    assert b'name="urgency" value="silent"' in page.content


def test_a_focal_point_narrows_to_what_his_entities_answer_for(staff, minsa):
    mine = of(minsa, make_milestone())
    other = make_milestone()
    client = client_of(make_focal_point(minsa))

    assert set(listed(client, Milestone)) == {mine, other}
    assert listed(client, Milestone, mine="yes") == [mine]
    assert not any(isinstance(spec, Mine) for spec in changelist(staff, Milestone).filter_specs)


def test_a_draft_is_not_told_to_a_focal_point_by_any_narrowing(minsa):
    draft = make_commitment(plan=make_plan(status=Status.DRAFT))
    of(minsa, make_milestone(commitment=draft))
    make_responsibility(commitment=draft, entity=minsa)
    client = client_of(make_focal_point(minsa))

    for model in (Milestone, Commitment):
        for query in ({"answers": "MINSA"}, {"q": "MINSA"}, {"mine": "yes"}):
            assert listed(client, model, **query) == []


# Who submitted.


def submitted_by(user, milestone):
    update = actions.report_progress(
        user, milestone, as_of=today(), status="complete", text_es="Hecho", **source_of(milestone)
    )
    return actions.submit(user, update)


def source_of(milestone):
    return {"document": milestone.document, "place": "p. 2"}


def test_updates_say_who_submitted_them_and_when(staff, minsa):
    author = make_focal_point(minsa, first_name="Punto", last_name="Focal")
    update = submitted_by(author, of(minsa, make_milestone()))
    make_update(workflow=Update.Workflow.DRAFT)

    page = staff.get(address(Update, "changelist"))

    rows = {row.pk: row.submission for row in page.context["cl"].result_list}
    assert rows.pop(update.pk).by == author
    assert list(rows.values()) == [None]
    assert b"Punto Focal" in page.content


def test_a_focal_point_is_not_told_who_wrote_for_others(minsa):
    author = make_focal_point(minsa, first_name="Nombre", last_name="Ajeno")
    update = submitted_by(author, of(minsa, make_milestone()))
    actions.publish_update(make_publisher(), update)
    elsewhere = client_of(make_focal_point(make_entity()))

    page = elsewhere.get(address(Update, "changelist"))

    assert [row.pk for row in page.context["cl"].result_list] == [update.pk]
    assert b"Nombre Ajeno" not in page.content


# The public board.


@pytest.mark.parametrize(
    "query, words",
    [
        ({"urgency": "past_due"}, "past_due=true"),
        ({"urgency": "silent"}, "follow_up=silent"),
        ({"urgency": "due"}, "follow_up=due"),
        ({"urgency": "undated"}, "follow_up=undated"),
        ({"answers": "MINSA"}, "entity=entity-minsa"),
        ({"q": "agua"}, "q=agua"),
    ],
)
def test_the_list_leads_to_the_board_with_the_same_narrowing(staff, query, words):
    minsa = make_entity(acronym="MINSA", slug="entity-minsa")
    of(minsa, make_milestone())

    found = changelist(staff, Milestone, **query).board_address

    assert words in found
    assert staff.get(found).status_code == 200


def test_the_plan_goes_along_to_the_board(staff):
    milestone = make_milestone()
    plan = milestone.commitment.plan
    ways = {Milestone: "commitment__plan", Commitment: "plan", Update: "milestone__commitment__plan"}
    for model, way in ways.items():
        found = changelist(staff, model, **{f"{way}__id__exact": plan.pk}).board_address
        assert f"plan={plan.number}" in found
    assert "by=commitment" in changelist(staff, Commitment).board_address


def test_public_pages_carry_no_link_to_the_admin(client):
    milestone = make_milestone()

    for path in ("/es/seguimiento/", f"/es/compromisos/{milestone.commitment.code}/"):
        assert b"/admin/" not in client.get(path).content


# What it costs.


@pytest.mark.parametrize("model", [Milestone, Update, Commitment])
def test_lists_ask_as_often_for_many_rows_as_for_few(model, minsa, django_assert_max_num_queries):
    client, rows = client_of(make_editor()), []

    def grow(times):
        for _each in range(times):
            with writing(reason="made for a test"):
                milestone = of(make_entity(), make_milestone())
                make_responsibility(commitment=milestone.commitment)
                rows.append(make_update(milestone=milestone))

    grow(3)
    # What is kept for good is asked for once.
    listed(client, model)
    counts = []
    for times in (0, 45):
        grow(times)
        with django_assert_max_num_queries(25) as asked:
            assert len(listed(client, model)) == len(rows)
        counts.append(len(asked))

    assert counts[0] == counts[1]
