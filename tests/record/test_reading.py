"""Rows that are read together, and parts that are read only where there are some."""

import pytest
from django.db.models import Prefetch, Value

from commitments.models import Commitment, CommitmentTitle, Finding
from record.reading import count_together, read_parts, together, with_parts
from record.writing import writing
from tests.factories import make_commitment, make_commitment_title, make_finding, make_plan

pytestmark = pytest.mark.django_db


def test_parts_are_asked_for_only_of_rows_that_have_some(django_assert_num_queries):
    with_title, without = make_commitment(), make_commitment()
    title = make_commitment_title(commitment=with_title)

    with django_assert_num_queries(2):
        first, second = with_parts(Commitment.objects.order_by("pk"), "titles", "findings")
        read_parts([first, second], "titles", Prefetch("findings", Finding.objects.all(), to_attr="coded"))
        assert (first, second) == (with_title, without)
        assert (list(first.titles.all()), list(second.titles.all())) == ([title], [])
        assert (first.coded, second.coded) == ([], [])


def test_parts_that_were_annulled_are_none(django_assert_num_queries):
    title = make_commitment_title()
    with writing(reason="made for a test", act="annul"):
        CommitmentTitle.objects.filter(pk=title.pk).update(annulled_at="2026-01-01T00:00:00Z")

    row = with_parts(Commitment.objects.all(), "titles").get()

    assert not row.has_titles


def test_parts_of_each_row_are_its_own():
    rows = [make_commitment() for _each in range(2)]
    coded = {row.pk: make_finding(commitment=row) for row in rows}

    found = list(with_parts(Commitment.objects.all(), "findings"))
    read_parts(found, "findings")

    assert {row.pk: [*row.findings.all()] for row in found} == {pk: [each] for pk, each in coded.items()}


def test_querysets_are_read_and_counted_in_one_query(django_assert_num_queries):
    plans = [make_plan(), make_plan()]
    numbers = [
        type(plan).objects.filter(pk=plan.pk).values_list(Value(name), "number")
        for name, plan in zip("ab", plans, strict=True)
    ]
    commitments = [make_commitment(plan=plan) for plan in (plans[0], plans[0], plans[1])]
    rows = {
        "first": Commitment.objects.filter(plan=plans[0]),
        "none": Commitment.objects.filter(code="9-99"),
        "empty": Commitment.objects.none(),
        "list": commitments,
    }

    with django_assert_num_queries(3):
        assert sorted(together(numbers)) == [("a", plans[0].number), ("b", plans[1].number)]
        assert list(together(numbers[:1])) == [("a", plans[0].number)]
        assert count_together(rows) == {"first": 2, "none": 0, "empty": 0, "list": 3}
    assert count_together({}) == {}
