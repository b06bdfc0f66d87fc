"""Who may do what: asked here by the admin, by imports and exports, and by whatever shows what is not public.

Staff of the secretariat (SGP) do what their permissions say. Whoever may change reports may also publish. A
focal point edits for his entities only and publishes nothing, whatever other permissions he has; the table of
kinds says what. He stays one when his entities are taken from him, and then may do nothing.
"""

from django.contrib.auth import get_permission_codename

from .kinds import kind_of

# Whoever was made a member of an entity is in this group, until someone takes him out of it.
FOCAL_POINTS = "focal points"


def may(user, action, row):
    """Tell whether a user may do something with a row or, of its model, with any row at all.

    `action` is 'view', 'add', 'change', 'delete', 'import', 'export' or 'publish'.
    """
    match action:
        case "publish":
            return may_publish(user)
        case "import":
            return may(user, "add", row) and may(user, "change", row)
        case "export":
            action = "view"
    is_row = not isinstance(row, type)
    model = type(row) if is_row else row
    is_stored = is_row and row.pk is not None
    kind = kind_of(model)
    writes_stored = is_stored and action in ("change", "delete")
    if writes_stored and is_settled(row, kind.settled):
        return False
    if not is_focal_point(user):
        # As Django's admin: whoever may change may view.
        actions = ("view", "change") if action == "view" else (action,)
        names = (get_permission_codename(each, model._meta) for each in actions)
        return any(user.has_perm(f"{model._meta.app_label}.{name}") for name in names)
    if action not in kind.focal_point_may or not entities_of(user):
        return False
    if writes_stored and is_settled(row, kind.settled_for_focal_points):
        return False
    return not is_stored or is_visible_to(user, row)


def visible_to(user, rows):
    """Keep the rows of a queryset that a user may see: a focal point's own, everyone else's are all.

    Whether he may see any at all is for `may(user, "view", model)` to say.
    """
    if not is_focal_point(user):
        return rows
    kind, entities = kind_of(rows.model), entities_of(user)
    if not entities or not kind.focal_point_may:
        return rows.none()
    return rows.filter(kind.of_entities(entities))


def is_visible_to(user, row):
    """Tell whether a row is among those that a user may see; of a focal point's, it is stored."""
    return not is_focal_point(user) or visible_to(user, type(row)._default_manager.filter(pk=row.pk)).exists()


def is_settled(row, condition):
    """Tell whether a row, as it is stored, stays as it is by a condition of its kind."""
    return condition is not None and type(row)._default_manager.filter(condition, pk=row.pk).exists()


def may_publish(user):
    """Tell whether a user may publish drafts, and so answers for what the public reads."""
    return user.has_perm("plans.change_report")


def is_focal_point(user):
    """Tell whether a user edits for his entities only, or did and has none any more."""
    if not user.is_authenticated or may_publish(user):
        return False
    if not hasattr(user, "_is_focal_point"):
        # One request asks many times.
        user._is_focal_point = bool(entities_of(user)) or user.groups.filter(name=FOCAL_POINTS).exists()
    return user._is_focal_point


def entities_of(user):
    """Return the pks of the entities that a user is a member of."""
    if not user.is_authenticated:
        return ()
    if not hasattr(user, "_entities"):
        user._entities = tuple(user.memberships.values_list("entity_id", flat=True))
    return user._entities
