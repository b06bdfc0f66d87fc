"""Whether the public sees a row: each model says it once, in `public()`, and everybody asks there.

Rows are written inside `writing()` only (`record/writing.py`), whatever way they are written.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from .cleaning import clean
from .writing import NotWriting, required

_reads_annulled = ContextVar("reads_annulled", default=False)
_behind_a_notice = ContextVar("behind_a_notice", default=())


class Status(models.TextChoices):
    """What a row that is published by itself is. Annulled it may be beside that: `Public.annulled_at`."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class StandingManager(models.Manager):
    """Reads the rows that were not annulled: so do the other ends of relations, lists, counts and choices."""

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if _reads_annulled.get() else rows.filter(self.model.standing())

    def everything(self):
        """Return the annulled rows too."""
        with reading_annulled():
            return self.get_queryset()


@contextmanager
def reading_annulled():
    """Let Django's own checks find the annulled rows too: their keys are taken."""
    token = _reads_annulled.set(True)
    try:
        yield
    finally:
        _reads_annulled.reset(token)


@contextmanager
def behind_a_notice(*rows):
    """Read some annulled rows as though they stood: for their own addresses, that keep their words.

    Whatever is read inside says what it said before they were annulled, other annulled rows apart.
    """
    token = _behind_a_notice.set(rows)
    try:
        yield
    finally:
        _behind_a_notice.reset(token)


class PublicQuerySet(models.QuerySet):
    @classmethod
    def as_manager(cls):
        manager = StandingManager.from_queryset(cls)()
        manager._built_with_as_manager = True
        return manager

    as_manager.queryset_only = True

    def published(self):
        """Keep the rows that the public may see: every public page, the API and the files read these only."""
        return self.filter(self.model.public())

    def readable(self):
        """Keep the rows whose words the public may read, behind a notice where they are annulled."""
        return self.filter(self.model.readable())

    def said(self):
        """Keep the rows that were published themselves, where those that they belong to are known to be."""
        return self.filter(self.model.said())

    def in_reading_order(self):
        """Order the rows as pages list them; the API's lists have the order of the model."""
        return self.order_by(*self.model.reading_order())

    # Inside `writing()` only.

    def update(self, **columns):
        label = self.model._meta.label
        this = required(f"{label}: update()")
        derived = [each.name for each in self.model._meta.concrete_fields if not each.editable]
        if this.act != "load" and (wrong := {*derived} & {*columns} - {"annulled_at"}):
            raise NotWriting(f"{label}: update() of {', '.join(wrong)}, which follows from other columns")
        pks = list(self.order_by().values_list("pk", flat=True))
        if not pks:
            # The database would be asked to write and nobody would be touched.
            return 0
        this.touch(self.model, pks)
        with this.letting_pass(self.model):
            # No others, which somebody else may have made such meanwhile.
            return super(PublicQuerySet, self.filter(pk__in=pks)).update(**columns)

    update.alters_data = True

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, **kwargs):
        label = self.model._meta.label
        this = required(f"{label}: bulk_create()")
        if ignore_conflicts or update_conflicts:
            raise NotWriting(f"{label}: bulk_create() where only the database knows what becomes of a row")
        objs = list(objs)
        this.touch(self.model, [row.pk for row in objs])
        with this.letting_pass(self.model):
            created = super().bulk_create(objs, batch_size, **kwargs)
        this.created(self.model, [row.pk for row in created])
        return created

    def _raw_delete(self, using):
        required(f"{self.model._meta.label}: delete").touch(
            self.model, list(self.order_by().values_list("pk", flat=True))
        )
        return super()._raw_delete(using)


