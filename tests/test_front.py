"""The door before the portal: what it answers by itself, who waits, and for whom nothing is made any more."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from faces.time_limit import TookTooLong
from ogp_portal import front as door
from ogp_portal.front import Front, environ_of


def run(scene):
    """Run a scene in a thread of its own: Playwright keeps an event loop in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scene).result()


class Portal:
    """Stands for Django: it remembers what it was asked, and waits at /slow/ until it is `released`."""

    def __init__(self):
        self.asked = []
        self.began = threading.Event()
        self.released = threading.Event()
        self.answers = {}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == "/slow/":
            self.began.set()
            assert self.released.wait(10)
        answer = self.answers.get(path) or HttpResponse(environ["wsgi.input"].read() or path)
        start_response(f"{answer.status_code} x", list(answer.items()))
        return answer


class Client:
    """A client of an ASGI application, whose connection ends when it `leaves`."""

    def __init__(self, front, path, method="GET", headers=None, body=(b"",), query=b""):
        self.front = front
        self.scope = scope(path, method, headers, query)
        self.parts = list(body)
        self.gone = asyncio.Event()
        self.sent = []

    async def receive(self):
        if self.parts:
            return {"type": "http.request", "body": self.parts.pop(0), "more_body": bool(self.parts)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    async def ask(self):
        await asyncio.wait_for(self.front(self.scope, self.receive, self.send), 10)
        return self

    def leave(self):
        self.gone.set()

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self):
        return b"".join(message["body"] for message in self.sent[1:])


def scope(path, method="GET", headers=None, query=b"", **more):
    raw = path if isinstance(path, bytes) else path.encode()
    headers = [(name.encode(), value.encode()) for name, value in headers or []]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("192.0.2.1", "4711"),
        "server": ("127.0.0.1", "8000"),
    } | more


@pytest.fixture
def portal():
    portal = Portal()
    yield portal
    portal.released.set()


async def busy(front, portal):
    """Return the client of a request that the work thread is at."""
    first = asyncio.ensure_future(Client(front, "/slow/").ask())
    await asyncio.to_thread(portal.began.wait, 10)
    return first


async def answered(front, portal, **asked):
    return await Client(front, **asked).ask()


def one(portal, path, **asked):
    """Return a client that has its answer."""
    return run(answered(Front(portal), portal, path=path, **asked))


def test_portal_is_asked_and_its_answer_sent(portal):
    portal.answers["/es/"] = HttpResponse("Perú", status=404, headers={"X-Own": "1"})

    client = one(portal, "/es/")

    assert (client.status, client.body) == (404, "Perú".encode())
    assert client.headers["x-own"] == "1"


def test_health_is_told_while_the_pages_are_busy_and_others_wait(portal):
    async def scene():
        front = Front(portal)
        first = await busy(front, portal)
        waiting = [asyncio.ensure_future(Client(front, f"/{n}/").ask()) for n in range(30)]
        await asyncio.sleep(0)
        health = await Client(front, "/healthz", headers=[("host", "10.1.2.3")]).ask()
        was_busy = not first.done() and not any(each.done() for each in waiting)
        portal.released.set()
        return health, was_busy, [await each for each in waiting]

    health, was_busy, others = run(scene())

    assert was_busy
    assert (health.status, health.body) == (200, b"ok")
    assert [each.status for each in others] == [200] * 30


def test_nothing_is_made_for_a_client_that_left_the_queue(portal, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 0)

    async def scene():
        front = Front(portal)
        first = await busy(front, portal)
        leaver, stayer = Client(front, "/leaver/"), Client(front, "/stayer/")
        asks = [asyncio.ensure_future(each.ask()) for each in (leaver, stayer)]
        await asyncio.sleep(0.05)
        leaver.leave()
        await asks[0]
        portal.released.set()
        await asyncio.gather(first, *asks)
        return leaver, stayer, front.waiting

    leaver, stayer, waiting = run(scene())

    assert portal.asked == ["/slow/", "/stayer/"]
    assert leaver.sent == []
    assert stayer.status == 200
    assert waiting == 0


def test_full_queue_is_told_with_when_to_come_again(portal, monkeypatch):
    monkeypatch.setattr(door, "MAX_WAITING", 1)

    async def scene():
        front = Front(portal)
        first = await busy(front, portal)
        spanish = await Client(front, "/es/").ask()
        english = await Client(front, "/en/").ask()
        api = await Client(front, "/api/v1/plans/", query=b"lang=en").ask()
        portal.released.set()
        await first
        return spanish, english, api, await Client(front, "/es/").ask()

    spanish, english, api, later = run(scene())

    assert [each.status for each in (spanish, english, api)] == [503] * 3
    assert [each.headers["retry-after"] for each in (spanish, english, api)] == ["30"] * 3
    assert '<html lang="es">' in spanish.body.decode()
    assert "So many ask at once" in english.body.decode()
    [error] = json.loads(api.body)["errors"]
    assert (error["code"], error["field"]) == ("busy", None)
    assert error["detail"].startswith("So many ask at once")
    assert api.headers["access-control-allow-origin"] == "*"
    assert later.status == 200


