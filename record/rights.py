"""Who may do what, in one table: the admin, imports, exports, acts, the writer and previews ask here.

Roles are groups of accounts; Django's own permissions are not asked. An account without a role may do
nothing, and so may a focal point who has no entity (any more). Who is in several groups has the strongest
role: a member of an entity who also is an editor of the secretariat (SGP) is an editor. A superuser is a
publisher who may do all that anybody may.
"""

from django.conf import settings

from .authors import is_draft_of_others, is_written_by_members, written_by_members, wrote
from .kinds import Subject, by_model, kind_of
from .personal import find_addresses
from .publication import Public, holds, needs_reason
from .roles import FOCAL_POINTS, Role

READ = frozenset({"view", "export", "history"})
WRITE = frozenset({"add", "change", "delete", "import"})

# The table. What a word allows of one row, which depends on the row, is said by `_OF_ROW` below.
TABLE = {
    Role.FOCAL_POINT: {
        Subject.PROMISED: READ,
        Subject.CARD: READ | {"draft"},
        Subject.SOURCE: READ,
        Subject.REPORTED: READ | WRITE | {"correct", "submit"},
    },
    Role.EDITOR: {
        Subject.PROMISED: READ | WRITE | {"propose", "transcribe"},
        Subject.CARD: READ | WRITE | {"propose", "transcribe", "give"},
        Subject.SOURCE: READ | {"add", "change", "propose"},
        Subject.REPORTED: READ | WRITE | {"propose", "correct", "submit", "return", "transcribe"},
        Subject.KEPT: READ,
    },
    Role.PUBLISHER: {
        Subject.PROMISED: (
            READ | WRITE | {"propose", "publish", "annul", "restore", "strike", "transcribe", "hand over"}
        ),
        Subject.CARD: (
            READ | WRITE | {"propose", "publish", "annul", "restore", "strike", "transcribe", "give"}
        ),
        Subject.SOURCE: READ | WRITE | {"propose", "annul", "restore", "strike", "transcribe"},
        Subject.REPORTED: (
            READ
            | WRITE
            | {"propose", "correct", "submit", "return"}
            | {"publish", "annul", "restore", "strike", "transcribe"}
        ),
        Subject.KEPT: READ,
        Subject.ACCOUNTS: READ | WRITE,
    },
    Role.AUDITOR: {
        Subject.PROMISED: READ,
        Subject.CARD: READ,
        Subject.SOURCE: READ,
        Subject.REPORTED: READ,
        Subject.KEPT: READ,
        Subject.ACCOUNTS: READ,
    },
}
ACTIONS = frozenset().union(*(actions for of_role in TABLE.values() for actions in of_role.values()))


# Roles.


def role_of(user):
    """Return the Role of an account; None where it has none, is nobody's or was ended."""
    if not (user.is_authenticated and user.is_active):
        return None
    if user.is_superuser:
        return Role.PUBLISHER
    if not hasattr(user, "_role"):
        # One request asks many times.
        groups = set(user.groups.values_list("name", flat=True))
        groups |= {FOCAL_POINTS} if entities_of(user) else set()
        user._role = next((role for role in Role if role.value in groups), None)
    return user._role


def is_focal_point(user):
    """Tell whether a user reports for his entities only, or did and has none any more."""
    return role_of(user) is Role.FOCAL_POINT


def may_publish(user):
    """Tell whether a user publishes what others wrote, and so answers for what the public reads."""
    return role_of(user) is Role.PUBLISHER


def may_manage_accounts(user):
    """Tell whether a user makes, invites and ends accounts."""
    return "change" in actions_of(user, Subject.ACCOUNTS)


def may_read_accounts(user):
    """Tell whether a user reads who has an account, and what was done with it."""
    return "view" in actions_of(user, Subject.ACCOUNTS)


def may_act_alone(user):
    """Tell whether a publisher needs no second pair of eyes; each act of his without them is marked."""
    return may_publish(user) and (user.is_superuser or settings.ONE_PUBLISHER)


def entities_of(user):
    """Return the pks of the entities that a user is a member of."""
    if not user.is_authenticated:
        return ()
    if not hasattr(user, "_entities"):
        user._entities = tuple(user.memberships.values_list("entity_id", flat=True))
    return user._entities


