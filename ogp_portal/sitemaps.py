"""The addresses that search engines should know: every page of the record, in both languages."""

from copy import copy
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.urls import reverse

from commitments.topics import topics
from record.kinds import kinds
from record.publication import with_any

# The pages of the portal itself; the table of kinds has those of the lists.
PAGES = ["home", "follow-up", "topics:topic-list", "glossary", "method", "about", "data", "changes"]


class Bilingual(Sitemap):
    """Addresses that exist in both languages, each beside its twin; at the portal's public address."""

    i18n = True
    alternates = True

    # The locations of this answer: each stands in it as itself and as a twin.
    known = None

    def get_urls(self, *args, **kwargs):
        # The sitemap itself is shared by all requests.
        once = copy(self)
        once.known = {}
        return super(Bilingual, once).get_urls(*args, **kwargs)

    def _location(self, item, force_lang_code=None):
        row, language = item
        key = row, force_lang_code or language
        if key not in self.known:
            self.known[key] = super()._location(item, force_lang_code)
        return self.known[key]

    def get_protocol(self, protocol=None):
        return urlsplit(settings.PORTAL_ADDRESS).scheme or protocol

    def get_domain(self, site=None):
        return urlsplit(settings.PORTAL_ADDRESS).netloc or super().get_domain(site)


class Pages(Bilingual):
    """The pages that exist once."""

    def items(self):
        return [*PAGES, *(kind.list_page for kind in kinds() if kind.list_page)]

    def location(self, item):
        return reverse(item)


class Rows(Bilingual):
    """The pages of the rows of a kind."""

    def __init__(self, kind):
        self.kind = kind

    def items(self):
        return self.kind.rows()


class Texts(Rows):
    """The pages with the sections of plans and reports."""

    def items(self):
        return self.kind.rows().filter(with_any(self.kind.model, "sections"))

    def location(self, item):
        return item.get_text_url()


class Topics(Bilingual):
    """The stories of topics."""

    def items(self):
        return topics()[0]


def sitemap(request):
    """Answer with the sitemap, or with one page of it where it is too long for one (`p`)."""
    request.known_parameters = ("p",)
    return views.sitemap(request, sitemaps())


def sitemaps():
    """Return the parts of the sitemap by their names."""
    parts = {"pages": Pages, "topics": Topics}
    for kind in kinds():
        if kind.has_page:
            parts[kind.listed.path] = Rows(kind)
        if kind.has_text_page:
            parts[f"{kind.listed.name}-texts"] = Texts(kind)
    return parts
