"""The pages of a report: the one that it is written on, and the one on which SGP reads it.

Each is of the admin, and asks `may()` as its other pages do.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from faces.admin.acts import Part, columns_in_words
from faces.admin.sending import BUSY
from faces.admin.versions import FIELD, Opening, Sent, page_of
from record.actions import Newer, version_of
from record.dates import today
from record.models import Entry
from record.rights import may, visible_to
from record.writing import SentTwice, WriteRefused, writing

from .. import actions
from ..letters import PLACE, sender_of
from ..models import Milestone, Update
from .forms import CommentForm, ReportForm
from .kept import take
from .reading import head, last_published, milestone_of, page, update_of

# What an update on its way is, that was not published yet.
OPEN = (Update.Workflow.DRAFT, Update.Workflow.RETURNED, Update.Workflow.SUBMITTED)
ATTEMPTS = 3
# What the log says of what looks like a telephone number; it speaks Spanish.
NO_TELEPHONE = "no es teléfono: lo confirmó quien informa"

SAVED = _("“%(name)s” was saved as a draft. SGP sees it once you submit it.")
SUBMITTED = _("“%(name)s” was submitted. SGP publishes it, or returns it with a comment.")
TYPED_BEFORE = _(
    "Your session had ended. What you typed is here and not saved yet: send it again. "
    "If you had chosen a file, choose it again too."
)
NOT_YOURS = _(
    "Your entities do not answer for the milestone %(code)s, so you cannot report on it. "
    "If yours should answer, SGP can hand it over."
)


# Reporting.


@dataclass
class Report:
    """A report that is being written: on which milestone, and which draft, None where it is new."""

    request: object
    milestone: Milestone
    update: Update | None = None

    @property
    def user(self):
        return self.request.user

    @property
    def row(self):
        """The row that its page is of."""
        return self.update or self.milestone

    def form(self, data=None, **kwargs):
        before = last_published(self.milestone, self.update)
        is_submitted = data is not None and "_submit" in data
        return ReportForm(
            data,
            self.request.FILES if data is not None else None,
            milestone=self.milestone,
            update=self.update,
            before=before,
            is_submitted=is_submitted,
            **kwargs,
        )

    def opening(self):
        """Return the sealed note of a page that is opened: with a number of its own."""
        return Opening(page_of(type(self.row), self.row.pk), by=self.user.pk).seal()

    def answer(self):
        """Show the page, or do what was sent and lead to what came of it."""
        data = self.request.POST
        if self.request.method != "POST":
            return self.show_opened()
        sent = Sent(data, type(self.row), self.row.pk, is_new=False, files=self.request.FILES)
        form = self.form(data)
        if sent.refusal:
            form.add_error(None, sent.refusal)
        if not form.is_valid():
            return self.show(form, data.get(FIELD) if sent.opening else self.opening(), data.get("seen", ""))
        try:
            update = self.save(form, sent)
        except ValidationError as refused:
            form.refuse(refused)
            return self.show_refused(form, refused)
        told = SUBMITTED if form.is_submitted else SAVED
        messages.success(self.request, told % {"name": update.code})
        return HttpResponseRedirect(reverse("reporting:draft", args=[update.code]))

    # Saving.

    def save(self, form, sent):
        """Do what was sent, once however often it is sent; return the update. Raises ValidationError."""
        for _attempt in range(ATTEMPTS):
            try:
                with transaction.atomic():
                    entry = sent.entry()
                    update = (entry and update_in(entry)) or self.write(form, sent)
                    if form.is_submitted and not (entry and was_submitted_since(update, entry)):
                        answer = form.cleaned_data.get("answer", "")
                        update = actions.submit(self.user, update, answer)
                return update
            except (SentTwice, IntegrityError):
                # The same form is being sent twice, or somebody wrote the same letter just now.
                continue
        raise WriteRefused(BUSY)

    def write(self, form, sent):
        """Write what was typed: a new draft, or the one that it goes on with; return it."""
        reason = NO_TELEPHONE if form.looks_like_telephones() else ""
        # Sent again with other words, as after a step back in the browser, it goes on with what it made.
        entry = None if self.update else sent.entry_of_other_words()
        update = self.update or (entry and update_in(entry))
        seen = (form.data.get("seen") or None) if self.update else None
        with writing(self.user, reason, form=sent.form):
            values = form.update_columns()
            letter = form.letter()
            if letter:
                document = letter.document(sender_of(self.user, self.milestone))
                values |= {"document": document, "place": PLACE}
            evidence = form.evidence(values.get("document") or update.document, update)
            if update is None:
                return actions.report_progress(self.user, self.milestone, evidence, **values)
            return actions.revise(self.user, update, values, evidence, form.removed(), seen=seen)

    # Showing.

    def show_opened(self):
        typed = take(self.request)
        if typed is None:
            return self.show(self.form(), self.opening(), self.version())
        messages.warning(self.request, TYPED_BEFORE)
        form = self.form(initial=typed.dict())
        return self.show(form, self.opening(), typed.get("seen", ""))

    def show_refused(self, form, refused):
        """Show the page again with what was typed; where somebody wrote the draft, with what it says now."""
        opened = self.request.POST[FIELD]
        seen, now = self.request.POST.get("seen", ""), None
        if isinstance(refused, Newer):
            self.update = update_of(self.user, self.update.code)
            seen, now = self.version(), Part(self.update.code, columns_in_words(self.update))
        return self.show(form, opened, seen, stored=now)

    def version(self):
        return version_of(self.update) if self.update else ""

    def show(self, form, opened, seen, **context):
        title = _("Correct") if form.is_correction else _("Report progress")
        others = Update.objects.filter(milestone=self.milestone).exclude(pk=self.update and self.update.pk)
        context |= {
            "form": form,
            "update": self.update,
            "opened": opened,
            "seen": seen,
            "returned": self.update and self.is_returned() and actions.last_return(self.update),
            "evidence": self.update.evidence.select_related("document") if self.update else [],
            "removed": form.removed() if form.is_bound else set(),
            "others": visible_to(self.user, others.filter(workflow__in=OPEN)),
            "explains": form.is_bound or self.is_behind(),
        }
        return page(self.request, "report", title, **head(self.milestone, self.update), **context)

    def is_returned(self):
        return self.update.workflow == Update.Workflow.RETURNED

    def is_behind(self):
        """Tell whether the milestone, as it stands or as the draft says, has to say why."""
        said = self.update or Update(status=self.milestone.stated, as_of=today())
        has_reason = bool(said.reason_es or said.new_end_on)
        return has_reason or said.is_behind(self.milestone.due_on)


def update_in(entry):
    """Return the update that an entry of the log made or changed; None where it is gone."""
    change = entry.changes.filter(model=Update._meta.label_lower).order_by("pk").first()
    return change and Update.objects.filter(pk=change.object_id).first()


def was_submitted_since(update, entry):
    """Tell whether an update was submitted after an entry of the log was written."""
    submission = actions.last_submission(update)
    return submission is not None and submission.pk > entry.pk


def report(request, code):
    """Report progress of a milestone."""
    milestone = milestone_of(request.user, code)
    if not may(request.user, "add", Update(milestone=milestone)):
        # Who reports of others is told why not of this one.
        told = [NOT_YOURS % {"code": code}] if may(request.user, "add", Update) else []
        raise PermissionDenied(*told)
    return Report(request, milestone).answer()


def draft(request, code):
    """Go on with a draft, or with what was returned; read what waits for SGP."""
    update = update_of(request.user, code)
    is_open = update.workflow in (Update.Workflow.DRAFT, Update.Workflow.RETURNED)
    may_review = may(request.user, "return", update) and not is_open
    if not (may_review or may(request.user, "submit", update)):
        raise PermissionDenied
    if request.method != "POST" and update.workflow == Update.Workflow.PUBLISHED:
        return HttpResponseRedirect(reverse("admin:commitments_update_change", args=[update.pk]))
    milestone = milestone_of(request.user, update.milestone.code)
    if request.method != "POST" and update.workflow == Update.Workflow.SUBMITTED:
        return submitted(request, update, milestone)
    return Report(request, milestone, update).answer()


def submitted(request, update, milestone):
    """Show what waits for SGP, and what its author, or SGP, can do with it."""
    seen = version_of(update)
    first = actions.first_reading(update)
    return page(
        request,
        "submitted",
        _("Submitted"),
        **head(milestone, update),
        update=update,
        seen=seen,
        words=columns_in_words(update),
        evidence=update.evidence.select_related("document"),
        submission=actions.last_submission(update),
        first=first,
        may_take_back=first is None and actions.is_author(request.user, update),
        may_review=may(request.user, "return", update),
    )


# Reviewing.


def review(request, code):
    """Read what was submitted beside what was published last, with the two acts; keep who opened it first."""
    update = update_of(request.user, code)
    if not may(request.user, "return", update):
        raise PermissionDenied
    if update.workflow != Update.Workflow.SUBMITTED:
        return HttpResponseRedirect(reverse("admin:commitments_update_change", args=[update.pk]))
    # The version is read first: no older words stand with a newer version.
    seen = version_of(update)
    update = update_of(request.user, code)
    first = actions.open_to_read(request.user, update)
    about = head(milestone_of(request.user, update.milestone.code), update)
    submission = actions.last_submission(update)
    context = {
        "update": update,
        "seen": seen,
        "first": first,
        "submission": submission,
        "returned": actions.last_return(update),
        "evidence": update.evidence.select_related("document"),
        "words": columns_in_words(update),
        "last_words": columns_in_words(about["last"]) if about["last"] else [],
        "comment_form": CommentForm(initial={"seen": seen}),
        "may_publish": may(request.user, "publish", update),
        "begun": begun_for(update),
    }
    return page(request, "review", _("Review"), **about, **context)


def begun_for(update):
    """Return the reason that the author of a correction gave; '' of any other update."""
    if update.corrects_id is None:
        return ""
    changed = {"changes__model": update._meta.label_lower, "changes__object_id": update.pk}
    first = Entry.objects.filter(**changed).order_by("pk").first()
    return first.reason if first else ""
