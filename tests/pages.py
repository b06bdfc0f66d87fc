"""Reading the pages in tests."""

import html
import re

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation


def address(name, *args, lang="en"):
    """Return the address of a page in a language."""
    with translation.override(lang):
        return reverse(name, args=args)


def bare(body):
    """Return the words of some HTML, as a reader sees them: no tags, single blanks."""
    body = re.sub(r"</?(?:a|cite|q|small|span|strong)\b[^>]*>", "", body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def words(response):
    """Return the words of a page."""
    return bare(response.content.decode().partition("<body>")[2])


def read(client, name, *args, lang="en", status=200, **params):
    """Return the words of a page, after checking its status."""
    response = client.get(address(name, *args, lang=lang), params)
    assert response.status_code == status
    return words(response)


def codes(client, name, *args, **params):
    """Return the codes of the commitments that a page lists, in its order."""
    body = client.get(address(name, *args), params).content.decode()
    if '<ul class="rows' in body:
        return codes_in(body)
    return re.findall(r'<li class="commitment">.*?<span class="code">([^<]*)</span>', body, re.DOTALL)


def codes_in(body):
    """Return the codes of the commitments in the rows of a page, in its order."""
    rows = re.findall(r'<ul class="rows[^"]*">.*?</ul>', body, re.DOTALL)
    return re.findall(r'<span class="code">([^<]*)</span>', " ".join(rows))


def section(response, name):
    """Return the words of one section of a page, named by the id of its heading."""
    body = response.content.decode()
    found = re.search(rf'<section[^>]* aria-labelledby="{name}">.*?</section>', body, re.DOTALL)
    return bare(found.group()) if found else None


def queries(client, path, status=200):
    """Return how many queries a page takes that nobody asked for before, beside the one for the version."""
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == status
    return len([query for query in captured if "FROM record_version" not in query["sql"]])
