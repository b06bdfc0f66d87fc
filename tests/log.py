"""What tests ask the log."""

from record.models import Change


def entries(row):
    """Return the entries in which a row was changed, the first one first."""
    return [change.entry for change in Change.objects.of(row).select_related("entry")]


def last_change(row):
    return Change.objects.of(row).last()


def last_reason(row):
    """Return the reason of the last change of a row."""
    return last_change(row).entry.reason
