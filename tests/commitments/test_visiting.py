"""Visits to links: what counts as an answer, and where nobody is ever sent."""

import socket
import ssl
import time
from ipaddress import ip_address
from itertools import count

import pytest

from commitments.models import LinkCheck
from commitments.visiting import MOST_REDIRECTS, Visit, is_open_to_all, visit
from tests.commitments.web import CERTIFICATE, redirect, serving, status

Fault = LinkCheck.Fault
OK = status(200, body=b"<html>")


def visited(web, path="/", **options):
    return visit(web.link(path), **{"may_reach": web.may_reach, "seconds": 5} | options)


def refuse_connections(monkeypatch):
    def connect(address, **options):
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket, "create_connection", connect)


# What is said of answers.


def test_page_that_is_there_is_asked_for_once_with_head():
    with serving(lambda request: OK) as web:
        assert visited(web, "/informe.pdf?n=1#pagina") == Visit(200)

    assert web.asked == ["HEAD /informe.pdf?n=1"]


def test_visitor_says_who_he_is(settings):
    settings.PORTAL_ADDRESS = "https://portal.example"
    with serving(lambda request: OK) as web:
        visited(web)

    assert "User-Agent: OGP-Peru-link-check/1.0 (+https://portal.example)" in web.requests[0]
    assert f"Host: 127.0.0.1:{web.port}" in web.requests[0]
    assert "Cookie" not in web.requests[0]


@pytest.mark.parametrize("refusal", [403, 404, 405, 500, 501])
def test_page_whose_server_knows_no_head_is_asked_for_whole(refusal):
    with serving(lambda request: status(refusal) if request.startswith("HEAD") else OK) as web:
        assert visited(web) == Visit(200)

    assert web.asked == ["HEAD /", "GET /"]


def test_server_that_hangs_up_on_head_is_asked_with_get():
    with serving(lambda request: b"" if request.startswith("HEAD") else OK) as web:
        assert visited(web) == Visit(200)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        *((code, Fault.STATUS) for code in (404, 410, 500, 503, 304)),
        *((code, Fault.REFUSED) for code in (401, 403, 429)),
    ],
)
def test_status_that_is_no_page(code, fault):
    with serving(lambda request: status(code)) as web:
        assert visited(web) == Visit(code, fault)


def test_accents_and_spaces_of_a_printed_link_are_written_as_the_web_does():
    with serving(lambda request: OK) as web:
        visited(web, "/gestión pública/a%20b?año=1&b=c d")

    assert web.asked == ["HEAD /gesti%C3%B3n%20p%C3%BAblica/a%20b?a%C3%B1o=1&b=c%20d"]


def test_no_line_can_be_smuggled_into_a_request():
    with serving(lambda request: OK) as web:
        visited(web, "/a\r\nX-Evil: 1\r\n\x0b")

    assert "X-Evil: 1" not in web.requests[0].split("\r\n")


def test_answer_that_is_no_http():
    with serving(lambda request: b"220 smtp.example ESMTP\r\n") as web:
        assert visited(web) == Visit(None, Fault.NO_ANSWER)


def test_nobody_listens():
    with serving(lambda request: OK) as web:
        port = web.port
    assert visit(f"http://127.0.0.1:{port}/", lambda ip, port: True, 5) == Visit(None, Fault.NO_CONNECTION)


def test_host_that_nobody_knows():
    assert visit("http://no-hay.invalid/") == Visit(None, Fault.NO_NAME)


# Servers that keep one waiting.


def test_server_that_says_nothing_is_left_in_time():
    def wait(request):
        time.sleep(5)
        yield OK

    with serving(wait) as web:
        before = time.monotonic()
        assert visited(web, seconds=0.5) == Visit(None, Fault.TOO_SLOW)

    assert time.monotonic() - before < 3


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX: ", b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_server_that_says_a_letter_at_a_time_is_left_in_time(beginning):
    def trickle(request):
        yield beginning
        for _ in range(100):
            time.sleep(0.1)
            yield beginning[-1:] if beginning[-1:] != b"\n" else beginning

    with serving(trickle) as web:
        before = time.monotonic()
        assert visited(web, seconds=0.5).fault == Fault.TOO_SLOW

    assert time.monotonic() - before < 3


def test_body_without_an_end_is_not_read_to_it():
    sent = []

    def endless(request):
        if request.startswith("HEAD"):
            yield status(405)
            return
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            sent.append(1)
            yield b"400\r\n" + b"x" * 1024 + b"\r\n"

    with serving(endless) as web:
        assert visited(web) == Visit(200)
        time.sleep(0.3)
        before = len(sent)
        time.sleep(0.3)
        assert len(sent) == before


def test_headers_without_an_end():
    def endless(request):
        yield b"HTTP/1.1 200 OK\r\n"
        for number in count():
            yield f"X-{number}: {'x' * 1000}\r\n".encode()

    with serving(endless) as web:
        assert visited(web).fault == Fault.NO_ANSWER


# Redirections.


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirection_is_followed(code):
    with serving(lambda request: redirect("otra?a=1", code) if request == "HEAD /una" else OK) as web:
        assert visited(web, "/una") == Visit(200)

    assert web.asked == ["HEAD /una", "HEAD /otra?a=1"]


