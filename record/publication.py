"""Whether the public sees a row: each model says it once, in `public()`, and everybody asks there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cleaning import clean


class Status(models.TextChoices):
    """What a row that is published by itself is."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class PublicQuerySet(models.QuerySet):
    def published(self):
        """Keep the rows that the public may see: every public page, the API and the files read these only."""
        return self.filter(self.model.public())

    def in_reading_order(self):
        """Order the rows as pages list them; the API's lists have the order of the model."""
        return self.order_by(*self.model.reading_order())


class Public(models.Model):
    """A row that the public may see: always, or with the row that it is part of, or as its model says.

    `part_of` names the column of the row that it is part of.
    """

    part_of = ""

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def public(cls, way=""):
        """Return the condition that the public may see a row.

        `way` leads to it from another model, such as 'commitment__'. Only `=` and `isnull` may stand in it:
        `is_public` reads it too.
        """
        return cls._as_owner("public", way)

    @classmethod
    def said(cls, way=""):
        """Return the condition that a row was published, and so changes only with a reason (rule 3).

        That holds also while what it belongs to is a draft again.
        """
        return cls._as_owner("said", way) if cls.part_of else cls.public(way)

    @classmethod
    def _as_owner(cls, question, way):
        if not cls.part_of:
            return Q()
        owner = cls._meta.get_field(cls.part_of).related_model
        return getattr(owner, question)(f"{way}{cls.part_of}__")

    @classmethod
    def reading_order(cls):
        """Return the order in which people read the rows: as the model's, the newest plan first."""
        first, *others = cls._meta.ordering
        is_by_plan = isinstance(first, str) and first.endswith("plan__number")
        return [f"-{first}" if is_by_plan else first, *others]

    def doubts(self):
        """Return what the row says against itself, in words; loading lists that, and loads the row."""
        return []

    @property
    def is_public(self):
        """Whether the public may see this row, as it stands in memory, with the rows that it names."""
        return holds(self.public(), self)

    def save(self, *args, **kwargs):
        """Save the row with its texts clean, whatever way they came (rule 11), and with what follows."""
        clean_texts(self)
        self.derive()
        super().save(*args, **kwargs)

    def derive(self):
        """Write the columns that follow from the texts of the row, which are clean by now."""


def clean_texts(row):
    """Clean the texts of a row in memory: those that people write, not what the portal derives from them."""
    for field in row._meta.concrete_fields:
        # A column that was not read has no value here, and is not saved.
        value = row.__dict__.get(field.attname)
        if field.editable and isinstance(value, str) and (text := clean(value)) != value:
            setattr(row, field.attname, text)


def needs_reason(row):
    """Tell whether a row, as it is stored, changes only with a reason. What has no drafts does without."""
    condition = type(row).said()
    return bool(condition) and type(row)._default_manager.filter(condition, pk=row.pk).exists()


def other_end(model, name):
    """Return all rows at the other end of a relation, by its name: a model need not know who points to it."""
    return model._meta.get_field(name).related_model._default_manager.all()


def holds(condition, row):
    """Tell whether a condition of `public()` holds of a row: the reading of it without a database."""
    results = (
        holds(part, row) if isinstance(part, Q) else _compare(row, *part) for part in condition.children
    )
    result = any(results) if condition.connector == Q.OR and condition.children else all(results)
    return result != condition.negated


def _compare(row, lookup, wanted):
    *way, last = lookup.split("__")
    asks_for_null = last == "isnull"
    for name in way if asks_for_null else (*way, last):
        row = getattr(row, name, None)
    if asks_for_null or wanted is None:
        return (row is None) == (wanted is None or wanted)
    return row == wanted
