"""Every address that the portal writes is at its public address, in its folder, whatever a request says."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import get_script_prefix, set_script_prefix

from faces.addresses import known_query
from ogp_portal import settings as settings_file
from tests.api import ROOT, get
from tests.factories import make_commitment, make_plan, make_user
from tests.pages import address
from tests.test_pages import PAGES, record  # noqa: F401

pytestmark = pytest.mark.django_db

PUBLIC = "https://portal.example"

# The public address


@pytest.fixture
def several_hosts(settings):
    """The portal answers to any host, and has one public address."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PORTAL_ADDRESS = PUBLIC


HOSTS = [
    {"Host": "elsewhere.example"},
    {"Host": "elsewhere.example:8443"},
    {"Host": "PORTAL.example"},
    {"Host": "portal.example:1234"},
    {"Host": "portal.example", "X-Forwarded-Host": "elsewhere.example"},
    {"Host": "portal.example", "X-Forwarded-Proto": "ftp", "Forwarded": "host=elsewhere.example"},
]


@pytest.mark.parametrize(
    "path",
    [
        *("/es/", "/en/commitments/7-1/", "/es/compromisos/?plan=7", "/en/nothing/", "/es/entidades/?plan=x"),
        *(
            ROOT,
            f"{ROOT}commitments/7-1/",
            f"{ROOT}commitments/?page_size=1&page=2",
            f"{ROOT}search/?q=problem",
        ),
        *(f"{ROOT}evidence/?format=csv", f"{ROOT}levels/", "/robots.txt", "/sitemap.xml"),
    ],
)
def test_answer_is_the_same_whatever_host_was_asked(client, record, several_hosts, path):  # noqa: F811
    make_commitment(plan=record.plan, number=2)
    make_commitment(plan=record.plan, number=3)
    usual = client.get(path, headers={"Host": "portal.example"}).getvalue()

    answers = [client.get(path, headers=headers).getvalue() for headers in HOSTS]

    ours = re.findall(rb"https?://[^/\"<&?\s]*", usual)
    assert PUBLIC.encode() in ours
    assert b"elsewhere" not in b"".join(answers)
    assert answers == [usual] * len(HOSTS)


def test_next_and_previous_page_of_a_list_are_at_the_public_address(client, several_hosts):
    for _ in range(3):
        make_plan()

    answer = get(client, "plans/", page=2, page_size=1, lang="en")

    assert answer["previous"] == f"{PUBLIC}{ROOT}plans/?lang=en&page_size=1"
    assert answer["next"] == f"{PUBLIC}{ROOT}plans/?lang=en&page=3&page_size=1"


def test_without_a_public_address_it_is_the_host_asked_for_with_its_port(client):
    plan = make_plan()
    asked = {"Host": "localhost:8123"}

    page = client.get("/es/", headers=asked).content.decode()
    answer = client.get(f"{ROOT}plans/{plan.number}/", headers=asked).json()

    assert '<link rel="canonical" href="http://localhost:8123/es/">' in page
    assert answer["api_url"] == f"http://localhost:8123{ROOT}plans/{plan.number}/"
    assert b"http://localhost:8123/sitemap.xml" in client.get("/robots.txt", headers=asked).content
    assert b"<loc>http://localhost:8123/es/</loc>" in client.get("/sitemap.xml", headers=asked).content


def test_host_that_is_not_ours_is_refused_with_a_public_address_too(client, settings):
    settings.PORTAL_ADDRESS = PUBLIC

    response = client.get("/en/", headers={"Host": "elsewhere.example"})

    assert response.status_code == 400
    assert b"elsewhere" not in response.content


