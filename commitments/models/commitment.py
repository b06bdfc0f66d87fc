"""The commitment, the unit that is judged, with its titles, items and responsible institutions."""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.models import Plan, Recommendation, Theme
from plans.models.plan import OfTheme, roman
from record.cleaning import clean_query
from record.dates import dates_in_order
from record.order import Alphabetical, alphabetical
from record.publication import Status
from record.reading import with_parts
from record.search import Searchable, among, contains, fold
from record.sources import FurtherSource, Sourced
from record.text import LANGUAGES, Bilingual, Language, Translated
from record.writing import WriteRefused

from .assessment import Assessment
from .milestone import UNKNOWN, Milestone, Progress
from .responsibility import Responsibility
from .state import StateQuerySet, WithState, promised


class PolicyArea(Translated, Alphabetical, Sourced):
    """A tag that the OGP gives to commitments."""

    ordered_by = "name"

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    name_es = models.CharField(_("name in Spanish"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)

    name = Bilingual()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("policy area")
        verbose_name_plural = _("policy areas")

    def __str__(self):
        return str(self.name)

    @classmethod
    def reading_order(cls):
        return [alphabetical(), "slug"]


@dataclass(frozen=True)
class Lateness:
    """How many of some commitments are late on a day, and of how many nobody can tell (rules 1 and 4)."""

    total: int
    overdue: int
    # Past due, and nobody says whether it was done.
    unknown: int
    # Of these: nobody judged anything since it was due.
    silent: int
    # No source gives an end.
    undated: int

    @classmethod
    def of(cls, commitments):
        """Count commitments that were read `with_state`; None where there are none."""
        return cls.count(commitments) if commitments else None

    @classmethod
    def count(cls, commitments):
        """Count commitments that were read `with_state`, even none."""
        return cls(
            total=len(commitments),
            overdue=sum(each.is_overdue is True for each in commitments),
            unknown=sum(each.is_unknown for each in commitments),
            silent=sum(each.is_silent for each in commitments),
            undated=sum(each.due_on is None for each in commitments),
        )

    @property
    def spoken(self):
        """How many are past due that a report judged since, without saying whether they were done."""
        return self.unknown - self.silent

    # How each is counted, of commitments `with_state`.
    COUNTED = {
        "total": Q(),
        "overdue": Q(now__is_overdue=True),
        "unknown": UNKNOWN,
        "silent": UNKNOWN & (Q(now__spoken_on=None) | Q(now__spoken_on__lt=F("now__due_on"))),
        "undated": Q(now__due_on=None),
    }


class Judged(NamedTuple):
    """Some commitments of a plan at one level, by one author and cut-off: how many they are, and how late."""

    plan: int
    level: str | None
    author: str | None
    cutoff_on: date | None
    count: int
    overdue: int
    unknown: int
    silent: int

    LATE = ("overdue", "unknown", "silent")


def _counts():
    """Return the aggregates of the totals of commitments `with_state`."""
    late = {f"late_{name}": Count("pk", filter=each) for name, each in Lateness.COUNTED.items()}
    return late | {f"of_{name}": Coalesce(Sum(f"now__{name}"), 0) for name in Progress.COUNTED}


def _totals(row):
    return {
        "lateness": Lateness(**{name: row[f"late_{name}"] for name in Lateness.COUNTED}),
        "progress": Progress.read({name: row[f"of_{name}"] for name in Progress.COUNTED}),
    }


# Whether nothing was reported on a milestone of a commitment `with_state`; of one without milestones neither
# is true (rule 1). And the same as a word.
UNREPORTED = {True: Q(now__unreported__gt=0), False: Q(now__unreported=0, now__total__gt=0)}
TELLS_UNREPORTED = Case(
    When(UNREPORTED[True], then=Value("true")), When(UNREPORTED[False], then=Value("false"))
)


class CommitmentQuerySet(StateQuerySet):
    def at_level(self, levels, on, reports=(), authors=()):
        """Keep the commitments, read `with_state(on)`, at any of some levels ('none' is: no assessment).

        With `reports` or `authors` it is the level of their cards; otherwise it is the level shown. Levels,
        reports and authors are one condition on one assessment (docs/api.md). Without levels: those
        that have a card there.
        """
        levels = set(levels)
        if not reports and not authors:
            if not levels:
                return self
            known = Q(now__level__in=levels - {"none"})
            return self.filter(known | Q(now__level=None) if "none" in levels else known)
        cards = Assessment.objects.as_of(on)
        plans = None
        if reports:
            cards = cards.filter(report__in=reports)
            plans = {report.plan_id for report in reports}
        if authors:
            cards = cards.filter(report__author__in=authors)
        has_card = Exists(cards.filter(commitment=OuterRef("pk")))
        if not levels:
            return self.filter(has_card)
        condition = Q(Exists(cards.filter(commitment=OuterRef("pk"), level__in=levels - {"none"})))
        if "none" in levels:
            without = Q(plan__in=plans) if plans is not None else Q()
            condition |= without & ~Q(has_card)
        return self.filter(condition)

    def unreported(self, value=True):
        """Keep those, read `with_state(on)`, of which nothing was reported on a milestone; or the others.

        Of those without milestones neither is true (rule 1).
        """
        return self.filter(UNREPORTED[value])

    def milestones(self, on):
        """Return the milestones of these commitments, in their order, with their state on a day.

        The commitments are read once; each milestone knows its own.
        """
        of_pk = {commitment.pk: commitment for commitment in self}
        milestones = list(
            Milestone.objects.with_state(on).filter(commitment__in=of_pk).select_related("document")
        )
        for milestone in milestones:
            milestone.commitment = of_pk[milestone.commitment_id]
        return milestones

    def begun(self, on):
        """Keep the commitments that had been promised by a day (`promised`)."""
        return self.filter(promised(on))

    def in_plan_on(self, on):
        """Keep those that a report with this cut-off judges: promised by then, and not taken out before."""
        stays = Q(in_plan_until=None) | Q(in_plan_until__gte=on)
        return self.filter(stays, promised(on))

    def totals(self, on, **further):
        """Return what these commitments add up to on a day: {"lateness": Lateness, "progress": or None}.

        `further` names more aggregates of them, `with_state`, that come out of the same query.
        """
        row = self.with_state(on).order_by().aggregate(**_counts(), **further)
        return _totals(row) | {name: row[name] for name in further}

    def added_up(self):
        """Return the `totals()` of these commitments, read `with_state`, without a query of their own.

        Those that joined their plan after the day are left out.
        """
        rows = [each for each in self if not each.joins_later]
        counts = {name: sum(getattr(each.now, name, 0) for each in rows) for name in Progress.COUNTED}
        return {"lateness": Lateness.count(rows), "progress": Progress.read(counts)}

    def totals_by(self, column, on):
        """Return {value of a column: its totals} of these commitments on a day, as `totals()` has them."""
        rows = self.with_state(on).order_by().values(column).annotate(**_counts())
        return {row[column]: _totals(row) for row in rows}

    def led_by(self, entities):
        """Keep the commitments that one of some entities leads or co-leads, by the plan or any report."""
        return self.of_entity(entities, Responsibility.LEADING)

    def naming_institutions(self):
        """Keep the commitments of which a source names who leads or co-leads."""
        return self.filter(Exists(Responsibility.objects.leading().filter(commitment=OuterRef("pk"))))

    def of_entity(self, entities, roles=(), report=None):
        """Keep the commitments for which one of some entities has a responsibility, in one of some roles.

        With `report` the plan or that report must say so. Entities, roles and report are one condition on one
        responsibility (docs/api.md).
        """
        rows = Responsibility.objects.stated(report).filter(commitment=OuterRef("pk"))
        if entities:
            rows = rows.filter(entity__in=entities)
        if roles:
            rows = rows.filter(role__in=roles)
        return self.filter(Exists(rows))

    def for_squares(self, on):
        """Fetch what a square says of a commitment on a day: title, level, `judged_by` and `judged_on`."""
        card = "now__assessment__report__"
        return (
            self.with_state(on)
            .defer(*self.model.TEXTS)
            .annotate(judged_by=F(f"{card}author"), judged_on=F(f"{card}cutoff_on"))
        )

    def judged(self, on):
        """Count those that were in their plan on a day, by what the reports judged: a list of Judged."""
        card = "now__assessment__report__"
        by = "plan", "now__level", f"{card}author", f"{card}cutoff_on"
        joined = Q(in_plan_from=None) | Q(in_plan_from__lte=on)
        rows = self.filter(joined).with_state(on).order_by().values_list(*by)
        late = {name: Count("pk", filter=Lateness.COUNTED[name]) for name in Judged.LATE}
        return [Judged(*row) for row in rows.annotate(Count("pk"), **late)]

    def for_lines(self, on, has_cards=True):
        """Fetch what a line of a list says of a commitment on a day: who leads, what each card says.

        Of commitments that are known to have no cards (`has_cards`) none are asked for.
        """
        rows = self.with_state(on).without_texts().with_leads()
        if has_cards:
            return rows.prefetch_related(cards_of_lines(on, "delay_reason"))
        for commitment in rows:
            commitment.assessments_on = []
        return rows

    def without_texts(self):
        """Leave the long texts where they are: a list says none of them."""
        return self.defer(*Commitment.TEXTS)

    def with_leads(self):
        """Fetch who leads or co-leads."""
        leads = Responsibility.objects.leading().select_related("entity")
        return self.prefetch_related(models.Prefetch("responsibilities", leads))

    def for_listing(self, on):
        """Fetch what a list says of a commitment on a day: its state, who leads, and who judged it."""
        return (
            self.with_state(on)
            .without_texts()
            .select_related("plan")
            .prefetch_related(
                models.Prefetch(
                    "responsibilities", Responsibility.objects.leading().select_related("entity", "report")
                ),
                models.Prefetch("assessments", Assessment.objects.judging(on), to_attr="assessments_on"),
            )
        )

    def for_page(self, on):
        """Fetch what the page of a commitment says of it on a day, but for its parts and their documents."""
        return (
            with_parts(self.with_state(on).with_neighbours(), *Commitment.PARTS)
            .select_related("plan", "theme")
            .prefetch_related(
                "in_plan_norm",
                models.Prefetch(
                    "responsibilities", Responsibility.objects.stated().select_related("entity", "report")
                ),
                models.Prefetch(
                    "assessments",
                    Assessment.objects.as_of(on).latest_first().with_latest(on).select_related("report"),
                    to_attr="assessments_on",
                ),
            )
        )

    def with_neighbours(self):
        """Add `before` and `behind`: the columns that name the commitments beside each one in its plan.

        They are None where it is the first or the last one; read them by `Commitment.named()`.
        """
        # Public as the row itself is: they are of the same plan.
        others = Commitment.objects.said().filter(plan=OuterRef("plan"))
        # Between databases JSON inside of JSON is a text at one time, an object at another.
        columns = dict(zip(Commitment.NAMING, Commitment.NAMING, strict=True)) | {
            "unofficial": Cast("unofficial", models.TextField())
        }
        others = others.values(columns=JSONObject(**columns))
        return self.annotate(
            before=Subquery(others.filter(number__lt=OuterRef("number")).order_by("-number")[:1]),
            behind=Subquery(others.filter(number__gt=OuterRef("number")).order_by("number")[:1]),
        )

    def for_reading(self, on):
        """Fetch what lists and pages say of a commitment on a day, in a fixed number of queries."""
        return (
            self.with_state(on)
            .select_related("plan", "theme", "document")
            .prefetch_related(
                # Of few commitments, so that mostly nothing is asked.
                "in_plan_norm",
                "policy_areas",
                "further_sources__document",
                models.Prefetch(
                    "responsibilities",
                    Responsibility.objects.stated().select_related("entity", "report", "document"),
                ),
                models.Prefetch(
                    "assessments",
                    Assessment.objects.as_of(on)
                    .latest_first()
                    .with_latest(on)
                    .select_related("report__document"),
                    to_attr="assessments_on",
                ),
            )
        )


def cards_of_lines(on, *texts):
    """Return the prefetch of the cards of commitments on a day, `assessments_on`, with some of the texts."""
    cards = Assessment.objects.as_of(on).latest_first().only("report", "commitment", "level", *texts)
    return models.Prefetch("assessments", cards, to_attr="assessments_on")


def plans_by_institutions():
    """Return two lists of published plans: those of which a source names institutions, and the others.

    Totals of entities cover the first only.
    """
    plans = list(Plan.objects.published().annotate(names_institutions=names_institutions()))
    named = [plan for plan in plans if plan.names_institutions]
    return named, [plan for plan in plans if not plan.names_institutions]


def names_institutions():
    """Return the condition that a source names an institution that leads a commitment of a plan."""
    commitments = Commitment.objects.published().filter(plan=OuterRef("pk"))
    return Exists(commitments.naming_institutions())


def has_milestones():
    """Return the condition that the record holds any milestone of a plan."""
    return Exists(Milestone.objects.published().filter(commitment__plan=OuterRef("pk")))


def plans_with_milestones():
    """Return the published plans of whose milestones the record holds any."""
    return Plan.objects.published().filter(has_milestones())


def commitments_said_to_have(part):
    """Return the keys of the commitments of which another row has a part of a term."""
    first, *others = (
        rows.order_by().values("commitment")
        for rows in (
            CommitmentTitle.objects.filter(contains(part)),
            CommitmentItem.objects.filter(contains(part)),
            Assessment.objects.published().filter(contains(part)),
            Responsibility.objects.leading().named_as(part),
        )
    )
    return first.union(*others)


class Commitment(WithState, Translated, Searchable, Alphabetical, OfTheme):
    """What the State promised in a plan.

    A draft may wait in a plan that was published: it is published by itself, and with a plan that is one.
    """

    part_of = "plan"
    publication_column = "status"

    search_columns = ("title", "description", "problem", "contribution", "relevance")
    search_identifiers = ("code", "label", "ogp_id")
    ordered_by = "title"
    document_columns = ("document", "in_plan_norm")
    # The columns that are read to name it, and to link to it.
    NAMING = ("code", "title_es", "title_en", "unofficial")
    # What it promises at length, and what a search looks through.
    TEXTS = (
        *(
            f"{name}_{lang}"
            for name in ("problem", "description", "contribution", "relevance")
            for lang in LANGUAGES
        ),
        *("search_title", "search_text"),
    )
    # What few commitments have all of.
    PARTS = ("policy_areas", "further_sources", "titles", "items", "findings")

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="commitments"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    label = models.CharField(
        _("label"),
        max_length=20,
        blank=True,
        help_text=_("As the plan labels it where that is not its number: 3.m"),
    )
    ogp_id = models.CharField(_("OGP id"), max_length=12, unique=True, null=True, blank=True)
    title_es = models.CharField(_("title in Spanish"), max_length=500, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
    )
    policy_areas = models.ManyToManyField(
        PolicyArea, verbose_name=_("policy areas"), blank=True, related_name="commitments"
    )
    recommendations = models.ManyToManyField(
        Recommendation,
        verbose_name=_("recommendations that it follows"),
        blank=True,
        related_name="commitments",
        help_text=_("Only where a source says so."),
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    period_as_printed = models.CharField(_("period as printed"), max_length=100, blank=True)
    in_plan_from = models.DateField(
        _("in the plan from"),
        null=True,
        blank=True,
        help_text=_("Only where a norm added it to a plan in force."),
    )
    in_plan_until = models.DateField(
        _("in the plan until"),
        null=True,
        blank=True,
        help_text=_("Only where a norm took it out of a plan in force: its last day in it."),
    )
    in_plan_norm = models.ForeignKey(
        "record.Document",
        verbose_name=_("norm that changed the plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    in_plan_place = models.CharField(_("place in the norm"), max_length=250, blank=True)
    problem_es = models.TextField(_("problem, in Spanish"), blank=True)
    problem_en = models.TextField(_("problem, in English"), blank=True)
    description_es = models.TextField(_("description in Spanish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    contribution_es = models.TextField(_("how it helps, in Spanish"), blank=True)
    contribution_en = models.TextField(_("how it helps, in English"), blank=True)
    relevance_es = models.TextField(_("relevance in Spanish"), blank=True)
    relevance_en = models.TextField(_("relevance in English"), blank=True)
    is_starred = models.BooleanField(
        _("starred"),
        null=True,
        blank=True,
        help_text=_("As the OGP page marks it; unknown where it says nothing."),
    )
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    title = Bilingual()
    problem = Bilingual()
    description = Bilingual()
    contribution = Bilingual()
    relevance = Bilingual()
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["plan__number", "number"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_commitment_per_plan_and_number"),
            models.CheckConstraint(
                name="commitment_has_a_title",
                condition=~Q(title_es="") | ~Q(title_en=""),
                violation_error_message=_("A commitment needs a title in Spanish or in English."),
            ),
            dates_in_order("commitment_dates_in_order"),
            models.CheckConstraint(name="commitment_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="commitment_in_plan_in_order",
                condition=Q(in_plan_from__isnull=True)
                | Q(in_plan_until__isnull=True)
                | Q(in_plan_from__lte=F("in_plan_until")),
                violation_error_message=_("It cannot leave the plan before it was in it."),
            ),
            models.CheckConstraint(
                name="commitment_in_plan_by_a_norm",
                condition=Q(in_plan_from__isnull=True, in_plan_until__isnull=True, in_plan_norm__isnull=True)
                | Q(in_plan_norm__isnull=False)
                & ~Q(in_plan_place="")
                & (Q(in_plan_from__isnull=False) | Q(in_plan_until__isnull=False)),
                violation_error_message=_(
                    "From or until when it was in the plan is said with the norm that changed it, and the "
                    "place in it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def derive(self):
        super().derive()
        self.code = f"{self.plan.number}-{self.number}"

    @classmethod
    def published_with(cls, way):
        return cls.said(way) & Plan.public(f"{way}plan__")

    def published_along(self):
        """Return its theme and the documents that nobody published yet, its own and of what is part of it."""
        if self.status == Status.PUBLISHED:
            return []
        themes = [self.theme] if self.theme and self.theme.status == Status.DRAFT else []
        return [*themes, *self.letters_within(self, *themes)]

    OF_DRAFT = _("“%(name)s” belongs to a plan that is a draft: it is published with that.")

    NO_PLACE = _("“%(name)s” does not say where in its document it stands.")

    def check_publication(self):
        """Refuse what has no place in its document (rule 6), and to publish it before its plan.

        Nothing would be seen of it.
        """
        super().check_publication()
        if self.plan.status != Status.PUBLISHED:
            raise WriteRefused(self.OF_DRAFT, code="of_draft", params={"name": self.code})
        nowhere = [self] if not self.place else self.milestones.filter(place="")[:1]
        for row in nowhere:
            raise WriteRefused(self.NO_PLACE, code="no_place", params={"name": row.code})

    def clean(self):
        super().clean()
        if self.theme_id and self.plan_id and self.theme.plan_id != self.plan_id:
            raise ValidationError({"theme": _("This theme belongs to another plan.")})

    def get_absolute_url(self):
        return reverse("commitments:commitment-detail", args=[self.code])

    @classmethod
    def named(cls, columns):
        """Return a commitment that knows its name only, of what `with_neighbours()` read; None of None."""
        return columns and cls(**columns | {"unofficial": json.loads(columns["unofficial"])})

    @classmethod
    def has(cls, part):
        """Return the condition that the commitment has a part of a term, or who answers for it has.

        The commitment has it in its own texts, its other titles, its items or its cards; who leads or
        co-leads it, in a spelling of the name.
        """
        return contains(part) | among(commitments_said_to_have, part)

    @classmethod
    def named_by(cls, query):
        """Return the condition that a query names it: 2-10, PE0058, 'compromiso 10 del plan II'."""
        condition = super().named_by(query)
        for pattern in NAMES:
            if found := pattern.fullmatch(fold(clean_query(query))):
                plan, number = found["plan"], int(found["number"])
                plan = int(plan) if plan.isdigit() else PLAN_NUMBERS.get(plan)
                condition |= Q(plan__number=plan, number=number)
        return condition

    # What follows reads the state and the rows that `for_reading(on)` fetched.

    @cached_property
    def shown(self):
        """The assessment that sets the level shown (rule 2), or None."""
        key = self.now and self.now.assessment_id
        return next((card for card in self.assessments_on if card.pk == key), None)

    @cached_property
    def latest_by_author(self):
        """The latest assessment of each author, the latest of all first."""
        return [card for card in self.assessments_on if card.is_latest]

    @property
    def differ(self):
        """Whether the authors' latest levels disagree."""
        return len({card.level for card in self.latest_by_author}) > 1

    @property
    def path(self):
        """All assessments, the earliest first: mid-term, then end-term."""
        return self.assessments_on[::-1]

    @property
    def is_to_come(self):
        """Whether on the day of the reading its plan had not begun, or it was not in it yet (`promised`)."""
        return self.read_on is not None and (self.joins_later or not self.plan.has_begun(self.read_on))

    @property
    def joins_later(self):
        """Whether a norm added it to its plan after the day of the reading."""
        return None not in (self.read_on, self.in_plan_from) and self.in_plan_from > self.read_on

    @property
    def ogp_url(self):
        """The address of the OGP's own page of the commitment; '' without an id there or the setting."""
        return settings.OGP_COMMITMENT_URL.replace("{ogp_id}", self.ogp_id) if self.ogp_id else ""

    @property
    def due_from(self):
        """Where its due date comes from: 'own', 'report', 'plan'; None where no source gives one."""
        return self.now and self.now.due_from or None

    @property
    def shown_level(self):
        """The level of the assessment shown, or None."""
        return self.now and self.now.level

    @property
    def is_silent(self):
        """Whether it is past due, and nobody judged it since, nor says that a milestone is late."""
        spoken_on = self.now and self.now.spoken_on
        return self.is_unknown and (spoken_on is None or spoken_on < self.due_on)

    @cached_property
    def progress(self):
        """What the milestones say, as a Progress; None where the record has no milestones (rule 1)."""
        return self.now and Progress.read({name: getattr(self.now, name) for name in Progress.COUNTED})

    @property
    def counted_progress(self):
        """The `progress`; None also of what is to come, which is in no count (rule 5)."""
        return None if self.is_to_come else self.progress

    @property
    def leads(self):
        """Those who lead, as `leading()`, whoever says so."""
        return self.leading()

    def is_led_by(self, entity, report=None):
        """Tell whether an entity leads or co-leads it, by the plan or any report; as `leading()`."""
        rows = self.responsibilities.all()
        return any(row.entity_id == entity.pk and row.is_leading(report) for row in rows)

    def leading(self, report=None):
        """Return the responsibilities of those who lead, each institution once: leads first, then co-leads.

        With `report` those that the plan or that report names.
        """
        seen = {}
        for row in self.responsibilities.all():
            if row.is_leading(report):
                seen.setdefault(row.entity_id or row.name_as_printed, row)
        return sorted(seen.values(), key=lambda row: Responsibility.LEADING.index(row.role))


# How readers name a commitment in words, and a plan in Roman numbers.
PLAN = r"plan\s+(?P<plan>[ivx]+|\d{1,2})"
NUMBER = r"(?:compromiso|commitment)\s+(?P<number>\d{1,3})"
NAMES = [
    re.compile(rf"{NUMBER},?\s+(?:(?:de|del|of)\s+)?(?:(?:el|the)\s+)?{PLAN}"),
    re.compile(rf"{PLAN},?\s+{NUMBER}"),
]
PLAN_NUMBERS = {roman(number).casefold(): number for number in range(1, 40)}


class CommitmentSource(FurtherSource):
    part_of = "commitment"

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="further_sources"
    )

    class Meta(FurtherSource.Meta):
        ordering = ["commitment", "document", "place", "id"]


class CommitmentTitle(Searchable, Sourced):
    """Another title that a document prints for a commitment."""

    part_of = "commitment"
    search_columns = ("title",)

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="titles"
    )
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=2, choices=Language)

    class Meta:
        ordering = ["commitment", "language", "id"]
        verbose_name = _("other title")
        verbose_name_plural = _("other titles")

    def __str__(self):
        return self.title


class CommitmentItem(Translated, Searchable, Sourced):
    """A final product, an outcome indicator or a footnote of a commitment's record."""

    part_of = "commitment"
    search_columns = ("text",)

    class Kind(models.TextChoices):
        FINAL_PRODUCT = "final_product", _("Final product")
        OUTCOME_INDICATOR = "outcome_indicator", _("Outcome indicator")
        FOOTNOTE = "footnote", _("Footnote")

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="items"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    text_es = models.TextField(_("text in Spanish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)

    text = Bilingual()

    class Meta:
        ordering = ["commitment", "kind", "order", "id"]
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self):
        return str(self.text)[:80]
