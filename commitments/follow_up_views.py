"""The follow-up board: which milestones need a word on a date, why, and whose they are."""

from collections import defaultdict

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.filters import ChoiceFilter
from faces.pages import FilteredList

from .filters import MilestoneFilters
from .models import Commitment, Milestone, MilestoneResponsible, Responsibility
from .models.commitment import plans_with_milestones
from .models.milestone import FOLLOW_UP
from .models.responsibility import answering, leading_rows, with_answering


class FollowUpFilters(MilestoneFilters):
    """The parameters of the board: those of the milestones in the API, and what its table is by."""

    by = ChoiceFilter(choices=[("entity", _("Entity")), ("commitment", _("Commitment"))], label=_("Table by"))


class FollowUp(FilteredList):
    is_dated = True
    template_name = "commitments/follow_up.html"
    filterset_class = FollowUpFilters
    controls = {"plan": "ticks", "entity": "select", "by": "select", "as_of": "date"}
    # The milestones of a whole plan on one page.
    per_page = 100

    def all_rows(self):
        return Milestone.objects.published()

    def offered(self):
        leading = Responsibility.objects.leading().filter(commitment__in=self.all_rows().values("commitment"))
        answering = MilestoneResponsible.objects.filter(milestone__in=self.all_rows())
        is_asked = Q(pk__in=leading.values("entity")) | Q(pk__in=answering.values("entity"))
        return {
            "plan": plans_with_milestones(),
            "entity": Entity.objects.filter(is_asked),
        }

    def for_reading(self, rows, on):
        return rows.for_reading(on).prefetch_related(leading_rows())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["errors"]:
            return context
        values, on = self.filters.values, self.reading.on
        # The board counts every reason, whichever the list below is narrowed to.
        everything = self.filterset_class(without(self.request.GET, "follow_up"), self.all_rows()).qs
        everything = everything.begun(on).select_related("commitment__plan")
        milestones = list(everything.order_by(*Milestone._meta.ordering))
        asked = {milestone.pk for milestone in milestones}
        reasons = {
            what: asked & set(Milestone.objects.follow_up(what, on).values_list("pk", flat=True))
            for what, _label in FOLLOW_UP
        }
        for milestone in context["page_obj"] if values["follow_up"] else []:
            milestone.answering = answering(milestone)
        by_commitment = values["by"] == "commitment"
        groups = grouped_by_commitment(milestones) if by_commitment else grouped_by_entity(milestones)
        return context | {
            "count": len(milestones),
            # Before the first plan that has milestones "0 of 0" would say nothing.
            "is_before_all": bool(context["total"])
            and not milestones
            and set(self.query()) <= {"as_of", "by"},
            "reasons": [
                {
                    "label": label,
                    "count": len(reasons[what]),
                    "query": self.query_with(follow_up=what),
                    "is_chosen": values["follow_up"] == what,
                }
                for what, label in FOLLOW_UP
            ],
            "table": [self.line(who, members, reasons) for who, members in groups.items()],
            "by_commitment": by_commitment,
            "data_query": without(self.query(), "by").urlencode(),
            "is_listed": bool(values["follow_up"]),
            "is_narrowed": bool(set(self.query()) - {"plan", "as_of", "follow_up", "by"}),
            "silent_plans": [
                (plan, n, self.query_with(plan=plan.number, follow_up="unreported"))
                for plan, n in silent_plans(milestones, reasons)
            ],
        }

    def line(self, who, members, reasons):
        """Return a line of the table: who or what, and for each reason its milestones and their list."""
        if isinstance(who, Commitment):
            narrowed = {"commitment": who.code}
        elif who is not None and not isinstance(who, str):
            narrowed = {"entity": who.slug}
        else:
            narrowed = None
        pks = {milestone.pk for milestone in members}
        cells = [
            (label, len(pks & reasons[what]), self.query_with(follow_up=what, **narrowed) if narrowed else "")
            for what, label in FOLLOW_UP
        ]
        return {"who": who, "count": len(pks), "cells": cells}

    def query_with(self, **values):
        """Return the query string of this board with other values."""
        query = self.query()
        for name, value in values.items():
            query[name] = value
        return query.urlencode()


def without(query, name):
    """Return a query without one of its names."""
    query = query.copy()
    query.pop(name, None)
    return query


def grouped_by_commitment(milestones):
    """Return {commitment: its milestones}, in their order."""
    groups = defaultdict(list)
    for milestone in milestones:
        groups[milestone.commitment].append(milestone)
    return groups


def grouped_by_entity(milestones):
    """Return {who answers: milestones}: an entity, a printed name, or None where no source names anybody.

    Whoever has most comes first, None last.
    """
    prefetch_related_objects(milestones, *with_answering())
    groups = defaultdict(list)
    for milestone in milestones:
        for who in answering(milestone) or [None]:
            groups[who].append(milestone)
    order = sorted(groups, key=lambda who: (who is None, -len(groups[who]), str(who)))
    return {who: groups[who] for who in order}


def silent_plans(milestones, reasons):
    """Return the plans of which every milestone is past due and none was ever reported on."""
    by_plan = defaultdict(set)
    for milestone in milestones:
        by_plan[milestone.commitment.plan].add(milestone.pk)
    silent = reasons["silent"] & reasons["unreported"]
    return [(plan, len(pks)) for plan, pks in by_plan.items() if pks <= silent]
