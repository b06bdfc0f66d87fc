"""What the pages of a report that is being written are of, and what its board says of each card."""

from dataclasses import dataclass, field

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse

from plans.models import Report
from record.dates import today
from record.models import Change
from record.publication import Status
from record.rights import given_to, is_focal_point, may, name_of_account, visible_to

from ..answering import name_leads
from ..models import Assessment, CardState, CardWork, Commitment, Milestone
from ..models.card_work import last_changes, state_of
from .doubts import doubts

# Finding what a page is of. Focal points come to the cards that were given to them, and to no other page.


def check_office(user):
    """Raise PermissionDenied unless somebody reads what the secretariat drafts."""
    if is_focal_point(user) or not may(user, "view", Report):
        raise PermissionDenied


def report_of(user, slug):
    """Return the draft of a report, or a published one; raise Http404 or PermissionDenied."""
    check_office(user)
    found = visible_to(user, Report.objects.select_related("plan", "document")).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def card_of(user, slug, code):
    """Return the card of a commitment in a report; raise Http404 or PermissionDenied."""
    check_office(user)
    return _first(visible_to(user, _cards()), slug, code)


def drafted_card_of(user, slug, code):
    """Return a card that was given to one of somebody's entities; raise Http404 of any other."""
    return _first(given_to(user, _cards()), slug, code)


def _cards():
    return Assessment.objects.select_related("report__plan", "report__document", "commitment", "document")


def _first(rows, slug, code):
    found = rows.filter(report__slug=slug, commitment__code=code).first()
    if found is None:
        raise Http404
    return found


def page(request, template, title, opts, **context):
    """Answer with a page of the admin."""
    request.current_app = admin.site.name
    context = admin.site.each_context(request) | {"title": title, "opts": opts} | context
    return TemplateResponse(request, f"commitments/cards/{template}.html", context)


# The board.


@dataclass
class Line:
    """What the board says of one card."""

    card: Assessment
    work: CardWork | None
    state: CardState
    doubts: list
    last: Change | None = None
    who: str = ""
    given_back_by: str = ""

    @property
    def entity(self):
        """The entity that has its texts just now, or None."""
        return self.work and self.work.given_to


@dataclass
class Board:
    """A report that is being written, card by card, and the commitments of its plan that have none here."""

    report: Report
    lines: list = field(default_factory=list)
    without: list = field(default_factory=list)

    def count(self, state):
        return sum(line.state == state for line in self.lines)

    @property
    def counts(self):
        """How many cards are how far, as (state, label, count)."""
        return [(state.value, state.label, self.count(state)) for state in CardState]

    @property
    def with_doubts(self):
        return sum(bool(line.doubts) for line in self.lines)

    @property
    def without_level(self):
        return [line for line in self.lines if not line.card.level]

    @property
    def not_ready(self):
        return [line for line in self.lines if line.state != CardState.READY]

    @property
    def given(self):
        return [line for line in self.lines if line.entity]

    @property
    def is_draft(self):
        return self.report.status == Status.DRAFT and not self.report.is_annulled

    def after(self, card=None):
        """Return the next card that waits for SGP, after one and then from the first; None without any."""
        at = next((place for place, line in enumerate(self.lines) if card and line.card.pk == card.pk), -1)
        others = [*self.lines[at + 1 :], *self.lines[: max(at, 0)]]
        return next((line.card for line in others if line.state != CardState.READY and not line.entity), None)


def milestones_by_commitment(user, report, commitments):
    """Return {pk of a commitment: its milestones as they stood on the cut-off}."""
    rows = visible_to(user, Milestone.objects.with_state(min(report.cutoff_on, today())))
    found = {pk: [] for pk in commitments}
    for each in rows.filter(commitment__in=commitments).order_by("number"):
        found[each.commitment_id].append(each)
    return found


def board_of(user, report):
    """Return the Board of a report, in a fixed number of queries."""
    cards = visible_to(user, Assessment.objects.filter(report=report)).select_related("commitment")
    cards = list(cards.order_by("commitment__number", "pk"))
    for card in cards:
        card.report = report
    name_leads(user, [card.commitment for card in cards])
    works = CardWork.objects.filter(card__in=[card.pk for card in cards])
    works = {work.card_id: work for work in works.select_related("given_to", "given_back_by", "closed_by")}
    milestones = milestones_by_commitment(user, report, [card.commitment_id for card in cards])
    changes = last_changes(cards)
    lines = []
    for card in cards:
        work, told = works.get(card.pk), changes[card.pk]
        last = told[-1] if told else None
        lines.append(
            Line(
                card=card,
                work=work,
                state=state_of(card, work, told),
                doubts=doubts(card, milestones[card.commitment_id]),
                last=last,
                who=name_of_account(last.entry, user) if last else "",
                given_back_by=_name(work.given_back_by) if work and work.given_back_at else "",
            )
        )
    judged = [card.commitment_id for card in cards]
    rows = Commitment.objects.said().filter(plan=report.plan_id).in_plan_on(report.cutoff_on)
    without = visible_to(user, rows)
    return Board(report, lines, list(without.exclude(pk__in=judged).order_by("number")))


def counts_by_report(user, reports):
    """Return {pk of a report: {CardState: how many of its cards}} of some reports, in three queries."""
    cards = list(visible_to(user, Assessment.objects.filter(report__in=reports)).only("report", "level"))
    works = {work.card_id: work for work in CardWork.objects.filter(card__in=[card.pk for card in cards])}
    changes = last_changes(cards)
    found = {report.pk: dict.fromkeys(CardState, 0) for report in reports}
    for card in cards:
        found[card.report_id][state_of(card, works.get(card.pk), changes[card.pk])] += 1
    return found


def _name(account):
    return account.get_full_name() if account else ""
