"""The journeys of those who keep the record, on the real record, from their desk, with what each costs.

Each page on the way is in Spanish, fits the window, keeps the policy, and axe finds nothing in it. How many
pages are opened, and how many fields are filled in, stands at the end of each journey.
"""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from commitments.models import Milestone, MilestoneResponsible, Update
from entities.models import Entity
from record import actions
from record.dates import today
from record.rights import Role
from record.writing import writing
from tests.accounts.people import PASSWORD, code_of, give_device, make_account
from tests.admin_pages import address
from tests.browser.staff import SUBMIT, check, follow, let_in, listen, sign_in
from tests.desk.rows import submitted_by
from tests.factories import make_focal_point, make_publisher

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/"
DONE = ".messagelist .success"
# A milestone of plan V, due at the end of 2024, on which nobody has reported.
MILESTONE = "5-8-3"
# The fields of the page of a report at most, and the pages that it takes.
MOST_QUESTIONS, MOST_PAGES = 8, 2


class Journey:
    """A way through the pages of a site, each of which is checked; it counts pages and fields."""

    def __init__(self, page, site):
        self.page, self.site, self.fields = listen(page), site, 0

    def begin(self, user=None, path=DESK):
        """Stand on a page, as a user who signed in before or as the last one, and begin to count."""
        if user:
            let_in(self.page, user, self.site)
        self.page.goto(self.site + path)
        self.page.opened.clear()
        self.fields = 0

    def follow(self, target):
        follow(self.page, target)
        check(self.page)

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']")
            if field.first.get_attribute("type") == "radio":
                self.page.check(f"[name='{name}'][value='{value}']")
            elif field.evaluate("field => field.localName") == "select":
                field.select_option(str(value))
            else:
                field.fill(str(value))
            self.fields += 1

    def tick(self, target):
        self.page.check(target)
        self.fields += 1

    def says(self, words):
        return words in self.page.inner_text("#content")

    @property
    def cost(self):
        return len(self.page.opened), self.fields


@pytest.fixture(params=[1280, 390])
def journey(request, browser, own_site):
    window = {"width": request.param, "height": 844}
    context = browser.new_context(viewport=window, locale="es-PE", base_url=own_site)
    yield Journey(context.new_page(), own_site)
    context.close()


def questions(page):
    """Return what the page of a report asks, by name; what is one question to a person counts as one."""
    names = page.locator(".report .question :is(input, select, textarea)").evaluate_all(
        "all => all.filter(each => each.type !== 'hidden').map(each => each.name)"
    )
    as_one = {"letter_kind": "letter", "letter_number": "letter", "letter_on": "letter"}
    as_one |= {"reason_es": "why", "new_end_on": "why", "done_on": "status", "upload": "url"}
    return {as_one.get(name, name) for name in names}


def milestone(code=MILESTONE):
    return Milestone.objects.get(code=code)


def focal_point_of(*codes):
    answering = MilestoneResponsible.objects.filter(milestone__code__in=codes)
    return make_focal_point(
        *Entity.objects.filter(pk__in=answering.values("entity")),
        username="punto-focal",
        first_name="Punto",
        last_name="Focal",
    )


@pytest.fixture
def focal(own_site):
    """Whoever reports for the entity that answers for the milestone."""
    return focal_point_of(MILESTONE)


@pytest.fixture
def publisher(own_site):
    return make_publisher(username="publica", first_name="Secretaría", last_name="de prueba")


LETTER = {"letter_kind": "oficio", "letter_number": "012-2026-PRUEBA"}


def test_milestone_past_due_is_reported_with_a_link(journey, focal):
    journey.begin(focal)
    check(journey.page)

    journey.follow(f"a.button[href='{reverse('reporting:report', args=[MILESTONE])}']")
    assert len(questions(journey.page)) <= MOST_QUESTIONS
    journey.fill(status="in_progress", percent=60, text_es="Se difundió la mitad de las tramas")
    journey.fill(reason_es="Faltó el personal que las procesa", url="https://www.gob.pe/minsa")
    journey.fill(**LETTER, letter_on=today())
    journey.follow("[name=_submit]")

    update = milestone().updates.get()
    assert (update.workflow, update.evidence.get().url) == ("submitted", "https://www.gob.pe/minsa")
    assert journey.cost == (MOST_PAGES, 8)


