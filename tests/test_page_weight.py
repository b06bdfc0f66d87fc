"""Every page of the sitemap, of the real record: how much it loads, from where, and what its HTML owes."""

import gzip
import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from whitenoise.compress import Compressor

from plans.models import Plan
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

HOST = "http://testserver"
FIRST_LOAD = 60_000
SCRIPTS = 10_000

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Attributes with which an element makes the browser load something by itself.
LOADING = {"src", "srcset", "poster", "data", "background"}
# What a <link> only tells of, without loading it.
TOLD = {"canonical", "alternate", "license", "author", "next", "prev", "help", "search"}


class Element:
    """An element of a page with what it holds: elements and strings."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    def __repr__(self):
        return f"<{self.tag} {self.attributes}>"

    def get(self, name):
        return self.attributes.get(name)

    def all(self, *tags):
        """Return the elements inside, in the page's order; with tags, those only."""
        inside = [child for child in self.children if isinstance(child, Element)]
        found = [each for child in inside for each in (child, *child.all())]
        return [each for each in found if each.tag in tags] if tags else found

    def above(self):
        """Return the elements around this one, the nearest first."""
        return [self.parent, *self.parent.above()] if self.parent else []

    def words(self):
        texts = (child if isinstance(child, str) else child.words() for child in self.children)
        return " ".join("".join(texts).split())


class Tree(HTMLParser):
    """The elements of a page; `faults` are its tags that close nothing or are never closed."""

    def __init__(self, body):
        super().__init__()
        self.here = Element("", {}, None)
        self.elements, self.faults = [], []
        self.feed(body)
        self.close()
        self.faults += [f"not closed: {each}" for each in (self.here, *self.here.above()) if each.tag]

    def handle_starttag(self, tag, attributes):
        element = self.add(tag, attributes)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attributes):
        self.add(tag, attributes)

    def add(self, tag, attributes):
        element = Element(tag, dict(attributes), self.here)
        self.here.children.append(element)
        self.elements.append(element)
        return element

    def handle_endtag(self, tag):
        if self.here.tag == tag:
            self.here = self.here.parent
        else:
            self.faults.append(f"</{tag}> inside {self.here}")

    def handle_data(self, data):
        self.here.children.append(data)


class Page:
    """A page as it came: its compressed size and its elements."""

    def __init__(self, address, response):
        assert response.headers["Content-Encoding"] == "gzip", address
        self.address = address
        self.size = len(response.content)
        self.language = urlsplit(address).path.split("/")[1]
        tree = Tree(gzip.decompress(response.content).decode())
        self.faults = tree.faults
        self.elements = tree.elements

    def __repr__(self):
        return self.address

    def all(self, *tags, **attributes):
        """Return the page's elements with one of the tags and with these attributes."""
        return [
            each
            for each in self.elements
            if (not tags or each.tag in tags)
            and all(each.get(name) == value for name, value in attributes.items())
        ]

    def meta(self, **attributes):
        """Return the contents of the page's <meta> with these attributes."""
        return [each.get("content") or "" for each in self.all("meta", **attributes)]

    def ids(self):
        return [each.get("id") for each in self.elements if each.get("id") is not None]

    def loads(self):
        """Return what the browser loads with the page: (element, absolute address)."""
        return [
            (each, urljoin(self.address, value))
            for each in self.elements
            for name, value in each.attributes.items()
            if name in LOADING
            or (name == "href" and each.tag in ("use", "image"))
            or (name == "href" and each.tag == "link" and not TOLD & set(each.get("rel").split()))
        ]


@pytest.fixture(scope="module")
def pages(record):  # noqa: F811
    """Return {address: page} of the whole sitemap, each page asked for once."""
    client = Client(headers={"Accept-Encoding": "gzip"})
    sitemap = gzip.decompress(client.get("/sitemap.xml").content).decode()
    found = {}
    for address in re.findall(r"<loc>(.*?)</loc>", sitemap):
        response = client.get(urlsplit(address).path)
        assert response.status_code == 200, address
        found[address] = Page(address, response)
    return found


def faults(pages, check):
    """Return [(address, what is wrong)] of the pages of which a check returns something; the first thirty."""
    found = [(page.address, wrong) for page in pages.values() if (wrong := check(page))]
    return found[:30]


