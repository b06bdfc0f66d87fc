"""Many forms at once, on both databases: nothing is lost, whoever was late is told, nothing deadlocks."""

import re
from functools import partial

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import RequestFactory

from commitments.actions import publish_update, submit
from commitments.models import Commitment, Milestone, Update
from faces.admin.versions import Opening, page_of
from plans.models import Theme
from record.actions import Newer, version_of
from record.models import Change, Entry, Proposal, Version
from record.publication import Status
from record.writing import WriteRefused, Writing, writing
from tests.admin_pages import address, edit, filled, sent
from tests.factories import (
    make_commitment,
    make_evidence,
    make_milestone,
    make_plan,
    make_recommendation,
    make_theme,
    make_update,
)
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

MANY = 50
REASON = "The source says otherwise"


@pytest.fixture
def opened(admin_client):
    """Return what opens the form of a row, filled in."""

    def opened(row, **changes):
        return filled(admin_client.get(address(row, "change")), **{"change_reason": REASON} | changes)

    return opened


@pytest.fixture
def post(admin_client):
    """Return what sends data to a page, from any thread; it returns the answer.

    Django's test client hears of the pages that every thread renders.
    """
    handler = BaseHandler()
    handler.load_middleware()
    factory = RequestFactory()
    factory.cookies = admin_client.cookies

    def post(page, data):
        request = factory.post(page, data)
        request._dont_enforce_csrf_checks = True
        return handler.get_response(request)

    return post


@pytest.fixture
def send(post):
    """Return what sends the form of a row."""
    return lambda row, data: post(address(row, "change"), data)


def another(row, data):
    """Return the same form as if it had been opened once more."""
    opening = Opening.unseal(data["opened"], page_of(type(row), row.pk))
    return data | {"opened": Opening(opening.page, opening.seen).seal()}


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def found(pattern, answer):
    """Return what a pattern finds in a page, once."""
    [text] = re.findall(pattern, answer.content.decode(), re.DOTALL)
    return text


def test_of_many_who_change_one_field_one_is_first_and_the_others_are_told(opened, send):
    theme = make_theme(name_es="Antes")
    form = opened(theme)
    names = [f"Tema {number}" for number in range(MANY)]
    forms = [another(theme, form) | {"name_es": name} for name in names]

    answers = at_once(*(partial(send, theme, data) for data in forms))

    assert statuses(answers) == [200] * (MANY - 1) + [302]
    [first] = [name for name, answer in zip(names, answers, strict=True) if answer.status_code == 302]
    for name, answer in zip(names, answers, strict=True):
        if name != first:
            dl = found(r'<fieldset class="difference">(.*?)</fieldset>', answer)
            assert re.findall("<dd>(.*?)</dd>", dl) == ["Antes", first, name]
            assert found(r'name="name_es" value="([^"]*)"', answer) == name
    theme.refresh_from_db()
    assert theme.name_es == first
    assert [each.columns for each in Change.objects.of(theme)[1:]] == [{"name_es": ["Antes", first]}]


def test_whoever_insists_follows_the_words_that_he_was_shown(opened, send):
    theme = make_theme(name_es="Antes")
    form = opened(theme)

    def insist(number):
        data, rounds = another(theme, form) | {"name_es": f"Tema {number}"}, 1
        while (answer := send(theme, data)).status_code == 200:
            data |= {"opened": found(r'name="opened" value="([^"]+)"', answer), "choice-name_es": "mine"}
            rounds += 1
        return rounds

    rounds = at_once(*(partial(insist, number) for number in range(6)))

    assert max(rounds) > 1
    changes = [each.columns["name_es"] for each in Change.objects.of(theme)[1:]]
    assert sorted(after for _before, after in changes) == [f"Tema {number}" for number in range(6)]
    assert [before for before, _after in changes] == ["Antes", *(after for _before, after in changes[:-1])]
    theme.refresh_from_db()
    assert theme.name_es == changes[-1][1]


def test_many_who_change_different_rows_are_all_saved(opened, send):
    plan = make_plan()
    rows = [make_theme(plan=plan) for _ in range(MANY)]
    forms = [opened(row, name_es=f"Tema {row.pk}") for row in rows]
    before = Version.current()

    answers = at_once(*(partial(send, row, data) for row, data in zip(rows, forms, strict=True)))

    assert statuses(answers) == [302] * MANY
    assert all(row.name_es == f"Tema {row.pk}" for row in Theme.objects.all())
    versions = Entry.objects.filter(reason=REASON).values_list("version", flat=True)
    assert sorted(versions) == list(range(before + 1, before + MANY + 1))


