"""Addresses of the API: everything is under /api/v1/."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from commitments import api as commitments
from ogp_portal.common.viewsets import Description, Docs, Root
from plans import api as plans

from .api import SearchViewSet

router = SimpleRouter()
router.register("plans", plans.PlanViewSet, basename="plan")
router.register("reports", plans.ReportViewSet, basename="report")
router.register("commitments", commitments.CommitmentViewSet, basename="commitment")
router.register("milestones", commitments.MilestoneViewSet, basename="milestone")
router.register("assessments", commitments.AssessmentViewSet, basename="assessment")
router.register("updates", commitments.UpdateViewSet, basename="update")
router.register("evidence", commitments.EvidenceViewSet, basename="evidence")
router.register("entities", commitments.EntityViewSet, basename="entity")
router.register("recommendations", plans.RecommendationViewSet, basename="recommendation")
router.register("sections", plans.SectionViewSet, basename="section")
router.register("figures", plans.FigureViewSet, basename="figure")
router.register("documents", plans.DocumentViewSet, basename="document")
router.register("terms", plans.TermViewSet, basename="term")
router.register("themes", plans.ThemeViewSet, basename="theme")
router.register("policy-areas", commitments.PolicyAreaViewSet, basename="policy-area")
router.register("levels", commitments.LevelViewSet, basename="level")
router.register("codes", commitments.CodeViewSet, basename="code")

lists = {prefix: f"{basename}-list" for prefix, _viewset, basename in router.registry} | {
    "search": "search-list"
}

app_name = "api"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:root", query_string=True)),
    path(
        f"{settings.API_VERSION}/",
        include(
            [
                path("", Root.as_view(lists=lists | {"schema": "schema", "docs": "docs"}), name="root"),
                path("search/", SearchViewSet.as_view({"get": "list"}), name="search-list"),
                path("schema/", Description.as_view(), name="schema"),
                path("docs/", Docs.as_view(), name="docs"),
                *router.urls,
            ]
        ),
    ),
]
