"""A new plan: started, gone on with, and published; each is a page of the desk."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entities.models import Entity
from faces.admin import ReasonForm
from faces.admin.forms import CleanField, day_field
from plans.forms import NormFields
from plans.models import Plan
from plans.publishing import by_themselves, changes_since, counted, drafts_of, publish_plan, version_of_plan
from plans.starting import FOUR, TWO, end_of, next_number, start_plan
from record.dates import today
from record.publication import Status
from record.rights import may, name_of_account, sees_drafts, visible_to

from . import making, preview

# So many changes since it was looked at are told one by one.
MOST_TOLD = 20


class StartForm(NormFields):
    """What is known of a plan on its first day: its number, its norm and its period."""

    bound_field_class = CleanField

    number = forms.IntegerField(label=gettext_lazy("Number of the plan"), min_value=1, max_value=39)
    title_es = forms.CharField(label=gettext_lazy("Title in Spanish"), max_length=250)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Only if a document prints it."),
    )
    period = forms.CharField(
        label=gettext_lazy("Period as printed"),
        max_length=100,
        help_text=gettext_lazy("As the norm or the plan prints it, for example: 2026-2027."),
    )
    starts_on = day_field(gettext_lazy("First day"), required=True)
    years = forms.TypedChoiceField(
        label=gettext_lazy("How long it lasts"),
        coerce=int,
        choices=[(TWO, gettext_lazy("Two years")), (FOUR, gettext_lazy("Four years"))],
        initial=TWO,
    )
    ends_on = day_field(
        gettext_lazy("Last day"),
        help_text=gettext_lazy("Left empty, it is offered from the first day; then send the form once more."),
    )
    refresh = forms.CharField(
        label=gettext_lazy("Refresh midway, in the words of the source"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only of a plan of four years whose norm or text says so."),
    )
    refresh_place = forms.CharField(
        label=gettext_lazy("Where the source says so"), required=False, max_length=250
    )
    coordinator = forms.ModelChoiceField(
        None, label=gettext_lazy("Entity that coordinates it"), required=False
    )
    field_order = [
        *("number", "title_es", "title_en", "norm", "norm_kind", "norm_number", "norm_on", "place"),
        *("period", "starts_on", "years", "ends_on", "refresh", "refresh_place", "coordinator"),
    ]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_norms(user)
        entities = visible_to(user, Entity.objects.in_reading_order())
        self.fields["coordinator"].queryset = entities
        # Until now the same office coordinated each plan.
        last = visible_to(user, Plan.objects.exclude(coordinator=None)).order_by("-number").first()
        self.fields["coordinator"].initial = last and last.coordinator_id

    def clean(self):
        cleaned = super().clean()
        self.check_norm()
        starts_on, years = cleaned.get("starts_on"), cleaned.get("years")
        if starts_on and years and not cleaned.get("ends_on") and "ends_on" not in self.errors:
            offered = end_of(starts_on, years)
            self.data = self.data.copy()
            self.data["ends_on"] = offered.isoformat()
            words = _("%(day)s is offered: correct it if the source prints another, and send it once more.")
            self.add_error("ends_on", words % {"day": date_format(offered)})
        if starts_on and cleaned.get("ends_on") and cleaned["ends_on"] < starts_on:
            self.add_error("ends_on", _("It ends before it starts."))
        if cleaned.get("refresh") and years == TWO:
            self.add_error("refresh", _("A plan of two years has no refresh midway."))
        return cleaned

    def says(self):
        """Return what `start_plan()` takes."""
        cleaned = dict(self.cleaned_data)
        norm = self.norm_in(cleaned)
        for name in ("norm", "norm_kind", "norm_number", "norm_on", "years"):
            cleaned.pop(name)
        return cleaned | {"norm": norm}


class PublishForm(ReasonForm):
    """Asks for the reason and, where something is missing, whether it is published so."""

    confirmed = forms.BooleanField(label=gettext_lazy("I read what is missing. It is published so."))
    field_order = ["seen", "confirmed", "reason"]

    def __init__(self, *args, asks, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["confirmed"]


# The pages.


def start(request):
    """Start a new plan: one form, one entry of the log; then its page opens."""
    user = request.user
    if not may(user, "add", Plan):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = StartForm(request.POST if is_sent else None, user=user, initial={"number": next_number()})
    if is_sent and form.is_valid():
        try:
            plan = start_plan(user, **form.says())
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            admin.site.get_model_admin(Plan).log_addition(request, plan, _("Started"))
            messages.success(request, _("The draft of “%(name)s” was started.") % {"name": plan})
            return HttpResponseRedirect(making.address_of(plan))
    context = {"title": _("Start a new plan"), "form": form}
    return page(request, "admin/desk/start_plan.html", context)


def plan_page(request, number):
    """Show a plan at the desk: its drafts, what they lack, where they are written and looked at."""
    user, plan = request.user, plan_of(request.user, number)
    drafts, lacks = making.listed(user, plan), making.lacks(user, plan, today())
    has_drafts = bool(drafts) or plan.status == Status.DRAFT
    context = {
        "title": title_of(plan, drafts),
        "plan": plan,
        "is_draft": plan.status == Status.DRAFT,
        "drafts": drafts,
        "lacks": lacks,
        "addresses": making.addresses(plan),
        "previews": preview.addresses(plan) if has_drafts else [],
        "writes": may(user, "add", Plan),
        "publishes": has_drafts and may(user, "publish", Plan),
    }
    return page(request, "admin/desk/plan.html", context)


def title_of(plan, drafts):
    """Return the title of a plan's page: in the making, added to, or published."""
    title = _("Plan %(number)s, published")
    if plan.status == Status.DRAFT:
        title = _("Plan %(number)s in the making")
    elif drafts:
        title = _("Plan %(number)s: what is added to it")
    return title % {"number": plan.roman}


