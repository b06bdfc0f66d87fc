"""The page on which progress is reported: what it asks, refuses, asks back, and what comes of it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from commitments import actions
from commitments.files import path_of
from commitments.letters import Letter, LetterKind
from commitments.models import Evidence, Update
from record.dates import today
from record.guarding import NotForYou
from record.models import Document, Entry
from record.publication import Status
from record.rights import may
from record.writing import writing
from tests.admin_pages import edit, sent
from tests.factories import (
    make_auditor,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_publisher,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db

Workflow = Update.Workflow
# What a report says that nobody asks about.
SAID = {
    "status": "complete",
    "percent": "100",
    "text_es": "Se aprobó la norma",
    "next_es": "Se difunde",
    "url": "https://www.gob.pe/norma",
    "letter_kind": "oficio",
    "letter_number": "012-2026-MINAM/SG",
    "letter_on": "2026-02-03",
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def ours():
    """A milestone of a commitment that our entity leads."""
    commitment = make_responsibility(
        entity=make_entity(slug="minam", name_es="MINAM", name_en="MINAM")
    ).commitment
    return make_milestone(commitment=commitment, means_of_verification_es="La norma publicada")


@pytest.fixture
def focal(ours):
    return make_focal_point(ours.commitment.responsibilities.get().entity)


@pytest.fixture
def desk(client, focal):
    """The client of the focal point, in English."""
    client.force_login(focal)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def address(row):
    return reverse("reporting:draft" if isinstance(row, Update) else "reporting:report", args=[row.code])


def filled(response, **changes):
    """Return what a browser would send of an opened page; a change of None leaves the field away."""
    data = {name: response.context[name] for name in ("opened", "seen")}
    data |= {field.html_name: sent(field) for field in response.context["form"]}
    if confirms := response.context["form"].confirms:
        data["confirmed"] = confirms
    return {name: value for name, value in (data | changes).items() if value is not None}


def report(client, row, button="_submit", **said):
    """Open the page of a milestone or a draft, fill it in and press a button; return the answer."""
    return client.post(address(row), filled(client.get(address(row)), **{button: "1"}, **said))


def errors(response):
    return dict(response.context["form"].errors)


# What it shows.


def test_head_says_what_one_would_look_up(desk, ours):
    last = make_update(milestone=ours, text_es="Se empezó", percent=30)

    page = desk.get(address(ours)).content.decode()

    for words in (
        ours.commitment.code,
        str(ours.activity),
        "31 December 2016",
        "MINAM",
        "La norma publicada",
        str(last.text),
        "30",
        "(past due)",
    ):
        assert words in page


def test_last_stated_status_and_percentage_are_there(desk, ours):
    make_update(milestone=ours, status="in_progress", percent=30)

    form = desk.get(address(ours)).context["form"]

    assert (form["status"].value(), form["percent"].value(), form["as_of"].value()) == (
        "in_progress",
        30,
        today(),
    )


def test_page_takes_a_fixed_number_of_queries(desk, ours, django_assert_max_num_queries):
    make_update(milestone=ours)
    desk.get(address(ours))

    with django_assert_max_num_queries(25):
        desk.get(address(ours))


# Who may.


def test_whoever_is_not_signed_in_is_asked_who_he_is(client, ours):
    assert "login" in client.get(address(ours)).url


def test_milestones_of_others_are_refused_and_unpublished_ones_unknown(desk):
    hidden = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))

    assert desk.get(address(make_milestone())).status_code == 403
    assert desk.get(address(hidden)).status_code == 404
    assert desk.get(reverse("reporting:report", args=["9-9-9"])).status_code == 404


def test_drafts_of_others_are_unknown(desk):
    draft = make_update(workflow=Workflow.DRAFT)

    assert desk.get(address(draft)).status_code == 404
    assert desk.get(reverse("reporting:review", args=[draft.code])).status_code == 404


def test_editor_of_sgp_reports_in_the_same_way(client, ours):
    client.force_login(make_editor())

    report(client, ours, **SAID)

    assert Update.objects.get().workflow == Workflow.SUBMITTED


# What comes of it.


def test_report_is_submitted_with_its_link_and_its_letter(desk, focal, ours):
    response = report(desk, ours, **SAID)

    update, proof, letter = Update.objects.get(), Evidence.objects.get(), Document.objects.latest("pk")
    assert response.status_code == 302
    assert (update.workflow, update.status, update.percent, update.as_of) == (
        "submitted",
        "complete",
        100,
        today(),
    )
    assert (update.text_es, update.next_es) == (SAID["text_es"], SAID["next_es"])
    assert (proof.update, proof.url, proof.status) == (update, SAID["url"], Status.DRAFT)
    assert (update.document, proof.document) == (letter, letter)
    assert (letter.title_es, letter.published_on, letter.status) == (
        "Oficio 012-2026-MINAM/SG",
        date(2026, 2, 3),
        Status.DRAFT,
    )
    assert (letter.slug, letter.publisher_es) == ("minam-oficio-012-2026-minam-sg-20260203", "MINAM")
    acts = list(Entry.objects.filter(by=focal).order_by("pk").values_list("act", flat=True))
    assert acts == ["report", "submit"]


def test_draft_is_gone_on_with_and_submitted_later(desk, ours):
    response = report(desk, ours, "_save", **SAID | {"status": "", "text_es": "", "percent": "10"})
    draft = Update.objects.get()

    assert response.url == address(draft)
    opened = desk.get(response.url)
    form = opened.context["form"]
    assert (form["percent"].value(), form["letter_number"].value()) == (10, SAID["letter_number"])
    desk.post(address(draft), filled(opened, _submit="1", status="complete", percent="100", text_es="Listo"))
    draft.refresh_from_db()
    assert (draft.workflow, draft.text_es, draft.evidence.count()) == ("submitted", "Listo", 1)
    assert Document.objects.filter(kind=Document.Kind.LETTER).count() == 1


def test_same_letter_typed_again_is_found(desk, ours):
    other = make_milestone(commitment=ours.commitment)
    report(desk, ours, **SAID)

    report(desk, other, **SAID | {"letter_number": " 012–2026-MINAM/SG "})

    assert Update.objects.values("document").distinct().count() == 1


def test_letter_of_another_day_is_another_one(desk, ours):
    other = make_milestone(commitment=ours.commitment)
    report(desk, ours, **SAID)

    report(desk, other, **SAID | {"letter_on": "2026-02-04"})

    assert Update.objects.values("document").distinct().count() == 2


def test_letter_of_a_draft_that_is_typed_anew_leaves_nothing_behind(desk, ours):
    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()

    report(desk, draft, "_save", letter_number="013-2026-MINAM/SG")

    draft.refresh_from_db()
    assert Letter.read(draft.document).number == "013-2026-MINAM/SG"
    assert draft.evidence.get().document == draft.document
    assert Document.objects.filter(kind=Document.Kind.LETTER).count() == 1


def test_evidence_is_taken_away_and_added(desk, ours):
    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()

    report(desk, draft, "_save", remove=[str(draft.evidence.get().pk)], url="https://www.gob.pe/otra")

    assert draft.evidence.get().url == "https://www.gob.pe/otra"


# What is refused.


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"as_of": ""}, "as_of"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"status": ""}, "status"),
        ({"percent": "101"}, "percent"),
        ({"text_es": " "}, "text_es"),
        ({"text_es": "Escriba a a@b.pe"}, "text_es"),
        ({"url": "no es"}, "url"),
        ({"letter_kind": ""}, "letter_kind"),
        ({"letter_number": ""}, "letter_number"),
        ({"letter_on": ""}, "letter_on"),
        ({"letter_number": "a@b.pe"}, "letter_number"),
        ({"status": "in_progress", "percent": "50"}, "reason_es"),
        ({"status": "in_progress", "percent": "50", "reason_es": "x"}, "reason_es"),
        ({"status": "not_started", "percent": "0"}, "reason_es"),
        ({"new_end_on": "2999-01-01"}, "reason_es"),
    ],
)
def test_error_stands_beside_its_field_and_nothing_typed_is_lost(desk, ours, said, field):
    response = report(desk, ours, **SAID | said)

    assert response.status_code == 200
    assert list(errors(response)) == [field]
    page = response.content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert SAID["next_es"] in page
    assert not Update.objects.exists()
    assert not Document.objects.filter(kind=Document.Kind.LETTER).exists()


def test_late_report_says_why_and_offers_a_new_end(desk, ours):
    opened = desk.get(address(ours))
    assert opened.context["explains"]

    end = today() + timedelta(days=90)
    late = {
        "status": "in_progress",
        "percent": "50",
        "reason_es": "Faltó presupuesto",
        "new_end_on": str(end),
    }
    report(desk, ours, **SAID | late)

    update = Update.objects.get()
    assert (update.workflow, update.new_end_on, update.reason_es) == ("submitted", end, "Faltó presupuesto")


def test_milestone_that_is_not_due_yet_is_not_asked_why(desk, ours):
    coming = make_milestone(commitment=ours.commitment, ends_on=today() + timedelta(days=30))

    assert not desk.get(address(coming)).context["explains"]
    report(desk, coming, **SAID | {"status": "in_progress", "percent": "50"})
    assert Update.objects.get().workflow == Workflow.SUBMITTED


def test_what_is_wrong_is_listed_as_it_stands_on_the_page(desk, ours):
    page = report(desk, ours, status="in_progress").content.decode()

    start = page.index("errornote")
    listed = re.findall(r'<li><a href="#id_(\w+)">', page[start : page.index("<form", start)])
    fields = re.findall(r'class="question field-(\w+)', page)
    assert listed == [name for name in fields if name in listed]
    assert listed == ["text_es", "reason_es", "letter_kind", "letter_number", "letter_on"]


# What is another's.


def test_milestone_of_others_is_refused_in_words_and_offered_nowhere(desk, ours):
    other = make_milestone()

    refused = desk.get(address(other))

    assert refused.status_code == 403
    assert f"do not answer for the milestone {other.code}" in refused.content.decode()
    for milestone, is_offered in ((ours, True), (other, False)):
        row = desk.get(reverse("admin:commitments_milestone_change", args=[milestone.pk])).content.decode()
        assert (address(milestone) in row) == is_offered


def test_who_reports_of_nothing_is_told_nothing_of_his_entities(client, ours):
    client.force_login(make_auditor())

    refused = client.get(address(ours), headers={"accept-language": "en"})

    assert refused.status_code == 403
    assert "answer for the milestone" not in refused.content.decode()


# What was submitted.


def test_what_was_submitted_is_called_as_it_was_asked(desk, ours):
    page = desk.get(report(desk, ours, **SAID).url)

    labels = [each.label for each in page.context["words"]]
    assert labels[2:7] == ["Day", "Status", "Progress, in per cent", "What was done", "What comes next"]


# What is odd.


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"percent": "40"}, "percent"),
        ({"status": "in_progress", "reason_es": "Faltó la firma"}, "percent"),
        ({"done_on": "2999-01-01"}, "done_on"),
        ({"as_of": f"{today() - timedelta(days=3)}", "done_on": f"{today() - timedelta(days=1)}"}, "done_on"),
        ({"new_end_on": "2026-01-01", "reason_es": "Faltó la firma"}, "new_end_on"),
        ({"letter_on": "2011-01-01"}, "letter_on"),
        ({"as_of": "2017-01-01"}, "as_of"),
        ({"text_es": "LO MISMO"}, "text_es"),
        ({"text_es": "Teléfono 01 442-1234 de la oficina"}, "text_es"),
    ],
)
def test_what_is_odd_is_asked_back_once_and_kept(desk, ours, said, field):
    make_update(milestone=ours, text_es="Lo mismo", as_of=date(2016, 1, 1), status="in_progress")

    asked = report(desk, ours, **SAID | said)

    assert list(errors(asked)) == [field]
    assert asked.context["form"].only_asks
    assert "send it once more" in asked.content.decode()
    assert Update.objects.count() == 1
    confirmed = desk.post(address(ours), filled(asked, _submit="1"))
    assert confirmed.status_code == 302
    assert Update.objects.filter(workflow=Workflow.SUBMITTED).count() == 1


def test_another_oddity_is_asked_back_too(desk, ours):
    asked = report(desk, ours, **SAID | {"percent": "40"})

    again = desk.post(address(ours), filled(asked, _submit="1", letter_on="2011-01-01"))

    assert set(errors(again)) == {"percent", "letter_on"}
    assert not Update.objects.exists()


def test_log_says_who_let_a_number_through(desk, ours):
    asked = report(desk, ours, **SAID | {"text_es": "Teléfono 01 442-1234 de la oficina"})

    desk.post(address(ours), filled(asked, _submit="1"))

    assert Entry.objects.filter(act="report").get().reason.startswith("no es teléfono")


def test_draft_is_saved_however_odd(desk, ours):
    report(desk, ours, "_save", **SAID | {"percent": "40"})

    assert Update.objects.get().workflow == Workflow.DRAFT


# Sent twice, from two windows, or too late.


def test_form_that_is_sent_twice_works_once(desk, ours):
    data = filled(desk.get(address(ours)), _submit="1", **SAID)

    first, second = (desk.post(address(ours), data) for _ in range(2))

    assert first.url == second.url
    assert Update.objects.count() == Evidence.objects.count() == 1


def test_draft_that_is_sent_after_a_step_back_is_the_same_one(desk, ours):
    data = filled(desk.get(address(ours)), **SAID)
    desk.post(address(ours), data | {"_save": "1"})

    desk.post(address(ours), data | {"_submit": "1", "text_es": "Mejor dicho"})

    assert (Update.objects.get().workflow, Update.objects.get().text_es) == ("submitted", "Mejor dicho")
    assert Evidence.objects.count() == 1


def test_form_that_was_submitted_and_returned_is_not_submitted_by_an_old_page(desk, ours):
    data = filled(desk.get(address(ours)), _submit="1", **SAID)
    desk.post(address(ours), data)
    actions.send_back(None, Update.objects.get(), "Falta el enlace")

    desk.post(address(ours), data)

    assert Update.objects.get().workflow == Workflow.RETURNED


def test_whoever_comes_second_reads_what_it_says_now(desk, ours):
    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()
    data = filled(desk.get(address(draft)), _submit="1", text_es="Lo mío")
    with writing():
        Update.objects.filter(pk=draft.pk).update(text_es="Lo del otro")

    refused = desk.post(address(draft), data)

    page = refused.content.decode()
    assert "was changed since you read it" in page
    assert "Lo del otro" in page
    assert "Lo mío" in page
    draft.refresh_from_db()
    assert (draft.workflow, draft.text_es) == ("draft", "Lo del otro")
    desk.post(address(draft), filled(refused, _submit="1"))
    draft.refresh_from_db()
    assert (draft.workflow, draft.text_es) == ("submitted", "Lo mío")


def test_draft_that_was_submitted_meanwhile_is_not_changed(desk, ours):
    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()
    data = filled(desk.get(address(draft)), _submit="1", text_es="Otro")
    actions.submit(None, draft)

    refused = desk.post(address(draft), data | {"seen": ""})

    assert "was submitted already" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.text_es == SAID["text_es"]


def test_form_with_a_note_that_is_not_ours_is_shown_again(desk, ours):
    refused = desk.post(address(ours), filled(desk.get(address(ours)), _submit="1", opened="x", **SAID))

    assert SAID["text_es"] in refused.content.decode()
    assert not Update.objects.exists()
    desk.post(address(ours), filled(refused, _submit="1"))
    assert Update.objects.count() == 1


# A session that ended.


def test_what_was_typed_is_there_again_after_signing_in(client, focal, ours):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(focal)
    data = filled(client.get(address(ours)), _submit="1", **SAID)
    client.cookies.pop(settings.SESSION_COOKIE_NAME)

    asked = client.post(address(ours), data)
    assert "what you typed is kept" in client.get(asked.url).content.decode()
    focal.set_password("una clave larga 9")
    focal.save()
    back = client.post(asked.url, {"username": focal.username, "password": "una clave larga 9"})

    assert back.url == address(ours)
    opened = client.get(back.url)
    assert opened.context["form"]["text_es"].value() == SAID["text_es"]
    assert "choose it again" in opened.content.decode()
    assert not Update.objects.exists()
    client.post(address(ours), filled(opened, _submit="1"))
    assert Update.objects.get().text_es == SAID["text_es"]
    assert client.get(address(ours)).context["form"]["text_es"].value() is None


def test_what_was_typed_is_not_shown_to_who_signs_in_after_its_author(client, focal, ours):
    client.force_login(focal)
    data = filled(client.get(address(ours)), _submit="1", **SAID)
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    colleague = make_focal_point(*(each.entity for each in focal.memberships.all()))
    colleague.set_password("una clave larga 9")
    colleague.save()

    asked = client.post(address(ours), data)
    client.post(asked.url, {"username": colleague.username, "password": "una clave larga 9"})
    opened = client.get(address(ours))

    assert opened.status_code == 200
    assert SAID["text_es"] not in opened.content.decode()


def test_what_others_send_without_a_session_is_not_kept(client, ours):
    client.post(address(ours), {"opened": "x", "text_es": "a" * 100})

    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_form_that_is_older_than_a_sign_in_elsewhere_is_shown_again(focal, ours):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(focal)
    data = filled(client.get(address(ours)), _submit="1", **SAID)

    answer = client.post(address(ours), data | {"csrfmiddlewaretoken": "a" * 64})

    assert answer.url == address(ours)
    assert client.get(answer.url).context["form"]["text_es"].value() == SAID["text_es"]
    assert client.post(reverse("admin:index"), {}).status_code == 403


def test_form_that_another_site_sends_is_not_kept(focal, ours):
    from django.test import Client

    own = Client()
    own.force_login(focal)
    data = filled(own.get(address(ours)), **SAID)
    reader = Client(enforce_csrf_checks=True)

    answer = reader.post(address(ours), data, headers={"origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    # A new session would take the place of the one that the reader has.
    assert settings.SESSION_COOKIE_NAME not in reader.cookies


# Letters.


def test_letter_is_read_back_as_it_was_typed():
    with writing():
        for kind in LetterKind:
            letter = Letter(kind, "Asunto largo " * 8, date(2026, 1, 2))
            document = letter.document(None)
            assert Letter.read(document).kind == kind
            assert letter.document(None) == document
            assert len(document.slug) <= 80


@pytest.mark.parametrize(
    ("kind", "typed", "title"),
    [
        ("informe", "Informe N° 45-2026-MINAM", "Informe N° 45-2026-MINAM"),
        ("oficio", "OFICIO: 45-2026-MINAM", "Oficio 45-2026-MINAM"),
        ("oficio", "OFICIO MÚLTIPLE N° 3", "Oficio MÚLTIPLE N° 3"),
        ("correo", "correo institucional", "Correo institucional correo institucional"),
        ("nota", "Notarial 7", "Nota Notarial 7"),
        ("nota", "N° 7", "Nota N° 7"),
    ],
)
def test_kind_that_is_typed_with_the_number_is_said_once(desk, ours, kind, typed, title):
    report(desk, ours, **SAID | {"letter_kind": kind, "letter_number": typed})

    assert Update.objects.get().document.title_es == title


def draft_of_sgp():
    """Make a draft of SGP with the address that the letter of SAID has."""
    with writing(make_editor()):
        return make_document(
            slug="minam-oficio-012-2026-minam-sg-20260203", title_es="Lo guarda SGP", status=Status.DRAFT
        )


def test_letter_that_sgp_drafts_is_not_found_by_a_focal_point(desk, ours):
    theirs = draft_of_sgp()

    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()
    page = desk.get(address(draft)).content.decode()
    report(desk, make_milestone(commitment=ours.commitment), "_save", **SAID)

    assert draft.document.slug == f"{theirs.slug}-2"
    assert Update.objects.filter(document=draft.document).count() == 2
    assert theirs.title_es not in page


def test_letter_that_sgp_drafts_is_not_dropped_by_a_focal_point(desk, focal, ours):
    theirs = draft_of_sgp()
    report(desk, ours, "_save", **SAID)
    draft = Update.objects.get()
    with writing():
        # As a draft of an earlier version of the portal may name it.
        draft.document = theirs
        draft.save()

    report(desk, draft, "_save", **SAID | {"letter_number": "013-2026-MINAM/SG"})

    draft.refresh_from_db()
    assert Letter.read(draft.document).number == "013-2026-MINAM/SG"
    assert Document.objects.filter(pk=theirs.pk, status=Status.DRAFT).exists()
    with pytest.raises(NotForYou), writing(focal):
        theirs.delete()


def test_letter_that_sgp_published_is_found(desk, ours):
    theirs = draft_of_sgp()
    with writing(make_publisher()):
        theirs.status = Status.PUBLISHED
        theirs.save()

    report(desk, ours, "_save", **SAID)

    assert Update.objects.get().document == theirs


@pytest.mark.parametrize("make_reviewer", [make_editor, make_publisher])
def test_letter_of_what_was_submitted_is_not_changed_by_sgp(client, desk, ours, make_reviewer):
    report(desk, ours, **SAID)
    update, reviewer = Update.objects.get(), make_reviewer()
    client.force_login(reviewer)

    edit(client, update.document, title_es="Oficio de otro")

    assert not may(reviewer, "propose", update.document)
    assert Letter.read(Document.objects.get(pk=update.document_id)).number == SAID["letter_number"]


def test_letter_of_a_draft_is_read_by_its_own_entities_and_by_sgp(client, desk, ours):
    report(desk, ours, "_save", **SAID)
    letter = Update.objects.get().document
    page = reverse("admin:record_document_change", args=[letter.pk])
    others = [make_focal_point(make_entity()), make_editor()]

    own = desk.get(page)
    answers = []
    for user in others:
        client.force_login(user)
        answers.append(client.get(page).status_code)

    assert own.status_code == 200
    assert letter.get_absolute_url() not in own.content.decode()
    assert answers == [403, 200]


def test_focal_point_writes_no_public_document(focal):
    with pytest.raises(NotForYou), writing(focal):
        Document.objects.create(slug="otro", title_es="Otro", language="es", kind=Document.Kind.LETTER)

    assert not Document.objects.filter(slug="otro").exists()


def test_evidence_of_a_milestone_is_no_matter_of_the_page(desk, ours):
    make_evidence(milestone=ours)

    assert list(desk.get(address(ours)).context["evidence"]) == []


# A file.


def a_pdf(name="acta.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 acta")


def test_file_proves_it_as_a_link_does(desk, ours):
    report(desk, ours, upload=a_pdf(), **SAID | {"url": ""})

    proof = Update.objects.get().evidence.get()
    assert (proof.file_name, proof.file_kind, proof.url) == ("acta.pdf", "pdf", "")
    assert path_of(proof.file).read_bytes() == b"%PDF-1.7 acta"


def test_same_file_is_not_added_twice(desk, ours):
    report(desk, ours, "_save", upload=a_pdf(), **SAID)
    draft = Update.objects.get()

    report(desk, draft, "_save", upload=a_pdf("otra.pdf"))

    assert draft.evidence.exclude(file="").count() == 1


def test_file_that_is_not_saved_yet_is_asked_for_again(desk, ours):
    asked = report(desk, ours, upload=a_pdf(), **SAID | {"percent": "10"})

    assert asked.status_code == 200
    assert "The file was not saved yet: choose it again." in asked.content.decode()
    assert not any(path.is_file() for path in Path(settings.EVIDENCE_DIR).rglob("*"))


def test_file_of_a_wrong_kind_is_told_beside_its_field(desk, ours):
    page = SimpleUploadedFile("pagina.pdf", b"<html><script>alert(1)</script></html>")

    refused = report(desk, ours, upload=page, **SAID)

    assert refused.context["form"].errors.keys() == {"upload"}
    assert not Update.objects.exists()
