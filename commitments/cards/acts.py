"""What people do with a report and its cards: open it, write cards, give and close them, publish all at once.

As in `record/actions.py`, `by` is a user or None for a command, and `seen` the version that was read.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from plans.models import Report
from record.actions import (
    IsAnnulled,
    IsPublished,
    Newer,
    Refused,
    acting,
    allow,
    check_reason,
    check_texts,
    publish,
    version_of,
)
from record.models import Act, Change
from record.publication import Status
from record.writing import name_of, required, writing

from ..letters import PLACE, drop_unused
from ..models import Assessment, CardWork
from .filling import cards_wanted, fill

# What the opening of a report asks for.
OPENING = (
    *("plan", "author", "stage", "coverage", "card_form", "title_es", "title_en"),
    *("cutoff_on", "cutoff_as_printed", "is_cutoff_inferred"),
)
# What the secretariat says on a card; its texts may be another's for a while.
JUDGED = ("level", "level_as_printed", "has_card", "new_end_on", "delay_reason_from")
TEXTS = tuple(Assessment.ROWS)


class IsGiven(Refused):
    MESSAGE = _("The texts of “%(name)s” are with %(entity)s: take the card back first.")
    CODE = "is_given"


class IsNotGiven(Refused):
    MESSAGE = _("“%(name)s” is with the secretariat: nobody else has it.")
    CODE = "is_not_given"


class IsClosed(Refused):
    MESSAGE = _("“%(name)s” is closed. Reopen it to change it.")
    CODE = "is_closed"


class LevelNeeded(Refused):
    MESSAGE = _("“%(name)s” has no level yet: a card without one cannot be closed.")
    CODE = "level_needed"


class HasCard(Refused):
    MESSAGE = _("“%(name)s” has a card in this report already.")
    CODE = "has_card"


class NobodyThere(Refused):
    MESSAGE = _("Nobody reports for %(entity)s: invite a focal point first.")
    CODE = "nobody_there"


# Opening.


def open_report(by, columns, document=None, letter=None):
    """Make the draft of a report and, of one of full coverage, the cards of all its commitments; return it.

    `columns` has those of OPENING; its source is `document`, or `letter` as it was typed. Raises
    PermissionDenied, IsAnnulled, and ValidationError where what is said is none.
    """
    if not set(columns) <= set(OPENING):
        raise PermissionDenied
    report = Report(status=Status.DRAFT, place=PLACE, **columns)
    allow(by, "add", report)
    with writing(by):
        if report.plan.is_annulled:
            raise IsAnnulled(str(report.plan))
        report.document = letter.document(None) if letter else document
        report.slug = free_slug(report)
        check_texts(columns)
        report.full_clean()
        report.save()
        if report.is_full:
            _make_cards(report, cards_wanted(report))
    return report


def free_slug(report):
    """Return a public identifier that no report has: plan, author, stage, and the day if that is taken."""
    by = {Report.Author.GOVERNMENT: "self-assessment"}.get(report.author, "report")
    author = "" if report.author == Report.Author.GOVERNMENT else report.author
    stem = slugify(f"{report.plan.number} {author} {report.stage} {by}".replace("_", "-"))
    taken = set(Report.everything.filter(slug__startswith=stem).values_list("slug", flat=True))
    tries = [stem, f"{stem}-{report.cutoff_on:%Y%m%d}"]
    tries += [f"{tries[1]}-{number}" for number in range(2, len(taken) + 3)]
    return next(slug for slug in tries if slug not in taken)


def add_cards(by, report, commitments):
    """Make the cards of some commitments of a draft; return the cards. Raises IsPublished and HasCard."""
    commitments = list(commitments)
    with acting(by, report, Act.EDIT, right="change") as found:
        _check_draft(found)
        for commitment in commitments:
            allow(by, "add", Assessment(report=found, commitment=commitment))
        judged = set(found.assessments.values_list("commitment", flat=True))
        if has := [each for each in commitments if each.pk in judged]:
            raise HasCard(has[0].code)
        return _make_cards(found, commitments)


def _make_cards(report, commitments):
    texts, cards = fill(report, commitments), []
    for commitment in commitments:
        card = Assessment(
            report=report,
            commitment=commitment,
            has_card=bool(report.card_form),
            document=report.document,
            place=place_of(report, commitment),
            **texts[commitment.pk],
        )
        card.full_clean()
        card.save()
        cards.append(card)
    return cards


def place_of(report, commitment):
    """Return where in a report the card of a commitment stands, in the language of its document."""
    number = commitment.label or commitment.number
    return f"Card of commitment {number}" if report.language == "en" else f"Ficha del compromiso {number}"


def remove_card(by, card, seen=None):
    """Delete the card of a draft, which has nothing to say. Raises IsPublished."""
    with acting(by, card, Act.EDIT, seen=seen, right="delete") as found:
        _check_draft(found.report)
        found.delete()


def drop_report(by, report):
    """Delete the draft of a report with its cards, and the letter that only it named. Raises IsPublished."""
    with acting(by, report, Act.EDIT, right="delete") as found:
        _check_draft(found)
        document = found.document
        for card in found.assessments.all():
            card.delete()
        found.delete()
        drop_unused(document)


# Writing a card.


def write_card(by, card, values, seen=None):
    """Change what the card of a draft says; return the card.

    `values` has columns of JUDGED and TEXTS. Raises IsPublished, IsClosed, and IsGiven where an entity has
    the texts just now.
    """
    if not set(values) <= {*JUDGED, *TEXTS}:
        raise PermissionDenied
    with acting(by, card, Act.EDIT, seen=seen, right="change") as found:
        _check_open(found)
        writes_texts = any(getattr(found, name) != values[name] for name in TEXTS if name in values)
        if writes_texts and (entity := entity_of(found)):
            raise IsGiven(name_of(found), entity=str(entity))
        return _write(found, values)


def draft_texts(by, card, values, seen=None):
    """Change the texts of a card that was given to an entity of his; return the card.

    `values` has columns of TEXTS that the report's form asks for: no level passes here.
    """
    if not set(values) <= set(TEXTS) & set(card.report.card_form):
        raise PermissionDenied
    with acting(by, card, Act.EDIT, seen=seen, right="draft") as found:
        _check_open(found)
        return _write(found, values)


def _write(card, values):
    check_texts(values)
    for column, value in values.items():
        setattr(card, column, value)
    card.full_clean()
    card.save()
    return card


# Closing, and undoing it; giving, and taking back. None of this is a word of the record.


def close_card(by, card, seen=None):
    """Say that a card is ready; return it. What is written in it later opens it again. Raises LevelNeeded."""
    with acting(by, card, Act.EDIT, seen=seen, right="change") as found:
        _check_draft(found.report)
        if entity := entity_of(found):
            raise IsGiven(name_of(found), entity=str(entity))
        if not found.level:
            raise LevelNeeded(name_of(found))
        changes = Change.objects.filter(model=Assessment._meta.label_lower, object_id=found.pk)
        last = changes.aggregate(last=Max("pk"))["last"] or 0
        _note(found, closed_by=by, closed_at=now(), closed_at_change=last)
    return found


def reopen_card(by, card):
    """Undo that a card was closed; return it."""
    with acting(by, card, Act.EDIT, right="change") as found:
        _check_draft(found.report)
        _note(found, **_OPEN)
    return found


def give_card(by, card, entity):
    """Give the texts of a card to an entity, whose focal points draft them; return the card.

    Raises IsGiven where another has it, and NobodyThere where nobody reports for the entity.
    """
    with acting(by, card, Act.EDIT, right="give") as found:
        _check_draft(found.report)
        if has := entity_of(found):
            raise IsGiven(name_of(found), entity=str(has))
        if not entity.memberships.filter(user__is_active=True).exists():
            raise NobodyThere(name_of(found), entity=str(entity))
        given_back = {"given_back_by": None, "given_back_at": None}
        _note(found, given_to=entity, given_by=by, given_at=now(), **given_back, **_OPEN)
    return found


def take_card_back(by, card):
    """Take a card back from the entity that has it, with what that wrote; return it. Raises IsNotGiven."""
    with acting(by, card, Act.EDIT, right="give") as found:
        if entity_of(found) is None:
            raise IsNotGiven(name_of(found))
        _note(found, given_to=None)
    return found


def give_back(by, card):
    """Give a card back to the secretariat, once its texts are drafted; return it. Raises IsNotGiven."""
    with acting(by, card, Act.EDIT, right="draft") as found:
        if entity_of(found) is None:
            raise IsNotGiven(name_of(found))
        _note(found, given_to=None, given_back_by=by, given_back_at=now())
    return found


_OPEN = {"closed_by": None, "closed_at": None, "closed_at_change": None}


def _note(card, **columns):
    # Whoever writes this holds the card.
    CardWork.objects.update_or_create(card=card, defaults=columns)


def work_of(card):
    """Return the CardWork of a card, None where nobody gave or closed it."""
    return CardWork.objects.filter(card=card).select_related("given_to").first()


def entity_of(card):
    """Return the entity that has the texts of a card; None where they are with the secretariat."""
    work = work_of(card)
    return work and work.given_to


def is_closed(card, seen=None):
    """Tell whether a card, as it is stored, was closed and not written since."""
    work = work_of(card)
    return bool(work and work.closed_at) and str(work.closed_at_change) == (seen or version_of(card))


def _check_draft(report):
    if report.is_annulled:
        raise IsAnnulled(str(report))
    if report.status == Status.PUBLISHED:
        raise IsPublished(str(report))


def _check_open(card):
    _check_draft(card.report)
    if is_closed(card):
        raise IsClosed(name_of(card))


# Publishing.


def version_of_all(report):
    """Return the version of a report with all its cards, as the text that its check list keeps."""
    cards = {Assessment: list(report.assessments.order_by("pk").values_list("pk", flat=True))}
    seen = Change.objects.seen(cards)
    return ".".join([version_of(report), *(f"{pk}-{number}" for (_model, pk), number in seen.items())])


def publish_report(by, report, reason, seen=None):
    """Publish a report with all its cards, in one entry with one reason; return it.

    `seen` is what `version_of_all()` said. Raises what `publish()` does, ReasonNeeded, and Newer where a card
    was written, added or removed since.
    """
    check_reason(reason)
    with acting(by, report, Act.PUBLISH, reason) as found:
        cards = found.assessments.order_by("pk").values_list("pk", flat=True)
        required("publishing a report").hold({Assessment: list(cards)})
        if seen is not None and seen != version_of_all(found):
            raise Newer(str(found))
        return publish(by, found, reason)
