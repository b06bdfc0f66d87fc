"""Reviewing several updates at once: each is read in full, and published or returned by its own act.

What is chosen comes in the address; what was read is told by the version of each, as on the pages of acts.
"""

from dataclasses import dataclass, field
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commitments import actions
from commitments.admin.updates import PublishUpdate
from commitments.answering import name_answering
from commitments.models import Milestone, Update
from commitments.submissions import last_returns, last_submissions
from faces.admin.acts import columns_in_words
from faces.admin.forms import CleanField
from record.actions import version_of
from record.dates import today
from record.models import Entry
from record.rights import may, may_publish, name_of_account, visible_to
from record.writing import is_reason

from .section import MOST

PUBLISH = PublishUpdate()
# A number with so many digits is more than a key in a database.
MOST_DIGITS = 18


class CommentForm(forms.Form):
    """Asks what the author has to change; empty where nothing is returned."""

    bound_field_class = CleanField

    comment = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = _("Comment for its author, if you return it")

    def clean_comment(self):
        comment = self.cleaned_data["comment"]
        if comment and not is_reason(comment):
            raise ValidationError(actions.CommentNeeded.MESSAGE)
        return comment


@dataclass
class Read:
    """An update as a reviewer reads it, with the forms of what he may do with it."""

    update: Update
    seen: str
    act_form: forms.Form
    comment_form: forms.Form
    may_publish: bool
    refused: list = field(default_factory=list)

    @property
    def sentences(self):
        """What publishing does beside publishing, in words; what it does always, the page says once."""
        return PUBLISH.explain(self.update)[1:]

    @property
    def parts(self):
        """The words of the update, of what it corrects, and of its evidence."""
        return PUBLISH.parts(self.update)

    @property
    def last_words(self):
        return columns_in_words(self.update.last) if self.update.last else []


def review(request):
    """Show the chosen updates one under another; publish or return several, each by its own act."""
    if not may(request.user, "return", Update):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    pks = chosen(request.user, data)
    if request.method == "POST":
        return answer(request, pks)
    reads = read(request.user, waiting(request.user, pks))
    if not reads:
        messages.warning(request, _("Nothing that waits for review was chosen."))
        return HttpResponseRedirect(reverse("admin:index"))
    return page(request, reads)


def chosen(user, data):
    """Return the keys that are asked for, at most MOST; with `all` those of what waits longest."""
    if "all" in data:
        return list(visible_to(user, Update.objects.all()).waiting().values_list("pk", flat=True)[:MOST])
    keys = [key for key in data.getlist("u") if key.isascii() and key.isdecimal() and len(key) <= MOST_DIGITS]
    return list(dict.fromkeys(map(int, keys)))[:MOST]


def waiting(user, pks):
    """Return those of some updates that wait for review, the one first that waits longest."""
    return visible_to(user, Update.objects.filter(pk__in=pks)).waiting()


# Reading.


def read(user, rows, data=None):
    """Return the Reads of some updates; who opened each first is kept, as its author cannot take it back now.

    With what was sent, `data`, comments and reasons stand where they were typed.
    """
    # The version is read first: no older words stand with a newer version.
    seen = {update.pk: version_of(update) for update in rows}
    rows = rows.filter(pk__in=seen).select_related("document", "report__plan", "corrects__milestone")
    rows = rows.prefetch_related("evidence__document")
    updates = with_neighbours(user, list(rows))
    return [read_of(user, update, seen[update.pk], data) for update in updates]


def with_neighbours(user, updates):
    """Give updates what is read beside them: milestone, who answers, the last words, who sent it and when."""
    on = today()
    rows = visible_to(user, Milestone.objects.everything().with_state(on))
    rows = rows.select_related("commitment__plan")
    milestones = rows.in_bulk({update.milestone_id for update in updates})
    name_answering(user, milestones.values())
    published = Update.objects.as_of(on).filter(milestone__in=milestones).select_related("document", "report")
    last = {each.milestone_id: each for each in reversed(published.latest_first())}
    sent, back = last_submissions(user, updates), last_returns(user, updates)
    for update in updates:
        update.milestone = milestones[update.milestone_id]
        update.last = last.get(update.milestone_id)
        update.submission, update.returned = sent.get(update.pk), back.get(update.pk)
        for entry in filter(None, (update.submission, update.returned)):
            entry.who = name_of_account(entry, user)
    return updates


def read_of(user, update, seen, data):
    """Return the Read of one update, and keep that it was opened."""
    actions.open_to_read(user, update)
    prefix = str(update.pk)
    if data is not None:
        # Whoever sends it again decides about what stands there now.
        data = data.copy()
        data[f"{prefix}-seen"] = seen
    return Read(
        update=update,
        seen=seen,
        act_form=PUBLISH.form(update, data, user, prefix=prefix, initial={"seen": seen}),
        comment_form=CommentForm(data, prefix=prefix),
        may_publish=may(user, "publish", update),
    )


