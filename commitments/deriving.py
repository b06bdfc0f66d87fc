"""Keeping the states: made from the words that stand, whenever the writer writes one of them (rule 3)."""

from collections import defaultdict
from dataclasses import asdict

from django.db import connection
from django.db.models import Q

from plans.models import Plan, Report
from record.models import Version
from record.publication import Status
from record.writing import unsealed

from .models import Assessment, Commitment, Milestone, Update
from .models.state import CommitmentState, LevelState, MilestoneState
from .state import Card, Said, by_key, commitment_states, level_states, milestone_states

# The name, to PostgreSQL, of the lock that whoever refreshes states holds until his transaction ends: of two
# who write words of one commitment at once, the second sees the words of the first.
REFRESHING_LOCK = 3_070_613
BATCH = 500

# The columns of a row that its states are made of; all others are no business of theirs.
COLUMNS = {
    Plan: {"ends_on", "status", "annulled_at"},
    Report: {"cutoff_on", "author", "slug", "status", "annulled_at"},
    Commitment: {"ends_on", "in_plan_until", "plan", "annulled_at"},
    Assessment: {"commitment", "report", "level", "new_end_on", "annulled_at"},
    Milestone: {"commitment", "ends_on", "annulled_at"},
    Update: {
        *("milestone", "number", "as_of", "status", "percent", "done_on", "new_end_on"),
        *("report", "corrects", "workflow", "annulled_at"),
    },
}
STATES = {MilestoneState: "milestone", LevelState: "commitment", CommitmentState: "commitment"}


def refresh_after(writing):
    """Refresh the states of what was written; called by the writer, inside its transaction."""
    if commitments := touched_commitments(writing.written_rows()):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESHING_LOCK])
        refresh(commitments)


def touched_commitments(rows):
    """Return the keys of the commitments whose states may be others now.

    `rows` yields (model, pk, {column: [before, after]}) of what was written; None instead of the columns of
    a row that is new.
    """
    found = defaultdict(set)
    for model, pk, columns in rows:
        if model not in COLUMNS or (columns is not None and not COLUMNS[model] & set(columns)):
            continue
        found[model].add(pk)
        for name, owner in (("milestone", Milestone), ("commitment", Commitment), ("corrects", Update)):
            # Where it was before, and where it went.
            found[owner].update(filter(None, (columns or {}).get(name, ())))
    commitments = set(found[Commitment])
    updates = found[Update]
    # Most writings touch none of this, and to build a statement takes longer than to run it.
    for model, condition, written, way in (
        (Commitment, "plan", Plan, "pk"),
        (Assessment, "report", Report, "commitment"),
        (Assessment, "pk", Assessment, "commitment"),
        (Milestone, "pk", Milestone, "commitment"),
        (Update, "report", Report, "milestone__commitment"),
        (Update, "report__plan", Plan, "milestone__commitment"),
        # What was corrected counts again once the milestone of its correction was annulled.
        (Update, "milestone", Milestone, "corrects__milestone__commitment"),
        (Update, "milestone__commitment", Commitment, "corrects__milestone__commitment"),
        (Update, "milestone__commitment__plan", Plan, "corrects__milestone__commitment"),
    ):
        if keys := found[written]:
            rows = model.everything.filter(**{f"{condition}__in": keys}).order_by()
            commitments.update(rows.values_list(way, flat=True))
    # The updates with those that they correct, and those that correct them.
    if updates:
        rows = Update.everything.filter(Q(pk__in=updates) | Q(corrects__in=updates)).order_by()
        owners = ("milestone__commitment", "corrects__milestone__commitment")
        commitments.update(*rows.values_list(*owners))
    return sorted(filter(None, commitments))


def refresh(commitments=None):
    """Write the states of some commitments, of all without; return how many rows were written or went."""
    wrong, missing = differences(commitments)
    for model in STATES:
        gone = [row.pk for row in wrong if type(row) is model]
        for start in range(0, len(gone), BATCH):
            # Nothing hangs from a state: `delete()` would read each row before.
            model.objects.filter(pk__in=gone[start : start + BATCH])._raw_delete("default")
        model.objects.bulk_create([row for row in missing if type(row) is model], batch_size=BATCH)
    if commitments is None and (wrong or missing):
        # Outside of a writing, which counts the version up: what lists said by other states is not kept.
        with unsealed():
            Version.renew()
    return len(wrong) + len(missing)


def differences(commitments=None):
    """Return the stored states that are wrong, and the right ones that are not stored."""
    made = {_identity(row): row for row in make(commitments)}
    wrong = []
    for row in stored(commitments):
        if made.pop(_identity(row), None) is None:
            wrong.append(row)
    return wrong, list(made.values())


def _identity(row):
    """Return all that a state says."""
    columns = (each for each in row._meta.concrete_fields if not each.primary_key)
    return (type(row), *(getattr(row, each.attname) for each in columns))


def stored(commitments=None):
    """Yield the states of some commitments as they are stored, of all without."""
    for model, owner in STATES.items():
        way = "milestone__commitment" if owner == "milestone" else "commitment"
        rows = model.objects.all()
        yield from rows if commitments is None else rows.filter(**{f"{way}__in": commitments})


