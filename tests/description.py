"""The API's own OpenAPI description, against which tests hold its answers."""

import schemathesis

from ogp_portal.wsgi import application

# Compressed answers would be compared with the description as they are.
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}
# While tests are collected there is no database to ask for the version; who names himself gets nothing kept.
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/schema/", application, headers=HEADERS | {"Authorization": "None"}
)
# Every boundary of every parameter would be two thousand requests more.
schema.config.phases.update(phases=["fuzzing"])
