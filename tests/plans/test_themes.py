"""Themes: public with their plan or, in a plan that is public, with the first commitment that has them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from plans.models import Plan, Theme
from plans.publishing import as_published, counted, publish_plan
from record.actions import publish
from record.models import Change
from record.publication import Status
from record.writing import NamesDraft, WriteRefused, writing
from tests.api import get
from tests.desk.rows import client_of
from tests.factories import (
    make_commitment,
    make_declared_figure,
    make_document,
    make_editor,
    make_plan,
    make_publisher,
    make_report,
    make_section,
    make_theme,
)

pytestmark = pytest.mark.django_db

NAME = "Apertura de los ríos"


@pytest.fixture
def plan():
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=1, theme=make_theme(plan=plan, slug="7-salud"))
    make_report(plan=plan, slug="7-report")
    return plan


@pytest.fixture
def theme(plan):
    return make_theme(plan=plan, slug="7-rios", name_es=NAME, status=Status.DRAFT)


def shows(client, theme):
    """Return where the public is told of a theme: its address, lists, what may be asked for, pages."""
    pages = ["planes/7", "informes/7-report", "compromisos", "seguimiento", "cambios"]
    told = {page for page in pages if theme.name_es in client.get(f"/es/{page}/").content.decode()}
    if client.get(f"/api/v1/themes/{theme.slug}/").status_code == 200:
        told.add("address")
    if theme.slug in [each["slug"] for each in get(client, "themes/")["results"]]:
        told.add("list")
    if client.get(f"/api/v1/commitments/?theme={theme.slug}").status_code == 200:
        told.add("filter")
    by_theme = get(client, "plans/7/compliance/")["reports"][0]["by_theme"]
    if theme.slug in [row["theme"]["slug"] for row in by_theme if row["theme"]]:
        told.add("compliance")
    return told


def is_public(theme):
    return Theme.objects.published().filter(pk=theme.pk).exists()


def test_theme_of_a_public_plan_is_told_nowhere_until_it_is_published(client, plan, theme):
    assert shows(client, theme) == set()

    publish(None, theme)

    told = shows(client, theme)
    assert {"address", "list", "filter", "compliance", "informes/7-report", "cambios"} <= told


def test_theme_that_somebody_adds_to_a_public_plan_is_a_draft(plan):
    columns = {"document": plan.document, "place": "p. 1", "slug": "7-rios", "name_es": NAME}
    with writing(make_editor()):
        theme = Theme.objects.create(plan=plan, **columns)

    assert not is_public(theme)
    assert Change.objects.of(theme).get().public_at is None


def test_theme_is_published_with_the_first_commitment_that_has_it(client, plan, theme):
    drafts = [
        make_commitment(plan=plan, number=number, theme=theme, status=Status.DRAFT) for number in (2, 3)
    ]
    assert shows(client, theme) == set()
    with as_published(plan) as refused:
        assert (refused, is_public(theme)) == ([], True)
    assert not is_public(theme)

    publish(None, drafts[0])

    assert is_public(theme)
    assert "planes/7" in shows(client, theme)
    entry = Change.objects.of(theme).order_by("-pk").first().entry
    assert entry == Change.objects.of(drafts[0]).order_by("-pk").first().entry
    publish(None, drafts[1])


def test_theme_is_published_with_its_plan_even_where_no_commitment_has_it():
    plan = make_plan(number=8, status=Status.DRAFT)
    theme = make_theme(plan=plan)
    assert (theme.status, is_public(theme)) == (Status.DRAFT, False)
    assert [n for name, n in counted([plan]) if name == Theme._meta.verbose_name] == [1]

    publish_plan(None, plan, "")

    assert is_public(theme)


def test_theme_is_not_published_before_its_plan():
    theme = make_theme(plan=make_plan(status=Status.DRAFT))

    with pytest.raises(WriteRefused) as refused:
        publish(None, theme)

    assert refused.value.code == "of_draft"


def test_document_of_a_theme_is_published_with_it(plan):
    letter = make_document(status=Status.DRAFT)
    theme = make_theme(plan=plan, document=letter, status=Status.DRAFT)

    publish(None, make_commitment(plan=plan, number=2, theme=theme, status=Status.DRAFT))

    letter.refresh_from_db()
    assert letter.status == Status.PUBLISHED


def test_whoever_wrote_a_theme_publishes_neither_it_nor_what_it_goes_with(plan):
    writer = make_publisher()
    with writing(writer):
        theme = make_theme(plan=plan, status=Status.DRAFT)
    draft = make_commitment(plan=plan, number=2, theme=theme, status=Status.DRAFT)

    for row in (theme, draft):
        with pytest.raises(PermissionDenied):
            publish(writer, row)
    assert not is_public(theme)

    publish(make_publisher(), draft)
    assert is_public(theme)


@pytest.mark.parametrize("kind", ["commitment", "section", "figure"])
def test_what_is_public_is_given_no_theme_that_is_a_draft(plan, theme, kind):
    row = {
        "commitment": lambda: plan.commitments.get(number=1),
        "section": lambda: make_section(plan=plan),
        "figure": lambda: make_declared_figure(plan=plan, report=None),
    }[kind]()

    with pytest.raises(NamesDraft), writing(reason="Es de otro tema"):
        row.theme = theme
        row.save()

    publish(None, theme)
    with writing(reason="Es de otro tema"):
        row.theme = theme
        row.save()


def test_report_is_published_with_the_themes_that_its_texts_name(plan, theme):
    report = make_report(plan=plan, coverage="partial", status=Status.DRAFT)
    make_section(report=report, theme=theme)
    make_declared_figure(report=report, theme=theme)

    publish(None, report)

    assert is_public(theme)


def test_button_of_the_form_publishes_a_theme(plan, theme):
    publisher = client_of(make_publisher())
    where = reverse("admin:plans_theme_act", args=[theme.pk, "publish"])

    form = publisher.get(where).context["form"]
    publisher.post(where, {"seen": form["seen"].value(), "reason": "La norma agrega el tema"})

    assert is_public(theme)


def test_theme_stays_published(plan):
    theme = plan.themes.get()

    with pytest.raises(WriteRefused, match=theme.slug), writing(reason="Nadie lo quiere más"):
        theme.status = Status.DRAFT
        theme.save()
    assert Plan.objects.get(number=7).said_themes == [theme]
