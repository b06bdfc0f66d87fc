"""A small web server for the visits of `commitments/visiting.py`, which answers as a test tells it to."""

import socket
import ssl
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

# A certificate that nobody signed, of "localhost", with its key: for tests only.
CERTIFICATE = Path(__file__).parent / "localhost.pem"


class Web:
    """Listens on this machine; `answer(request)` gives the bytes of an answer, or an iterable of them."""

    def __init__(self, answer, context=None):
        self.answer, self.context = answer, context
        # The first lines of what was asked, and each request whole.
        self.asked, self.requests = [], []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def link(self, path="/", scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}{path}"

    def may_reach(self, ip, port):
        """Let connections go to this server, and nowhere else."""
        return str(ip) == "127.0.0.1" and port == self.port

    def _serve(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                if not (piece := connection.recv(65536)):
                    return
                request += piece
            request = request.decode("latin-1")
            self.requests.append(request)
            self.asked.append(request.split("\r\n", 1)[0].rpartition(" ")[0])
            answer = self.answer(self.asked[-1])
            for piece in [answer] if isinstance(answer, bytes) else answer:
                connection.sendall(piece)
        except OSError:
            pass
        finally:
            connection.close()


@contextmanager
def serving(answer, secure=False):
    """Give a Web that answers so until the end of the block."""
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    web = Web(answer, context)
    try:
        yield web
    finally:
        # So that nobody accepts any more, who was waiting to.
        web.socket.shutdown(socket.SHUT_RDWR)
        web.socket.close()


def status(code, *headers, body=b""):
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {code} Words", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to, code=302):
    return status(code, f"Location: {to}")
