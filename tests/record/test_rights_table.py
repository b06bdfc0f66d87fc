"""Every cell of the table of rights, by every way that leads to a row.

What is expected stands here in words of its own, by kind and state; a new kind is in it at once.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import reverse

from record.guarding import NotForYou
from record.kinds import Subject, kinds
from record.rights import ACTIONS, TABLE, Role, may, visible_to
from record.writing import WriteRefused, writing
from tests.admin_pages import address
from tests.imports import load
from tests.record.rights_world import (
    COLLEAGUES,
    DRAFT,
    FOREIGN,
    GIVEN,
    GIVEN_AWAY,
    OURS,
    OWN,
    PUBLIC,
    SECRET,
    make_world,
)

pytestmark = pytest.mark.django_db

ROLES = (*Role, None)
IDS = [role.name.lower() if role else "none" for role in ROLES]
REASON = "Errata de imprenta"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Make all rows once; each test begins with them, and leaves them as they were."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(params=ROLES, ids=IDS)
def role(request):
    return request.param


@pytest.fixture
def client(world, role):
    client = Client()
    client.force_login(world.users[role])
    return client


# What is expected.


def sees(role, kind, state):
    """Tell whether a role reads a row at all."""
    if role is None:
        return False
    return role is not Role.FOCAL_POINT or state in (PUBLIC, OURS, OWN, COLLEAGUES)


def reads_history(role, kind, state):
    if role is Role.FOCAL_POINT:
        return state in (OURS, OWN, COLLEAGUES)
    return sees(role, kind, state)


def chooses(role, kind, state):
    """Tell whether a role may name a row in what it writes."""
    is_reported = kind.subject is Subject.REPORTED
    if role is Role.FOCAL_POINT and kind.of_entities:
        return state in (OURS, OWN, COLLEAGUES)
    if role in (Role.EDITOR, Role.PUBLISHER, Role.AUDITOR) and is_reported:
        return state not in (FOREIGN, COLLEAGUES)
    return sees(role, kind, state)


def stays(kind):
    """Tell whether published rows of a kind stay as they are; evidence does only while its update waits."""
    return kind.settled is not None and kind.model.__name__ != "Evidence"


def changes(role, kind, state):
    """Tell whether a role changes a row itself, not by a proposal."""
    is_said, is_reported = state in (PUBLIC, OURS), kind.subject is Subject.REPORTED
    if is_said and stays(kind):
        return False
    match role:
        case Role.FOCAL_POINT:
            return is_reported and state in (OWN, COLLEAGUES)
        case Role.EDITOR:
            return state in (DRAFT, OWN, GIVEN, GIVEN_AWAY)
        case Role.PUBLISHER:
            return is_said or state == OWN or not is_reported
    return False


def deletes(role, kind, state):
    if role is Role.EDITOR and kind.subject is Subject.SOURCE:
        return False
    return state not in (PUBLIC, OURS) and changes(role, kind, state)


def proposes(role, kind, state):
    """Tell whether a form of a row may be sent to be kept as a proposal."""
    is_said = state in (PUBLIC, OURS)
    if role in (Role.EDITOR, Role.PUBLISHER) and is_said:
        return not stays(kind)
    return role in (Role.EDITOR, Role.PUBLISHER) and changes(role, kind, state)


def publishes(role, kind, state):
    # A letter is published with what names it.
    return role is Role.PUBLISHER and state != OWN and kind.subject is not Subject.SOURCE


def acts(role, kind, state):
    """Tell whether a role annuls, restores or strikes."""
    return role is Role.PUBLISHER


def corrects(role, kind, state):
    if role is Role.FOCAL_POINT:
        return state == OURS
    return role in (Role.EDITOR, Role.PUBLISHER)


def drafts(role, kind, state):
    """Tell whether a role comes to the page on which the texts are drafted that were given out."""
    return role is Role.FOCAL_POINT and state == GIVEN


# The ways.


def pages_of(model):
    pages = admin.site._registry.get(model)
    return pages if pages is not None and hasattr(pages, "acts") else None


def once(ask):
    """Ask for all rows of a model once a test, and look there for each row."""

    def go(client, row):
        answers = vars(client).setdefault("answers", {})
        key = ask, type(row)
        if key not in answers:
            answers[key] = ask(client, type(row))
        return is_among(row, answers[key])

    return go


def is_among(row, found):
    return row.pk in found


def list_with(**query):
    def ask(client, model):
        context = getattr(client.get(address(model, "changelist"), query), "context_data", {})
        return set(context["cl"].queryset.values_list("pk", flat=True)) if "cl" in context else set()

    return once(ask)


def by_page(name):
    return lambda client, row: _is_open(client.get(address(row, name)))


def by_act(name):
    return lambda client, row: client.get(address(row, "act", name)).status_code != 403


def by_post(name, **data):
    return lambda client, row: client.post(address(row, name), data).status_code != 403


def by_deleting_selected(client, row):
    data = {"action": "delete_selected", "_selected_action": [row.pk]}
    response = client.post(address(type(row), "changelist"), data)
    context = getattr(response, "context_data", {})
    is_asked = response.status_code == 200 and "perms_lacking" in context
    return is_asked and not context["perms_lacking"] and row in context["queryset"]


def by_drafting(client, row):
    where = reverse("cards:draft", args=[row.report.slug, row.commitment.code])
    return client.get(where).status_code == 200


@once
def by_autocomplete(client, model):
    owner, name = field_for(model)
    query = {"app_label": owner._meta.app_label, "model_name": owner._meta.model_name, "field_name": name}
    found, page = set(), 1
    while True:
        response = client.get(reverse("admin:autocomplete"), query | {"page": page})
        if response.status_code != 200:
            return found
        found |= {int(each["id"]) for each in response.json()["results"]}
        if not response.json()["pagination"]["more"]:
            return found
        page += 1


def field_for(model):
    """Return (model, field) of a form in which rows of a model are chosen; None without one."""
    for kind in kinds():
        for each in kind.model._meta.fields if pages_of(kind.model) else ():
            if each.is_relation and each.related_model is model:
                return kind.model, each.name
    return None


@once
def by_export(client, model):
    response = client.post(address(model, "export"), {"format": "2", "resource": ""})
    if response.status_code != 200:
        return set()
    resource = pages_of(model).resource_classes[0]()
    lines = [tuple(each[key] for key in resource.get_import_id_fields()) for each in response.json()]
    keys = {
        tuple(
            resource.export_field(resource.fields[key], row) for key in resource.get_import_id_fields()
        ): row.pk
        for row in model.everything.all()
    }
    return {keys[line] for line in lines}


WAYS = {
    "list": (list_with(), sees),
    "popup": (list_with(_popup="1"), sees),
    "form": (by_page("change"), sees),
    "history": (by_page("history"), reads_history),
    "autocomplete": (by_autocomplete, chooses),
    "export": (by_export, sees),
    "save": (by_post("change"), changes),
    "propose": (by_post("change", _propose="1"), proposes),
    "delete": (by_post("delete", post="yes"), deletes),
    "delete from the list": (by_deleting_selected, deletes),
    "publish": (by_act("publish"), publishes),
    "annul": (by_act("annul"), acts),
    "strike": (by_act("strike"), acts),
    "correct": (by_act("correct"), corrects),
    "draft": (by_drafting, drafts),
}


def is_there(way, kind):
    """Tell whether a way leads to rows of a kind."""
    match way:
        case "autocomplete":
            return field_for(kind.model) is not None
        case "export":
            return hasattr(pages_of(kind.model), "resource_classes")
        case "publish":
            return bool(kind.model.publication_column)
        case "draft":
            return kind.drafted != ()
        case "correct":
            return "correct" in {act.name for act in pages_of(kind.model).acts}
    return True


def _is_open(response):
    assert response.status_code in (200, 403), response.status_code
    return response.status_code == 200


@pytest.fixture
def unwritten(monkeypatch):
    """Let pages be answered without being written out, which takes longest: who may is said before."""
    monkeypatch.setattr(TemplateResponse, "rendered_content", "")


@pytest.mark.parametrize("way", WAYS)
def test_every_cell_by_every_way(world, role, client, way, unwritten):
    go, expected = WAYS[way]

    wrong = []
    for kind, state, row in world.rows_for(role):
        if pages_of(kind.model) is None or not is_there(way, kind):
            continue
        with transaction.atomic():
            came = go(client, row)
            transaction.set_rollback(True)
        if came != expected(role, kind, state):
            wrong.append((kind.label, state, came))

    assert wrong == []


def test_rows_without_pages_are_seen_by_the_same_rule(world, role):
    user = world.users[role]

    wrong = [
        (kind.label, state)
        for kind, state, row in world.rows_for(role)
        if visible_to(user, kind.model.everything.all()).filter(pk=row.pk).exists() != sees(role, kind, state)
        or may(user, "view", row) != sees(role, kind, state)
    ]

    assert wrong == []


def test_every_kind_and_action_is_in_the_table(world):
    assert {model for model, _state, _role in world.rows} == {kind.model for kind in kinds()}
    for subject in Subject:
        assert any(TABLE[role].get(subject) for role in Role), subject
    assert {"view", "add", "change", "delete", "import", "export", "history", "propose"} <= ACTIONS
    assert {"publish", "annul", "restore", "strike", "transcribe", "correct", "submit", "return"} <= ACTIONS
    assert {"give", "draft"} <= ACTIONS


def test_nobody_adds_by_a_page_but_who_writes(client, role):
    for kind in kinds():
        if pages := pages_of(kind.model):
            writers = {Role.EDITOR, Role.PUBLISHER}
            writers |= {Role.FOCAL_POINT} if kind.subject is Subject.REPORTED else set()
            opened = client.get(address(kind.model, "add"), {"_popup": "1"}).status_code

            assert (opened == 200) == (role in writers), pages


def test_files_change_what_forms_change(world, role):
    user = world.users[role]

    wrong = []
    for kind, state, row in world.rows_for(role):
        resources = getattr(pages_of(kind.model), "resource_classes", None)
        if not resources:
            continue
        column = "website" if kind.model.__name__ == "Entity" else "place"
        value = "https://www.gob.pe/otra" if column == "website" else "p. 99"
        resource = resources[0](user=user, reason=REASON)
        [line] = resources[0]().export(kind.model.objects.everything().filter(pk=row.pk)).dict
        with transaction.atomic():
            # A script: the page has refused whoever may import nothing.
            load(resource, line | {column: value})
            came = getattr(kind.model.everything.get(pk=row.pk), column) == value
            transaction.set_rollback(True)
        if came != changes(role, kind, state):
            wrong.append((kind.label, state, came))

    assert wrong == []


def test_writer_refuses_what_no_form_lets_through(world, role):
    """A second wall; whether a draft is a focal point's own, forms and acts ask."""
    user = world.users[role]

    wrong = []
    for kind, state, row in world.rows_for(role):
        if not hasattr(row, "place") or (role is Role.FOCAL_POINT and state in (DRAFT, FOREIGN)):
            continue
        if role is Role.EDITOR and state in (FOREIGN, COLLEAGUES):
            continue
        try:
            with transaction.atomic(), writing(user, REASON):
                found = kind.model.everything.get(pk=row.pk)
                found.place = "p. 99"
                found.save()
                transaction.set_rollback(False)
            came = True
        except WriteRefused as refused:
            came = not isinstance(refused, NotForYou) and not stays(kind)
        if came != changes(role, kind, state):
            wrong.append((kind.label, state, came))

    assert wrong == []


