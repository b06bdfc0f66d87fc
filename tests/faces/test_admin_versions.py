"""Two who edit the same row: the later is told what changed meanwhile, and nothing of anybody is lost."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from commitments.models import (
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    Evidence,
    Milestone,
    PolicyArea,
)
from faces.admin import RecordAdmin
from faces.admin.comparing import ANNULLED_MEANWHILE, CHANGED_MEANWHILE
from faces.admin.sending import CHANGED_BEFORE_DELETION, NEVER_OPENED, SAVED_ALREADY
from faces.admin.versions import TOO_OLD
from plans.models import Theme
from record import actions
from record.models import Change
from record.publication import Public, Status
from record.writing import REASON_NEEDED, writing
from tests import factories
from tests.admin_pages import address, delete, delete_selected, edit, errors, filled
from tests.factories import (
    make_assessment,
    make_commitment,
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

pytestmark = pytest.mark.django_db

REASON = "The source says otherwise"
MODELS = [model for model, pages in admin.site._registry.items() if isinstance(pages, RecordAdmin)]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def ana(admin_client):
    """The editor who opens a form first and sends it last."""
    admin_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return admin_client


@pytest.fixture
def luis():
    """The editor who comes in between."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(get_user_model().objects.create_superuser("luis", password="x"))
    return client


def opened(client, row, **changes):
    """Open the form of a row and fill it in, without sending it."""
    return filled(client.get(address(row, "change")), **{"change_reason": REASON} | changes)


def send(client, row, data, **changes):
    """Send a form that was opened before."""
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return client.post(address(row, "change"), data, follow=True)


def shown_again(response, **changes):
    """Return what a browser would send of a form that came back, with some fields changed."""
    return filled(response, **changes)


def change(row, **columns):
    """Let somebody change a row, wherever he does it."""
    with writing(reason=REASON):
        row = type(row).everything.get(pk=row.pk)
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()


def told(response):
    return " ".join(map(str, response.context["messages"])) if response.context else ""


def is_saved(response):
    return bool(response.redirect_chain)


def three_values(response):
    """Return what stands side by side, as text."""
    found = re.findall(r'<fieldset class="difference">.*?</fieldset>', response.content.decode(), re.DOTALL)
    return [re.findall(r"<dd>(.*?)</dd>", each, re.DOTALL) for each in found]


def chain(row, column):
    """Return [before, after] of each change of a column, the first one first."""
    return [each.columns[column] for each in Change.objects.of(row) if column in each.columns]


# Nothing was typed, or something else.


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_form_in_which_nothing_was_typed_leaves_what_another_wrote(ana, model):
    is_update = model.__name__ == "Update"
    row = factories.make(model, **{"workflow": Status.DRAFT} if is_update else {})
    data = opened(ana, row)
    if issubclass(model, Public):
        with writing(reason=REASON, source="p. 1"):
            names = {each.name for each in model._meta.concrete_fields}
            column = next(name for name in ("place", "name_es", "title_es") if name in names)
            model.everything.filter(pk=row.pk).update(**{column: "Otro"})

    response = send(ana, row, data)

    assert is_saved(response), errors(response)
    assert "Nothing was changed" in told(response)
    assert Change.objects.of(row).count() == issubclass(model, Public) * 2


def test_different_fields_are_kept_of_both_and_the_later_is_told(ana, luis):
    commitment = make_commitment()
    data = opened(ana, commitment, title_es="De Ana")
    edit(luis, commitment, title_en="By Luis", change_reason=REASON)

    response = send(ana, commitment, data)

    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("De Ana", "By Luis")
    assert "Title in English" in told(response) and "luis" in told(response)


def test_same_words_of_both_are_no_difference(ana, luis):
    commitment = make_commitment(title_es="Antes")
    data = opened(ana, commitment, title_es="Después", title_en="By Ana")
    edit(luis, commitment, title_es="Después", change_reason=REASON)

    response = send(ana, commitment, data)

    assert is_saved(response)
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("Después", "By Ana")


def test_words_that_were_changed_and_changed_back_are_no_difference(ana):
    commitment = make_commitment(title_es="Antes")
    data = opened(ana, commitment, title_es="De Ana")
    change(commitment, title_es="Entre tanto")
    change(commitment, title_es="Antes")

    assert is_saved(send(ana, commitment, data))
    commitment.refresh_from_db()
    assert commitment.title_es == "De Ana"


