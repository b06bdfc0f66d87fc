import pytest
from django.utils import translation

from faces.pages import language_notes
from record.text import Text
from record.writing import writing
from tests.factories import make_commitment, make_entity, make_policy_area, make_responsibility
from tests.pages import address


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (Text("a", "en"), []),
        (Text("a", "es"), ["in Spanish in the original"]),
        (Text("a", "en", is_unofficial=True), ["unofficial translation"]),
        (Text("a", "es", is_unofficial=True), ["only in Spanish", "unofficial translation"]),
        (
            Text("a", "en", is_unofficial=True, is_stale=True),
            ["unofficial translation", "the original changed after this translation"],
        ),
    ],
)
def test_language_notes_tell_what_must_be_known(text, notes):
    with translation.override("en"):
        assert language_notes(text) == notes


@pytest.mark.django_db
def test_options_of_a_form_have_the_label_of_their_language(client):
    make_responsibility(entity=make_entity(slug="x", name_es="Ministerio", name_en=""))
    area = make_policy_area(slug="y", name_es="Área", name_en="Area", unofficial={"name_en": ""})
    with writing(reason="made for a test"):
        make_commitment().policy_areas.add(area)

    body = client.get(address("commitments:commitment-list")).content.decode()

    assert '<option value="x">Ministerio (in Spanish in the original) (1)</option>' in body
    assert '<option value="y">Area * (1)</option>' in body


@pytest.mark.django_db
def test_value_that_is_repeated_counts_once(client):
    make_policy_area(slug="y")

    body = client.get(address("commitments:commitment-list"), {"policy_area": ["y"] * 900}).content.decode()

    assert body.count('class="chosen-what"') == 1
    assert "multiple" not in body


@pytest.mark.django_db
def test_answer_to_many_wrong_values_stays_short(client):
    query = {"level": [f"{number}" * 8 for number in range(900)]}

    response = client.get(address("commitments:commitment-list"), query)

    assert response.status_code == 400
    assert len(response.content) < 100_000
