"""Rule 4 read plainly: what the words add up to on a day, worked out from the rows again and again.

It is slow on purpose and shares nothing with the code of the portal but the columns: what is stored and what
pages show is compared with it. Comments quote the clause of the rule that a step stands for.

Where the rule leaves room, this reading takes it so:

 1. A day may change the due date: an end is announced from the day of the word that announces it.
 2. Two words announce the first end on one day: the higher number, as in every other fact ("on one day the
    higher number"); of two cards with one cut-off the one that would set the level (IRM, then slug).
 3. What was corrected counts for nothing: its correction stands in its place, also on another milestone.
 4. A correction counts on the day of what it corrects, whatever its own column says.
 5. A re-planning is any update with a new end, also one that names an earlier end, a past one, or the same
    again; but for the update that announced the due date, which announces and re-plans nothing.
 6. A re-planning says "not complete" whenever it is made. So one that comes after "complete" or "withdrawn"
    takes that back ("the later word wins"), before the due date too; the status that is shown stays the last
    one stated.
 7. The update that announced the due date is no word of lateness, but the status in it is stated: it takes an
    earlier "complete" back, and its own "complete" counts. A word of lateness from before it stays one.
 8. "Withdrawn: null, and so is the rest": past_due, the late word and all days. The dates stay.
 9. The status of a milestone alone tells whether it is withdrawn or complete, never its commitment's level; a
    done_on without a status is no "complete".
10. Percent and done_on are facts of their own: the last one stated stands, whatever is stated of the status;
    but that it was done on a day is taken back by a later word that it is not done.
11. "Only the government's and the IRM's words make a state": an update of a civil society's report counts for
    nothing, nor does the end that its card announces. An update of no report is the government's.
12. The ends announced for a commitment are those of its cards, not those of its milestones.
13. The first announced end and the plan's end are one day: `due_from` is 'report'.
14. A card that announced the due date is a word of lateness all the same: the rule excepts an update only.
15. "A level" is any level: one that is unclear or without evidence, on or after the due date, is also what
    alone judges; and that is null, whatever the milestones say.
16. A commitment that is not judged by its level alone is true by a milestone also before its own due date, or
    without one.
17. The late word of a commitment is the cut-off of the level that alone judges it; where its milestones make
    it true, the last late word of those that are.
18. A word on the due date is a late word that day already; nothing is late, and no day counted, until the
    next day.
19. A clock that would run backwards has not begun: null. So is days_late_current where the current end is
    after the last late word, and days_past_due where nothing is past due. Done before the due date is 0.
20. past_due and days_past_due are plain facts of what is complete too.
21. A commitment has no done_on, so one that is complete has no days late.
22. In `progress`, complete are those whose last stated status is that; unknown those past due of which it is
    null whether they are late; undated those without a due date; unreported those without any update.
23. What a norm took out of its plan is read like what was withdrawn from the day after its last one in the
    plan: the commitment and its milestones, whatever is said of them.
"""

from commitments.models import Assessment, Milestone, Update

COMPLETE, WITHDRAWN, NOT_COMPLETE = "complete", "withdrawn", "not complete"
STATUSES_NOT_COMPLETE = ["not_started", "in_progress"]
# "`unclear`, `no_evidence` … are no word of lateness."
LEVELS_NOT_COMPLETE = ["not_started", "limited", "substantial"]
# "Only the government's and the IRM's words make a state."
MAKE_A_STATE = ["government", "irm"]


