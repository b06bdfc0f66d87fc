"""What the admin says by itself is in the reader's language: signs, heads of tables, empty values, texts."""

import pytest

from commitments.models import Milestone, Update
from record.publication import Status
from tests.admin_pages import address
from tests.factories import (
    make_auditor,
    make_commitment,
    make_milestone,
    make_plan,
    make_publisher,
    make_recommendation,
    make_update,
)

pytestmark = pytest.mark.django_db


def read(client, row_or_model, page, user):
    client.force_login(user)
    return client.get(address(row_or_model, page)).content.decode()


def test_signs_have_names_in_the_readers_language(client):
    publisher = make_publisher()

    found = read(client, Milestone, "changelist", publisher)
    people = read(client, type(publisher), "changelist", publisher)
    account = read(client, publisher, "change", publisher)

    assert 'alt="Buscar"' in found
    assert 'alt="Sí"' in people
    assert 'alt="Sí"' in account
    for page in (found, people, account):
        assert not any(f'alt="{name}"' in page for name in ("Search", "True", "False", "None"))


@pytest.mark.parametrize("make_reader", [make_publisher, make_auditor])
def test_every_head_of_a_table_of_lines_has_a_name(client, make_reader):
    update = make_update()

    for row in (update.milestone, update.milestone.commitment):
        page = read(client, row, "change", make_reader())
        assert '<th class="original"><span class="visually-hidden">Fila</span></th>' in page
        assert "<th></th>" not in page


def test_fields_of_a_table_of_lines_have_the_names_of_their_columns(client):
    milestone = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))

    page = read(client, milestone.commitment, "change", make_publisher())

    fields = page.partition('id="milestones-0"')[2].partition("</tr>")[0]
    assert 'aria-label="Actividad en español"' in fields
    assert 'aria-label="Eliminar"' in fields


def test_value_that_is_empty_is_a_dash(client):
    page = read(client, make_recommendation(), "change", make_publisher())

    assert "None" not in page.partition('field-followed_by"')[2].partition("</fieldset>")[0]


def test_text_in_another_language_says_so_in_a_list(client):
    make_update(text_es="", text_en="The new version is being tested")

    page = read(client, Update, "changelist", make_publisher())

    assert '<span lang="en">The new version is being tested</span>' in page
