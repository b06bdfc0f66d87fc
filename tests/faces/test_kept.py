"""What the API's lists keep: nothing that would be wrong, and nothing for long."""

from array import array
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from commitments.models.state import MilestoneState
from faces import kept
from faces.kept import ENTRY, Keys, Shelf, Writings, Written, current_shelf, same_around
from record import actions
from record.models import Version
from record.writing import unsealed, writing
from tests.api import ROOT, get, results
from tests.factories import (
    make_assessment,
    make_commitment,
    make_evidence,
    make_milestone,
    make_plan,
    make_report,
    make_update,
    make_user,
)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(kept, "_shelf", Shelf())


def test_row_that_no_state_tells_of_is_told_on_each_day(transactional_db):
    milestone = make_milestone(ends_on=date(2016, 12, 31))
    heard = make_report(plan=milestone.commitment.plan, author="civil_society", cutoff_on=date(2017, 5, 31))
    first = make_update(milestone=milestone, as_of=date(2017, 3, 1), report=heard, number=1)
    make_evidence(update=first)
    make_evidence(milestone=milestone)

    def told(day):
        [row] = get(Client(), "milestones/", as_of=day)["results"]
        return row["evidence_count"], row["days_past_due"]

    expected = {
        "2016-12-31": (1, None),
        "2017-01-01": (1, 1),
        "2017-02-28": (1, 59),
        "2017-03-01": (2, 60),
        "2017-03-11": (2, 70),
    }
    for days in (expected, reversed(expected), expected):
        assert {day: told(day) for day in days} == expected


def test_level_that_sets_none_is_told_on_each_day(transactional_db):
    commitment = make_commitment()
    heard = make_report(plan=commitment.plan, author="civil_society", cutoff_on=date(2017, 5, 31))
    make_assessment(commitment=commitment, report=heard, level="limited")

    def told(day):
        [row] = get(Client(), "commitments/", as_of=day)["results"]
        return [level["author"] for level in row["levels"]]

    expected = {"2017-05-30": [], "2017-05-31": ["civil_society"], "2018-01-01": ["civil_society"]}
    for days in (expected, reversed(expected), expected):
        assert {day: told(day) for day in days} == expected


def test_text_that_looks_like_the_number_that_grows_stays(transactional_db):
    text = '"days_past_due":59 ,"days_past_due":59'
    make_milestone(ends_on=date(2016, 12, 31), activity_en=text, activity_es=text)

    for day, number in (("2017-02-28", 59), ("2017-03-01", 60)):
        [row] = get(Client(), "milestones/", as_of=day)["results"]
        assert (row["days_past_due"], row["activity_en"]) == (number, text)


def test_what_is_written_is_read_at_once(transactional_db):
    commitment = make_commitment(title_es="Antes", title_en="")
    assert results(Client(), "commitments/", "title_es") == ["Antes"]

    with writing(reason="made for a test"):
        commitment.title_es = "Ahora"
        commitment.save()

    assert results(Client(), "commitments/", "title_es") == ["Ahora"]
    other = make_commitment(plan=commitment.plan, title_es="Otro")
    assert results(Client(), "commitments/", "title_es") == ["Ahora", "Otro"]
    actions.annul(None, other, "It was never promised at all")
    assert results(Client(), "commitments/", "title_es") == ["Ahora"]


def test_draft_is_in_no_list_until_it_is_published(transactional_db):
    plan = make_plan(status="draft")
    commitment = make_commitment(plan=plan)
    make_commitment(title_es="Público")
    assert results(Client(), "commitments/", "title_es") == ["Público"]

    actions.publish(None, plan)

    assert commitment.code in results(Client(), "commitments/")


def test_transaction_neither_keeps_nor_reads_what_is_kept(transactional_db):
    commitment = make_commitment(title_es="Antes")
    assert results(Client(), "commitments/", "title_es") == ["Antes"]

    with transaction.atomic():
        with writing(reason="made for a test"):
            commitment.title_es = "Nunca"
            commitment.save()
        assert results(Client(), "commitments/", "title_es") == ["Nunca"]
        assert current_shelf() is not kept._shelf
        transaction.set_rollback(True)

    assert results(Client(), "commitments/", "title_es") == ["Antes"]


def test_version_of_another_database_is_another_one(transactional_db):
    make_commitment(title_es="Antes")
    number = Version.current()
    assert results(Client(), "commitments/", "title_es") == ["Antes"]
    # As if the database was put back, and then came as far as before with other words.
    with unsealed(), connection.cursor() as cursor:
        cursor.execute("UPDATE commitments_commitment SET title_es = 'Después'")
        Version.renew()

    assert Version.current() == number
    assert results(Client(), "commitments/", "title_es") == ["Después"]