def read_milestone(milestone, day):
    """Return what the updates up to a day say of a milestone."""
    updates = _updates(milestone, day)

    # "Due date of a milestone: its printed end; else the first end announced later; else none."
    announcing = None
    due_on = milestone.ends_on
    if due_on is None:
        announcing = _first_announcing(updates)
        if announcing is not None:
            due_on = announcing.new_end_on

    # "Current end: the last announced, else the due date."
    current_ends_on = due_on
    for update in updates:
        if update.new_end_on is not None:
            current_ends_on = update.new_end_on

    # "Words count per fact: an update that says nothing of the status leaves the last stated one standing
    # with its own date. The later word wins."
    status, status_on, percent, done_on, reported_on = "unreported", None, None, None, None
    for update in updates:
        reported_on = _day(update)
        if update.status is not None:
            status, status_on = update.status, _day(update)
        elif status == "unreported":
            status = "reported"
        if update.percent is not None:
            percent = update.percent
        if _word(update, announcing) == NOT_COMPLETE:
            done_on = None
        elif update.done_on is not None:
            done_on = update.done_on

    said, late_word_on = None, None
    for update in updates:
        word = _word(update, announcing)
        if word is None:
            continue
        # "The later word wins."
        said = word
        if word in [COMPLETE, WITHDRAWN]:
            late_word_on = None
        elif update is announcing:
            # "The update that itself announced the due date [is] no word of lateness."
            pass
        elif due_on is not None and _day(update) >= due_on:
            # "A word dated on or after the due date says that it is not complete: … the last stated status is
            # not_started or in_progress with such a date, or a re-planning is so dated."
            late_word_on = _day(update)

    answer = {
        "due_on": due_on,
        "current_ends_on": current_ends_on,
        "status": status,
        "status_on": status_on,
        "percent": percent,
        "done_on": done_on,
        "reported_on": reported_on,
    }

    # "Withdrawn (level or status): null, and so is the rest."
    if said == WITHDRAWN or _has_left(milestone.commitment, day):
        return answer | _nothing()

    # "No due date: null."
    if due_on is None:
        return answer | _nothing()

    # "`past_due` is a plain fact about day D: the due date is before it."
    past_due = due_on < day

    if said == COMPLETE:
        # "Said to be complete: false."
        is_overdue = False
    elif day <= due_on:
        # "D not after the due date: false."
        is_overdue = False
    elif late_word_on is not None:
        # "True if a word dated on or after the due date says that it is not complete."
        is_overdue = True
    else:
        # "Else null: past due, and nobody has spoken since, or spoke without a state."
        is_overdue = None

    # "`days_late` runs from the due date, `days_late_current` from the current end, both to the day of the
    # last word of lateness, or to `done_on` when complete; else null."
    days_late, days_late_current = None, None
    if is_overdue is True:
        days_late = _days(due_on, late_word_on)
        days_late_current = _days(current_ends_on, late_word_on)
    elif said == COMPLETE and done_on is not None:
        days_late = max(0, (done_on - due_on).days)
        days_late_current = max(0, (done_on - current_ends_on).days)

    return answer | {
        "past_due": past_due,
        "is_overdue": is_overdue,
        "late_word_on": late_word_on,
        "days_late": days_late,
        "days_late_current": days_late_current,
        # "`days_past_due` runs from the due date to D, spoken or not."
        "days_past_due": _days(due_on, day) if past_due else None,
    }


def read_commitment(commitment, day):
    """Return what the cards and the milestones say of a commitment, with a cut-off or a day up to a day."""
    cards = _cards(commitment, day)

    # Rule 2: "`levels[]` has each author's latest."
    by_author = {}
    for card in cards:
        by_author[card.report.author] = card

    # Rule 2: "The assessment with the latest cut-off not after the date asked, among published reports of
    # government or IRM (tie: IRM, then slug); civil society never sets it."
    speaking = [card for card in cards if card.report.author in MAKE_A_STATE]
    shown = speaking[-1] if speaking else None
    level = shown.level if shown is not None else None
    level_on = shown.report.cutoff_on if shown is not None else None

    # "Of a commitment: its printed end; else the earlier of the first announced end and its plan's end
    # (`due_from`: own, report, plan)."
    first_end, last_end = None, None
    announcing = _first_announcing(speaking)
    if announcing is not None:
        first_end = announcing.new_end_on
    plan_end = commitment.plan.ends_on
    if commitment.ends_on is not None:
        due_on, due_from = commitment.ends_on, "own"
    elif first_end is not None and (plan_end is None or first_end <= plan_end):
        due_on, due_from = first_end, "report"
    elif plan_end is not None:
        due_on, due_from = plan_end, "plan"
    else:
        due_on, due_from = None, None

    # "Current end: the last announced, else the due date."
    for card in speaking:
        if card.new_end_on is not None:
            last_end = card.new_end_on
    current_ends_on = last_end if last_end is not None else due_on

    milestones = [row for row in Milestone.everything.filter(commitment=commitment) if _stands(row)]
    readings = [read_milestone(row, day) for row in milestones]

    answer = {
        "due_on": due_on,
        "due_from": due_from,
        "current_ends_on": current_ends_on,
        "assessment": shown,
        "by_author": by_author,
        "progress": _progress(readings),
    }

    # "Withdrawn (level or status): null, and so is the rest."
    if level == WITHDRAWN or _has_left(commitment, day):
        return answer | _nothing()

    # "`past_due` is a plain fact about day D: the due date is before it."
    past_due = None if due_on is None else due_on < day

    late_word_on = None
    is_complete = level == COMPLETE
    is_judged_since = level is not None and due_on is not None and level_on >= due_on
    if is_complete or is_judged_since:
        # "A commitment that is complete, or has a level dated on or after its due date, is judged by that
        # alone."
        if level in LEVELS_NOT_COMPLETE:
            # "The level shown is not_started, limited or substantial with such a cut-off." The re-planning of
            # a card comes with its level and is never later than the level shown.
            late_word_on = level_on
        if due_on is None:
            # "No due date: null."
            is_overdue = None
        elif is_complete:
            # "Said to be complete: false."
            is_overdue = False
        elif day <= due_on:
            # "D not after the due date: false."
            is_overdue = False
        elif late_word_on is not None:
            # "True if a word dated on or after the due date says that it is not complete."
            is_overdue = True
        else:
            # "Else null", for "`unclear`, `no_evidence` … are no word of lateness".
            is_overdue = None
    elif any(each["is_overdue"] is True for each in readings):
        # "Any other is true if one of its milestones is;"
        is_overdue = True
        late_word_on = max(each["late_word_on"] for each in readings if each["is_overdue"] is True)
    elif any(each["is_overdue"] is None and each["past_due"] is True for each in readings):
        # "else null if one of them is past due and null;"
        is_overdue = None
    elif due_on is None:
        # "else it goes by its own due date": "no due date: null",
        is_overdue = None
    elif day <= due_on:
        # "D not after the due date: false",
        is_overdue = False
    else:
        # "else null: past due, and nobody has spoken since".
        is_overdue = None

    return answer | {
        "past_due": past_due,
        "is_overdue": is_overdue,
        "late_word_on": late_word_on,
        # "Both to the day of the last word of lateness …; else null."
        "days_late": _days(due_on, late_word_on) if is_overdue is True else None,
        "days_late_current": _days(current_ends_on, late_word_on) if is_overdue is True else None,
        # "`days_past_due` runs from the due date to D, spoken or not."
        "days_past_due": _days(due_on, day) if past_due is True else None,
    }


