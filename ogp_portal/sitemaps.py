"""The addresses that search engines should know: every page of the record, in both languages."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from commitments.models import Commitment
from entities.models import Entity
from plans.models import Document, Plan, Report

PAGES = [
    "home",
    "plans:plan-list",
    "commitments:commitment-list",
    "follow-up",
    "entities:entity-list",
    "plans:document-list",
    "plans:recommendation-list",
    "glossary",
    "about",
    "data",
]


class Bilingual(Sitemap):
    """Addresses that exist in both languages, each beside its twin."""

    i18n = True
    alternates = True
    protocol = "https" if settings.HTTPS else "http"


class Pages(Bilingual):
    """The pages that exist once."""

    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


class Rows(Bilingual):
    """The pages of some rows; `rows` returns those that the public may see."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows()


class Texts(Rows):
    """The pages with the sections of plans and reports."""

    def location(self, item):
        return item.get_text_url()


SITEMAPS = {
    "pages": Pages,
    "plans": Rows(lambda: Plan.objects.published()),
    "plan-texts": Texts(lambda: Plan.objects.published().filter(sections__isnull=False).distinct()),
    "reports": Rows(lambda: Report.objects.as_of(None)),
    "report-texts": Texts(lambda: Report.objects.as_of(None).filter(sections__isnull=False).distinct()),
    "commitments": Rows(lambda: Commitment.objects.published().only("code")),
    "entities": Rows(lambda: Entity.objects.only("slug")),
    "documents": Rows(lambda: Document.objects.only("slug")),
}
