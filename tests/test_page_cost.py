"""What the pages of the real record ask of the database, read on a day that nobody asked for before."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from bench.addresses import QUERIES
from commitments.models import Commitment
from commitments.models.milestone import FOLLOW_UP
from entities.models import Entity
from faces import kept
from ogp_portal.search import found_kinds
from plans.models import Plan, Report
from record.models import Document
from tests.pages import address, queries
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

# The version is one query of each page, which `queries()` leaves out.
MOST = QUERIES - 1
ONCE = ("home", "plans:plan-list", "plans:recommendation-list", "entities:entity-list", "about", "data")
LISTS = {
    "commitments:commitment-list": [
        "",
        "overdue=true",
        "overdue=unknown&unreported=true&is_starred=false",
        "plan=2&plan=5&level=complete&theme=2-participacion&ordering=title",
        "policy_area=open-data&report=2-end-term-self-assessment",
        "entity=pcm&entity_tree=true",
        "role=lead&author=government",
        "q=datos&plan=2",
    ],
    "follow-up": [
        "",
        *(f"follow_up={reason}" for reason, _label in FOLLOW_UP),
        "by=commitment&plan=2",
        "entity=pcm&follow_up=unknown",
        "commitment=2-10&status=complete&ordering=due_on",
        "q=datos&theme=2-participacion&follow_up=silent",
    ],
    "changes": ["", "plan=2", "commitment=2-10&entity=pcm&report=2-end-term-self-assessment", "kind=plan"],
}


def costly(client, paths):
    """Return {page: its queries} of those pages with an address that take more than MOST."""
    queries(client, paths[0])  # the first request of a process may learn what the others know
    found = {path: queries(client, f"{path}{'&' if '?' in path else '?'}as_of=2019-05-04") for path in paths}
    return {path: number for path, number in found.items() if number > MOST}


@pytest.mark.parametrize("name", ONCE)
def test_page_that_exists_once_takes_few_queries(client, name):
    assert costly(client, [address(name)]) == {}


@pytest.mark.parametrize("name", LISTS)
def test_list_takes_few_queries_however_it_is_narrowed(client, name):
    assert costly(client, [f"{address(name)}?{query}" for query in LISTS[name]]) == {}


@pytest.mark.parametrize(
    ("model", "name", "key"),
    [
        (Plan, "plans:plan-detail", "number"),
        (Report, "plans:report-detail", "slug"),
        (Commitment, "commitments:commitment-detail", "code"),
        (Entity, "entities:entity-detail", "slug"),
    ],
)
def test_page_of_a_row_takes_few_queries(client, model, name, key):
    keys = model.objects.published().values_list(key, flat=True)

    assert costly(client, [address(name, each) for each in keys]) == {}


@pytest.mark.parametrize(
    "words", ["gobierno", "datos abiertos", "salud pública ministerio", '"acceso a la información"']
)
def test_search_for_new_words_takes_few_queries_once_rows_are_kept(client, monkeypatch, words):
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(kept, "_shelf", kept.Shelf())
    path = address("search")
    for page in range(1, 5):
        client.get(path, {"q": words, "page": page})
        # The first page is an overview, without the further rows of each kind.
        for kind in found_kinds():
            client.get(path, {"q": words, "kind": kind.listed.name, "page": page})
    # Other words for the same, so that nothing is known but the rows.
    assert queries(client, f"{path}?{urlencode({'q': words + ' o'})}") <= MOST
    assert queries(client, f"{path}?{urlencode({'q': words})}") <= MOST


@pytest.mark.parametrize("name", ["glossary", "method", "plans:document-list"])
def test_pages_of_words_and_works_take_few_queries(client, name):
    assert costly(client, [address(name)]) == {}


def test_page_of_a_document_takes_few_queries(client):
    slugs = Document.objects.values_list("slug", flat=True)

    assert costly(client, [address("plans:document-detail", slug) for slug in slugs]) == {}
