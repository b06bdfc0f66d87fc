"""Visits to links on the web: whether somebody answers there, and nothing else.

A link may lead anywhere, so that this never goes where only our own network can: the name of a host is
resolved once, every address it has is looked at, and the connection goes to one of those, whatever the name
says a moment later. Each redirection is a new link. Nothing of what stands on a page is kept.
"""

import socket
import ssl
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address, ip_network
from threading import Timer
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from .models import LinkCheck

Fault = LinkCheck.Fault

PORTS = {"http": 80, "https": 443}
MOST_REDIRECTS = 5
# Of one step: from the connection to the last byte that is read.
SECONDS = 15
# So much of a page is read, to see that there is one.
MOST_READ = 4096
LONGEST_LINK = 4000
# It lets programs in, but only some, or only those that come seldom.
NOT_FOR_PROGRAMS = (401, 402, 403, 407, 429)
REDIRECTIONS = (301, 302, 303, 307, 308)
QUERY_SAFE = "/%:@!$&()*+,;=~?'"
# Where to ask again, in another way, would tell no more.
TOLD_AT_ONCE = ("", Fault.NOT_VISITED, Fault.NO_NAME, Fault.CERTIFICATE)
# Addresses that stand for others, of which some are private: NAT64, 6to4, Teredo.
TRANSLATED = [ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


@dataclass(frozen=True)
class Visit:
    """What came of a visit: the status of the last answer, None without one, and a Fault, '' for none."""

    status: int | None = None
    fault: str = ""


class Failed(Exception):
    """A step that came to nothing; `fault` says why."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


def is_open_to_all(ip, port):
    """Tell whether anybody may be sent to an address and port: a public one, and that of a web server."""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    is_special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or getattr(ip, "is_site_local", False)
    is_translated = any(ip in network for network in TRANSLATED if network.version == ip.version)
    return ip.is_global and not (is_special or is_translated) and port in PORTS.values()


def visit(link, may_reach=is_open_to_all, seconds=SECONDS):
    """Return the Visit of a link. HEAD first, which costs its server least, and GET where that fails.

    `may_reach(ip, port)` tells where connections may go to, `seconds` how long one step may take.
    """
    found = _visited("HEAD", link, may_reach, seconds)
    if found.fault in TOLD_AT_ONCE:
        return found
    # Some servers know no HEAD, and say so in many ways.
    return _visited("GET", link, may_reach, seconds)


def _visited(method, link, may_reach, seconds):
    status = None
    try:
        for _step in range(MOST_REDIRECTS + 1):
            status, location = _ask(method, link, may_reach, seconds)
            if status not in REDIRECTIONS:
                return Visit(status, _fault_of(status))
            if not location:
                break
            link = _joined(link, location)
    except Failed as failed:
        return Visit(fault=failed.fault)
    return Visit(status, Fault.REDIRECTS)


def _joined(link, location):
    try:
        return urljoin(link, location)
    except ValueError as error:
        raise Failed(Fault.REDIRECTS) from error


def _fault_of(status):
    if status in NOT_FOR_PROGRAMS:
        return Fault.REFUSED
    return "" if 200 <= status < 300 else Fault.STATUS


def _ask(method, link, may_reach, seconds):
    """Return the status and the Location of the answer to one request; raise Failed without an answer."""
    parts, host, port = _parts_of(link)
    until = time.monotonic() + seconds
    address = _address_of(host, port, may_reach)
    try:
        with _connected(address, port, parts.scheme == "https" and host, until) as connection:
            http = HTTPConnection(host, port)
            http.default_port = PORTS[parts.scheme]
            http.sock = connection
            http.request(method, _path_of(parts), headers=_headers())
            answer = http.getresponse()
            if method == "GET":
                answer.read(MOST_READ)
            if time.monotonic() >= until:
                # A connection that was cut looks like an answer that is at its end.
                raise TimeoutError
            return answer.status, _readable(answer.headers.get("Location", ""))
    except (OSError, HTTPException, ValueError) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() >= until
        raise Failed(Fault.TOO_SLOW if is_late else _fault_of_error(error)) from error


def _fault_of_error(error):
    match error:
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return Fault.NO_CONNECTION
        case ssl.SSLError():
            # Browsers forgive what we do not, such as a chain that lacks a link.
            return Fault.CERTIFICATE
        case HTTPException() | ValueError():
            return Fault.NO_ANSWER
    return Fault.NO_CONNECTION


def _path_of(parts):
    """Return what is asked of a host: sources print accents and spaces that no request may have."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    return f"{path}?{quote(parts.query, safe=QUERY_SAFE)}" if parts.query else path


def _parts_of(link):
    """Return the parts of a link, its host as the network knows it, and its port; raise Failed."""
    try:
        parts = urlsplit(link)
        port = parts.port or PORTS.get(parts.scheme)
        host = (parts.hostname or "").rstrip(".")
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except ValueError as error:
        raise Failed(Fault.NOT_VISITED) from error
    has_password = "@" in parts.netloc
    if parts.scheme not in PORTS or not ascii_host or has_password or len(link) > LONGEST_LINK:
        raise Failed(Fault.NOT_VISITED)
    return parts, ascii_host, port


def _address_of(host, port, may_reach):
    """Return an address of a host that may be reached; raise Failed where one of them may not."""
    try:
        # As it is in the end: hosts are also written as 2130706433 or 0x7f.1.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise Failed(Fault.NO_NAME) from error
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    try:
        is_open = all(may_reach(ip_address(address), port) for address in addresses)
    except ValueError as error:
        # Such as one that names a network card of ours.
        raise Failed(Fault.NOT_VISITED) from error
    if not (addresses and is_open):
        raise Failed(Fault.NOT_VISITED)
    # Machines without IPv6 are many.
    return min(addresses, key=lambda address: ":" in address)


@contextmanager
def _connected(address, port, secure_host, until):
    """Give a connection, secure where a host is named; it ends at a moment, whatever comes through it."""
    connection = socket.create_connection((address, port), timeout=max(until - time.monotonic(), 0.1))
    try:
        if secure_host:
            connection = ssl.create_default_context().wrap_socket(
                connection, server_hostname=secure_host, do_handshake_on_connect=False
            )
        clock = Timer(max(until - time.monotonic(), 0), _cut, [connection])
        clock.daemon = True
        clock.start()
        try:
            if secure_host:
                connection.do_handshake()
            yield connection
        finally:
            clock.cancel()
    finally:
        connection.close()


def _cut(connection):
    """End a connection that somebody waits for: what he reads of it is at its end then."""
    with suppress(OSError):
        # Not the shutdown of a secure connection, which would say goodbye first.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _headers():
    """Return what we say of ourselves: who asks, and where he is to be found."""
    about = f" (+{settings.PORTAL_ADDRESS})" if settings.PORTAL_ADDRESS else ""
    return {
        "User-Agent": f"OGP-Peru-link-check/1.0{about}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _readable(location):
    """Return where a redirection leads: servers write UTF-8 where Latin-1 is read."""
    with suppress(UnicodeError):
        return location.encode("latin-1").decode()
    return location
