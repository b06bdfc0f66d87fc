"""Which links are visited, what is noted of them, and what readers are told."""

from datetime import datetime, timedelta
from threading import Lock

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from commitments import actions, link_checks
from commitments.link_checks import NothingAnswers, links_to_visit, note, visit_all
from commitments.models import Evidence, LinkCheck
from commitments.visiting import Visit
from record import actions as acts
from record.dates import LIMA
from record.models import Entry, Version
from record.publication import Status
from record.writing import writing
from tests.commitments.web import serving, status
from tests.factories import make_evidence, make_file_evidence, make_update

pytestmark = pytest.mark.django_db
Fault = LinkCheck.Fault
FIRST = datetime(2026, 11, 2, 3, tzinfo=LIMA)
GOOD, GONE, CERTIFICATE = Visit(200), Visit(404, Fault.STATUS), Visit(None, Fault.CERTIFICATE)


def after(days):
    return FIRST + timedelta(days=days)


def noted(evidence, *visits):
    """Note some visits to evidence, one a day, and return what is known then."""
    for days, visit in enumerate(visits):
        row = Evidence.objects.get(pk=evidence.pk)
        note([row], {row.href: visit}, after(days))
    return Evidence.objects.get(pk=evidence.pk).check_of_link


# Which.


def test_links_that_readers_see_are_visited():
    public = [make_evidence(), make_evidence(update=make_update())]
    make_evidence(status=Status.DRAFT)
    make_file_evidence()
    annulled = make_evidence()
    acts.annul(None, annulled, "Se publicó por error")

    assert {row.pk for row in links_to_visit(None)} >= {row.pk for row in public}
    assert annulled not in links_to_visit(None)
    assert all(row.url and row.status == Status.PUBLISHED for row in links_to_visit(None))


def test_never_visited_come_first_then_the_longest_ago():
    late, early, never = make_evidence(), make_evidence(), make_evidence()
    noted(early, GOOD)
    noted(late, GOOD, GOOD)

    assert links_to_visit(None) == [never, early, late]
    assert links_to_visit(2) == [never, early]
    assert links_to_visit(None, [late.code]) == [late]


# How.


def test_each_link_is_visited_once_and_one_host_by_one_visitor():
    rows = [
        make_evidence(url=url)
        for url in (
            "http://a.pe/1",
            "http://a.pe/1",
            "http://A.pe/2",
            "a.pe/3",
            "http://b.pe/",
            "http://c.pe/",
        )
    ]
    now, most, asked, lock = {}, {}, [], Lock()

    def visit(link):
        host = link.split("/")[2].lower()
        with lock:
            asked.append(link)
            now[host] = now.get(host, 0) + 1
            most[host] = max(most.get(host, 0), now[host])
        with lock:
            now[host] -= 1
        return GOOD

    visits = visit_all(rows, visit, pause=0)

    assert sorted(asked) == [
        "http://A.pe/2",
        "http://a.pe/1",
        "http://a.pe/3",
        "http://b.pe/",
        "http://c.pe/",
    ]
    assert set(visits) == {row.href for row in rows} and set(most.values()) == {1}


def test_visitors_wait_between_two_pages_of_a_host(monkeypatch):
    pauses = []
    monkeypatch.setattr(link_checks.time, "sleep", pauses.append)

    visit_all([make_evidence(url=f"http://a.pe/{n}") for n in range(3)], lambda link: GOOD)

    assert pauses == [0, 1, 1]


def test_address_that_is_none_stops_nobody():
    visits = visit_all([make_evidence(url="http://[a/"), make_evidence(url="http://b.pe")], lambda link: GOOD)

    assert len(visits) == 2


@pytest.mark.parametrize(("hosts", "is_told"), [(1, True), (2, True), (3, False)])
def test_network_of_ours_that_fails_says_nothing_of_links(hosts, is_told):
    rows = [make_evidence(url=f"http://a{n}.pe") for n in range(hosts)]
    fail = Visit(None, Fault.NO_NAME)

    if is_told:
        assert set(visit_all(rows, lambda link: fail).values()) == {fail}
    else:
        with pytest.raises(NothingAnswers):
            visit_all(rows, lambda link: fail)
    assert visit_all(rows, lambda link: GONE if "a0" in link else fail)


# What is noted.


def test_good_link_is_noted():
    check = noted(make_evidence(), GOOD, GOOD)

    assert (check.responds, check.status, check.fault) == (True, 200, "")
    assert (check.checked_at, check.good_at, check.failing_since) == (after(1), after(1), None)
    assert not check.is_gone and LinkCheck.objects.count() == 1


def test_link_that_fails_keeps_when_it_last_responded_and_since_when_it_fails():
    check = noted(make_evidence(), GOOD, GONE, GONE, GONE)

    assert (check.responds, check.status, check.fault) == (False, 404, Fault.STATUS)
    assert (check.checked_at, check.good_at, check.failing_since) == (after(3), after(0), after(1))


