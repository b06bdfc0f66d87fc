"""A day, a mail server on this machine, and a focal point with a milestone."""

from datetime import date, timedelta

import pytest

from ogp_portal.settings import _mail
from tests.accounts.smtp import MailServer
from tests.factories import make_commitment as make
from tests.factories import (
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
)

# A Wednesday.
ON = date(2026, 11, 25)
PASSWORD = "una clave larga 2026"


@pytest.fixture
def server(settings):
    """A mail server that the settings name, and the public address."""
    with MailServer() as server:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
        for name, value in _mail(settings.EMAIL_URL).items():
            setattr(settings, name, value)
        settings.PORTAL_ADDRESS = "https://portal.example"
        yield server


@pytest.fixture
def entity():
    return make_entity(acronym="MINX")


@pytest.fixture
def focal(entity):
    return make_focal_point(entity, email="punto-focal@x.example", password=PASSWORD)


@pytest.fixture
def commitment():
    return make(plan=make_plan(starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31)))


@pytest.fixture
def due(commitment, entity):
    """Return a function that makes a milestone of the entity, due so many days after a day."""

    def make_due(days, on=ON, of=entity, **columns):
        milestone = make_milestone(**{"commitment": commitment, "ends_on": on + timedelta(days)} | columns)
        make_milestone_responsible(milestone=milestone, entity=of)
        return milestone

    return make_due
