"""What the pages of the real record ask of the database, read on a day that nobody asked for before."""

import pytest

from entities.models import Entity
from plans.models import Plan, Report
from tests.pages import address, queries
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

MOST = 12


def costly(client, name, *keys):
    """Return {page: its queries} of those pages with an address that take more than MOST."""
    paths = [address(name, *key) for key in keys]
    queries(client, paths[0])  # the first request of a process may learn what the others know
    found = {path: queries(client, f"{path}?as_of=2019-05-04") for path in paths}
    return {path: number for path, number in found.items() if number > MOST}


@pytest.mark.parametrize("name", ["home", "plans:plan-list", "entities:entity-list"])
def test_page_that_exists_once_takes_few_queries(client, name):
    assert costly(client, name, ()) == {}


@pytest.mark.parametrize(
    ("model", "name", "key"),
    [
        (Plan, "plans:plan-detail", "number"),
        (Report, "plans:report-detail", "slug"),
        (Entity, "entities:entity-detail", "slug"),
    ],
)
def test_page_of_a_row_takes_few_queries(client, model, name, key):
    assert costly(client, name, *model.objects.published().values_list(key)) == {}
