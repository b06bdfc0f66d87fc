"""The desk of a focal point: the milestones for which his entities answer, and what he wrote of them."""

from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from commitments.models import Assessment, Milestone, Update
from commitments.models.responsibility import Answering
from commitments.submissions import first_readings, last_returns, last_submissions, published_since
from commitments.urgency import PAST_DUE, by_urgency, due_soon
from record.rights import entities_of, given_to, name_of_account, own_to, visible_to

from . import addresses
from .section import MOST, Section, first_of, list_address

# What was published stands so long on the desk: whoever gets no mail learns of it here.
LATELY = timedelta(days=30)
ON_THE_WAY = (Update.Workflow.DRAFT, Update.Workflow.RETURNED, Update.Workflow.SUBMITTED)


def milestones_of(user, on):
    """Return the milestones of the record for which the entities of a user answer, as they stand on a day."""
    rows = visible_to(user, Milestone.objects.published())
    # Found once and in Python: of 5,000 milestones `answered_by()` takes SQLite seconds.
    answering, own = Answering(rows), set(entities_of(user))
    pairs = rows.order_by().values_list("pk", "commitment")
    found = [pk for pk, commitment in pairs if own.intersection(answering.of(pk, commitment))]
    return rows.filter(pk__in=found).begun(on).with_state(on)


def sections(user, on):
    """Return the Sections of a focal point's desk, the most pressing first."""
    rows = milestones_of(user, on)
    counts = counts_by_plan(rows, on)
    return [
        milestones(
            *(user, rows.filter(PAST_DUE), on, counts, "past_due"),
            title=_("Past due"),
            empty=_("No milestone of yours is past due without being said to be complete."),
        ),
        milestones(
            *(user, rows.filter(due_soon(on)), on, counts, "due"),
            title=_("Due in the next 30 days"),
            empty=_("No milestone of yours is due in the next 30 days."),
        ),
        *cards(user),
        returned(user),
        drafts(user),
        waiting(user),
        published_lately(user, on),
    ]


def counts_by_plan(rows, on):
    """Return {number of a plan: how many of some milestones there are, are past due, are due soon}."""
    counted = {"past_due": Count("pk", filter=PAST_DUE), "due": Count("pk", filter=due_soon(on))}
    counts = rows.order_by().values("commitment__plan__number").annotate(total=Count("pk"), **counted)
    return {row["commitment__plan__number"]: row for row in counts}


def milestones(user, rows, on, counts, urgency, title, empty):
    """Return the Section of milestones that are pressing in one way, with the one thing to do with each."""
    lines = list(rows.order_by(*by_urgency(on)).select_related("commitment__plan")[:MOST])
    begun = open_updates(user, lines)
    for milestone in lines:
        milestone.open_update = begun.get(milestone.pk)
        milestone.to_do = what_to_do(milestone)
        milestone.of_plan = counts[milestone.commitment.plan.number][urgency]
    plans = {number for number, row in counts.items() if row[urgency]}
    return Section(
        slug=urgency.replace("_", "-"),
        title=title,
        template="milestones",
        total=sum(row[urgency] for row in counts.values()),
        lines=lines,
        empty=empty,
        address=list_address(Milestone, mine="yes", urgency=urgency),
        more={"by_plan": len(plans) > 1, "all": sum(row["total"] for row in counts.values())},
    )


def open_updates(user, rows):
    """Return {pk of a milestone: the update of it that a user sees and that was not published yet}."""
    updates = visible_to(user, Update.objects.filter(milestone__in=[row.pk for row in rows]))
    # Of several the one that was begun last.
    return {each.milestone_id: each for each in updates.filter(workflow__in=ON_THE_WAY).order_by("pk")}


def what_to_do(milestone):
    """Return (words, address) of the button of a milestone; None where its report waits for SGP."""
    update = milestone.open_update
    if update is None:
        return _("Report now"), addresses.report_on(milestone)
    if update.workflow == Update.Workflow.SUBMITTED:
        return None
    return _("Go on"), addresses.go_on_with(update)


# What SGP asks for.


def cards(user):
    """Return the Section of the cards whose texts he drafts, as a list; [] where none was given to him."""
    rows = given_to(user, Assessment.objects.select_related("report__plan", "commitment", "work"))
    total, lines = first_of(rows.order_by("work__given_at", "pk"))
    if not total:
        return []
    for card in lines:
        card.to_do = _("Draft it"), addresses.draft_card(card)
    section = {"slug": "cards", "title": _("Cards to draft"), "template": "cards", "empty": ""}
    return [Section(total=total, lines=lines, **section)]


# What was written, and is not published.


def updates_of(user):
    return visible_to(user, Update.objects.all()).select_related("milestone__commitment__plan")


def section_of_updates(slug, workflow, total, lines, **words):
    """Return the Section of updates that are somewhere on their way; it leads to the list of all there."""
    address = list_address(Update, workflow__exact=workflow)
    return Section(slug=slug, template="updates", total=total, lines=lines, address=address, **words)


def returned(user):
    """Return the Section of what was returned, each with its comment, by whom, and when."""
    total, lines = first_of(updates_of(user).returned_to(user).order_by("-pk"))
    last = last_returns(user, lines)
    for update in lines:
        entry = last.get(update.pk)
        update.comment = entry and entry.reason
        update.told = entry and (name_of_account(entry, user), entry.at)
        update.to_do = _("Go on"), addresses.go_on_with(update)
    return section_of_updates(
        *("returned", Update.Workflow.RETURNED, total, lines),
        title=_("Returned to you"),
        empty=_("Nothing was returned to you."),
    )


def drafts(user):
    """Return the Section of the drafts that nobody submitted yet."""
    total, lines = first_of(updates_of(user).drafts_of(user).order_by("-pk"))
    for update in lines:
        update.to_do = _("Go on"), addresses.go_on_with(update)
    return section_of_updates(
        *("drafts", Update.Workflow.DRAFT, total, lines),
        title=_("Drafts that you have not submitted"),
        empty=_("You have no draft."),
    )


def waiting(user):
    """Return the Section of what waits for SGP; its author takes it back as long as nobody opened it."""
    rows = updates_of(user).filter(workflow=Update.Workflow.SUBMITTED).written_for(user)
    total, lines = first_of(rows.order_by("-pk"))
    sent, read = last_submissions(user, lines), first_readings(lines)
    for update in lines:
        entry = sent.get(update.pk)
        update.told = entry and (name_of_account(entry, user), entry.at)
        update.reading = entry and read.get(entry.pk)
        if entry and entry.by_id == user.pk and update.reading is None:
            update.to_do = _("Take back"), addresses.take_back(update)
    return section_of_updates(
        *("waiting", Update.Workflow.SUBMITTED, total, lines),
        title=_("Submitted, and waiting for SGP"),
        empty=_("Nothing of yours waits for SGP."),
    )


def published_lately(user, on):
    """Return the Section of what SGP published of the entities of a user in the last 30 days."""
    rows = own_to(user, updates_of(user).filter(pk__in=published_since(on - LATELY), corrections=None))
    total, lines = first_of(rows.published().order_by("-pk"))
    for update in lines:
        update.to_do = _("Correct"), addresses.correct(update)
    return section_of_updates(
        *("published", Update.Workflow.PUBLISHED, total, lines),
        title=_("Published in the last 30 days"),
        empty=_("Nothing of yours was published in the last 30 days."),
    )
