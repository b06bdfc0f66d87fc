"""Addresses of plans and of their reports."""

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
            ]
        ),
    ),
    path(_("reports/"), include([path("<slug:slug>/", views.ReportDetail.as_view(), name="report-detail")])),
]
