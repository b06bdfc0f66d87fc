"""Two real workers before a real database: what a reader gets of the one and of the other."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.core.cache import caches
from django.db import connection

from tests import factories
from tests.record.processes import new_database, run, surroundings

PAGE, OTHER = "/es/planes/1/", "/en/plans/1/"
# So often that both workers are asked.
TIMES = 12
MAKE = """
import django
django.setup()
from tests import factories
factories.make_plan(number=1, title_es="Cambio 0")
"""
CHANGE = """
import sys
import django
django.setup()
from plans.models import Plan
from record.writing import writing
for line in sys.stdin:
    with writing(reason="Errata de imprenta"):
        Plan.objects.update(title_es=line.strip())
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker):
    url = new_database("workers", tmp_path_factory.mktemp("workers"), django_db_blocker)
    run(url, MAKE)
    return url


@pytest.fixture(scope="module")
def slow_folder(tmp_path_factory):
    """Where the server leaves a file for each slow page that it makes."""
    return tmp_path_factory.mktemp("slow")


@pytest.fixture(scope="module")
def port(database, slow_folder):
    """The port of a server with two workers, as README has it."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "2", "--port", str(port)]
    command += ["--respawn-failed-workers", "ogp_portal.asgi:application"]
    server_of = surroundings(database)
    server_of["env"] |= {"DJANGO_SETTINGS_MODULE": "tests.workers", "SLOW_FOLDER": str(slow_folder)}
    # Nobody reads what it says, and a full pipe would stop it.
    server = subprocess.Popen(command, **server_of | {"stdout": subprocess.DEVNULL})
    try:
        for _ in range(300):
            time.sleep(0.1)
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def ask(port, path=PAGE, host="localhost"):
    """Ask once on a new connection, which either worker may take; return status, headers and words."""
    with closing(http.client.HTTPConnection(host, port, timeout=30)) as client:
        client.request("GET", path)
        response = client.getresponse()
        return response.status, response.headers, response.read().decode()


def asked(port, path=PAGE):
    return [ask(port, path) for _ in range(TIMES)]


@pytest.fixture
def editor(database):
    """A process that writes what it is told."""
    arguments = surroundings(database) | {"stdin": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", CHANGE], **arguments) as process:
        yield process
        process.stdin.close()


def test_both_workers_tell_a_change_at_the_next_request(port, editor):
    for number in range(1, 7):
        editor.stdin.write(f"Cambio {number}\n")
        editor.stdin.flush()
        assert editor.stdout.readline() == "done\n"

        answers = asked(port)

        assert {status for status, *_ in answers} == {200}
        assert [f"Cambio {number}" in words for *_, words in answers] == TIMES * [True]
        assert len({headers["ETag"] for _, headers, _ in answers}) == 1


def test_workers_go_on_without_the_database_and_are_well_when_it_is_back(port, database, django_db_blocker):
    if connection.vendor == "sqlite":
        # A file that a worker has open is there for it, wherever it is moved; tests/test_finished.py has what
        # a worker does when reading fails.
        return
    asked(port)

    def do(sql):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(sql)

    do("ALTER DATABASE workers ALLOW_CONNECTIONS false")
    try:
        do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'workers'")
        assert {status for status, *_ in asked(port)} == {200}
        for status, headers, _ in asked(port, OTHER):
            assert (status, headers["Retry-After"]) == (503, "30")
    finally:
        do("ALTER DATABASE workers ALLOW_CONNECTIONS true")
    time.sleep(1.1)

    for path in (PAGE, OTHER):
        assert {status for status, *_ in asked(port, path)} == {200}


def test_health_is_told_by_address_while_every_worker_is_busy(port):
    with ThreadPoolExecutor(8) as pool:
        busy = [pool.submit(ask, port, "/slow/") for _ in range(8)]
        time.sleep(0.3)
        # By number, as a watch asks, which no other page answers.
        told = [ask(port, "/healthz", host="127.0.0.1")[::2] for _ in range(TIMES)]
        still_busy = [each for each in busy if not each.done()]

        assert told == TIMES * [(200, "ok")]
        assert len(still_busy) >= 4
        assert {each.result()[0] for each in busy} == {200}
    assert ask(port, "/readyz", host="127.0.0.1")[::2] == (200, "ready")
    assert ask(port, PAGE, host="127.0.0.1")[0] == 400


def test_nothing_is_made_for_who_has_left(port, slow_folder):
    before = len(list(slow_folder.iterdir()))
    for _ in range(20):
        with closing(socket.create_connection(("127.0.0.1", port))) as client:
            client.sendall(b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.02)

    assert {status for status, *_ in asked(port)} == {200}
    assert len(list(slow_folder.iterdir())) - before < 8


def test_a_worker_that_dies_is_started_again(port):
    def workers():
        return {int(ask(port, "/worker/")[2]) for _ in range(2 * TIMES)}

    before = workers()
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    time.sleep(0.2)

    assert {status for status, *_ in asked(port)} == {200}
    for _ in range(30):
        if len(after := workers()) == 2:
            break
        time.sleep(1)
    assert len(after - before) == 1


@pytest.fixture
def redis(tmp_path):
    """The address of a Redis."""
    place = tmp_path / "redis"
    command = [shutil.which("redis-server"), "--port", "0", "--unixsocket", place, "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path) as server:
        while not place.exists():
            time.sleep(0.05)
        yield f"unix://{place}"
        server.terminate()


@pytest.mark.django_db
def test_workers_share_what_a_redis_keeps(client, redis, settings, monkeypatch):
    monkeypatch.setitem(os.environ, "CACHE_URL", redis)
    from ogp_portal.settings import _caches

    settings.CACHES = _caches()
    factories.make_commitment(title_es="Antes")
    first = client.get("/es/compromisos/", headers={"Accept-Encoding": "gzip"})
    # Another worker has nothing in its memory.
    caches["answers"].close()

    again = client.get("/es/compromisos/", headers={"Accept-Encoding": "gzip"})

    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))
    assert again.templates == []
    assert first.templates != []
