"""What rows were, worked out from the log, and putting rows as the log says."""

import random
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from commitments.models import Commitment, CommitmentItem, Milestone
from plans.models import Plan
from record import kinds
from record.applying import CannotApply, Outdated, apply, as_dict, change_back, columns_before, columns_now
from record.models import Change
from record.publication import Status
from record.writing import NotWriting, WriteRefused, unsealed, writing
from tests import factories
from tests.log import last_change

pytestmark = pytest.mark.django_db

REASON = "Errata de imprenta"


def change(row, **columns):
    """Change columns of a row; return the change that the log has of it."""
    with writing(reason=REASON):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return last_change(row)


def proposed(row, **columns):
    """Return the change of a row from what it is to some values, as the log writes them."""
    now = columns_now(row)
    return {
        "model": row._meta.label_lower,
        "object_id": row.pk,
        "name": str(row),
        "action": "changed",
        "columns": {name: [now[name], value] for name, value in columns.items()},
    }


def put(*changes):
    with writing(reason=REASON) as this:
        apply(changes)
    return this


# What a row was.


def edit_at_random(chance, commitment, linked):
    """Do one of the things that people do to a commitment; return whether anything was written."""
    with writing(reason=REASON) as this:
        row = Commitment.objects.get(pk=commitment.pk)
        match chance.randrange(7):
            case 0:
                row.title_es = f"Título {chance.randrange(3)}"
            case 1:
                row.title_en, row.unofficial = (
                    f"Title {chance.randrange(3)}",
                    chance.choice([{}, {"title_en": ""}]),
                )
            case 2:
                row.ends_on = chance.choice([None, date(2017, 6, 30), date(2017, 12, 31)])
            case 3:
                row.is_starred = chance.choice([None, True, False])
            case 4:
                row.theme = chance.choice([None, *linked["themes"]])
            case 5:
                row.policy_areas.set(chance.sample(linked["areas"], chance.randrange(4)))
            case 6:
                # From the other end.
                chance.choice(linked["recommendations"]).commitments.set(chance.choice([[], [row]]))
        row.save()
    return this.entry is not None


@pytest.mark.parametrize("seed", range(3))
def test_each_earlier_state_equals_the_copy_that_was_kept_then(seed):
    chance = random.Random(seed)
    commitment = factories.make_commitment()
    linked = {
        "themes": [factories.make_theme(plan=commitment.plan) for _ in range(2)],
        "areas": [factories.make_policy_area() for _ in range(4)],
        "recommendations": [factories.make_recommendation() for _ in range(2)],
    }
    kept = []
    for _ in range(48):
        before = columns_now(commitment)
        if edit_at_random(chance, commitment, linked):
            kept.append((last_change(commitment), before))

    assert len(kept) >= 24
    assert len({str(before) for _change, before in kept}) >= 12
    for each, before in kept:
        assert columns_before(commitment, each) == before


@pytest.mark.parametrize("seed", range(3))
def test_row_put_back_is_what_it_was_with_the_fingerprints_of_its_translations(seed):
    chance = random.Random(seed)
    commitment = factories.make_commitment()
    linked = {
        "themes": [factories.make_theme(plan=commitment.plan)],
        "areas": [factories.make_policy_area() for _ in range(3)],
        "recommendations": [factories.make_recommendation()],
    }
    kept = []
    for _ in range(24):
        before = columns_now(commitment)
        if edit_at_random(chance, commitment, linked):
            kept.append((last_change(commitment), before))

    for each, before in chance.sample(kept, 6):
        put(change_back(commitment, each))
        assert columns_now(commitment) == before


def test_stale_translation_is_stale_again_after_going_back():
    entity = factories.make_entity(name_es="Uno", name_en="One", unofficial={"name_en": ""})
    change(entity, name_es="Dos")
    first = change(entity, name_en="Two")
    assert not entity.is_stale("name_en")

    put(change_back(entity, first))

    entity.refresh_from_db()
    assert (entity.name_es, entity.name_en) == ("Dos", "One")
    assert entity.is_stale("name_en")


def test_column_that_was_renamed_is_found_in_older_changes(monkeypatch):
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Después")
    with unsealed():
        Change.objects.filter(pk=first.pk).update(columns={"heading_es": ["Antes", "Después"]})
    now = kinds.by_model() | {Plan: replace(kinds.kind_of(Plan), renamed={"heading_es": "title_es"})}
    monkeypatch.setattr(kinds, "by_model", lambda: now)

    put(change_back(plan, first))

    plan.refresh_from_db()
    assert plan.title_es == "Antes"


def test_what_was_taken_out_of_the_log_stays_as_it_is():
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Después")
    with unsealed():
        Change.objects.filter(pk=first.pk).update(columns={"title_es": []})

    assert columns_before(plan, first)["title_es"] == "Después"


# Putting rows as the log says.


