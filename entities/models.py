"""Who: the institutions of the record, the spellings of their names, and which users may edit for them."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.kinds import Subject
from record.order import Alphabetical, alphabetical
from record.roles import FOCAL_POINTS
from record.search import Searchable, SearchableQuerySet, among, contains
from record.sources import Sourced
from record.text import Bilingual, Language, Translated


class Entity(Translated, Searchable, Alphabetical):
    """An institution, whatever it is called in a document (its spellings are `names`)."""

    class Kind(models.TextChoices):
        PRESIDENCY = "presidency", _("Presidency of the Council of Ministers")
        MINISTRY = "ministry", _("Ministry")
        EXECUTIVE_BODY = "executive_body", _("Body of the executive branch")
        AUTONOMOUS = "autonomous", _("Constitutionally autonomous body")
        JUDICIAL = "judicial", _("Judicial branch")
        LEGISLATIVE = "legislative", _("Legislative branch")
        REGIONAL_GOVERNMENT = "regional_government", _("Regional government")
        LOCAL_GOVERNMENT = "local_government", _("Local government")
        MULTI_STAKEHOLDER = "multi_stakeholder", _("Multi-stakeholder body")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        ACADEMIA = "academia", _("Academia")
        PRIVATE_SECTOR = "private_sector", _("Private sector")
        COOPERATION = "cooperation", _("International cooperation")
        OTHER = "other", _("Other")

    search_columns = ("name", "acronym")
    search_identifiers = ("acronym",)
    ordered_by = "name"

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=250)
    name_en = models.CharField(_("name in English"), max_length=250, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("attached to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("Only where a source states it."),
    )
    succeeded_by = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
    )
    website = models.URLField(_("website"), blank=True)

    name = Bilingual()
    objects = SearchableQuerySet.as_manager()

    class Meta:
        ordering = ["spanish_order", "id"]
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        constraints = [
            models.CheckConstraint(
                name="entity_is_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                violation_error_message=_("An entity cannot be attached to itself."),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.acronym})" if self.acronym else str(self.name)

    def get_absolute_url(self):
        return reverse("entities:entity-detail", args=[self.slug])

    @classmethod
    def reading_order(cls):
        return [alphabetical(), "id"]

    @classmethod
    def has(cls, part):
        """Return the condition that the entity, or one spelling of its name, has a part of a term."""
        return contains(part) | among(entities_spelled_with, part)


def entities_spelled_with(part):
    """Return the keys of the entities of which a spelling has a part of a term."""
    return EntityName.objects.filter(contains(part)).order_by().values("entity")


class EntityName(Searchable, Sourced):
    """One spelling of an institution's name in one document."""

    part_of = "entity"
    search_columns = ("spelling",)

    entity = models.ForeignKey(
        Entity, verbose_name=_("entity"), on_delete=models.CASCADE, related_name="names"
    )
    spelling = models.CharField(_("spelling"), max_length=300)
    language = models.CharField(_("language"), max_length=2, choices=Language)

    class Meta:
        ordering = ["entity", "language", "spelling", "id"]
        verbose_name = _("name of an entity")
        verbose_name_plural = _("names of entities")
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "spelling", "document"], name="one_spelling_per_entity_and_document"
            )
        ]

    def __str__(self):
        return self.spelling


class Membership(models.Model):
    """The right of a user to report for an entity (its focal point)."""

    # Its line in the table of who may do what.
    subject = Subject.ACCOUNTS

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="memberships"
    )
    entity = models.ForeignKey(
        Entity, verbose_name=_("entity"), on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "entity"], name="one_membership_per_user_and_entity")
        ]

    def __str__(self):
        return f"{self.user} – {self.entity}"

    def save(self, *args, **kwargs):
        """Save the membership; its user is a focal point from now on, also when it is taken from him."""
        super().save(*args, **kwargs)
        self.user.groups.add(Group.objects.get_or_create(name=FOCAL_POINTS)[0])
