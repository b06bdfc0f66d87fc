"""Addresses of the API: everything is under /api/v1/."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from commitments import api as commitments
from ogp_portal.common.viewsets import Description, Root
from plans import api as plans

router = SimpleRouter()
router.register("plans", plans.PlanViewSet, basename="plan")
router.register("reports", plans.ReportViewSet, basename="report")
router.register("commitments", commitments.CommitmentViewSet, basename="commitment")
router.register("milestones", commitments.MilestoneViewSet, basename="milestone")
router.register("assessments", commitments.AssessmentViewSet, basename="assessment")
router.register("updates", commitments.UpdateViewSet, basename="update")
router.register("entities", commitments.EntityViewSet, basename="entity")
router.register("themes", plans.ThemeViewSet, basename="theme")
router.register("policy-areas", commitments.PolicyAreaViewSet, basename="policy-area")
router.register("levels", commitments.LevelViewSet, basename="level")
router.register("codes", commitments.CodeViewSet, basename="code")

lists = {prefix: f"{basename}-list" for prefix, _viewset, basename in router.registry}

app_name = "api"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:root", query_string=True)),
    path(
        f"{settings.API_VERSION}/",
        include(
            [
                path("", Root.as_view(lists=lists | {"schema": "schema"}), name="root"),
                path("schema/", Description.as_view(), name="schema"),
                *router.urls,
            ]
        ),
    ),
]