def test_nothing_is_kept_before_the_first_version(transactional_db):
    assert Version.stamp() is None
    assert results(Client(), "commitments/") == []

    assert kept._shelf.younger == {}


def test_states_that_are_made_anew_are_read_at_once(transactional_db):

    make_update(milestone=make_milestone(), status="complete")
    with unsealed():
        MilestoneState.objects.update(status="withdrawn")
        Version.renew()
    assert results(Client(), "milestones/", "status") == ["withdrawn"]

    call_command("rebuild_states", verbosity=0)

    assert results(Client(), "milestones/", "status") == ["complete"]


def test_striking_makes_all_anew_also_where_only_a_draft_had_the_words(transactional_db):
    plan = make_plan(status="draft", title_es="Lo firma Juana Pérez")
    before = Version.stamp()

    actions.strike(make_user(is_superuser=True), plan, "Personal data was in it", "title_es", "Juana Pérez")

    assert Version.stamp() != before


def test_addresses_are_those_of_who_asks(transactional_db, settings):
    make_commitment()
    here, there = (
        Client().get(f"{ROOT}commitments/", HTTP_HOST=host).json()["results"][0]["api_url"]
        for host in ("testserver", "localhost")
    )

    assert (here.split("/")[2], there.split("/")[2]) == ("testserver", "localhost")
    settings.PORTAL_ADDRESS = "https://portal.example"
    assert results(Client(), "commitments/", "api_url")[0].startswith("https://portal.example/")


def test_language_is_that_of_who_asks(transactional_db):
    make_commitment(title_es="Título", title_en="Title")

    for lang, title in (("es", "Título"), ("en", "Title"), ("es", "Título")):
        assert results(Client(), "commitments/", "title", lang=lang) == [title]


def test_row_that_went_meanwhile_is_left_out(transactional_db, monkeypatch):
    make_commitment()
    monkeypatch.setattr(Keys, "on", lambda keys, day: [*keys.pks, 4711])

    assert len(results(Client(), "commitments/")) == 1


def test_shelf_has_a_bound_and_keeps_what_is_asked_for():
    shelf = Shelf(most=100 * (1000 + ENTRY))
    for number in range(1000):
        shelf.put(number, b"x", 1000)
        assert shelf.get(0) == b"x"

    held = {**shelf.older, **shelf.younger}
    assert 50 <= len(held) <= 100
    assert 0 in held and 999 in held and 1 not in held
    assert shelf.get(1) is None


def test_shelf_keeps_nothing_that_would_push_out_the_rest():
    shelf = Shelf(most=10_000)
    shelf.put("small", 1, 10)
    shelf.put("large", 2, 2_600)

    assert (shelf.get("small"), shelf.get("large")) == (1, None)


def test_row_keeps_few_spans():
    shelf = Shelf()
    writings = Writings(shelf, "kind")
    first = date(2020, 1, 1)
    for number in range(100):
        day = first + timedelta(days=number)
        writings.put(1, Written(day, day, b"%d" % number))

    assert writings.get(1, day) == b"99"
    assert writings.get(1, first) is None
    assert len(shelf.get(("kind", 1))) == Writings.MOST_SPANS


def test_number_that_grows_counts_from_its_day():
    written = Written(date.min, date.max, b'{"n":', date(2020, 1, 1), b',"m":1}')

    assert written.on(date(2020, 1, 31)) == b'{"n":30,"m":1}'


def test_days_between_which_nothing_begins():
    days = {date(2016, 1, 1), date(2017, 1, 1)}

    assert same_around(date(2015, 12, 31), days) == (date.min, date(2015, 12, 31))
    assert same_around(date(2016, 1, 1), days) == (date(2016, 1, 1), date(2016, 12, 31))
    assert same_around(date(2017, 1, 1), days) == (date(2017, 1, 1), date.max)
    assert same_around(date(2017, 1, 1), ()) == (date.min, date.max)


def test_what_was_read_at_the_version_before_stays_with_who_read_it(transactional_db):
    commitment = make_commitment()
    before = current_shelf()

    with writing(reason="made for a test"):
        commitment.title_es = "Ahora"
        commitment.save()
    before.put("key", array("q"), 0)

    assert current_shelf() is not before
    assert current_shelf().get("key") is None