def test_redirection_in_circles_ends():
    with serving(lambda request: redirect("/")) as web:
        assert visited(web) == Visit(302, Fault.REDIRECTS)

    assert len(web.asked) == 2 * (MOST_REDIRECTS + 1)


def test_redirection_that_leads_nowhere():
    with serving(lambda request: status(302)) as web:
        assert visited(web) == Visit(302, Fault.REDIRECTS)


INSIDE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:22/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://１２７.０.０.１/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
]
NO_WEB = [
    "ftp://198.41.0.4/",
    "file:///etc/passwd",
    "gopher://198.41.0.4/",
    "javascript:alert(1)",
    "http://user:password@198.41.0.4/",
    "http://user@198.41.0.4/",
    "http://198.41.0.4:8080/",
    "http://198.41.0.4:22/",
    "http://198.41.0.4:99999/",
    "http:///nada",
    "http://[nada/",
    "//198.41.0.4/",
    f"http://198.41.0.4/{'x' * 5000}",
]


@pytest.mark.parametrize("link", INSIDE + NO_WEB)
def test_link_that_leads_to_no_public_web_address_is_not_visited(monkeypatch, link):
    refuse_connections(monkeypatch)

    assert visit(link).fault in (Fault.NOT_VISITED, Fault.NO_NAME)


# Without a scheme, or without a host, a redirection stays where it is.
@pytest.mark.parametrize(
    "link", INSIDE + [link for link in NO_WEB if not link.startswith(("//", "http:///"))]
)
def test_redirection_to_no_public_web_address_is_not_followed(link):
    with serving(lambda request: redirect(link)) as web:

        def may_reach(ip, port):
            return web.may_reach(ip, port) or is_open_to_all(ip, port)

        assert visit(web.link(), may_reach, 5).fault in (Fault.NOT_VISITED, Fault.NO_NAME, Fault.REDIRECTS)

    assert set(web.asked) <= {"HEAD /", "GET /"}


@pytest.mark.parametrize("address", ["198.41.0.4", "2801::1", "8.8.8.8"])
def test_public_addresses_are_visited_at_the_ports_of_the_web(address):
    assert is_open_to_all(ip_address(address), 80)
    assert is_open_to_all(ip_address(address), 443)
    assert not is_open_to_all(ip_address(address), 8000)


# Names that mean another address a moment later.


def resolving(monkeypatch, *answers):
    """Let names mean, each time that they are asked for, the next list of addresses."""
    asked, real = [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **options):
        if host[0].isdecimal():
            return real(host, port, *args, **options)
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_host_with_one_address_inside_is_not_visited(monkeypatch):
    resolving(monkeypatch, ["198.41.0.4", "10.0.0.1"])
    refuse_connections(monkeypatch)

    assert visit("http://portal.example/") == Visit(None, Fault.NOT_VISITED)


def test_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    asked = resolving(monkeypatch, ["198.41.0.4"], ["127.0.0.1"])
    connected = []

    def connect(address, **options):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    # HEAD goes where the name led when it was looked at; by GET it leads inside, and nobody goes there.
    assert visit("http://portal.example/") == Visit(None, Fault.NOT_VISITED)
    assert connected == [("198.41.0.4", 80)]
    assert asked == ["portal.example"] * 2


# Secure connections.


@pytest.fixture
def trusted(monkeypatch):
    """Let the certificate of the tests be one that everybody trusts."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)


def secure(web, host="localhost", seconds=5):
    return visit(web.link("/", "https", host), web.may_reach, seconds)


def only_ipv4(monkeypatch):
    resolving(monkeypatch, ["127.0.0.1"])


def test_page_behind_a_good_certificate(trusted, monkeypatch):
    only_ipv4(monkeypatch)
    with serving(lambda request: OK, secure=True) as web:
        assert secure(web) == Visit(200)


def test_nobody_can_tell_of_a_certificate_that_nobody_signed(monkeypatch):
    only_ipv4(monkeypatch)
    with serving(lambda request: OK, secure=True) as web:
        assert secure(web) == Visit(None, Fault.CERTIFICATE)

    assert web.asked == []


def test_nobody_can_tell_of_a_certificate_of_another_host(trusted, monkeypatch):
    only_ipv4(monkeypatch)
    with serving(lambda request: OK, secure=True) as web:
        assert secure(web, host="otro.example") == Visit(None, Fault.CERTIFICATE)


def test_server_that_is_not_secure_at_all(monkeypatch):
    only_ipv4(monkeypatch)
    with serving(lambda request: OK) as web:
        assert secure(web, seconds=1).fault in (Fault.CERTIFICATE, Fault.NO_CONNECTION, Fault.TOO_SLOW)


def test_slow_server_is_left_in_time_behind_a_certificate_too(trusted, monkeypatch):
    only_ipv4(monkeypatch)

    def trickle(request):
        for _ in range(100):
            yield b"H"
            time.sleep(0.1)

    with serving(trickle, secure=True) as web:
        before = time.monotonic()
        assert secure(web, seconds=0.5) == Visit(None, Fault.TOO_SLOW)

    assert time.monotonic() - before < 3
