"""Pages of topics: one story across the plans for each subject that they promise something of."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.http import Http404
from django.views.generic import TemplateView

from faces.pages import Dated
from plans.compliance import Level
from plans.models import Plan
from plans.picture import in_order
from plans.verdict import verdict
from record.order import sort_key

from .models import Commitment
from .topics import topics

# A story of more commitments is read by nobody: the list has them all.
MOST_TOLD = 100


@dataclass
class Counted:
    """How many commitments a topic has, of which plans, and how many of them are complete."""

    total: int = 0
    complete: int = 0
    plans: set = field(default_factory=set)


class TopicList(Dated, TemplateView):
    """All topics with a commitment, by name, each with what it adds up to."""

    template_name = "commitments/topic_list.html"

    def get_context_data(self, **kwargs):
        named, areas = topics()
        counted = count(named, self.reading.on)
        told = [(each.name_in(areas), each, counted[each.slug]) for each in named if each.slug in counted]
        return super().get_context_data(**kwargs) | {
            "topics": sorted(told, key=lambda each: sort_key(str(each[0])))
        }


def count(named, on):
    """Return {slug of a topic: Counted} of some topics on a day; what has no commitment is not there."""
    tags = defaultdict(set)
    of_areas = Commitment.policy_areas.through.objects.values_list("commitment", "policyarea__slug")
    for commitment, area in of_areas:
        tags[commitment].add(area)
    found = defaultdict(Counted)
    rows = Commitment.objects.published().begun(on).with_state(on).order_by()
    for pk, plan, level, title in rows.values_list("pk", "plan", "now__level", "search_title"):
        for topic in named:
            if topic.has(tags[pk], title):
                counted = found[topic.slug]
                counted.total += 1
                counted.complete += level == Level.COMPLETE
                counted.plans.add(plan)
    return found


class TopicDetail(Dated, TemplateView):
    """What the plans promised of one subject, the newest plan first, and what came of it."""

    template_name = "commitments/topic_detail.html"

    def get_object(self):
        """Return the topic of the address, and the policy areas by slug; raise Http404 without one."""
        named, areas = topics()
        for topic in named:
            if topic.slug == self.kwargs["slug"]:
                return topic, areas
        raise Http404

    def get_context_data(self, **kwargs):
        on = self.reading.on
        topic, areas = self.get_object()
        found = topic.commitments()
        counts = verdict(found.begun(on).judged(on))
        plans = {plan.pk: plan for plan in Plan.objects.published().order_by("-number")}
        groups = defaultdict(list)
        for commitment in found.for_squares(on).with_leads().order_by("-plan__number", "number")[:MOST_TOLD]:
            commitment.plan = plans[commitment.plan_id]
            groups[commitment.plan_id].append(commitment)
        told = [(plan, in_order(groups[pk])) for pk, plan in plans.items() if pk in groups]
        return super().get_context_data(**kwargs) | {
            "topic": topic,
            "area": areas.get(topic.area),
            "name": topic.name_in(areas),
            "groups": told,
            "columns": [(plan, in_order(groups[plan.pk])) for plan in reversed(plans.values())],
            "begun_plans": sum(plan.has_begun(on) for plan, _rows in told),
            "verdict": counts,
            "left_out": max(0, counts.total - MOST_TOLD),
        }