def test_who_waited_too_long_is_told(portal, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 0)
    monkeypatch.setattr(door, "WAITING_SECONDS", 0.05)

    async def scene():
        front = Front(portal)
        first = await busy(front, portal)
        second = await Client(front, "/second/").ask()
        portal.released.set()
        return await first, second

    first, second = run(scene())

    assert (first.status, second.status) == (200, 503)
    assert second.headers["retry-after"]
    assert portal.asked == ["/slow/"]


@pytest.mark.parametrize(
    "headers", [[("content-length", str(door.MAX_BODY + 1))], [("transfer-encoding", "chunked")]]
)
def test_body_that_is_too_long_is_refused(portal, headers):
    client = one(portal, "/admin/", method="POST", headers=headers, body=[b"x" * door.MAX_BODY, b"x"])

    assert client.status == 413
    assert portal.asked == []


def test_body_as_long_as_staff_need_is_handed_over(portal):
    body = [b"x" * 1_000_000] * 10

    client = one(portal, "/admin/", method="POST", headers=[("content-length", "10000000")], body=body)

    assert client.body == b"".join(body)


def test_bodies_of_all_together_are_bounded(portal, monkeypatch):
    monkeypatch.setattr(door, "MAX_BODIES", 10)

    client = one(portal, "/", method="POST", headers=[("content-length", "11")], body=[b"x" * 11])

    assert client.status == 503


def test_client_that_sends_slowly_holds_nobody_up_and_is_refused_in_the_end(portal, monkeypatch):
    monkeypatch.setattr(door, "BODY_SECONDS", 0.1)

    async def scene():
        front = Front(portal)
        slow = Client(front, "/i18n/setlang/", method="POST", headers=[("content-length", "5")])
        slow.parts = []
        sending = asyncio.ensure_future(slow.ask())
        await asyncio.sleep(0)
        other = await Client(front, "/es/").ask()
        was_sending = not sending.done()
        await sending
        return slow, other, was_sending

    slow, other, was_sending = run(scene())

    assert other.status == 200
    assert was_sending
    assert slow.status == 408
    assert portal.asked == ["/es/"]


def test_head_sends_no_body_and_reads_no_stream(portal):
    read = []
    portal.answers["/csv/"] = StreamingHttpResponse(read.append(n) or b"x" for n in range(3))
    portal.answers["/es/"] = HttpResponse("abc", headers={"Content-Length": "3"})

    stream, page = (one(portal, path, method="HEAD") for path in ("/csv/", "/es/"))

    assert (stream.body, read) == (b"", [])
    assert (page.body, page.headers["content-length"]) == (b"", "3")


def test_stream_is_sent_whole_and_closed(portal, monkeypatch):
    monkeypatch.setattr(door, "IN_MEMORY", 10)
    monkeypatch.setattr(door, "CHUNK", 7)
    answer = StreamingHttpResponse(f"row {n}\n" for n in range(50))
    closed = []
    answer._resource_closers.append(lambda: closed.append(True))
    portal.answers["/csv/"] = answer

    client = one(portal, "/csv/")

    assert client.body == b"".join(b"row %d\n" % n for n in range(50))
    assert closed == [True]


@pytest.mark.parametrize(("fault", "status"), [(TookTooLong(), 503), (ValueError("x"), 500)])
def test_stream_that_fails_is_an_error_and_no_half_file(portal, fault, status):
    def rows():
        yield b"row\n"
        raise fault

    portal.answers["/api/v1/plans/"] = StreamingHttpResponse(rows())

    client = one(portal, "/api/v1/plans/")

    assert client.status == status
    assert len(json.loads(client.body)["errors"]) == 1


@pytest.mark.parametrize(("method", "path", "ends"), [("GET", "/slow/", True), ("POST", "/slow/", False)])
def test_worker_ends_whose_reader_hangs_and_no_staffs(portal, monkeypatch, method, path, ends):
    codes = []
    monkeypatch.setattr(door, "HANGING_SECONDS", 0)
    monkeypatch.setattr(door, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(door.os, "_exit", lambda code: codes.append(code) or portal.released.set())

    async def scene():
        front = Front(portal)
        watch = asyncio.ensure_future(front.watch())
        asking = asyncio.ensure_future(Client(front, path, method=method).ask())
        await asyncio.sleep(0.3)
        portal.released.set()
        await asking
        watch.cancel()

    run(scene())

    assert bool(codes) is ends


def test_environment_is_that_of_a_wsgi_server():
    headers = [
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("x_forwarded_proto", "https"),
        ("x-a", "1"),
        ("x-a", "2"),
    ]

    environ = environ_of(
        scope(b"/aga/x%C3%B3%F3/", headers=headers, query=b"q=%F3&b=\xc3\xb3", root_path="/aga")
    )

    assert environ["SCRIPT_NAME"] == "/aga"
    assert environ["PATH_INFO"].encode("latin-1") == b"/x\xc3\xb3\xf3/"
    assert environ["QUERY_STRING"].encode("latin-1") == b"q=%F3&b=\xc3\xb3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_A"] == "1,2"
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("192.0.2.1", "8000")
