"""Letters reach a real server on this machine, once; what is refused is tried again."""

import re
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from django.utils.translation import override

from accounts import muting
from accounts.models import MailKind, MailSent
from commitments import actions
from commitments.models import Update
from ogp_portal.management.commands import send_reminders
from ogp_portal.reminding import sending
from ogp_portal.reminding.finding import notices
from record.dates import today
from tests.factories import make_document, make_entity, make_focal_point, make_publisher, make_submitted
from tests.reminding.conftest import ON, PASSWORD
from tests.threads import at_once, shared_database  # noqa: F401

State = MailSent.State


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch):
    monkeypatch.setattr(send_reminders, "today", lambda: ON)


def run(*args):
    """Run the command; return what it says, on both streams, and whether it fails."""
    out, err = StringIO(), StringIO()
    try:
        call_command("send_reminders", *args, stdout=out, stderr=err)
    except CommandError as fault:
        return out.getvalue(), err.getvalue() + str(fault), True
    return out.getvalue(), err.getvalue(), False


def others(count, due, first=0):
    """Make focal points with a milestone each that is due."""
    made = []
    for number in range(first, first + count):
        entity = make_entity()
        made.append(make_focal_point(entity, email=f"punto-focal-{number}@x.example", password=PASSWORD))
        due(5, of=entity)
    return made


def states():
    return sorted(MailSent.objects.values_list("state", flat=True))


def text_of(mail):
    return mail.get_content().replace("\r\n", "\n")


# What arrives.


@pytest.mark.django_db
def test_one_mail_tells_a_person_all_of_a_day(server, focal, due):
    near, far, silent = due(5), due(28), due(-20)

    out, err, failed = run()

    assert (out, err, failed) == ("Mails sent: 1.\n", "", False)
    [got] = server.mails
    assert got["To"] == "punto-focal@x.example"
    text = text_of(got)
    for milestone in (near, far, silent):
        assert text.count(f"* {milestone.code}: ") == 2
        assert text.count(f"https://portal.example/admin/informar/{milestone.code}/") == 2
        assert milestone.activity_es in text
        assert milestone.activity_en in text
    assert "https://portal.example/admin/\n" in text
    assert states() == ["sent"] * 3
    assert text.index(milestone.activity_es) < text.index(milestone.activity_en)


@pytest.mark.django_db
def test_english_half_reads_well(server, focal, due):
    milestone = due(1)
    due(-20)

    run()

    half = text_of(server.mails[0]).partition("-" * 40)[2]
    assert "It is due on Nov. 26, 2026, in 1 day." in half
    assert "It was due on Nov. 5, 2026, 20 days ago, and nobody has reported since." in half
    assert f"* {milestone.code}: {milestone.activity_en}\n" in half
    assert "\n\n\n\n" not in half
    assert server.mails[0]["Subject"].endswith(
        "Open government: 1 milestone due soon; 1 milestone without a report"
    )


@pytest.mark.django_db
def test_return_and_publication_arrive(server, focal, due, monkeypatch):
    monkeypatch.setattr(send_reminders, "today", today)
    publisher = make_publisher(first_name="Responsable")
    says = {"as_of": today(), "status": Update.Status.IN_PROGRESS, "text_es": "Avanza", "place": "p. 1"}
    back, done = (
        actions.submit(focal, actions.report_progress(focal, due(200), document=make_document(), **says))
        for _each in range(2)
    )
    actions.send_back(publisher, back, "Falta el acta:\n.\nBcc: nadie")
    actions.publish_update(publisher, done)

    run()

    [got] = server.mails
    text = text_of(got)
    # The comment is its own, whatever it looks like.
    assert "    Falta el acta:\n    .\n    Bcc: nadie\n" in text
    assert got["Bcc"] is None
    assert f"https://portal.example/admin/informar/avance/{back.code}/" in text
    assert f"https://portal.example/es/compromisos/{done.milestone.commitment.code}/#{done.code}" in text
    assert f"https://portal.example/en/commitments/{done.milestone.commitment.code}/#{done.code}" in text
    assert "Responsable" in text


