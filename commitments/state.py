"""From words to states: what is known of milestones and commitments on any day (rules 1, 2 and 4).

Plain functions, no queries. They take the words that stand, and return intervals: on each day of one the
same is known. `commitments/deriving.py` keeps these in the database, where every count and page reads them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from plans.compliance import Level

# The first and the last day that there is.
FIRST, LAST = date.min, date.max

# What a milestone's status is when no update gives one: updates without a status, or no update at all.
REPORTED, UNREPORTED = "reported", "unreported"
NOT_STARTED, IN_PROGRESS, COMPLETE, WITHDRAWN = "not_started", "in_progress", "complete", "withdrawn"

# The statuses and the levels that say: not complete.
UNFINISHED = (NOT_STARTED, IN_PROGRESS)
UNFINISHED_LEVELS = (Level.NOT_STARTED, Level.LIMITED, Level.SUBSTANTIAL)

# Where the due date of a commitment comes from.
OWN, REPORT, PLAN = "own", "report", "plan"


@dataclass(frozen=True)
class Said:
    """What an update says of a milestone. A correction speaks of the day of what it corrects."""

    on: date
    number: int
    status: str | None = None
    percent: int | None = None
    done_on: date | None = None
    new_end_on: date | None = None


@dataclass(frozen=True)
class Card:
    """What a report judges of a commitment: `key` is the assessment's, `on` the report's cut-off."""

    key: int
    on: date
    author: str
    level: str
    new_end_on: date | None = None
    sets_level: bool = True


@dataclass(frozen=True)
class MilestoneSpan:
    """What is known of a milestone from one day to another, both included."""

    from_on: date
    until_on: date
    due_on: date | None
    current_ends_on: date | None
    status: str
    status_on: date | None
    percent: int | None
    done_on: date | None
    reported_on: date | None
    past_due: bool | None
    is_overdue: bool | None
    late_word_on: date | None

    @property
    def is_unknown(self):
        """Whether it is past due, and nobody says whether it was done."""
        return self.past_due is True and self.is_overdue is None

    @property
    def is_silent(self):
        """Whether it is past due, and nobody said anything since."""
        return self.is_unknown and (self.reported_on is None or self.reported_on < self.due_on)


@dataclass(frozen=True)
class LevelSpan:
    """Which assessment is the latest of one author from one day to another."""

    from_on: date
    until_on: date
    author: str
    assessment: int


@dataclass(frozen=True)
class CommitmentSpan:
    """What is known of a commitment from one day to another, both included.

    The counts are of its milestones: all of them 0 where the record has none.
    """

    from_on: date
    until_on: date
    assessment: int | None
    level: str | None
    due_on: date | None
    due_from: str
    current_ends_on: date | None
    past_due: bool | None
    is_overdue: bool | None
    late_word_on: date | None
    spoken_on: date | None
    total: int = 0
    complete: int = 0
    overdue: int = 0
    unknown: int = 0
    silent: int = 0
    undated: int = 0
    unreported: int = 0


def milestone_states(
    ends_on: date | None, updates: Iterable[Said], in_plan_until: date | None = None
) -> list[MilestoneSpan]:
    """Return what is known of a milestone, day by day, from its printed end and what was said of it.

    `in_plan_until` is the last day on which its commitment was in the plan, where a norm took it out.
    """
    updates = sorted(updates, key=lambda word: (word.on, word.number))
    left_on = _day_after(in_plan_until)
    spans = []
    for from_on, until_on in _intervals([*(word.on for word in updates), *left_on]):
        so_far = [word for word in updates if word.on <= from_on]
        has_left = any(day <= from_on for day in left_on)
        spans += _spans_of_milestone(from_on, until_on, ends_on, so_far, has_left)
    return _merged(spans)


def _spans_of_milestone(from_on, until_on, ends_on, updates, has_left):
    """Return what words, the earliest first, add up to: up to the due date, and after it.

    Of a commitment that has left its plan nobody can say that it is late, as of one that was withdrawn.
    """
    # Whoever announces the first end of all moves none, and is no word of lateness.
    announcement = _announcement(updates) if ends_on is None else None
    due_on = announcement.new_end_on if announcement else ends_on
    said, late_word_on = _last_word(updates, due_on, announcement)
    stated = next((word for word in reversed(updates) if word.status), None)
    known = {
        "due_on": due_on,
        "current_ends_on": next((word.new_end_on for word in reversed(updates) if word.new_end_on), due_on),
        "status": stated.status if stated else REPORTED if updates else UNREPORTED,
        "status_on": stated and stated.on,
        "percent": next((word.percent for word in reversed(updates) if word.percent is not None), None),
        "done_on": _done_on(updates, announcement),
        "reported_on": updates[-1].on if updates else None,
    }
    for begins, ends_at, past_due in _before_and_after(from_on, until_on, due_on):
        lateness = _lateness(said == WITHDRAWN or has_left, said == COMPLETE, past_due, late_word_on)
        yield MilestoneSpan(begins, ends_at, **known, **lateness)


def _announcement(words):
    """Return the word that announced the first end, the last one of its day; None where none did."""
    ends = [word for word in words if word.new_end_on]
    return [word for word in ends if word.on == ends[0].on][-1] if ends else None


def _last_word(updates, due_on, announcement):
    """Return what was said last, complete, withdrawn or in progress, and the day of the last word of delay.

    A re-planning says that it is in progress, as a status does; within one update the status comes first.
    """
    said = late_word_on = None
    for word in updates:
        if word.status in (COMPLETE, WITHDRAWN):
            said, late_word_on = word.status, None
        elif word.status or (word.new_end_on and word is not announcement):
            said = IN_PROGRESS
            if due_on and word.on >= due_on and word is not announcement:
                late_word_on = word.on
    return said, late_word_on


def _done_on(updates, announcement):
    """Return the day on which it was done, as said last; a later word that it is not done takes that back."""
    done_on = None
    for word in updates:
        is_move = word.new_end_on and word is not announcement and not word.status
        done_on = None if is_move or word.status in UNFINISHED else word.done_on or done_on
    return done_on


def level_states(cards: Iterable[Card]) -> list[LevelSpan]:
    """Return which assessment is each author's latest, day by day; `cards` are the latest first (rule 2)."""
    cards = list(cards)[::-1]
    spans = []
    for author in dict.fromkeys(card.author for card in cards):
        own = [card for card in cards if card.author == author]
        for from_on, until_on in _intervals(card.on for card in own):
            last = [card for card in own if card.on <= from_on][-1:]
            spans += [LevelSpan(from_on, until_on, author, card.key) for card in last]
    return spans


