"""What an import says beside what it refuses: what is odd, what is waiting, where one goes on."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from commitments import actions
from commitments.models import Assessment, Commitment, Milestone, Update
from commitments.resources import AssessmentResource, CommitmentResource, UpdateResource
from faces.importing.heads import is_head
from faces.importing.loading import Loading
from faces.importing.observations import with_observations
from faces.sheets import read_sheet
from record.dates import today
from record.publication import Status
from tests.factories import (
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
    make_theme,
    make_update,
)
from tests.imports import confirm, faults, hand_in, kinds, kinds_on, load

LETTER = {"letter_kind": "Oficio", "letter_number": "012-2017", "letter_on": "2017-01-03"}


@pytest.fixture(autouse=True)
def in_english(db):
    with translation.override("en"):
        yield


@pytest.fixture
def led():
    return make_responsibility()


@pytest.fixture
def focal(led):
    return make_focal_point(led.entity)


@pytest.fixture
def ours(led):
    return make_milestone(commitment=led.commitment, ends_on=date(2018, 12, 31))


def line(milestone, **columns):
    said = {"as_of": str(today()), "status": "complete", "text_es": "Se hizo", "reason_es": "Faltó la firma"}
    return {"milestone": milestone.code} | said | LETTER | columns


def rehearsed(resource, *rows):
    content = json.dumps(rows, default=str).encode()
    sheet = read_sheet(BytesIO(content), "rows.json", is_head=is_head(type(resource)))
    return Loading(resource, sheet).rehearse()


def warned(outcomes):
    """Return the heads of what is warned of."""
    return {fault.head for each in outcomes for fault in each.warnings}


# What is odd.


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"percent": "80"}, "percent"),
        ({"status": "in_progress", "percent": "100"}, "percent"),
        ({"done_on": "2999-01-01"}, "done_on"),
        ({"new_end_on": "1924-01-01"}, "new_end_on"),
        ({"letter_on": "2011-01-01"}, "letter_on"),
        ({"as_of": "2017-01-01"}, "as_of"),
        ({"text_es": "LO MISMO"}, "text_es"),
    ],
)
def test_what_is_odd_is_warned_of_and_written_all_the_same(focal, ours, said, column):
    make_update(milestone=ours, text_es="Lo mismo", as_of=date(2016, 1, 1), status="in_progress")

    outcomes = rehearsed(UpdateResource(focal), line(ours, **said))

    assert (kinds(outcomes), faults(outcomes), warned(outcomes)) == (["new"], "", {column})
    assert kinds(load(UpdateResource(focal), line(ours, **said))) == ["new"]
    assert Update.objects.filter(workflow=Update.Workflow.SUBMITTED).count() == 1


def test_what_is_not_odd_is_not_warned_of(focal, ours):
    assert warned(rehearsed(UpdateResource(focal), line(ours, percent="100"))) == set()


def test_long_ago_is_odd_for_focal_points_only(focal, ours):
    row = line(ours, as_of="2017-01-01")

    of_others = [rehearsed(UpdateResource(user), row) for user in (make_publisher(), make_editor())]

    assert warned(rehearsed(UpdateResource(focal), row)) == {"as_of"}
    assert [warned(each) for each in of_others] == [set(), set()]


def test_a_correction_speaks_of_the_day_of_what_it_corrects(ours):
    wrong = make_update(milestone=ours, text_es="Se hizo", as_of=date(2017, 1, 1))
    later = make_update(milestone=ours, text_es="Otro", as_of=date(2018, 1, 1))
    row = line(ours, number=50, corrects=wrong.code, as_of="2017-01-01", text_es="Otro")

    outcomes = rehearsed(UpdateResource(make_editor()), row)
    plain = rehearsed(
        UpdateResource(make_editor()), line(ours, number=51, as_of="2017-01-01", text_es="Otro")
    )

    assert later.as_of > wrong.as_of
    assert (kinds(outcomes), faults(outcomes), warned(outcomes)) == (["new"], "", set())
    assert warned(plain) == {"as_of", "text_es"}


def test_warnings_take_the_same_queries_for_one_row_and_for_many(led, focal):
    rows = [make_milestone(commitment=led.commitment) for _each in range(20)]
    for each in rows:
        make_update(milestone=each, as_of=date(2016, 1, 1))
        make_update(milestone=each, as_of=date(2016, 2, 1), workflow=Status.DRAFT)
    resource = UpdateResource(focal)

    def queries(milestones):
        new = [
            (Update(milestone=each, as_of=date(2016, 1, 1), status="complete", percent=80), {}, True)
            for each in milestones
        ]
        with CaptureQueriesContext(connection) as seen:
            places = {place for place, _column, _sentence in resource.warnings(new)}
        assert places == set(range(len(milestones)))
        return len(seen)

    queries(rows[:1])
    assert queries(rows[:1]) == queries(rows) > 0


def test_page_with_the_button_says_what_is_odd_and_confirming_keeps_it(client, focal, ours, led):
    other = make_milestone(commitment=led.commitment)
    client.force_login(focal)
    rows = [line(other, percent="100"), line(ours, percent="80")]

    page = hand_in(client, Update, json.dumps(rows), "rows.json")

    words = page.content.decode()
    with translation.override("es"):
        sentence = gettext("It is complete, but at less than 100 %.")
    assert page.context["odd"] == 1 and page.context["is_ready"]
    # The odd row comes first.
    assert [each["number"] for each in page.context["rows"]] == [2, 1]
    assert sentence in words and words.index(sentence) < words.index('name="confirm"')
    written = confirm(client, page)
    assert written.context["upload"].step == "written"
    assert ours.updates.get().percent == 80
    assert sentence not in written.content.decode()


def test_remarks_of_a_sheet_say_warnings_as_such_and_are_not_read_back(client, focal, ours):
    client.force_login(focal)
    page = hand_in(client, Update, json.dumps([line(ours, percent="80")]), "rows.json")

    content = with_observations(page.context["upload"])

    (row,) = read_sheet(BytesIO(content), "a.xlsx", is_head=is_head(UpdateResource)).rows
    with translation.override("es"):
        begin = gettext("Warning: %(sentence)s") % {"sentence": "percent: "}
    assert row.cells["Observación"].startswith(begin)
    again = hand_in(client, Update, content, "a.xlsx")
    assert (kinds_on(again), again.context["odd"]) == (["new"], 1)


# Cards.


def test_a_card_that_disagrees_with_its_milestones_is_warned_of():
    report = make_report(status=Status.DRAFT, cutoff_on=date(2019, 12, 31))
    undone = make_milestone(commitment=make_commitment(plan=report.plan), ends_on=date(2018, 12, 31))
    done = make_milestone(commitment=make_commitment(plan=report.plan))
    make_update(milestone=done, as_of=date(2018, 1, 1), status="complete")
    source = {"document": make_document().slug, "place": "p. 1"}
    rows = [
        {"report": report.slug, "commitment": each.commitment.code, "level": "complete"} | source
        for each in (done, undone)
    ]

    outcomes = rehearsed(AssessmentResource(make_editor()), *rows)

    assert kinds(outcomes) == ["new", "new"]
    assert not outcomes[0].warnings
    assert any(undone.code in fault.reason for fault in outcomes[1].warnings)


def test_warnings_of_cards_take_the_same_queries_for_one_card_and_for_many():
    report = make_report(status=Status.DRAFT)
    made = [make_milestone(commitment=make_commitment(plan=report.plan)).commitment for _each in range(9)]
    cards = [(Assessment(report=report, commitment=each, level="complete"), {}, True) for each in made]
    resource = AssessmentResource(make_editor())

    def queries(rows):
        with CaptureQueriesContext(connection) as seen:
            assert list(resource.warnings(rows))
        return len(seen)

    queries(cards[:1])
    assert queries(cards[:1]) == queries(cards)


# What waits for SGP.


def test_the_same_sheet_again_changes_nothing_of_what_waits(focal, ours):
    load(UpdateResource(focal), line(ours))

    again = rehearsed(UpdateResource(focal), line(ours))

    assert (kinds(again), warned(again)) == (["same"], set())


def test_a_row_that_would_change_what_waits_is_refused_as_its_page_does(focal, ours):
    load(UpdateResource(focal), line(ours))
    (waiting,) = Update.objects.all()

    refused = rehearsed(UpdateResource(focal), line(ours, percent="100"))

    (fault,) = refused[0].faults
    assert fault.head == "percent"
    assert fault.reason == actions.IsSubmitted(waiting.code).messages[0]


def test_another_report_beside_one_that_waits_is_noted_as_its_page_does(client, focal, ours):
    load(UpdateResource(focal), line(ours))
    (waiting,) = Update.objects.all()
    another = line(ours, text_es="Otro paso", reason_es="Faltó otra firma")

    outcomes = rehearsed(UpdateResource(focal), another)

    (fault,) = outcomes[0].warnings
    assert (kinds(outcomes), fault.head) == (["new"], "milestone")
    client.force_login(focal)
    page = client.get(reverse("reporting:report", args=[ours.code]), headers={"accept-language": "en"})
    said = fault.reason
    with translation.override("es"):
        in_spanish = rehearsed(UpdateResource(focal), another)[0].warnings[0].reason
    assert said in page.content.decode() or in_spanish in page.content.decode()
    assert waiting.code in said


def test_what_others_began_is_not_told_to_a_focal_point(focal, ours):
    make_update(milestone=ours, workflow=Status.DRAFT)

    assert warned(rehearsed(UpdateResource(focal), line(ours))) == set()


# The way on.


def ways(client, user, model, rows):
    client.force_login(user)
    page = confirm(client, hand_in(client, model, json.dumps(rows), "rows.json"))
    assert page.context["upload"].step == "written", page.content.decode()
    found = [address for _words, address in page.context["ways_on"]]
    assert all(f'href="{address}"' in page.content.decode() for address in found)
    return found


def test_rows_of_a_plan_in_the_making_lead_to_its_page(client):
    plan = make_plan(status=Status.DRAFT)
    source = {"document": make_document().slug, "place": "p. 1"}
    user = make_editor()

    first = ways(client, user, Commitment, [{"plan": plan.number, "number": 1, "title_es": "Uno"} | source])
    milestone = {"commitment": f"{plan.number}-1", "activity_es": "Hacer"} | source
    second = ways(client, user, Milestone, [milestone])

    assert first == second == [reverse("admin-plan", args=[plan.number])]


def test_rows_of_a_plan_in_force_lead_to_no_page_of_the_making():
    public = make_milestone().commitment
    resource = CommitmentResource(make_publisher())

    assert resource.scopes_of([public]) == [str(public.plan.number)]
    assert resource.ways_on(resource.scopes_of([public])) == []


def test_finding_the_way_on_takes_no_query_for_each_row(led, focal):
    made = [make_milestone(commitment=make_commitment(plan=led.commitment.plan)).pk for _each in range(9)]
    # As an import finds them: without their commitments and plans.
    rows = [Update(milestone=each) for each in Milestone.objects.filter(pk__in=made)]

    resource = UpdateResource(make_publisher())

    def queries(some):
        with CaptureQueriesContext(connection) as seen:
            assert resource.scopes_of(some) == [str(led.commitment.plan.number)] * len(some)
        return len(seen)

    queries(rows[:1])
    assert queries(rows[:1]) == queries(rows) == 1


def test_cards_of_a_draft_lead_to_its_board(client):
    report = make_report(status=Status.DRAFT)
    commitment = make_commitment(plan=report.plan)
    source = {"document": make_document().slug, "place": "p. 1"}
    row = {"report": report.slug, "commitment": commitment.code, "level": "complete"} | source

    assert ways(client, make_editor(), Assessment, [row]) == [reverse("cards:board", args=[report.slug])]
    published = make_report()
    assert AssessmentResource(make_publisher()).ways_on([published.slug]) == []


def test_updates_lead_a_focal_point_to_his_desk(client, focal, ours):
    assert ways(client, focal, Update, [line(ours)]) == [reverse("admin:index")]


# What cells name.


def test_what_a_cell_names_is_shown_by_its_words():
    plan = make_plan(status=Status.DRAFT)
    entity, document = make_entity(acronym="MINAM"), make_document(title_es="Plan del documento")
    theme = make_theme(plan=plan, name_es="Tema con nombre", name_en="")
    row = {"plan": plan.number, "number": 1, "title_es": "Uno", "lead": "MINAM", "theme": "Tema con nombre"}
    row |= {"document": document.slug, "place": "p. 1"}

    (new,) = load(CommitmentResource(make_editor()), row)

    assert new.faults == []
    after = {name: is_now for name, _was, is_now in new.values}
    assert (after["lead"], after["theme"]) == ("MINAM", str(theme))
    # The code stands beside the words where she typed it.
    assert after["document"] == f"{document} ({document.slug})"
    assert entity.slug not in after["lead"]


def test_what_a_cell_named_before_is_shown_by_its_words_too():
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT))
    before, after = commitment.document, make_document(title_es="Otro documento")
    label = f"{after.slug} – {after}"

    (changed,) = load(
        CommitmentResource(make_editor()),
        {"plan": commitment.plan.number, "number": commitment.number, "document": label},
    )

    assert changed.values == [["document", str(before), str(after)]]
