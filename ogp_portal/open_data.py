"""The page of the open data: the lists of the API as files, told in words."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from commitments.kinds import CODE_LISTS
from record.kinds import Listed, kinds

from .api import ChangeViewSet

CHANGES = Listed(
    place=18,
    name="change",
    path="changes",
    viewset=ChangeViewSet,
    label=_("Changes"),
    what=_("What changed in the record, when, why, and what was before"),
)


def listed():
    """Return every list of the API, in the order in which the page tells them."""
    lists = [kind.listed for kind in kinds() if kind.listed]
    return sorted([*lists, *CODE_LISTS, CHANGES], key=lambda each: each.place)


class OpenData(TemplateView):
    """The lists of the record as files, and where the API is described."""

    template_name = "data.html"

    def get_context_data(self, **kwargs):
        lists = [(each.label, each.what, f"api:{each.name}-list") for each in listed()]
        return super().get_context_data(**kwargs) | {"lists": lists}
