"""The entries of the table of kinds for what was promised and how it went, and for entities."""

from collections import defaultdict

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from plans.models import Report
from record.kinds import Found, Kind, Listed, Subject
from record.search import SEARCH_FIELDS
from record.text import LANGUAGES, Text, texts_of

from . import api, filters, gaps
from .codes import FINDING_LABELS
from .models import (
    Assessment,
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    Evidence,
    Finding,
    Milestone,
    MilestoneResponsible,
    PolicyArea,
    Responsibility,
    Update,
)
from .models.evidence import OWNERS
from .models.responsibility import answered_by
from .models.state import CommitmentState


def in_both(*names):
    """Return the columns of some texts in both languages."""
    return [f"{name}_{lang}" for name in names for lang in LANGUAGES]


def led_by(entities):
    """Return the pks of the commitments that some entities lead or co-lead."""
    return Commitment.objects.led_by(entities).values("pk")


def answered_by_any(entities):
    """Return the pks of the public milestones for which some entities answer."""
    return Milestone.objects.published().filter(answered_by(entities)).order_by().values("pk")


def texts_of_commitment(commitment, said):
    """Yield what a commitment is found by beside its title: its own texts, its cards', then who leads it."""
    yield from texts_of(commitment, *Commitment.search_columns[1:])
    for title in commitment.titles_read:
        yield Text(title.title, title.language)
    for item in commitment.items_read:
        yield from texts_of(item, "text")
    for card in commitment.cards_read:
        for row in Assessment.ROWS:
            yield Text(getattr(card, row), card.report.document.language)
    for lead in commitment.leads:
        yield from texts_of_lead(lead)


def texts_of_lead(lead):
    """Yield the names of who leads a commitment: the entity's own with its acronym, then as printed."""
    if entity := lead.entity:
        for name in texts_of(entity, "name"):
            yield name.like(f"{name} ({entity.acronym})") if entity.acronym else name
        yield from names_of(entity)
    yield Text(lead.name_as_printed, lead.document.language)


def texts_of_milestone(milestone, updates):
    yield from texts_of(milestone, *Milestone.search_columns[1:])
    for update in updates or ():
        yield from texts_of(update, *Update.search_columns)


def names_of(entity):
    for name in entity.names.all():
        yield Text(name.spelling, name.language)


def read_commitments(rows):
    # What many rows name, such as entities and documents, is read once and shared, not joined to each.
    reports = Report.everything.select_related("document").only("document__language")
    cards = Assessment.objects.published().only("commitment", "report", *Assessment.ROWS)
    cards = cards.prefetch_related(Prefetch("report", reports))
    named = Prefetch("entity", Entity.everything.defer(*SEARCH_FIELDS).prefetch_related("names"))
    leads = Responsibility.objects.leading().defer(*SEARCH_FIELDS)
    leads = leads.prefetch_related(named, "report", "document")
    return rows.select_related("plan", "document").prefetch_related(
        "further_sources__document",
        Prefetch("responsibilities", leads),
        # In lists of their own, which Django fills at a fraction of the cost.
        Prefetch("titles", to_attr="titles_read"),
        Prefetch("items", to_attr="items_read"),
        Prefetch("assessments", cards, to_attr="cards_read"),
    )


def cards_shown(pks, on):
    """Return {pk: the card that sets the level shown} of some commitments on a day (rule 2)."""
    shown = CommitmentState.objects.on(on).filter(commitment__in=pks)
    cards = Assessment.objects.judging(on).filter(pk__in=shown.values("assessment"))
    return {card.commitment_id: card for card in cards.order_by()}


def updates_on(pks, on):
    """Return {pk: the updates as of a day, the first of them first} of some milestones."""
    found = defaultdict(list)
    updates = Update.objects.as_of(on).filter(milestone__in=pks).defer(*SEARCH_FIELDS)
    for update in updates.order_by("as_of", "number"):
        found[update.milestone_id].append(update)
    return found


