"""What stands in a card when it is made: what was said before, in the language of the report.

What tells of the commitment comes from the last card of the same author, else from the commitment itself;
what tells of the time since then comes from the updates. Who held an office then is not copied: he may not
hold it now.
"""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import override

from faces.templatetags.dates import longdate
from plans.models import Report
from record.dates import today

from ..models import Commitment, Milestone, Responsibility, Update

# The rows that say the same from one report to the next, until somebody changes them.
STEADY = (
    *("responsible", "other_government", "other_civil_society", "problem", "objective", "description"),
    *("relevance", "ambition"),
)
# Which of the commitment's own texts says what a row asks for.
OF_COMMITMENT = ("problem", "description", "relevance")
LONGEST = 20_000


def previous_of(report):
    """Return the last published report of the same author on the same plan before this one, or None."""
    return report.previous(list(Report.objects.published().filter(plan=report.plan_id)))


def last_cards(report):
    """Return {pk of a commitment: its card in the report before}, with what the card's rows are read by."""
    before = previous_of(report)
    if before is None:
        return {}
    cards = before.assessments.published().select_related("report__document")
    return {card.commitment_id: card for card in cards}


def last_words(report, commitments):
    """Return {pk of a commitment: the last update of each of its milestones up to the cut-off}."""
    milestones = Milestone.objects.published().filter(commitment__in=[each.pk for each in commitments])
    updates = Update.objects.as_of(min(report.cutoff_on, today())).filter(milestone__in=milestones)
    updates = updates.exclude(report__author=Report.Author.CIVIL_SOCIETY).select_related("milestone")
    last = {}
    for update in updates.latest_first():
        last.setdefault(update.milestone_id, update)
    found = defaultdict(list)
    for update in sorted(last.values(), key=lambda each: each.milestone.number):
        found[update.milestone.commitment_id].append(update)
    return found


def fill(report, commitments):
    """Return {pk of a commitment: the texts with which its card begins, {row: text}}."""
    lang = report.language
    cards, words, leads = last_cards(report), last_words(report, commitments), leads_of(commitments, lang)
    found = {}
    for commitment in commitments:
        card = cards.get(commitment.pk)
        said = {row: getattr(commitment, f"{row}_{lang}") for row in OF_COMMITMENT}
        said["responsible"] = leads.get(commitment.pk, "")
        if card and card.has_card and card.report.language == lang:
            said |= {row: text for row in STEADY if (text := getattr(card, row))}
        with override(lang):
            said |= offered(words.get(commitment.pk, ()), lang)
        found[commitment.pk] = {row: text[:LONGEST] for row, text in said.items() if row in report.card_form}
    return found


def leads_of(commitments, lang):
    """Return {pk of a commitment: who leads it, by name} in a language."""
    rows = Responsibility.objects.published().leading().select_related("entity")
    found = defaultdict(dict)
    for row in rows.filter(commitment__in=[each.pk for each in commitments], report=None):
        # What is printed may be in the other language.
        name = row.entity and (getattr(row.entity, f"name_{lang}") or row.entity.name_es)
        found[row.commitment_id][name or row.name_as_printed] = True
    return {pk: "; ".join(names) for pk, names in found.items()}


def offered(updates, lang):
    """Return what some updates say of the time since, {row: text}: what was done, what comes, and why."""
    return {
        "results": _lines(updates, "text", lang, tells_status=True),
        "next_steps": _lines(updates, "next", lang),
        "delay_reason": _lines(updates, "reason", lang),
    }


def _lines(updates, column, lang, tells_status=False):
    lines = []
    for update in updates:
        text = getattr(update, f"{column}_{lang}") or str(getattr(update, column) or "")
        status = update.get_status_display() if tells_status and update.status else ""
        if update.percent is not None and tells_status:
            status = f"{status}, {update.percent} %" if status else f"{update.percent} %"
        if not (text or status):
            continue
        head = _("Milestone %(code)s, as of %(day)s") % {
            "code": update.milestone.code,
            "day": longdate(update.as_of),
        }
        lines.append(f"{head}{f' ({status.lower()})' if status else ''}: {text or '–'}")
    return "\n".join(lines)


def cards_wanted(report):
    """Return the commitments of which a report of full coverage has a card, in their order."""
    rows = Commitment.objects.said().filter(plan=report.plan_id).in_plan_on(report.cutoff_on)
    return list(rows.order_by("number"))