def test_what_is_told_survives_a_form_that_is_shown_again_for_another_reason(ana):
    commitment = make_commitment()
    data = opened(ana, commitment, title_es="De Ana", starts_on="nonsense")
    change(commitment, title_en="By another")

    response = send(ana, commitment, data)

    assert not is_saved(response)
    assert "Title in English" in response.content.decode()
    assert "By another" in shown_again(response)["title_en"]
    assert is_saved(send(ana, commitment, shown_again(response, starts_on="")))
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("De Ana", "By another")


# Both wrote different words.


@pytest.fixture
def differing(ana, luis):
    """A commitment, and the answer to a form in which both had changed the Spanish title."""
    commitment = make_commitment(title_es="Antes")
    data = opened(ana, commitment, title_es="De Ana", title_en="By Ana")
    edit(luis, commitment, title_es="De Luis", change_reason="Copied wrongly")
    return commitment, send(ana, commitment, data)


def test_different_words_for_one_field_are_shown_side_by_side_and_not_saved(differing):
    commitment, response = differing

    assert not is_saved(response)
    assert str(CHANGED_MEANWHILE) in errors(response)
    assert three_values(response) == [["Antes", "De Luis", "De Ana"]]
    assert "luis" in response.content.decode() and "Copied wrongly" in response.content.decode()
    assert shown_again(response)["title_es"] == "De Ana"
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("De Luis", "Commitment")[:1] + (
        commitment.title_en,
    )
    assert commitment.title_en != "By Ana"


def test_whoever_does_not_decide_is_asked_again(ana, differing):
    commitment, response = differing

    again = send(ana, commitment, shown_again(response, title_es="De Ana, otra vez"))

    assert three_values(again) == [["Antes", "De Luis", "De Ana, otra vez"]]
    commitment.refresh_from_db()
    assert commitment.title_es == "De Luis"


def test_what_is_there_stays_if_so_decided(ana, differing):
    commitment, response = differing

    assert is_saved(send(ana, commitment, shown_again(response), **{"choice-title_es": "theirs"}))
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("De Luis", "By Ana")


def test_what_was_typed_stays_if_so_decided_edited_or_not(ana, differing):
    commitment, response = differing
    data = shown_again(response, title_es="De Ana y Luis")

    assert is_saved(send(ana, commitment, data, **{"choice-title_es": "mine"}))
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.title_en) == ("De Ana y Luis", "By Ana")
    assert chain(commitment, "title_es") == [["Antes", "De Luis"], ["De Luis", "De Ana y Luis"]]


def test_decision_holds_while_something_else_in_the_form_is_mended(ana, differing):
    commitment, response = differing
    data = shown_again(response, starts_on="nonsense") | {"choice-title_es": "mine"}

    again = send(ana, commitment, data)

    assert three_values(again) == []
    assert is_saved(send(ana, commitment, shown_again(again, starts_on="")))
    commitment.refresh_from_db()
    assert commitment.title_es == "De Ana"


@pytest.mark.parametrize(
    ("choice", "asks"),
    [("mine", [["De Luis", "De un tercero", "De Ana"]]), ("theirs", [])],
)
def test_third_change_is_not_overwritten_by_a_decision_about_the_second(ana, differing, choice, asks):
    commitment, response = differing
    change(commitment, title_es="De un tercero")

    again = send(ana, commitment, shown_again(response), **{"choice-title_es": choice})

    assert three_values(again) == asks
    commitment.refresh_from_db()
    assert commitment.title_es == "De un tercero"


def test_choice_that_nobody_was_given_decides_nothing(ana):
    commitment = make_commitment(title_es="Antes")
    data = opened(ana, commitment, title_es="De Ana") | {"choice-title_es": "mine"}
    change(commitment, title_es="De otro")

    assert three_values(send(ana, commitment, data)) == [["Antes", "De otro", "De Ana"]]


