"""Dates as the portal reads and says them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import CheckConstraint, F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LIMA = ZoneInfo("America/Lima")


def today():
    """Return today's date in Peru, whatever the server's own time zone."""
    return now().astimezone(LIMA).date()


@dataclass(frozen=True)
class Reading:
    """The day on which somebody reads the record: read once from a request, and passed to all that is below.

    `is_asked` says that the reader asked for that day; without it it is today.
    """

    on: date
    is_asked: bool = False

    @classmethod
    def of(cls, asked):
        """Return the reading of a day that was asked for, of today where none was."""
        return cls(asked or today(), is_asked=asked is not None)


def local_date(moment: datetime) -> date:
    """Return the date that a moment has in Peru."""
    return moment.astimezone(LIMA).date()


def whole_months(start, end):
    """Return how many whole months lie between two days; the last day of a month ends any."""
    months = (end.year - start.year) * 12 + end.month - start.month
    is_last = (end + timedelta(days=1)).day == 1
    return months if end.day >= start.day or is_last else months - 1


def semester(day):
    """Return the words for the half-year that a date lies in, as plan V schedules: 'first half of 2023'."""
    if day is None:
        return ""
    words = _("first half of %(year)s") if day.month <= 6 else _("second half of %(year)s")
    return words % {"year": day.year}


def dates_in_order(name):
    """Return the constraint that `starts_on` is not after `ends_on`."""
    return CheckConstraint(
        name=name,
        condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
        violation_error_message=gettext_lazy("The start is after the end."),
    )
