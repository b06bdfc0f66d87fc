"""What the public sees: each model says it once, and the database, a row in memory and every filter obey."""

from itertools import product

import pytest
from django.db.models import Q
from django.urls import reverse

from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    Finding,
    Milestone,
    Responsibility,
    Update,
)
from faces.filters import RowFilter
from ogp_portal.api_urls import router
from plans.models import DeclaredFigure, Plan, Recommendation, Report, Section, Theme
from record.kinds import kinds
from record.models import Document
from record.publication import Public, Status, without_annulment
from tests import factories
from tests.api import errors, get

pytestmark = pytest.mark.django_db


class Way:
    """The rows on the way to a row, each a draft or published, made where they are asked for."""

    def __init__(self, **statuses):
        self.statuses = statuses
        self.own = statuses.get("own")
        self.plan = factories.make_plan(status=statuses.get("plan", Status.PUBLISHED))
        self.report = None
        if "report" in statuses:
            self.report = factories.make_report(plan=self.plan, status=statuses["report"])

    def commitment(self):
        return factories.make_commitment(plan=self.plan)

    def milestone(self):
        return factories.make_milestone(commitment=self.commitment())

    def update(self):
        return factories.make_update(milestone=self.milestone(), report=self.report, workflow=self.own)

    def assessment(self):
        return factories.make_assessment(report=self.report, commitment=self.commitment())


# (model, what is published on the way to it, the row itself as "own"; how one is made)
WAYS = [
    (Document, ["own"], lambda way: factories.make_document(status=way.own)),
    (Plan, ["plan"], lambda way: way.plan),
    (Theme, ["plan"], lambda way: factories.make_theme(plan=way.plan)),
    (Report, ["plan", "report"], lambda way: way.report),
    (
        Recommendation,
        ["plan", "report", "own"],
        lambda way: factories.make_recommendation(report=way.report, status=way.own),
    ),
    (Section, ["plan"], lambda way: factories.make_section(plan=way.plan)),
    (Section, ["plan", "report"], lambda way: factories.make_section(report=way.report)),
    (DeclaredFigure, ["plan"], lambda way: factories.make_declared_figure(plan=way.plan, report=None)),
    (
        DeclaredFigure,
        ["plan", "report"],
        lambda way: factories.make_declared_figure(plan=way.plan, report=way.report),
    ),
    (Commitment, ["plan"], Way.commitment),
    (Responsibility, ["plan"], lambda way: factories.make_responsibility(commitment=way.commitment())),
    (
        Responsibility,
        ["plan", "report"],
        lambda way: factories.make_responsibility(commitment=way.commitment(), report=way.report),
    ),
    (Assessment, ["plan", "report"], Way.assessment),
    (Finding, ["plan"], lambda way: factories.make_finding(commitment=way.commitment())),
    (
        Finding,
        ["plan", "report"],
        lambda way: factories.make_finding(commitment=way.commitment(), report=way.report),
    ),
    (Milestone, ["plan"], Way.milestone),
    (Update, ["plan", "own"], Way.update),
    (Update, ["plan", "report", "own"], Way.update),
    (Evidence, ["plan"], lambda way: factories.make_evidence(commitment=way.commitment())),
    (Evidence, ["plan"], lambda way: factories.make_evidence(milestone=way.milestone())),
    (Evidence, ["plan", "report"], lambda way: factories.make_evidence(assessment=way.assessment())),
    (Evidence, ["plan", "own"], lambda way: factories.make_evidence(update=way.update())),
    (Evidence, ["plan", "report", "own"], lambda way: factories.make_evidence(update=way.update())),
]


def statuses_of(levels):
    """Yield every way in which some rows are drafts or published."""
    for statuses in product([Status.DRAFT, Status.PUBLISHED], repeat=len(levels)):
        yield dict(zip(levels, statuses, strict=True))


def test_every_kind_that_may_be_a_draft_has_its_ways():
    conditional = {
        kind.model for kind in kinds() if issubclass(kind.model, Public) and kind.model.published_with("")
    }

    # What is part of a row goes with it (test_said.py).
    assert {model for model in conditional if not model.part_of} <= {model for model, _levels, _make in WAYS}


@pytest.mark.parametrize(
    ("model", "levels", "make"), WAYS, ids=[f"{model.__name__} {levels}" for model, levels, _make in WAYS]
)
def test_row_is_public_if_all_on_its_way_is_published(model, levels, make):
    for statuses in statuses_of(levels):
        pk = make(Way(**statuses)).pk
        is_public = set(statuses.values()) == {Status.PUBLISHED}

        assert model.objects.published().filter(pk=pk).exists() == is_public, statuses
        assert model.objects.get(pk=pk).is_public == is_public, statuses


# Identifiers of drafts in filters.

FILTERS = [
    (prefix, name, param)
    for prefix, viewset, _basename in router.registry
    for name, param in getattr(viewset, "filterset_class", None).base_filters.items()
    if isinstance(param, RowFilter) and param.extra["model"].published_with("")
]
PAGES = {
    "commitments:commitment-list": ["plan", "theme", "report"],
    "follow-up": ["plan"],
    "entities:entity-list": ["plan"],
    "plans:document-list": ["plan", "report"],
    "plans:recommendation-list": ["plan", "report"],
    "search": ["plan"],
}


def named(param, **statuses):
    """Return the identifier of a new row that a parameter may name, on the first way to its model."""
    model = param.extra["model"]
    levels, make = next((levels, make) for each, levels, make in WAYS if each is model)
    row = make(Way(**dict.fromkeys(levels, Status.PUBLISHED) | statuses))
    return str(getattr(row, param.extra.get("key", "slug")))


@pytest.mark.parametrize(
    ("prefix", "name", "param"), FILTERS, ids=[f"{prefix} {name}" for prefix, name, _param in FILTERS]
)
def test_identifier_of_a_draft_is_unknown_to_every_filter_of_the_api(client, prefix, name, param):
    get(client, f"{prefix}/", **{name: named(param)})

    drafts = [named(param, plan=Status.DRAFT)]
    if param.extra["model"] is Report:
        drafts.append(named(param, report=Status.DRAFT))
    for draft in drafts:
        assert errors(client, f"{prefix}/", **{name: draft}) == [(name, "unknown_value")]


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in PAGES.items() for name in names])
def test_identifier_of_a_draft_is_unknown_to_the_filters_of_pages(client, page, name):
    param = next(param for _prefix, each, param in FILTERS if each == name)
    address = reverse(page)

    assert client.get(address, {name: named(param)}).status_code == 200
    assert client.get(address, {name: named(param, plan=Status.DRAFT)}).status_code == 400


def test_a_condition_of_which_one_part_asks_for_annulment_alone_asks_for_nothing_without_it():
    """None, or one that stands: where the annulled one may be read, all of them may."""
    condition = Q(report__isnull=True) | Q(report__annulled_at__isnull=True)

    assert without_annulment(condition) == Q()
    assert without_annulment(condition & Q(plan__status="published")) == Q(plan__status="published")
    assert without_annulment(Q(annulled_at__isnull=True) & Q(status="published")) == Q(status="published")
