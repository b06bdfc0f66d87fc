"""Starting a new plan: the draft with its norm and its period, in one entry of the log."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from record.actions import Refused, allow, check_texts
from record.models import Act
from record.publication import Status
from record.text import LANGUAGES
from record.writing import writing

from .models import Plan, PlanPeriod, Section

# How long a plan of the OGP lasts, in years.
TWO, FOUR = 2, 4
# The heading of what the source says of a refresh.
REFRESH_ES, REFRESH_EN = "Actualización a mitad del plan", "Refresh midway"
NOTE_ES, NOTE_EN = "El título es de este portal.", "The heading is this portal's."


class NumberTaken(Refused):
    MESSAGE = _("There is a plan %(name)s already: go on with that one.")
    CODE = "number_taken"


def next_number():
    """Return the number after that of the last plan, drafts and annulled ones among them."""
    last = Plan.everything.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def end_of(starts_on, years):
    """Return the last day of a plan that lasts some years from its first day."""
    try:
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    except ValueError:
        # From a 29 February to a year that has none.
        return date(starts_on.year + years, 2, 28)


def start_plan(by, *, norm, place, period, refresh="", refresh_place="", **says):
    """Add the draft of a plan with its period as printed; return it.

    `norm` is a Document, or a `Norm` that was typed; `says` has columns of the plan. `refresh` is what the
    source says of a refresh midway, in Spanish, which becomes a section of the plan's own text. Raises
    PermissionDenied, NumberTaken, and ValidationError where what is said is none.
    """
    allow(by, "add", Plan)
    check_texts(says | {"period": period, "refresh": refresh})
    with writing(by, act=Act.EDIT):
        if Plan.everything.filter(number=says["number"]).exists():
            raise NumberTaken(str(says["number"]))
        is_typed = hasattr(norm, "document")
        document = norm.document() if is_typed else norm
        # Of a translation of ours nobody could tell in the plan that it is one.
        of_norm = {
            f"approval_norm_{lang}": getattr(document, f"title_{lang}")
            for lang in LANGUAGES
            if not document.is_unofficial(f"title_{lang}")
        }
        of_norm["approved_on"] = norm.on if is_typed else document.published_on
        plan = Plan(status=Status.DRAFT, document=document, place=place, **of_norm | says)
        plan.full_clean()
        plan.save()
        period = PlanPeriod(plan=plan, as_printed=period, starts_on=plan.starts_on, ends_on=plan.ends_on)
        parts = [(period, place)]
        if refresh:
            section = Section(plan=plan, kind=Section.Kind.PROCESS, text_es=refresh)
            section.slug = f"{plan.number}-plan-actualizacion"
            section.heading_es, section.heading_en = REFRESH_ES, REFRESH_EN
            section.note_es, section.note_en = NOTE_ES, NOTE_EN
            parts.append((section, refresh_place or place))
        for row, row.place in parts:
            row.document = document
            row.full_clean()
            row.save()
    return plan