def test_link_that_responds_again_fails_no_more():
    check = noted(make_evidence(), GONE, GONE, GOOD)

    assert (check.responds, check.failing_since, check.good_at) == (True, None, after(2))


def test_what_nobody_can_tell_is_neither():
    check = noted(make_evidence(), GOOD, GONE, CERTIFICATE)

    assert (check.responds, check.failing_since, check.good_at) == (None, None, after(0))
    assert not check.is_gone


def test_link_is_gone_after_failing_on_two_days():
    evidence = make_evidence()
    assert not noted(evidence, GONE).is_gone
    row = Evidence.objects.get(pk=evidence.pk)
    note([row], {row.href: GONE}, FIRST + timedelta(hours=20))
    assert not Evidence.objects.get(pk=evidence.pk).check_of_link.is_gone
    row = Evidence.objects.get(pk=evidence.pk)
    note([row], {row.href: GONE}, FIRST + timedelta(hours=21))
    assert Evidence.objects.get(pk=evidence.pk).check_of_link.is_gone


def test_another_link_has_not_been_visited():
    evidence = make_evidence()
    noted(evidence, GOOD, GONE, GONE)
    with writing(reason="La dirección se copió mal"):
        evidence.url = "http://otra.gob.pe"
        evidence.save()

    assert Evidence.objects.get(pk=evidence.pk).check_of_link is None
    check = noted(evidence, GONE)
    assert (check.good_at, check.failing_since) == (None, after(0))


def test_evidence_that_was_deleted_meanwhile_is_left_out():
    draft, other = make_evidence(status=Status.DRAFT), make_evidence()
    rows = list(Evidence.objects.select_related("link_check"))
    with writing():
        draft.delete()

    assert [check.evidence for check in note(rows, {row.href: GOOD for row in rows})] == [other]


def test_checks_of_evidence_go_with_it():
    draft = make_evidence(status=Status.DRAFT)
    noted(draft, GOOD)
    with writing():
        draft.delete()

    assert not LinkCheck.objects.exists()


def test_visits_are_no_word_of_the_record_and_make_its_pages_anew():
    evidence = make_evidence()
    stamp, entries = Version.stamp(), Entry.objects.count()

    noted(evidence, GOOD)

    assert Version.stamp()[0] == stamp[0] and Version.stamp() != stamp
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    "columns",
    [{"responds": False}, {"responds": True, "failing_since": FIRST}, {"failing_since": FIRST}],
    ids=str,
)
def test_constraint_link_check_failing_since_a_failure(columns):
    evidence = make_evidence()
    with pytest.raises(IntegrityError, match="link_check_failing_since_a_failure"), transaction.atomic():
        LinkCheck.objects.create(evidence=evidence, url=evidence.url, checked_at=FIRST, **columns)


# The command.


@pytest.fixture
def web(monkeypatch):
    """Let links of a.pe, b.pe and c.pe lead to a server of this machine, each to its own path."""
    with serving(lambda request: status(404 if "gone" in request else 200)) as server:
        plain = link_checks.visit

        def visit(link):
            path = link.rpartition("/")[2]
            return plain(server.link(f"/{path}"), server.may_reach, 5)

        monkeypatch.setattr(link_checks.visit_all, "__defaults__", (visit, 0))
        yield server


def test_command_visits_notes_and_tells(web, capsys):
    good = make_evidence(url="http://a.pe/good")
    gone = make_evidence(url="http://b.pe/gone")

    call_command("check_evidence")

    out = capsys.readouterr().out
    assert f"{gone.code}: status 404 http://b.pe/gone\n" in out and good.code not in out
    assert "Visited: 2. Respond: 1. Do not: 1. Untold: 0." in out
    assert {check.evidence_id: check.responds for check in LinkCheck.objects.all()} == {
        good.pk: True,
        gone.pk: False,
    }


def test_command_that_only_tries_notes_nothing(web, capsys):
    make_evidence(url="http://a.pe/good")
    stamp = Version.stamp()

    call_command("check_evidence", dry_run=True)

    assert "Respond: 1." in capsys.readouterr().out
    assert not LinkCheck.objects.exists() and Version.stamp() == stamp


def test_command_visits_so_many_or_those_that_are_named(web, capsys):
    first, second = make_evidence(url="http://a.pe/1"), make_evidence(url="http://a.pe/2")

    call_command("check_evidence", limit=1)
    call_command("check_evidence", "--only", second.code, "--limit", "1")

    assert web.asked == ["HEAD /1", "HEAD /2"]
    assert LinkCheck.objects.count() == 2 and first.pk != second.pk


@pytest.mark.parametrize("arguments", [["--only", "no-hay"], ["--limit", "0"]])
def test_command_says_what_it_cannot_do(arguments):
    with pytest.raises(CommandError):
        call_command("check_evidence", *arguments)