def test_report_is_returned_sent_again_and_published(journey, focal, publisher):
    update = submitted_by(focal, milestone())

    journey.begin(publisher)
    journey.follow(f"#review-form a[href='{reverse('reporting:review', args=[update.code])}']")
    journey.fill(comment="Falta el enlace que lo prueba")
    journey.follow("form[action*='/return/'] [type=submit]")
    assert journey.cost == (2, 1)

    journey.begin(focal)
    check(journey.page)
    assert "Falta el enlace" in journey.page.inner_text("#returned blockquote")
    journey.follow(f"#returned a.button[href='{reverse('reporting:draft', args=[update.code])}']")
    journey.fill(answer="Ahora está el enlace", url="https://www.gob.pe/minsa")
    journey.fill(**LETTER, letter_on=today())
    journey.follow("[name=_submit]")
    assert journey.cost == (2, 5)

    journey.begin(publisher)
    journey.follow(f"#review-form a[href='{reverse('reporting:review', args=[update.code])}']")
    assert journey.says("Ahora está el enlace")
    journey.follow("form[action*='/publish/'] [type=submit]")
    assert journey.cost == (2, 0)

    update.refresh_from_db()
    assert (update.workflow, update.evidence.said().count()) == ("published", 1)
    journey.page.goto(update.get_absolute_url())
    # The address of an update opens what is folded below its milestone.
    assert update.text_es in journey.page.locator(f"[id='{MILESTONE}'] + .rest").inner_text()


def test_ten_are_published_in_one_go(journey, publisher):
    ours = Milestone.objects.filter(responsible__entity__slug="minedu").order_by("pk")[:11]
    author = focal_point_of(*(each.code for each in ours))
    updates = [submitted_by(author, each) for each in ours]
    journey.begin(publisher)
    check(journey.page)

    for update in updates[:10]:
        journey.tick(f"#u-{update.pk}")
    journey.follow("#review-form input[type=submit]")
    assert journey.page.locator("section.row").count() == 10
    journey.follow("button[name=publish]")

    assert journey.page.locator(DONE).count() == 10
    assert journey.page.url == journey.site + DESK
    left = Update.objects.filter(workflow=Update.Workflow.SUBMITTED)
    assert [each.pk for each in left] == [updates[10].pk]
    assert journey.cost == (2, 10)


def test_published_report_is_corrected(journey, focal, publisher):
    wrong = submitted_by(focal, milestone(), percent=90)
    actions.publish(publisher, wrong)
    journey.begin(focal)

    journey.follow(f"#all th a[href='{address(Update, 'changelist')}']")
    journey.follow(f"#result_list a[href^='{address(wrong, 'change')}']")
    journey.follow(f"a[href*='{address(wrong, 'act', 'correct')}']")
    journey.fill(reason="El porcentaje era otro")
    journey.follow(SUBMIT)
    journey.fill(percent=100)
    journey.follow("[name=_submit]")

    assert journey.cost == (5, 2)
    correction = Update.objects.get(corrects=wrong)
    assert (correction.workflow, correction.percent) == ("submitted", 100)
    journey.begin(publisher)
    journey.follow(f"#review-form a[href='{reverse('reporting:review', args=[correction.code])}']")
    journey.follow("form[action*='/publish/'] [type=submit]")
    assert journey.cost == (2, 0)
    assert milestone().updates.said().filter(percent=100).exists()


