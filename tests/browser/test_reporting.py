"""What is wrong or odd in a report, in a real browser, on a telephone and on a desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commitments.models import Update
from record.dates import today
from tests.browser.staff import check, follow, let_in, listen
from tests.factories import make_entity, make_focal_point, make_milestone, make_responsibility

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_wrong_or_odd_stands_beside_its_field(page, live_server, width):
    commitment = make_responsibility(entity=make_entity()).commitment
    milestone = make_milestone(commitment=commitment, ends_on=today() + timedelta(days=20))
    entity = commitment.responsibilities.get().entity
    let_in(listen(page), make_focal_point(entity, username="punto-focal"), live_server.url)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}{reverse('reporting:report', args=[milestone.code])}")

    follow(page, "[name=_submit]")
    check(page)
    page.click(".errornote a[href='#id_text_es']")
    page.wait_for_function("document.activeElement.id === 'id_text_es'")
    errors = page.locator(".question .errorlist").all()
    assert len(errors) > 2
    for error in errors:
        box = error.bounding_box()
        assert box["x"] + box["width"] <= width
    page.select_option("[name=status]", "complete")
    page.fill("[name=percent]", "40")
    page.fill("[name=text_es]", "Se aprobó la norma")
    page.select_option("[name=letter_kind]", "oficio")
    page.fill("[name=letter_number]", "012-2026-MINAM")
    page.fill("[name=letter_on]", "2026-02-03")
    follow(page, "[name=_submit]")
    assert page.locator("#id_percent_error").count() == 1
    check(page)
    follow(page, "[name=_submit]")

    assert Update.objects.get().percent == 40
    assert page.complaints == []
