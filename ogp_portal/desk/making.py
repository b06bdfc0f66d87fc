"""What is in the making of a plan: its drafts, and what they lack, as rules that live elsewhere say it."""

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.answering import name_leads
from commitments.making import plans_in_the_making
from commitments.models import Commitment, Milestone
from faces.admin import MissingText
from plans.models import Plan, Recommendation
from plans.publishing import refusals
from record.kinds import kind_of
from record.publication import Status
from record.rights import may, visible_to

from .section import MOST, Section, first_of, list_address

# What a promise that nobody judged or reported on yet may lack, of what the table of kinds counts.
ASKED = {
    Commitment: ("institution", "period", "milestones", "text", "theme"),
    Milestone: ("end", "responsible"),
}
LANGUAGES = ("es", "en")


@dataclass(frozen=True)
class Lack:
    """Something that drafts lack: the first `lines` of it, (words, address where it is mended).

    What `is_must` has to be mended before they are published; the rest is asked to be confirmed.
    """

    title: str
    total: int
    lines: list
    is_must: bool = False

    @property
    def more(self):
        """How many lines are left out."""
        return self.total - len(self.lines)


def drafts(user, plan):
    """Return the commitments of a plan that are drafts and that a user sees, in their order."""
    rows = visible_to(user, Commitment.objects.filter(plan=plan, status=Status.DRAFT))
    return rows.select_related("plan").order_by("number")


def section(user):
    """Return the Section of the desk with the plans in the making, and the way to start one."""
    total, lines = first_of(plans_in_the_making(user))
    for plan in lines:
        plan.drafts_count = drafts(user, plan).count()
        plan.page = address_of(plan)
        has_drafts = plan.drafts_count or plan.status == Status.DRAFT
        plan.publish_page = has_drafts and may(user, "publish", Plan) and addresses(plan)["publish"]
    return Section(
        slug="making",
        title=_("Plans in the making"),
        template="making",
        total=total,
        lines=lines,
        empty=_("No plan is in the making."),
    )


def address_of(plan):
    """Return the address of the desk's page of a plan."""
    return reverse("admin-plan", args=[plan.number])


