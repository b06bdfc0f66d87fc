"""What the writer asks of whoever writes, whatever way the writing came: a second wall behind forms and acts.

Whether a row is a focal point's own is asked by these alone.
"""

from django.utils.translation import gettext_lazy as _

from .authors import changes_words, is_draft_of_others, is_written_by_members, wrote
from .kinds import Subject, kind_of
from .models.log import Change
from .rights import (
    actions_of,
    is_focal_point,
    is_source_for,
    may,
    may_act_alone,
    may_publish,
    subject_of,
)
from .writing import WriteRefused


class NotForYou(WriteRefused):
    """The writer refuses what only somebody with another role may write."""


NOT_YOURS = _("You may not write “%(name)s”.")
PUBLIC_AT_ONCE = _(
    "The public reads “%(name)s”, or would at once: only a publisher writes that. Keep it as a proposal."
)
OF_OTHERS = _("Others wrote the draft “%(name)s”: return it with a comment instead of changing it.")
OWN_WORDS = _("You wrote this draft yourself: another publisher publishes it.")
OWN_PROPOSAL = _("You proposed this yourself: another publisher accepts it.")

_RIGHT_TO = {Change.Action.CREATED: "add", Change.Action.DELETED: "delete"}


def check_written(user, written):
    """Refuse what a user may not write; return whether he published his own words, which is marked.

    `written` has (model, change, whether it was published before, whether it is now, the row now or None) of
    each row. Raises NotForYou.
    """
    is_alone = False
    for model, change, was_said, is_said, row in written:
        _check_role(user, model, change, row, was_said or is_said)
        _check_source(user, model, change, was_said or is_said)
        if not may_publish(user):
            continue
        is_new = change.action == Change.Action.CREATED
        is_written = is_new or changes_words(model, change.columns)
        if is_written and not (is_new or was_said):
            _check_author(user, model, change)
        # A document says nothing of what was promised: whoever reads it with what names it is enough.
        is_source = subject_of(model) is Subject.SOURCE
        is_published = model.publication_column and is_said and not was_said
        if is_published and not is_source and (is_written or wrote(user, row)):
            if not may_act_alone(user):
                raise NotForYou(OWN_WORDS, code="own_words")
            is_alone = True
    return is_alone


def _check_role(user, model, change, row, is_public):
    """Raise NotForYou where a user's role has no part in what changed of a row."""
    subject, right = subject_of(model), _RIGHT_TO.get(change.action, "change")
    if right == "change" and set(change.columns) <= {*kind_of(model).drafted} and may(user, "draft", row):
        return
    if subject is Subject.SOURCE and (right == "add" or not is_public):
        # A document says nothing of what was promised: whoever reports names it, and types it anew.
        subject, is_public = Subject.REPORTED, False
    if right not in actions_of(user, subject):
        raise NotForYou(NOT_YOURS, code="not_yours", params={"name": change.name})
    if is_public and not may_publish(user):
        raise NotForYou(PUBLIC_AT_ONCE, code="public_at_once", params={"name": change.name})


def _check_source(user, model, change, is_public):
    """Raise NotForYou where a focal point writes a document that is more than the draft of his own letter."""
    if subject_of(model) is not Subject.SOURCE or not is_focal_point(user):
        return
    if is_public:
        raise NotForYou(PUBLIC_AT_ONCE, code="public_at_once", params={"name": change.name})
    is_new = change.action == Change.Action.CREATED
    if not (is_new or is_source_for(user, model, change.object_id)):
        raise NotForYou(NOT_YOURS, code="not_yours", params={"name": change.name})


def _check_author(user, model, change):
    """Raise NotForYou where a publisher changes an update, or what proves it, that somebody else drafted."""
    if user.is_superuser:
        return
    subject, pk = subject_of(model), change.object_id
    is_of_others = (subject is Subject.REPORTED and is_draft_of_others(user, model, pk)) or (
        subject is Subject.SOURCE and is_written_by_members(model, pk)
    )
    if is_of_others:
        raise NotForYou(OF_OTHERS, code="of_others", params={"name": change.name})
