"""Pages of commitments: the explorer, and the page of one commitment."""

from collections import Counter, defaultdict

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, F, Prefetch, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from faces.pages import Dated, FilteredList, RecordDetail
from faces.timeline import timeline
from record.reading import read_parts, together
from record.sources import read_documents

from .codes import FINDING_LABELS
from .filters import LATENESS, CommitmentFilters, with_descendants
from .models import Assessment, Commitment, Finding, Milestone, Responsibility
from .models.commitment import TELLS_UNREPORTED
from .models.evidence import read_evidence
from .models.state import promised


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

    def offered(self, counts):
        fields = self.filters.form.fields
        held = [report for report in fields["report"].rows.values() if report.is_held]
        offered = {"report": {report.slug for report in held if report.cutoff_on <= self.filters.on}}
        # With its own count an entity is responsible for something.
        if "responsible" in self.counted:
            offered["entity"] = set(self.by_identifier("entity", self.counted["responsible"]))
        return offered

    def paginator(self, rows):
        paginator = super().paginator(rows)
        if not self.is_narrowed_by_many:
            # They are read anyway.
            paginator.count = len(self.facts_read[""])
        return paginator

    def total(self, page):
        return sum(self.counted["all"].values())

    def facets(self):
        """Count each option, but where another filter changes what it means.

        A level is counted only where it is that shown, a report only where no level of its cards is asked
        and no entity or role, which with a report are those that it names.
        """
        (lateness,) = self.facts("overdue", "now__is_overdue")
        lateness = Counter(lateness)
        (plans,), (themes,) = self.facts("plan", "plan"), self.facts("theme", "theme")
        (starred,) = self.facts("is_starred", "is_starred")
        (unreported,) = self.facts("unreported", "tells_unreported")
        counts = {
            "plan": self.by_identifier("plan", Counter(plans)),
            "theme": self.by_identifier("theme", Counter(themes)),
            "is_starred": Counter(str(value).lower() for value in starred),
            "unreported": Counter(unreported),
            "overdue": {name: lateness[value] for name, value in LATENESS.items()},
        }
        if not {"report", "author"} & set(self.query()):
            (levels,) = self.facts("level", "now__level")
            counts["level"] = Counter(level or "none" for level in levels)
        for name in ("policy_area", "entity", "report"):
            if name in self.counted:
                counts[name] = self.by_identifier(name, self.counted[name])
        if self.counts_entities and self.filters.values.get("entity_tree"):
            counts["entity"] = self.families_counted()
        return counts

    # What the counts of most options are made of, of each commitment; and the parameters that they count.
    FACTS = (
        "plan",
        "theme",
        "is_starred",
        "now__is_overdue",
        "now__level",
        "tells_unreported",
        "is_promised",
    )
    COUNTED = ("plan", "theme", "is_starred", "overdue", "level", "unreported")

    def facts(self, name, *columns):
        """Return some columns of the commitments that are asked for, but for one parameter ('': for none).

        What had not been promised by the day is listed and not counted (rule 5).
        """
        rows = self.facts_read[name if name in self.query() else ""]
        rows = [row for row in rows if row[-1]]
        return [[row[self.FACTS.index(column)] for row in rows] for column in columns]

    @cached_property
    def facts_read(self):
        """The FACTS of each commitment that is asked for, and that would be without a parameter in use.

        They are read together, by the name of the parameter: '' for what is asked for.
        """
        found = {name: [] for name in ("", *self.COUNTED) if not name or name in self.query()}
        is_promised = ExpressionWrapper(promised(self.filters.on), BooleanField())
        rows = [
            self.without(name)
            .annotate(
                tells_unreported=TELLS_UNREPORTED, is_promised=is_promised, but=Value(name, CharField())
            )
            .values_list("but", *self.FACTS)
            for name in found
        ]
        for name, *facts in together(rows):
            found[name].append(facts)
        return found

    @cached_property
    def counted(self):
        """How many rows there are of each key, {what: {key: number}}, counted together.

        `policy_area`, `entity` and `report` are the commitments of each that are asked for, where that is
        counted; `all` are those of each plan, whatever is asked for; `responsible` are the responsibilities
        of each entity.
        """
        on = self.filters.on
        rows = {"all": self.all_rows().begun(on).values(key=F("plan")).annotate(n=Count("pk"))}
        if not self.counts_entities or self.filters.values.get("entity_tree"):
            named = Responsibility.objects.published().filter(entity__isnull=False)
            rows["responsible"] = named.values(key=F("entity")).annotate(n=Count("pk"))
        if self.counts_options:
            areas = self.without("policy_area").begun(on).filter(policy_areas__isnull=False)
            rows["policy_area"] = areas.values(key=F("policy_areas")).annotate(n=Count("pk"))
        if self.counts_entities and not self.filters.values.get("entity_tree"):
            named = self.responsible().values(key=F("entity"))
            rows["entity"] = named.annotate(n=Count("commitment", distinct=True))
        if self.counts_reports:
            cards = Assessment.objects.as_of(on).filter(
                commitment__in=self.without("report").begun(on).order_by().values("pk")
            )
            rows["report"] = cards.values(key=F("report")).annotate(n=Count("pk"))
        found = {what: {} for what in rows}
        for what, key, number in together(
            [
                each.annotate(what=Value(what, CharField())).values_list("what", "key", "n")
                for what, each in rows.items()
            ]
        ):
            found[what][key] = number
        return found

    def by_identifier(self, name, counted):
        """Return counts by the keys of rows as counts by their public identifiers."""
        rows = self.filters.form.fields[name].rows
        return {value: counted[row.pk] for value, row in rows.items() if row.pk in counted}

    @property
    def counts_entities(self):
        """Whether it is counted what each entity has: with a role it would be another question."""
        return self.counts_options and "role" not in self.query()

    @property
    def counts_reports(self):
        """Whether it is counted what each report has: beside these it would be another question."""
        return self.counts_options and not {"level", "author", "entity", "role"} & set(self.query())

    def responsible(self):
        """Return the responsibilities of entities for what is asked for, whatever the entity."""
        rows = Responsibility.objects.stated(self.filters.values.get("report")).filter(
            commitment__in=self.without("entity").begun(self.filters.on).order_by().values("pk"),
            entity__isnull=False,
        )
        return rows.filter(role__in=self.filters.roles) if self.filters.roles else rows

    def families_counted(self):
        """Count the commitments of each entity and of what is attached to it."""
        of_entity = defaultdict(set)
        for commitment, entity in self.responsible().order_by().values_list("commitment", "entity"):
            of_entity[entity].add(commitment)
        entities = self.filters.form.fields["entity"].rows
        families = {slug: with_descendants([row], entities.values()) for slug, row in entities.items()}
        return {
            slug: len(set().union(*(of_entity[each.pk] for each in family)))
            for slug, family in families.items()
        }

    def for_reading(self, rows, on):
        return rows.for_listing(on)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["errors"]:
            return context
        listed = context["page_obj"].paginator.count
        counted = (
            self.filters.qs.begun(self.filters.on).count()
            if self.is_narrowed_by_many
            else sum(row[-1] for row in self.facts_read[""])
        )
        return context | {"promised": counted, "to_come": listed - counted}

    def option_label(self, name, value, label):
        label = super().option_label(name, value, label)
        if name == "theme":
            plan = self.filters.form.fields["theme"].rows[value].plan_id
            return _("%(theme)s (plan %(number)s)") % {"theme": label, "number": self.plan_numbers[plan]}
        if name == "ordering" and value.startswith("-"):
            return _("%(name)s, last first") % {"name": label}
        return label

    @cached_property
    def plan_numbers(self):
        """The Roman number of each plan, by its key."""
        return {plan.pk: plan.roman for plan in self.filters.form.fields["plan"].rows.values()}


class CommitmentDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        return Commitment.objects.published().for_page(self.reading.on)

    def get_context_data(self, **kwargs):
        commitment = self.object
        cards = commitment.path
        on = self.reading.on
        milestones = Milestone.objects.filter(commitment=commitment).for_page(on)
        for milestone in milestones:
            milestone.commitment = commitment
        updates = [update for milestone in milestones for update in milestone.updates_on]
        read_parts([commitment], *Commitment.PARTS[:-1], Prefetch("findings", Finding.objects.as_of(on)))
        coded = list(commitment.findings.all())
        owners = [commitment, *cards, *milestones, *updates]
        read_evidence(owners)
        links = [row for owner in owners for row in owner.evidence.all()]
        children = ("further_sources", "responsibilities", "titles", "items")
        parts = [row for name in children for row in getattr(commitment, name).all()]
        read_documents([*owners, *links, *parts, *coded, *(card.report for card in cards)])
        return super().get_context_data(**kwargs) | {
            "milestones": milestones,
            "is_to_come": commitment.is_to_come,
            "to_come": _("It was not in its plan yet; it is in no count of that day.")
            if commitment.joins_later
            else _("Its plan had not begun yet; it is in no count of that day."),
            "timeline": timeline(milestones, on) if len(milestones) > 1 else None,
            "cards": cards,
            "others": [card for card in commitment.assessments_on if card != commitment.shown],
            "new_ends": [card for card in commitment.assessments_on if card.new_end_as_printed],
            "card_rows": card_rows(cards),
            "has_both_languages": len({card.report.language for card in cards if card.has_card}) > 1,
            "has_cards": any(card.has_card for card in cards),
            "has_evidence": any(card.evidence.all() for card in cards),
            "evidence_count": len(links),
            "findings": findings(coded),
            "responsibilities": by_report(commitment.responsibilities.all()),
            "previous": Commitment.named(commitment.before),
            "next": Commitment.named(commitment.behind),
        }


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


def findings(rows):
    """Return some findings, a list for each source: (finding, measure, value, scale)."""
    groups = {}
    for row in rows:
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
