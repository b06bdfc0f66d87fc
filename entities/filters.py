"""Which entities: the parameters of their page and of their API list."""

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ogp_portal.common.filters import ChoiceFilter, RowFilter, SearchFilter, StrictFilterSet

from .models import Entity


class RoleFilter(ChoiceFilter):
    """A role of the commitments, by name, as this app knows none."""

    @property
    def field(self):
        self.extra["choices"] = apps.get_model("commitments.Responsibility").Role
        return super().field


class EntityFilters(StrictFilterSet):
    kind = ChoiceFilter("kind", choices=Entity.Kind, label=_("Kind"))
    plan = RowFilter(
        model="plans.Plan",
        key="number",
        visible=lambda model: model.objects.published(),
        multiple=True,
        label=_("Plan"),
        help_text=_("With a responsibility in one of these plans."),
    )
    role = RoleFilter(label=_("Role"), help_text=_("With this role; with plan, in that plan."))
    q = SearchFilter()

    def narrow(self, rows, values):
        """Keep the entities with one responsibility that has both the role and the plan."""
        if not values["plan"] and not values["role"]:
            return rows
        # In one filter(), so that it is one and the same responsibility; the public may see what states it.
        as_asked = Q(responsibilities__commitment__plan__status="published") & (
            Q(responsibilities__report=None) | Q(responsibilities__report__status="published")
        )
        if values["plan"]:
            as_asked &= Q(responsibilities__commitment__plan__in=values["plan"])
        if values["role"]:
            as_asked &= Q(responsibilities__role=values["role"])
        return rows.filter(pk__in=Entity.objects.filter(as_asked).values("pk"))