def _has_left(commitment, day):
    """Return whether a norm had taken a commitment out of its plan by a day."""
    return commitment.in_plan_until is not None and day > commitment.in_plan_until


def _word(update, announcing):
    """Return whether an update says complete, withdrawn or not complete; None where it says none of them."""
    # "Within one update the status over the re-planning."
    if update.status in [COMPLETE, WITHDRAWN]:
        return update.status
    if update.status in STATUSES_NOT_COMPLETE:
        return NOT_COMPLETE
    if update.new_end_on is not None and update is not announcing:
        return NOT_COMPLETE
    # "A percentage alone … [is] no word", nor is a text.
    return None


def _progress(readings):
    # Rule 1: "No recorded milestones = progress null."
    if not readings:
        return None
    return {
        "total": len(readings),
        "complete": sum(each["status"] == "complete" for each in readings),
        "overdue": sum(each["is_overdue"] is True for each in readings),
        "unknown": sum(each["is_overdue"] is None and each["past_due"] is True for each in readings),
        "undated": sum(each["due_on"] is None for each in readings),
        "unreported": sum(each["status"] == "unreported" for each in readings),
    }


def _nothing():
    keys = ["past_due", "is_overdue", "late_word_on", "days_late", "days_late_current", "days_past_due"]
    return dict.fromkeys(keys)


def _days(start, end):
    """Return the days from one day to another; None where one is missing, or the clock has not begun."""
    if start is None or end is None or end < start:
        return None
    return (end - start).days


def _first_announcing(words):
    """Return the first of some words, in their order, with a new end; of those of its day, the last."""
    first = None
    for word in words:
        if word.new_end_on is None:
            continue
        if first is None or _day(word) == _day(first):
            first = word
    return first


def _day(word):
    """Return the day that an update or a card speaks of."""
    if isinstance(word, Assessment):
        return word.report.cutoff_on
    # "A correction speaks of the day of what it corrects."
    while word.corrects is not None:
        word = word.corrects
    return word.as_of


def _updates(milestone, day):
    """Return the updates that count on a day, the last word last."""
    found = [row for row in Update.everything.filter(milestone=milestone) if _counts(row)]
    found = [row for row in found if not any(_counts(other) for other in _corrections(row))]
    # Rule 5: "updates with as_of up to D".
    found = [row for row in found if _day(row) <= day]
    # "The later word wins; on one day the higher number."
    return sorted(found, key=lambda row: (_day(row), row.number))


def _corrections(update):
    return Update.everything.filter(corrects=update)


def _counts(update):
    """Tell whether an update is public, and a word of the government or the IRM."""
    if not _stands(update) or update.workflow != "published":
        return False
    milestone = update.milestone
    if not (_stands(milestone) and _stands(milestone.commitment) and _is_out(milestone.commitment.plan)):
        return False
    if update.report is None:
        return True
    return _is_report_out(update.report) and update.report.author in MAKE_A_STATE


def _cards(commitment, day):
    """Return the public cards of every author up to a day, the one that wins last."""
    found = [row for row in Assessment.everything.filter(commitment=commitment) if _stands(row)]
    found = [row for row in found if _stands(row.commitment) and _is_report_out(row.report)]
    # Rule 5: "Reports with cut-off up to D".
    found = [row for row in found if row.report.cutoff_on <= day]
    # Rule 2: "latest cut-off … (tie: IRM, then slug)": what wins a tie comes last.
    found = sorted(found, key=lambda row: row.report.slug, reverse=True)
    found = sorted(found, key=lambda row: row.report.author == "irm")
    return sorted(found, key=lambda row: row.report.cutoff_on)


def _is_report_out(report):
    return _is_out(report) and _is_out(report.plan)


def _is_out(row):
    return _stands(row) and row.status == "published"


def _stands(row):
    return row.annulled_at is None