def test_milestone_is_handed_over(journey, publisher):
    to = Entity.objects.get(slug="susalud")
    row = milestone()
    journey.begin(publisher, address(Milestone, "changelist"))
    check(journey.page)

    journey.fill(q=MILESTONE)
    journey.follow("#changelist-search [type=submit]")
    journey.follow(f"#result_list a[href^='{address(row, 'change')}']")
    journey.follow(f"a[href*='{address(row, 'act', 'hand-over')}']")
    journey.fill(entity=to.pk, on=today(), reason="La función pasó a otra entidad")
    journey.fill(**LETTER, letter_on=today())
    journey.follow(SUBMIT)

    assert journey.page.locator(DONE).count() == 1
    assert row.responsible.get().entity == to
    assert journey.cost == (4, 7)


def test_wrong_edit_is_undone_in_two_pages(journey, publisher):
    row = milestone()
    right = row.activity_es
    with writing(publisher, "Se copió de otra fila"):
        row.activity_es = "Texto equivocado"
        row.save()
    journey.begin(publisher, address(row, "change"))
    check(journey.page)

    journey.follow(f"a[href*='{address(row, 'history')}']")
    journey.follow(journey.page.locator("#content-main a[href*='/history/']").first)
    journey.fill(change_reason="El cambio fue un error")
    assert journey.cost == (2, 1)
    journey.follow(SUBMIT)

    assert journey.page.locator(DONE).count() == 1
    row.refresh_from_db()
    assert row.activity_es == right


def test_from_the_invitation_to_the_desk_of_a_focal_point(journey, settings):
    settings.SECOND_FACTOR = True
    settings.EMAIL_URL = "smtp://mail.example"
    publisher, page = make_account(Role.PUBLISHER), journey.page
    device = give_device(publisher)
    sign_in(page, publisher, journey.site)
    check(page)
    journey.fill(code=code_of(device))
    journey.follow(SUBMIT)

    # A publisher invites.
    journey.begin()
    journey.follow(f".contents a[href='{reverse('admin:auth_user_changelist')}']")
    journey.follow(".object-tools .addlink")
    journey.fill(name="Punto focal", email="punto-focal@entidad.example", role=Role.FOCAL_POINT)
    journey.fill(entities=Entity.objects.get(slug="minsa").pk)
    journey.follow(SUBMIT)
    assert page.locator(DONE).count() == 1
    assert journey.cost == (3, 4)
    user = User.objects.get(username="punto-focal@entidad.example")
    assert [each.entity.slug for each in user.memberships.all()] == ["minsa"]

    # Whoever was invited follows the link of the mail, and chooses a password.
    page.context.clear_cookies()
    journey.begin(path=re.search(r"/admin/invitation/\S+", mail.outbox[0].body).group())
    check(page)
    journey.fill(new_password1=PASSWORD, new_password2=PASSWORD)
    journey.follow(SUBMIT)

    # Then the telephone.
    device = TOTPDevice.objects.get(user=user)
    assert page.locator("svg.qr").count() == 1
    assert page.inner_text("code.key") == second_factor.key_in_words(device)
    journey.fill(code=code_of(device))
    journey.follow(SUBMIT)
    codes = page.locator(".recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.click("a[download]")
    saved = download.value.path().read_text(encoding="utf-8")
    assert all(code in saved for code in codes)
    journey.follow(SUBMIT)

    assert page.url == journey.site + DESK
    assert page.locator(f"a.button[href='{reverse('reporting:report', args=[MILESTONE])}']").count() == 1
    assert journey.cost == (3, 3)
    journey.begin(path=reverse("accounts:own"))
    check(page)


def test_lock_and_release(journey, publisher):
    user = make_account(Role.EDITOR)
    for _time in range(5):
        sign_in(journey.page, user, journey.site, "wrong")
    sign_in(journey.page, user, journey.site)
    assert journey.page.locator(".errornote").count() == 2
    check(journey.page)

    journey.begin(publisher, address(user, "change"))
    check(journey.page)
    journey.follow("a[href$='/act/release/']")
    journey.follow(SUBMIT)
    assert journey.page.locator(DONE).count() == 1
    assert journey.cost == (2, 0)

    journey.page.context.clear_cookies()
    sign_in(journey.page, user, journey.site)
    assert journey.page.url == journey.site + DESK