def make(commitments=None):
    """Yield the states of some commitments as they should be, of all without; not stored."""
    rows = Commitment.everything.select_related("plan")
    rows = {row.pk: row for row in (rows if commitments is None else rows.filter(pk__in=commitments))}
    cards, milestones = cards_of(commitments), spans_of_milestones(rows, commitments)
    for commitment in rows.values():
        spans = milestones.get(commitment.pk, {})
        for milestone, (_stands, of_it) in spans.items():
            for span in of_it:
                yield MilestoneState(milestone_id=milestone, **asdict(span))
        own = cards.get(commitment.pk, [])
        for span in level_states(own):
            yield LevelState(commitment_id=commitment.pk, **by_key(span))
        standing = [of_it for stands, of_it in spans.values() if stands]
        ends = commitment.ends_on, commitment.plan.ends_on
        for span in commitment_states(*ends, own, standing, commitment.in_plan_until):
            yield CommitmentState(commitment_id=commitment.pk, **by_key(span))


def cards_of(commitments=None):
    """Return {commitment: its cards that stand, the latest first}."""
    # Not `published()`: a plan may be published or annulled later, and its commitments with it.
    rows = Assessment.objects.filter(Report.standing("report__"), Report.said("report__")).latest_first()
    rows = rows if commitments is None else rows.filter(commitment__in=commitments)
    found = defaultdict(list)
    for row in rows.select_related("report"):
        found[row.commitment_id].append(
            Card(
                key=row.pk,
                on=row.report.cutoff_on,
                author=row.report.author,
                level=row.level,
                new_end_on=row.new_end_on,
                sets_level=row.report.author in Report.LEVEL_SETTING_AUTHORS,
            )
        )
    return found


def spans_of_milestones(owners, commitments=None):
    """Return {commitment: {milestone: (whether it stands, its spans)}}; `owners` are the rows by key."""
    rows = Milestone.everything.only("commitment", "ends_on", "annulled_at").order_by("pk")
    rows = rows if commitments is None else rows.filter(commitment__in=commitments)
    # What belongs to a commitment that somebody has just added is his to refresh.
    rows = {row.pk: row for row in rows if row.commitment_id in owners}
    if not rows:
        return {}
    for row in rows.values():
        # Thousands may belong to one: each with a copy of its texts they would take hundreds of MB.
        row.commitment = owners[row.commitment_id]
    updates = Update.everything.filter(workflow=Status.PUBLISHED).order_by("pk")
    if commitments is not None:
        updates = updates.filter(milestone__in=list(rows))
    updates = list(updates.select_related("report__plan", "corrects__corrects"))
    for update in updates:
        # Joined again they would make the statement of each refreshing a slow one.
        update.milestone = rows[update.milestone_id]
    said = words_by_milestone(updates)
    found = defaultdict(dict)
    for row in rows.values():
        spans = milestone_states(row.ends_on, said.get(row.pk, ()), row.commitment.in_plan_until)
        found[row.commitment_id][row.pk] = (not row.is_annulled, spans)
    return found


def words_by_milestone(updates):
    """Return {milestone: what its updates say}: those that make a state, and that no later one corrects."""
    updates = {update.pk: update for update in updates if makes_state(update)}
    if not updates:
        return {}
    # A correction may stand on another milestone than what it corrects.
    corrections = Update.everything.filter(workflow=Status.PUBLISHED, corrects__in=list(updates))
    corrected = {
        row.corrects_id
        for row in corrections.select_related("report__plan", "milestone__commitment__plan")
        if makes_state(row) and _stands_beside(row.milestone, updates[row.corrects_id].milestone)
    }
    found = defaultdict(list)
    for update in updates.values():
        if update.pk not in corrected:
            found[update.milestone_id].append(
                Said(
                    on=day_of(update),
                    number=update.number,
                    status=update.status,
                    percent=update.percent,
                    done_on=update.done_on,
                    new_end_on=update.new_end_on,
                )
            )
    return found


def makes_state(update):
    """Tell whether a published update stands and counts: those of civil society make no state (rule 4)."""
    report = update.report
    with_report = report is None or (
        report.status == Status.PUBLISHED
        and not report.is_annulled
        and report.author in Report.LEVEL_SETTING_AUTHORS
        and _is_read_in(report.plan, update.milestone.commitment.plan_id)
    )
    return with_report and not update.is_annulled


def _stands_beside(milestone, other):
    """Tell whether a milestone stands, where the other one is read."""
    commitment = milestone.commitment
    standing = not milestone.is_annulled and not commitment.is_annulled
    return standing and _is_read_in(commitment.plan, other.commitment.plan_id)


def _is_read_in(plan, reader):
    """Tell whether what belongs to a plan is read on the pages of a plan, `reader`: of its own it always is.

    What is read of a plan that was annulled stands behind its notice as it was.
    """
    return plan.pk == reader or (plan.status == Status.PUBLISHED and not plan.is_annulled)


def day_of(update):
    """Return the day that an update speaks of: that of the first one, where it corrects another."""
    while update.corrects is not None:
        update = update.corrects
    return update.as_of
