"""Addresses of plans, their reports, documents and recommendations."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "plans"
urlpatterns = [
    path(
        _("plans/"),
        include(
            [
                path("", views.PlanList.as_view(), name="plan-list"),
                path("<int:number>/", views.PlanDetail.as_view(), name="plan-detail"),
                path(
                    "<int:number>/", include([path(_("text/"), views.PlanText.as_view(), name="plan-text")])
                ),
            ]
        ),
    ),
    path(
        _("reports/"),
        include(
            [
                path("<slug:slug>/", views.ReportDetail.as_view(), name="report-detail"),
                path(
                    "<slug:slug>/",
                    include([path(_("text/"), views.ReportText.as_view(), name="report-text")]),
                ),
            ]
        ),
    ),
    path(
        _("documents/"),
        include(
            [
                path("", views.DocumentList.as_view(), name="document-list"),
                path("<slug:slug>/", views.DocumentDetail.as_view(), name="document-detail"),
            ]
        ),
    ),
    path(_("recommendations/"), views.RecommendationList.as_view(), name="recommendation-list"),
]
