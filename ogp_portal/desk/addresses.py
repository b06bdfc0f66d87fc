"""Where the buttons of the desk lead: the pages on which a report is written, read and taken back."""

from django.urls import reverse


def report_on(milestone):
    """Return the address of the page on which progress of a milestone is reported."""
    return reverse("reporting:report", args=[milestone.code])


def go_on_with(update):
    """Return the address of the page on which a draft, or what was returned, is gone on with."""
    return reverse("reporting:draft", args=[update.code])


def read(update):
    """Return the address of the page on which SGP reads one submitted update."""
    return reverse("reporting:review", args=[update.code])


def correct(update):
    """Return the address of the page on which a correction of a published update is begun."""
    return reverse("admin:commitments_update_act", args=[update.pk, "correct"])


def open_report():
    """Return the address of the page on which a report is opened."""
    return reverse("cards:open")


def board(report):
    """Return the address of the board of the cards of a report."""
    return reverse("cards:board", args=[report.slug])


def draft_card(card):
    """Return the address of the page on which the texts of a card are drafted that was given out."""
    return reverse("cards:draft", args=[card.report.slug, card.commitment.code])


def take_back(update):
    """Return the address of the page on which its author takes a submitted update back."""
    return reverse("admin:commitments_update_act", args=[update.pk, "take-back"])
