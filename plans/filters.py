"""Which plans, reports and themes: the parameters of their pages and API lists."""

from django.utils.translation import gettext_lazy as _

from ogp_portal.common.filters import ChoiceFilter, RowFilter, StrictFilterSet

from .models import Report


def plan_filter(lookup=None, **kwargs):
    """Return the parameter `plan`: numbers of published plans."""
    return RowFilter(
        lookup,
        model="plans.Plan",
        key="number",
        visible=lambda model: model.objects.published(),
        multiple=True,
        label=_("Plan"),
        **kwargs,
    )


def report_filter(lookup=None, **kwargs):
    """Return the parameter `report`: the slug of one published report."""
    return RowFilter(
        lookup,
        model="plans.Report",
        visible=lambda model: model.objects.as_of(None),
        label=_("Report"),
        **kwargs,
    )


class ReportFilters(StrictFilterSet):
    plan = plan_filter("plan__in")
    author = ChoiceFilter("author", choices=Report.Author, label=_("Author"))
    stage = ChoiceFilter("stage", choices=Report.Stage, label=_("Stage"))


class ThemeFilters(StrictFilterSet):
    plan = plan_filter("plan__in")
