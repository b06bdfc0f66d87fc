"""What the search keeps of the real record: it says what a search that keeps nothing says, on every day."""

import re
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from faces import kept
from faces.kept import Shelf
from record.writing import writing
from tests.record import record  # noqa: F401

PATHS = ("/es/buscar/", "/en/search/", "/api/v1/search/")
QUERIES = [
    *(
        {"q": words}
        for words in ("gobierno", "GOBIÉRNO abierto", '"datos abiertos"', "«acceso a la información» salud")
    ),
    *(
        {"q": words}
        for words in ("2-10", "2.10", "PE0058", "compromiso 10 del plan II", "minam", "Ley 27806", "de")
    ),
    *({"q": words} for words in ("trasparencia", "govierno avierto", "zzqx", '"zz yy" gobierno', "?!", "")),
    {"q": "salud", "plan": ["1", "2"]},
    {"q": "acceso", "kind": "milestone"},
    *({"q": "gobierno", "as_of": day} for day in ("2012-01-01", "2015-03-01", "2019-05-04")),
    {"q": "acceso", "plan": "3", "as_of": "2014-12-31"},
]


@pytest.fixture
def whole(record, db, monkeypatch):  # noqa: F811
    """Have the record, and let it be kept, as what all read, in spite of the test's own transaction."""
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(kept, "_shelf", Shelf())


def answer(path, params):
    for cache in caches.all():
        cache.clear()
    response = Client().get(path, params)
    return response.status_code, response.content


def test_search_that_was_kept_says_what_a_new_one_says(whole, monkeypatch):
    asked = [(path, params) for params in QUERIES for path in PATHS]
    first = [answer(*each) for each in asked]
    again = [answer(*each) for each in asked]
    with monkeypatch.context() as patch:
        patch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=True))
        new = [answer(*each) for each in asked]
    # Without a word the page leads to its address without an empty parameter.
    assert {status for status, _body in new} == {200, 302}
    assert [
        each for each, *bodies in zip(asked, first, again, new, strict=True) if len(set(bodies)) > 1
    ] == []


def test_search_keeps_its_rows_and_its_hits(whole):
    def queries(words):
        with CaptureQueriesContext(connection) as captured:
            assert answer("/es/buscar/", {"q": words})[0] == 200
        return [query["sql"] for query in captured if "FROM record_version" not in query["sql"]]

    first = queries("gobierno")
    again = queries("gobierno")
    assert any("search_text" in sql for sql in first)
    assert not any(re.search("search_text|entityname", sql) for sql in again)


def test_search_finds_what_was_written_since(whole):
    assert "<ol" not in answer("/es/buscar/", {"q": "zzqx"})[1].decode().split("<main")[1]
    row = Commitment.objects.get(code="2-10")
    answer("/es/buscar/", {"q": row.title_es})
    with writing(reason="Corrected as printed."):
        row.title_es = "Zzqx " + row.title_es
        row.save()
    for words in ("zzqx", row.code):
        assert "Zzqx" in answer("/es/buscar/", {"q": words})[1].decode()
