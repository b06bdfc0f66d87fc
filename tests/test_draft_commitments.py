"""A draft in a plan that was published: nobody outside sees anything of it, until it is published."""

import pytest
from django.core.cache import caches

from bench.addresses import FILES, LISTS, PAGES
from commitments.models import Commitment, CommitmentSource, Milestone
from entities.models import Entity
from plans.models import Plan, Recommendation
from record import actions
from record.models import Document
from record.publication import Status
from record.writing import writing
from tests import factories
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

WORDS = "Jacarandas"
OTHERS = [
    "/es/planes/5/",
    "/es/planes/5/?as_of=2025-06-30",
    "/en/plans/5/",
    "/es/compromisos/5-13/",
    "/es/compromisos/?plan=5",
    "/es/compromisos/?entity=minam&plan=5",
    "/es/entidades/minam/",
    "/es/seguimiento/?plan=5",
    f"/es/buscar/?q={WORDS}",
    "/es/documentos/un-decreto/",
    "/es/compromisos/5-14/",
    "/es/cambios/?plan=5",
    "/es/observaciones/",
    "/api/v1/plans/5/",
    "/api/v1/plans/5/compliance/",
    "/api/v1/commitments/5-14/",
    "/api/v1/milestones/5-14-1/",
    "/api/v1/commitments/?plan=5",
    f"/api/v1/commitments/?q={WORDS}",
    "/api/v1/milestones/?plan=5",
    "/api/v1/entities/minam/",
    "/api/v1/evidence/",
    "/api/v1/themes/?plan=5",
    "/api/v1/changes/?plan=5",
]
ADDRESSES = sorted({each.path for each in (*PAGES, *LISTS, *FILES)} | set(OTHERS))


def answers(client):
    for cache in caches.all():
        cache.clear()
    return {path: _words(client.get(path)) for path in ADDRESSES}


def _words(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body


def make_draft():
    """Make a draft with a row of all that a commitment may have, in plan V, which is public."""
    plan = Plan.objects.get(number=5)
    entity = Entity.objects.get(slug="minam")
    norm = factories.make_document(slug="un-decreto", title_es=f"Decreto {WORDS}", status=Status.DRAFT)
    with writing():
        commitment = Commitment.objects.create(
            plan=plan,
            number=14,
            title_es=f"Plantar {WORDS}",
            title_en=f"Plant {WORDS}",
            theme=plan.themes.first(),
            document=norm,
            place="p. 1",
            ends_on=plan.ends_on,
        )
        commitment.recommendations.add(Recommendation.objects.published().first())
        commitment.policy_areas.add(*Commitment.objects.get(code="5-13").policy_areas.all())
    assert commitment.status == Status.DRAFT
    of_it = {"commitment": commitment, "document": norm}
    factories.make_responsibility(entity=entity, **of_it)
    factories.make_responsibility(name_as_printed=f"Oficina {WORDS}", **of_it)
    factories.make_commitment_item(**of_it, text_es=WORDS)
    factories.make_commitment_title(**of_it, title=WORDS, language="es")
    factories.make(CommitmentSource, **of_it)
    milestone = factories.make_milestone(**of_it, number=1, activity_es=WORDS, ends_on=plan.ends_on)
    factories.make_milestone_responsible(milestone=milestone, entity=entity, document=norm)
    factories.make_milestone(**of_it, number=2, activity_es=WORDS, ends_on=None)
    return commitment


def test_no_answer_tells_of_a_draft(client):
    before = answers(client)
    make_draft()

    after = answers(client)

    assert [path for path in ADDRESSES if after[path] != before[path]] == []
    assert after["/es/compromisos/5-14/"][0] == after["/es/documentos/un-decreto/"][0] == 404


def test_published_it_is_on_all_of_them(client):
    commitment = make_draft()
    before = answers(client)

    actions.publish(None, commitment)

    after = answers(client)
    for path in (
        *("/es/planes/5/", "/es/compromisos/5-14/", "/es/compromisos/5-13/", "/es/documentos/un-decreto/"),
        *("/es/entidades/minam/", "/api/v1/commitments/5-14/", "/api/v1/milestones/5-14-1/"),
        *("/api/v1/plans/5/", "/es/seguimiento/?plan=5", f"/es/buscar/?q={WORDS}", "/es/cambios/?plan=5"),
    ):
        assert after[path] != before[path], path
        assert after[path][0] == 200, path
    assert Milestone.objects.published().filter(commitment=commitment).count() == 2
    assert Document.objects.get(slug="un-decreto").status == Status.PUBLISHED
