"""What the words add up to, kept by day: derived from the rows of the record, never edited.

`commitments/state.py` makes the intervals, `commitments/deriving.py` keeps them here. Each milestone and each
commitment has exactly one row for any day.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.compliance import Level
from plans.models import Report
from plans.models.plan import begun
from record.search import SearchableQuerySet

from ..state import OWN, PLAN, REPORT, UNREPORTED


def on_day(day, name="states"):
    """Return the relation to the one state that holds on a day: a new one for each queryset.

    `name` is the relation to all states.
    """
    holds = {f"{name}__from_on__lte": day, f"{name}__until_on__gte": day}
    return models.FilteredRelation(name, condition=Q(**holds))


class StateQuerySet(SearchableQuerySet):
    """Rows whose states are stored."""

    def with_state(self, on):
        """Read what is known of each row on a day: `now`, its state, one row of one table (rules 4 and 5).

        Conditions name its columns: `filter(now__is_overdue=True)`.
        """
        rows = self.annotate(now=on_day(on), read_on=models.Value(on, models.DateField()))
        return rows.select_related("now")


class WithState:
    """What `with_state(on)` read, of the row on that day; without it nothing is known.

    No model: before `Public` it would take the guarded base manager away from the rows.
    """

    # Where the join finds nothing Django leaves the attribute away.
    now = None
    read_on = None

    @property
    def due_on(self):
        """The due date, as known on the day; None where no source gives one."""
        return self.now and self.now.due_on

    @property
    def current_ends_on(self):
        """The end that was announced last, or else the due date."""
        return self.now and self.now.current_ends_on

    @property
    def past_due(self):
        """Whether the due date is before the day, which is a plain fact; None where there is none."""
        return self.now and self.now.past_due

    @property
    def is_overdue(self):
        """Whether it is known to be late: True, False, or None where nobody can tell (rule 4)."""
        return self.now and self.now.is_overdue

    @property
    def late_word_on(self):
        """The day of the last word that says that it is late, or None."""
        return self.now and self.now.late_word_on

    @property
    def is_unknown(self):
        """Whether it is past due, and nobody says whether it was done."""
        return self.past_due is True and self.is_overdue is None

    @property
    def days_late(self):
        """Days from the due date to the last word of lateness, or to the day it was done; None if unknown."""
        return self._days_from(self.due_on)

    @property
    def days_late_current(self):
        """Days from the current end to the last word of lateness, or to the day it was done."""
        return self._days_from(self.current_ends_on)

    def _days_from(self, end):
        return days_between(end, self.late_word_on) if self.is_overdue else None

    @property
    def days_past_due(self):
        """Days from the due date to the day, whatever was said; None where it is not past due."""
        return (self.read_on - self.due_on).days if self.past_due else None


def promised(on, way=""):
    """Return the condition that a commitment had been promised by a day.

    Its plan had begun, and it was in it. Before that it is in no count (rule 5). `way` leads to it, such as
    'commitment__'.
    """
    joined = Q(**{f"{way}in_plan_from": None}) | Q(**{f"{way}in_plan_from__lte": on})
    return begun(on, f"{way}plan__") & joined


def days_between(start, end):
    """Return the days from one day to another; None where one is missing, or the first is the later one."""
    if start is None or end is None or end < start:
        return None
    return (end - start).days


class SpanQuerySet(models.QuerySet):
    def on(self, day):
        """Keep the states that hold on a day."""
        return self.filter(from_on__lte=day, until_on__gte=day)


class State(models.Model):
    """An interval of days, both included, on which the same is known."""

    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    objects = SpanQuerySet.as_manager()

    class Meta:
        abstract = True


class LatenessState(State):
    """What is known of whether something is late (rule 4), beside the state of its own kind.

    `late_word_on` is the day of the last word that says so; `past_due` is a plain fact about the day.
    """

    due_on = models.DateField(_("due"), null=True)
    current_ends_on = models.DateField(_("current end"), null=True)
    past_due = models.BooleanField(_("past due"), null=True)
    is_overdue = models.BooleanField(_("overdue"), null=True)
    late_word_on = models.DateField(_("last word of lateness"), null=True)

    class Meta:
        abstract = True


class MilestoneState(LatenessState):
    milestone = models.ForeignKey(
        "commitments.Milestone",
        verbose_name=_("milestone"),
        on_delete=models.CASCADE,
        related_name="states",
    )
    status = models.CharField(_("status"), max_length=20, default=UNREPORTED)
    status_on = models.DateField(_("day of the status"), null=True)
    percent = models.PositiveSmallIntegerField(_("per cent"), null=True)
    done_on = models.DateField(_("done on"), null=True)
    reported_on = models.DateField(_("last reported on"), null=True)

    class Meta:
        verbose_name = _("state of a milestone")
        verbose_name_plural = _("states of milestones")
        constraints = [
            models.UniqueConstraint(fields=["milestone", "from_on"], name="one_milestone_state_per_day"),
        ]

    def __str__(self):
        return f"{self.milestone_id}: {self.status}, {self.from_on} - {self.until_on}"


class LevelState(State):
    """The latest assessment of one author."""

    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        related_name="level_states",
    )
    author = models.CharField(_("author"), max_length=20, choices=Report.Author)
    assessment = models.ForeignKey(
        "commitments.Assessment",
        verbose_name=_("assessment"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        verbose_name = _("level by author")
        verbose_name_plural = _("levels by author")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "author", "from_on"], name="one_level_state_per_author_and_day"
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}: {self.author}, {self.from_on} - {self.until_on}"


class CommitmentState(LatenessState):
    """What the reports judged of a commitment, and what its milestones say: never mixed."""

    DUE_FROM = [
        (OWN, _("Its own end")),
        (REPORT, _("The end that a report announced")),
        (PLAN, _("The end of its plan")),
        ("", _("No source says")),
    ]

    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        related_name="states",
    )
    # The one that sets the level shown (rule 2), and that level.
    assessment = models.ForeignKey(
        "commitments.Assessment",
        verbose_name=_("assessment"),
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    level = models.CharField(_("level"), max_length=20, choices=Level, null=True)
    due_from = models.CharField(_("due date from"), max_length=10, choices=DUE_FROM, blank=True)
    spoken_on = models.DateField(_("last judged on"), null=True)
    # Of its milestones; all 0 where the record has none.
    total = models.PositiveSmallIntegerField(_("milestones"), default=0)
    complete = models.PositiveSmallIntegerField(_("complete"), default=0)
    overdue = models.PositiveSmallIntegerField(_("overdue"), default=0)
    unknown = models.PositiveSmallIntegerField(_("past due, unknown"), default=0)
    silent = models.PositiveSmallIntegerField(_("past due, nobody spoke since"), default=0)
    undated = models.PositiveSmallIntegerField(_("without an end"), default=0)
    unreported = models.PositiveSmallIntegerField(_("nothing reported"), default=0)

    class Meta:
        verbose_name = _("state of a commitment")
        verbose_name_plural = _("states of commitments")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "from_on"], name="one_commitment_state_per_day"),
        ]

    def __str__(self):
        return f"{self.commitment_id}: {self.level}, {self.from_on} - {self.until_on}"
