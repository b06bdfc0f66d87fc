"""The roles that an account is in, also one that was ended."""

from record.rights import Role


def roles_of(user):
    """Return the roles of a user, the strongest first; one request asks the database once."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_roles"):
        # Of a prefetched list nothing more is read.
        names = {group.name for group in user.groups.all()}
        user._roles = [role for role in Role if role in names]
    return user._roles
