"""Publishing what is a draft of a plan: the plan with all that it promises, or what was added to it later.

It is one act: all or nothing, one entry of the log. What it would do can be tried, as nobody, to look at it.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from record.actions import Gone, IsAnnulled, Newer, Refused, allow, publish
from record.models import Act, Change
from record.publication import Public, Status
from record.sources import parts_of
from record.writing import WriteRefused, required, writing

from .models import Plan, Theme


class NothingToPublish(Refused):
    MESSAGE = _("Nothing of “%(name)s” is a draft any more: it was published meanwhile.")
    CODE = "nothing_to_publish"


def drafts_of(plan):
    """Return the rows of a plan that publishing it publishes: itself first, where it is a draft too.

    Documents that go with them are not among them.
    """
    drafts = list(plan.commitments.filter(status=Status.DRAFT).select_related("plan").order_by("number"))
    return [plan, *drafts] if plan.status == Status.DRAFT else drafts


def by_themselves(drafts):
    """Return those drafts that are published by themselves: with a plan go its commitments."""
    return drafts[:1] if drafts and isinstance(drafts[0], Plan) else drafts


def counted(rows):
    """Return [(name of a kind, how many)] of some drafts and of all that becomes public with them.

    Documents are not counted.
    """
    found, along = {}, [each for row in rows for each in row.published_along() if isinstance(each, Theme)]
    for row in (*rows, *along):
        found.setdefault(type(row), set()).add(row.pk)
        for model, way in parts_of(type(row)):
            keys = model._default_manager.filter(**{way: row.pk}).values_list("pk", flat=True)
            found.setdefault(model, set()).update(keys)
    names = [(model._meta, len(keys)) for model, keys in found.items() if keys]
    return [(meta.verbose_name if n == 1 else meta.verbose_name_plural, n) for meta, n in names]


def version_of_plan(plan):
    """Return the version of a plan with all that stands on its page, as the text that a form keeps."""
    last = Change.objects.on_page_of(plan).values_list("pk", flat=True).first()
    return str(last or 0)


def changes_since(plan, seen):
    """Return the changes of a plan, and of what stands on its page, since a version; the newest first."""
    changes = Change.objects.on_page_of(plan).select_related("entry__by")
    return changes.filter(pk__gt=int(seen)) if seen.isdecimal() and len(seen) < 19 else changes.none()


def publish_plan(by, plan, reason, seen=None):
    """Publish what is a draft of a plan, all or nothing; return the plan.

    `seen` is what `version_of_plan()` said when it was looked at. Raises PermissionDenied, Newer, Gone,
    IsAnnulled, NothingToPublish and what `check_publication()` of any of them refuses.
    """
    allow(by, "view", plan)
    with writing(by, reason, act=Act.PUBLISH) as this:
        this.hold({Plan: [plan.pk]})
        found = Plan.everything.filter(pk=plan.pk).first()
        if found is None:
            raise Gone(str(plan))
        if found.is_annulled:
            raise IsAnnulled(str(found))
        if seen is not None and seen != version_of_plan(found):
            raise Newer(str(found))
        drafts = drafts_of(found)
        if not drafts:
            raise NothingToPublish(str(found))
        for row in by_themselves(drafts):
            publish(by, row)
    return found


@contextmanager
def as_published(plan):
    """Read inside what the public would after what is a draft of a plan was published; nothing of it stays.

    Yields what publishing would refuse, [(row, sentences)]; inside it is published all the same. All is
    written, by nobody, in a transaction that is rolled back: others read nothing of it, and wait to write as
    long as it lasts.
    """
    with transaction.atomic():
        refused = []
        with writing(act=Act.PUBLISH):
            required("as_published").is_trial = True
            rows = []
            # As `publish()` does it, so that the log tells the same; the row of whoever asks stays as it is.
            for row in by_themselves(drafts_of(Plan.everything.get(pk=plan.pk))):
                for each in (row, *row.published_along()):
                    setattr(each, each.publication_column, Status.PUBLISHED)
                    each.save()
                    rows.append(each)
            for row in rows:
                _ask(type(row).everything.get(pk=row.pk), refused)
        yield refused
        transaction.set_rollback(True)


def _ask(row: Public, refused):
    try:
        row.check_publication()
    except WriteRefused as said:
        refused.append((row, said.messages))


def refusals(plan):
    """Return what publishing a plan would refuse, [(row, sentences)]; of the plan where all is refused."""
    try:
        with as_published(plan) as refused:
            return refused
    except WriteRefused as said:
        return [(plan, said.messages)]
