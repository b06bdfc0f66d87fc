"""The real record in the database for the tests of a module, and what these tests share.

    from tests.record import record  # noqa: F401

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

The mark django_db gives each test a transaction of its own: what it writes is gone after it.
"""

import unicodedata

import pytest
from django.apps import apps

from tests.record.copies import filled
from tests.sources import fold


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """Have the files of `fixtures/` in the test database, until the module's last test."""
    with django_db_blocker.unblock(), filled():
        yield


def models_of_the_record():
    """Return the models that the files fill, without those that keep their history."""
    found = [
        model
        for app in ("entities", "plans", "commitments")
        for model in apps.get_app_config(app).get_models()
    ]
    return [model for model in found if not model.__name__.startswith("Historical")]


def bare(text):
    """Return a text in lower case, without accents and without its final full stop."""
    plain = unicodedata.normalize("NFKD", fold(text).lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).removesuffix(".")