def name_of_account(told, reader=None):
    """Return the name for people of whoever did what is told: an entry of the log, a proposal, a reading.

    An account without one, or that is gone, left its user name. Where that is a mail address, focal points
    and readers of whom nothing is known are not told it: ''.
    """
    name = told.by.get_full_name() if told.by else ""
    is_told_all = reader is not None and not (role_of(reader) is None or is_focal_point(reader))
    return name or ("" if find_addresses(told.by_name) and not is_told_all else told.by_name)


# What the table says.


def subject_of(model):
    """Return the line of the table in which a model stands; None for one that no role has a part in."""
    if model in by_model():
        return kind_of(model).subject
    if model._meta.app_label == "record":
        return Subject.KEPT
    return getattr(model, "subject", None)


def actions_of(user, subject):
    """Return what the table allows a user on a subject, whatever the row."""
    role = role_of(user)
    if role is None or (role is Role.FOCAL_POINT and not entities_of(user)):
        return frozenset()
    return TABLE[role].get(subject, frozenset())


def may(user, action, row):
    """Tell whether a user may do something with a row or, of its model, with some row.

    `action` is one of ACTIONS. Of a row that is not stored it is told by what it names and says in memory.
    """
    is_row = not isinstance(row, type)
    model = type(row) if is_row else row
    if user.is_authenticated and user.is_active and user.is_superuser:
        return not is_row or _is_possible(action, row)
    if action not in actions_of(user, subject_of(model)):
        return False
    return not is_row or (_is_possible(action, row) and _OF_ROW[role_of(user)](user, action, row))


def visible_to(user, rows):
    """Keep the rows of a queryset that a user may see.

    Those are all for the secretariat and auditors; for a focal point what the public may read, the drafts
    that were written for his entities on milestones for which these answer, and the letters of such.
    """
    if user.is_authenticated and user.is_active and user.is_superuser:
        return rows
    subject = subject_of(rows.model)
    if "view" not in actions_of(user, subject):
        return rows.none()
    if not is_focal_point(user):
        return rows
    entities = entities_of(user)
    if subject is Subject.SOURCE:
        return rows.filter(rows.model.readable() | written_by_members(rows.model, entities))
    if subject is not Subject.REPORTED:
        return rows.filter(rows.model.readable())
    drafts = kind_of(rows.model).of_entities(entities) & written_by_members(rows.model, entities)
    return rows.filter(rows.model.readable() | drafts)


def sees_drafts(user, model):
    """Tell whether a user sees the drafts of a model, whoever wrote them."""
    return "view" in actions_of(user, subject_of(model)) and not is_focal_point(user)


def is_visible_to(user, row):
    """Tell whether a row, as it is stored, is among those that a user may see."""
    return visible_to(user, type(row)._base_manager.filter(pk=row.pk)).exists()


def own_to(user, rows):
    """Keep the rows that a user may name in what he writes: a focal point's are those of his entities."""
    rows = visible_to(user, rows)
    of_entities = kind_of(rows.model).of_entities
    if of_entities is not None and is_focal_point(user):
        return rows.filter(of_entities(entities_of(user)))
    if kind_of(rows.model).subject is Subject.REPORTED and not (user.is_superuser or is_focal_point(user)):
        # What proves a focal point's draft he says himself.
        return rows.filter(rows.model.said() | ~written_by_members(rows.model))
    return rows


def is_own_to(user, row):
    """Tell whether a row, as it is stored, is among those that a user may name in what he writes."""
    return own_to(user, type(row)._base_manager.filter(pk=row.pk)).exists()


def is_source_for(user, model, pk):
    """Tell whether the draft of a source, such as a letter, is a user's to name, to change and to drop.

    It is a part of the draft that has it: a focal point's are those that his entities wrote, and the
    secretariat's are the others.
    """
    if user.is_superuser:
        return True
    if is_focal_point(user):
        return is_written_by_members(model, pk, entities_of(user))
    return not is_written_by_members(model, pk)


