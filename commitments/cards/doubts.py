"""Where a card and its milestones disagree: warned of, never refused (rule 10 of the record)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from plans.compliance import Level

from ..models import Update

BEGUN = (Level.LIMITED, Level.SUBSTANTIAL)
DONE = (Update.Status.COMPLETE, Update.Status.WITHDRAWN)


@dataclass(frozen=True)
class Doubt:
    """One thing that does not go together, in words."""

    code: str
    sentence: str


def doubts(card, milestones):
    """Return the Doubts of a card; `milestones` are of its commitment, read `with_state` on the cut-off."""
    return [Doubt(*each) for each in (*_of_milestones(card, milestones), *_of_card(card, milestones))]


def _codes(milestones):
    return ", ".join(each.code for each in milestones)


def _of_milestones(card, milestones):
    stated = {each.pk: each.stated for each in milestones}
    complete = [each for each in milestones if stated[each.pk] == Update.Status.COMPLETE]
    undone = [each for each in milestones if stated[each.pk] not in DONE]
    late = [each for each in undone if each.past_due]
    if card.level == Level.COMPLETE and undone:
        said = ngettext_lazy(
            "It says complete, and of %(n)s milestone nobody has said that it is: %(codes)s.",
            "It says complete, and of %(n)s milestones nobody has said that they are: %(codes)s.",
            len(undone),
        ) % {"n": len(undone), "codes": _codes(undone)}
        yield "undone", said
        if late:
            yield "past_due", _("Past due among them on the cut-off: %(codes)s.") % {"codes": _codes(late)}
    if card.level == Level.NOT_STARTED and complete:
        said = _("It says not started, and updates say that milestones are complete: %(codes)s.")
        yield "begun", said % {"codes": _codes(complete)}
    if card.level in BEGUN and milestones and len(complete) == len(milestones):
        yield "all_done", _("Updates say that all its milestones are complete, and the card does not.")


def _of_card(card, milestones):
    if card.differs_from_print:
        said = _("Its level is “%(level)s”, and printed is “%(printed)s”.")
        level = {"level": card.get_level_display(), "printed": card.level_as_printed}
        yield "printed", said % level
    is_late = card.level in BEGUN and any(each.past_due for each in milestones if each.stated not in DONE)
    asks_why = "delay_reason" in card.report.card_form and not card.delay_reason
    if asks_why and (card.level == Level.NOT_STARTED or is_late):
        yield "no_reason", _("It does not say why: it is not started, or a milestone is past due.")
