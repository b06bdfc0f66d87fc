"""The pages of a report that is being written: opening, board, card, check list; and the card given out.

Each is of the admin, and asks `may()` as its other pages do.
"""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from faces.admin.sending import BUSY
from faces.admin.versions import FIELD, Opening, Sent, page_of
from plans.models import Plan, Report
from record.actions import IsPublished, Newer, version_of
from record.dates import today
from record.publication import Status
from record.rights import may, visible_to
from record.writing import SentTwice, WriteRefused, writing

from ..models import Assessment, Commitment, Update
from ..reporting.kept import take
from ..reporting.views import NO_TELEPHONE, TYPED_BEFORE
from . import acts
from .checking import items_of
from .doubts import doubts
from .filling import last_cards
from .forms import CardForm, GiveForm, OpenForm, PublishForm, TextsForm, WhichForm
from .reading import (
    board_of,
    card_of,
    check_office,
    drafted_card_of,
    milestones_by_commitment,
    page,
    report_of,
)

OPENED = _("“%(name)s” was opened as a draft: its cards are on this board.")
PUBLISHED = _("“%(name)s” was published with all its cards.")
SAVED = _("“%(name)s” was saved.")
CLOSED = _("“%(name)s” was saved and closed.")
ALL_READY = _("No other card waits for you.")


# Opening.


def open_(request):
    """Ask whose report on which plan it is, then for what it says of itself; make it with its cards."""
    check_office(request.user)
    if not may(request.user, "add", Report):
        raise PermissionDenied
    plans = visible_to(request.user, Plan.objects.all()).order_by("-number")
    which = WhichForm(request.GET or None, plans=plans)
    if not (which.is_bound and which.is_valid()):
        return page(request, "which", _("Open a report"), Report._meta, form=which)
    plan, author = which.cleaned_data["plan"], which.cleaned_data["author"]
    before = _reports_before(request.user, plan, author)
    make_form = partial(OpenForm, user=request.user, before=before)
    show = partial(_opening_page, request, plan, author, before)
    opening = Opening(page_of(Report), by=request.user.pk)
    if request.method != "POST":
        typed = take(request)
        if typed is None:
            return show(make_form(), opening.seal())
        messages.warning(request, TYPED_BEFORE)
        return show(make_form(initial=_as_initial(typed)), opening.seal())
    sent = Sent(request.POST, Report, None, is_new=True)
    form = make_form(request.POST)
    if sent.refusal:
        form.add_error(None, sent.refusal)
    opened = request.POST.get(FIELD) if sent.opening else opening.seal()
    if not form.is_valid():
        return show(form, opened)
    try:
        report = _open_once(request, form, sent, {"plan": plan, "author": author})
    except ValidationError as refused:
        form.refuse(refused)
        return show(form, opened)
    messages.success(request, OPENED % {"name": report})
    return HttpResponseRedirect(reverse("cards:board", args=[report.slug]))


def _reports_before(user, plan, author):
    """Return the last published report of an author: on the same plan or, without one, on any."""
    rows = visible_to(user, Report.objects.published()).filter(author=author).exclude(card_form=[])
    rows = rows.order_by("-plan__number", "-cutoff_on", "slug")
    return rows.filter(plan=plan).first() or rows.first()


def _open_once(request, form, sent, of):
    """Make the report, once however often the form is sent; return it."""
    entry = sent.entry_of_other_words()
    if entry is None:
        try:
            with writing(request.user, form=sent.form):
                document = form.cleaned_data["document"]
                return acts.open_report(request.user, of | form.columns(), document, form.letter())
        except SentTwice:
            entry = sent.entry()
        except IntegrityError as error:
            # Somebody else is opening the same report, or writing the same letter, just now.
            raise WriteRefused(BUSY) from error
    change = entry.changes.filter(model=Report._meta.label_lower).order_by("pk").first()
    return visible_to(request.user, Report.objects.all()).get(pk=change.object_id)


