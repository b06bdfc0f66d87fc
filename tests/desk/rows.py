"""Rows of the desk's tests: milestones of an entity, and updates that somebody submitted."""

from datetime import timedelta

from django.test import Client

from commitments import actions
from record.dates import today
from tests.factories import make_milestone, make_milestone_responsible


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def milestone_of(entity, days=None, **columns):
    """Make a milestone for which an entity answers, due so many days from today; without `days` on no day."""
    ends_on = None if days is None else today() + timedelta(days=days)
    milestone = make_milestone(ends_on=ends_on, ends_as_printed="", **columns)
    make_milestone_responsible(milestone=milestone, entity=entity)
    return milestone


def draft_by(user, milestone, **says):
    """Let somebody draft that a milestone is complete."""
    says = {"as_of": today(), "status": "complete", "text_es": "Se concluyó el hito"} | says
    return actions.report_progress(user, milestone, document=milestone.document, place="p. 2", **says)


def submitted_by(user, milestone, **says):
    return actions.submit(user, draft_by(user, milestone, **says))


def lines_of(client, slug):
    """Return the lines of a section of the desk; None where there is no such section."""
    section = section_of(client, slug)
    return section and section.lines


def section_of(client, slug):
    response = client.get("/admin/")
    assert response.status_code == 200
    return next((each for each in response.context["sections"] if each.slug == slug), None)
