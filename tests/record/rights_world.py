"""Rows of every kind in every state that the table of rights tells apart, and one account of each role."""

from dataclasses import dataclass, field

from commitments.models import Assessment, CardWork
from record.kinds import Subject, kinds
from record.publication import Status
from record.rights import Role
from record.writing import writing
from tests import factories

# Stands in the texts of what is hidden from focal points: on no page of theirs.
SECRET = "Secreto bien guardado"

# The kinds that have no drafts.
ALWAYS_PUBLIC = {"Document", "Entity", "EntityName", "PolicyArea", "Term", "Listing"}

# Published, of others; published, of the entity of the focal point; drafts: of the secretariat, of the user,
# of a colleague of the focal point, of the focal point of another entity that answers too.
PUBLIC, OURS, DRAFT, OWN, COLLEAGUES, FOREIGN = "public", "ours", "draft", "own", "colleagues", "foreign"
# Drafts of the secretariat whose texts were given to the entity of the focal point, or to another.
GIVEN, GIVEN_AWAY = "given", "given away"


@dataclass
class World:
    users: dict = field(default_factory=dict)  # {role or None: user}
    rows: dict = field(default_factory=dict)  # {(model, state, role of whom it is OWN or None): row}

    def rows_for(self, role):
        """Yield (kind, state, row) of all that an account of a role may come across."""
        for (model, state, owner), row in self.rows.items():
            if owner in (None, role):
                kind = next(kind for kind in kinds() if kind.model is model)
                yield kind, state, row


def make_world():
    """Make everything; whoever calls it undoes it."""
    world = World()
    entity, other = factories.make_entity(), factories.make_entity()
    world.users = {role: factories.make_user(role) for role in (*Role, None)}
    focal = world.users[Role.FOCAL_POINT] = factories.make_focal_point(entity)
    colleague, foreigner = factories.make_focal_point(entity), factories.make_focal_point(other)
    editor = factories.make_editor()

    ours = factories.make_responsibility(entity=entity).commitment
    factories.make_responsibility(entity=other, role="co_lead", commitment=ours)
    milestone = factories.make_milestone(commitment=ours)
    update = factories.make_update(milestone=milestone)

    hidden = _hidden_owners()
    for kind in kinds():
        model = kind.model
        if kind.subject is Subject.REPORTED:
            world.rows[model, PUBLIC, None] = factories.make(model)
            drafts = {
                (DRAFT, None): editor,
                (FOREIGN, None): foreigner,
                (COLLEAGUES, None): colleague,
            }
            drafts |= {
                (OWN, role): world.users[role] for role in (Role.FOCAL_POINT, Role.EDITOR, Role.PUBLISHER)
            }
            for (state, role), by in drafts.items():
                secret = state in (DRAFT, FOREIGN) or role in (Role.EDITOR, Role.PUBLISHER)
                world.rows[model, state, role] = _reported_draft(model, milestone, by, secret)
            continue
        world.rows[model, PUBLIC, None] = factories.make(model)
        if model.__name__ not in ALWAYS_PUBLIC:
            world.rows[model, DRAFT, None] = _hidden(model, hidden)
        if model.publication_column:
            for role in (Role.EDITOR, Role.PUBLISHER):
                with writing(world.users[role]):
                    world.rows[model, OWN, role] = _hidden(model, hidden)
    Commitment, Milestone, Update, Entity = (type(row) for row in (ours, milestone, update, entity))
    world.rows |= {
        (Commitment, OURS, None): ours,
        (Milestone, OURS, None): milestone,
        (Update, OURS, None): update,
        (Entity, OURS, None): entity,
    }
    world.rows |= {
        (Assessment, GIVEN, None): _given_to(entity),
        (Assessment, GIVEN_AWAY, None): _given_to(other),
    }
    assert focal.memberships.get().entity == entity
    return world


def _given_to(entity):
    """Make a card whose texts were given to an entity; what is hidden from it stands beside its texts."""
    report = factories.make_report(status=Status.DRAFT, card_form=["results"])
    card = factories.make_assessment(report=report, level="", level_as_printed=SECRET, place=SECRET)
    CardWork.objects.create(card=card, given_to=entity)
    return card


def _hidden_owners():
    plan = factories.make_plan(status=Status.DRAFT, title_es=SECRET)
    commitment = factories.make_commitment(plan=plan, title_es=SECRET)
    return {
        "milestone": factories.make_milestone(commitment=commitment, activity_es=SECRET),
        "commitment": commitment,
        "report": factories.make_report(status=Status.DRAFT, title_es=SECRET),
        "recommendation": factories.make_recommendation(status=Status.DRAFT, text_es=SECRET),
        "plan": plan,
        "published": {"plan": factories.make_plan(), "report": factories.make_report()},
    }


def _secret_words(model):
    texts = [name for name in getattr(model, "bilingual_columns", list)() if name.endswith("_es")][:1]
    names = {each.name for each in model._meta.fields}
    return dict.fromkeys([name for name in (*texts, "place") if name in names], SECRET)


def _hidden(model, owners):
    """Make a row that hangs from a draft, or is one."""
    columns = _secret_words(model)
    if model.publication_column:
        columns[model.publication_column] = Status.DRAFT
        # Only what is drafted may be written by whoever publishes nothing.
        named = {each.name for each in model._meta.fields if each.is_relation and not each.null}
        columns |= {name: row for name, row in owners["published"].items() if name in named}
    else:
        names = [name for name in owners if name in (model.part_of, *model.belongs_to)]
        if model.__name__ == "Assessment":
            names = ["report"]
        if not names:
            names = [name for name in owners if name in {each.name for each in model._meta.fields}]
        columns[names[0]] = owners[names[0]]
        if names[0] == "commitment" and model.__name__ == "Responsibility":
            columns["entity"] = factories.make_entity()
    row = factories.make(model, **columns)
    assert not model.everything.filter(model.readable(), pk=row.pk).exists(), (
        f"{model}: say what hides a draft"
    )
    return row


def _reported_draft(model, milestone, by, is_secret):
    words = _secret_words(model) if is_secret else {}
    with writing(by):
        if model.__name__ == "Evidence":
            return factories.make_evidence(milestone=milestone, status=Status.DRAFT, **words)
        return factories.make_update(milestone=milestone, workflow=Status.DRAFT, **words)