def test_personal_data_that_was_taken_out_meanwhile_does_not_come_back_unasked(ana):
    commitment = make_commitment(description_es="Lo lleva Fulano de Tal")
    data = opened(ana, commitment, title_es="De Ana")
    with writing(reason=REASON, act="strike") as this:
        this.struck.add((Commitment, commitment.pk))
        commitment.description_es = "Lo lleva [dato omitido]"
        commitment.save()

    response = send(ana, commitment, data)

    assert not is_saved(response)
    [values] = three_values(response)
    assert "personal data" in values[0] and values[1] == "Lo lleva [dato omitido]"
    assert is_saved(send(ana, commitment, shown_again(response), **{"choice-description_es": "theirs"}))
    commitment.refresh_from_db()
    assert (commitment.title_es, commitment.description_es) == ("De Ana", "Lo lleva [dato omitido]")


def test_dates_differ_as_words_do(ana):
    commitment = make_commitment(starts_on=date(2015, 1, 1))
    data = opened(ana, commitment, starts_on="2015-03-01")
    change(commitment, starts_on=date(2015, 2, 1))

    response = send(ana, commitment, data)

    assert three_values(response) == [["Jan. 1, 2015", "Feb. 1, 2015", "2015-03-01"]]


def test_ticks_are_compared(ana):
    report = make_report(is_cutoff_inferred=False, status=Status.DRAFT)
    data = opened(ana, report, title_es="De Ana")
    change(report, is_cutoff_inferred=True)

    assert is_saved(send(ana, report, data))
    report.refresh_from_db()
    assert (report.title_es, report.is_cutoff_inferred) == ("De Ana", True)


def test_linked_rows_differ_by_their_names(ana):
    commitment = make_commitment()
    was, now, typed = (
        make_theme(plan=commitment.plan, name_es=name, name_en="") for name in ("Uno", "Dos", "Tres")
    )
    change(commitment, theme=was)
    data = opened(ana, commitment, theme=typed.pk)
    change(commitment, theme=now)

    response = send(ana, commitment, data)

    assert three_values(response) == [[str(was), str(now), str(typed)]]
    assert is_saved(send(ana, commitment, shown_again(response), **{"choice-theme": "theirs"}))
    commitment.refresh_from_db()
    assert commitment.theme == now


def test_links_to_many_are_compared_and_kept(ana):
    commitment = make_commitment()
    one, two = make_policy_area(), make_policy_area()
    data = opened(ana, commitment, title_es="De Ana")
    with writing(reason=REASON):
        commitment.policy_areas.add(one)

    assert is_saved(send(ana, commitment, data))
    assert list(commitment.policy_areas.all()) == [one]

    data = opened(ana, commitment, policy_areas=[one.pk, two.pk])
    with writing(reason=REASON):
        commitment.policy_areas.clear()

    response = send(ana, commitment, data)

    assert three_values(response) == [[str(one), "–", f"{one}; {two}"]]
    assert list(commitment.policy_areas.all()) == []
    assert is_saved(send(ana, commitment, shown_again(response), **{"choice-policy_areas": "mine"}))
    assert set(commitment.policy_areas.all()) == {one, two}


def test_ticked_translations_are_compared(ana):
    commitment = make_commitment(title_en="Ours", description_en="Ours too", description_es="Suyo")
    data = opened(ana, commitment, unofficial=["title_en"])
    change(commitment, unofficial={"description_en": ""})

    response = send(ana, commitment, data)

    assert three_values(response) == [["–", "Description in English", "Title in English"]]
    assert is_saved(send(ana, commitment, shown_again(response), **{"choice-unofficial": "mine"}))
    commitment.refresh_from_db()
    assert list(commitment.unofficial) == ["title_en"]


def test_lists_are_compared(ana):
    report = make_report(card_form=["results"])
    data = opened(ana, report, card_form=["results", "lessons"])
    change(report, card_form=[])

    response = send(ana, report, data)

    [values] = three_values(response)
    assert values[1] == "–" and values[0] != values[2]


def test_text_that_was_only_cleaned_differently_is_no_difference(ana):
    commitment = make_commitment(description_es="Uno\nDos")
    data = opened(ana, commitment, title_es="De Ana")
    change(commitment, description_es="Uno\r\nDos  ")

    assert is_saved(send(ana, commitment, data))


# The row itself.