def publish(request, number):
    """Show what publishing does, with the list of what is missing; do it, all or nothing."""
    user, plan = request.user, plan_of(request.user, number)
    if not may(user, "publish", Plan):
        raise PermissionDenied
    # Read first: no older words stand with a newer version.
    seen = version_of_plan(plan)
    rows = drafts_of(plan)
    if not rows:
        messages.warning(request, _("Nothing of “%(name)s” is a draft.") % {"name": plan})
        return HttpResponseRedirect(making.address_of(plan))
    lacks = making.lacks(user, plan, today())
    musts = [lack for lack in lacks if lack.is_must]
    own = own_words(user, rows)
    is_possible = not musts and not own
    asks = any(not lack.is_must for lack in lacks)
    is_sent, news = request.method == "POST", []
    form = PublishForm(request.POST if is_sent else None, asks=asks, initial={"seen": seen})
    if is_sent and is_possible and form.is_valid():
        try:
            publish_plan(user, plan, form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
        except ValidationError as refused:
            news = told(user, changes_since(plan, form.cleaned_data["seen"]))
            data = request.POST.copy()
            data["seen"] = seen
            form = PublishForm(data, asks=asks)
            form.is_valid()
            form.add_error(None, refused.messages)
        else:
            return published(request, plan, rows)
    is_draft = plan.status == Status.DRAFT
    title = _("Publish plan %(number)s") if is_draft else _("Publish what is added to plan %(number)s")
    context = {
        "title": title % {"number": plan.roman},
        "plan": plan,
        "page": making.address_of(plan),
        "counted": counted(rows),
        "musts": musts,
        "lacks": [lack for lack in lacks if not lack.is_must],
        "own": own,
        "is_possible": is_possible,
        "news": news,
        "form": form,
        "previews": preview.addresses(plan),
    }
    return page(request, "admin/desk/publish_plan.html", context)


def plan_of(user, number):
    """Return a plan by its number, for whoever sees drafts; a plan that he does not see is not there."""
    if not sees_drafts(user, Plan):
        raise PermissionDenied
    plans = visible_to(user, Plan.objects.filter(number=number))
    plan = plans.select_related("coordinator", "document").first()
    if plan is None:
        raise Http404
    return plan


def own_words(user, rows):
    """Return those of some rows that another publisher has to publish, as this one wrote them."""
    return [row for row in by_themselves(rows) if not may(user, "publish", row)]


def told(user, changes):
    """Return what some changes did, as sentences."""
    found = list(changes[:MOST_TOLD])
    for change in found:
        change.who = name_of_account(change.entry, user) or "–"
    return found


def published(request, plan, rows):
    """Say what was published, and lead to the plan's page."""
    plans = admin.site.get_model_admin(Plan)
    plans.log_change(request, plan, _("Published"))
    of_it = len([row for row in rows if not isinstance(row, Plan)])
    words = ngettext(
        "“%(name)s” is public with %(count)s commitment.",
        "“%(name)s” is public with %(count)s commitments.",
        of_it,
    )
    messages.success(request, words % {"name": plan, "count": of_it})
    return HttpResponseRedirect(making.address_of(plan))


def page(request, template, context):
    """Answer with a page of the desk."""
    request.current_app = admin.site.name
    return TemplateResponse(request, template, admin.site.each_context(request) | context)


def address_of_start():
    """Return the address of the page on which a plan is started."""
    return reverse("admin-plan-start")
