"""Evidence: a link or a file that proves something."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.publication import Status, holds
from record.sources import Sourced
from record.text import Bilingual, Translated
from record.writing import WriteRefused

from ..file_kinds import FileKind
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


def link_or_file():
    """Return the condition that there is a link, or a file with all that tells it, or what is left of one."""
    no_file = Q(file="", file_name="", file_kind="", file_size__isnull=True, sha256="")
    is_told = ~Q(file_kind="") & Q(file_size__isnull=False, file_size__gt=0) & ~Q(sha256="")
    is_there = ~Q(file="") & ~Q(file_name="")
    return (~Q(url="") & no_file) | (Q(url="") & is_told & (is_there | Q(file="", file_name="")))


class Evidence(Translated, Sourced):
    """A link or a file that proves a milestone, an update, an assessment or a commitment.

    It is published by itself; that of an update with the update. A file that was published stays, or is taken
    away for the personal data in it; then its kind, size and SHA-256 stay.
    """

    FILE_STAYS = _("A published file stays as it is. Add another one, and annul this one with the reason.")

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
        _("address"),
        max_length=1000,
        blank=True,
        validators=[validate_address],
        help_text=_("As the source prints it."),
    )
    # Where the portal keeps it, below EVIDENCE_DIR. It says no word of anybody, and the log has it not.
    file = models.CharField(_("place of the file"), max_length=110, blank=True, editable=False)
    file_name = models.CharField(_("name of the file"), max_length=150, blank=True)
    file_kind = models.CharField(_("kind of the file"), max_length=4, blank=True, choices=FileKind)
    file_size = models.PositiveIntegerField(_("size of the file in bytes"), null=True, blank=True)
    # No words, in which people might look for personal data.
    sha256 = models.SlugField("SHA-256", max_length=64, blank=True, db_index=False)
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
            models.CheckConstraint(
                name="evidence_link_or_file",
                condition=link_or_file(),
                violation_error_message=_("Evidence is a link or a file: one of them, and not both."),
            ),
        ]

    def __str__(self):
        return str(self.title) or self.url or self.file_name or str(_("A file that was taken away"))

    @classmethod
    def published_with(cls, way):
        condition = Q()
        for owner, model in OWNERS.items():
            condition |= Q(**{f"{way}{owner}__isnull": False}) & model.public(f"{way}{owner}__")
        return cls.said(way) & condition

    def published_along(self):
        """Return the letter that names it, where that was not published yet."""
        return [] if self.status == Status.PUBLISHED else self.letters_of(self)

    def clean(self):
        """Refuse a file without bytes, such as of an earlier version, and evidence of what waits for SGP."""
        super().clean()
        if self.sha256 and f"/{self.sha256}-" not in self.file and (self.file or self._state.adding):
            raise ValidationError(_("The portal does not have this file any more."), code="no_file")
        if self.update_id and self.update.workflow == Update.Workflow.SUBMITTED:
            raise ValidationError({"update": Update.WAITS})

    def check_change(self, columns, source):
        """Refuse another file, or another link for a file, where the public reads it (rule 3)."""
        super().check_change(columns, source)
        if any(name in columns for name in ("file_name", "file_kind", "file_size", "sha256")):
            raise WriteRefused(self.FILE_STAYS, code="file_stays")

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
    def is_file(self):
        """Whether it is a file, or was one before that was taken away."""
        return bool(self.sha256)

    @property
    def has_file(self):
        return bool(self.file)

    @property
    def href(self):
        """The address as a link: of a file that of its download, '' where that was taken away."""
        if self.is_file:
            return self.download_address() if self.has_file else ""
        return complete_url(self.url)

    def download_address(self):
        """Return the address at which the public gets the file."""
        return reverse("evidence-file", args=[self.code])

    @property
    def check_of_link(self):
        """What came of visiting its link as it is now, read with `link_check`; None where nobody did."""
        found = getattr(self, "link_check", None)
        return found if found and found.url == self.url else None


def read_evidence(owners):
    """Give some rows, of any kinds that evidence may prove, their published `evidence`, in one query."""
    by_owner = {}
    for name, model in OWNERS.items():
        by_owner |= {(f"{name}_id", row.pk): row for row in owners if isinstance(row, model)}
    condition = Q()
    for column in dict.fromkeys(column for column, _pk in by_owner):
        condition |= Q(**{f"{column}__in": [pk for other, pk in by_owner if other == column]})
    found = {key: [] for key in by_owner}
    for row in Evidence.objects.said().select_related("link_check").filter(condition) if by_owner else ():
        key = next(key for name in OWNERS if (key := (f"{name}_id", getattr(row, f"{name}_id")))[1])
        found[key].append(row)
    for key, row in by_owner.items():
        # What `row.evidence.all()` gives, as after prefetch_related().
        known = row.evidence.all()
        known._result_cache, known._prefetch_done = found[key], True
        vars(row).setdefault("_prefetched_objects_cache", {})["evidence"] = known