KINDS = [
    Kind(
        model=Commitment,
        key=("plan", "number"),
        public_id="code",
        named_with=("plan",),
        listed=Listed(
            place=1,
            name="commitment",
            path="commitments",
            viewset=api.CommitmentViewSet,
            label=_("Commitments"),
            what=_("What was promised, with who answers for it and the level shown"),
        ),
        found=Found(
            place=1,
            filterset=filters.CommitmentFilters,
            title="title",
            texts=texts_of_commitment,
            read=read_commitments,
            said=cards_shown,
            plan=lambda row: row.plan,
        ),
        list_page="commitments:commitment-list",
        has_page=True,
        gaps=gaps.OF_COMMITMENTS,
        plan="plan",
        of_entities=lambda entities: Q(pk__in=led_by(entities)),
    ),
    Kind(model=CommitmentSource, key=("commitment", "document", "place")),
    Kind(model=CommitmentTitle, key=("commitment", "title", "document")),
    Kind(model=CommitmentItem, key=("commitment", "kind", "order")),
    Kind(
        model=Responsibility,
        key=("commitment", "report", "role", "order"),
        of_entities=lambda entities: Q(commitment__in=led_by(entities)),
    ),
    Kind(
        model=Assessment,
        key=("report", "commitment"),
        public_id="public_id",
        named_with=("report", "commitment"),
        listed=Listed(
            place=3,
            name="assessment",
            path="assessments",
            viewset=api.AssessmentViewSet,
            label=_("Compliance cards"),
            what=_("What each report says of each commitment, card by card"),
        ),
        gaps=gaps.OF_ASSESSMENTS,
        plan="report__plan",
        subject=Subject.CARD,
        drafted=tuple(Assessment.ROWS),
        given_to=lambda entities: Q(work__given_to__in=entities),
    ),
    Kind(
        model=Milestone,
        key=("commitment", "number"),
        public_id="code",
        named_with=("commitment__plan",),
        listed=Listed(
            place=2,
            name="milestone",
            path="milestones",
            viewset=api.MilestoneViewSet,
            label=_("Milestones"),
            what=_("The steps of a commitment, with their dates, state and days late"),
        ),
        found=Found(
            place=7,
            filterset=filters.MilestoneFilters,
            title="activity",
            texts=texts_of_milestone,
            read=lambda rows: rows.select_related("commitment__plan", "document").defer(
                *(f"commitment__{name}" for name in SEARCH_FIELDS)
            ),
            said=updates_on,
            plan=lambda row: row.commitment.plan,
        ),
        gaps=gaps.OF_MILESTONES,
        plan="commitment__plan",
        of_entities=lambda entities: Q(pk__in=answered_by_any(entities)),
    ),
    Kind(
        model=MilestoneResponsible,
        key=("milestone", "order"),
        of_entities=lambda entities: Q(milestone__in=answered_by_any(entities)),
    ),
    Kind(
        model=Update,
        key=("milestone", "number"),
        public_id="code",
        named_with=("milestone",),
        listed=Listed(
            place=4,
            name="update",
            path="updates",
            viewset=api.UpdateViewSet,
            label=_("Progress updates"),
            what=_("What was reported of a milestone on one day"),
        ),
        subject=Subject.REPORTED,
        focal_point_edits=Update.STATEMENT,
        about=("milestone", "corrects"),
        of_entities=lambda entities: Q(milestone__in=answered_by_any(entities)),
        settled=Update.settled(),
    ),
    Kind(
        model=Finding,
        key=("commitment", "measure", "document"),
        labels=lambda: dict.fromkeys(("measure", "scale", "value"), FINDING_LABELS),
    ),
    Kind(
        model=Evidence,
        key=("code",),
        public_id="code",
        listed=Listed(
            place=5,
            name="evidence",
            path="evidence",
            viewset=api.EvidenceViewSet,
            label=_("Evidence"),
            what=_("The links and files that prove something"),
        ),
        subject=Subject.REPORTED,
        focal_point_edits=(
            *("milestone", "update", "url", "upload", *in_both("title"), "unofficial"),
            *("document", "place"),
        ),
        # What a focal point proves is a milestone, or what he says of it.
        about=tuple(OWNERS),
        of_entities=lambda entities: (
            Q(milestone__in=answered_by_any(entities)) | Q(update__milestone__in=answered_by_any(entities))
        ),
        settled=Q(update__workflow=Update.Workflow.SUBMITTED),
    ),
    Kind(
        model=Entity,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=8,
            name="entity",
            path="entities",
            viewset=api.EntityViewSet,
            label=_("Entities"),
            what=_("The institutions, with every spelling of their names"),
        ),
        found=Found(
            place=2,
            filterset=filters.EntityFilters,
            title="name",
            texts=lambda entity, said: names_of(entity),
            read=lambda rows: rows.prefetch_related("names__document"),
        ),
        list_page="entities:entity-list",
        has_page=True,
        gaps=gaps.OF_ENTITIES,
        of_entities=lambda entities: Q(pk__in=entities),
    ),
    Kind(
        model=PolicyArea,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=15,
            name="policy-area",
            path="policy-areas",
            viewset=api.PolicyAreaViewSet,
            label=_("Policy areas"),
            what=_("The tags that the OGP gives to commitments"),
        ),
    ),
]

# Lists of the API whose rows are no rows of the record.
CODE_LISTS = [
    Listed(
        place=16,
        name="level",
        path="levels",
        viewset=api.LevelViewSet,
        label=_("Levels"),
        what=_("The levels of completion, in their order"),
    ),
    Listed(
        place=17,
        name="code",
        path="codes",
        viewset=api.CodeViewSet,
        label=_("Codes"),
        what=_("Every code of the data with its words in both languages"),
    ),
]
