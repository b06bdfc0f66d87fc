"""Whether the public sees a row: each model says it once, in `public()`, and everybody asks there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .derived import Derived


class Status(models.TextChoices):
    """What a row that is published by itself is."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class PublicQuerySet(models.QuerySet):
    def published(self):
        """Keep the rows that the public may see: every public page, the API and the files read these only."""
        return self.filter(self.model.public())


class Public(Derived):
    """A row that the public may see, always unless its model says otherwise."""

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def public(cls, way=""):
        """Return the condition that the public may see a row.

        `way` leads to it from another model, such as 'commitment__'. Only `=` and `isnull` may stand in it:
        `is_public` reads it too.
        """
        return Q()

    def doubts(self):
        """Return what the row says against itself, in words; loading lists that, and loads the row."""
        return []

    @property
    def is_public(self):
        """Whether the public may see this row, as it stands in memory, with the rows that it names."""
        return holds(self.public(), self)


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
