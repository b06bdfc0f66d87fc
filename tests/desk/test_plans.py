"""A new plan at the desk: started, looked at as the public will see it, checked and published."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import connection
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.resources import CommitmentResource
from ogp_portal.desk.making import plans_in_the_making
from plans.models import Plan, PlanPeriod, Section
from plans.publishing import as_published, publish_plan, refusals, version_of_plan
from plans.starting import start_plan
from record.models import Change, Document, Entry, Version
from record.publication import Status
from record.rights import Role
from record.writing import writing
from tests import factories
from tests.imports import faults, load
from tests.once import made_once

pytestmark = pytest.mark.django_db

REASON = "Se aprobó el plan por decreto supremo"
TYPED = {
    "number": "6",
    "title_es": "Plan de Acción de Gobierno Abierto 2026-2027",
    "norm_kind": "decreto-supremo",
    "norm_number": "001-2026-PCM",
    "norm_on": "2026-01-15",
    "place": "Artículo 1",
    "period": "2026-2027",
    "starts_on": "2026-01-01",
    "years": "2",
    "ends_on": "2027-12-31",
}


@made_once
def made_plan():
    """Make the draft of a plan with two commitments, of which one has milestones and who leads it."""
    plan = factories.make_plan(
        number=6,
        status=Status.DRAFT,
        title_es="Plan nuevo",
        title_en="New plan",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    first = factories.make_commitment(plan=plan, number=1, title_es="Abrir los datos")
    factories.make_commitment(plan=plan, number=3, title_es="Sin hitos")
    factories.make_responsibility(commitment=first, entity=factories.make_entity(slug="pcm", acronym="PCM"))
    factories.make_milestone(commitment=first, number=1, activity_es="Publicar", ends_on=date(2026, 6, 30))
    factories.make_milestone(commitment=first, number=2, activity_es="Evaluar", ends_on=None)
    return plan


@pytest.fixture
def plan():
    return Plan.everything.get(pk=made_plan().pk)


def client_of(client, role):
    user = factories.make_focal_point() if role is Role.FOCAL_POINT else factories.make_user(role)
    client.force_login(user)
    return user


def pages(plan):
    return {
        "start": reverse("admin-plan-start"),
        "plan": reverse("admin-plan", args=[plan.number]),
        "publish": reverse("admin-plan-publish", args=[plan.number]),
        "preview": f"/admin/vista-previa/{plan.number}/es/planes/{plan.number}/",
    }


MAY = {
    Role.EDITOR: {"start", "plan", "preview"},
    Role.PUBLISHER: {"start", "plan", "publish", "preview"},
    Role.AUDITOR: {"plan", "preview"},
    Role.FOCAL_POINT: set(),
    None: set(),
}


@pytest.mark.parametrize("role", MAY, ids=str)
def test_each_page_is_for_whom_the_table_says(client, plan, role):
    client_of(client, role)
    opened = {name for name, address in pages(plan).items() if client.get(address).status_code == 200}

    assert opened == MAY[role]


@pytest.mark.parametrize("role", MAY, ids=str)
def test_drafts_of_a_plan_that_is_public_are_for_the_same(client, plan, role):
    with writing():
        plan.status = Status.PUBLISHED
        plan.save()
    client_of(client, role)
    opened = {name for name, address in pages(plan).items() if client.get(address).status_code == 200}

    assert opened == MAY[role]


def test_nobody_signed_in_sees_any_of_it(client, plan):
    for address in pages(plan).values():
        assert client.get(address).status_code == 302


# Starting.


def test_one_form_makes_the_draft_in_one_entry(client):
    user = client_of(client, Role.EDITOR)
    entity = factories.make_entity()
    before = Entry.objects.count()

    response = client.post(reverse("admin-plan-start"), TYPED | {"coordinator": entity.pk})

    plan = Plan.objects.get(number=6)
    assert response.url == reverse("admin-plan", args=[6])
    assert (plan.status, plan.starts_on, plan.ends_on) == ("draft", date(2026, 1, 1), date(2027, 12, 31))
    assert plan.approval_norm_es == "Decreto Supremo N° 001-2026-PCM"
    assert (plan.approved_on, plan.coordinator) == (date(2026, 1, 15), entity)
    assert plan.document.slug == "decreto-supremo-001-2026-pcm"
    assert plan.document.status == Status.DRAFT
    period = PlanPeriod.objects.get(plan=plan)
    assert (period.as_printed, period.place, period.document) == ("2026-2027", "Artículo 1", plan.document)
    entry = Entry.objects.order_by("-pk").first()
    assert Entry.objects.count() == before + 1
    assert entry.by == user and entry.version is None
    assert client.get("/es/planes/6/").status_code == 404


def test_norm_may_be_a_document_that_is_there(client):
    client_of(client, Role.EDITOR)
    norm = factories.make_document(
        title_es="Decreto Supremo N° 5", title_en="Decree 5", unofficial={"title_en": ""}
    )
    typed = {name: value for name, value in TYPED.items() if not name.startswith("norm_")}

    client.post(reverse("admin-plan-start"), typed | {"norm": norm.pk})

    plan = Plan.objects.get(number=6)
    assert plan.document == norm
    assert (plan.approval_norm_es, plan.approval_norm_en) == ("Decreto Supremo N° 5", "")


def test_end_is_offered_from_the_start(client):
    client_of(client, Role.EDITOR)

    response = client.post(reverse("admin-plan-start"), TYPED | {"ends_on": "", "years": "4"})

    assert response.status_code == 200 and not Plan.objects.exists()
    assert 'value="2029-12-31"' in response.content.decode()


def test_leap_day_has_an_end():
    from plans.starting import end_of

    assert end_of(date(2028, 2, 29), 2) == date(2030, 2, 28)
    assert end_of(date(2026, 1, 1), 4) == date(2029, 12, 31)


def test_refresh_is_what_the_source_says(client):
    client_of(client, Role.EDITOR)
    words = "El plan se actualiza a los dos años."
    four = {"years": "4", "ends_on": "2029-12-31"}

    refused = client.post(reverse("admin-plan-start"), TYPED | {"refresh": words})
    client.post(reverse("admin-plan-start"), TYPED | four | {"refresh": words, "refresh_place": "Artículo 3"})

    assert refused.status_code == 200
    section = Section.objects.get(plan__number=6)
    assert (section.text_es, section.place) == (words, "Artículo 3")


def test_a_number_that_is_taken_and_a_norm_half_typed_are_told(client, plan):
    client_of(client, Role.EDITOR)

    taken = client.post(reverse("admin-plan-start"), TYPED)
    half = client.post(reverse("admin-plan-start"), TYPED | {"number": "7", "norm_number": ""})

    assert taken.status_code == half.status_code == 200
    assert half.context["form"].errors.keys() == {"norm_number"}
    assert Plan.objects.count() == 1


# What is missing.


def lacks_of(client, plan):
    found = client.get(reverse("admin-plan", args=[plan.number])).context["lacks"]
    return {lack.title: lack for lack in found}


def test_page_lists_what_is_missing_with_a_way_to_each(client, plan):
    client_of(client, Role.EDITOR)

    titles = lacks_of(client, plan)

    named = {title: [words.split()[0] for words, _address in lack.lines] for title, lack in titles.items()}
    assert ["6-3"] in named.values()
    from commitments.gaps import OF_COMMITMENTS, OF_MILESTONES

    gaps = {gap.slug: str(gap.title) for gap in (*OF_COMMITMENTS, *OF_MILESTONES)}
    assert named[gaps["institution"]] == ["6-3"]
    assert named[gaps["milestones"]] == ["6-3"]
    assert named[gaps["end"]] == ["6-1-2"]
    assert len(named[gaps["responsible"]]) == 2
    assert named[[title for title in titles if "number" in title.lower() or "úmero" in title][0]] == ["6-2"]
    for lack in titles.values():
        for _words, address in lack.lines:
            assert client.get(address).status_code in (200, 302), address


def test_what_would_be_refused_has_to_be_mended_before(client, plan):
    user = client_of(client, Role.PUBLISHER)
    with writing():
        Commitment.objects.filter(plan=plan, number=3).update(place="")

    [(row, sentences)] = refusals(plan)
    page = client.get(reverse("admin-plan-publish", args=[6]))

    assert (row.code, sentences) == ("6-3", [Commitment.NO_PLACE % {"name": "6-3"}])
    assert not page.context["is_possible"] and len(page.context["musts"]) == 1
    with pytest.raises(Exception, match="6-3"):
        publish_plan(user, plan, REASON)
    assert Plan.objects.get(pk=plan.pk).status == Status.DRAFT


# Publishing.


def publish(client, plan, **answers):
    address = reverse("admin-plan-publish", args=[plan.number])
    form = client.get(address).context["form"]
    seen = form["seen"].value()
    return client.post(address, {"seen": seen, "confirmed": "on", "reason": REASON} | answers)


def test_publishing_is_one_act(client, plan):
    user = client_of(client, Role.PUBLISHER)

    page = client.get(reverse("admin-plan-publish", args=[6]))
    response = publish(client, plan)

    counted = dict((str(name), n) for name, n in page.context["counted"])
    assert sorted(counted.values()) == [1, 1, 2, 2]
    assert response.url == reverse("admin-plan", args=[6])
    entry = Entry.objects.order_by("-pk").first()
    assert (entry.by, entry.act, entry.reason) == (user, "publish", REASON)
    published = {(change.name) for change in entry.changes.filter(action="published")}
    assert {"6", "6-1", "6-3"} <= published
    assert client.get("/es/planes/6/").status_code == client.get("/es/compromisos/6-1/").status_code == 200
    assert Document.objects.filter(status=Status.DRAFT).count() == 0
    # Nothing is said to be missing or complete of what is no draft any more; its public page is a step away.
    after = client.get(response.url)
    assert ('id="lacking"' in after.content.decode()) == bool(after.context["lacks"])
    assert f'href="{plan.get_absolute_url()}"' in after.content.decode()


def test_what_is_missing_is_confirmed_and_the_reason_is_asked(client, plan):
    client_of(client, Role.PUBLISHER)

    without = publish(client, plan, confirmed="")
    no_reason = publish(client, plan, reason="x")

    assert without.context["form"].errors.keys() == {"confirmed"}
    assert no_reason.context["form"].errors.keys() == {"reason"}
    assert Plan.objects.get(pk=plan.pk).status == Status.DRAFT


def test_what_changed_since_is_told_and_nothing_published(client, plan):
    client_of(client, Role.PUBLISHER)
    seen = version_of_plan(plan)
    with writing(factories.make_editor()):
        commitment = Commitment.objects.get(code="6-1")
        commitment.title_es = "Abrir más datos"
        commitment.save()

    response = publish(client, plan, seen=seen)

    assert [change.name for change in response.context["news"]] == ["6-1"]
    assert Plan.objects.get(pk=plan.pk).status == Status.DRAFT
    again = {"seen": response.context["form"]["seen"].value(), "confirmed": "on", "reason": REASON}
    assert client.post(reverse("admin-plan-publish", args=[6]), again).status_code == 302


@pytest.mark.parametrize("what", ["plan", "milestone"])
def test_nobody_publishes_what_he_wrote(client, plan, what):
    user = client_of(client, Role.PUBLISHER)
    with writing(user):
        if what == "plan":
            plan.title_es = "Plan escrito por él"
            plan.save()
        else:
            factories.make_milestone(commitment=Commitment.objects.get(code="6-1"), number=3)

    page = client.get(reverse("admin-plan-publish", args=[6]))
    response = client.post(
        reverse("admin-plan-publish", args=[6]),
        {"seen": version_of_plan(plan), "confirmed": "on", "reason": REASON},
    )

    assert page.context["own"] == [plan] and not page.context["is_possible"]
    assert response.status_code == 200
    assert Plan.objects.get(pk=plan.pk).status == Status.DRAFT


def test_of_a_public_plan_the_drafts_are_published_all_or_none(client, plan):
    user = client_of(client, Role.PUBLISHER)
    with writing():
        plan.status = Status.PUBLISHED
        plan.save()
    with writing(user):
        mine = Commitment.objects.get(code="6-3")
        mine.title_es = "Escrito por él"
        mine.save()

    refused = client.get(reverse("admin-plan-publish", args=[6]))
    with pytest.raises(Exception):  # noqa: B017 - whatever refuses it
        publish_plan(user, plan, REASON)
    assert refused.context["own"] == [mine]
    assert not Commitment.objects.published().exists()

    client.force_login(factories.make_publisher())
    assert publish(client, plan).status_code == 302
    assert Commitment.objects.published().count() == 2
    assert publish_page_leads_back(client, plan)


def publish_page_leads_back(client, plan):
    response = client.get(reverse("admin-plan-publish", args=[plan.number]))
    return response.status_code == 302 and [str(each) for each in get_messages(response.wsgi_request)]


def test_what_a_file_adds_to_a_public_plan_is_a_draft():
    plan = factories.make_plan(number=6)
    row = {"plan": "6", "number": "1", "title_es": "Abrir los datos", "document": plan.document.slug}

    outcomes = load(CommitmentResource(user=factories.make_editor()), row | {"place": "Anexo"})

    assert faults(outcomes) == ""
    commitment = Commitment.objects.get(code="6-1")
    assert (commitment.status, commitment.is_public) == (Status.DRAFT, False)
    assert list(plans_in_the_making(factories.make_editor())) == [plan]


def heading(client, address):
    return client.get(address).context["title"]


def test_page_of_a_plan_says_what_it_is(client, plan):
    """In the making, published, added to: with titles and words of their own."""
    client_of(client, Role.PUBLISHER)
    page, publishing = (pages(plan)[name] for name in ("plan", "publish"))
    with translation.override("es"):
        number = {"number": plan.roman}
        making = _("Plan %(number)s in the making") % number
        done = _("Plan %(number)s, published") % number
        added = _("Plan %(number)s: what is added to it") % number
        publishes, publishes_more = (
            _(text) % number
            for text in ("Publish plan %(number)s", "Publish what is added to plan %(number)s")
        )
    assert (heading(client, page), heading(client, publishing)) == (making, publishes)

    publish(client, plan)
    body = client.get(page).content.decode()
    assert heading(client, page) == done
    assert (making in body, 'id="drafts"' in body) == (False, False)

    factories.make_commitment(plan=plan, number=4, status=Status.DRAFT)
    assert (heading(client, page), heading(client, publishing)) == (added, publishes_more)
    assert 'id="drafts"' in client.get(page).content.decode()


# The preview.

PREVIEWED = [
    "es/planes/6/",
    "en/plans/6/",
    "es/compromisos/6-1/",
    "es/compromisos/?plan=6",
    "es/planes/",
    "es/",
    "es/seguimiento/",
    "es/entidades/pcm/",
    "es/buscar/?q=datos",
    "es/cambios/",
]


def bare(response, prefix=""):
    """Return a page without what tells the preview apart, and without what follows from the moment."""
    body = response.content.decode()
    body = re.sub(r'<aside class="preview".*?</aside>\n*', "", body, flags=re.DOTALL)
    body = body.replace('<meta name="robots" content="noindex">\n', "")
    if prefix:
        for before, after in ((prefix, "/"), (quote(prefix, safe=""), quote("/", safe=""))):
            body = body.replace(before, after)
    return re.sub(r"\n+", "\n", body)


def fresh(client, path):
    for cache in caches.all():
        cache.clear()
    return client.get(f"/{path}")


def test_preview_is_what_the_public_gets_after_publishing(client, plan):
    prefix = "/admin/vista-previa/6/"
    client_of(client, Role.PUBLISHER)
    before = Version.stamp(), Entry.objects.count(), Change.objects.count()

    previewed = {path: client.get(prefix + path) for path in PREVIEWED}

    assert (Version.stamp(), Entry.objects.count(), Change.objects.count()) == before
    publish_plan(None, plan, "")
    client.logout()
    for path, response in previewed.items():
        assert bare(response, prefix) == bare(fresh(client, path)), path
        assert "no-store" in response.headers["Cache-Control"]
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert "noindex" in response.content.decode() and 'class="preview"' in response.content.decode()


def test_nothing_of_a_preview_is_in_the_next_answers(client, plan):
    paths = [
        "es/planes/",
        "es/",
        "es/planes/6/",
        "es/compromisos/",
        "es/buscar/?q=datos",
        "api/v1/commitments/",
        "api/v1/plans/",
    ]
    before = {path: (fresh(client, path).status_code, fresh(client, path).content) for path in paths}
    client_of(client, Role.EDITOR)
    for path in PREVIEWED:
        client.get(f"/admin/vista-previa/6/{path}")
    client.logout()

    after = {path: client.get(f"/{path}") for path in paths}

    assert {path: (each.status_code, each.content) for path, each in after.items()} == before
    assert get_script_prefix() == "/"
    assert not Commitment.objects.published().exists()


def test_links_of_a_preview_lead_on_within_it(client, plan):
    client_of(client, Role.EDITOR)

    body = client.get("/admin/vista-previa/6/es/planes/6/").content.decode()

    assert 'href="/admin/vista-previa/6/es/compromisos/6-1/"' in body
    links = set(re.findall(r'(?:href|action)="(/[^"#?]*)', body))
    outside = {link for link in links if not link.startswith(("/admin/vista-previa/6/", "/static/"))}
    assert outside == {reverse("admin-plan", args=[6])}
    assert "/static/" in body


def test_preview_of_nothing_is_not_there(client, plan):
    client_of(client, Role.EDITOR)
    factories.make_plan(number=7)

    assert client.get("/admin/vista-previa/7/es/planes/7/").status_code == 404
    assert client.get("/admin/vista-previa/99/es/planes/6/").status_code == 404
    assert client.get("/admin/vista-previa/6/es/planes/99/").status_code == 404
    assert client.post("/admin/vista-previa/6/es/planes/6/").status_code == 404
    assert client.get("/admin/vista-previa/6/api/v1/plans/").url == "/api/v1/plans/"


def test_looking_leaves_the_row_of_whoever_looks_as_it_is(client, plan):
    client_of(client, Role.EDITOR)

    assert client.get(reverse("admin-plan", args=[6])).context["is_draft"]
    with as_published(plan):
        assert plan.status == Status.DRAFT


def test_error_in_a_preview_leaves_nothing(plan):
    with pytest.raises(ZeroDivisionError), as_published(plan):
        assert Commitment.objects.published().count() == 2
        raise ZeroDivisionError

    assert not Commitment.objects.published().exists()
    assert not connection.needs_rollback


def test_starting_asks_for_the_right():
    from django.core.exceptions import PermissionDenied

    for user in (factories.make_focal_point(), factories.make_user(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            start_plan(user, norm=None, place="", period="", number=9)
