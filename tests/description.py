"""The API's own OpenAPI description, against which tests hold its answers."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from ogp_portal.wsgi import application

# Compressed answers would be compared with the description as they are.
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers=HEADERS)
# Every boundary of every parameter would be two thousand requests more.
schema.config.phases.update(phases=["fuzzing"])


@pytest.fixture
def no_closing():
    """Keep a raw WSGI call from closing the connection that holds the test's transaction.

    Django's test client must not be used beside it: after a request it connects the signals again.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
