"""Who wrote a draft: what the log knows of that. Who is in no entity is of the secretariat."""

from django.db.models import Exists, OuterRef, Q

from .kinds import by_label
from .models.log import Change
from .roles import Role


def written_by_members(model, entities=None):
    """Return the condition that a row was added by a member of one of some entities, or of any.

    A member who is of the secretariat too, or reads all, writes for none.
    """
    added = Change.objects.filter(model=model._meta.label_lower, object_id=OuterRef("pk"))
    whose = {"memberships__isnull": False} if entities is None else {"memberships__entity__in": entities}
    added = added.filter(**{f"entry__by__{lookup}": value for lookup, value in whose.items()})
    stronger = [role.value for role in Role if role is not Role.FOCAL_POINT]
    added = added.exclude(entry__by__groups__name__in=stronger).exclude(entry__by__is_superuser=True)
    return Q(Exists(added.filter(action=Change.Action.CREATED)))


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
    changes = Change.objects.filter(condition, entry__by=user, public_at=None).distinct()
    along = {type(each) for each in drafts}
    return any(_is_of_words(change, along) for change in changes)


def _is_of_words(change, along):
    """Tell whether a change wrote words that are published with rows of some models, not by themselves."""
    kind = by_label().get(change.model)
    if kind is None or (kind.model.publication_column and kind.model not in along):
        return False
    return change.action == Change.Action.CREATED or changes_words(kind.model, change.columns)


def changes_words(model, columns):
    """Tell whether some changed columns say something: whether a row is published or annulled, acts say."""
    return bool(set(columns) - {model.publication_column, "annulled_at"})