@pytest.mark.django_db
def test_digest_arrives_once_a_week(server, due, entity, monkeypatch):
    make_publisher(email="publica@x.example", password=PASSWORD)
    for days in (-20, -300):
        due(days)
    waiting = make_submitted(milestone=due(50))

    run()
    monkeypatch.setattr(send_reminders, "today", lambda: ON + timedelta(4))
    run()
    assert len(server.mails) == 1
    monkeypatch.setattr(send_reminders, "today", lambda: ON + timedelta(5))
    run()

    assert len(server.mails) == 2
    with override("en"):
        line = f"* {entity}: 2\n"
    half = text_of(server.mails[0]).partition("-" * 40)[2]
    assert line in half
    assert f"* {waiting.code}\n" in half
    assert "WAITING FOR REVIEW: 1 REPORT\n" in half
    assert "PAST DUE, WITHOUT A REPORT SINCE: 2 MILESTONES\n" in half


@pytest.mark.django_db
def test_mail_programs_can_mute(server, focal, due, client):
    due(5)
    due(-20)

    run()

    [raw] = server.raw
    # Not encoded, not broken: programs read it as it stands.
    [line] = re.findall(rb"^List-Unsubscribe: ?(?:\r\n )?<(\S+)>\r\n", raw, re.MULTILINE)
    link = line.decode()
    head = BytesParser(policy=policy.default).parsebytes(raw)
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in text_of(server.mails[0])
    path = link.removeprefix("https://portal.example")
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert muting.muted_by(focal) == {MailKind.DUE, MailKind.OVERDUE}


@pytest.mark.django_db
def test_what_is_muted_is_not_sent(server, focal, due):
    due(5)
    silent = due(-20)
    muting.mute(focal, [MailKind.DUE])

    run()

    assert [each.what for each in MailSent.objects.all()] == [silent.code]


# Never twice.


@pytest.mark.django_db
def test_nothing_is_told_twice(server, focal, due, monkeypatch):
    milestone = due(30)
    days = [30, 29, 20, 8, 7, 6, 0, -1, -14, -15, -16, -45]

    mails = []
    for left in days:
        monkeypatch.setattr(send_reminders, "today", lambda left=left: milestone.ends_on - timedelta(left))
        run()
        mails.append(len(server.mails))

    assert mails == [1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3]


@pytest.mark.django_db
def test_days_that_were_missed_are_made_up_for(server, focal, due, monkeypatch):
    milestone = due(30)
    mails = []
    for left in (31, 26, 3, -22):
        monkeypatch.setattr(send_reminders, "today", lambda left=left: milestone.ends_on - timedelta(left))
        run()
        mails.append(len(server.mails))

    assert mails == [0, 1, 2, 3]


@pytest.mark.django_db
def test_what_a_server_refuses_stops_no_other_and_is_tried_again(server, due):
    _first, second, _third = others(3, due)
    server.refuses = [second.email]

    out, err, failed = run()

    assert (out, failed, len(server.mails)) == ("Mails sent: 2.\n", True, 2)
    assert f"Account {second.pk}: SMTPRecipientsRefused 550; not sent, tried again next time." in err
    assert "@" not in out + err
    assert states() == ["failed", "sent", "sent"]

    server.refuses = False
    assert run() == ("Mails sent: 1.\n", "", False)
    assert server.mails[-1]["To"] == second.email
    assert states() == ["sent"] * 3
    assert run()[0] == "Mails sent: 0.\n"


@pytest.mark.django_db
def test_server_that_is_gone_ends_the_run(settings, server, due):
    others(5, due)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    out, err, failed = run()

    assert (out, failed) == ("Mails sent: 0.\n", True)
    assert "mails left for the next time: 2" in err
    settings.EMAIL_PORT = port
    assert run() == ("Mails sent: 5.\n", "", False)


@pytest.mark.django_db
def test_server_that_breaks_off_may_have_the_mail_and_is_not_asked_again(server, focal, due):
    due(5)
    server.breaks_off = True

    out, err, failed = run()

    assert failed
    assert "perhaps sent, not tried again" in err
    assert states() == ["unknown"]
    server.breaks_off = False
    run()
    assert len(server.mails) == 1