def test_different_fields_and_lines_of_one_row_are_all_saved(opened, send):
    commitment = make_commitment()
    milestones = [make_milestone(commitment=commitment) for _ in range(4)]
    columns = ["title_es", "title_en", "description_es", "problem_es"]
    works = []
    for number, (milestone, column) in enumerate(zip(milestones, columns, strict=True)):
        line = {f"milestones-{number}-activity_es": f"Hito {number}"}
        works += [
            partial(send, commitment, opened(commitment, **{column: f"Texto {number}"} | line)),
            partial(send, milestone, opened(milestone, activity_en=f"Milestone {number}")),
        ]

    answers = at_once(*works)

    assert statuses(answers) == [302] * len(works)
    commitment.refresh_from_db()
    assert [getattr(commitment, column) for column in columns] == [f"Texto {number}" for number in range(4)]
    assert list(Milestone.objects.order_by("number").values_list("activity_es", "activity_en")) == [
        (f"Hito {number}", f"Milestone {number}") for number in range(4)
    ]


def test_form_that_is_sent_many_times_at_once_is_saved_once(opened, send):
    commitment = make_commitment()
    data = opened(commitment, title_es="De Ana")

    answers = at_once(*[partial(send, commitment, data)] * 8)

    assert statuses(answers) == [302] * 8
    assert Change.objects.of(commitment).count() == 2


@pytest.mark.parametrize(("model", "name"), [(Commitment, "plan"), (Milestone, "commitment")])
def test_row_is_added_once_by_a_form_that_is_sent_many_times_at_once(admin_client, post, model, name):
    owner = make_plan() if name == "plan" else make_commitment()
    texts = {f"{'title' if name == 'plan' else 'activity'}_es": "Nuevo"}
    page = address(model, "add")
    values = texts | {name: owner.pk, "number": 30, "document": owner.document_id, "place": "p. 1"}
    data = filled(admin_client.get(page), **values)

    answers = at_once(*[partial(post, page, data)] * 8)

    assert statuses(answers) == [302] * 8
    assert model.objects.filter(number=30).count() == 1


def test_lines_that_many_add_to_one_row_have_numbers_of_their_own(opened, send):
    milestone = make_milestone()
    line = {
        "updates-TOTAL_FORMS": 1,
        "updates-0-as_of": "2016-03-31",
        "updates-0-text_es": "Se avanzó",
        "updates-0-document": milestone.document_id,
        "updates-0-place": "p. 1",
    }
    form = opened(milestone)
    forms = [another(milestone, form) | line | {"updates-0-percent": number} for number in range(8)]

    answers = at_once(*(partial(send, milestone, data) for data in forms))

    assert statuses(answers) == [302] * 8
    assert sorted(milestone.updates.values_list("number", flat=True)) == list(range(1, 9))


# Whoever publishes, annuls and takes out, against whoever edits.

ROUNDS = 6
PERSON = "Juana Flores"


@pytest.fixture
def confirm(admin_client, post):
    """Return what opens the page of an act and returns what confirms it."""

    def confirm(row, name, **answers):
        page = address(row, "act", name)
        data = {field.html_name: sent(field) for field in admin_client.get(page).context["form"]}
        data = {key: value for key, value in (data | answers).items() if value is not None}
        return partial(post, page, data)

    return confirm


def logged(row):
    """Return the columns of each change of a row after the first."""
    return [change.columns for change in Change.objects.of(row)[1:]]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_nobody_submits_words_that_he_did_not_read(opened, send, turn):
    update = make_update(workflow=Status.DRAFT, text_es="Antes", status="complete")
    data = opened(update, text_es="Después", change_reason="")
    seen = version_of(update)

    def send_on():
        try:
            return submit(None, update, seen=seen)
        except Newer:
            return None

    edited, submitted = at_once(partial(send, update, data), send_on)

    update.refresh_from_db()
    assert (update.workflow, update.text_es) in [("submitted", "Antes"), ("draft", "Después")]
    assert (edited.status_code, submitted is None) == (
        (302, True) if update.workflow == "draft" else (403, False)
    )
    # What he typed is not lost.
    assert edited.status_code == 302 or "Después" in edited.content.decode()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_evidence_that_nobody_read_is_not_published_with_its_update(opened, send, confirm, turn):
    update = make_update(workflow=Status.DRAFT, text_es="Antes", status="complete")
    proof = make_evidence(update=update, milestone=None, status=Status.DRAFT, title_es="Antes")
    data = opened(proof, title_es="Después", change_reason="")
    submit(None, update)

    at_once(partial(send, proof, data), confirm(update, "publish"))

    update.refresh_from_db()
    proof.refresh_from_db()
    told = Change.objects.of(proof).filter(columns__has_key="title_es", public_at=None)
    assert (update.workflow, proof.status) in [("published", "published"), ("submitted", "draft")]
    if proof.status == "published":
        # It was published as it was read, or changed afterwards, with a reason and for all to see.
        assert proof.title_es == "Antes" or not told.exists()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_row_is_annulled_as_it_was_read(opened, send, confirm, turn):
    commitment = make_commitment(title_es="Antes")

    edited, annulled = at_once(
        partial(send, commitment, opened(commitment, title_es="Después")),
        confirm(commitment, "annul", reason="Se publicó por error"),
    )

    commitment.refresh_from_db()
    assert sorted([edited.status_code, annulled.status_code]) == [200, 302]
    assert commitment.is_annulled == (annulled.status_code == 302)
    assert commitment.title_es == ("Después" if edited.status_code == 302 else "Antes")
    assert len(logged(commitment)) == 1


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_personal_data_that_are_taken_out_do_not_come_back_with_an_edit(opened, send, confirm, turn):
    row = make_recommendation(text_es=f"Lo dijo {PERSON}", text_en="Before")
    data = opened(row, text_en="After")
    strike = confirm(row, "strike", column="text_es", text=PERSON, reason="Son datos personales")

    edited, struck = at_once(partial(send, row, data), strike)
    if struck.status_code != 302:
        # It was changed since; whoever takes data out reads it again.
        struck = confirm(row, "strike", column="text_es", text=PERSON, reason="Son datos personales")()

    row.refresh_from_db()
    assert struck.status_code == 302
    # Who edits too late decides about the words that he still has before him.
    assert row.text_en == ("After" if edited.status_code == 302 else "Before")
    assert row.text_es == "Lo dijo [dato omitido]"
    assert PERSON not in str([*logged(row), *Entry.objects.values(), *Change.objects.values()])


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_personal_data_that_are_taken_out_stay_out_of_what_is_proposed(opened, send, confirm, turn):
    row = make_recommendation(text_es=f"Lo dijo {PERSON}")
    data = opened(row, text_es=f"Lo dijeron {PERSON} y otros", _propose="1")

    at_once(
        partial(send, row, data),
        confirm(row, "strike", column="text_es", text=PERSON, reason="Son datos personales"),
    )

    row.refresh_from_db()
    assert row.text_es == "Lo dijo [dato omitido]"
    assert PERSON not in str(list(Proposal.objects.values()))


