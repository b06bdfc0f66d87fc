"""The desk of the secretariat (SGP) and of auditors: what waits, who is silent, what rests, what changed."""

from collections import Counter, defaultdict

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from commitments.answering import name_answering, name_leads, short_name
from commitments.cards.reading import counts_by_report
from commitments.gaps import by_plan
from commitments.models import Commitment, Milestone, Update
from commitments.models.milestone import SILENT
from commitments.models.responsibility import Answering
from commitments.submissions import first_readings, last_submissions
from commitments.urgency import AT_REST, at_rest, due_soon, states_of_milestones, without_next
from entities.models import Entity
from plans.models import Report
from record.models import Change, Document, Entry
from record.models.log import Proposal
from record.publication import Status
from record.rights import name_of_account, visible_to

from . import addresses, making, reporting
from .section import MOST, Section, first_of, list_address


def sections(user, on):
    """Return the Sections of the desk of an editor or a publisher; his own reports where there are any."""
    own = [each for each in (reporting.returned(user), reporting.drafts(user)) if each.total]
    return [
        waiting(user, on),
        *own,
        making.section(user),
        reports(user),
        silent(user, on),
        resting(user, on),
        lacking(on),
    ]


def waiting(user, on):
    """Return the Section of what was submitted, the one first that waits longest."""
    rows = visible_to(user, Update.objects.all()).waiting()
    total, lines = first_of(rows.select_related("milestone__commitment__plan"))
    name_answering(user, [update.milestone for update in lines])
    sent, read = last_submissions(user, lines), first_readings(lines)
    for update in lines:
        entry = sent.get(update.pk)
        update.sender = entry and name_of_account(entry, user)
        update.is_own = entry is not None and entry.by_id == user.pk
        update.reading = entry and read.get(entry.pk)
        update.address = addresses.read(update)
    return Section(
        slug="review",
        title=_("Waiting for review"),
        template="waiting",
        total=total,
        lines=lines,
        empty=_("Nothing waits for review."),
        address=list_address(Update, workflow__exact=Update.Workflow.SUBMITTED),
    )


def reports(user):
    """Return the Section of the reports that are being written, each with how far its cards are."""
    rows = visible_to(user, Report.objects.filter(status=Status.DRAFT))
    total, lines = first_of(rows.select_related("plan", "document").order_by("-cutoff_on", "slug"))
    counts = counts_by_report(user, lines)
    for report in lines:
        report.counts = [(state.label, count) for state, count in counts[report.pk].items()]
        report.to_do = addresses.board(report)
    return Section(
        slug="reports",
        title=_("Reports in work"),
        template="reports",
        total=total,
        lines=lines,
        empty=_("No report is being written."),
        address=list_address(Report, status__exact=Status.DRAFT),
        to_do=(_("Open a report"), addresses.open_report()),
    )


def silent(user, on):
    """Return the Section of who is due or silent: by entity, with who reports there and how many.

    Counted are milestones that are due in 30 days, and those past due of which nobody has spoken since.
    """
    rows = visible_to(user, Milestone.objects.published()).begun(on).with_state(on)
    rows = rows.filter(SILENT | due_soon(on))
    what = Case(When(SILENT, then=Value("silent")), default=Value("due"))
    answering, groups, all_of = Answering(rows), defaultdict(Counter), Counter()
    for pk, commitment, which in rows.order_by().values_list("pk", "commitment", what):
        all_of[which] += 1
        for who in answering.of(pk, commitment) or [None]:
            groups[who][which] += 1
    entities = visible_to(user, Entity.objects.all()).in_bulk([who for who in groups if isinstance(who, int)])
    lines = [(entities.get(who, who), counts) for who, counts in groups.items()]
    # Whoever has most comes first; of whom nobody knows, last.
    lines.sort(key=lambda line: (line[0] is None, -line[1].total(), str(line[0])))
    people = focal_points([who for who, _counts in lines[:MOST] if isinstance(who, Entity)])
    return Section(
        slug="silent",
        title=_("Due or silent, by entity"),
        template="entities",
        total=len(lines),
        lines=[line_of_entity(who, counts, people) for who, counts in lines[:MOST]],
        empty=_("Nothing is due in the next 30 days, and of what is past due somebody has spoken."),
        address=reverse("follow-up"),
        more={
            "totals": [
                (all_of[urgency], list_address(Milestone, urgency=urgency)) for urgency in ("silent", "due")
            ]
        },
    )