def compressed(address):
    """Return the size of a static file as it is served: compressed, where that makes it smaller."""
    path = finders.find(unquote(urlsplit(address).path).removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
    with open(path, "rb") as file:
        data = file.read()
    return min(len(data), len(Compressor.compress_gzip(data)))


# What is loaded


def test_sitemap_has_every_page_in_both_languages(pages):
    per_language = Counter(page.language for page in pages.values())

    assert per_language["es"] == per_language["en"] > 200
    assert set(per_language) == {"es", "en"}


def test_first_load_of_every_page_is_light(pages):
    files = {address for page in pages.values() for _, address in page.loads()}
    sizes = {address: compressed(address) for address in files if "#" not in address}

    def weight(page):
        total = page.size + sum(sizes[address] for address in {a for _, a in page.loads()} & set(sizes))
        return total if total > FIRST_LOAD else None

    assert sizes
    assert faults(pages, weight) == []


@pytest.mark.parametrize(
    "path",
    ["/es/buscar/?q=salud", "/es/compromisos/?page=2", "/es/seguimiento/?follow_up=unreported&by=commitment"],
)
def test_first_load_of_an_answer_is_light(client, pages, path):
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    page = Page(f"{HOST}{path}", response)

    files = {address for _, address in page.loads() if "#" not in address}
    assert page.size + sum(map(compressed, files)) <= FIRST_LOAD


def test_pages_load_nothing_from_another_host(pages):
    def elsewhere(page):
        forms = [(form, urljoin(page.address, form.get("action") or "")) for form in page.all("form")]
        return [(each, to) for each, to in page.loads() + forms if not to.startswith(f"{HOST}/")]

    assert faults(pages, elsewhere) == []


def test_style_sheets_load_nothing_more(pages):
    sheets = {
        urlsplit(address).path
        for page in pages.values()
        for each, address in page.loads()
        if each.tag == "link" and "stylesheet" in each.get("rel")
    }

    for path in sheets:
        with open(finders.find(path.removeprefix("/static/")), encoding="utf-8") as file:
            # A place of the page itself, as the patterns of a chart have, is not loaded.
            assert not re.search(r"@import|url\((?!#)", file.read())
    assert sheets


def test_scripts_of_every_page_are_small(pages):
    def scripts(page):
        found = page.all("script")
        loaded = {address for each, address in page.loads() if each.tag == "script"}
        inside = sum(len(gzip.compress(each.words().encode())) for each in found if not each.get("src"))
        total = inside + sum(compressed(address) for address in loaded)
        return total if total > SCRIPTS else None

    assert faults(pages, scripts) == []


# What every page says of itself


def test_every_page_closes_what_it_opens(pages):
    assert faults(pages, lambda page: page.faults[:3]) == []


def test_every_page_names_its_language_and_has_one_heading_and_its_landmarks(pages):
    def wrong(page):
        counted = {
            tag: len(page.all(tag))
            for tag in ("h1", "main")
            if len(page.all(tag)) != 1 or not page.all(tag)[0].words()
        }
        if [each.get("lang") for each in page.all("html")] != [page.language]:
            counted["lang"] = page.all("html")
        if not all(page.all(tag) for tag in ("header", "nav", "footer")):
            counted["landmarks"] = "header, nav or footer missing"
        if page.all("a")[0].get("href") != "#main":
            counted["skip"] = page.all("a")[0]
        unnamed = [each for each in page.all("nav") if not each.get("aria-label")]
        return counted | ({"nav": unnamed} if unnamed else {})

    assert faults(pages, wrong) == []


def alternates(page):
    return {each.get("hreflang"): each.get("href") for each in page.all("link", rel="alternate")}


def test_every_page_names_its_own_address_and_its_twin(pages):
    def wrong(page):
        own = [each.get("href") for each in page.all("link", rel="canonical")]
        twins = alternates(page)
        if own != [page.address] or twins.get(page.language) != page.address:
            return own, twins
        other = pages.get(twins.get("en" if page.language == "es" else "es"))
        return None if other and other is not page and alternates(other) == twins else (twins, other)

    assert faults(pages, wrong) == []


def test_every_title_is_of_one_page_only(pages):
    titles = defaultdict(list)
    for page in pages.values():
        (title,) = [each.words() for each in page.all("title") if each.parent.tag == "head"]
        assert title
        titles[page.language, title].append(page.address)

    assert {title: several for title, several in titles.items() if len(several) > 1} == {}


def test_titles_of_commitments_plans_and_reports_say_which(pages):
    roman = {str(plan.number): plan.roman for plan in Plan.objects.all()}

    def wrong(page):
        kind, _, code = urlsplit(page.address).path.strip("/").partition("/")[2].partition("/")
        plan, _, number = code.partition("/")[0].partition("-")
        if kind not in ("planes", "plans", "compromisos", "commitments", "informes", "reports") or not plan:
            return None
        title = page.all("title")[0].words()
        is_commitment = kind in ("compromisos", "commitments")
        said = [f"plan {roman[plan]}", *([f" {number} "] if is_commitment else [])]
        return None if all(words.lower() in title.lower() for words in said) else title

    assert faults(pages, wrong) == []


def test_every_page_has_a_description_and_open_graph(pages):
    def missing(page):
        values = {"description": page.meta(name="description")}
        values |= {name: page.meta(property=name) for name in ("og:title", "og:description", "og:url")}
        wrong = {name: value for name, value in values.items() if len(value) != 1 or not value[0].strip()}
        if values["og:url"] != [page.address]:
            wrong["og:url"] = values["og:url"]
        return wrong

    assert faults(pages, missing) == []


def test_every_page_but_the_start_page_has_a_breadcrumb_that_machines_read(pages):
    def wrong(page):
        if page.address in (f"{HOST}/es/", f"{HOST}/en/"):
            return None
        lists = page.all("ol", itemtype="https://schema.org/BreadcrumbList")
        items = [
            each for each in page.all("li", itemprop="itemListElement") if lists and lists[0] in each.above()
        ]
        places = [int(each.get("content")) for item in items for each in item.all("meta")]
        names = [
            name.words() for item in items for name in item.all("span") if name.get("itemprop") == "name"
        ]
        if len(lists) == 1 and len(items) > 1 and places == sorted(set(places)) and all(names):
            return None if len(items) == len(places) == len(names) else (items, places, names)
        return items, places, names

    assert faults(pages, wrong) == []


# What its parts owe to whoever does not see them


def is_named(element):
    return bool((element.get("aria-label") or element.get("aria-labelledby") or "").strip())


def test_every_table_has_a_name_and_heads_that_say_of_what(pages):
    def wrong(page):
        found = []
        for table in page.all("table"):
            heads = table.all("th")
            if not heads or any(
                each.get("scope") not in ("col", "row", "colgroup", "rowgroup") for each in heads
            ):
                found.append((table, "heads without scope", [each.words() for each in heads][:4]))
            named = [table, *(each for each in table.above() if each.get("role") == "region")]
            if not table.all("caption") and not any(is_named(each) for each in named):
                found.append((table, "no caption, and no region with a name"))
        return found

    assert faults(pages, wrong) == []


def test_every_field_has_its_label(pages):
    def wrong(page):
        labelled = {each.get("for") for each in page.all("label") if each.words()}
        fields = [
            each
            for each in page.all("input", "select", "textarea")
            if each.get("type") not in ("hidden", "submit", "button")
        ]
        return [
            each
            for each in fields
            if each.get("id") not in labelled
            and not is_named(each)
            and not any(around.tag == "label" and around.words() for around in each.above())
        ]

    assert faults(pages, wrong) == []


def test_every_picture_of_squares_is_a_list_with_a_name_of_links_with_names(pages):
    def wrong(page):
        found = []
        for squares in page.all("ul"):
            if squares.get("class") != "squares" or squares.get("aria-hidden") == "true":
                continue
            links = squares.all("a")
            if not squares.get("aria-label"):
                found.append((squares, "no name"))
            if len(links) != len(squares.all("li")) or not all(each.words() for each in links):
                found.append((squares, "a square without a link or a name"))
        return found

    drawn = [each for page in pages.values() for each in page.all("ul") if each.get("class") == "squares"]

    assert len(drawn) > 20
    assert faults(pages, wrong) == []


def test_every_drawing_is_silent_as_words_beside_it_say_the_same(pages):
    def is_silent(drawing):
        return any(each.get("aria-hidden") == "true" for each in (drawing, *drawing.above()) if each.tag)

    def wrong(page):
        return [each for each in page.all("svg") if not is_silent(each)][:3]

    assert sum(len(page.all("svg")) for page in pages.values()) > 100
    assert faults(pages, wrong) == []


def test_every_id_is_of_one_element_only(pages):
    def twice(page):
        return [each for each, n in Counter(page.ids()).items() if n > 1 or not each]

    assert faults(pages, twice) == []


def test_every_link_into_a_page_finds_its_place(pages):
    ids = {urlsplit(page.address).path: set(page.ids()) for page in pages.values()}

    def lost(page):
        found = []
        for link in page.all("a", "use"):
            to = urlsplit(urljoin(page.address, link.get("href") or ""))
            known = ids.get(to.path) if to.netloc == "testserver" and not to.query else None
            if to.fragment and known is not None and unquote(to.fragment) not in known:
                found.append(link.get("href"))
        return found[:5]

    assert faults(pages, lost) == []
