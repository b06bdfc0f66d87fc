"""What the pages of a report are of, and their head: what one would have to look up elsewhere."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse

from entities.models import Entity
from record.dates import today
from record.rights import is_visible_to, may

from ..models import Milestone, Update
from ..models.responsibility import Answering

# Finding what a page is of. Who may not see it is not told that it exists.


def milestone_of(user, code):
    """Return a milestone as it stands today; raise Http404, or PermissionDenied of what the public sees."""
    rows = Milestone.objects.with_state(today())
    found = rows.select_related("now", "commitment__plan", "document").filter(code=code).first()
    return _visible(user, found)


def update_of(user, code):
    """Return an update; raise Http404, or PermissionDenied of what the public sees."""
    rows = Update.objects.select_related("milestone__commitment__plan", "document", "report", "corrects")
    return _visible(user, rows.filter(code=code).first())


def _visible(user, row):
    if row is None:
        raise Http404
    if not may(user, "view", row) or not is_visible_to(user, row):
        if row.is_public:
            raise PermissionDenied
        raise Http404
    return row


# The head of a page: what one would have to look up elsewhere.


def last_published(milestone, beside=None):
    """Return the last published update of a milestone that none corrects, but one; or None."""
    rows = Update.objects.as_of(today()).filter(milestone=milestone).latest_first()
    return rows.exclude(pk=beside and beside.pk).select_related("document", "report").first()


def last_published_of(milestones):
    """Return {pk of a milestone: the last published update of it, as above}, in one query, without its texts.

    Of its words only those are read that are asked for twice (`oddities`).
    """
    rows = Update.objects.as_of(today()).filter(milestone__in=milestones).order_by("as_of", "number", "pk")
    return {each.milestone_id: each for each in rows.only("milestone", "as_of", "text_es")}


def answering(milestone):
    """Return who answers for a milestone: entities, or names as they are printed."""
    keys = Answering(Milestone.objects.filter(pk=milestone.pk)).of(milestone.pk, milestone.commitment_id)
    entities = Entity.objects.in_bulk([key for key in keys if isinstance(key, int)])
    return [entities.get(key, key) for key in keys]


def head(milestone, beside=None):
    """Return the context of the head of a page."""
    return {
        "milestone": milestone,
        "commitment": milestone.commitment,
        "answering": answering(milestone),
        "last": last_published(milestone, beside),
    }


def page(request, template, title, **context):
    """Answer with a page of the admin."""
    request.current_app = admin.site.name
    context = admin.site.each_context(request) | {"title": title, "opts": Update._meta} | context
    return TemplateResponse(request, f"commitments/reporting/{template}.html", context)