def _opening_page(request, plan, author, before, form, opened):
    drafts = Report.objects.filter(plan=plan, author=author, status=Status.DRAFT)
    context = {
        "plan": plan,
        "author": Report.Author(author).label,
        "before": before,
        "drafts": visible_to(request.user, drafts).order_by("-cutoff_on", "slug"),
    }
    return page(request, "open", _("Open a report"), Report._meta, form=form, opened=opened, **context)


def _as_initial(typed):
    """Return what was typed before somebody signed in, as a form begins with it."""
    return typed.dict() | {"card_form": typed.getlist("card_form")}


# The board.


def board(request, slug):
    """Show the cards of a report, how far each is, and who has it; do what is asked with one of them."""
    report = report_of(request.user, slug)
    if request.method == "POST":
        return _act_on_board(request, report)
    found = board_of(request.user, report)
    may_write = found.is_draft and may(request.user, "change", report)
    context = {
        "report": report,
        "board": found,
        "may_write": may_write,
        "may_publish": found.is_draft and may(request.user, "publish", report),
        "waits_for_another": found.is_draft
        and may(request.user, "publish", Report)
        and not may(request.user, "publish", report),
        "next": found.after(),
    }
    return page(request, "board", report.title, Report._meta, **context)


def _act_on_board(request, report):
    """Do with a card what a button of the board asks for; lead back to the board."""
    user, data = request.user, request.POST
    cards = visible_to(user, Assessment.objects.filter(report=report)).select_related("report", "commitment")
    one = {
        "reopen": (acts.reopen_card, _("“%(name)s” was reopened.")),
        "take_back": (acts.take_card_back, _("“%(name)s” was taken back.")),
        "remove": (acts.remove_card, _("“%(name)s” was removed.")),
    }
    back = HttpResponseRedirect(reverse("cards:board", args=[report.slug]))
    try:
        if "drop" in data:
            acts.drop_report(user, report)
            messages.success(request, _("“%(name)s” was deleted.") % {"name": report})
            return HttpResponseRedirect(reverse("admin:index"))
        if "add" in data:
            rows = visible_to(user, Commitment.objects.said().filter(plan=report.plan_id))
            rows = list(rows.filter(code__in=data.getlist("commitment")).order_by("number"))
            made = acts.add_cards(user, report, rows)
            messages.success(request, _("Cards were added: %(n)s.") % {"n": len(made)})
            return back
        for name, (act, told) in one.items():
            code = data.get(name)
            if code and (card := cards.filter(commitment__code=code).first()):
                done = card.commitment.code
                act(user, card)
                messages.success(request, told % {"name": done})
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
    return back


# A card.


