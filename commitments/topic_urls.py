"""Addresses of topics."""

from django.urls import path

from . import topic_views

app_name = "topics"
urlpatterns = [
    path("", topic_views.TopicList.as_view(), name="topic-list"),
    path("<slug:slug>/", topic_views.TopicDetail.as_view(), name="topic-detail"),
]
