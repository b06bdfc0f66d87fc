"""The board of a report and the page of a card: how far each is, its warnings, closing and undoing it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from commitments.cards import acts
from commitments.cards.doubts import doubts
from commitments.cards.reading import board_of, counts_by_report
from commitments.models import CardState, Milestone
from plans.models import Report
from record.actions import IsPublished, Newer, annul, restore, version_of
from record.models import Change, Entry
from record.writing import WriteRefused, writing
from tests.desk.rows import client_of, lines_of
from tests.factories import make_auditor, make_milestone, make_update

from .conftest import CUTOFF, card

pytestmark = pytest.mark.django_db


def states(user, report):
    return [line.state for line in board_of(user, report).lines]


def page_of(found):
    return reverse("cards:card", args=[found.report.slug, found.commitment.code])


def board_page(report):
    return reverse("cards:board", args=[report.slug])


# How far a card is.


def test_card_is_empty_until_somebody_writes_in_it_and_ready_once_it_is_closed(editor, report):
    assert states(editor, report) == [CardState.EMPTY] * 3

    acts.write_card(editor, card(report), {"results": "Se hizo"})
    assert states(editor, report)[0] == CardState.IN_WORK

    acts.write_card(editor, card(report), {"level": "limited"})
    acts.close_card(editor, card(report))
    assert states(editor, report) == [CardState.READY, CardState.EMPTY, CardState.EMPTY]


def test_closing_is_undone(editor, report):
    acts.write_card(editor, card(report), {"level": "limited"})
    acts.close_card(editor, card(report))

    acts.reopen_card(editor, card(report))

    assert states(editor, report)[0] == CardState.IN_WORK


def test_card_that_is_closed_is_not_written(editor, report):
    acts.write_card(editor, card(report), {"level": "limited"})
    acts.close_card(editor, card(report))

    with pytest.raises(acts.IsClosed):
        acts.write_card(editor, card(report), {"level": "complete"})


def test_whoever_writes_in_it_by_another_way_opens_it_again(editor, report):
    acts.write_card(editor, card(report), {"level": "limited"})
    acts.close_card(editor, card(report))

    with writing(editor):
        found = card(report)
        found.results = "Otro texto"
        found.save()

    assert states(editor, report)[0] == CardState.IN_WORK


def test_card_without_a_level_is_not_closed(editor, report):
    with pytest.raises(acts.LevelNeeded):
        acts.close_card(editor, card(report))


def test_closing_writes_nothing_in_the_record(editor, report):
    acts.write_card(editor, card(report), {"level": "limited"})
    entries = Entry.objects.count()

    acts.close_card(editor, card(report))
    acts.reopen_card(editor, card(report))

    assert Entry.objects.count() == entries


def test_board_costs_the_same_for_more_cards(editor, report, django_assert_num_queries):
    with django_assert_num_queries(6):
        board_of(editor, report)


# A level is needed once it is published.


def test_no_way_leads_to_a_published_card_without_a_level(editor, publisher, report):
    for each in report.assessments.all():
        acts.write_card(editor, each, {"level": "limited"})
    acts.publish_report(publisher, report, "Informe de medio término")

    with pytest.raises(WriteRefused) as refused, writing(publisher, "Se borra el nivel"):
        found = card(report)
        found.level = ""
        found.save()

    assert refused.value.code == "level_needed"
    with pytest.raises(ValidationError):
        found.full_clean()
    with pytest.raises(WriteRefused), writing(publisher, "Se borra el nivel"):
        report.assessments.update(level="")


def test_level_outside_of_the_scale_is_refused(editor, report):
    with pytest.raises(ValidationError):
        acts.write_card(editor, card(report), {"level": "excelente"})


# Warnings.


def warned(report, **columns):
    found = card(report)
    for name, value in columns.items():
        setattr(found, name, value)
    milestones = Milestone.objects.with_state(CUTOFF).filter(commitment=found.commitment).order_by("number")
    return [each.code for each in doubts(found, list(milestones))]


def test_complete_card_whose_milestones_are_not_is_warned_of(report, milestone):
    assert warned(report, level="complete") == ["undone", "past_due"]


def test_complete_card_whose_milestones_are_complete_is_not(report, milestone):
    make_update(milestone=milestone, as_of=date(2016, 5, 31), status="complete")

    assert warned(report, level="complete") == []


def test_what_was_said_after_the_cutoff_changes_no_warning(report, milestone):
    make_update(milestone=milestone, as_of=date(2016, 7, 1), status="complete")

    assert warned(report, level="complete") == ["undone", "past_due"]


def test_card_that_was_not_started_and_has_complete_milestones_is_warned_of(report, milestone):
    make_milestone(commitment=milestone.commitment, number=2)
    make_update(milestone=milestone, as_of=date(2016, 5, 31), status="complete")

    assert warned(report, level="not_started", delay_reason="Faltó") == ["begun"]


def test_card_behind_its_milestones_is_warned_of(report, milestone):
    make_update(milestone=milestone, as_of=date(2016, 5, 31), status="complete")

    assert warned(report, level="substantial") == ["all_done"]


def test_level_that_is_not_the_printed_one_is_warned_of(report):
    assert warned(report, level="limited", level_as_printed="Completo") == ["printed"]
    assert warned(report, level="limited", level_as_printed="Limitado") == []
    assert warned(report, level="", level_as_printed="Limitado") == []


@pytest.mark.parametrize("level", ["not_started", "limited", "substantial"])
def test_card_that_does_not_say_why_is_warned_of(report, milestone, level):
    assert warned(report, level=level) == ["no_reason"]
    assert warned(report, level=level, delay_reason="Faltó presupuesto") == []


def test_form_without_that_row_asks_for_no_reason(editor, opening, commitments, milestone):
    report = acts.open_report(editor, opening | {"card_form": ["results"]}, milestone.document)

    assert warned(report, level="not_started") == []


def test_reason_is_quoted_where_the_form_has_no_row_for_it(editor, opening, commitments, milestone):
    report = acts.open_report(editor, opening | {"card_form": ["results"]}, milestone.document)
    client, found = client_of(editor), card(report)
    typed = {"results": "Faltó presupuesto en 2016.", "delay_reason": "Faltó presupuesto", "_save": "1"}

    unnamed = client.post(page_of(found), sent(client, found, **typed))
    typed_otherwise = typed | {"delay_reason": "Sin plata", "delay_reason_from": "results"}
    other = client.post(page_of(found), sent(client, found, **typed_otherwise))
    assert unnamed.context["form"].errors.keys() == {"delay_reason_from"}
    assert other.context["form"].errors.keys() == {"delay_reason"}
    client.post(page_of(found), sent(client, found, **typed, delay_reason_from="results"))

    assert (card(report).delay_reason, card(report).delay_reason_from) == ("Faltó presupuesto", "results")


def test_form_with_a_row_for_the_reason_does_not_ask_where_it_is_quoted_from(editor, report):
    form = client_of(editor).get(page_of(card(report))).context["form"]

    assert "delay_reason" in form.fields and "delay_reason_from" not in form.fields


# The pages.


def sent(client, found, **changes):
    """Return what a browser would send of the page of a card, with some fields changed."""
    context = client.get(page_of(found)).context
    data = {field.html_name: field.value() for field in context["form"]}
    data |= {"opened": context["opened"], "seen": context["seen"]} | changes
    return {name: value for name, value in data.items() if value not in (None, False)}


def test_card_is_saved_and_the_next_one_opens(editor, report):
    client, found = client_of(editor), card(report)

    response = client.post(page_of(found), sent(client, found, level="limited", results="Sí", _next="1"))

    assert response.url == page_of(card(report, 2))
    assert (card(report).level, card(report).results) == ("limited", "Sí")


def test_card_is_saved_closed_and_reopened(editor, report):
    client, found = client_of(editor), card(report)
    client.post(page_of(found), sent(client, found, level="limited", _close="1"))
    assert states(editor, report)[0] == CardState.READY
    assert "form" in client.get(page_of(found)).context
    assert client.post(page_of(found), {"level": "complete"}).status_code == 302
    assert card(report).level == "limited"

    client.post(board_page(report), {"reopen": "26-1"})

    assert states(editor, report)[0] == CardState.IN_WORK


def test_last_open_card_leads_to_the_board(editor, report):
    client = client_of(editor)
    for number in (1, 2):
        acts.write_card(editor, card(report, number), {"level": "limited"})
        acts.close_card(editor, card(report, number))

    last = card(report, 3)
    response = client.post(page_of(last), sent(client, last, level="limited", _close="1"))

    assert response.url == board_page(report)


def test_closing_without_a_level_saves_the_words_and_says_what_is_missing(editor, report):
    client, found = client_of(editor), card(report)

    response = client.post(page_of(found), sent(client, found, results="Sí", _close="1"))

    assert response.context["form"].non_field_errors()
    assert card(report).results == "Sí"
    # Sent again with the level it is saved over what was saved just now.
    data = sent(client, found, level="limited", _close="1") | {
        "seen": response.context["seen"],
        "opened": response.context["opened"],
    }
    assert client.post(page_of(found), data).status_code == 302


def test_of_two_who_write_at_once_the_second_is_shown_what_the_first_wrote(editor, publisher, report):
    client, found = client_of(editor), card(report)
    data = sent(client, found, results="Lo mío", _save="1")
    acts.write_card(publisher, found, {"results": "Lo suyo"})

    response = client.post(page_of(found), data)

    assert "Lo suyo" in [text for _label, text in response.context["stored"]]
    assert response.context["form"]["results"].value() == "Lo mío"
    assert card(report).results == "Lo suyo"
    again = data | {"seen": response.context["seen"], "opened": response.context["opened"]}
    assert client.post(page_of(found), again).status_code == 302
    assert card(report).results == "Lo mío"


def test_form_sent_twice_is_saved_once(editor, report):
    client, found = client_of(editor), card(report)
    data = sent(client, found, results="Sí", _save="1")

    answers = [client.post(page_of(found), data) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    changes = Change.objects.filter(model="commitments.assessment", object_id=found.pk, action="changed")
    assert changes.count() == 1


def test_what_was_typed_stays_when_the_session_ends(editor, report):
    client, found = client_of(editor), card(report)
    data = sent(client, found, level="limited", results="Lo tecleado", _save="1")
    client.logout()
    assert client.post(page_of(found), data).status_code == 302

    client.force_login(editor)
    form = client.get(page_of(found)).context["form"]

    assert (form["level"].initial, form["results"].initial) == ("limited", "Lo tecleado")
    assert form["has_card"].initial
    assert card(report).results == ""


def test_form_of_a_page_opened_before_signing_in_anew_is_kept(editor, report):
    client, found = Client(enforce_csrf_checks=True), card(report)
    client.force_login(editor)
    data = sent(client, found, results="Lo tecleado", _save="1")

    answer = client.post(page_of(found), data | {"csrfmiddlewaretoken": "a" * 64})

    assert answer.url == page_of(found)
    assert client.get(page_of(found)).context["form"]["results"].value() == "Lo tecleado"


@pytest.mark.parametrize("text", ["Escriba a a@b.pe", "Llame al 01 2345678"])
def test_contact_details_are_asked_back(editor, report, text):
    client, found = client_of(editor), card(report)
    data = sent(client, found, results=text, _save="1")

    response = client.post(page_of(found), data)

    assert response.context["form"].errors
    assert card(report).results == ""
    assert client.post(page_of(found), data | {"no_telephone": "on"}).status_code == (
        200 if "@" in text else 302
    )


def test_board_adds_removes_and_deletes(editor, opening, commitments):
    client = client_of(editor)
    report = acts.open_report(editor, opening | {"coverage": "partial"}, commitments[0].document)
    client.post(board_page(report), {"add": "1", "commitment": ["26-1", "26-2"]})
    assert report.assessments.count() == 2

    client.post(board_page(report), {"remove": "26-1"})
    assert report.assessments.get().commitment == commitments[1]

    assert client.post(board_page(report), {"drop": "1"}).url == reverse("admin:index")
    assert not type(report).objects.filter(pk=report.pk).exists()


def test_auditor_reads_the_board_and_writes_nothing(report):
    auditor = make_auditor()
    client = client_of(auditor)

    context = client.get(board_page(report)).context
    assert not (context["may_write"] or context["may_publish"])
    assert client.post(board_page(report), {"drop": "1"}).status_code == 403
    assert not client.get(page_of(card(report))).context["may_write"]
    with pytest.raises(PermissionDenied):
        acts.write_card(auditor, card(report), {"level": "complete"})


def test_desk_costs_the_same_for_more_reports(editor, opening, report, django_assert_num_queries):
    acts.open_report(editor, opening, report.document)
    reports = list(type(report).objects.all())

    with django_assert_num_queries(3):
        counts = counts_by_report(editor, reports)
    assert [sum(each.values()) for each in counts.values()] == [3, 3]


def test_desk_has_the_reports_in_work(editor, report):
    [line] = lines_of(client_of(editor), "reports")

    assert line == report
    assert [count for _label, count in line.counts] == [3, 0, 0]
    assert reverse("cards:open") in client_of(editor).get(reverse("admin:index")).content.decode()


# Publishing.


@pytest.fixture
def written(editor, report):
    """A report whose cards have a level and are closed."""
    for found in report.assessments.all():
        acts.write_card(editor, found, {"level": "limited", "delay_reason": "Faltó"})
        acts.close_card(editor, found)
    return report


def test_report_is_published_with_all_its_cards_in_one_entry_with_one_reason(publisher, written):
    acts.publish_report(publisher, written, "Informe de medio término")

    entry = Entry.objects.order_by("-pk").first()
    assert (entry.act, entry.reason) == ("publish", "Informe de medio término")
    assert written.assessments.published().count() == 3
    commitment = card(written).commitment
    assert commitment.states.filter(level="limited", from_on=CUTOFF).exists()


def test_full_report_is_not_published_with_a_card_missing(editor, publisher, written):
    acts.remove_card(editor, card(written, 2))

    with pytest.raises(WriteRefused) as refused:
        acts.publish_report(publisher, written, "Informe de medio término")

    assert (refused.value.code, "26-2" in str(refused.value)) == ("cards_missing", True)


def test_report_is_not_published_with_a_level_missing_by_any_way(editor, publisher, report):
    with pytest.raises(WriteRefused) as refused:
        acts.publish_report(publisher, report, "Informe de medio término")
    assert refused.value.code == "levels_missing"
    with pytest.raises(WriteRefused), writing(publisher, "Informe de medio término"):
        report.status = "published"
        report.save()
    with pytest.raises(WriteRefused), writing(reason="Informe de medio término"):
        type(report).objects.filter(pk=report.pk).update(status="published")


def test_partial_report_is_published_with_the_cards_that_it_has(editor, publisher, opening, commitments):
    of = {"coverage": "partial", "author": "civil_society"}
    report = acts.open_report(editor, opening | of, commitments[0].document)
    [found] = acts.add_cards(editor, report, commitments[:1])
    acts.write_card(editor, found, {"level": "limited"})

    acts.publish_report(publisher, report, "Informe alternativo")

    assert report.assessments.published().get() == found


def test_published_report_does_not_become_fuller_than_it_is(editor, publisher, opening, commitments):
    report = acts.open_report(editor, opening | {"coverage": "partial"}, commitments[0].document)
    [found] = acts.add_cards(editor, report, commitments[:1])
    acts.write_card(editor, found, {"level": "limited"})
    report = acts.publish_report(publisher, report, "Informe alternativo")

    for coverage, code in (("full", "cards_missing"), ("not_held", "cards_not_held")):
        with pytest.raises(WriteRefused) as refused, writing(publisher, "Se dijo otra cosa"):
            report.coverage = coverage
            report.save()
        assert refused.value.code == code


def test_whoever_wrote_a_card_does_not_publish_it(publisher, written):
    acts.reopen_card(publisher, card(written))
    acts.write_card(publisher, card(written), {"results": "Una palabra"})

    with pytest.raises(PermissionDenied):
        acts.publish_report(publisher, written, "Informe de medio término")
    page = client_of(publisher).get(reverse("cards:publish", args=[written.slug]))
    assert not page.context["may_publish"]


def test_whoever_only_closes_and_gives_wrote_nothing(publisher, entity, focal, written):
    acts.reopen_card(publisher, card(written))
    acts.give_card(publisher, card(written), entity)
    acts.take_card_back(publisher, card(written))
    acts.close_card(publisher, card(written))

    acts.publish_report(publisher, written, "Informe de medio término")


def test_publisher_who_is_alone_publishes_what_he_wrote_and_it_is_marked(publisher, written, settings):
    settings.ONE_PUBLISHER = True
    acts.reopen_card(publisher, card(written))
    acts.write_card(publisher, card(written), {"results": "Una palabra"})

    acts.publish_report(publisher, written, "Informe de medio término")

    assert Entry.objects.order_by("-pk").first().is_alone


def test_editor_publishes_nothing(editor, written):
    with pytest.raises(PermissionDenied):
        acts.publish_report(editor, written, "Informe de medio término")
    assert client_of(editor).get(reverse("cards:publish", args=[written.slug])).status_code == 403


def test_check_list_says_what_is_missing_and_what_is_warned_of(editor, publisher, report, milestone):
    where = reverse("cards:publish", args=[report.slug])
    context = client_of(publisher).get(where).context
    assert context["forbids"]
    assert [item.which for item in context["items"] if item.forbids and not item.is_met] == [
        "26-1, 26-2, 26-3"
    ]
    for found in report.assessments.all():
        acts.write_card(editor, found, {"level": "complete"})

    context = client_of(publisher).get(where).context

    assert not context["forbids"]
    assert [item.which for item in context["items"] if item.warns] == ["26-1, 26-2, 26-3", "26-1"]


def test_what_the_list_warns_of_has_to_be_confirmed(editor, publisher, report):
    for found in report.assessments.all():
        acts.write_card(editor, found, {"level": "complete"})
    client, where = client_of(publisher), reverse("cards:publish", args=[report.slug])
    seen = client.get(where).context["form"]["seen"].value()
    data = {"seen": seen, "reason": "Informe de medio término"}

    assert "confirmed" in client.post(where, data).context["form"].errors
    assert client.post(where, data | {"confirmed": "on"}).status_code == 302
    report.refresh_from_db()
    assert report.is_public


def test_card_written_after_the_list_was_read_is_not_published_unread(editor, publisher, written):
    client, where = client_of(publisher), reverse("cards:publish", args=[written.slug])
    seen = client.get(where).context["form"]["seen"].value()
    acts.reopen_card(editor, card(written))
    acts.write_card(editor, card(written), {"level": "complete"})
    data = {"seen": seen, "reason": "Informe de medio término", "confirmed": "on"}

    response = client.post(where, data)

    assert response.context["form"].errors
    written.refresh_from_db()
    assert not written.is_public
    with pytest.raises(Newer):
        acts.publish_report(publisher, written, "Informe de medio término", seen)


def test_button_of_the_report_leads_to_the_list(publisher, written):
    where = reverse("admin:plans_report_act", args=[written.pk, "publish"])

    for ask in (client_of(publisher).get, client_of(publisher).post):
        assert ask(where).url == reverse("cards:publish", args=[written.slug])
    written.refresh_from_db()
    assert not written.is_public


def test_published_report_is_corrected_not_written(editor, publisher, written):
    acts.publish_report(publisher, written, "Informe de medio término")

    for act in (
        lambda: acts.write_card(publisher, card(written), {"level": "complete"}),
        lambda: acts.reopen_card(publisher, card(written)),
        lambda: acts.add_cards(publisher, written, []),
    ):
        with pytest.raises(IsPublished):
            act()
    assert client_of(editor).get(board_page(written)).context["may_write"] is False
    client = client_of(publisher)
    assert client.post(page_of(card(written)), {"level": "complete"}).status_code == 302
    assert card(written).level == "limited"


def test_reason_of_what_is_late_is_a_row_of_the_public_card(publisher, written, client):
    acts.publish_report(publisher, written, "Informe de medio término")
    found = card(written)

    page = client.get(f"/es/compromisos/{found.commitment.code}/").content.decode()
    api = client.get(f"/api/v1/assessments/{found.public_id}/").json()

    assert "Faltó" in page
    assert (api["delay_reason"], api["objective"]) == ("Faltó", None)


def test_version_of_all_changes_with_each_card(editor, report):
    before = acts.version_of_all(report), version_of(report)

    acts.write_card(editor, card(report), {"results": "Sí"})

    assert acts.version_of_all(report) != before[0]
    assert version_of(report) == before[1]


# Annulling.


@pytest.fixture
def published(publisher, written):
    return acts.publish_report(publisher, written, "Informe de medio término")


def annul_by_form(user, found):
    where = reverse("admin:commitments_assessment_act", args=[found.pk, "annul"])
    client = client_of(user)
    seen = client.get(where).context["form"]["seen"].value()
    response = client.post(where, {"seen": seen, "reason": "La ficha no es de este informe"})
    if response.status_code == 200:
        raise WriteRefused(response.context["form"].non_field_errors()[0], code="cards_missing")


def annul_by_queryset(user, found):
    with writing(user, "La ficha no es de este informe"):
        type(found).objects.filter(pk=found.pk).update(annulled_at=now())


def move(user, found):
    with writing(user, "La ficha no es de este compromiso"):
        found.commitment = found.commitment.plan.commitments.get(number=5)
        found.save()


@pytest.mark.parametrize(
    "take_out",
    [
        annul_by_form,
        annul_by_queryset,
        move,
        lambda user, found: annul(user, found, "La ficha no es de este informe"),
        lambda user, found: annul(None, found, "La ficha no es de este informe"),
    ],
    ids=["form", "queryset", "moved", "act", "command"],
)
def test_no_way_takes_a_card_out_of_a_published_full_report(publisher, published, take_out):
    with pytest.raises(WriteRefused) as refused:
        take_out(publisher, card(published, 2))

    [sentence] = refused.value.messages
    assert refused.value.code == "cards_missing"
    assert sentence == Report.CARD_TAKEN % {"name": published, "codes": "26-2"}
    assert published.assessments.published().count() == 3


def test_card_is_annulled_once_the_report_is_said_to_be_partial(publisher, published):
    with writing(publisher, "Se retira una ficha que no es suya"):
        published.coverage = Report.Coverage.PARTIAL
        published.save()

    annul(publisher, card(published, 2), "La ficha no es de este informe")

    assert published.assessments.published().count() == 2
    with pytest.raises(WriteRefused) as refused, writing(publisher, "Se dijo otra cosa"):
        published.coverage = Report.Coverage.FULL
        published.save()
    assert refused.value.code == "cards_missing"
    restore(publisher, type(card(published)).everything.get(commitment__number=2), "Sí es de este informe")
    assert published.assessments.published().count() == 3


def test_card_of_a_commitment_that_no_plan_has_any_more_may_go(publisher, published):
    """What was annulled with its commitment is not missing."""
    found = card(published, 2)
    annul(publisher, found.commitment, "El compromiso no existe")

    annul(publisher, found, "La ficha no es de este informe")

    assert published.assessments.count() == 2


def test_annulled_report_is_asked_when_it_is_restored(publisher, published):
    annul(publisher, published, "El informe no es de este plan")
    annul(publisher, card(published, 2), "La ficha no es de este informe")

    with pytest.raises(WriteRefused) as refused:
        restore(publisher, published, "Sí es de este plan")

    assert refused.value.code == "cards_missing"


def test_later_cutoff_asks_for_the_cards_of_what_was_added_until_then(publisher, published):
    with pytest.raises(WriteRefused) as refused, writing(publisher, "La fecha de corte se copió mal"):
        published.cutoff_on = date(2016, 9, 30)
        published.save()

    assert (refused.value.code, "26-5" in str(refused.value)) == ("cards_missing", True)
