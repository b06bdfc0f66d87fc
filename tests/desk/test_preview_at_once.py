"""While somebody looks at a preview, everybody else reads the record as it is, on both databases."""

from datetime import date

import pytest
from django.test import Client
from django.urls import get_script_prefix

from plans.models import Plan
from plans.publishing import publish_plan
from plans.views import PlanDetail
from record.publication import Status
from tests.desk.rows import client_of
from tests.factories import make_commitment, make_editor, make_milestone, make_plan
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

# Of an address for which a new connection asks SQLite what it can, in a transaction of its own, it would wait
# for the preview, which waits for it here alone.
PATHS = ["/es/planes/", "/es/planes/6/", "/es/compromisos/", "/api/v1/commitments/", "/api/v1/milestones/"]


def read():
    client = Client()
    return {path: (answer.status_code, answer.content) for path in PATHS if (answer := client.get(path))}


def test_others_read_nothing_of_it_while_it_is_made(monkeypatch):
    plan = make_plan(
        number=6, status=Status.DRAFT, title_es="Jacarandas", starts_on=date(2026, 1, 1), ends_on=None
    )
    make_milestone(commitment=make_commitment(plan=plan, number=1, title_es="Jacarandas"), number=1)
    make_plan(number=5)
    before, meanwhile, describe = read(), [], PlanDetail.get_context_data

    def describe_while_others_read(self, **kwargs):
        if get_script_prefix() != "/":
            meanwhile.extend(at_once(read, read))
        return describe(self, **kwargs)

    monkeypatch.setattr(PlanDetail, "get_context_data", describe_while_others_read)
    seen = client_of(make_editor()).get("/admin/vista-previa/6/es/planes/6/")

    assert "Jacarandas" in seen.content.decode()
    assert meanwhile == [before, before]
    assert read() == before
    assert before["/es/planes/6/"][0] == 404
    publish_plan(None, Plan.objects.get(number=6), "")
    after = read()
    assert after["/es/planes/6/"][0] == 200
    assert all(after[path] != before[path] for path in PATHS)
