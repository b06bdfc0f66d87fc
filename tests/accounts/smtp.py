"""A mail server on this machine, as far as a client of Python's asks: it keeps what it is sent."""

import base64
import socketserver
from email import message_from_bytes, policy
from threading import Thread


class Handler(socketserver.StreamRequestHandler):
    """Talks with one client (RFC 5321)."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper()
            if verb == b"QUIT":
                return self.say("221 bye")
            if verb == b"EHLO":
                self.say("250-here\r\n250 AUTH PLAIN")
            elif verb == b"AUTH":
                _nothing, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                is_right = (user, password) == self.server.account
                self.say("235 welcome" if is_right else "535 wrong")
            elif verb == b"RCPT" and self.server.is_refused(line.decode()):
                self.say("550 no such mailbox")
            elif verb == b"DATA":
                self.say("354 go on")
                self.server.mails.append(self.mail())
                if self.server.breaks_off:
                    return
                self.say("250 taken")
            else:
                self.say("250 fine")

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())

    def mail(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.raw.append(b"".join(lines))
        return message_from_bytes(self.server.raw[-1], policy=policy.default)


class MailServer(socketserver.ThreadingTCPServer):
    """A server at a free port; `mails` are those that it took, `raw` the same as they came.

    It `refuses` all addresses (True), or those of a list; `breaks_off` lets it vanish after a mail.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, account=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.mails, self.raw, self.account = [], [], account
        self.refuses, self.breaks_off = False, False
        self.port = self.server_address[1]

    def is_refused(self, line):
        return self.refuses is True or any(address in line for address in self.refuses or ())

    def __enter__(self):
        Thread(target=self.serve_forever, args=[0.05], daemon=True).start()
        return super().__enter__()

    def __exit__(self, *fault):
        self.shutdown()
        super().__exit__(*fault)
