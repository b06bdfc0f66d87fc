"""Mi escritorio in a real browser: of a focal point, of a publisher and of an auditor; without scripts."""

import pytest
from django.urls import reverse

from commitments import actions
from commitments.models import Commitment, Milestone, Update
from tests.admin_pages import address
from tests.browser.staff import check, follow, let_in, listen
from tests.desk.rows import draft_by, milestone_of, submitted_by
from tests.factories import (
    make_auditor,
    make_commitment,
    make_entity,
    make_focal_point,
    make_plan,
    make_publisher,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entity():
    return make_entity(acronym="MINSA", name_es="Ministerio de Salud", name_en="")


@pytest.fixture
def author(entity):
    return make_focal_point(entity, first_name="Punto", last_name="Focal")


@pytest.fixture(params=[390, 1280])
def window(request, browser, live_server):
    """Return a function that opens a page for somebody, in Spanish, with `complaints` of the browser."""
    contexts = []

    def open_for(user, **options):
        context = browser.new_context(
            viewport={"width": request.param, "height": 800}, base_url=live_server.url, **options
        )
        contexts.append(context)
        return let_in(listen(context.new_page()), user, live_server.url)

    yield open_for
    for context in contexts:
        context.close()


def test_desk_of_a_focal_point(window, author, entity):
    old = make_commitment(plan=make_plan(number=801))
    late, soon = milestone_of(entity, -9), milestone_of(entity, 9)
    milestone_of(entity, -900, commitment=old)
    draft = draft_by(author, milestone_of(entity, -9))
    submitted_by(author, milestone_of(entity, -9))
    back = submitted_by(author, milestone_of(entity, -9))
    actions.send_back(make_publisher(), back, "Falta el oficio que lo prueba\nY la fecha")
    page = window(author)

    page.goto("/admin/")

    check(page)
    for section in ("past-due", "due", "returned", "drafts", "waiting"):
        assert page.locator(f"#{section} h2").count() == 1
    for milestone in (late, soon):
        assert page.locator(f"a.button[href='/admin/informar/{milestone.code}/']").count() == 1
    assert page.locator(f"#drafts a.button[href='/admin/informar/avance/{draft.code}/']").count() == 1
    assert "Falta el oficio" in page.locator("#returned blockquote").inner_text()
    assert page.locator("#past-due h3").count() >= 2
    # Each line has one thing to do at most.
    assert page.locator(".lines > li:has(a.button + a.button)").count() == 0


def test_two_are_returned_and_one_is_published_without_scripts(window, author, entity):
    updates = [submitted_by(author, milestone_of(entity, -9)) for _each in range(3)]
    page = window(make_publisher(), java_script_enabled=False)
    page.goto("/admin/")
    follow(page, "#review-form button[name=all]")

    for update in updates[:2]:
        page.fill(f"[name='{update.pk}-comment']", "Falta el oficio que lo prueba")
    follow(page, "button[name=publish]")
    assert page.locator("section.row .errornote").count() == 2
    follow(page, "button[name=return]")
    assert page.locator(".messagelist .success").count() == 2
    follow(page, "button[name=publish]")

    assert page.url.endswith(reverse("admin:index"))
    found = dict(Update.objects.values_list("pk", "workflow"))
    assert [found[each.pk] for each in updates] == ["returned", "returned", "published"]


def test_desk_of_an_auditor(window, author, entity):
    submitted_by(author, milestone_of(entity, -9))
    page = window(make_auditor())

    page.goto("/admin/")

    check(page)
    assert page.locator("#changes .lines > li").count() > 1


def test_lists_find_an_entity_by_its_acronym(window, author, entity):
    milestone = milestone_of(entity, -9)
    milestone_of(make_entity(acronym="MINEDU"), -9)
    submitted_by(author, milestone)
    page = window(make_publisher())

    for model in (Milestone, Update, Commitment):
        page.goto(address(model, "changelist"))
        check(page)
    page.goto(address(Milestone, "changelist"))
    page.fill(".answered-by [name=answers]", "minsa")
    follow(page, ".answered-by [type=submit]")

    assert page.locator("#result_list tbody tr").count() == 1
    assert page.locator("#result_list .field-code").inner_text().strip() == milestone.code
    check(page)
    follow(page, ".on-board a")
    assert "/es/seguimiento/" in page.url and f"entity={entity.slug}" in page.url
