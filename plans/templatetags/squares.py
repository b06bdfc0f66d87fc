"""The squares of commitments: each a link with its name, its level, and who judged it when."""

from collections import Counter
from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from faces.languages import lang_attribute
from plans.models import Report

from .levels import level_label, mark

register = template.Library()


@register.simple_tag
def squares(commitments, name):
    """Draw a square for each commitment read `for_squares`, in their order; `name` says of what they are.

    A screen reader hears a list of links; on a wide screen the name of the one that is pointed at stands
    below the picture.
    """
    drawn = "".join(
        f'<li><a href="{each.get_absolute_url()}">{mark(each.shown_level)}'
        f'<span class="visually-hidden tip">{in_words(each)}</span></a></li>'
        for each in commitments
    )
    return format_html('<ul class="squares" aria-label="{}">{}</ul>', name, mark_safe(drawn))


def in_words(commitment):
    """Say what a square stands for: '2-14 Promover ...: Completo, Gobierno 2017'."""
    title = commitment.title
    words = f"<span{lang_attribute(title.lang)}>{conditional_escape(str(title))}</span>"
    said = level_label(commitment.shown_level)
    if commitment.judged_by:
        said = f"{said}, {judge(commitment.judged_by, commitment.judged_on.year)}"
    return f"{commitment.code} {words}: {said}"


@register.simple_tag
def judged_by(commitment):
    """Say who judged a commitment read `for_squares`, and in which year: 'Gobierno 2017'."""
    return judge(commitment.judged_by, commitment.judged_on.year)


def judge(author, year):
    """Say who judged and in which year, briefly: 'Gobierno 2017'."""
    return _judge(author, year, get_language())


@lru_cache(maxsize=512)
def _judge(author, year, language):
    return _("%(author)s %(year)s") % {"author": Report.Author(author).label, "year": year}


@register.simple_tag
def outlines(number):
    """Draw the outlines of commitments that the record does not hold; the words beside them say so."""
    box = f'<li class="box">{mark("to-come")}</li>'
    return mark_safe(f'<ul class="squares" aria-hidden="true">{box * min(number, MOST_OUTLINES)}</ul>')


# More outlines than any plan had commitments say nothing.
MOST_OUTLINES = 60


@register.simple_tag
def circles(kind, number):
    """Draw a circle for each of some milestones of a kind: 'done', 'said', 'silent', 'late', 'not-due'."""
    return mark_safe(mark(kind) * number)


# The circle of what a milestone is `drawn_as`, in the order in which pages tell how many are so.
CIRCLES = {
    "done": "done",
    "late": "late",
    "silent": "silent",
    "spoken": "said",
    "said": "said",
    "unsaid": "silent",
    "not-due": "not-due",
    "withdrawn": "not-due",
}


def standings(milestones):
    """Return [(what they are drawn as, how many)] of some milestones, in order; none that is 0."""
    counts = Counter(milestone.drawn_as for milestone in milestones)
    return [(drawn_as, counts[drawn_as]) for drawn_as in CIRCLES if counts[drawn_as]]


@register.filter
def circle_name(drawn_as):
    """Return the name of the circle of what a milestone is `drawn_as`."""
    return CIRCLES[drawn_as]


@register.simple_tag
def circle(drawn_as):
    """Draw the circle of a milestone by what it is `drawn_as`; the words stand beside it."""
    return mark(CIRCLES[drawn_as])


@register.simple_tag
def judged(report):
    """Say briefly who judged and when, by the report: 'Gobierno 2017'."""
    return judge(report.author, report.cutoff_on.year)
