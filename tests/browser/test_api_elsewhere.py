"""The API read by a script of another site, in a real browser."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.api import ROOT
from tests.factories import make_plan

pytestmark = pytest.mark.django_db(transaction=True)

# Reads an address with headers that a browser asks about first, and what a script then sees of the answer.
FETCH = """
async ([address, etag]) => {
  const headers = {"If-None-Match": etag, "Accept-Language": "en", "Cache-Control": "no-cache", "X-Any": "1"};
  const response = await fetch(address, {headers});
  const text = await response.text();
  return {
    status: response.status, etag: response.headers.get("ETag"),
    language: response.headers.get("Content-Language"), json: text ? JSON.parse(text) : null,
  };
}
"""


@pytest.fixture
def elsewhere(tmp_path):
    """A site of its own with an empty page; return its address."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_script_of_another_site_sends_headers_and_reads_the_answer_its_etag_and_its_errors(
    page, live_server, elsewhere
):
    plan = make_plan()
    address = f"{live_server.url}{ROOT}plans/{plan.number}/"
    page.goto(elsewhere)

    first = page.evaluate(FETCH, [address, '"none"'])
    second = page.evaluate(FETCH, [address, first["etag"]])
    missing = page.evaluate(FETCH, [f"{live_server.url}{ROOT}no-such/", '"none"'])

    assert (first["status"], first["language"], first["json"]["title"]) == (200, "en", plan.title_en)
    # Weak where the answer came compressed.
    assert second["etag"].removeprefix("W/") == first["etag"].removeprefix("W/")
    assert (second["status"], second["json"]) == (304, None)
    assert (missing["status"], missing["json"]["errors"][0]["code"]) == (404, "not_found")