def test_no_page_of_a_focal_point_has_a_word_of_what_is_hidden(world):
    client = Client()
    client.force_login(world.users[Role.FOCAL_POINT])
    pages = {reverse("admin:index"), reverse("admin-missing")}
    for kind, _state, row in world.rows_for(Role.FOCAL_POINT):
        if pages_of(kind.model) is not None:
            pages |= {address(kind.model, "changelist") + "?_facets=True", address(kind.model, "add")}
            pages |= {address(row, name) for name in ("change", "history", "delete")}

    leaking = [page for page in pages if SECRET in client.get(page).content.decode()]

    assert leaking == []


# What an address may not find out.

PROBES = [
    ("commitments.Update", "milestone__commitment__plan__status", "draft"),
    ("commitments.Update", "milestone__updates__workflow", "draft"),
    ("commitments.Update", "corrections__isnull", "False"),
    ("commitments.Update", "corrections", "1"),
    ("commitments.Update", "evidence__status", "draft"),
    ("commitments.Milestone", "updates__isnull", "False"),
    ("commitments.Milestone", "updates__text_es__contains", SECRET),
    ("commitments.Commitment", "recommendations", "1"),
    ("commitments.Commitment", "recommendations__isnull", "False"),
    ("commitments.Commitment", "assessments__report", "1"),
    ("plans.Report", "assessments__isnull", "False"),
    ("entities.Entity", "memberships__isnull", "False"),
    ("entities.Entity", "responsibilities__commitment__plan__status", "draft"),
]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe[1])
def test_no_address_asks_for_what_is_linked_to_a_row(world, probe):
    client = Client()
    client.force_login(world.users[Role.FOCAL_POINT])
    label, name, value = probe

    response = client.get(address(apps.get_model(label), "changelist"), {name: value})

    assert response.status_code == 400


def test_choices_of_filters_name_no_hidden_row(world):
    client = Client()
    client.force_login(world.users[Role.FOCAL_POINT])
    hidden = [row for _kind, state, row in world.rows_for(None) if state == DRAFT]

    for kind in kinds():
        if pages_of(kind.model) is None:
            continue
        for spec in client.get(address(kind.model, "changelist")).context["cl"].filter_specs:
            model = getattr(getattr(spec, "field", None), "related_model", None)
            offered = {pk for pk, _label in getattr(spec, "lookup_choices", ())} if model else set()
            assert not offered & {row.pk for row in hidden if type(row) is model}, spec
