"""How the pages say and draw the levels that reports judged."""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from faces.languages import language_words
from faces.templatetags.dates import longdate
from plans.compliance import Level
from plans.models import Report
from record.text import Text

register = template.Library()

# The order of squares; and how many are looked at.
BEST_FIRST = ["complete", "substantial", "limited", "not_started", "unclear", "no_evidence", "withdrawn"]
MOST_MARKS = 150


@register.filter
def level_label(level):
    """Say a level in words; no level is 'not assessed' (rule 1: unknown is never zero)."""
    return Level(level).label if level else _("Not assessed")


# What each level means, in a line. The levels are the OGP's; no document of the record defines them.
MEANINGS = {
    Level.NOT_STARTED: gettext_lazy("What was promised had not been begun."),
    Level.LIMITED: gettext_lazy("A small part of what was promised was done."),
    Level.SUBSTANTIAL: gettext_lazy("A large part of what was promised was done, not all."),
    Level.COMPLETE: gettext_lazy("All that was promised was done."),
    Level.WITHDRAWN: gettext_lazy("The State took the promise back."),
    Level.UNCLEAR: gettext_lazy("The report could not tell what had been done."),
    Level.NO_EVIDENCE: gettext_lazy("The report found nothing that proves it."),
}


@register.filter
def level_meaning(level):
    """Say in a line what a level means; of no level, that nobody judged."""
    if level:
        return MEANINGS[Level(level)]
    return _("No report that is here judges it. That does not mean that it was not kept.")


@register.filter
def lower_first(words):
    """Return words as they go on in a sentence."""
    words = str(words)
    return words[:1].lower() + words[1:]


@register.simple_tag
def big_mark(level):
    """Draw the shape of a level as large as a verdict is."""
    return mark_safe(_mark(level or "none").replace('class="mark ', 'class="mark big ', 1))


@register.simple_tag
def level(level):
    """Write a level with its shape, as `includes/_level.html` does; no level is 'not assessed'."""
    return _level(level or "", get_language())


@lru_cache
def _level(level, language):
    return get_template("includes/_level.html").render({"level": level})


@register.simple_tag
def by(report):
    """Say who judged and when: no level stands without it (rule 2)."""
    said = report.author, report.stage, report.cutoff_on, report.is_cutoff_inferred
    return _by(*said, get_language())


@lru_cache(maxsize=2048)
def _by(author, stage, cutoff_on, is_cutoff_inferred, language):
    parts = {
        "author": Report.Author(author).label,
        "stage": Report.Stage(stage).label.lower(),
        "date": longdate(cutoff_on),
    }
    if is_cutoff_inferred:
        return _("%(author)s, %(stage)s, as of %(date)s (date inferred)") % parts
    return _("%(author)s, %(stage)s, as of %(date)s") % parts


@register.simple_tag
def mark(level):
    """Draw the shape of a level; the word stands beside it, so it says nothing to a screen reader."""
    return _mark(level or "none")


@lru_cache
def _mark(name):
    return format_html(
        '<svg class="mark mark-{0}" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="#mark-{0}"/></svg>',
        name,
    )


@register.simple_tag
def marks(tally):
    """Draw a square for each commitment of a tally, the best kept first, those without a level last.

    Of more than anybody looks at it draws none: the words beside them say how many there are.
    """
    if tally.total > MOST_MARKS:
        return ""
    best_first = sorted(tally.counts, key=BEST_FIRST.index)
    drawn = [_mark(level) * tally.counts[level] for level in best_first] + [_mark("none") * tally.unassessed]
    return format_html('<span class="marks" aria-hidden="true">{}</span>', mark_safe("".join(drawn)))


@register.simple_tag
def cells(tally, levels):
    """Write the cells of a row of a table: how many commitments stand at each of some levels."""
    return mark_safe(
        "".join(
            f"<td>{count}</td>" if count else '<td><span class="zero">0</span></td>'
            for count in map(tally.counts.get, levels)
        )
    )


@register.simple_tag
def card_language(card):
    """Say in which language a card is, where it has words and is not in the reader's: '(in English ...)'."""
    return language_words(Text(" ", card.report.language)) if card.has_card else ""
