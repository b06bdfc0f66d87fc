"""Changing rows in tests of the log."""

from datetime import timedelta

from django.utils.timezone import now

from record.models import Change, Entry
from record.writing import unsealed, writing

REASON = "The plan prints another one"


def change(row, reason=REASON, *, by=None, source="p. 12", as_of=None, act="edit", **columns):
    """Change columns of a row; return the Change."""
    for name, value in columns.items():
        setattr(row, name, value)
    with writing(by, reason, source=source, as_of=as_of, act=act):
        row.save()
    return Change.objects.of(row).last()


def annul(row, reason="It was entered twice"):
    """Annul a row; return the Change."""
    return change(row, reason, act="annul", annulled_at=now())


def date_back(change, days):
    """Let a change have been written some days earlier."""
    moment = change.entry.at - timedelta(days=days)
    with unsealed():
        Entry.objects.filter(pk=change.entry.pk).update(at=moment)
        Change.objects.filter(pk=change.pk).update(public_at=moment)


def load(*rows):
    """Let the record have been loaded for the first time with some rows, and nothing else written."""
    with unsealed():
        Change.objects.all().delete()
        Entry.objects.all().delete()
    with writing(act="load") as this:
        for row in rows:
            this.created(type(row), [row.pk])
    return Change.objects.get()
