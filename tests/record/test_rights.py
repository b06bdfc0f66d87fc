"""Roles, and what the table of rights leaves to a row; every cell of it is in test_rights_table.py."""

from importlib import import_module

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.urls import NoReverseMatch, reverse

from commitments.models import Commitment, Evidence, Update
from entities.models import Membership
from plans.models import RecommendationSource
from record.actions import annul, publish
from record.guarding import NotForYou
from record.kinds import kinds
from record.models import Entry, LoadedFile, LoadedRow, Proposal
from record.publication import Status
from record.rights import (
    ACTIONS,
    Role,
    entities_of,
    is_focal_point,
    may,
    may_manage_accounts,
    may_publish,
    may_read_accounts,
    role_of,
    visible_to,
)
from record.writing import writing
from tests.admin_pages import act, address, delete_selected
from tests.factories import (
    make,
    make_auditor,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_publisher,
    make_recommendation,
    make_report,
    make_responsibility,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

REASON = "Errata de imprenta"
# Every way in which an entity can be taken from its focal point; itself it is never deleted.
TAKEN = {
    "membership": lambda membership: membership.delete(),
    "memberships": lambda membership: Membership.objects.filter(pk=membership.pk).delete(),
}


def give_all(user):
    """Give a user every permission of Django, which nobody asks."""
    user.user_permissions.set(Permission.objects.all())
    # Whoever asks now has asked nothing yet.
    return type(user).objects.get(pk=user.pk)


@pytest.fixture(params=TAKEN)
def former(request):
    """Whoever was a focal point, with every permission."""
    user = make_focal_point(make_entity())
    TAKEN[request.param](user.memberships.get())
    return give_all(user)


def rows():
    """Make rows that a focal point might edit, and one that he might not."""
    commitment = make_responsibility(
        commitment=make_commitment(plan=make_plan(status=Status.DRAFT))
    ).commitment
    milestone = make_milestone(commitment=commitment)
    update = make_update(milestone=milestone, workflow=Status.DRAFT)
    return [commitment, milestone, update, make_evidence(update=update, status=Status.DRAFT), commitment.plan]


def pages():
    """Return the addresses of all lists and forms of the admin, and of what can be chosen there."""
    found = [reverse("admin:autocomplete") + "?app_label=commitments&model_name=update&field_name=milestone"]
    for model in admin.site._registry:
        for page in ("changelist", "add", "import", "export"):
            try:
                found.append(address(model, page))
            except NoReverseMatch:
                assert page in ("import", "export")
    return found


# Roles.


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ([], None),
        (["somebody else"], None),
        (["focal points"], Role.FOCAL_POINT),
        (["auditors", "focal points"], Role.AUDITOR),
        (["editors", "auditors", "focal points"], Role.EDITOR),
        (["publishers", "editors"], Role.PUBLISHER),
    ],
)
def test_strongest_group_is_the_role(groups, role):
    user = make_user()
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])

    assert role_of(user) is role


def test_superuser_is_a_publisher_and_an_account_that_was_ended_is_nothing():
    ended = make_publisher(is_active=False)

    assert role_of(make_user(is_superuser=True)) is Role.PUBLISHER
    assert role_of(ended) is role_of(AnonymousUser()) is None
    assert role_of(make_user(is_superuser=True, is_active=False)) is None
    assert not any(may(ended, action, Commitment) for action in ACTIONS)
    assert not visible_to(ended, Commitment.objects.all()).exists()


def test_member_without_the_group_is_a_focal_point():
    user = make_user()
    Membership.objects.bulk_create([Membership(user=user, entity=make_entity())])

    assert is_focal_point(user)


def test_groups_of_the_migration_are_the_roles():
    assert set(import_module("entities.migrations.0002_roles").ROLES) == {role.value for role in Role}


def test_draft_of_an_editor_who_is_a_member_too_is_the_secretariats():
    lead = make_responsibility()
    editor, focal = make_editor(), make_focal_point(lead.entity)
    Membership.objects.create(user=editor, entity=lead.entity)
    milestone = make_milestone(commitment=lead.commitment)
    with writing(editor):
        update = make_update(milestone=milestone, workflow=Status.DRAFT)

    assert role_of(type(editor).objects.get(pk=editor.pk)) is Role.EDITOR
    assert not may(focal, "view", update)
    assert may(make_editor(), "change", update)


def test_colleague_goes_on_with_a_draft_after_its_author_left_and_nobody_else_does():
    lead = make_responsibility()
    author, colleague = make_focal_point(lead.entity), make_focal_point(lead.entity)
    milestone = make_milestone(commitment=lead.commitment)
    with writing(author):
        update = make_update(milestone=milestone, workflow=Status.DRAFT)
    author.is_active = False
    author.save()

    assert may(colleague, "change", update)
    assert not may(author, "change", update)


@pytest.mark.parametrize("make", [make_editor, make_publisher, make_auditor])
def test_secretariat_and_auditors_find_what_is_kept_of_loading(client, make):
    client.force_login(make())

    index = client.get(reverse("admin:index")).content.decode()

    for model in (LoadedFile, LoadedRow, Proposal):
        assert address(model, "changelist") in index
        assert client.get(address(model, "changelist")).status_code == 200


