"""The larger records of bench/, as files and in the database, and that its addresses are there."""

import re
from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.core.cache import cache
from django.db import models

from bench.addresses import ADDRESSES
from bench.asking import joined, missing
from bench.crowd import Form, kind_of
from bench.files import generate
from bench.queries import ask
from bench.report import DOCUMENT, mark, placed
from bench.rows import Copies
from commitments.deriving import differences
from commitments.models import Assessment, Commitment, Evidence, Milestone, Update
from entities.models import Entity
from faces import kept
from plans.compliance import Level
from plans.models import Plan
from record.dates import today
from record.kinds import kinds
from record.loading import load_record, write_manifest
from record.models import Document
from tests.factories import (
    make_assessment,
    make_commitment,
    make_evidence,
    make_listing,
    make_milestone,
    make_plan,
    make_recommendation,
    make_report,
    make_responsibility,
    make_update,
)
from tests.record import record  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_generated_record_has_as_many_commitments_as_asked_for_and_loads(tmp_path):
    generate(tmp_path, 130)
    write_manifest(tmp_path)

    load_record(tmp_path)

    assert (Commitment.objects.count(), Plan.objects.count()) == (130, 12)
    assert Milestone.objects.count() == 105
    assert all(
        commitment.title_es.startswith("Sintético") for commitment in Commitment.objects.exclude(title_es="")
    )


def test_a_generated_record_is_always_the_same(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"

    generate(one, 3)
    generate(two, 3)

    contents = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in (one, two)]
    assert contents[0] == contents[1] and len(contents[0]) == 2


@pytest.fixture
def plan():
    """A plan with one of all that hangs from it."""
    plan = make_plan(number=2)
    report = make_report(plan=plan, slug="2-report", cutoff_on=date(2016, 9, 30))
    commitment = make_commitment(plan=plan, number=1, ogp_id="PE0001")
    commitment.refresh_from_db()
    make_responsibility(commitment=commitment)
    make_assessment(commitment=commitment, report=report, level=Level.LIMITED)
    milestone = make_milestone(commitment=commitment, number=1, ends_on=date(2016, 6, 30))
    update = make_update(milestone=milestone, report=report, status="in_progress", as_of=date(2016, 9, 1))
    make_update(milestone=milestone, corrects=update, status="complete", as_of=date(2016, 9, 2))
    make_evidence(update=update)
    make_listing(report=report)
    make_recommendation(report=report)
    return plan


def contents():
    """Return what all rows of the record say."""
    return [list(kind.model._base_manager.order_by("pk").values()) for kind in kinds()]


def test_copies_hang_together_and_leave_what_was_there(plan):
    shared = Entity.objects.count(), Document.objects.count()
    before = contents()

    Copies().grow_to(3)

    assert [row for rows in before for row in rows] == [
        row for rows, first in zip(contents(), before, strict=True) for row in rows[: len(first)]
    ]
    assert (Entity.objects.count(), Document.objects.count()) == shared
    assert sorted(Commitment.objects.values_list("plan__number", "code", "ogp_id")) == [
        (2, "2-1", "PE0001"),
        (4, "4-1", "SY10001"),
        (6, "6-1", "SY20001"),
    ]
    assert list(Milestone.objects.order_by("code").values_list("code", "commitment__code")) == [
        ("2-1-1", "2-1"),
        ("4-1-1", "4-1"),
        ("6-1-1", "6-1"),
    ]
    assert Assessment.objects.filter(report__plan=models.F("commitment__plan")).count() == 3
    assert Update.objects.filter(corrects__milestone=models.F("milestone")).count() == 3
    assert Evidence.objects.filter(update__code__startswith="6-1-1-u").count() == 1


def test_the_states_of_copies_are_stored_and_right(plan):
    Copies().grow_to(4)

    assert differences() == ([], [])
    assert Milestone.objects.filter(states__isnull=False).distinct().count() == 4


def test_copies_are_always_the_same_for_a_seed_and_others_for_another(plan):
    def made(seed):
        return [
            (
                model,
                [[getattr(row, column.attname) for column in model._meta.concrete_fields] for row in rows],
            )
            for model, rows in Copies(seed).copy(1)
        ]

    assert made(1) == made(1) != made(2)