def commitment_states(
    ends_on: date | None,
    plan_ends_on: date | None,
    cards: Iterable[Card],
    milestones: Iterable[list[MilestoneSpan]],
    in_plan_until: date | None = None,
) -> list[CommitmentSpan]:
    """Return what is known of a commitment, day by day.

    `ends_on` is its printed end, `cards` are the latest first (rule 2), `milestones` are the spans of each;
    `in_plan_until` is its last day in the plan, where a norm took it out.
    """
    cards = [card for card in cards if card.sets_level][::-1]
    milestones = list(milestones)
    days = [card.on for card in cards]
    days += [span.from_on for spans in milestones for span in spans]
    days += (left_on := _day_after(in_plan_until))
    found = []
    for from_on, until_on in _intervals(days):
        so_far = [card for card in cards if card.on <= from_on]
        there = [_on(spans, from_on) for spans in milestones]
        has_left = any(day <= from_on for day in left_on)
        found += _spans_of_commitment(from_on, until_on, ends_on, plan_ends_on, so_far, there, has_left)
    return _merged(found)


def _spans_of_commitment(from_on, until_on, ends_on, plan_ends_on, cards, milestones, has_left):
    """Return what cards, the earliest first, and milestones add up to: up to the due date, and after it."""
    ends = [card for card in cards if card.new_end_on]
    announcement = _announcement(cards)
    due_on, due_from = due_of_commitment(ends_on, announcement and announcement.new_end_on, plan_ends_on)
    shown = cards[-1] if cards else None
    level = shown and shown.level
    # A card has a level with every re-planning, and of the two the level comes first.
    is_since = shown is not None and due_on is not None and shown.on >= due_on
    is_judged = is_since or has_left or level in (Level.WITHDRAWN, Level.COMPLETE)
    late_word_on = shown.on if is_since and level in UNFINISHED_LEVELS else None
    known = {
        "assessment": shown and shown.key,
        "level": level,
        "due_on": due_on,
        "due_from": due_from,
        "current_ends_on": ends[-1].new_end_on if ends else due_on,
        "spoken_on": shown and shown.on,
        **_counts(milestones),
    }
    for begins, ends_at, past_due in _before_and_after(from_on, until_on, due_on):
        is_withdrawn = level == Level.WITHDRAWN or has_left
        lateness = _lateness(is_withdrawn, level == Level.COMPLETE, past_due, late_word_on)
        if not is_judged:
            lateness |= _by_milestones(milestones)
        yield CommitmentSpan(begins, ends_at, **known, **lateness)


