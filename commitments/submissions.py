"""Who submitted, returned and opened updates, and when: of many at once, for lists and the desk."""

from datetime import datetime, time

from record.dates import LIMA
from record.models import Act, Change
from record.rights import is_focal_point, own_to

from .models import FirstReading, Update


def last_submissions(user, updates):
    """Return {pk: the entry with which it was submitted last} of some updates whose history a user reads."""
    return _last_entries(user, updates, Act.SUBMIT)


def last_returns(user, updates):
    """Return {pk: the entry, with the comment as its reason, with which it was returned last}, as above."""
    return _last_entries(user, updates, Act.RETURN)


def published_since(day):
    """Return the keys of updates that somebody published on a day or later; what was loaded nobody did."""
    begin = datetime.combine(day, time.min, LIMA)
    changes = Change.objects.filter(
        model=Update._meta.label_lower, action=Change.Action.PUBLISHED, entry__at__gte=begin
    )
    return changes.values("object_id")


def _last_entries(user, updates, act):
    pks = [each.pk for each in updates]
    if pks and is_focal_point(user):
        # Of what others wrote he reads no history.
        rows = own_to(user, Update.objects.filter(pk__in=pks))
        pks = list(rows.exclude(workflow=Update.Workflow.PUBLISHED).values_list("pk", flat=True))
    changes = Change.objects.filter(model=Update._meta.label_lower, object_id__in=pks, entry__act=act)
    changes = changes.select_related("entry__by").order_by("pk")
    return {change.object_id: change.entry for change in changes}


def first_readings(updates):
    """Return {pk of an entry: who of SGP opened first what was submitted with it} of some updates."""
    readings = FirstReading.objects.filter(update__in=[each.pk for each in updates]).select_related("by")
    return {each.submission_id: each for each in readings}