class Public(models.Model):
    """A row that the public may see: always, or with the row that it is part of, or as its model says.

    `part_of` names the column of the row that it is part of. `belongs_to` names the columns of the rows on
    whose pages it is seen; without them it is that one.

    A row that stands names none that was annulled, but for those that it goes with: the writer sees to it.
    """

    part_of = ""
    belongs_to = ()
    # The column, of `Status`, that publishes the row; '' where it is public with what it is part of.
    publication_column = ""
    # The columns that may name a row that was annulled.
    may_name_annulled = ()

    annulled_at = models.DateTimeField(_("annulled at"), null=True, blank=True, editable=False)

    objects = PublicQuerySet.as_manager()
    # Also the annulled ones, and where Django itself looks for rows, such as for those of a deleted one.
    everything = models.Manager.from_queryset(PublicQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "everything"

    @classmethod
    def public(cls, way=""):
        """Return the condition that the public may see a row, in lists and counts too.

        `way` leads to it from another model, such as 'commitment__'. Only `=` and `isnull` may stand in it:
        `is_public` reads it too.
        """
        return cls.standing(way) & cls.published_with(way)

    @classmethod
    def standing(cls, way=""):
        """Return the condition that a row was not annulled itself, whatever it belongs to."""
        condition = Q(**{f"{way}annulled_at__isnull": True})
        for row in _behind_a_notice.get():
            if type(row) is cls:
                condition |= Q(**{f"{way}pk": row.pk})
        return condition

    @classmethod
    def published_with(cls, way):
        """Return the condition that a row that is not annulled may be seen: here each model says its own."""
        return cls._as_owner("public", way)

    @classmethod
    def naming_columns(cls):
        """Return the columns that name rows of the record which must stand as long as this row does.

        Not those of the rows that it goes with: once they are annulled, the public does not see it either.
        """
        with behind_a_notice():
            goes_with = set(leaves(cls.public()))
        return [
            each.name
            for each in cls._meta.concrete_fields
            if each.is_relation
            and issubclass(each.related_model, Public)
            and each.name not in cls.may_name_annulled
            and f"{each.name}__annulled_at__isnull" not in goes_with
        ]

    @classmethod
    def naming_annulled(cls):
        """Return the condition that a row names one that was annulled and has to stand."""
        found = Q(pk__in=[])
        for column in cls.naming_columns():
            found |= Q(**{f"{column}__annulled_at__isnull": False})
        return found

    @classmethod
    def naming_draft(cls):
        """Return the condition that a row names a draft that it must not, once it is public itself."""
        return Q(pk__in=[])

    @classmethod
    def readable(cls, way=""):
        """Return the condition that the public may read a row at its address, also after it was annulled."""
        with behind_a_notice():
            return without_annulment(cls.public(way))

    @classmethod
    def said(cls, way=""):
        """Return the condition that a row was published, and so changes only with a reason (rule 3).

        That holds also while what it belongs to is a draft, and after it was annulled.
        """
        if cls.publication_column:
            return Q(**{f"{way}{cls.publication_column}": Status.PUBLISHED})
        return cls._as_owner("said", way) if cls.part_of else cls.readable(way)

    @classmethod
    def _as_owner(cls, question, way):
        return cls._of(cls.part_of, question, way) if cls.part_of else Q()

    @classmethod
    def _of(cls, column, question, way):
        """Return a condition of the row that a column names: 'public', 'said' or 'standing'."""
        return getattr(cls._meta.get_field(column).related_model, question)(f"{way}{column}__")

    @classmethod
    def reading_order(cls):
        """Return the order in which people read the rows: as the model's, the newest plan first."""
        first, *others = cls._meta.ordering
        is_by_plan = isinstance(first, str) and first.endswith("plan__number")
        return [f"-{first}" if is_by_plan else first, *others]

    def check_change(self, columns, source):
        """Raise WriteRefused where a row that was published may not change so; `self` has the new values.

        `columns` has [before, after] of what changed, `source` says where the right words stand.
        """

    def check_said(self):
        """Raise WriteRefused where this row, which is published, may not stand as it is; whoever wrote it."""

    def published_along(self):
        """Return the drafts that are published with this draft, in the same entry."""
        return []

    def check_publication(self):
        """Raise WriteRefused where this draft may not be published, whoever asks."""

    def doubts(self):
        """Return what the row says against itself, in words; loading lists that, and loads the row."""
        return []

    @property
    def is_public(self):
        """Whether the public may see this row, as it stands in memory, with the rows that it names."""
        return holds(self.public(), self)

    @property
    def is_annulled(self):
        return self.annulled_at is not None

    def rows_naming_it(self):
        """Yield querysets of the rows that stand and name this one, which therefore has to stand."""
        for relation in self._meta.get_fields(include_hidden=True):
            model = relation.related_model
            if not relation.one_to_many or not issubclass(model, Public):
                continue
            column = relation.field.name
            if column in model.naming_columns():
                yield model.everything.filter(model.standing(), **{column: self.pk})

    def _get_FIELD_display(self, field):
        # `get_<name>_display()` of Django makes a dict of all choices for each row that it is asked of.
        value = getattr(self, field.attname)
        return force_str(words_of_choices(field).get(value, value), strings_only=True)

    def save(self, *args, **kwargs):
        """Save the row with its texts clean, whatever way they came (rule 11), and with what follows."""
        clean_texts(self)
        self.derive()
        super().save(*args, **kwargs)

    def save_base(self, *args, **kwargs):
        """Save the row inside of `writing()`; raise NotWriting elsewhere."""
        model = type(self)._meta.concrete_model
        this = required(f"{model._meta.label}.save()")
        if not kwargs.get("force_insert"):
            this.touch(model, [self.pk])
        with this.letting_pass(model):
            super().save_base(*args, **kwargs)
        this.created(model, [self.pk])

    def validate_unique(self, exclude=None):
        with reading_annulled():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude=None):
        with reading_annulled():
            super().validate_constraints(exclude)

    def derive(self):
        """Write the columns that follow from the texts of the row, which are clean by now."""


