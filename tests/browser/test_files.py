"""Handing in a file and getting it back in a real browser, on a phone and on a desk."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from commitments.models import Evidence
from record import actions
from record.publication import Status
from tests.admin_pages import address
from tests.commitments.uploads import PDF
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db(transaction=True)


def check(page, complaints):
    """Assert that the browser has nothing to say of a page, and neither has axe."""
    assert complaints == []
    assert Axe().run(page).response["violations"] == []
    # Axe measures with styles of its own, which our policy stops.
    complaints.clear()


@pytest.mark.parametrize("width", [390, 1280])
def test_file_is_handed_in_published_and_downloaded(page, live_server, client, admin_user, width):
    evidence = make_evidence(status=Status.DRAFT, title_es="Acta de la reunión")
    client.force_login(admin_user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    complaints = []
    page.on(
        "console",
        lambda message: (
            message.type == "error"
            and "favicon" not in message.location.get("url", "")
            and complaints.append(f"{page.url}: {message.text}")
        ),
    )
    page.set_viewport_size({"width": width, "height": 844})
    form = live_server.url + address(evidence, "change")

    page.goto(form)
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "acta.html", "mimeType": "text/html", "buffer": b"<html>"})
    page.locator("[name=_continue]").click()
    error = page.locator(".field-upload .errorlist")
    expect(error).to_be_visible()
    assert error.bounding_box()["x"] + error.bounding_box()["width"] <= width
    check(page, complaints)

    field.set_input_files({"name": "acta.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("[name=_continue]").click()
    with page.expect_download() as started:
        page.locator(".field-download a").click()
    assert Path(started.value.path()).read_bytes() == PDF

    actions.publish(None, Evidence.objects.get(pk=evidence.pk))
    page.goto(f"{live_server.url}/es/compromisos/{evidence.commitment.code}/")
    check(page, complaints)
    with page.expect_download() as started:
        page.get_by_role("link", name="Acta de la reunión", exact=True).click()
    assert started.value.suggested_filename == "acta.pdf"
    assert complaints == []
