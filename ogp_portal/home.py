"""The start page: one sentence and one picture of the whole record.

Then what is overdue, how the last plan ended that was assessed whole, and what changed last.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from commitments.models import Assessment, Commitment, Milestone
from commitments.models.milestone import needs_word
from faces.pages import Dated
from plans import compliance
from plans.models import Plan, Report
from plans.picture import picture, reports_of
from plans.verdict import verdict
from plans.views import PLANS_OF_A_PAGE
from record.dates import local_date
from record.kinds import by_label
from record.models import Change

# As many dates stand beside each other; the oldest are the most pressing.
MOST_DATES = 4
# So many circles are counted at a glance; beyond, the number says it.
MOST_CIRCLES = 60
# What changed last: so many entries of the log, found among so many of its newest changes.
ENTRIES, NEWEST = 3, 100


class Home(Dated, TemplateView):
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        on = self.reading.on
        published = Plan.objects.published().with_commitments_count().order_by("-number")
        plans = list(published[:PLANS_OF_A_PAGE])
        judged = Commitment.objects.published().begun(on).judged(on)
        reports = reports_of(plans, on)
        return super().get_context_data(**kwargs) | {
            "picture": picture(plans, on, judged, reports),
            "plans_count": len(plans) if len(plans) < PLANS_OF_A_PAGE else published.count(),
            "verdict": verdict(judged),
            "overdue": overdue(plans, on),
            "past_due": past_due(plans, judged),
            "ended": how_it_ended(plans, reports),
            "examples": [_("MINSA"), _("open data"), _("law of transparency"), _("scholarships")],
            "changed": [] if self.reading.is_asked else changed_last(),
        }


@dataclass
class Overdue:
    """The milestones past due of which nobody has spoken since, of the last plan that has such ones."""

    plan: Plan
    # How many they are, and of how many of that plan.
    silent: int
    total: int
    # [(due date, how many)], the oldest first.
    dates: list

    @property
    def first_due_on(self):
        return self.dates[0][0]

    @property
    def shown(self):
        return self.dates[:MOST_DATES]

    @property
    def left_out(self):
        """How many milestones fell due on later days than those that are shown."""
        return sum(n for _day, n in self.dates[MOST_DATES:])

    @property
    def has_circles(self):
        return max(n for _day, n in self.shown) <= MOST_CIRCLES


def overdue(plans, on):
    """Return the Overdue of the last of some plans, the last first, that has any; None without one."""
    milestones = Milestone.objects.published().with_state(on).begun(on).filter(commitment__plan__in=plans)
    silent = needs_word("silent", on)
    of_plan = milestones.order_by().values_list("commitment__plan")
    counts = {pk: rest for pk, *rest in of_plan.annotate(Count("pk"), silent=Count("pk", filter=silent))}
    for plan in plans:
        total, number = counts.get(plan.pk, (0, 0))
        if number:
            rows = milestones.filter(silent, commitment__plan=plan).order_by()
            dates = sorted(rows.values_list("now__due_on").annotate(Count("pk")))
            return Overdue(plan=plan, silent=number, total=total, dates=dates)
    return None


@dataclass
class PastDue:
    """The commitments that are past due: those known to be late, and those of which nobody can tell."""

    # [(plan, how many of its commitments are late)], the last plan first.
    late: list
    unknown: int


def past_due(plans, judged):
    """Return the PastDue of commitments that were counted by what the reports judged."""
    late = Counter()
    for some in judged:
        late[some.plan] += some.overdue
    return PastDue(
        late=[(plan, late[plan.pk]) for plan in plans if late[plan.pk]],
        unknown=sum(some.unknown for some in judged),
    )


@dataclass
class Ended:
    """How the last plan ended that a report assessed whole, and what moved since the report before.

    Without an earlier report on the whole plan `previous`, `before` and `moved` are None.
    """

    report: Report
    tally: compliance.Tally
    previous: Report | None = None
    before: compliance.Tally | None = None
    moved: compliance.Moved | None = None

    @property
    def author(self):
        return Report.IN_A_SENTENCE[self.report.author]


def how_it_ended(plans, reports):
    """Return the Ended of the last report that judged one of some plans whole; None where there is none.

    `reports` are those on the plans, the last one first.
    """
    reports = [each for each in reports if each.is_full and each.author in Report.LEVEL_SETTING_AUTHORS]
    if not reports:
        return None
    report = reports[0]
    report.plan = next(plan for plan in plans if plan.pk == report.plan_id)
    previous = report.previous([each for each in reports if each.plan_id == report.plan_id])
    cards = Assessment.objects.published().filter(report__in=[each for each in (report, previous) if each])
    levels = {each.pk: {} for each in (report, previous) if each}
    for of_report, commitment, level in cards.order_by().values_list("report", "commitment", "level"):
        levels[of_report][commitment] = level
    after = levels[report.pk]
    ended = Ended(report=report, tally=compliance.tally(after.values(), len(after)))
    if previous:
        before = levels[previous.pk]
        ended.previous, ended.before = previous, compliance.tally(before.values(), len(before))
        ended.moved = compliance.moved(compliance.transitions(before, after, after))
    return ended


def changed_last():
    """Return the newest entries of the public log: [(entry, the kinds of its rows, how many changes)]."""
    changes = {}
    for change in Change.objects.public().select_related("entry").order_by("-pk")[:NEWEST]:
        changes.setdefault(change.entry, []).append(change)
    return [
        {
            "public_on": local_date(of_entry[0].public_at),
            "act": entry.get_act_display(),
            "reason": entry.reason,
            "kinds": kinds_of(of_entry),
            "is_first_loading": of_entry[0].action == Change.Action.LOADED,
        }
        for entry, of_entry in list(changes.items())[:ENTRIES]
    ]


def kinds_of(changes):
    """Return the names of the kinds of rows that some changes are of, each once, as one text."""
    models = dict.fromkeys(change.model for change in changes if change.model in by_label())
    kinds = [by_label()[model] for model in models]
    # What stands on a page of its own says it; parts of it would be a long list.
    kinds = [kind for kind in kinds if kind.has_page] or kinds
    return ", ".join(str(kind.model._meta.verbose_name) for kind in kinds)