def given_to(user, rows):
    """Keep the rows whose texts a user drafts, as they were given to one of his entities; see `Kind.drafted`.

    He does not see them elsewhere: such a draft is no row of his (`visible_to`), and its other columns are
    the secretariat's.
    """
    kind = kind_of(rows.model)
    if kind.given_to is None or "draft" not in actions_of(user, kind.subject):
        return rows.none()
    return rows.filter(kind.given_to(entities_of(user))).exclude(rows.model.said())


def is_settled(row, condition):
    """Tell whether a row, as it is stored, stays as it is by a condition of its kind."""
    return condition is not None and type(row)._base_manager.filter(condition, pk=row.pk).exists()


# What the table leaves to the row.


def _is_stored(row):
    return row.pk is not None and not row._state.adding


def _is_possible(action, row):
    """Tell whether anybody may do it: what was published is not deleted, and some of it never changes."""
    if not isinstance(row, Public) or not _is_stored(row):
        return True
    if action in ("delete", "draft", "give") and _is_said(row):
        return False
    return action not in ("change", "delete", "propose") or not is_settled(row, kind_of(type(row)).settled)


def _is_said(row):
    """Tell whether a row is published, or would be as soon as it is stored.

    Pages read that with the row (`_is_said`); the writer asks again, of the row that it holds.
    """
    if not _is_stored(row):
        return holds(type(row).said(), row)
    return row._is_said if hasattr(row, "_is_said") else needs_reason(row)


def _focal_point_may(user, action, row):
    if not _is_stored(row):
        return action != "draft" and (action not in ("add", "import") or _names_own(user, row))
    match action:
        case "draft":
            return given_to(user, type(row)._base_manager.filter(pk=row.pk)).exists()
        case "view" | "export":
            return is_visible_to(user, row)
        case "history":
            return kind_of(type(row)).of_entities is not None and is_own_to(user, row)
        case "correct":
            return _is_said(row) and is_own_to(user, row)
    return not _is_said(row) and is_own_to(user, row)


def _names_own(user, row):
    """Tell whether all that a new row is about is a user's own."""
    kind = kind_of(type(row))
    named = {column: owner for column in kind.about if (owner := getattr(row, column)) is not None}
    if is_focal_point(user) and not set(named) <= set(kind.focal_point_edits):
        return False
    return all(is_own_to(user, owner) for owner in named.values())


def _is_source_of_others(user, action, row):
    """Tell whether an action would write the letter of a draft that the secretariat returns instead."""
    if action not in ("change", "delete", "propose") or subject_of(type(row)) is not Subject.SOURCE:
        return False
    return _is_stored(row) and not _is_said(row) and not is_source_for(user, type(row), row.pk)


def _editor_may(user, action, row):
    subject = subject_of(type(row))
    if not isinstance(row, Public) or action in READ or action == "correct":
        return True
    if _is_source_of_others(user, action, row):
        return False
    if subject is Subject.SOURCE and action in ("add", "propose"):
        return True
    if action == "propose":
        return subject is not Subject.REPORTED or _is_said(row)
    if action == "add" and subject is Subject.REPORTED:
        return not _is_said(row) and _names_own(user, row)
    if action == "return":
        # What became of it meanwhile the act says in words.
        return True
    return not _is_said(row) and (subject is not Subject.REPORTED or is_own_to(user, row))


def _publisher_may(user, action, row):
    if not isinstance(row, Public) or subject_of(type(row)) is Subject.ACCOUNTS:
        return True
    if _is_source_of_others(user, action, row):
        return False
    match action:
        case "publish":
            return may_act_alone(user) or (_is_stored(row) and not wrote(user, row))
        case "propose":
            return subject_of(type(row)) is not Subject.REPORTED or _is_said(row)
        case "add":
            return subject_of(type(row)) is not Subject.REPORTED or _names_own(user, row)
        case "change" | "delete" | "submit":
            is_reported = subject_of(type(row)) is Subject.REPORTED
            return not is_reported or _is_said(row) or not is_draft_of_others(user, type(row), row.pk)
    return True


_OF_ROW = {
    Role.FOCAL_POINT: _focal_point_may,
    Role.EDITOR: _editor_may,
    Role.PUBLISHER: _publisher_may,
    Role.AUDITOR: lambda user, action, row: True,
}
