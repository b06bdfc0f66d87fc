"""How the pages say and draw the levels that reports judged."""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from faces.languages import language_words
from faces.templatetags.dates import longdate
from plans.compliance import Level
from plans.models import Report
from record.text import Text

register = template.Library()


@register.filter
def level_label(level):
    """Say a level in words; no level is 'not assessed in this record' (rule 1: unknown is never zero)."""
    return Level(level).label if level else _("Not assessed in this record")


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
    """Draw a shape for each commitment of a tally, in the order of the scale, those without a level last."""
    drawn = [_mark(level) for level, count in tally.counts.items() for _each in range(count)]
    drawn += [_mark("none")] * tally.unassessed
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


@register.inclusion_tag("includes/_bar.html")
def bar(tally, widest, slug, name):
    """Draw a tally as a bar, each level a segment, as long as its number of commitments is of `widest`.

    `name` says what it is the bar of, and `slug` makes it the only one of the page.
    """
    shares = [(level, count, Level(level).label) for level, count in tally.counts.items() if count]
    if tally.unassessed:
        shares.append(("none", tally.unassessed, level_label(None)))
    segments, x = [], 0
    for level, count, label in shares:
        width = count * 100 / tally.total
        middle = x + width / 2
        segments.append(
            {"level": level, "count": count, "label": label, "x": x, "width": width, "middle": middle}
        )
        x += width
    return {"segments": segments, "width": tally.total * 100 / (widest or 1), "slug": slug, "name": name}


@register.simple_tag
def card_language(card):
    """Say in which language a card is, where it has words and is not in the reader's: '(in English ...)'."""
    return language_words(Text(" ", card.report.language)) if card.has_card else ""
