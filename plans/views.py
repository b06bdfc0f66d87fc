"""Pages of plans and of their reports."""

from django.db.models import Prefetch
from django.views.generic import DetailView, ListView

from . import compliance
from .models import Plan, Report
from .tallies import completion_by_entity, for_entities


def overview():
    """Return the published plans, the last one first, with what a row of each says."""
    reports = Report.objects.published().for_tally()
    return (
        Plan.objects.published()
        .with_counts()
        .order_by("-number")
        .prefetch_related(Prefetch("reports", reports))
    )


class PlanList(ListView):
    def get_queryset(self):
        return overview()


class PlanDetail(DetailView):
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return (
            Plan.objects.published()
            .with_counts()
            .select_related("coordinator", "document")
            .prefetch_related("periods__document", "further_sources__document", "themes")
        )

    def get_context_data(self, **kwargs):
        commitments = self.object.commitments.for_reading()
        reports = [
            (report, report.completion(), report.completion_by_theme())
            for report in self.object.reports.published().for_tally()
        ]
        return super().get_context_data(**kwargs) | {
            "reports": reports,
            "levels": levels_shown(tally for _, tally, _ in reports),
            "shown": compliance.tally(
                (commitment.shown_level for commitment in commitments), len(commitments), is_full=False
            ),
            "groups": by_theme(commitments, self.object.themes.all()),
            "progress": sum_of_progress(commitments),
        }


class ReportDetail(DetailView):
    def get_queryset(self):
        return for_entities(Report.objects.as_of(None))

    def get_context_data(self, **kwargs):
        report = self.object
        tally, levels = report.completion(), report.levels()
        commitments = report.plan.commitments.for_reading()
        previous = report.previous()
        return super().get_context_data(**kwargs) | {
            "tally": tally,
            "levels": levels_shown([tally]),
            "by_theme": report.completion_by_theme() if report.plan.themes.all() else {},
            "by_entity": completion_by_entity(report),
            "rows": [(commitment, levels.get(commitment.pk)) for commitment in commitments],
            "previous": previous,
            "movement": movement(report, previous, commitments) if previous else None,
        }


def levels_shown(tallies):
    """Return the levels that a table of some tallies needs: the four of the scale, and others that occur."""
    occurring = {level for tally in tallies for level, _, _ in tally.shown_rows()}
    return [level for level in compliance.Level if level in compliance.SCALE or level in occurring]


def by_theme(commitments, themes):
    """Return [(theme, its commitments)] in the plan's order; those without a theme come last, under None."""
    groups = {theme: [] for theme in themes}
    for commitment in commitments:
        groups.setdefault(commitment.theme, []).append(commitment)
    return [(theme, members) for theme, members in groups.items() if members]


def sum_of_progress(commitments):
    """Return what the milestones of some commitments say; None where the record has none (rule 1)."""
    known = [commitment.progress for commitment in commitments if commitment.progress]
    if not known:
        return None
    names = ("total", "complete", "overdue", "unreported")
    return {name: sum(getattr(each, name) for each in known) for name in names}


def movement(report, previous, commitments):
    """Return the table from the levels of one report to those of the next: its heads, and its rows of cells.

    A cell is the list of the commitments that went that way.
    """
    by_pk = {commitment.pk: commitment for commitment in commitments}
    moves = report.transitions_since(previous)
    cells = {(move.before, move.after): [by_pk[pk] for pk in move.members] for move in moves}
    occurring = {level for pair in cells for level in pair}
    heads = [level for level in (*compliance.Level, None) if level in occurring or level in compliance.SCALE]
    return {
        "heads": heads,
        "rows": [(before, [(after, cells.get((before, after), [])) for after in heads]) for before in heads],
        "moved": sum(move.count for move in moves if not move.is_unchanged),
        "unchanged": sum(move.count for move in moves if move.is_unchanged),
    }
