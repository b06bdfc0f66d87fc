"""The page of the API's description in a real browser, under the content security policy of the settings."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.api import ROOT
from tests.factories import make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paths(live_server, client):
    """The paths that the API's description has.

    Read before the page asks for it too: two threads that make the first description of a process at once can
    stumble over each other inside drf-spectacular.
    """
    return client.get(f"{ROOT}schema/").json()["paths"]


@pytest.fixture
def docs_page(page, live_server, paths):
    """The page in English with all operations, with `requested` (hosts) and `complaints` of the browser."""
    page.requested, page.complaints = set(), []
    page.on("request", lambda request: page.requested.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: message.type in ("error", "warning") and page.complaints.append(message.text),
    )
    page.goto(f"{live_server.url}{ROOT}docs/?lang=en")
    return page


def test_page_shows_every_operation_and_loads_nothing_from_elsewhere(docs_page, live_server, paths):
    expect(docs_page.locator(".opblock")).to_have_count(len(paths))

    assert docs_page.requested - {""} == {urlsplit(live_server.url).netloc}
    assert docs_page.complaints == []
    assert docs_page.title().startswith("The API")
    assert docs_page.locator("html").get_attribute("lang") == "en"


def test_page_tries_a_request(docs_page, live_server):
    plan = make_plan()
    operation = docs_page.locator(".opblock").filter(has=docs_page.get_by_text(f"{ROOT}plans/", exact=True))

    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()

    expect(operation.locator(".live-responses-table .response-col_status")).to_have_text(["Code", "200"])
    expect(operation.locator(".live-responses-table")).to_contain_text(plan.title_en)
    assert docs_page.requested - {""} == {urlsplit(live_server.url).netloc}
    assert docs_page.complaints == []