def page(request, reads):
    request.current_app = admin.site.name
    context = admin.site.each_context(request) | {
        "title": _("Review"),
        "opts": Update._meta,
        "reads": reads,
        # Of many reports the one that says why may be far below: the head of the page leads there.
        "refused": [each for each in reads if each.refused],
        "to_publish": sum(each.may_publish for each in reads),
        "explanation": PUBLISH.explanation,
        "publishes": may_publish(request.user),
    }
    return TemplateResponse(request, "admin/desk/review.html", context)


# Acting.


def answer(request, pks):
    """Do what was sent with each of some updates; lead to the desk, or show what is left of them."""
    user, data = request.user, request.POST
    updates = visible_to(user, Update.everything.filter(pk__in=pks)).select_related("milestone", "corrects")
    found = {update.pk: update for update in updates}
    if "leave" in data:
        return show(request, [pk for pk in found if str(pk) != data["leave"]])
    moves, wrong = (publishing if "publish" in data else returning)(user, data, found)
    if wrong:
        return show(request, list(found), wrong)
    if not moves:
        messages.warning(request, _("Nothing was done: you wrote no comment, or may publish none of these."))
    refused = {pk: said for pk, move in moves.items() if (said := attempt(request, found[pk], move))}
    if len(found) < len(pks):
        messages.error(request, _("Some of what you had chosen is not there any more: somebody deleted it."))
    left = waiting(user, list(found))
    if refused:
        return show(request, list(found), refused)
    query = {"u": list(left.values_list("pk", flat=True))}
    return HttpResponseRedirect(
        reverse("admin-review", query=query) if query["u"] else reverse("admin:index")
    )


def publishing(user, data, found):
    """Return ({pk: what publishes it}, {pk: why nothing is done with any of them}).

    Whoever wrote a comment meant to return something: then nothing is published.
    """
    moves, wrong = {}, {}
    for pk, update in found.items():
        if data.get(f"{pk}-comment", "").strip():
            wrong[pk] = [
                _("Here is a comment. Return this one, or clear the comment. Nothing was published.")
            ]
        if not may(user, "publish", update):
            continue
        form = PUBLISH.form(update, data, user, prefix=str(pk))
        if form.is_valid():
            moves[pk] = partial(PUBLISH.act, user, update, form.cleaned_data)
        else:
            wrong.setdefault(pk, [_("Nothing was published yet: something is missing here.")])
    return moves, wrong


def returning(user, data, found):
    """Return ({pk: what returns it}, {pk: why nothing is done with any}): those with a comment go back."""
    moves, wrong = {}, {}
    for pk, update in found.items():
        form = CommentForm(data, prefix=str(pk))
        if not form.is_valid():
            wrong[pk] = [_("Nothing was returned yet: the comment says too little.")]
        elif comment := form.cleaned_data["comment"]:
            seen = data.get(f"{pk}-seen", "")
            moves[pk] = partial(actions.send_back, user, update, comment, seen=seen)
    return moves, wrong


def attempt(request, update, move):
    """Publish or return one update and say so; return the sentences with which that was refused, or None."""
    try:
        done = move()
    except ValidationError as refused:
        said = meanwhile(request.user, update) or refused.messages
    except PermissionDenied:
        said = [_("You may not do that with “%(name)s”.") % {"name": update.code}]
    else:
        is_back = done.workflow == Update.Workflow.RETURNED
        told = _("“%(name)s” was returned to its author.") if is_back else PUBLISH.done
        act = _("Returned") if is_back else str(PUBLISH.label)
        admin.site.get_model_admin(Update).log_change(request, done, act)
        messages.success(request, told % {"name": done.code})
        return None
    for sentence in said:
        messages.error(request, sentence)
    return said


def meanwhile(user, update):
    """Return what became of an update that does not wait any more, as sentences; None of one that does."""
    now = visible_to(user, Update.everything.filter(pk=update.pk)).first()
    if now is None or (now.workflow == Update.Workflow.SUBMITTED and not now.is_annulled):
        return None
    changed = {"changes__model": now._meta.label_lower, "changes__object_id": now.pk}
    entry = Entry.objects.filter(**changed).select_related("by").order_by("-pk").first()
    sentence = _("“%(name)s” does not wait any more: %(act)s by %(who)s, %(at)s.")
    at = date_format(localtime(entry.at), "SHORT_DATETIME_FORMAT")
    who = name_of_account(entry, user) or "–"
    return [sentence % {"name": now.code, "act": entry.get_act_display().lower(), "who": who, "at": at}]


def show(request, pks, refused=()):
    """Show those that still wait, with what was typed and what was refused; lead to the desk without any."""
    reads = read(request.user, waiting(request.user, pks), request.POST)
    for each in reads:
        each.refused = dict(refused).get(each.update.pk, [])
    return page(request, reads) if reads else HttpResponseRedirect(reverse("admin:index"))