def test_row_that_was_deleted_meanwhile_gives_back_what_was_typed(ana):
    plan = make_plan(status=Status.DRAFT)
    commitment = make_commitment(plan=plan, title_es="Antes")
    factories.make(CommitmentItem, commitment=commitment, text_es="Antes")
    data = opened(ana, commitment, title_es="De <Ana>", **{"items-0-text_es": "Producto de Ana"})
    with writing():
        Commitment.objects.all().delete()

    response = send(ana, commitment, data)

    page = response.content.decode()
    assert response.status_code == 409
    assert "De &lt;Ana&gt;" in page and "Producto de Ana" in page
    assert "Commitment 2 (en)" not in page
    assert not Commitment.everything.exists()


def test_row_that_nobody_may_change_any_more_gives_back_what_was_typed(ana):
    update = make_update(workflow=Status.DRAFT, text_es="Antes")
    data = opened(ana, update, text_es="De Ana")
    change(update, workflow=Status.PUBLISHED)

    response = send(ana, update, data)

    assert response.status_code == 403
    assert "De Ana" in response.content.decode() and "Antes" not in response.content.decode()


def test_row_that_was_annulled_meanwhile_is_changed_only_by_who_knows(ana):
    commitment = make_commitment()
    data = opened(ana, commitment, title_es="De Ana")
    change(commitment, annulled_at="2026-01-01T00:00:00Z")

    response = send(ana, commitment, data)

    assert str(ANNULLED_MEANWHILE)[:20] in errors(response) and REASON in errors(response)
    assert is_saved(send(ana, commitment, shown_again(response)))
    assert Commitment.everything.get().title_es == "De Ana"


def test_row_that_was_published_meanwhile_changes_with_a_reason_only(ana):
    report = make_report(status=Status.DRAFT)
    data = opened(ana, report, title_es="De Ana", change_reason=None)
    change(report, status=Status.PUBLISHED)

    response = send(ana, report, data)

    assert str(REASON_NEEDED) in errors(response)
    assert is_saved(send(ana, report, shown_again(response, change_reason=REASON)))
    report.refresh_from_db()
    assert (report.title_es, report.status) == ("De Ana", Status.PUBLISHED)


def test_what_the_writer_refuses_is_told_in_the_form_with_what_was_typed(ana, monkeypatch):
    from record.writing import WriteRefused

    commitment = make_commitment()
    monkeypatch.setattr(Commitment, "check_change", lambda *_: (_ for _ in ()).throw(WriteRefused("Not so")))

    response = send(ana, commitment, opened(ana, commitment, title_es="De Ana"))

    assert "Not so" in errors(response)
    assert shown_again(response)["title_es"] == "De Ana"
    assert told(response) == ""


# Lines.


def test_different_words_in_a_line_are_shown_side_by_side(ana, luis):
    milestone = make_milestone(activity_es="Antes", ends_on=None)
    row, name = milestone.commitment, "milestones-0-activity_es"
    data = opened(ana, row, title_es="De Ana", **{name: "Hito de Ana"})
    edit(luis, milestone, activity_es="Hito de Luis", change_reason=REASON)

    response = send(ana, row, data)

    assert three_values(response) == [["Antes", "Hito de Luis", "Hito de Ana"]]
    milestone.refresh_from_db()
    row.refresh_from_db()
    assert milestone.activity_es == "Hito de Luis" and row.title_es != "De Ana"
    assert is_saved(send(ana, row, shown_again(response), **{f"choice-{name}": "mine"}))
    milestone.refresh_from_db()
    row.refresh_from_db()
    assert (row.title_es, milestone.activity_es) == ("De Ana", "Hito de Ana")


def test_line_that_another_changed_stays_so_while_the_row_is_saved(ana):
    milestone = make_milestone(activity_es="Antes")
    data = opened(ana, milestone.commitment, title_es="De Ana", **{"milestones-0-place": "p. 9"})
    change(milestone, activity_es="De otro")

    response = send(ana, milestone.commitment, data)

    milestone.refresh_from_db()
    assert (milestone.activity_es, milestone.place) == ("De otro", "p. 9")
    assert f"{milestone}: Activity in Spanish" in told(response)


@pytest.fixture
def draft():
    """A draft commitment with two items of its text."""
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT))
    items = [
        factories.make(CommitmentItem, commitment=commitment, text_es=text, order=number)
        for number, text in enumerate(("Uno", "Dos"), 1)
    ]
    return commitment, *items