def test_copies_that_are_missing_are_added_alone(plan):
    copies = Copies()
    copies.grow_to(2)
    copies.grow_to(3)

    assert sorted(Commitment.objects.values_list("code", flat=True)) == ["2-1", "4-1", "6-1"]


def test_a_row_can_be_written_after_copies(plan):
    Copies().grow_to(3)

    assert make_commitment(plan=plan, number=2).code == "2-2"


@pytest.mark.usefixtures("record")
def test_every_address_of_the_benchmark_answers(client):
    for address in ADDRESSES:
        # The first request of a process may learn what the others know.
        ask(client, address.path)
        if address.is_dated:
            *_, path = address.paths(today(), 15)
            assert ask(client, path) <= ask(client, address.path) + 1, address.name


@pytest.mark.usefixtures("record")
def test_every_list_and_kind_of_page_is_measured(client):
    measured = {address.path.partition("?")[0] for address in ADDRESSES}
    lists = client.get("/api/v1/").json()
    pages = {kind_of(address.path) for address in ADDRESSES}
    found = re.findall("<loc>http://testserver([^<]*)</loc>", client.get("/sitemap.xml").content.decode())

    assert {f"/api/v1/{name}/" for name in lists} - measured == {"/api/v1/docs/"}
    assert {kind_of(path) for path in found} <= pages


@pytest.mark.urls("bench.urls")
def test_the_bare_view_is_kept_by_nobody_and_the_caches_can_be_emptied(client):
    assert client.get("/bench/bare/").content != client.get("/bench/bare/").content

    cache.set("key", "value")
    client.get("/bench/empty/")

    assert cache.get("key") is None


@pytest.mark.urls("bench.urls")
def test_the_rows_that_a_process_keeps_can_be_let_go(client, monkeypatch):
    monkeypatch.setattr(kept, "_shelf", kept.Shelf())
    kept._shelf.put("key", "value", 5)

    client.get("/bench/forget/")

    assert kept._shelf.get("key") is None


def test_a_figure_stands_beside_what_was_wanted():
    assert [
        mark(60.4, most=60),
        mark(60.6, most=61),
        mark(0.79, least=0.8, digits=2),
        mark(None, most=2),
    ] == [
        "60 (≤ 60) ✗",
        "61 (≤ 61) ✓",
        "0.79 (≥ 0.8) ✗",
        "(≤ 2) ✗",
    ]
    assert mark(3) == "3"


def test_a_table_is_put_between_its_marks_alone():
    document = "a\n<!-- one -->\nold\n<!-- end of one -->\nb"

    assert placed(document, "one", "new") == "a\n<!-- one -->\n\nnew\n\n<!-- end of one -->\nb"
    with pytest.raises(ValueError):
        placed(document, "two", "new")


def test_the_document_has_a_place_for_each_table():
    document = DOCUMENT.read_text(encoding="utf-8")

    for name in ("answers", "crowd"):
        assert "new" in placed(document, name, "new")


def test_the_end_of_an_answer_is_found():
    assert missing(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n") == 12
    assert missing(b"HTTP/1.1 304 Not Modified\r\n") == 0
    assert missing(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n") is None
    assert joined(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n") == b"abcde"
    assert joined(b"3\r\nabc\r\n2\r\nd") is None


def test_a_form_is_sent_as_a_browser_sends_it():
    page = (
        '<form><input name="other" value="1"></form><form><input type="hidden" name="key" value="a&amp;b">'
        '<input type="checkbox" name="off"><input type="checkbox" name="on" checked><textarea name="text">\n'
        'one\ntwo</textarea><select name="one"><option value="x"><option value="y" selected></select>'
        '<select name="none" multiple><option value="z"></select><select name="first"><option value="f">'
        '</select><input type="submit" name="_save" value="Save"></form>'
    )

    assert parse_qsl(Form(page, "key").sent(text="new").decode(), keep_blank_values=True) == [
        *(("key", "a&b"), ("on", "on"), ("one", "y"), ("first", "f"), ("text", "new"))
    ]
    assert ("text", "one\r\ntwo") in parse_qsl(Form(page, "key").sent().decode())
    with pytest.raises(ValueError):
        Form(page, "missing").sent()
