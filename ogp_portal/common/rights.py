"""Who may do what in the admin, beyond Django's permissions for a model.

Staff of the secretariat (SGP) edit what their permissions say. Whoever may change reports may also publish.
A focal point is a user with memberships and without that permission: he edits for his entities only, and
publishes nothing, whatever other permissions he has.
"""


def may_publish(user):
    """Tell whether a user may publish drafts, and so answers for what the public reads."""
    return user.has_perm("plans.change_report")


def is_focal_point(user):
    """Tell whether a user edits for his entities only."""
    return bool(entities_of(user)) and not may_publish(user)


def entities_of(user):
    """Return the pks of the entities that a user is a member of."""
    if not user.is_authenticated:
        return ()
    if not hasattr(user, "_entities"):
        # One request asks many times.
        user._entities = tuple(user.memberships.values_list("entity_id", flat=True))
    return user._entities
