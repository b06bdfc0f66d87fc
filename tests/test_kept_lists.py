"""The API's lists of the real record, as they are kept: what lists that are built anew say, on every day."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models.state import CommitmentState, MilestoneState
from faces import kept
from faces.filters import BooleanField, ChoiceField, DateField, MomentField, SearchField
from faces.kept import Keys, Shelf
from faces.viewsets import RecordViewSet
from ogp_portal.api_urls import router
from plans.models import Plan, Report
from tests.api import ROOT
from tests.factories import (
    change_plan,
    make_commitment,
    make_entity,
    make_milestone,
    make_plan,
    make_responsibility,
    make_theme,
)
from tests.record import record  # noqa: F401

LISTS = {prefix: viewset for prefix, viewset, _basename in router.registry if viewset.is_kept}
DATED = [name for name, viewset in LISTS.items() if viewset.turns_on != ()]
every_kept_list = pytest.mark.parametrize("name", LISTS)


@pytest.fixture
def whole(record, db, monkeypatch):  # noqa: F811
    """Have the record, and let it be kept, as what all read, in spite of the test's own transaction."""
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))


@pytest.fixture(autouse=True)
def empty_shelf(monkeypatch):
    monkeypatch.setattr(kept, "_shelf", Shelf())


def built(monkeypatch, address, **params):
    """Return the bytes of a list that is built anew, row by row."""
    with monkeypatch.context() as patch:
        patch.setattr(RecordViewSet, "is_kept", False)
        return body(address, **params)


def body(address, **params):
    # Else an answer that is kept whole would be all that is ever compared.
    for cache in caches.all():
        cache.clear()
    response = Client().get(ROOT + address, params)
    assert response.status_code == 200, response.content
    return response.content


def days_of_the_record(most):
    """Return about so many days on which something begins, evenly chosen, each with the day before."""
    found = {date(2030, 1, 1)}
    for rows, column in (
        (MilestoneState.objects, "from_on"),
        (CommitmentState.objects, "from_on"),
        (Report.objects, "cutoff_on"),
        (Plan.objects.exclude(starts_on=None), "starts_on"),
    ):
        found.update(rows.values_list(column, flat=True).distinct())
    days = sorted(day for day in found if date(2000, 1, 1) < day < date(2026, 1, 1))
    chosen = days[:: max(1, len(days) // most)]
    return sorted({each for day in chosen for each in (day, day - timedelta(days=1))})


@every_kept_list
@pytest.mark.parametrize("lang", ["es", "en"])
def test_list_of_what_is_kept_is_the_list_that_is_built(whole, monkeypatch, name, lang):
    days = days_of_the_record(7 if name in DATED and lang == "es" else 2)

    # From the last day on, so that what is kept of later days must not be told of earlier ones; then again.
    for day in [*reversed(days), *days]:
        body(f"{name}/", lang=lang, as_of=day, page_size=500)

    for day in days:
        params = {"lang": lang, "as_of": day, "page_size": 500}
        assert body(f"{name}/", **params) == built(monkeypatch, f"{name}/", **params), day


@pytest.mark.parametrize("name", ["commitments", "milestones", "plans", "themes", "entities"])
def test_list_turns_with_the_day_on_which_a_norm_added_a_commitment(db, monkeypatch, name):
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))
    plan = make_plan(number=7, starts_on=date(2016, 1, 1))
    added = make_commitment(plan=plan, number=1, theme=make_theme(plan=plan))
    change_plan(added, in_plan_from=date(2016, 3, 1))
    make_responsibility(commitment=added, entity=make_entity())
    make_milestone(commitment=added)
    days = [date(2016, 2, 29), date(2016, 3, 1)]

    for order in (days, days[::-1]):
        monkeypatch.setattr(kept, "_shelf", Shelf())
        found = {day: body(f"{name}/", as_of=day) for day in order}
        for day in days:
            assert found[day] == built(monkeypatch, f"{name}/", as_of=day), day


@pytest.mark.parametrize("name", LISTS)
def test_pages_and_keys_of_a_list_are_those_that_are_built(whole, monkeypatch, name):
    body(f"{name}/")

    for params in (
        {"page_size": 2},
        {"page_size": 1, "page": 1, "lang": "en"},
        {"fields": "api_url,sources"},
        {"fields": "sources", "as_of": "2016-09-30"},
        {"as_of": ""},
    ):
        assert body(f"{name}/", **params) == built(monkeypatch, f"{name}/", **params), params


def values_of(field):
    """Return some values of a parameter that may be given."""
    match field:
        case SearchField():
            return ["datos"]
        case MomentField() | DateField():
            # A day by which some milestones are due, once their end was announced.
            return ["2016-12-31"]
        case BooleanField():
            return ["true", "false"]
        case ChoiceField():
            return [value for value, _label in field.choices]
    return list(field.rows)[:3]


@every_kept_list
def test_day_decides_of_parameters_only_what_the_filters_say(whole, name):
    viewset = LISTS[name]
    days, given = days_of_the_record(6), [""]
    for parameter, field in viewset.filterset_class().form.fields.items():
        if parameter not in ("as_of", *(viewset.filterset_class.dated or ())):
            given += [f"{parameter}={value}" for value in values_of(field)]

    def filtered(query, day):
        rows = viewset().get_queryset()
        return viewset.filterset_class(QueryDict(f"{query}&as_of={day}"), rows, strict=True)

    for query in given if viewset.filterset_class.dated is not None else ():
        filterset = filtered(query, days[0])
        assert filterset.errors_list() == []
        filterset.of_any_day = True
        keys = Keys.of(filterset.qs, viewset.filterset_class.begins_on is not None)
        for day in days:
            expected = list(filtered(query, day).qs.values_list("pk", flat=True))
            assert list(keys.on(day)) == expected, (query, day)


def test_lists_that_grow_are_kept_and_ask_the_database_little(whole, django_assert_num_queries):
    for name in LISTS:
        body(f"{name}/", as_of="2017-05-05")
        if name == "changes":
            continue
        with django_assert_num_queries(1):
            body(f"{name}/", as_of="2017-05-05")


def test_list_says_what_was_written_since(whole):
    before = body("plans/")

    make_plan(number=50)

    assert body("plans/") != before
    assert b'"number":50' in body("plans/")


def test_list_asks_for_the_version_once(whole):
    body("plans/")

    with CaptureQueriesContext(connection) as asked:
        body("plans/", as_of="2020-01-01")

    assert sum("record_version" in query["sql"] for query in asked.captured_queries) == 1
