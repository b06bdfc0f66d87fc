"""A reader that costs next to nothing: HTTP/1.1 over one connection that stays open."""

import gzip
import re
import socket
import time
from typing import NamedTuple

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes

    def header(self, name):
        """Return a header, or None."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found and found[1].decode("latin-1")

    def text(self):
        packed = self.header("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


def request(path, host, method="GET", body=b"", **headers):
    """Return the bytes of a request; in the names of headers `_` stands for a hyphen."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def missing(head):
    """Return how long the body is that follows a head; None if only its end tells (chunked)."""
    status = int(head[9:12])
    if status in (204, 304):
        return 0
    found = LENGTH.search(head)
    return int(found[1]) if found else None


def joined(chunks):
    """Return a body that came in chunks, or None if its end is not there yet."""
    body, at = [], 0
    while (end := chunks.find(b"\r\n", at)) >= 0:
        size = int(chunks[at:end], 16)
        if len(chunks) < end + 2 + size + 2:
            return None
        if not size:
            return b"".join(body)
        body.append(chunks[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return None


class Connection:
    """One connection to a server of this machine, from an address of its own if need be.

    Raises OSError where the server closes it, TimeoutError where a whole answer takes longer than that.
    """

    def __init__(self, port, source="127.0.0.1", timeout=60):
        self.host, self.timeout = f"127.0.0.1:{port}", timeout
        self.socket = socket.create_connection(("127.0.0.1", port), timeout, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path, method="GET", body=b"", **headers):
        """Send a request and return its Answer."""
        return self.send(request(path, self.host, method, body, **headers))

    def send(self, data):
        self.until = time.monotonic() + self.timeout
        self.socket.sendall(data)
        got = self._receive()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._receive()
        head, got = got[: end + 2], [got[end + 4 :]]
        length = missing(head)
        if length is None:
            body = joined(got[0])
            while body is None:
                got.append(self._receive())
                # The last chunk is empty: only then is it worth while to look.
                if got[-1].endswith(b"0\r\n\r\n") or len(got[-1]) < 5:
                    body = joined(b"".join(got))
        else:
            have = len(got[0])
            while have < length:
                got.append(self._receive())
                have += len(got[-1])
            body = b"".join(got)
        return Answer(int(head[9:12]), head, body)

    def _receive(self):
        # What comes bit by bit would never be late by itself.
        self.socket.settimeout(max(0.001, self.until - time.monotonic()))
        if not (got := self.socket.recv(1 << 18)):
            raise ConnectionError("the server closed the connection")
        return got

    def close(self):
        self.socket.close()
