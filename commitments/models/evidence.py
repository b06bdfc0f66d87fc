"""Evidence: a link that proves something."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from record.publication import Status, holds
from record.sources import Sourced
from record.text import Bilingual, Translated
from record.writing import WriteRefused

from .assessment import Assessment
from .commitment import Commitment
from .milestone import Milestone, Update

_validate_url = URLValidator(schemes=["http", "https"])


def complete_url(address):
    """Return a printed address as a link: sources print some without their http://."""
    return address if "://" in address else f"http://{address}"


def validate_address(address):
    """Raise ValidationError unless an address leads to a web page, with or without its http://."""
    _validate_url(complete_url(address))


# What evidence may prove, by the name of its column.
OWNERS = {"milestone": Milestone, "update": Update, "assessment": Assessment, "commitment": Commitment}


def exactly_one_owner():
    """Return the condition that exactly one of the four owners is set."""
    condition = Q()
    for owner in OWNERS:
        condition |= Q(**{f"{other}__isnull": other != owner for other in OWNERS})
    return condition


class Evidence(Translated, Sourced):
    """A link that proves a milestone, an update, an assessment or a commitment.

    It is published by itself; that of an update with the update.
    """

    belongs_to = tuple(OWNERS)
    publication_column = "status"

    code = models.CharField(
        _("code"),
        max_length=120,
        unique=True,
        help_text=_("Its owner's identifier, -e and a number: 2-2-1-u2-e1"),
    )
    milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("milestone"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    update = models.ForeignKey(
        Update,
        verbose_name=_("update"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    assessment = models.ForeignKey(
        Assessment,
        verbose_name=_("assessment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    commitment = models.ForeignKey(
        Commitment,
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    url = models.CharField(
        _("address"), max_length=1000, validators=[validate_address], help_text=_("As the source prints it.")
    )
    title_es = models.CharField(_("title in Spanish"), max_length=500, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)

    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    title = Bilingual()

    class Meta:
        ordering = ["code"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                name="evidence_of_exactly_one",
                condition=exactly_one_owner(),
                violation_error_message=_(
                    "Evidence belongs to exactly one milestone, update, assessment or commitment."
                ),
            ),
            models.CheckConstraint(name="evidence_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return str(self.title) or self.url

    @classmethod
    def published_with(cls, way):
        condition = Q()
        for owner, model in OWNERS.items():
            condition |= Q(**{f"{way}{owner}__isnull": False}) & model.public(f"{way}{owner}__")
        return cls.said(way) & condition

    def check_publication(self):
        """Refuse evidence of a draft: it is published with that one."""
        super().check_publication()
        if self.update_id and not holds(Update.said(), self.update):
            raise WriteRefused(
                _("“%(name)s” is published with its update, “%(owner)s”."),
                code="goes_with_its_update",
                params={"name": self.code, "owner": self.update.code},
            )

    @property
    def href(self):
        """The address as a link."""
        return complete_url(self.url)


def read_evidence(owners):
    """Give some rows, of any kinds that evidence may prove, their published `evidence`, in one query."""
    by_owner = {}
    for name, model in OWNERS.items():
        by_owner |= {(f"{name}_id", row.pk): row for row in owners if isinstance(row, model)}
    condition = Q()
    for column in dict.fromkeys(column for column, _pk in by_owner):
        condition |= Q(**{f"{column}__in": [pk for other, pk in by_owner if other == column]})
    found = {key: [] for key in by_owner}
    for row in Evidence.objects.said().filter(condition) if by_owner else ():
        key = next(key for name in OWNERS if (key := (f"{name}_id", getattr(row, f"{name}_id")))[1])
        found[key].append(row)
    for key, row in by_owner.items():
        # What `row.evidence.all()` gives, as after prefetch_related().
        known = row.evidence.all()
        known._result_cache, known._prefetch_done = found[key], True
        vars(row).setdefault("_prefetched_objects_cache", {})["evidence"] = known