def test_values_of_every_kind_are_put():
    plan = factories.make_plan()
    theme = factories.make_theme(plan=plan)
    areas = sorted(factories.make_policy_area().pk for _ in range(2))
    commitment = factories.make_commitment(plan=plan)
    report = factories.make_report(plan=plan)
    figure = factories.make_declared_figure()

    put(
        proposed(commitment, theme=theme.pk, policy_areas=areas, ends_on="2017-06-30", is_starred=True),
        proposed(report, card_form=["results"], published_on=None),
        proposed(figure, value="12.5"),
    )

    commitment.refresh_from_db()
    assert (commitment.theme, commitment.ends_on, commitment.is_starred) == (theme, date(2017, 6, 30), True)
    assert sorted(commitment.policy_areas.values_list("pk", flat=True)) == areas
    report.refresh_from_db()
    assert report.card_form == ["results"]
    figure.refresh_from_db()
    assert figure.value == 12.5


def test_rows_are_added_and_taken_away():
    commitment = factories.make_commitment(plan=factories.make_plan(status=Status.DRAFT))
    item = factories.make_commitment_item(commitment=commitment)
    gone = as_dict(Change(model=item._meta.label_lower, object_id=item.pk, name="x", action="deleted"))
    gone["columns"] = {name: [value, None] for name, value in columns_now(item).items()}
    values = columns_now(item) | {"text_es": "Otro producto", "order": 2}
    new = gone | {"object_id": 10**6, "action": "created"}
    new["columns"] = {name: [None, value] for name, value in values.items()}

    put(gone, new)

    assert CommitmentItem.objects.get().text_es == "Otro producto"


def test_nothing_is_put_outside_of_writing():
    with pytest.raises(NotWriting):
        apply([])


def test_row_that_is_not_what_it_was_stays_as_it_is():
    plan, other = factories.make_plan(title_es="Antes"), factories.make_plan(title_es="Antes")
    changes = [proposed(other, title_es="Propuesto"), proposed(plan, title_es="Propuesto")]
    change(plan, title_es="Cambiado")

    with pytest.raises(Outdated) as refused:
        put(*changes)

    [found] = refused.value.differences
    assert (found.column, found.before, found.stored) == ("title_es", "Antes", "Cambiado")
    assert set(Plan.objects.values_list("title_es", flat=True)) == {"Antes", "Cambiado"}


def test_change_of_another_column_is_no_hindrance():
    plan = factories.make_plan(title_es="Antes")
    wanted = proposed(plan, title_es="Propuesto")
    change(plan, title_en="Changed")

    put(wanted)

    plan.refresh_from_db()
    assert (plan.title_es, plan.title_en) == ("Propuesto", "Changed")


def test_what_is_gone_is_refused_in_words():
    plan = factories.make_plan(status=Status.DRAFT)
    theme = factories.make_theme(plan=plan)
    commitment = factories.make_commitment(plan=plan)
    to_theme, of_theme = proposed(commitment, theme=theme.pk), proposed(theme, name_es="Otro")
    with writing(reason=REASON):
        theme.delete()
    refused = {
        "points to a row that is gone": to_theme,
        "is gone, so that it cannot be changed": of_theme,
        "no rows of the kind “plans.chapter”": of_theme | {"model": "plans.chapter"},
        "no rows of the kind “auth.user”": of_theme | {"model": "auth.user"},
        "no column “chapter”": proposed(plan) | {"columns": {"chapter": ["", "x"]}},
        "no column “code”": proposed(commitment) | {"columns": {"code": ["", "x"]}},
    }

    for words, each in refused.items():
        with translation.override("en"), pytest.raises(CannotApply, match=words):
            put(each)


def test_value_that_breaks_a_rule_is_refused_with_the_name_of_its_column():
    commitment = factories.make_commitment()
    foreign = factories.make_theme()

    for columns in ({"theme": foreign.pk}, {"number": 0}, {"title_es": "x" * 5000, "title_en": "x" * 5000}):
        with pytest.raises(ValidationError):
            put(proposed(commitment, **columns))
    with pytest.raises(WriteRefused, match="(?i)n.mero|number"):
        put(proposed(commitment, number=0))


def test_rules_of_published_rows_hold():
    milestone, update = factories.make_milestone(), factories.make_update()

    for each in (proposed(milestone, ends_on="2030-01-01"), proposed(update, text_es="Otro")):
        with pytest.raises(WriteRefused):
            put(each)
    with pytest.raises(WriteRefused), writing():
        apply([proposed(milestone, activity_es="Otra")])
    assert Milestone.objects.filter(ends_on="2030-01-01").count() == 0


def test_row_is_annulled_on_the_day_on_which_it_is_done():
    item = factories.make_commitment_item()

    put(proposed(item, annulled_at="2020-01-01T00:00:00Z"))

    item.refresh_from_db()
    assert item.annulled_at.year > 2020