def test_publisher_with_a_membership_is_no_focal_point():
    user = make_publisher()
    Membership.objects.create(user=user, entity=make_entity())
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT))

    assert not is_focal_point(user)
    assert may_publish(user)
    assert may(user, "delete", commitment)
    assert list(visible_to(user, Commitment.objects.all())) == [commitment]


@pytest.mark.parametrize(
    ("make", "manages", "reads"),
    [
        (make_publisher, True, True),
        (make_auditor, False, True),
        (make_editor, False, False),
        (lambda: make_focal_point(make_entity()), False, False),
        (make_user, False, False),
    ],
)
def test_accounts_are_managed_by_publishers_and_read_by_auditors(client, make, manages, reads):
    user = make()
    client.force_login(user)

    pages = address(Membership, "changelist"), address(User, "add")
    opened = [client.get(page).status_code == 200 for page in pages]

    assert (may_manage_accounts(user), may_read_accounts(user)) == (manages, reads)
    assert opened == [reads, manages]


def test_permissions_of_django_and_no_role_open_nothing(client):
    user = give_all(make_user())
    made = rows()
    client.force_login(user)

    assert [page for page in pages() if client.get(page).status_code != 403] == []
    assert not any(may(user, action, row) for row in made for action in ACTIONS)


# Focal points whose entities are taken from them.


def test_former_focal_point_may_do_nothing_with_anything(former):
    made = rows()

    assert is_focal_point(former)
    assert entities_of(former) == ()
    for model in {kind.model for kind in kinds()} | set(admin.site._registry):
        assert [action for action in ACTIONS if may(former, action, model)] == [], model
    for row in made:
        assert [action for action in ACTIONS if may(former, action, row)] == [], row
        assert not visible_to(former, type(row).objects.all()).exists()


def test_former_focal_point_opens_no_page_of_the_admin(client, former):
    made = rows()
    client.force_login(former)

    own = [address(row, page) for row in made for page in ("change", "history", "delete")]
    opened = [page for page in [*pages(), *own] if client.get(page).status_code != 403]

    assert opened == []


def test_former_focal_point_changes_nothing(client, former):
    commitment, _milestone, update, *_others = rows()
    client.force_login(former)

    for page in ("change", "delete"):
        assert client.post(address(update, page), {"post": "yes"}).status_code == 403
    delete_selected(client, update)

    assert Update.objects.filter(pk=update.pk).exists()
    assert client.post(address(Commitment, "export"), {"format": 0, "resource": ""}).status_code == 403
    assert client.post(address(commitment, "change"), {"title_es": "x"}).status_code == 403


def test_focal_point_reaches_no_account_and_nothing_that_the_portal_keeps_of_itself(client):
    user = give_all(make_focal_point(make_entity()))
    client.force_login(user)

    for model in (type(user), Group, LoadedFile, LoadedRow, Proposal):
        assert client.get(address(model, "changelist")).status_code == 403
        assert address(model, "changelist") not in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse("admin:auth_user_change", args=[user.pk])).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[user.pk])).status_code == 403


# For which milestones a focal point writes.


def test_entity_that_a_milestone_names_answers_for_it_and_the_lead_does_not():
    lead, named, other = make_entity(), make_entity(), make_entity()
    commitment = make_responsibility(entity=lead).commitment
    make_responsibility(entity=other, role="support", commitment=commitment)
    milestone = make_milestone(commitment=commitment)
    make_milestone_responsible(milestone=milestone, entity=named)
    unnamed = make_milestone(commitment=commitment)

    def writes(entity, row):
        user = make_focal_point(entity)
        update = make_update(milestone=row)
        return [
            may(user, "add", Update(milestone=row)),
            may(user, "add", Evidence(milestone=row)),
            may(user, "add", Evidence(update=update)),
            may(user, "correct", update),
        ]

    assert writes(named, milestone) == [True] * 4
    assert writes(lead, milestone) == [False] * 4
    assert writes(lead, unnamed) == [True] * 4
    assert writes(named, unnamed) == writes(other, unnamed) == [False] * 4


def test_child_of_a_lead_and_a_lead_of_a_draft_report_do_not_answer():
    lead, second = make_entity(), make_entity()
    child = make_entity(parent=lead)
    commitment = make_responsibility(entity=lead).commitment
    report = make_report(plan=commitment.plan, status=Status.DRAFT)
    make_responsibility(entity=second, commitment=commitment, report=report)
    milestone = make_milestone(commitment=commitment)

    for entity in (child, second):
        assert not may(make_focal_point(entity), "add", Update(milestone=milestone))


def test_focal_point_writes_nothing_of_a_plan_that_is_a_draft():
    entity = make_entity()
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT))
    make_responsibility(entity=entity, commitment=commitment)
    milestone = make_milestone(commitment=commitment)
    user = make_focal_point(entity)

    assert not may(user, "view", milestone)
    assert not may(user, "add", Update(milestone=milestone))


