"""Pages of commitments: the explorer, and the page of one commitment."""

from collections import Counter, defaultdict

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from entities.models import Entity
from faces.pages import Dated, FilteredList, RecordDetail
from faces.timeline import timeline
from plans.models import Report

from .codes import FINDING_LABELS
from .filters import LATENESS, CommitmentFilters, with_descendants
from .models import Assessment, Commitment, Milestone, Responsibility
from .models.milestone import evidence_of


class CommitmentList(FilteredList):
    is_dated = True
    template_name = "commitments/commitment_list.html"
    filterset_class = CommitmentFilters
    controls = {
        "q": "search",
        "plan": "ticks",
        "level": "ticks",
        "theme": "select",
        "policy_area": "select",
        "entity": "select",
        "entity_tree": "tick",
        "role": "select",
        "report": "select",
        "overdue": "select",
        "unreported": "select",
        "is_starred": "select",
        "as_of": "date",
        "ordering": "select",
    }
    further = [name for name, kind in controls.items() if kind in ("select", "tick", "date")]

    def all_rows(self):
        return Commitment.objects.published().in_reading_order()

    def offered(self):
        responsible = Responsibility.objects.published()
        return {
            "entity": Entity.objects.filter(pk__in=responsible.values("entity")),
            "report": Report.objects.as_of(self.filters.on).held(),
        }

    def facets(self):
        """Count each option, but where another filter changes what it means.

        A level is counted only where it is that shown, a report only where no level of its cards is asked.
        """

        def counted(name, column):
            rows = self.without(name).order_by()
            return Counter(
                str(value) for _pk, value in rows.values_list("pk", column).distinct() if value is not None
            )

        counts = {
            "plan": counted("plan", "plan__number"),
            "theme": counted("theme", "theme__slug"),
            "policy_area": counted("policy_area", "policy_areas__slug"),
        }
        on = self.filters.on
        starred = self.without("is_starred").order_by().values_list("is_starred", flat=True)
        counts["is_starred"] = Counter(str(value).lower() for value in starred)
        reported = self.without("unreported").order_by()
        counts["unreported"] = {
            str(value).lower(): reported.unreported(value).count() for value in (True, False)
        }
        begun = self.without("overdue").begun(on).order_by()
        lateness = Counter(begun.values_list("now__is_overdue", flat=True))
        counts["overdue"] = {name: lateness[value] for name, value in LATENESS.items()}
        if "role" not in self.query():
            counts["entity"] = self.entities_counted()
        if not {"report", "author"} & set(self.query()):
            levels = self.without("level").order_by().values_list("now__level", flat=True)
            counts["level"] = Counter(level or "none" for level in levels)
        if not {"level", "author"} & set(self.query()):
            cards = Assessment.objects.as_of(on).filter(
                commitment__in=self.without("report").order_by().values("pk")
            )
            counts["report"] = Counter(cards.order_by().values_list("report__slug", flat=True))
        return counts

    def entities_counted(self):
        """Count the commitments of each entity; with `entity_tree` also those of what is attached to it."""
        rows = Responsibility.objects.stated(self.filters.values.get("report")).filter(
            commitment__in=self.without("entity").order_by().values("pk"), entity__isnull=False
        )
        if self.filters.roles:
            rows = rows.filter(role__in=self.filters.roles)
        of_entity = defaultdict(set)
        for commitment, entity in rows.order_by().values_list("commitment", "entity__slug"):
            of_entity[entity].add(commitment)
        if self.filters.values.get("entity_tree"):
            entities = self.filters.form.fields["entity"].rows
            own = dict(of_entity)
            for slug, entity in entities.items():
                family = with_descendants([entity], entities.values())
                of_entity[slug] = set().union(*(own.get(each.slug, ()) for each in family))
        return {slug: len(commitments) for slug, commitments in of_entity.items()}

    def for_reading(self, rows, on):
        return rows.for_reading(on)

    def option_label(self, name, value, label):
        label = super().option_label(name, value, label)
        if name == "theme":
            fields = self.filters.form.fields
            numbers = {plan.pk: plan.roman for plan in fields["plan"].rows.values()}
            number = numbers[fields["theme"].rows[value].plan_id]
            return _("%(theme)s (plan %(number)s)") % {"theme": label, "number": number}
        if name == "ordering" and value.startswith("-"):
            return _("%(name)s, last first") % {"name": label}
        return label


class CommitmentDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        return (
            Commitment.objects.published()
            .for_reading(self.reading.on)
            .prefetch_related("titles__document", "items__document", evidence_of(Commitment))
        )

    def get_context_data(self, **kwargs):
        commitment = self.object
        cards = commitment.path
        on = self.reading.on
        milestones = list(Milestone.objects.filter(commitment=commitment).for_reading(on))
        prefetch_related_objects(cards, "document", evidence_of(Assessment))
        neighbours = Commitment.objects.published()
        return super().get_context_data(**kwargs) | {
            "milestones": milestones,
            "is_to_come": commitment.is_to_come,
            "to_come": _("Its plan had not begun yet; it is in no count of that day."),
            "timeline": timeline(milestones, on) if len(milestones) > 1 else None,
            "cards": cards,
            "others": [card for card in commitment.assessments_on if card != commitment.shown],
            "new_ends": [card for card in commitment.assessments_on if card.new_end_as_printed],
            "card_rows": card_rows(cards),
            "has_both_languages": len({card.report.language for card in cards if card.has_card}) > 1,
            "has_cards": any(card.has_card for card in cards),
            "has_evidence": any(card.evidence.all() for card in cards),
            "evidence_count": len(links_of(commitment, cards, milestones)),
            "findings": findings(commitment, on),
            "responsibilities": by_report(commitment.responsibilities.all()),
            "previous": neighbours.filter(plan=commitment.plan, number__lt=commitment.number).last(),
            "next": neighbours.filter(plan=commitment.plan, number__gt=commitment.number).first(),
        }


def links_of(commitment, cards, milestones):
    """Return all links that prove a commitment: its own, those of its cards, milestones and updates."""
    updates = [update for milestone in milestones for update in milestone.updates_on]
    return [row for owner in (commitment, *cards, *milestones, *updates) for row in owner.evidence.all()]


def card_rows(cards):
    """Return [(name, label, [(assessment, state, text) of each card])]: the reports' cards side by side.

    The states are those of `Assessment.row_state` and 'none' where a report gave only the level. Rows that no
    report has in its form are left out.
    """
    rows = []
    for name, label in Assessment.ROWS.items():
        cells = [
            (card, card.row_state(name) if card.has_card else "none", getattr(card, name)) for card in cards
        ]
        if any(state in ("text", "blank") for _card, state, _words in cells):
            rows.append((name, label, cells))
    return rows


def findings(commitment, on):
    """Return the public findings on a day, a list for each source: (finding, measure, value, scale)."""
    groups = {}
    for row in commitment.findings.as_of(on).select_related("document"):
        words = [FINDING_LABELS.get(code, code) for code in (row.measure, row.value, row.scale)]
        groups.setdefault((row.document_id, row.place), []).append((row, *words))
    return list(groups.values())


def by_report(responsibilities):
    """Return [(report or None for the plan itself, its responsibilities)], the plan first, leads first."""
    groups = {}
    for row in responsibilities:
        groups.setdefault(row.report, []).append(row)
    order = list(Responsibility.Role)
    return [(report, sorted(rows, key=lambda row: order.index(row.role))) for report, rows in groups.items()]
