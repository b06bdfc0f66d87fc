"""Subjects that several plans promise something of: each is one story across the plans.

A topic is a policy area of the OGP, words that the titles of commitments have, or both. Which commitments it
gathers is a rule that its page tells, so that anybody can check it. The slugs are public addresses and never
change; a policy area that stands in no line here has its own slug.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.search import contains, index, phrase

from .models import Commitment, PolicyArea


@dataclass(frozen=True)
class Topic:
    """A subject: the slug of its page, its policy area, and the words that a title has."""

    slug: str
    # Of a policy area; '' where the OGP has none for it.
    area: str = ""
    words: tuple = ()
    # Of a topic without a policy area; the others are called as their area.
    name: str = ""

    def get_absolute_url(self):
        return reverse("topics:topic-detail", args=[self.slug])

    @cached_property
    def parts(self):
        """Its words as parts of a search."""
        return [phrase(words) for words in self.words]

    def gathers(self):
        """Return the condition that a commitment is of the topic, by its tag or the words of its title."""
        condition = Q(pk__in=[])
        if self.area:
            tags = Commitment.policy_areas.through.objects.filter(commitment=OuterRef("pk"))
            condition |= Q(Exists(tags.filter(policyarea__slug=self.area)))
        for part in self.parts:
            condition |= contains(part, "search_title")
        return condition

    def commitments(self):
        """Return the commitments of the topic."""
        return Commitment.objects.published().filter(self.gathers())

    def has(self, areas, title):
        """Tell the same of one commitment, by the slugs of its policy areas and its searchable title."""
        return self.area in areas or any(needle in title for part in self.parts for needle in part.needles)

    def name_in(self, areas):
        """Return its name: that of its policy area, one of {slug: policy area}, or its own."""
        return areas[self.area].name if self.area in areas else self.name


TOPICS = (
    Topic("ambiente-y-clima", "environment-and-climate", ("ambiental", "environmental", "ambiente")),
    Topic("apertura-fiscal", "fiscal-openness"),
    Topic("comunidades-marginadas", "marginalized-communities"),
    Topic("datos-abiertos", "open-data", ("datos abiertos", "open data")),
    Topic("derecho-a-la-informacion", "right-to-information"),
    Topic("educacion", "education", ("educación", "education")),
    Topic("fortalecimiento-de-capacidades", "capacity-building"),
    Topic("gestion-documental", "records-management", ("gestión documental", "document management")),
    Topic("gobierno-electronico", "e-government", ("gobierno electrónico", "electronic government")),
    Topic("infraestructura-y-transporte", "infrastructure-transport"),
    Topic("justicia", "justice", ("justicia", "justice")),
    Topic("legislacion-y-regulacion", "legislation-regulation"),
    Topic(
        "ley-de-transparencia",
        words=("ley de transparencia", "law on transparency", "transparency law"),
        name=_("Law of transparency"),
    ),
    Topic("lucha-contra-la-corrupcion", "anti-corruption"),
    Topic("parlamentos-abiertos", "open-parliaments", ("parlamento", "parliament")),
    Topic(
        "participacion-publica", "public-participation", ("participación ciudadana", "citizen participation")
    ),
    Topic(
        "portales-de-transparencia",
        words=("portal de transparencia", "portales de transparencia", "transparency portal"),
        name=_("Transparency portals"),
    ),
    Topic("prestacion-de-servicios-publicos", "public-service-delivery"),
    Topic(
        "rendicion-de-cuentas",
        words=("rendición de cuentas", "accountability"),
        name=_("Accountability"),
    ),
    Topic("salud", "health", ("salud", "health")),
    Topic("sector-privado", "private-sector"),
    Topic("trabajo", "labor"),
    Topic(
        "vigilancia-social",
        words=("vigilancia social", "vigilancia ciudadana", "social oversight", "social monitoring"),
        name=_("Social oversight"),
    ),
)
BY_AREA = {topic.area: topic for topic in TOPICS if topic.area}


def topics():
    """Return all topics, and their policy areas by slug: those above, and the areas that stand in no line."""
    areas = {area.slug: area for area in PolicyArea.objects.published()}
    named = [topic for topic in TOPICS if topic.name or topic.area in areas]
    return named + [Topic(slug, slug) for slug in areas if slug not in BY_AREA], areas


def topic_of(area):
    """Return the topic of a policy area."""
    return BY_AREA.get(area.slug) or Topic(area.slug, area.slug)


def topics_of(commitment):
    """Return [(topic, its name)] of a commitment: those that its title names, then those of its policy areas.

    What the title names is nearer to it than a tag. Of its areas, read with it, nothing more is asked.
    """
    areas = commitment.policy_areas.all()
    title = index([commitment.title_es], [commitment.title_en])
    by_words = [(topic, topic.name) for topic in TOPICS if topic.name and topic.has((), title)]
    return by_words + [(topic_of(area), area.name) for area in areas]
