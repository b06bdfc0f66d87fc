"""The check list of a report: what forbids to publish it, and what whoever publishes it has to confirm."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from record.dates import today


@dataclass(frozen=True)
class Item:
    """One line of the list. What is not met forbids it, or is warned of; `which` says of what it speaks."""

    sentence: str
    is_met: bool
    forbids: bool = False
    which: str = ""

    @property
    def warns(self):
        return not (self.is_met or self.forbids)


def items_of(board):
    """Return the Items of a board. What forbids is what `Report.check_publication()` refuses."""
    report = board.report
    return [*_of_cards(board), _of_cutoff(report), *_of_work(board)] if report.is_held else [_of_none(board)]


def _codes(lines):
    return ", ".join(line.card.commitment.code for line in lines)


def _of_cards(board):
    report = board.report
    total = len(board.lines)
    counted = ngettext_lazy("It has %(n)s card.", "It has %(n)s cards.", total) % {"n": total}
    yield Item(counted, bool(total), forbids=True)
    if report.is_full:
        yield Item(
            _("Each commitment that was in the plan on the cut-off has a card, as the report is full."),
            not board.without,
            forbids=True,
            which=", ".join(each.code for each in board.without),
        )
    yield Item(
        _("Each card has its level."),
        not board.without_level,
        forbids=True,
        which=_codes(board.without_level),
    )


def _of_none(board):
    return Item(
        _("It has no cards, as the record does not hold its levels."),
        not board.lines,
        forbids=True,
        which=_codes(board.lines),
    )


def _of_cutoff(report):
    return Item(_("Its cut-off has come."), report.cutoff_on <= today())


def _of_work(board):
    yield Item(_("Each card is closed."), not board.not_ready, which=_codes(board.not_ready))
    yield Item(_("Nobody else has a card."), not board.given, which=_codes(board.given))
    doubtful = [line for line in board.lines if line.doubts]
    yield Item(_("No card disagrees with its milestones."), not doubtful, which=_codes(doubtful))
