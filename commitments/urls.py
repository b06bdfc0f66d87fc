"""Addresses of commitments."""

from django.urls import path

from . import views

app_name = "commitments"
urlpatterns = [
    path("", views.CommitmentList.as_view(), name="commitment-list"),
    path("<slug:code>/", views.CommitmentDetail.as_view(), name="commitment-detail"),
]
