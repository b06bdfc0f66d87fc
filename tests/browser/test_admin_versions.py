"""Two who edit the same row, in a real browser: the later sees three values side by side, and decides."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from record.writing import writing
from tests.admin_pages import address
from tests.browser.staff import follow
from tests.browser.test_admin import staff_page  # noqa: F401
from tests.factories import make_milestone

pytestmark = pytest.mark.django_db(transaction=True)


def test_words_that_two_wrote_stand_side_by_side_and_one_decides(staff_page, live_server):  # noqa: F811
    milestone = make_milestone(activity_es="Antes")
    commitment = milestone.commitment
    staff_page.goto(f"{live_server.url}{address(commitment, 'change')}")
    staff_page.fill("[name=change_reason]", "Errata de imprenta")
    staff_page.fill("[name=title_es]", "Título de Ana")
    staff_page.fill("[name=milestones-0-activity_es]", "Hito de Ana")
    with writing(reason="Copiado mal de la fuente"):
        commitment.title_es, milestone.activity_es = "Título de Luis", "Hito de Luis"
        commitment.save()
        milestone.save()

    follow(staff_page, "[name=_save]")

    assert staff_page.complaints == []
    for width in (1280, 390, 320):
        staff_page.set_viewport_size({"width": width, "height": 800})
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(staff_page, context=".difference", options={"preload": False})
        assert [rule["id"] for rule in found.response["violations"]] == []
    staff_page.set_viewport_size({"width": 1280, "height": 800})
    values = staff_page.locator(".difference").first.locator("dl > div")
    assert len({values.nth(number).bounding_box()["y"] for number in range(3)}) == 1
    staff_page.check("[name=choice-title_es][value=theirs]")
    staff_page.check("[name=choice-milestones-0-activity_es][value=mine]")
    follow(staff_page, "[name=_save]")
    assert staff_page.locator(".messagelist .success").count() == 1
    commitment.refresh_from_db()
    milestone.refresh_from_db()
    assert (commitment.title_es, milestone.activity_es) == ("Título de Luis", "Hito de Ana")