@pytest.mark.parametrize(
    ("given", "hosts", "is_https", "expected"),
    [
        ("https://portal.example", ["*"], True, "https://portal.example"),
        ("https://portal.example/", ["a.example"], True, "https://portal.example"),
        ("http://localhost:8123", ["*"], False, "http://localhost:8123"),
        ("", ["portal.example", "other.example"], True, "https://portal.example"),
        ("", ["portal.example"], False, "http://portal.example"),
        (
            "",
            ["*", ".example.org", "localhost", "10.0.0.7", "[::1]", "Portal.example"],
            True,
            "https://Portal.example",
        ),
        ("", ["127.0.0.1", "localhost"], False, ""),
        ("", [], True, ""),
    ],
)
def test_public_address_is_read_from_the_environment(monkeypatch, given, hosts, is_https, expected):
    monkeypatch.setenv("PORTAL_ADDRESS", given)
    monkeypatch.setattr(settings_file, "ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(settings_file, "HTTPS", is_https)

    assert settings_file._public_address() == expected


@pytest.mark.parametrize(
    "given", ["portal.example", "https://portal.example/aga", "ftp://x.y", "https://u@x.y"]
)
def test_public_address_that_is_none_stops_the_portal(monkeypatch, given):
    monkeypatch.setenv("PORTAL_ADDRESS", given)

    with pytest.raises(ImproperlyConfigured, match="PORTAL_ADDRESS"):
        settings_file._public_address()


@pytest.mark.parametrize("hosts", [["*"], [".gob.pe"]])
def test_portal_that_answers_to_any_name_must_say_its_own(monkeypatch, hosts):
    monkeypatch.delenv("PORTAL_ADDRESS", raising=False)
    monkeypatch.setattr(settings_file, "ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(settings_file, "DEBUG", False)

    with pytest.raises(ImproperlyConfigured, match="PORTAL_ADDRESS"):
        settings_file._public_address()


# Parameters


def test_known_query_has_what_a_page_reads_of_a_request():
    request = RequestFactory().get("/?b=2&utm_source=x&a=1&a=&a=3&c=&page=2")
    assert known_query(request) == ""

    request.known_parameters = ("a", "b", "c", "page")

    assert known_query(request) == "b=2&a=1&a=3&page=2"


# In a folder of its host

FOLDER = "/aga"
PLACE = f"http://localhost{FOLDER}/"


@pytest.fixture
def in_folder(settings, no_closing):
    """Put the portal into a folder of its host; return the application as a server calls it."""
    before = get_script_prefix()
    set_script_prefix(f"{FOLDER}/")
    settings.FORCE_SCRIPT_NAME = FOLDER
    settings.STATIC_URL = f"{FOLDER}/static/"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    yield Application()
    set_script_prefix(before)


class Application:
    """The portal behind a server that passes it a folder."""

    def __init__(self):
        self.handler = WSGIHandler()

    def get(self, location, cookies=""):
        """Return status, headers and body of what is at a whole address or a path with the folder."""
        where = urlsplit(location)
        assert where.path.startswith(f"{FOLDER}/"), location
        environ = {
            **{
                "REQUEST_METHOD": "GET",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "HTTP_HOST": "localhost",
            },
            **{
                "SCRIPT_NAME": FOLDER,
                "PATH_INFO": where.path.removeprefix(FOLDER),
                "QUERY_STRING": where.query,
            },
            **{"wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "HTTP_COOKIE": cookies},
        }
        said = {}
        body = self.handler(environ, lambda status, headers: said.update(status=status, headers=headers))
        return int(said["status"][:3]), dict(said["headers"]), b"".join(body).decode(errors="replace")


class Links(HTMLParser):
    """The addresses in a page."""

    def __init__(self, body):
        super().__init__()
        self.found = set()
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        named = {"href", "src", "action", "data-description"}
        self.found |= {value for name, value in attributes if name in named and value}


def inside(page, body):
    """Return the whole addresses on our host that a page leads to."""
    found = {urljoin(page, link).partition("#")[0] for link in Links(body).found}
    return {link for link in found if urlsplit(link).netloc == "localhost"}


def test_every_link_of_every_page_stays_in_the_folder_and_leads_somewhere(record, in_folder):  # noqa: F811
    pages = [f"http://localhost{address(*where, lang=lang)}" for where in PAGES for lang in ("es", "en")]
    pages += [f"{PLACE}es/compromisos/?plan=7&overdue=true", f"{PLACE}en/follow-up/?follow_up=unreported"]
    pages += [f"{PLACE}api/v1/docs/"]
    links = set()

    for page in pages:
        status, _headers, body = in_folder.get(page)
        assert status == 200, page
        links |= inside(page, body)

    assert len(links) > 150
    assert [link for link in links if not link.startswith(PLACE)] == []
    wrong = {link: status for link in links if (status := in_folder.get(link)[0]) not in (200, 301, 302)}
    assert wrong == {}


def test_addresses_for_programs_stay_in_the_folder(record, in_folder):  # noqa: F811
    for path, least in (
        ("api/v1/", 15),
        ("api/v1/commitments/7-1/", 5),
        ("api/v1/search/?q=problem", 1),
        ("api/v1/milestones/?page_size=1", 1),
        ("sitemap.xml", 50),
        ("robots.txt", 1),
    ):
        body = in_folder.get(f"{PLACE}{path}")[2]
        found = re.findall(r"http://localhost[^\s\"<]*", body)
        assert len(found) >= least, path
        assert {in_folder.get(link)[0] for link in found[:40]} == {200}, path

    assert f"Disallow: {FOLDER}/admin/" in body
    description = in_folder.get(f"{PLACE}api/v1/schema/")[2]
    assert f'"servers":[{{"url":"{FOLDER}"}}]' in description.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("?x=1", "es/?x=1"),
        ("en/plans/7?x=1", "en/plans/7/?x=1"),
        ("es/compromisos/7.1/", "es/compromisos/7-1/"),
        ("en/compromisos/", "en/commitments/"),
        ("api/?x=1", "api/v1/?x=1"),
        ("api/v1/plans?x=1", "api/v1/plans/?x=1"),
        ("admin/", "admin/login/?next=/aga/admin/"),
    ],
)
def test_redirects_stay_in_the_folder(record, in_folder, path, target):  # noqa: F811
    status, headers, _body = in_folder.get(f"{PLACE}{path}")

    assert status in (301, 302)
    assert headers["Location"] == f"{FOLDER}/{target}"


def test_page_that_is_not_found_leads_back_into_the_folder(in_folder):
    status, _headers, body = in_folder.get(f"{PLACE}en/nothing/")

    assert status == 404
    assert f'<a href="{FOLDER}/es/" hreflang="es"' in body
    assert [link for link in inside(PLACE, body) if not link.startswith(PLACE)] == []


def test_every_link_of_the_admin_stays_in_the_folder(client, record, in_folder):  # noqa: F811
    client.force_login(make_user(is_superuser=True, is_staff=True))
    cookies = f"sessionid={client.cookies['sessionid'].value}"
    commitment = record.plan.commitments.get(number=1)

    for path in (
        *("", "missing/", "commitments/commitment/", f"commitments/commitment/{commitment.pk}/change/"),
        *("commitments/commitment/import/", "commitments/commitment/export/", "commitments/update/add/"),
    ):
        page = f"{PLACE}admin/{path}"
        status, _headers, body = in_folder.get(page, cookies)
        links = inside(page, body)
        assert status == 200, path
        assert links and [link for link in links if not link.startswith(PLACE)] == [], path


def test_folder_is_read_from_the_environment():
    """In a process of its own, as a server starts the portal: settings are read once."""
    names = [
        "FORCE_SCRIPT_NAME",
        "STATIC_URL",
        "SESSION_COOKIE_PATH",
        "CSRF_COOKIE_PATH",
        "LANGUAGE_COOKIE_PATH",
    ]
    says = (
        "from ogp_portal.wsgi import application; from django.conf import settings; "
        f"print(*[getattr(settings, name) for name in {names}])"
    )
    said = {}
    for given in ("", "/aga", " aga/ "):
        environment = os.environ | {
            "DJANGO_SCRIPT_NAME": given,
            "DJANGO_SETTINGS_MODULE": "ogp_portal.settings",
        }
        done = subprocess.run([sys.executable, "-c", says], env=environment, capture_output=True, text=True)
        said[given] = done.stdout.split()

    assert said[""] == ["None", "/static/", "/", "/", "/"]
    assert said["/aga"] == ["/aga", "/aga/static/", "/aga/", "/aga/", "/aga/"]
    assert said[" aga/ "] == said["/aga"]
