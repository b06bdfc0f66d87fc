"""Many forms at once, on both databases: nothing is lost, whoever was late is told, nothing deadlocks."""

import re
from functools import partial

import pytest
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from commitments.models import Commitment, Milestone
from faces.admin.versions import Opening, page_of
from plans.models import Theme
from record.models import Change, Entry, Version
from tests.admin_pages import address, filled
from tests.factories import make_commitment, make_milestone, make_plan, make_theme
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
