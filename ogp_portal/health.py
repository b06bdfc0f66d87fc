"""What the portal says to whoever watches over the server: /healthz and /readyz.

They are asked by any name or address, over plain http: so they are answered before the host is checked.
"""

from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse


class Probes:
    """Answers the two addresses, before anything else looks at the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = PROBES.get(request.path_info)
        return answer() if answer else self.get_response(request)


def healthz():
    """Answer 'ok': the process is alive. Where it does not answer, the process must be started again."""
    return said("ok")


def readyz():
    """Answer 'ready' if the portal can be read, else 503 with what is missing: send readers elsewhere."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not is_migrated():
            return said("migrations are missing: run manage.py migrate", 503)
    except Error:
        return said("the database does not answer", 503)
    return said("ready")


def is_migrated():
    """Tell whether the database has every migration; once it has, it is not asked again."""
    if not _seen:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _seen.add(DEFAULT_DB_ALIAS)
    return True


def said(words, status=200):
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(words, status=status, content_type="text/plain", headers=headers)


_seen = set()
PROBES = {"/healthz": healthz, "/readyz": readyz}
