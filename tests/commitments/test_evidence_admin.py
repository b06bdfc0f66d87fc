"""The forms of evidence in the admin: a link or a file, with the fault beside the field."""

from pathlib import Path

import pytest
from django.conf import settings

from commitments.files import path_of
from commitments.models import Evidence
from record.models import Change, Entry, Proposal
from record.publication import Status
from record.writing import writing
from tests.admin_pages import act, add, address, edit, errors, filled
from tests.commitments.uploads import CSV, upload
from tests.factories import (
    make_commitment,
    make_document,
    make_entity,
    make_evidence,
    make_file_evidence,
    make_focal_point,
    make_milestone,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db
REASON = "Tenía datos de una persona"


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def kept():
    return sorted(path for path in Path(settings.EVIDENCE_DIR).rglob("*") if path.is_file())


def draft(**columns):
    return make_evidence(status=Status.DRAFT, title_es="", **columns)


def field_errors(response, name="upload"):
    return response.context["adminform"].form.errors.get(name, [])


def new_evidence(client, **values):
    return add(
        client, Evidence, commitment=make_commitment().pk, document=make_document().pk, place="p. 1", **values
    )


# The page of one.


def test_new_evidence_with_a_file(admin_client):
    page = admin_client.get(address(Evidence, "add"))
    assert 'enctype="multipart/form-data"' in page.content.decode()

    response = new_evidence(admin_client, upload=upload("Acta.pdf"))

    assert response.status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.file_name, evidence.url, evidence.status) == ("Acta.pdf", "", Status.DRAFT)
    assert evidence.code == f"{evidence.commitment.code}-e1"
    assert kept() == [path_of(evidence.file)]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"upload": upload("a.html")}, "upload", "Files of this kind are not taken."),
        ({"upload": upload("a.pdf", CSV)}, "upload", "its content is of another kind"),
        ({"upload": upload("a.pdf", b"")}, "upload", "This file is empty."),
        ({"upload": upload(), "url": "http://www.gob.pe"}, "upload", "Give a link or a file, not both"),
        ({}, "url", "Give a link, or choose a file."),
    ],
)
def test_fault_stands_beside_its_field_and_nothing_is_kept(admin_client, values, field, words):
    response = new_evidence(admin_client, **values)

    assert response.status_code == 200
    assert words in " ".join(field_errors(response, field))
    assert kept() == [] and not Evidence.objects.exists()


def test_file_is_asked_for_again_where_something_else_is_wrong(admin_client):
    response = new_evidence(admin_client, upload=upload(), title_es="escriba a persona@minam.gob.pe")

    assert field_errors(response) == ["Choose this file again: browsers do not send it twice."]
    assert kept() == []


def test_file_takes_the_place_of_the_link_of_a_draft(admin_client):
    evidence = draft()

    assert edit(admin_client, evidence, upload=upload()).status_code == 302

    evidence.refresh_from_db()
    assert evidence.url == "" and kept() == [path_of(evidence.file)]


def test_another_file_takes_the_place_of_that_of_a_draft(admin_client, committing):
    evidence = make_file_evidence(status=Status.DRAFT)
    page = admin_client.get(address(evidence, "change")).content.decode()
    assert f"/admin/commitments/evidence/{evidence.pk}/file/" in page and evidence.sha256 in page

    with committing():
        edit(admin_client, evidence, upload=upload("otro.csv", CSV))

    evidence.refresh_from_db()
    assert (evidence.file_name, evidence.file_kind) == ("otro.csv", "csv")
    assert kept() == [path_of(evidence.file)]
    assert Change.objects.of(evidence).last().columns["file_name"] == ["informe.pdf", "otro.csv"]


def test_link_takes_the_place_of_the_file_of_a_draft(admin_client, committing):
    evidence = make_file_evidence(status=Status.DRAFT)

    with committing():
        assert edit(admin_client, evidence, url="http://www.gob.pe").status_code == 302

    evidence.refresh_from_db()
    assert (evidence.url, evidence.file, evidence.sha256, evidence.file_size) == (
        "http://www.gob.pe",
        "",
        "",
        None,
    )
    assert kept() == []


def test_form_in_which_nothing_is_changed_keeps_the_file(admin_client, committing):
    evidence = make_file_evidence(status=Status.DRAFT)
    entries = Entry.objects.count()

    with committing():
        assert edit(admin_client, evidence).status_code == 302

    evidence.refresh_from_db()
    assert kept() == [path_of(evidence.file)] and Entry.objects.count() == entries


