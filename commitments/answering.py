"""Who answers for milestones, by name: for lists of the admin and the desk."""

from django.db.models import Exists, F, OuterRef

from entities.models import Entity
from record.order import alphabetical
from record.rights import visible_to
from record.search import fold

from .models import Milestone, MilestoneResponsible, Responsibility
from .models.responsibility import Answering


def name_answering(user, milestones):
    """Give each of some milestones `answering`: entities that a user may see, or names as printed.

    Three queries, however many there are.
    """
    rows = visible_to(user, Milestone.objects.filter(pk__in=[each.pk for each in milestones]))
    answering = Answering(rows)
    found = {each.pk: answering.of(each.pk, each.commitment_id) for each in milestones}
    keys = {key for who in found.values() for key in who if isinstance(key, int)}
    entities = visible_to(user, Entity.objects.all()).in_bulk(keys)
    for each in milestones:
        named = (entities.get(key) if isinstance(key, int) else key for key in found[each.pk])
        each.answering = [who for who in named if who is not None]


def name_leads(user, commitments):
    """Give each of some commitments `led_by`: entities or names as printed, as far as a user may see them."""
    rows = visible_to(user, Responsibility.objects.leading())
    rows = rows.filter(commitment__in=[each.pk for each in commitments]).select_related("entity")
    found = {}
    for row in rows.order_by(F("report__cutoff_on").asc(nulls_first=True), "role", "order", "pk"):
        led_by = found.setdefault(row.commitment_id, {})
        led_by.setdefault(row.entity_id or row.name_as_printed, row.entity or row.name_as_printed)
    for each in commitments:
        each.led_by = list(found.get(each.pk, {}).values())


def short_name(who):
    """Return how a list names who answers: by its acronym, else its name, or the printed name."""
    return (who.acronym or str(who.name)) if isinstance(who, Entity) else who


def entities_that_answer(user):
    """Return the entities that answer for a milestone or lead a commitment, in the reader's alphabet."""
    named = MilestoneResponsible.objects.filter(entity=OuterRef("pk"))
    leads = Responsibility.objects.leading().filter(entity=OuterRef("pk"))
    rows = visible_to(user, Entity.objects.all()).filter(Exists(named) | Exists(leads))
    return rows.order_by(alphabetical(), "pk")


def entities_called(words, entities):
    """Return those of some entities that are called so.

    That is by acronym, whole name or slug; where there is none, those whose name has the words.
    """
    wanted = fold(words.strip())
    if not wanted:
        return []
    exact = [each for each in entities if wanted in {fold(name) for name in _names(each)}]
    return exact or [each for each in entities if any(wanted in fold(name) for name in _names(each))]


def _names(entity):
    return [name for name in (entity.acronym, str(entity.name), str(entity), entity.slug) if name]
