"""What the lists of commitments, milestones and updates share: who answers, how pressing, and the board."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from plans.models import Plan
from record.cleaning import clean
from record.dates import today
from record.rights import entities_of, is_focal_point, visible_to

from ..answering import entities_called, entities_that_answer, name_answering, name_leads
from ..models import Commitment, Milestone, Update
from ..models.responsibility import answered_by
from ..submissions import last_submissions
from ..urgency import AT_REST, SOON_DAYS, URGENCIES, at_rest, pressing


def of_entities(model, entities):
    """Return the condition that one of some entities answers for the milestone of a row, or leads it."""
    if not entities:
        return Q(pk__in=[])
    if model is Commitment:
        return Q(pk__in=Commitment.objects.led_by(entities).order_by().values("pk"))
    if model is Milestone:
        return answered_by(entities)
    return Q(milestone__in=Milestone.objects.filter(answered_by(entities)).order_by().values("pk"))


class AnsweredBy(admin.SimpleListFilter):
    """Finds the rows of an entity by what it is called: one field, with the names to choose from."""

    title = _("who answers")
    parameter_name = "answers"
    template = "admin/answered_by.html"

    def __init__(self, request, params, model, model_admin):
        self.entities = list(entities_that_answer(request.user))
        # What else the list is narrowed to stays.
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (self.parameter_name, PAGE_VAR, "e")
        ]
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(each.slug, str(each)) for each in self.entities]

    @property
    def found(self):
        """The entities that are called as somebody typed."""
        return entities_called(self.value() or "", self.entities)

    def queryset(self, request, queryset):
        if not (self.value() or "").strip():
            return queryset
        return queryset.filter(of_entities(queryset.model, self.found))

    def choices(self, changelist):
        yield {
            "value": self.value() or "",
            "entities": self.entities,
            "found": self.found,
            "others": self.others,
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }


class Mine(admin.SimpleListFilter):
    """Narrows a focal point's list to the milestones for which his entities answer."""

    title = _("my entities")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [("yes", _("For which my entities answer"))] if is_focal_point(request.user) else []

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(of_entities(queryset.model, entities_of(request.user)))


class Urgency(admin.SimpleListFilter):
    title = _("urgency")
    parameter_name = "urgency"

    def lookups(self, request, model_admin):
        return URGENCIES

    def queryset(self, request, queryset):
        if self.value() not in dict(URGENCIES):
            return queryset
        return queryset.filter(pressing(self.value(), today()))


class AtRest(admin.SimpleListFilter):
    title = _("what moves")
    parameter_name = "rest"

    def lookups(self, request, model_admin):
        return AT_REST

    def queryset(self, request, queryset):
        if self.value() not in dict(AT_REST):
            return queryset
        return queryset.filter(at_rest(self.value(), today()))


class BoardList(ChangeList):
    """A list that leads to the public board, narrowed in the same way."""

    # The parameter that names the plan, and whether the board's table is by commitment.
    PLAN = {
        Commitment: "plan__id__exact",
        Milestone: "commitment__plan__id__exact",
        Update: "milestone__commitment__plan__id__exact",
    }
    ON_BOARD = {
        "past_due": {"past_due": "true"},
        "silent": {"follow_up": "silent"},
        "undated": {"follow_up": "undated"},
        "unreported": {"follow_up": "unreported"},
    }

    def __init__(self, request, *args, **kwargs):
        self.asked, self.user = request.GET, request.user
        super().__init__(request, *args, **kwargs)

    @property
    def board_address(self):
        """The address of the public board with the plan, the entity and the urgency that are chosen here."""
        query = QueryDict(mutable=True)
        plan = self.asked.get(self.PLAN[self.model], "")
        if plan.isdecimal() and len(plan) < 10:
            numbers = visible_to(self.user, Plan.objects.published()).filter(pk=plan)
            query.setlist("plan", [str(number) for number in numbers.values_list("number", flat=True)])
        for spec in self.filter_specs:
            if isinstance(spec, AnsweredBy):
                query.setlist("entity", [each.slug for each in spec.found])
            elif isinstance(spec, Urgency) and spec.value():
                query.update(self._on_board(spec.value()))
        if self.model is Commitment:
            query["by"] = "commitment"
        if self.model is Milestone and self.query:
            query["q"] = self.query
        address = reverse("follow-up")
        return f"{address}?{query.urlencode()}" if query else address

    def _on_board(self, urgency):
        if urgency != "due":
            return self.ON_BOARD.get(urgency, {})
        until = today() + timedelta(days=SOON_DAYS)
        return {"follow_up": "due", "due_before": until.isoformat()}


class AnsweredList(BoardList):
    """A list of milestones whose rows say who answers for them."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        name_answering(request.user, self.result_list)


class LedList(BoardList):
    """A list of commitments whose rows say who leads them."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        name_leads(request.user, self.result_list)


class SubmittedList(BoardList):
    """A list of updates that says who submitted them last and when, of those whose history a user reads."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        last = last_submissions(request.user, self.result_list)
        for each in self.result_list:
            each.submission = last.get(each.pk)


def named_or_answered(user, rows, found, words):
    """Return the rows that a search found, and those of which an entity has these words as its acronym."""
    words = clean(words)
    entities = visible_to(user, Entity.objects.filter(acronym__iexact=words)) if words else ()
    if not words or not (keys := list(entities.values_list("pk", flat=True))):
        return found
    of_them = rows.filter(of_entities(rows.model, keys))
    return rows.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=of_them.order_by().values("pk")))


def is_list(request):
    """Tell whether a request is for a list itself, and not for choices or a form."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_changelist")