@dataclass
class Page:
    """The page of a card that is written: what was typed is saved once, over the version that was read."""

    request: object
    card: Assessment
    form_class: type

    @property
    def user(self):
        return self.request.user

    def form(self, data=None, **kwargs):
        return self.form_class(data, card=self.card, **kwargs)

    def opening(self):
        return Opening(page_of(Assessment, self.card.pk), by=self.user.pk).seal()

    def answer(self, write, after, show):
        """Show the page, or save what was sent and lead on.

        `write(values, seen)` saves, `after(form)` does what else a button asks for and answers, `show(form,
        opened, seen, stored)` shows.
        """
        data = self.request.POST
        if self.request.method != "POST":
            typed = take(self.request)
            if typed is None:
                return show(self.form(), self.opening(), version_of(self.card), None)
            messages.warning(self.request, TYPED_BEFORE)
            return show(self.form(initial=self.kept(typed)), self.opening(), typed.get("seen", ""), None)
        sent = Sent(data, Assessment, self.card.pk, is_new=False)
        form = self.form(data)
        if sent.refusal:
            form.add_error(None, sent.refusal)
        opened, seen, stored = data.get(FIELD) if sent.opening else self.opening(), data.get("seen", ""), None
        if form.is_valid():
            try:
                self.save(form, sent, write)
                # What else is asked for may be refused, and then speaks of what stands now.
                seen = version_of(self.card)
                return after(form)
            except ValidationError as refused:
                form.refuse(refused)
                if isinstance(refused, Newer):
                    # Whoever sends it again decides about what stands there now.
                    seen, stored = version_of(self.card), self.words_now()
        return show(form, opened, seen, stored)

    def kept(self, typed):
        """Return what was typed before its author signed in: a box that was not ticked is not sent."""
        return {name: False for name in ("has_card", "no_telephone")} | typed.dict()

    def save(self, form, sent, write):
        """Save what was typed, once however often it is sent."""
        if sent.entry():
            return
        reason = NO_TELEPHONE if form.numbers else ""
        try:
            with writing(self.user, reason, form=sent.form):
                write(form.values(), self.request.POST.get("seen") or None)
        except SentTwice:
            pass

    def words_now(self):
        """Return what the columns of the form say now, as (label, text)."""
        card = Assessment.everything.get(pk=self.card.pk)
        form = self.form()
        asked = [name for name in form.columns_of(card) if name in form.fields]
        said = {name: getattr(card, name) for name in asked} | {"level": card.get_level_display()}
        return [(form.fields[name].label, said[name]) for name in asked if said[name] not in ("", None)]


def card(request, slug, code):
    """Write a card: its level and its texts, beside what its milestones and the report before say."""
    user, found = request.user, card_of(request.user, slug, code)
    work = acts.work_of(found)
    if request.method == "POST" and "give" in request.POST:
        return _give(request, found)
    is_draft = found.report.status == Status.DRAFT and not found.report.is_annulled
    may_write = is_draft and may(user, "change", found) and not acts.is_closed(found)
    if request.method == "POST" and not may_write:
        refusal = IsPublished if not is_draft else acts.IsClosed
        messages.error(request, refusal.MESSAGE % {"name": found.commitment.code})
        return HttpResponseRedirect(request.path)
    given_to = work and work.given_to
    writer = Page(request, found, partial_form(CardForm, is_given=bool(given_to)))
    show = partial(_card_page, request, found, given_to, may_write)
    return writer.answer(
        lambda values, seen: acts.write_card(user, found, values, seen),
        partial(_after_card, request, found),
        show,
    )


def partial_form(form_class, **further):
    """Return a form class whose forms are made with some arguments more."""

    class Form(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **further, **kwargs)

    return Form


def _after_card(request, card, form):
    """Do what else was asked for, and lead to the page that follows."""
    told = SAVED
    if "_close" in request.POST:
        acts.close_card(request.user, card)
        told = CLOSED
    messages.success(request, told % {"name": card.commitment.code})
    if "_save" in request.POST:
        return HttpResponseRedirect(request.path)
    following = board_of(request.user, card.report).after(card)
    if following is None:
        messages.info(request, ALL_READY)
        return HttpResponseRedirect(reverse("cards:board", args=[card.report.slug]))
    args = [card.report.slug, following.commitment.code]
    return HttpResponseRedirect(reverse("cards:card", args=args))


def _give(request, card):
    form = GiveForm(request.POST, user=request.user)
    back = reverse("cards:card", args=[card.report.slug, card.commitment.code])
    if not form.is_valid():
        messages.error(request, _("Choose to whom its texts are given."))
        return HttpResponseRedirect(back)
    entity = form.cleaned_data["entity"]
    try:
        acts.give_card(request.user, card, entity)
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
        return HttpResponseRedirect(back)
    told = _("The texts of “%(name)s” were given to %(entity)s.") % {
        "name": card.commitment.code,
        "entity": entity,
    }
    messages.success(request, told)
    return HttpResponseRedirect(reverse("cards:board", args=[card.report.slug]))