def test_line_that_was_deleted_meanwhile_gives_back_what_was_typed(ana, draft):
    commitment, one, two = draft
    typed = {"items-0-text_es": "Uno de Ana", "items-1-text_es": "Dos de Ana"}
    data = opened(ana, commitment, title_es="De Ana", **typed)
    with writing():
        one.delete()

    response = send(ana, commitment, data)

    assert not is_saved(response)
    assert "Uno de Ana" in errors(response) and "Dos de Ana" not in errors(response)
    folded = {
        each.formset.prefix for each in response.context["inline_admin_formsets"] if each.is_collapsible
    }
    assert "further_sources" in folded and "items" not in folded
    assert is_saved(send(ana, commitment, shown_again(response)))
    commitment.refresh_from_db()
    assert commitment.title_es == "De Ana"
    assert [item.text_es for item in commitment.items.all()] == ["Dos de Ana"]


def test_line_that_was_deleted_meanwhile_and_not_touched_is_only_told(ana, draft):
    commitment, one, two = draft
    data = opened(ana, commitment, title_es="De Ana", **{"items-1-text_es": "Dos de Ana"})
    with writing():
        one.delete()

    response = send(ana, commitment, data)

    assert is_saved(response), errors(response)
    assert "Taken away" in told(response)
    assert [item.text_es for item in commitment.items.all()] == ["Dos de Ana"]


def test_line_that_was_annulled_meanwhile_gives_back_what_was_typed(ana):
    milestone = make_milestone(activity_es="Antes")
    name = "milestones-0-activity_es"
    data = opened(ana, milestone.commitment, **{name: "Hito de Ana"})
    change(milestone, annulled_at="2026-01-01T00:00:00Z")

    response = send(ana, milestone.commitment, data)

    assert "Hito de Ana" in errors(response)
    assert Milestone.everything.get().activity_es == "Antes"


def test_line_that_another_added_meanwhile_stays_and_is_told(ana, draft):
    commitment, *_items = draft
    data = opened(ana, commitment, title_es="De Ana")
    three = factories.make(CommitmentItem, commitment=commitment, text_es="Tres", order=3)

    response = send(ana, commitment, data)

    assert is_saved(response)
    assert f"Added: {three}" in told(response)
    assert commitment.items.count() == 3


def test_lines_that_both_added_stay(ana, draft):
    commitment, *_items = draft
    new = {
        "items-TOTAL_FORMS": 3,
        "items-2-kind": "final_product",
        "items-2-text_es": "De Ana",
        "items-2-order": 3,
        "items-2-document": commitment.document_id,
        "items-2-place": "p. 1",
    }
    data = opened(ana, commitment) | new
    factories.make(CommitmentItem, commitment=commitment, text_es="De otro", order=4)

    response = send(ana, commitment, data)

    assert is_saved(response), errors(response)
    assert [item.text_es for item in commitment.items.order_by("order")] == [
        "Uno",
        "Dos",
        "De Ana",
        "De otro",
    ]


def test_line_that_another_changed_is_taken_away_only_by_who_knows(ana, draft):
    commitment, one, _two = draft
    data = opened(ana, commitment, **{"items-0-DELETE": "on"})
    change(one, text_es="De otro")

    response = send(ana, commitment, data)

    assert "which you take away, was changed" in errors(response)
    assert commitment.items.count() == 2
    assert is_saved(send(ana, commitment, shown_again(response, **{"items-0-DELETE": "on"})))
    assert commitment.items.count() == 1


def test_what_cannot_be_changed_any_more_is_not_forgotten(ana):
    plan = make_plan(status=Status.DRAFT)
    milestone = make_milestone(commitment=make_commitment(plan=plan), ends_on=date(2016, 1, 1))
    data = opened(ana, milestone.commitment, **{"milestones-0-ends_on": "2016-12-31"})
    actions.publish(None, plan)

    response = send(ana, milestone.commitment, data, change_reason=REASON)

    assert "2016-12-31" in errors(response)
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 1, 1)


# The note.


