"""How the pages say when something is due, and whether it is late, as far as that is known (rule 4)."""

from datetime import timedelta
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from faces.templatetags.dates import as_precise_as, longdate, months_since, monthyear, planned, since
from record.dates import whole_months

from ..models import Commitment
from ..state import COMPLETE, PLAN, WITHDRAWN

register = template.Library()


@register.simple_tag
def due(row):
    """Say when a commitment or a milestone is due, and by whose word: 'diciembre de 2016 (fin del plan)'.

    An end that is printed in words only is quoted: it is no date. Where nothing is printed that is said.
    """
    words = printed_end(row)
    if row.due_on is None:
        quoted = planned(None, words, row.document.language if row.document else "")
        return quoted or _("no source gives an end")
    if row.ends_on:
        return as_precise_as(words, row.due_on)
    day = by_month(row.due_on)
    if getattr(row, "due_from", "") == PLAN:
        return format_html(_("{day} (end of the plan)"), day=day)
    return format_html(_("{day} (announced later)"), day=day)


def printed_end(row):
    """Return the words that a source prints for the end of a commitment or a milestone."""
    return row.period_as_printed if isinstance(row, Commitment) else row.ends_as_printed


def by_month(day):
    """Write a day by its month, if it is the last one of it: so ends are printed."""
    is_last = (day + timedelta(days=1)).day == 1
    return monthyear(day) if is_last else longdate(day)


@register.simple_tag
def lateness(row):
    """Say whether a commitment or a milestone is late on the day of the reading, in sentences.

    Unknown is never said to be in time: who has not spoken is named.
    """
    commitment = row if isinstance(row, Commitment) else row.commitment
    if commitment.in_plan_until and commitment.in_plan_until < row.read_on:
        return _(
            "A norm took it out of the plan, where %(day)s was its last day; no due date counts since."
        ) % {"day": longdate(commitment.in_plan_until)}
    # A new end that is announced later takes it up again, whatever status stands.
    if level_of(row) == WITHDRAWN and row.past_due is None:
        return _("It was withdrawn, so no due date counts.")
    if row.is_overdue:
        return " ".join(late(row))
    if row.is_unknown and level_of(row) == COMPLETE:
        return _(
            "It was reported as complete and then planned anew; nobody has said since whether it is done."
        )
    if row.is_unknown:
        return unknown(row)
    if row.is_overdue is None and row.due_on:
        # Before its own due date, by a milestone.
        return _("Not due yet. A milestone of it is past due, and nobody has said whether it was done.")
    if row.due_on is None:
        return _("Without a date nobody can say whether it is late.")
    if level_of(row) == COMPLETE:
        return done(row)
    return _("Not due yet.")


def level_of(row):
    """Return the level shown of a commitment, or the status of a milestone."""
    return row.shown_level if isinstance(row, Commitment) else row.status


def late(row):
    """Yield the sentences on what is known to be late: the last word that says so, by both clocks."""
    day, days = longdate(row.late_word_on), row.days_late
    if isinstance(row, Commitment):
        card = row.shown
        # A card of before the due date, if of the same day as a milestone's word, judged nothing late.
        is_judged = card and row.due_on and row.late_word_on == card.report.cutoff_on >= row.due_on
        if not is_judged:
            yield _("A milestone of it is late: as of %(day)s it was reported as not complete.") % {
                "day": day
            }
            return
        said = _("%(who)s judged it %(level)s") % {
            "who": card.report.in_a_sentence,
            "level": card.get_level_display().lower(),
        }
    elif row.status_on == row.late_word_on and row.stated:
        said = _("it was reported as %(status)s") % {"status": row.status_label.lower()}
    else:
        said = _("a new end was announced")
    if days == 0:
        yield _("Unfinished when it fell due: on %(day)s %(said)s.") % {"day": day, "said": said}
    else:
        yield ngettext(
            "On %(day)s, %(n)s day later, %(said)s.", "On %(day)s, %(n)s days later, %(said)s.", days
        ) % {"day": day, "n": days, "said": said}
    if row.current_ends_on != row.due_on:
        yield by_current_end(row)


def by_current_end(row):
    end, days = by_month(row.current_ends_on), row.days_late_current
    if days is None:
        return _("The end was moved to %(end)s.") % {"end": end}
    return ngettext(
        "By the end announced later (%(end)s) it was %(n)s day late.",
        "By the end announced later (%(end)s) it was %(n)s days late.",
        days,
    ) % {"end": end, "n": days}


def unknown(row):
    """Say how long ago it fell due, and that nobody spoke since, or without saying whether it was done."""
    if not row.is_silent:
        words = _("It fell due %(since)s ago; what was reported since does not say whether it was done.")
    elif isinstance(row, Commitment):
        words = _("It fell due %(since)s ago; no report of this record has judged it since.")
    else:
        words = _("It fell due %(since)s ago; nobody has reported since.")
    return words % {"since": since(row.due_on, row.read_on)}


def done(row):
    """Say of what is complete whether it was in time, as far as its day is known."""
    if isinstance(row, Commitment):
        return _("It was judged complete; nobody says on which day it was done.")
    if row.days_late is None:
        return _("It was reported as complete; nobody says on which day it was done.")
    if row.days_late == 0:
        return _("Done in time, on %(day)s.") % {"day": longdate(row.done_on)}
    return ngettext(
        "Done %(n)s day after it fell due, on %(day)s.",
        "Done %(n)s days after it fell due, on %(day)s.",
        row.days_late,
    ) % {"n": row.days_late, "day": longdate(row.done_on)}


@register.simple_tag
def waited(milestone, blocks):
    """Say for how many months a milestone has been past due, and draw a bar with a block for each year.

    `blocks` is how many blocks the bar of the longest wait beside it has, so that bars compare.
    """
    day, on = milestone.due_on, milestone.read_on
    months = whole_months(day, on)
    said = months_since(day, on) if months else since(day, on)
    hidden = _("since its due date, %(day)s") % {"day": longdate(day)}
    return format_html(
        '<span class="waited">{} <span class="visually-hidden">{}</span></span>{}',
        said,
        hidden,
        months_bar(months, blocks),
    )


@lru_cache(maxsize=512)
def months_bar(months, blocks):
    """Draw months as blocks of twelve, filled as far as they go; the number stands beside them."""
    blocks_of_bar = [(block * 12 + 0.25, months - block * 12) for block in range(blocks)]
    ground = "".join(f"M{x} 0h11.5v10h-11.5z" for x, _rest in blocks_of_bar)
    filled = [(x, min(rest, 12) - 0.5) for x, rest in blocks_of_bar if rest > 0]
    return format_html(
        '<svg class="months" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="due" d="{}"/><path d="{}"/></svg>',
        blocks * 12,
        ground,
        "".join(f"M{x} 0h{width}v10h-{width}z" for x, width in filled),
    )


@register.simple_tag
def reason_cells(cells):
    """Write the cells of a line of the board's table: (label, how many, the query of their list or '')."""
    return mark_safe("".join(reason_cell(str(label), n, query) for label, n, query in cells))


@lru_cache(maxsize=2048)
def reason_cell(label, n, query):
    if not n:
        return format_html(
            '<td role="cell" data-label="{}" class="nil"><span class="zero">0</span></td>', label
        )
    said = format_html('<span class="visually-hidden">{}: </span>{}', label, n)
    shown = format_html('<a href="?{}#milestones">{}</a>', query, said) if query else n
    return format_html('<td role="cell" data-label="{}">{}</td>', label, shown)
