"""Who leads a commitment, and who answers for a milestone: asked here only, by SQL and in Python alike."""

from collections import defaultdict

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from entities.models import Entity, EntityName
from plans.models import Report
from record.publication import PublicQuerySet, holds
from record.search import Searchable, contains
from record.sources import Sourced
from record.text import Bilingual, Translated


class ResponsibilityQuerySet(PublicQuerySet):
    def stated(self, report=None):
        """Keep what the plan and its public reports state; with `report`, the plan and that report alone."""
        rows = self.filter(Responsibility.stated())
        return rows if report is None else rows.filter(Q(report=None) | Q(report=report))

    def leading(self, report=None):
        """Keep those who lead or co-lead, as `stated()`."""
        return self.stated(report).filter(Responsibility.in_lead())

    def named_as(self, part):
        """Keep those that have a part of a search in the printed name, or in any name of their entity."""
        spelled = EntityName.objects.filter(contains(part)).values("entity")
        return self.filter(contains(part) | contains(part, "entity__search_text") | Q(entity__in=spelled))


class Responsibility(Translated, Searchable, Sourced):
    """What an institution has to do with a commitment, as the plan or one of its reports prints it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Leads")
        CO_LEAD = "co_lead", _("Co-leads")
        SUPPORT = "support", _("Supports")
        STAKEHOLDER = "stakeholder", _("Stakeholder")
        MONITORING = "monitoring", _("Monitors")

    LEADING = (Role.LEAD, Role.CO_LEAD)

    belongs_to = ("commitment", "report", "entity")
    search_columns = ("name_as_printed",)

    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        related_name="responsibilities",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    entity = models.ForeignKey(
        Entity,
        verbose_name=_("entity"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responsibilities",
        help_text=_("Empty where the printed name is of no single institution."),
    )
    name_as_printed = models.CharField(_("name as printed"), max_length=500, blank=True)
    unit_es = models.CharField(_("unit in Spanish"), max_length=300, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=300, blank=True)
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responsibilities",
        help_text=_("The report that says so; empty where it is the plan itself."),
    )

    unit = Bilingual()
    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        ordering = ["commitment", F("report__cutoff_on").asc(nulls_first=True), "role", "order", "id"]
        verbose_name = _("responsible")
        verbose_name_plural = _("responsible entities")
        constraints = [
            models.CheckConstraint(
                name="responsibility_names_somebody",
                condition=Q(entity__isnull=False) | ~Q(name_as_printed=""),
                violation_error_message=_("Name an entity, or write its name as printed."),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.entity or self.name_as_printed}"

    @classmethod
    def published_with(cls, way):
        return cls._of("commitment", "public", way) & Report.none_or_public(f"{way}report__")

    @classmethod
    def said(cls, way=""):
        return cls._of("commitment", "said", way)

    @classmethod
    def stated(cls):
        """Return the condition that the plan states it, or a report that was published."""
        return Q(report__isnull=True) | Report.said("report__") & Report.standing("report__")

    @classmethod
    def in_lead(cls, way=""):
        """Return the condition that it is one of those who lead or co-lead."""
        return Q(**{f"{way}role__in": cls.LEADING})

    def is_leading(self, report=None):
        """Tell whether it is a stated lead or co-lead; with `report`, as the plan or that report names it."""
        if self.role not in self.LEADING:
            return False
        if self.report_id is None:
            return True
        return holds(self.stated(), self) if report is None else self.report_id == report.pk


class MilestoneResponsible(Translated, Sourced):
    """A unit that answers for a milestone."""

    part_of = "milestone"
    belongs_to = ("milestone", "entity")

    milestone = models.ForeignKey(
        "commitments.Milestone",
        verbose_name=_("milestone"),
        on_delete=models.CASCADE,
        related_name="responsible",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    entity = models.ForeignKey(
        Entity,
        verbose_name=_("entity"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestone_responsibilities",
    )
    unit_es = models.CharField(_("unit in Spanish"), max_length=300, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=300, blank=True)
    name_as_printed = models.CharField(_("name as printed"), max_length=500, blank=True)

    unit = Bilingual()

    class Meta:
        ordering = ["milestone", "order", "id"]
        verbose_name = _("responsible unit")
        verbose_name_plural = _("responsible units")
        constraints = [
            models.CheckConstraint(
                name="milestone_responsible_names_somebody",
                condition=Q(entity__isnull=False) | ~Q(unit_es="") | ~Q(unit_en="") | ~Q(name_as_printed=""),
                violation_error_message=_("Name an entity or a unit."),
            ),
        ]

    def __str__(self):
        return str(self.unit or self.entity or self.name_as_printed)


def answered_by(entities):
    """Return the condition that one of some entities answers for a milestone.

    That is a responsible entity of the milestone or, where it names none, whoever leads or co-leads its
    commitment. `Answering` is the same in Python.
    """
    named = MilestoneResponsible.objects.filter(milestone=OuterRef("pk"), entity__isnull=False)
    leads = Responsibility.objects.leading().filter(commitment=OuterRef("commitment"), entity__in=entities)
    return Exists(named.filter(entity__in=entities)) | (~Exists(named) & Exists(leads))


class Answering:
    """Who answers for each of some milestones, by the rule of `answered_by()`, read in two queries.

    `named` has, by the key of a milestone, the entities that it names, and `leads`, by that of a commitment,
    who leads it: keys of entities, or printed names, each once and in their order.
    """

    def __init__(self, milestones):
        milestones = milestones.order_by()
        self.named, self.leads = defaultdict(dict), defaultdict(dict)
        rows = MilestoneResponsible.objects.filter(milestone__in=milestones, entity__isnull=False)
        for milestone, entity in rows.order_by("order", "pk").values_list("milestone", "entity"):
            self.named[milestone][entity] = True
        rows = Responsibility.objects.leading().filter(commitment__in=milestones.values("commitment"))
        first = F("report__cutoff_on").asc(nulls_first=True)
        for commitment, entity, name in rows.order_by(first, "role", "order", "pk").values_list(
            "commitment", "entity", "name_as_printed"
        ):
            self.leads[commitment][entity or name] = True

    def of(self, milestone, commitment):
        """Return who answers for a milestone of a commitment, by their keys; [] where nobody is named."""
        return list(self.named.get(milestone) or self.leads.get(commitment) or ())

    def everybody(self):
        """Return the set of all who answer for a milestone, or lead its commitment, by their keys."""
        return set().union(*self.named.values(), *self.leads.values())
