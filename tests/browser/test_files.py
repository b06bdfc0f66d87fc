"""Handing in a file and getting it back in a real browser, on a phone and on a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from commitments.models import Evidence
from record import actions
from record.publication import Status
from tests.admin_pages import address
from tests.browser.staff import check, follow, let_in, listen
from tests.commitments.uploads import PDF
from tests.factories import make_commitment, make_evidence, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_file_is_handed_in_published_and_downloaded(page, live_server, admin_user, width):
    evidence = make_evidence(
        commitment=make_commitment(plan=make_plan(number=7)),
        status=Status.DRAFT,
        title_es="Acta de la reunión",
    )
    let_in(listen(page), admin_user, live_server.url)
    page.set_viewport_size({"width": width, "height": 844})
    form = live_server.url + address(evidence, "change")

    page.goto(form)
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "acta.html", "mimeType": "text/html", "buffer": b"<html>"})
    follow(page, "[name=_continue]")
    error = page.locator(".field-upload .errorlist")
    expect(error).to_be_visible()
    assert error.bounding_box()["x"] + error.bounding_box()["width"] <= width
    check(page)

    field.set_input_files({"name": "acta.pdf", "mimeType": "application/pdf", "buffer": PDF})
    follow(page, "[name=_continue]")
    with page.expect_download() as started:
        page.locator(".field-download a").click()
    assert Path(started.value.path()).read_bytes() == PDF

    actions.publish(None, Evidence.objects.get(pk=evidence.pk))
    page.goto(f"{live_server.url}/es/compromisos/{evidence.commitment.code}/")
    check(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Acta de la reunión", exact=True).click()
    assert started.value.suggested_filename == "acta.pdf"
    assert page.complaints == []
