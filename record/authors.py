"""Who wrote a draft: what the log knows of that. Who is in no entity is of the secretariat."""

from django.db.models import Exists, OuterRef, Q

from .kinds import by_label, kind_of
from .models.log import Change
from .roles import Role


def written_by_members(model, entities=None):
    """Return the condition that a row was added by a member of one of some entities, or of any.

    A member who is of the secretariat too, or reads all, writes for none.
    """
    return Q(Exists(_added_by_members(model, OuterRef("pk"), entities)))


def is_written_by_members(model, pk, entities=None):
    """Tell the same of one row, which may be gone by now."""
    return _added_by_members(model, pk, entities).exists()


def _added_by_members(model, pk, entities):
    added = Change.objects.filter(model=model._meta.label_lower, object_id=pk)
    whose = {"memberships__isnull": False} if entities is None else {"memberships__entity__in": entities}
    added = added.filter(**{f"entry__by__{lookup}": value for lookup, value in whose.items()})
    stronger = [role.value for role in Role if role is not Role.FOCAL_POINT]
    added = added.exclude(entry__by__groups__name__in=stronger).exclude(entry__by__is_superuser=True)
    return added.filter(action=Change.Action.CREATED)


def is_draft_of_others(user, model, pk):
    """Tell whether a row was added by somebody else; a command is nobody."""
    added = Change.objects.filter(model=model._meta.label_lower, object_id=pk, action=Change.Action.CREATED)
    return added.exclude(entry__by=None).exclude(entry__by=user).exists()


def wrote(user, row):
    """Tell whether a user wrote words of a draft, or of what is published with it."""
    drafts = [row, *row.published_along()]
    condition = Q(pages__model=row._meta.label_lower, pages__object_id=row.pk)
    for each in drafts:
        condition |= Q(model=each._meta.label_lower, object_id=each.pk)
    if not kind_of(type(row)).has_page:
        # The log tells of what is part of a page, not of a row that has none.
        condition |= _of_parts(row)
    changes = Change.objects.filter(condition, entry__by=user, public_at=None).distinct()
    along = {type(each) for each in drafts}
    return any(_is_of_words(change, along) for change in changes)


def _of_parts(row):
    """Return the condition that a change is of what becomes public with a row, as it is part of that."""
    condition = Q(pk__in=[])
    for relation in row._meta.related_objects:
        model = relation.related_model
        if relation.field.name == getattr(model, "part_of", ""):
            parts = model.everything.filter(**{model.part_of: row.pk})
            condition |= Q(model=model._meta.label_lower, object_id__in=parts.values("pk"))
    return condition


def _is_of_words(change, along):
    """Tell whether a change wrote words that are published with rows of some models, not by themselves."""
    kind = by_label().get(change.model)
    if kind is None or (kind.model.publication_column and kind.model not in along):
        return False
    return change.action == Change.Action.CREATED or changes_words(kind.model, change.columns)


def changes_words(model, columns):
    """Tell whether some changed columns say something: whether a row is published or annulled, acts say."""
    return bool(set(columns) - {model.publication_column, "annulled_at"})