def test_published_file_is_not_replaced(admin_client):
    evidence = make_file_evidence()
    path = path_of(evidence.file)
    page = admin_client.get(address(evidence, "change"))
    assert 'type="file"' not in page.content.decode()

    same = upload("otro nombre.pdf", path.read_bytes())
    for forged in ({"upload": upload("otro.csv", CSV)}, {"upload": same}, {"url": "http://www.gob.pe"}):
        response = edit(admin_client, evidence, change_reason="Motivo suficiente", **forged)
        assert response.status_code == 200 and "A published file stays as it is." in errors(response)

    evidence.refresh_from_db()
    assert kept() == [path] and evidence.file_name == "informe.pdf"


def test_title_of_a_published_file_is_changed_with_a_reason(admin_client):
    evidence = make_file_evidence()

    assert edit(admin_client, evidence, title_es="Acta", change_reason="Faltaba el título").status_code == 302

    evidence.refresh_from_db()
    assert evidence.title_es == "Acta" and evidence.has_file


def test_published_link_is_not_emptied(admin_client):
    response = edit(admin_client, make_evidence(), url="", change_reason="Motivo suficiente")

    assert "Give a link, or choose a file." in errors(response)


def test_two_who_replace_a_file_do_not_lose_one_of_them(admin_client, committing):
    evidence = make_file_evidence(status=Status.DRAFT)
    first = filled(admin_client.get(address(evidence, "change")), upload=upload("uno.csv", CSV))
    second = filled(admin_client.get(address(evidence, "change")), upload=upload("dos.csv", CSV + b"x;y;z\n"))
    with committing():
        assert admin_client.post(address(evidence, "change"), first).status_code == 302

    response = admin_client.post(address(evidence, "change"), second)

    assert "Another file came" in " ".join(field_errors(response))
    evidence.refresh_from_db()
    assert evidence.file_name == "uno.csv" and kept() == [path_of(evidence.file)]


def test_same_form_with_the_same_file_does_its_work_once_and_with_another_it_is_told(admin_client):
    page = admin_client.get(address(Evidence, "add"))
    said = {"commitment": make_commitment().pk, "document": make_document().pk, "place": "p. 1"}
    for _ in range(2):
        sent = admin_client.post(address(Evidence, "add"), filled(page, upload=upload(), **said))
        assert sent.status_code == 302
    assert Evidence.objects.count() == 1 and len(kept()) == 1

    response = admin_client.post(address(Evidence, "add"), filled(page, upload=upload("b.csv", CSV), **said))

    assert response.status_code == 200 and "This form was saved already" in errors(response)
    assert len(kept()) == 1


def test_list_finds_a_file_by_its_name(admin_client):
    evidence = make_file_evidence(name="Directiva.pdf")
    make_evidence()

    page = admin_client.get(address(Evidence, "changelist"), {"q": "directiva"})

    assert [row.pk for row in page.context["cl"].result_list] == [evidence.pk]


def test_proposal_carries_no_file(admin_client):
    milestone = make_milestone()
    line = {
        "evidence-0-upload": upload(),
        "evidence-0-document": make_document().pk,
        "evidence-0-place": "p. 1",
    }

    response = edit(
        admin_client,
        milestone,
        **{"evidence-TOTAL_FORMS": "1", "change_reason": "Motivo suficiente", "_propose": "1"} | line,
    )

    assert "A proposal carries no file" in errors(response)
    assert kept() == [] and not Proposal.objects.exists() and not Evidence.objects.exists()


# Lines.


@pytest.mark.parametrize("make", [make_milestone, lambda: make_update(workflow=Status.DRAFT)])
def test_line_with_a_file(admin_client, make):
    owner = make()
    page = admin_client.get(address(owner, "change")).content.decode()
    assert 'enctype="multipart/form-data"' in page
    line = {
        "evidence-0-upload": upload(),
        "evidence-0-document": make_document().pk,
        "evidence-0-place": "p. 1",
    }

    response = edit(admin_client, owner, **{"evidence-TOTAL_FORMS": "1"} | line)

    assert response.status_code == 302
    evidence = owner.evidence.get()
    assert evidence.code == f"{owner.code}-e1" and kept() == [path_of(evidence.file)]


