"""Downloads of files that prove something: who gets them, how, and that drafts are kept by nobody."""

import pytest
from django.urls import reverse

from commitments import actions
from commitments.files import path_of
from commitments.models import Evidence
from record import actions as acts
from record.publication import Status
from record.writing import writing
from tests.commitments.uploads import CSV, PDF
from tests.factories import (
    make_commitment,
    make_entity,
    make_evidence,
    make_file_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_responsibility,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
REASON = "Tenía datos de una persona"


def draft_address(evidence):
    return reverse("admin:commitments_evidence_file", args=[evidence.pk])


def body(response):
    return b"".join(response)


# In public.


def test_published_file_is_a_download_that_runs_nowhere(client):
    evidence = make_file_evidence(PDF, "Acta de reunión.pdf", code="2-10-e1")

    response = client.get("/evidencia/2-10-e1/", headers={"accept-encoding": "gzip, br"})

    assert evidence.href == "/evidencia/2-10-e1/"
    assert response.status_code == 200 and body(response) == PDF
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''Acta%20de%20reuni%C3%B3n.pdf"
    assert headers["Content-Length"] == str(len(PDF))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["ETag"] == f'"{evidence.sha256}"'
    assert headers["Cache-Control"] == "public, no-cache"
    assert "Content-Encoding" not in headers and not response.cookies


def test_type_is_that_of_the_kind_whatever_the_browser_said(client):
    evidence = make_file_evidence(CSV, "tabla.csv")

    assert client.get(evidence.href).headers["Content-Type"] == "text/csv"


def test_name_cannot_add_a_header(client):
    evidence = make_file_evidence(PDF, 'a"; filename=b.html;\r\nX-Evil: 1.pdf')

    response = client.get(evidence.href)

    assert "X-Evil" not in response.headers
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert '"b.html' not in response.headers["Content-Disposition"]


def test_who_has_it_already_gets_nothing_again(client):
    evidence = make_file_evidence()
    etag = client.get(evidence.href).headers["ETag"]

    response = client.get(evidence.href, headers={"if-none-match": etag})

    assert response.status_code == 304 and response.content == b""
    assert response.headers["ETag"] == etag
    assert client.get(evidence.href, headers={"if-none-match": '"otro"'}).status_code == 200


def test_head_tells_what_get_would(client):
    evidence = make_file_evidence(PDF)

    head, get = client.head(evidence.href), client.get(evidence.href)

    assert head.status_code == 200 and head.content == b""
    assert {**head.headers, "Vary": ""} == {**get.headers, "Vary": ""}


def test_nothing_else_is_answered(client):
    evidence = make_file_evidence()

    assert client.post(evidence.href).status_code == 405
    assert client.delete(evidence.href).status_code == 405


def hidden():
    """Return evidence with a file that the public may not have, by why."""
    draft_plan = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    return {
        "draft": make_file_evidence(status=Status.DRAFT),
        "of a draft": make_file_evidence(update=make_update(workflow=Status.DRAFT), status=Status.PUBLISHED),
        "of a draft of a plan": make_file_evidence(milestone=draft_plan),
        "link": make_evidence(),
    }


@pytest.mark.parametrize("why", ["draft", "of a draft", "of a draft of a plan", "link"])
def test_what_the_public_may_not_have_is_not_there_for_anybody(client, admin_client, why):
    evidence = hidden()[why]
    address = reverse("evidence-file", args=[evidence.code])

    assert client.get(address).status_code == 404
    # A public address is the same for staff.
    assert admin_client.get(address).status_code == 404


@pytest.mark.parametrize("code", ["no-hay", "2-10", "x" * 500, "..", "%00", "a%0d%0ab", "a:b"])
def test_address_of_nothing(client, code):
    assert client.get(f"/evidencia/{code}/").status_code in (404, 301, 302)


def test_annulled_file_is_not_given_any_more(client):
    evidence = make_file_evidence()
    acts.annul(None, evidence, REASON)

    response = client.get(reverse("evidence-file", args=[evidence.code]), headers={"accept-language": "es"})

    assert response.status_code == 410
    assert path_of(evidence.file).exists()
    acts.restore(None, Evidence.everything.get(pk=evidence.pk), REASON)
    assert client.get(evidence.href).status_code == 200


def test_file_of_what_was_annulled_is_not_given_any_more(client):
    evidence = make_file_evidence()
    acts.annul(None, evidence.commitment, REASON)

    assert client.get(evidence.href).status_code == 410


def test_file_that_was_taken_away_says_so_with_its_hash(client):
    evidence = make_file_evidence(code="2-10-e1")
    actions.strike_file(None, evidence, REASON)

    response = client.get("/evidencia/2-10-e1/", headers={"accept-language": "en"})

    assert response.status_code == 410
    assert evidence.sha256 in response.content.decode()
    assert evidence.file_name not in response.content.decode()


def test_missing_bytes_are_a_404(client, caplog):
    evidence = make_file_evidence()
    path_of(evidence.file).unlink()

    assert client.get(evidence.href).status_code == 404
    assert "is missing" in caplog.text


def test_nothing_of_a_file_is_kept_as_a_finished_answer(client):
    evidence = make_file_evidence()
    body(client.get(evidence.href))
    path_of(evidence.file).unlink()

    assert client.get(evidence.href).status_code == 404


# In the admin.


def test_draft_is_given_to_who_may_see_it_and_kept_by_nobody(admin_client):
    evidence = make_file_evidence(PDF, status=Status.DRAFT)

    response = admin_client.get(draft_address(evidence))

    assert response.status_code == 200 and body(response) == PDF
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_draft_is_given_to_the_focal_point_of_its_entity_only(client):
    own, other = make_entity(), make_entity()
    commitment = make_commitment()
    make_responsibility(commitment=commitment, entity=own)
    focal = make_focal_point(own)
    milestone = make_milestone(commitment=commitment)
    with writing(focal, reason="made for a test"):
        draft = make_update(milestone=milestone, workflow=Status.DRAFT)
        evidence = make_file_evidence(update=draft, status=Status.DRAFT)

    client.force_login(focal)
    assert client.get(draft_address(evidence)).status_code == 200
    client.force_login(make_focal_point(other))
    assert client.get(draft_address(evidence)).status_code == 403
    client.force_login(make_user())
    assert client.get(draft_address(evidence)).status_code == 403


def test_draft_is_given_to_nobody_who_is_not_signed_in(client):
    evidence = make_file_evidence(status=Status.DRAFT)

    response = client.get(draft_address(evidence))

    assert response.status_code == 302 and "login" in response.url


@pytest.mark.parametrize("pk", [1, 99999999999999999999])
def test_no_draft_has_such_a_key(admin_client, pk):
    assert admin_client.get(f"/admin/commitments/evidence/{pk}/file/").status_code == 404
