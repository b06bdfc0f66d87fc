"""The public log of changes: which ones a reader asks for, as a page and in the API."""

from django.db.models import Count, DateField, Exists, OuterRef
from django.db.models.functions import Coalesce, TruncDate
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment, Responsibility
from entities.models import Entity
from faces.changes import by_entry, give_whole_texts, tell
from faces.filters import ChoiceFilter, DateFilter, MomentFilter, ReadableRowFilter, StrictFilterSet
from faces.pages import FilteredList
from plans.models import Plan, Report
from record.dates import LIMA
from record.kinds import kinds
from record.models import Change, ChangedPage
from record.reading import together


def on_pages_of(model, rows):
    """Return the condition that a change is seen on the page of one of some rows of a model."""
    pages = ChangedPage.objects.filter(change=OuterRef("pk"), model=model._meta.label_lower)
    return Exists(pages.filter(object_id__in=rows))


def pks_of(rows):
    return [row.pk for row in rows]


def name_of(kind):
    """Return the name of a kind for people; of what several kinds call alike, with what it is part of."""
    name = kind.model._meta.verbose_name
    names = [each.model._meta.verbose_name for each in kinds()]
    if names.count(name) == 1:
        return capfirst(name)
    owner = kind.model._meta.get_field(kind.model.part_of or kind.key[0]).verbose_name
    return f"{capfirst(name)} ({owner})"


class ChangedKindFilter(ChoiceFilter):
    """A kind of row, by its name. The table of kinds is asked when all apps are there."""

    @property
    def field(self):
        self.extra["choices"] = [(kind.name, name_of(kind)) for kind in kinds()]
        return super().field


class ChangeFilters(StrictFilterSet):
    """Which changes. Rows that were annulled have theirs too."""

    plan = ReadableRowFilter(model=Plan, key="number", multiple=True, label=_("Plan"))
    entity = ReadableRowFilter(
        model=Entity,
        multiple=True,
        label=_("Entity"),
        help_text=_("Of its own page, or of commitments that it leads or co-leads."),
    )
    commitment = ReadableRowFilter(
        model=Commitment,
        key="code",
        only=Commitment.NAMING,
        label=_("Commitment"),
    )
    report = ReadableRowFilter(model=Report, label=_("Report"))
    kind = ChangedKindFilter(label=_("Kind"), help_text=_("What kind of row was changed."))
    # A word that Python keeps for itself.
    locals()["from"] = DateFilter(
        label=_("Speaks of this day or later"),
        help_text=_("By `effective_on`: the day of which the change speaks, else that of its publication."),
    )
    to = DateFilter(label=_("Speaks of this day or earlier"), help_text=_("By `effective_on`, as `from`."))
    since = MomentFilter(
        "public_at__gte", label=_("Public since"), help_text=_("By `public_at`; this day or moment included.")
    )
    until = MomentFilter(
        "public_at__lte",
        is_end=True,
        label=_("Public until"),
        help_text=_("By `public_at`; this day or moment included."),
    )

    def narrow(self, rows, values):
        """Keep the changes on the pages that are asked for, and of the days that they speak of."""
        for name, model in (("plan", Plan), ("commitment", Commitment), ("report", Report)):
            asked = values[name] if isinstance(values[name], list) else [values[name]]
            if any(asked):
                rows = rows.filter(on_pages_of(model, pks_of(asked)))
        if values["entity"]:
            led = Responsibility.objects.leading().readable().filter(entity__in=values["entity"])
            led = led.values("commitment")
            own = on_pages_of(Entity, pks_of(values["entity"]))
            rows = rows.filter(own | on_pages_of(Commitment, led))
        if values["kind"]:
            labels = {kind.name: kind.label for kind in kinds()}
            rows = rows.filter(model=labels[values["kind"]])
        # What speaks of a later day had not happened yet on the one that is asked for.
        last = min(filter(None, (values["to"], values["as_of"])), default=None)
        if values["from"] or last:
            public_on = TruncDate("public_at", tzinfo=LIMA)
            rows = rows.alias(effective=Coalesce("entry__as_of", public_on, output_field=DateField()))
            if values["from"]:
                rows = rows.filter(effective__gte=values["from"])
            if last:
                rows = rows.filter(effective__lte=last)
        return rows


class ChangeList(FilteredList):
    """What changed in the record, the newest first, what was written together under one head."""

    template_name = "changes.html"
    filterset_class = ChangeFilters
    controls = {
        "plan": "ticks",
        "kind": "select",
        "commitment": "select",
        "entity": "select",
        "report": "select",
        "from": "date",
        "to": "date",
    }
    further = ("report", "from", "to")

    def all_rows(self):
        return Change.objects.public().order_by("-pk")

    def for_reading(self, rows, on):
        return rows.select_related("entry")

    def offered(self, counts):
        pages = ChangedPage.objects.filter(model=Entity._meta.label_lower, change__in=self.all_rows())
        leads = Responsibility.objects.leading().readable().values("entity")
        own = Entity.everything.filter(pk__in=pages.values("object_id"))
        offered = own | Entity.everything.filter(pk__in=leads)
        return {"entity": set(offered.order_by().values_list("slug", flat=True))}

    def facets(self):
        """Count the changes of each option; what none has is not offered."""
        labels = {kind.label: kind.name for kind in kinds()}
        counted = self.without("kind").order_by().values_list("model").annotate(n=Count("pk"))
        return {
            "kind": {labels[label]: n for label, n in counted if label in labels},
            **self.counted("plan", "commitment", "report"),
        }

    def counted(self, *names):
        """Count the changes on the page of each row that some parameters may name, in one query."""
        fields = {name: self.filters.form.fields[name] for name in names}
        labels = {name: field.model._meta.label_lower for name, field in fields.items()}
        counts = {
            (label, pk): number
            for label, pk, number in together(
                [
                    ChangedPage.objects.filter(
                        model=label, change__in=self.without(name).order_by().values("pk")
                    )
                    .values_list("model", "object_id")
                    .annotate(n=Count("change"))
                    for name, label in labels.items()
                ]
            )
        }
        return {
            name: {
                value: counts[labels[name], row.pk]
                for value, row in field.rows.items()
                if (labels[name], row.pk) in counts
            }
            for name, field in fields.items()
        }

    def option_label(self, name, value, label):
        # Titles of commitments are long.
        return Truncator(super().option_label(name, value, label)).chars(70)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        told = tell(context["page_obj"]) if context["page_obj"] is not None else []
        give_whole_texts(told)
        form = context["form"]
        options = [option for control in form["first"] for option in control["options"] if option["count"]]
        return context | {
            "entries": by_entry(told),
            # With nothing but the first loading there is nothing to choose.
            "is_narrowable": bool(options or context["errors"] or context["chosen"]),
        }