def test_line_with_a_wrong_file_says_so_there(admin_client):
    line = {
        "evidence-0-upload": upload("a.svg"),
        "evidence-0-document": make_document().pk,
        "evidence-0-place": "p",
    }

    response = edit(admin_client, make_milestone(), **{"evidence-TOTAL_FORMS": "1"} | line)

    [inline] = [
        each for each in response.context["inline_admin_formsets"] if each.formset.prefix == "evidence"
    ]
    assert "Files of this kind are not taken." in str(inline.formset.forms[0].errors["upload"])
    assert kept() == []


def test_line_that_is_taken_away_takes_its_file_along(admin_client, committing):
    update = make_update(workflow=Status.DRAFT)
    make_file_evidence(update=update, status=Status.DRAFT)

    with committing():
        response = edit(admin_client, update, **{"evidence-0-DELETE": "on"})

    assert response.status_code == 302 and kept() == []


def test_focal_point_hands_a_file_in_for_his_entity(client):
    entity, commitment = make_entity(), make_commitment()
    make_responsibility(commitment=commitment, entity=entity)
    milestone, focal = make_milestone(commitment=commitment), make_focal_point(entity)
    with writing(focal, reason="made for a test"):
        update = make_update(milestone=milestone, workflow=Status.DRAFT)
    client.force_login(focal)
    line = {
        "evidence-0-upload": upload(),
        "evidence-0-document": make_document().pk,
        "evidence-0-place": "p. 1",
    }

    assert edit(client, update, **{"evidence-TOTAL_FORMS": "1"} | line).status_code == 302
    evidence = update.evidence.get()
    assert edit(client, evidence, upload=upload("otro.csv", CSV)).status_code == 302

    evidence.refresh_from_db()
    assert (evidence.file_name, evidence.status) == ("otro.csv", Status.DRAFT)


def test_page_that_only_shows_evidence_has_no_field_for_files(client):
    entity, commitment = make_entity(), make_commitment()
    make_responsibility(commitment=commitment, entity=entity)
    evidence = make_file_evidence(commitment=commitment)
    client.force_login(make_focal_point(entity))

    page = client.get(address(evidence, "change"))

    assert page.status_code == 200
    assert 'type="file"' not in page.content.decode() and "informe.pdf" in page.content.decode()


# Acts.


def test_file_is_taken_away_by_a_button_with_a_reason(admin_client, committing):
    evidence = make_file_evidence(name="Juana Ejemplo.pdf", title_es="Lista")
    other = make_file_evidence(name="copia.pdf")
    page = admin_client.get(address(evidence, "change"))
    assert "strike-file" in [name.name for name, _address in page.context["acts"]]
    assert act(admin_client, evidence, "strike-file").status_code == 200
    assert kept() != []

    with committing():
        response = act(admin_client, evidence, "strike-file", reason=REASON)

    assert response.status_code == 302 and kept() == []
    page = admin_client.get(address(evidence, "change"))
    assert f"taken away, SHA-256 {evidence.sha256}" in page.content.decode()
    assert "strike-file" not in [name.name for name, _address in page.context["acts"]]
    assert not Evidence.objects.get(pk=other.pk).has_file
    history = admin_client.get(address(evidence, "history"))
    assert history.status_code == 200 and "Juana" not in history.content.decode()


def test_page_of_an_act_shows_which_file_it_is_but_not_where(admin_client):
    evidence = make_file_evidence(status=Status.DRAFT)

    page = admin_client.get(address(evidence, "act", "publish")).content.decode()

    assert evidence.file_name in page and evidence.sha256 in page
    assert evidence.file not in page


def test_only_publishers_take_files_away(client):
    entity, commitment = make_entity(), make_commitment()
    make_responsibility(commitment=commitment, entity=entity)
    evidence = make_file_evidence(commitment=commitment, status=Status.DRAFT)
    client.force_login(make_focal_point(entity))

    assert client.get(address(evidence, "act", "strike-file")).status_code == 403
    assert kept() == [path_of(evidence.file)]


def test_link_that_became_a_file_elsewhere_is_asked_about(admin_client):
    evidence = draft()
    form = filled(admin_client.get(address(evidence, "change")), url="http://otro.gob.pe")
    edit(admin_client, evidence, upload=upload())

    response = admin_client.post(address(evidence, "change"), form)

    assert response.status_code == 200
    evidence.refresh_from_db()
    assert evidence.has_file and evidence.url == ""
