"""Dates as the portal reads and says them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext as _

LIMA = ZoneInfo("America/Lima")


def today():
    """Return today's date in Peru, whatever the server's own time zone."""
    return now().astimezone(LIMA).date()


def local_date(moment: datetime) -> date:
    """Return the date that a moment has in Peru."""
    return moment.astimezone(LIMA).date()


def semester(day):
    """Return the words for the half-year that a date lies in, as plan V schedules: 'first half of 2023'."""
    if day is None:
        return ""
    words = _("first half of %(year)s") if day.month <= 6 else _("second half of %(year)s")
    return words % {"year": day.year}