@pytest.mark.parametrize("buttons", [("_accept", "_accept"), ("_accept", "_refuse"), ("_refuse", "_refuse")])
def test_a_proposal_is_answered_once(admin_client, post, buttons):
    commitment = make_commitment(title_es="Antes")
    edit(admin_client, commitment, title_es="Después", change_reason=REASON, _propose="1")
    proposal = Proposal.objects.get()
    page, answer = address(proposal, "change"), "Así lo dice la fuente"

    answers = at_once(*(partial(post, page, {button: "1", "answer": answer}) for button in buttons))

    proposal.refresh_from_db()
    commitment.refresh_from_db()
    assert statuses(answers) == [200, 302]
    is_accepted = proposal.state == "accepted"
    assert logged(commitment) == ([{"title_es": ["Antes", "Después"]}] if is_accepted else [])
    assert commitment.title_es == ("Después" if is_accepted else "Antes")
    assert (proposal.entry is not None) == is_accepted


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_proposal_is_accepted_over_what_it_speaks_of_only(admin_client, post, opened, send, turn):
    commitment = make_commitment(title_es="Antes")
    edit(admin_client, commitment, title_es="Propuesto", change_reason=REASON, _propose="1")
    proposal = Proposal.objects.get()

    answers = at_once(
        partial(post, address(proposal, "change"), {"_accept": "1", "answer": ""}),
        partial(send, commitment, opened(commitment, title_es="Editado")),
    )

    commitment.refresh_from_db()
    assert statuses(answers) == [200, 302]
    assert commitment.title_es == ("Propuesto" if answers[0].status_code == 302 else "Editado")
    assert logged(commitment) == [{"title_es": ["Antes", commitment.title_es]}]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_corrections_of_an_update_one_is_published(turn):
    wrong = make_update(workflow=Status.PUBLISHED)
    drafts = [
        make_update(milestone=wrong.milestone, corrects=wrong, as_of=wrong.as_of, workflow=Status.DRAFT)
        for _ in range(2)
    ]

    def publish(draft):
        try:
            publish_update(None, draft, "Se copió mal")
        except WriteRefused:
            return False
        return True

    assert sorted(at_once(*(partial(publish, draft) for draft in drafts))) == [False, True]
    assert Update.objects.filter(corrects=wrong, workflow=Status.PUBLISHED).count() == 1


def test_a_row_that_becomes_one_of_those_that_are_written_is_left(monkeypatch):
    """Somebody else lets it be one between their reading and the statement: nobody would log it."""
    row, other = make_theme(name_es="a"), make_theme(name_es="b")
    # On SQLite nobody else writes meanwhile.
    touch, others = Writing.touch, [lambda: rename("b", "a")] if connection.vendor != "sqlite" else []

    def rename(before, after):
        with writing(reason=REASON):
            Theme.objects.filter(name_es=before).update(name_es=after)

    def touch_and_let_others_write(*args):
        touch(*args)
        if others:
            at_once(others.pop())

    monkeypatch.setattr(Writing, "touch", touch_and_let_others_write)
    rename("a", "c")
    rename("b", "a")

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.name_es, other.name_es) == ("c", "a")
    assert [logged(row), logged(other)] == [[{"name_es": ["a", "c"]}], [{"name_es": ["b", "a"]}]]