@pytest.mark.django_db
def test_run_that_was_killed_is_told_and_not_done_again(server, focal, due, monkeypatch):
    due(5)

    def kill(message):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sending, "deliver", kill)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert states() == ["sending"]

    # Another run may be at it still.
    assert run() == ("Mails sent: 0.\n", "", False)
    MailSent.objects.update(at=now() - timedelta(hours=2))

    out, err, failed = run()

    assert "1 notices were being sent when an earlier run was killed" in err
    assert (out, failed, server.mails) == ("Mails sent: 0.\n", False, [])
    assert states() == ["unknown"]
    assert run()[1] == ""


@pytest.mark.django_db
def test_what_one_run_sends_no_other_does(server, focal, due):
    due(5)
    letters = sending.open_letters(notices(ON))

    assert sending.send(letters).sent == 1
    # It had looked before the first one wrote.
    assert sending.send(letters).sent == 0
    assert len(server.mails) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_two_runs_at_once_send_once(server, due):
    others(6, due)
    letters = sending.open_letters(notices(ON))

    sent = at_once(*2 * [lambda: sending.send(letters).sent])

    assert sum(sent) == 6
    assert len(server.mails) == 6
    assert len({mail["To"] for mail in server.mails}) == 6


@pytest.mark.django_db
def test_address_that_is_none_stops_no_other(server, due):
    first, _second = others(2, due)
    type(first).objects.filter(pk=first.pk).update(email="a@x.example\nBcc: b@x.example")

    out, err, failed = run()

    assert (out, failed) == ("Mails sent: 1.\n", True)
    assert f"Account {first.pk}: ValueError" in err
    assert [mail["To"] for mail in server.mails] == ["punto-focal-1@x.example"]


@pytest.mark.django_db
def test_what_is_old_is_forgotten(server, focal, due):
    due(5)
    run()
    MailSent.objects.update(at=now() - timedelta(days=401))

    run()

    assert not MailSent.objects.exists()


# Options.


@pytest.mark.django_db
def test_dry_run_says_who_would_get_what_and_does_nothing(settings, focal, due):
    milestone = due(5)

    out, err, failed = run("--dry-run")

    assert out.splitlines() == [
        focal.email,
        f"    due {milestone.code}:7 {milestone.ends_on}",
        "1 mails would be sent.",
    ]
    assert (err, failed, states()) == ("", False, [])


@pytest.mark.django_db
def test_trial_goes_to_one_address_and_keeps_nothing(server, due, client):
    people = others(2, due)

    assert run("--to", "prueba@x.example")[0] == "Mails sent: 2.\n"

    assert {mail["To"] for mail in server.mails} == {"prueba@x.example"}
    assert states() == []
    for mail in server.mails:
        assert mail["List-Unsubscribe"] is None
        [path] = set(re.findall(r"https://portal.example(/admin/mail/[^/\s]+/)", text_of(mail)))
        assert client.post(path).status_code == 404
    assert not any(muting.muted_by(user) for user in people)


@pytest.mark.django_db
def test_only_one_kind(server, focal, due):
    due(5)
    silent = due(-20)

    run("--only", "overdue")

    assert [each.what for each in MailSent.objects.all()] == [silent.code]
    with pytest.raises(CommandError):
        call_command("send_reminders", "--only", "nothing")


@pytest.mark.django_db
def test_limit(server, due):
    others(3, due)

    assert run("--limit", "2")[0] == "Mails sent: 2.\n"
    assert run("--limit", "2")[0] == "Mails sent: 1.\n"
    assert run("--limit", "0")[2]


@pytest.mark.django_db
def test_without_a_mail_server_it_says_so_and_does_not_fail(focal, due, settings):
    due(5)
    settings.PORTAL_ADDRESS = "https://portal.example"

    out, err, failed = run()

    assert (out, failed, states()) == ("", False, [])
    assert "EMAIL_URL is not set" in err


@pytest.mark.django_db
def test_without_the_public_address_it_says_what_to_set(server, focal, due, settings):
    due(5)
    settings.PORTAL_ADDRESS = ""

    out, err, failed = run()

    assert failed
    assert "PORTAL_ADDRESS is not set" in err
    assert (server.mails, states()) == ([], [])
