"""What lists keep of the rows they are narrowed by: they offer what a list that keeps nothing does."""

import re
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entities.models import Entity
from faces import kept
from faces.kept import Shelf
from record.writing import writing
from tests.record import record  # noqa: F401

PATHS = ("/es/compromisos/", "/en/commitments/", "/es/seguimiento/", "/es/entidades/", "/es/documentos/")
QUERIES = [{}, {"plan": "2"}, {"entity": "minam"}, {"plan": "x"}, {"as_of": "2016-12-31"}]


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
    return Client().get(path, params, follow=True).content


def test_list_that_keeps_what_it_is_narrowed_by_says_what_a_new_one_says(whole, monkeypatch):
    asked = [(path, params) for params in QUERIES for path in PATHS]
    first = [answer(*each) for each in asked]
    again = [answer(*each) for each in asked]
    with monkeypatch.context() as patch:
        patch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=True))
        new = [answer(*each) for each in asked]
    assert [
        each for each, *bodies in zip(asked, first, again, new, strict=True) if len(set(bodies)) > 1
    ] == []


def test_what_a_list_is_narrowed_by_is_read_once(whole):
    def read(day):
        with CaptureQueriesContext(connection) as captured:
            answer("/es/compromisos/", {"as_of": day})
        return [query["sql"] for query in captured]

    def of_entities(statements):
        return [sql for sql in statements if 'FROM "entities_entity"' in sql]

    assert of_entities(read("2016-12-30"))
    assert not of_entities(read("2016-12-29"))


def test_list_offers_what_was_written_since(whole):
    def offered():
        page = answer("/es/compromisos/", {}).decode()
        return re.search(r'<option value="minam"[^>]*>([^<]*)', page)[1]

    assert "Zzqx" not in offered()
    row = Entity.objects.get(slug="minam")
    with writing(reason="Corrected as printed."):
        row.acronym = "Zzqx"
        row.save()
    assert "Zzqx" in offered()


def test_nothing_is_kept_for_whom_no_version_was_read(whole):
    assert kept.shelf_of_request() is None
    with kept.version_seen((1, "now")):
        assert kept.shelf_of_request().stamp == (1, "now")
    assert kept.shelf_of_request() is None
