"""Entities in the API, with what they promised."""

from rest_framework import serializers

from entities.api import EntitySerializer
from entities.models import Entity
from faces.viewsets import SLUG, RecordViewSet
from plans.api import CompletionSerializer, LatenessSerializer, ProgressSerializer

from .. import standing
from ..filters import EntityFilters
from ..models import Responsibility
from ..models.commitment import plans_by_institutions


class RoleCountsSerializer(serializers.Serializer):
    """The number of commitments in each role; a commitment counts once for each."""

    def get_fields(self):
        return {role: serializers.IntegerField(read_only=True) for role in Responsibility.Role.values}


class ReportCompletionSerializer(serializers.Serializer):
    """What a report judged of the commitments that an entity leads or co-leads."""

    report = serializers.SlugField(read_only=True)
    completion = CompletionSerializer(read_only=True)


class EntityStandingSerializer(EntitySerializer):
    """An entity with what it promised: its commitments, their completion and their progress."""

    commitments_count = RoleCountsSerializer(read_only=True)
    plans_covered = serializers.ListField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="The plans of which a source names institutions: the totals are of these.",
    )
    by_report = ReportCompletionSerializer(many=True, read_only=True)
    lateness = LatenessSerializer(read_only=True, allow_null=True)
    progress = ProgressSerializer(read_only=True, allow_null=True)


class EntityViewSet(RecordViewSet):
    """The entities: who promised, who helped, and how it went."""

    serializer_class = EntityStandingSerializer
    filterset_class = EntityFilters
    turns_on = (
        "responsibilities__commitment__plan__starts_on",
        "responsibilities__commitment__in_plan_from",
        "responsibilities__commitment__plan__reports__cutoff_on",
        "responsibilities__commitment__states__from_on",
        "responsibilities__commitment__milestones__states__from_on",
        "milestone_responsibilities__milestone__commitment__plan__starts_on",
        "milestone_responsibilities__milestone__commitment__in_plan_from",
        "milestone_responsibilities__milestone__states__from_on",
    )
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Entity.objects.published()

    def for_reading(self, rows):
        return rows.select_related("parent", "succeeded_by").prefetch_related("names__document")

    def prepare(self, rows):
        add_standing(rows, self.on)
        for entity in rows:
            # An entity has no source of its own: its names say where it stands.
            places = {(name.document_id, name.place): name for name in entity.names.all()}
            entity.sources = list(places.values())
        return rows


def add_standing(entities, on):
    """Add what some entities promised, as it stood on a day.

    That is `commitments_count` by role, `by_report`, `lateness`, `progress`, `plans_covered`.

    A report of which the record holds no level says nothing of them, and is left out.
    """
    keys = [entity.pk for entity in entities]
    covered = [plan.number for plan in plans_by_institutions()[0]]
    roles, lateness = standing.roles_counted(keys, on), standing.lateness(keys, on)
    progress, completion = standing.progress(keys, on), standing.completion(keys, on)
    for entity in entities:
        entity.commitments_count = roles[entity.pk]
        entity.lateness, entity.progress = lateness.get(entity.pk), progress.get(entity.pk)
        entity.plans_covered = covered
        entity.by_report = [
            {"report": report.slug, "completion": tally} for report, tally in completion[entity.pk]
        ]