def test_form_without_a_note_is_refused_with_what_was_typed(ana):
    commitment = make_commitment(title_es="Antes")
    other = opened(ana, make_commitment())["opened"]
    data = opened(ana, commitment, title_es="De Ana")

    for note in (None, "", "x" * 10_000, f"{data['opened']}x", other):
        response = send(ana, commitment, data | {"opened": note})

        assert str(TOO_OLD) in errors(response)
        assert response.context["adminform"].form["title_es"].value() == "De Ana"
        assert "opened" not in response.context
    commitment.refresh_from_db()
    assert commitment.title_es == "Antes"


def test_line_of_another_row_is_not_changed_by_a_form(ana, draft):
    commitment, one, _two = draft
    data = opened(ana, commitment, **{"items-0-text_es": "De Ana"})
    three = factories.make(CommitmentItem, commitment=commitment, text_es="Tres", order=3)

    response = send(ana, commitment, data | {"items-0-id": three.pk})

    assert str(TOO_OLD) in errors(response)
    three.refresh_from_db()
    assert three.text_es == "Tres"


# Sent twice.


def test_form_that_is_sent_twice_is_saved_once(ana):
    commitment = make_commitment()
    data = opened(ana, commitment, title_es="De Ana")

    first, second = send(ana, commitment, data), send(ana, commitment, data)

    assert first.redirect_chain == second.redirect_chain
    assert told(second) == SAVED_ALREADY
    assert len(chain(commitment, "title_es")) == 1


def test_form_that_is_sent_twice_does_not_undo_what_came_after_it(ana):
    commitment = make_commitment()
    data = opened(ana, commitment, title_es="De Ana")
    send(ana, commitment, data)
    change(commitment, title_es="De otro")

    response = send(ana, commitment, data)

    assert told(response) == SAVED_ALREADY
    commitment.refresh_from_db()
    assert commitment.title_es == "De otro"


def test_form_that_is_edited_after_it_was_saved_and_sent_again_loses_nothing(ana):
    commitment = make_commitment(title_es="Antes")
    data = opened(ana, commitment, title_es="De Ana")
    send(ana, commitment, data)

    response = send(ana, commitment, data | {"title_es": "De Ana, mejor", "title_en": "Better"})

    assert three_values(response) == [["Antes", "De Ana", "De Ana, mejor"]]


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother", "_popup"])
def test_row_is_added_once_by_a_form_that_is_sent_twice(ana, button):
    page, document = address(Theme, "add"), factories.make_document()
    values = {"plan": make_plan().pk, "slug": "1-uno", "order": 1, "name_es": "Uno", "place": "p. 1"}
    data = filled(ana.get(page), **values, document=document.pk) | {button: "1"}

    first, second = ana.post(page, data), ana.post(page, data)

    assert Theme.objects.count() == 1
    assert first.status_code == second.status_code
    if button != "_popup":
        assert first.url == second.url
        assert told(ana.get(second.url)).endswith(str(SAVED_ALREADY))
    else:
        assert first.context_data == second.context_data


def test_row_without_an_identifier_of_its_own_is_added_once(ana):
    page, milestone = address(Evidence, "add"), make_milestone()
    data = filled(
        ana.get(page), milestone=milestone.pk, url="https://example.org/", title_es="Acta", place="p. 1"
    )
    data["document"] = milestone.document_id

    first, second = ana.post(page, data), ana.post(page, data)

    assert (first.status_code, second.status_code) == (302, 302), errors(first)
    assert Evidence.objects.count() == 1


def test_form_that_added_a_row_and_then_says_something_else_asks_first(ana):
    page, milestone = address(Evidence, "add"), make_milestone()
    data = filled(
        ana.get(page), milestone=milestone.pk, url="https://example.org/", title_es="Acta", place="p. 1"
    )
    data["document"] = milestone.document_id
    ana.post(page, data)

    response = ana.post(page, data | {"title_es": "Acta corregida"})

    assert "This form was saved already, as" in errors(response)
    assert address(Evidence.objects.get(), "change") in errors(response)
    again = shown_again(response)
    assert again["title_es"] == "Acta corregida"
    assert ana.post(page, again).status_code == 302
    assert Evidence.objects.count() == 2


