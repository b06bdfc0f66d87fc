"""The real record, loaded once for the tests of a module.

    from tests.record import record  # noqa: F401

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

The mark django_db gives each test a transaction of its own inside the one that holds the record.
"""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from ogp_portal.record import load_record


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """Load the files of `fixtures/` into the test database; take them out after the module's last test."""
    with django_db_blocker.unblock():
        # Django finds this out with statements of its own, which it cannot run inside a transaction.
        assert connection.features.supports_transactions
        with transaction.atomic():
            with translation.override("en"):
                outcome = load_record(settings.FIXTURES_DIR)
            yield outcome
            transaction.set_rollback(True)