def _by_milestones(milestones):
    """Return what milestones make of the lateness of a commitment that no level judges."""
    if late := [span.late_word_on for span in milestones if span.is_overdue]:
        return {"is_overdue": True, "late_word_on": max(late)}
    if any(span.is_unknown for span in milestones):
        return {"is_overdue": None, "late_word_on": None}
    return {}


def due_of_commitment(ends_on, announced_on, plan_ends_on):
    """Return when a commitment is due and where that comes from; (None, '') where no source says (rule 4)."""
    if ends_on:
        return ends_on, OWN
    if announced_on and (plan_ends_on is None or announced_on <= plan_ends_on):
        return announced_on, REPORT
    return (plan_ends_on, PLAN) if plan_ends_on else (None, "")


def _counts(milestones):
    return {
        "total": len(milestones),
        "complete": sum(span.status == COMPLETE for span in milestones),
        "overdue": sum(span.is_overdue is True for span in milestones),
        "unknown": sum(span.is_unknown for span in milestones),
        "silent": sum(span.is_silent for span in milestones),
        "undated": sum(span.due_on is None for span in milestones),
        "unreported": sum(span.status == UNREPORTED for span in milestones),
    }


def _lateness(is_withdrawn, is_done, past_due, late_word_on):
    """Return `past_due`, `is_overdue` and `late_word_on` of a time before or after a due date (rule 4).

    `late_word_on` is the day of the last word, on or after the due date, that says: not complete.
    """
    if is_withdrawn or past_due is None:
        past_due = is_overdue = None
    elif is_done or not past_due:
        is_overdue = False
    else:
        is_overdue = True if late_word_on else None
    return {
        "past_due": past_due,
        "is_overdue": is_overdue,
        "late_word_on": late_word_on if is_overdue else None,
    }


def by_key(span):
    """Return what a span says, with the key of the assessment as the column has it."""
    values = asdict(span)
    return values | {"assessment_id": values.pop("assessment")}


# Intervals.


def _intervals(days):
    """Yield (first day, last day) of the time before some days, and from each of them to the next."""
    begins = sorted({FIRST, *days})
    for place, from_on in enumerate(begins):
        until_on = begins[place + 1] - timedelta(days=1) if place + 1 < len(begins) else LAST
        yield from_on, until_on


def _day_after(day):
    """Return [the next day], [] where there is none."""
    return [day + timedelta(days=1)] if day not in (None, LAST) else []


def _before_and_after(from_on, until_on, due_on):
    """Yield the parts of an interval before the due date is past, and after: (first day, last day, past due).

    Without a due date nothing is said of it: None.
    """
    if due_on is None:
        yield from_on, until_on, None
        return
    if from_on <= due_on:
        yield from_on, min(until_on, due_on), False
    if until_on > due_on:
        yield max(from_on, due_on + timedelta(days=1)), until_on, True


def _merged(spans):
    """Return some spans without those that say the same as the one before."""
    merged = []
    for span in spans:
        if merged and _same(merged[-1], span):
            merged[-1] = replace(merged[-1], until_on=span.until_on)
        else:
            merged.append(span)
    return merged


def _same(span, other):
    names = [each.name for each in fields(span) if each.name not in ("from_on", "until_on")]
    return all(getattr(span, name) == getattr(other, name) for name in names)


def _on(spans, day):
    """Return the one of some spans that a day lies in."""
    return next(span for span in spans if span.from_on <= day <= span.until_on)