def _card_page(request, card, given_to, may_write, form, opened, seen, stored):
    user, report = request.user, card.report
    found = board_of(user, report)
    at = next(place for place, line in enumerate(found.lines) if line.card.pk == card.pk)
    line = found.lines[at]
    context = {
        "report": report,
        "card": card,
        "line": line,
        "number": at + 1,
        "total": len(found.lines),
        "form": form,
        "opened": opened,
        "seen": seen,
        "stored": stored,
        "given_to": given_to,
        "may_write": may_write,
        "may_give": may_write and not given_to and may(user, "give", card),
        "give_form": GiveForm(user=user, leads=line.card.commitment.led_by),
        "beside": _beside(user, card),
        "words": [(label, text) for _row, label, _state, text in card.rows() if text],
    }
    return page(request, "card", card.commitment.code, Assessment._meta, **context)


def _beside(user, card):
    """Return what is read beside a card: milestones as they stood, what updates say, the card before."""
    report, commitment = card.report, card.commitment
    milestones = milestones_by_commitment(user, report, [commitment.pk])[commitment.pk]
    updates = Update.objects.as_of(min(report.cutoff_on, today()))
    updates = visible_to(user, updates.filter(milestone__in=milestones).select_related("report", "document"))
    last = {}
    for update in updates.latest_first():
        last.setdefault(update.milestone_id, update)
    before = last_cards(report).get(commitment.pk)
    return {
        "milestones": [(each, last.get(each.pk)) for each in milestones],
        "before": before,
        "words_before": before.rows() if before and before.has_card else [],
        "doubts": doubts(card, milestones),
    }


# A card that was given out.


def draft(request, slug, code):
    """Write the texts of a card that was given to an entity, and give it back."""
    user, found = request.user, drafted_card_of(request.user, slug, code)
    writer = Page(request, found, TextsForm)

    def after(form):
        if "_give_back" not in request.POST:
            messages.success(request, SAVED % {"name": found.commitment.code})
            return HttpResponseRedirect(request.path)
        acts.give_back(user, found)
        messages.success(request, _("“%(name)s” was given back to SGP.") % {"name": found.commitment.code})
        return HttpResponseRedirect(reverse("admin:index"))

    def show(form, opened, seen, stored):
        beside = _beside(user, found)
        context = {
            "report": found.report,
            "card": found,
            "form": form,
            "opened": opened,
            "seen": seen,
            "stored": stored,
            "beside": beside | {"doubts": []},
        }
        return page(request, "draft", _("Draft a card"), Commitment._meta, **context)

    return writer.answer(lambda values, seen: acts.draft_texts(user, found, values, seen), after, show)


# Publishing.


def publish(request, slug):
    """Show the check list of a report; publish it with all its cards, by one act with one reason."""
    user, report = request.user, report_of(request.user, slug)
    if not may(user, "publish", Report):
        raise PermissionDenied
    seen = acts.version_of_all(report)
    found = board_of(user, report)
    if not found.is_draft:
        return HttpResponseRedirect(reverse("admin:plans_report_change", args=[report.pk]))
    items = items_of(found)
    warns = any(item.warns for item in items)
    is_sent = request.method == "POST"
    form = PublishForm(request.POST if is_sent else None, warns=warns, initial={"seen": seen})
    if is_sent and form.is_valid():
        try:
            acts.publish_report(user, report, form.cleaned_data["reason"], form.cleaned_data["seen"])
            messages.success(request, PUBLISHED % {"name": report})
            if not report.plan.is_public:
                told = _("The public sees it once what it belongs to is published.")
                messages.info(request, told)
            return HttpResponseRedirect(reverse("cards:board", args=[report.slug]))
        except ValidationError as refused:
            form.refuse(refused)
            # The list below says what stands now.
            form.data = form.data.copy()
            form.data["seen"] = seen
    context = {
        "report": report,
        "board": found,
        "items": items,
        "forbids": any(item.forbids and not item.is_met for item in items),
        "form": form,
        "may_publish": may(user, "publish", report),
    }
    return page(request, "publish", _("Publish the report"), Report._meta, **context)