def address_of_row(row):
    """Return the address of the page on which a row is changed."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def listed(user, plan):
    """Return the drafts of a plan as the page lists them: who leads, how many milestones."""
    rows = list(drafts(user, plan).without_texts())
    name_leads(user, rows)
    milestones = visible_to(user, Milestone.objects.filter(commitment__in=[row.pk for row in rows]))
    counts = {
        pk: len(list(of_it))
        for pk, of_it in groupby(milestones.order_by("commitment").values_list("commitment", flat=True))
    }
    for row in rows:
        row.milestones_count = counts.get(row.pk, 0)
        row.page = address_of_row(row)
    return rows


# What is missing.


def lacks(user, plan, on):
    """Return the Lacks of what is a draft of a plan: what must be mended first, then what is confirmed."""
    commitments = drafts(user, plan)
    keys = commitments.order_by().values("pk")
    milestones = visible_to(user, Milestone.objects.filter(commitment__in=keys))
    milestones = milestones.select_related("commitment__plan")
    found = [
        *refused(plan),
        *(of_plan(plan) if plan.status == Status.DRAFT else []),
        *without_commitments(plan, commitments),
        *without_norm(user, plan, commitments),
        *(lack for rows in (commitments, milestones) for lack in gaps(rows, on)),
        *numbering(user, plan, commitments, milestones),
        *naming_drafts(user, commitments),
        *(lack for rows in (commitments, milestones) for lack in languages(rows)),
    ]
    return [lack for lack in found if lack.total]


def lack(title, rows, is_must=False):
    """Return the Lack of some rows, a queryset."""
    total, first = first_of(rows)
    return Lack(title, total, [(str(row), address_of_row(row)) for row in first], is_must)


def refused(plan):
    """Return the Lacks for which publishing would be refused, as whoever refuses it says them."""
    return [
        Lack(sentence, 1, [(str(row), address_of_row(row))], is_must=True)
        for row, sentences in refusals(plan)
        for sentence in sentences
    ]


def of_plan(plan):
    """Return what the plan itself lacks."""
    wanted = ("starts_on", "ends_on", "approval_norm_es", "coordinator", "title_en")
    names = [plan._meta.get_field(name).verbose_name for name in wanted if not getattr(plan, name)]
    lines = [(", ".join(map(str, names)), address_of_row(plan))] if names else []
    return [Lack(_("The plan does not say"), len(lines), lines)]


def without_commitments(plan, commitments):
    """Return the Lack of a plan that would be published without any commitment."""
    is_empty = plan.status == Status.DRAFT and not commitments.exists()
    lines = [(str(plan), address_of(plan))] if is_empty else []
    return [Lack(_("The plan has no commitment yet"), len(lines), lines)]


def without_norm(user, plan, commitments):
    """Return the Lack of what is added to a plan in force without the norm that does so."""
    others = visible_to(user, Commitment.objects.filter(plan=plan, status=Status.PUBLISHED))
    rows = commitments.filter(in_plan_norm=None) if others.exists() else commitments.none()
    return [lack(_("Added to a plan with commitments in force, without the norm that does so"), rows)]


def gaps(rows, on):
    """Return the Lacks that the table of kinds knows of some rows."""
    known = {gap.slug: gap for gap in kind_of(rows.model).gaps}
    return [lack(str(known[slug].title), known[slug].narrow(rows, on)) for slug in ASKED[rows.model]]


def languages(rows):
    """Return the Lacks of texts that are in one language only."""
    name = capfirst(rows.model._meta.verbose_name_plural)
    return [
        lack(f"{name}: {MissingText.CHOICES[lang]}", rows.filter(MissingText.condition(rows.model, lang)))
        for lang in LANGUAGES
    ]


def numbering(user, plan, commitments, milestones):
    """Return the Lacks of numbers that are left out, among the commitments and among their milestones."""
    taken = visible_to(user, Commitment.objects.everything().filter(plan=plan))
    add = reverse("admin:commitments_commitment_add", query={"plan": plan.pk})
    missing = [
        (f"{plan.number}-{number}", add) for number in left_out(taken.values_list("number", flat=True))
    ]
    found = [Lack(_("Numbers of commitments that are left out"), len(missing), missing[:MOST])]
    missing = []
    pairs = milestones.order_by("commitment__number", "number")
    for commitment, rows in groupby(pairs, key=lambda row: row.commitment):
        numbers = left_out([row.number for row in rows])
        missing += [(f"{commitment.code}-{number}", address_of_row(commitment)) for number in numbers]
    return [*found, Lack(_("Numbers of milestones that are left out"), len(missing), missing[:MOST])]


def left_out(numbers):
    """Return the numbers from 1 to the last one of some that are not among them."""
    taken = set(numbers)
    return [number for number in range(1, max(taken, default=0)) if number not in taken]


def naming_drafts(user, commitments):
    """Return the Lack of drafts that name a recommendation which stays a draft: readers would not see it."""
    named = visible_to(user, Recommendation.objects.exclude(Recommendation.public()))
    rows = commitments.filter(pk__in=named.order_by().values("commitments"))
    return [lack(_("They follow a recommendation that is not published"), rows)]


# Where work goes on.


def addresses(plan):
    """Return the addresses where the drafts of a plan are written: by file, and by hand."""
    return {
        "import_commitments": reverse("admin:commitments_commitment_import"),
        "import_milestones": reverse("admin:commitments_milestone_import"),
        "add": reverse("admin:commitments_commitment_add", query={"plan": plan.pk}),
        "list": list_address(Commitment, plan__id__exact=plan.pk),
        "edit": address_of_row(plan),
        "publish": reverse("admin-plan-publish", args=[plan.number]),
    }