def test_command_that_meets_no_network_fails_and_notes_nothing(monkeypatch):
    for number in range(3):
        make_evidence(url=f"http://a{number}.pe")
    fail = Visit(None, Fault.NO_CONNECTION)
    monkeypatch.setattr(link_checks.visit_all, "__defaults__", (lambda link: fail, 0))

    with pytest.raises(CommandError, match="Nothing was noted"):
        call_command("check_evidence")

    assert not LinkCheck.objects.exists()


def test_command_without_evidence(capsys):
    call_command("check_evidence")

    assert "Visited: 0." in capsys.readouterr().out


# What readers are told.


def page(client, evidence, language="es"):
    commitment = evidence.commitment
    return client.get(f"/{language}/compromisos/{commitment.code}/", follow=True).content.decode()


def test_page_says_that_a_link_does_not_respond_and_when_it_did(client):
    evidence = make_evidence()
    noted(evidence, GOOD, GONE)
    assert "did not respond" not in page(client, evidence, "en")
    noted(evidence, GOOD, GONE, GONE)

    assert "On 4 November 2026 this link did not respond; it last responded on 2 November 2026." in page(
        client, evidence, "en"
    )


def test_page_says_since_when_a_link_that_never_responded_does_not(client):
    evidence = make_evidence()
    noted(evidence, GONE, GONE)

    assert "On 3 November 2026 this link did not respond, nor did it on 2 November 2026." in page(
        client, evidence, "en"
    )


def test_page_says_nothing_of_what_nobody_can_tell(client):
    evidence = make_evidence()
    noted(evidence, CERTIFICATE, CERTIFICATE)

    assert "did not respond" not in page(client, evidence, "en")


def api(client, evidence):
    return client.get(f"/api/v1/evidence/{evidence.code}/").json()


def test_api_says_when_a_link_was_visited_and_what_came_of_it(client):
    evidence = make_evidence()
    assert api(client, evidence)["link_check"] is None

    noted(evidence, GOOD, GONE, GONE)
    assert api(client, evidence)["link_check"] == {
        "checked_on": "2026-11-04",
        "responds": False,
        "responded_on": "2026-11-02",
        "failing_since": "2026-11-03",
    }

    noted(evidence, CERTIFICATE)
    assert api(client, evidence)["link_check"]["responds"] is None


def test_api_says_which_file_it_is(client):
    evidence = make_file_evidence(code="2-10-e1")

    answer = api(client, evidence)

    address = "http://testserver/evidencia/2-10-e1/"
    assert answer["link"] == address and answer["as_printed"] is None and answer["link_check"] is None
    assert answer["file"] == {
        "url": address,
        "name": "informe.pdf",
        "kind": "pdf",
        "size": evidence.file_size,
        "sha256": evidence.sha256,
    }
    assert evidence.file not in str(answer)
    link = api(client, make_evidence(url="www.gob.pe"))
    assert (link["file"], link["link"], link["as_printed"]) == (None, "http://www.gob.pe", "www.gob.pe")


def test_files_are_in_the_csv(client):
    make_file_evidence(code="2-10-e1")
    noted(make_evidence(), GOOD)

    lines = b"".join(client.get("/api/v1/evidence/?format=csv")).decode().splitlines()

    assert "file.url" in lines[0] and "link_check.checked_on" in lines[0]
    assert "http://testserver/evidencia/2-10-e1/" in lines[1] and "2026-11-02" in lines[2]


def test_page_links_to_the_file_with_its_kind_and_size(client):
    evidence = make_file_evidence(b"%PDF-1.7".ljust(1_234_567), title_es="", title_en="")

    words = " ".join(page(client, evidence).split())

    assert f'<a href="/evidencia/{evidence.code}/">informe.pdf</a> (PDF, 1,2 MB)' in words.replace(
        "\xa0", " "
    )


def test_page_and_api_say_that_a_file_was_taken_away(client):
    evidence = make_file_evidence(name="Juana Ejemplo.pdf", title_es="")
    actions.strike_file(None, evidence, "Tenía datos de una persona")

    words = page(client, evidence, "en")
    assert "the file was taken away because of personal data in it" in words and evidence.sha256 in words
    assert "Juana" not in words
    answer = api(client, evidence)
    assert answer["link"] is None
    assert answer["file"] == {
        "url": None,
        "name": None,
        "kind": "pdf",
        "size": evidence.file_size,
        "sha256": evidence.sha256,
    }


def test_annulled_file_keeps_its_words_behind_the_notice(client):
    evidence = make_file_evidence()
    acts.annul(None, evidence, "Se publicó por error")

    answer = api(client, evidence)
    assert answer["annulled"]["reason"] == "Se publicó por error"
    assert answer["file"]["sha256"] == evidence.sha256
    words = page(client, evidence, "en")
    assert evidence.sha256 in words and evidence.file not in words
