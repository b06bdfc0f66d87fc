"""What the pages read together says the same as if each thing were asked for by itself."""

from datetime import date

import pytest

from commitments.models import PolicyArea, Update
from record.writing import writing
from tests.factories import (
    make_commitment,
    make_document,
    make_milestone,
    make_plan,
    make_report,
    make_update,
)
from tests.pages import address

pytestmark = pytest.mark.django_db

DAY, LATER = date(2016, 5, 5), date(2016, 9, 9)


def test_neighbours_are_the_nearest_of_the_plan(client):
    plan = make_plan()
    codes = [make_commitment(plan=plan, number=number).code for number in (1, 3, 4, 7, 9)]
    make_commitment(number=5)

    pages = [client.get(address("commitments:commitment-detail", code)).context for code in codes]

    assert [page["previous"] and page["previous"].code for page in pages] == [None, *codes[:-1]]
    assert [page["next"] and page["next"].code for page in pages] == [*codes[1:], None]


def test_options_of_a_parameter_in_use_are_counted_without_it(client):
    areas = []
    with writing(reason="made for a test"):
        for name in ("a", "b"):
            areas.append(
                PolicyArea.objects.create(slug=name, name_es=name, document=make_document(), place="p. 1")
            )
    for chosen in (areas[:1], areas[1:], areas):
        commitment = make_commitment()
        with writing(reason="made for a test"):
            commitment.policy_areas.set(chosen)

    form = client.get(address("commitments:commitment-list"), {"policy_area": "a"}).context["form"]
    control = next(each for each in form["further"] if each["name"] == "policy_area")

    assert {option["value"]: option["count"] for option in control["options"]} == {"a": 2, "b": 2}


def test_correction_speaks_of_the_day_of_what_it_corrects():
    milestone = make_milestone()
    wrong = make_update(milestone=milestone, as_of=DAY)
    right = make_update(milestone=milestone, as_of=LATER, corrects=wrong)

    assert list(Update.objects.as_of(DAY)) == [right]


def test_civil_society_corrects_its_own_words_only():
    milestone = make_milestone()
    civil = make_report(plan=milestone.commitment.plan, author="civil_society")
    official = make_update(milestone=milestone, as_of=DAY, report=None)
    theirs = make_update(milestone=milestone, as_of=DAY, report=civil)
    answers = [
        make_update(milestone=milestone, as_of=DAY, report=civil, corrects=each)
        for each in (official, theirs)
    ]

    assert set(Update.objects.as_of(DAY)) == {official, *answers}
