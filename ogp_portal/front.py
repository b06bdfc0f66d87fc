"""The door to the portal: an event loop that never waits for a page, before the one thread that makes them.

It says by itself that the process is alive, so that this is known however busy the pages are. All else goes
to Django's WSGI application in one work thread (more are slower on SQLite): one after the other, from a queue
with an end, without those whose client has left. The thread waits for no client: it gets a request when its
body is there, and an answer is whole before its first byte leaves.
"""

import asyncio
import logging
import os
import sys
import time
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile
from threading import Thread
from urllib.parse import unquote_to_bytes

from faces.time_limit import TookTooLong, is_limited

from .refusals import refusal

logger = logging.getLogger(__name__)

# Staff upload files of 20 MB; the form around them is small.
MAX_BODY = 22 * 1024 * 1024
# What one worker keeps of bodies that are on their way, and for how many seconds: 2 Mbit/s are enough.
MAX_BODIES = 12 * MAX_BODY
BODY_SECONDS = 90
# Bodies and streamed answers up to here stay in memory; longer ones go to a temporary file.
IN_MEMORY = 256 * 1024
# What leaves of such a file at a time.
CHUNK = 64 * 1024
# How many requests of one worker may wait for the work thread, and for how many seconds.
MAX_WAITING = 400
WAITING_SECONDS = 45
# Seconds after which somebody looks whether the client is still there.
PATIENCE = 0.05
# A reader's request that takes longer hangs where its limit (`faces/time_limit.py`) does not reach it.
HANGING_SECONDS = 90
# How often somebody looks.
WATCH_SECONDS = 5

PLAIN = ("Content-Type", "text/plain; charset=utf-8")
NEVER_KEPT = ("Cache-Control", "no-store")


class Refused(Exception):
    """A request that the door itself answers; its one argument is the status."""


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Front:
    """An ASGI application that hands requests to a WSGI application."""

    def __init__(self, portal):
        self.portal = portal
        self.turns = SimpleQueue()
        self.waiting = 0
        self.body_bytes = 0
        # The turn that the work thread is at; None between two.
        self.at_work = None
        Thread(target=self.work, name="pages", daemon=True).start()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self.http(environ_of(scope), receive, send)
        elif scope["type"] == "lifespan":
            await self.live(receive, send)
        else:
            await send({"type": "websocket.close"})

    async def live(self, receive, send):
        """Watch over the work thread from the start of the server to its end."""
        await receive()
        watch = asyncio.ensure_future(self.watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watch.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def watch(self):
        """End the process, for the server to start another, once a reader's request hangs."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            turn = self.at_work
            if turn and turn.is_limited() and time.monotonic() - turn.began_at > HANGING_SECONDS:
                logger.critical("%s hangs: this worker ends", turn.environ["PATH_INFO"])
                os._exit(1)

    async def http(self, environ, receive, send):
        if environ["PATH_INFO"] == "/healthz":
            await reply(send, environ, 200, [PLAIN, NEVER_KEPT], b"ok")
            return
        try:
            environ["wsgi.input"] = await self.body_of(environ, receive)
            answer = await self.turn(environ, receive)
        except Refused as refused:
            await reply(send, environ, *refusal(environ, *refused.args))
        except ClientLeft:
            pass
        else:
            await reply(send, environ, *answer)

    async def body_of(self, environ, receive):
        """Return the body of a request as a file; raise Refused if it is too long or too slow."""
        body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        announced = environ.get("CONTENT_LENGTH", "")
        if announced in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return body
        if announced.isdecimal() and int(announced) > MAX_BODY:
            raise Refused(413)
        length = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientLeft
                    part = message.get("body", b"")
                    length += len(part)
                    self.body_bytes += len(part)
                    if length > MAX_BODY:
                        raise Refused(413)
                    if self.body_bytes > MAX_BODIES:
                        raise Refused(503)
                    body.write(part)
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            raise Refused(408) from None
        finally:
            self.body_bytes -= length
        body.seek(0)
        environ["CONTENT_LENGTH"] = str(length)
        return body

    async def turn(self, environ, receive):
        """Return what the portal answers when the request's turn has come.

        Raise Refused if there is no turn for it, and ClientLeft if nobody waits any more.
        """
        if self.waiting >= MAX_WAITING:
            raise Refused(503)
        turn = Turn(environ)
        self.waiting += 1
        self.turns.put(turn)
        # Most answers are there before anybody's patience ends, and need nobody to watch over them.
        watch = turn.loop.call_later(PATIENCE, turn.watch, receive)
        try:
            return await turn.answer
        finally:
            self.waiting -= 1
            watch.cancel()
            if turn.watcher:
                turn.watcher.cancel()

    def work(self):
        """Make one answer after the other: this is the work thread."""
        while True:
            turn = self.turns.get()
            if turn.answer.done():
                continue
            turn.began_at = time.monotonic()
            self.at_work = turn
            answer = fault = None
            try:
                answer = self.ask(turn.environ)
            except Exception as exception:
                logger.exception("%s failed on its way out", turn.environ["PATH_INFO"])
                fault = Refused(503 if isinstance(exception, TookTooLong) else 500)
            self.at_work = None
            turn.loop.call_soon_threadsafe(turn.end, answer, fault)

    def ask(self, environ):
        """Return the portal's answer: status, headers and body, which is bytes or a file."""
        head = []

        def start_response(status, headers, exc_info=None):
            head[:] = [int(status.split(" ", 1)[0]), headers]

        response = self.portal(environ, start_response)
        try:
            return *head, whole(response, environ)
        finally:
            response.close()


class Turn:
    """A request on its way through the work thread. But for `began_at` it belongs to the event loop."""

    def __init__(self, environ):
        self.environ = environ
        self.loop = asyncio.get_running_loop()
        self.answer = self.loop.create_future()
        self.began_at = None
        self.watcher = None

    def is_limited(self):
        return is_limited(self.environ["REQUEST_METHOD"], self.environ["PATH_INFO"])

    def watch(self, receive):
        self.watcher = asyncio.ensure_future(self.give_up(receive))

    async def give_up(self, receive):
        """End the waiting when the client leaves, or when the turn has not come in time."""
        left = asyncio.ensure_future(client_leaves(receive))
        try:
            await asyncio.wait((left,), timeout=WAITING_SECONDS)
            if not left.done() and self.began_at is None:
                self.end(fault=Refused(503))
            await left
            self.end(fault=ClientLeft())
        finally:
            left.cancel()

    def end(self, answer=None, fault=None):
        if self.answer.done():
            return
        if fault:
            self.answer.set_exception(fault)
        else:
            self.answer.set_result(answer)


def whole(response, environ):
    """Return the body of an answer of Django's, as bytes or, of a streamed one, as a file."""
    if environ["REQUEST_METHOD"] == "HEAD":
        return b""
    if not response.streaming:
        return response.content
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    body.writelines(response)
    body.seek(0)
    return body


def environ_of(scope):
    """Return the environment (PEP 3333) of an ASGI request."""
    root = scope.get("root_path", "")
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    server, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": path.removeprefix(root) or "/",
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        name, value = name.decode("latin-1"), value.decode("latin-1")
        # Who writes X_Forwarded_Proto means to be taken for the proxy.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ


async def client_leaves(receive):
    """Return once the client of a request has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def reply(send, environ, status, headers, body):
    """Send an answer; `body` is bytes or a file."""
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    if environ["REQUEST_METHOD"] == "HEAD":
        body = b""
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": body})
        return
    with body:
        while chunk := body.read(CHUNK):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