def test_form_that_was_refused_is_sent_again_and_saved_once(ana):
    page = address(PolicyArea, "add")
    response = ana.post(page, filled(ana.get(page), name_es="Salud"))
    data = shown_again(response, slug="salud", document=factories.make_document().pk, place="p. 1")

    answers = [ana.post(page, data) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302], errors(answers[0])
    assert PolicyArea.objects.count() == 1


def test_copy_of_a_row_is_saved_as_a_new_one(ana, draft, monkeypatch):
    commitment, *_items = draft
    monkeypatch.setattr(admin.site._registry[Commitment], "save_as", True)
    data = opened(ana, commitment, title_es="Copia", _saveasnew="1")
    data |= {"plan": commitment.plan_id, "number": 30, "document": commitment.document_id, "place": "p. 1"}

    answers = [ana.post(address(commitment, "change"), data) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302], errors(answers[0])
    copy = Commitment.objects.get(number=30)
    assert (copy.title_es, copy.items.count(), commitment.items.count()) == ("Copia", 2, 2)


# Deletions.


def test_draft_that_was_changed_since_its_deletion_was_asked_is_not_deleted(ana, draft):
    commitment, one, _two = draft
    page = address(commitment, "delete")
    data = {"post": "yes", "opened": ana.get(page).context["opened"]}
    change(one, text_es="De otro")

    response = ana.post(page, data, follow=True)

    assert told(response) == CHANGED_BEFORE_DELETION
    assert Commitment.objects.exists()
    assert delete(ana, commitment).status_code == 302
    assert not Commitment.objects.exists()


def test_drafts_that_were_changed_since_their_deletion_was_asked_are_not_deleted(ana, draft):
    commitment, *_items = draft
    page = address(Commitment, "changelist")
    data = {"action": "delete_selected", "_selected_action": [commitment.pk]}
    asked = ana.post(page, data)
    note = re.search(r'name="opened" value="([^"]+)"', asked.content.decode())[1]
    change(commitment, title_es="De otro")

    response = ana.post(page, data | {"post": "yes", "opened": note}, follow=True)

    assert told(response) == CHANGED_BEFORE_DELETION
    assert Commitment.objects.exists()
    delete_selected(ana, commitment)
    assert not Commitment.objects.exists()


def test_deletion_that_nobody_was_asked_about_is_refused(ana, draft):
    commitment, *_items = draft

    for data in ({"post": "yes"}, {}, {"x": "y"}):
        response = ana.post(address(commitment, "delete"), data, follow=True)
    assert told(response) == NEVER_OPENED
    assert Commitment.objects.exists()


# What it costs.

# Of the request itself: the session and the user. Of the transaction: it and its savepoints.
NOT_COUNTED = ('SELECT "django_session"', 'SELECT "auth_user"', "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def queries_of_edit(client, row, **changes):
    """Return how many queries it takes to save a form that was opened before."""
    data = opened(client, row, **changes)
    with CaptureQueriesContext(connection) as queries:
        response = client.post(address(row, "change"), data)
    assert response.status_code == 302, errors(response)
    return len([each for each in queries if not each["sql"].startswith(NOT_COUNTED)])


def test_edit_of_a_published_commitment_takes_at_most_twenty_queries(ana):
    report = make_report()
    commitment = make_commitment(plan=report.plan)
    make_assessment(report=report, commitment=commitment)
    for _ in range(3):
        make_milestone(commitment=commitment)
        make_responsibility(commitment=commitment)
        for lines in (CommitmentItem, CommitmentTitle, CommitmentSource):
            factories.make(lines, commitment=commitment)

    queries = queries_of_edit(ana, commitment, title_es="Otro")

    assert queries <= 20
    assert chain(commitment, "title_es")


def test_edit_of_a_published_milestone_takes_at_most_twenty_queries(ana):
    milestone = make_update().milestone
    make_evidence(milestone=milestone)
    make_milestone_responsible(milestone=milestone)

    queries = queries_of_edit(ana, milestone, activity_es="Otra")

    assert queries <= 20
    assert chain(milestone, "activity_es")


def test_edit_of_a_row_with_many_lines_takes_the_queries_of_one_with_few(ana):
    few, many = make_commitment(), make_commitment()
    make_milestone(commitment=few)
    for _ in range(20):
        make_milestone(commitment=many)

    assert queries_of_edit(ana, few, title_es="Otro") == queries_of_edit(ana, many, title_es="Otro")