def line_of_entity(who, counts, people):
    """Return what a line says of an entity, of a printed name, or of nobody (None)."""
    is_entity = isinstance(who, Entity)
    cells = [
        (counts[urgency], is_entity and list_address(Milestone, answers=who.slug, urgency=urgency))
        for urgency in ("silent", "due")
    ]
    named = people.get(who.pk, []) if is_entity else []
    return {"who": who, "name": who and short_name(who), "cells": cells, "people": named}


def focal_points(entities):
    """Return {pk of an entity: the names of those who report for it}, of accounts that were not ended."""
    accounts = get_user_model().objects.filter(is_active=True, memberships__entity__in=entities)
    columns = ("memberships__entity", "first_name", "last_name", "username")
    found = defaultdict(list)
    for entity, first, last, username in accounts.order_by("last_name", "pk").values_list(*columns):
        found[entity].append(f"{first} {last}".strip() or username)
    return found


def resting(user, on):
    """Return the Section of commitments that are not done, without a next milestone or a word for long."""
    rows = visible_to(user, Commitment.objects.published()).with_state(on)
    rows = rows.filter(at_rest("no_next", on) | at_rest("quiet", on))
    reported = states_of_milestones(on).filter(reported_on__isnull=False).order_by("-reported_on")
    rows = rows.annotate(
        reported_on=Subquery(reported.values("reported_on")[:1]),
        lacks_next=Case(When(without_next(on), then=Value(True)), default=Value(False)),
    )
    rows = rows.select_related("plan").order_by("-plan__number", "now__due_on", "number")
    total, lines = first_of(rows.without_texts())
    name_leads(user, lines)
    for commitment in lines:
        words = [commitment.reported_on, commitment.now.spoken_on if commitment.now else None]
        commitment.last_word_on = max(filter(None, words), default=None)
    return Section(
        slug="resting",
        title=_("Commitments that rest"),
        template="commitments",
        total=total,
        lines=lines,
        empty=_("Every commitment that is not done has a next milestone and a word of the last 180 days."),
        more={"lists": [(label, list_address(Commitment, rest=what)) for what, label in AT_REST]},
    )


def lacking(on):
    """Return the Section of what the published record lacks, counted."""
    lines = [
        (gap.title, sum(count for _plan, count, _of in cells), sum(of for _plan, _count, of in cells))
        for gap, _kind, cells in by_plan(on)
    ]
    return Section(
        slug="lacking",
        title=_("What the record lacks"),
        template="lacking",
        total=len(lines),
        lines=lines,
        empty=_("The record lacks nothing that is looked for."),
        address=reverse("admin-missing"),
    )


def open_proposals(user):
    """Return how many proposals wait for an answer, and their list."""
    rows = visible_to(user, Proposal.objects.filter(state=Proposal.State.OPEN))
    return rows.count(), list_address(Proposal, state__exact=Proposal.State.OPEN)


# The auditor.


def last_changes(user):
    """Return the Section of what was written last: each entry of the log with the first row that it names.

    A letter is written before the row that it tells of: that one says more, and comes first.
    """
    is_document = Case(When(model=Document._meta.label_lower, then=1), default=0)
    changes = Change.objects.filter(entry=OuterRef("pk")).order_by(is_document, "pk")
    counted = changes.order_by().values("entry").annotate(n=Count("pk")).values("n")
    first = {f"first_{name}": Subquery(changes.values(name)[:1]) for name in ("name", "model", "object_id")}
    rows = visible_to(user, Entry.objects.select_related("by"))
    lines = list(rows.annotate(rows=Coalesce(Subquery(counted), 0), **first).order_by("-pk")[:MOST])
    for entry in lines:
        entry.who = name_of_account(entry, user)
        entry.others = entry.rows - 1
        entry.history = address_of_history(entry.first_model, entry.first_object_id)
    return Section(
        slug="changes",
        title=_("Last changes"),
        template="changes",
        total=len(lines),
        lines=lines,
        empty=_("The log has nothing yet."),
        address=reverse("changes"),
    )


def address_of_history(label, pk):
    """Return the address of the history of a row; '' where it has no page of its own."""
    try:
        return reverse(f"admin:{(label or '').replace('.', '_')}_history", args=[pk])
    except NoReverseMatch:
        return ""