def clean_texts(row):
    """Clean the texts of a row in memory: those that people write, not what the portal derives from them."""
    for field in row._meta.concrete_fields:
        # A column that was not read has no value here, and is not saved.
        value = row.__dict__.get(field.attname)
        if field.editable and isinstance(value, str) and (text := clean(value)) != value:
            setattr(row, field.attname, text)


@cache
def words_of_choices(column):
    """Return {value: its words} of the choices of a column."""
    return dict(column.flatchoices)


def needs_reason(row):
    """Tell whether a row, as it is stored, changes only with a reason."""
    return type(row)._base_manager.filter(type(row).said(), pk=row.pk).exists()


def leaves(condition):
    """Yield the lookups of a condition."""
    for part in condition.children:
        yield from leaves(part) if isinstance(part, Q) else [part[0]]


def without_annulment(condition):
    """Return a condition of `public()` that does not ask whether rows were annulled."""
    kept = [
        without_annulment(part) if isinstance(part, Q) else part
        for part in condition.children
        if isinstance(part, Q) or not part[0].endswith("annulled_at__isnull")
    ]
    kept = [part for part in kept if part]
    if condition.connector == Q.OR and len(kept) < len(condition.children):
        # One of several that would do asks for nothing any more: so all of them do not.
        return Q()
    return Q(*kept, _connector=condition.connector, _negated=condition.negated)


def other_end(model, name):
    """Return all rows at the other end of a relation, by its name: a model need not know who points to it."""
    return model._meta.get_field(name).related_model._default_manager.all()


def standing_along(model, way):
    """Return the condition that no row on a way of relations from a model was annulled: what joins need.

    As 'commitments__milestones'. The other end of a relation (`plan.commitments`) leaves annulled rows out by
    itself, a way inside filter() or annotate() does not.
    """
    condition, passed = Q(), ""
    for name in way.split("__"):
        model = model._meta.get_field(name).related_model
        passed += f"{name}__"
        condition &= model.standing(passed)
    return condition


def with_any(model, name):
    """Return the condition that a row of a model has a public one at the other end of a relation."""
    relation = model._meta.get_field(name)
    others = other_end(model, name).published()
    return Exists(others.filter(**{relation.remote_field.name: OuterRef("pk")}))


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