def test_focal_point_proves_milestones_and_updates_only():
    entity = make_entity()
    commitment = make_responsibility(entity=entity).commitment

    assert not may(make_focal_point(entity), "add", Evidence(commitment=commitment))
    assert may(make_editor(), "add", Evidence(commitment=commitment))


# The second pair of eyes.


def draft_by(user, **columns):
    report = make_report()
    with writing(user):
        return make_recommendation(status=Status.DRAFT, report=report, document=report.document, **columns)


def test_publisher_publishes_what_others_wrote_and_not_his_own():
    publisher = make_publisher()
    own, theirs = draft_by(publisher), draft_by(make_editor())

    publish(publisher, theirs)

    assert not may(publisher, "publish", own)
    with pytest.raises(NotForYou), writing(publisher):
        own.status = Status.PUBLISHED
        own.save()
    own.refresh_from_db()
    assert own.status == Status.DRAFT
    assert not Entry.objects.latest("pk").is_alone


def test_who_edited_a_draft_wrote_it_too_and_who_only_returned_it_did_not():
    publisher = make_publisher()
    edited, sent = draft_by(make_editor()), draft_by(make_editor())
    with writing(publisher):
        edited.text_es = "Corregida por otra mano"
        edited.save()

    assert not may(publisher, "publish", edited)
    assert may(publisher, "publish", sent)
    assert may(make_publisher(), "publish", edited)


def test_who_wrote_a_part_of_a_draft_wrote_the_draft():
    publisher = make_publisher()
    plan, document = make_plan(status=Status.DRAFT), make_document()
    with writing(publisher):
        make_commitment(plan=plan, document=document)

    assert not may(publisher, "publish", plan)
    assert may(make_publisher(), "publish", plan)


def test_who_wrote_a_line_of_a_draft_without_a_page_wrote_the_draft():
    publisher = make_publisher()
    draft = draft_by(make_editor())
    with writing(publisher):
        make(RecommendationSource, recommendation=draft, document=draft.document, note_es="Dice más")

    assert not may(publisher, "publish", draft)
    assert may(make_publisher(), "publish", draft)


def test_who_wrote_the_evidence_does_not_publish_the_update():
    publisher = make_publisher()
    update = make_update(workflow=Status.DRAFT)
    with writing(publisher):
        make_evidence(update=update, status=Status.DRAFT)

    assert not may(publisher, "publish", update)


@pytest.mark.parametrize("how", ["one publisher", "superuser"])
def test_publisher_without_a_second_one_is_marked(client, settings, how):
    settings.ONE_PUBLISHER = how == "one publisher"
    user = make_publisher() if settings.ONE_PUBLISHER else make_user(is_superuser=True)
    own, theirs = draft_by(user), draft_by(make_editor())
    client.force_login(user)
    client.cookies["django_language"] = "en"

    for row in (own, theirs):
        publish(user, row)

    marked = [Entry.objects.filter(changes__object_id=row.pk).latest("pk").is_alone for row in (own, theirs)]
    shown = [
        "Second pair of eyes" in client.get(address(row, "history")).content.decode() for row in (own, theirs)
    ]
    assert marked == shown == [True, False]


def test_publisher_is_told_that_his_own_draft_waits_for_another(client):
    publisher = make_publisher()
    own = draft_by(publisher)
    client.force_login(publisher)
    client.cookies["django_language"] = "en"

    page = client.get(address(own, "change")).content.decode()

    assert "another publisher publishes it" in page
    assert address(own, "act", "publish") not in page
    assert client.get(address(own, "act", "publish")).status_code == 403


def test_publisher_annuls_his_own_words():
    publisher = make_publisher()
    row = draft_by(publisher)
    publish(make_publisher(), row)

    assert annul(publisher, row, REASON).is_annulled


# The secretariat beside focal points.


def test_secretariat_returns_drafts_of_focal_points_and_adds_nothing_to_them():
    lead = make_responsibility()
    milestone = make_milestone(commitment=lead.commitment)
    with writing(make_focal_point(lead.entity)):
        update = make_update(milestone=milestone, workflow=Status.DRAFT)

    for user in (make_editor(), make_publisher()):
        assert may(user, "return", update)
        assert not may(user, "change", update)
        assert not may(user, "add", Evidence(update=update))
        with pytest.raises(NotForYou), writing(user if may_publish(user) else make_publisher()):
            update.text_es = "Otra cosa"
            update.save()


def test_draft_of_another_entity_or_of_the_secretariat_is_no_hindrance_that_anybody_is_told_of(client):
    lead = make_responsibility()
    wrong = make_update(milestone=make_milestone(commitment=lead.commitment))
    with writing(make_editor()):
        hidden = make_update(
            milestone=wrong.milestone, corrects=wrong, as_of=wrong.as_of, workflow=Status.DRAFT
        )
    client.force_login(make_focal_point(lead.entity))

    response = act(client, wrong, "correct", reason=REASON)

    assert response.status_code == 302
    assert hidden.code not in client.get(response.url).content.decode()
    assert wrong.corrections.count() == 2
