from datetime import date

import pytest

from commitments.models import CommitmentItem, CommitmentTitle
from plans.compliance import Level
from plans.models import Section
from record.models import Document
from record.publication import Status
from record.writing import writing
from tests.api import errors, get, queries, results, table
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_entity,
    make_entity_name,
    make_evidence,
    make_finding,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
    written,
)

pytestmark = pytest.mark.django_db


def commitment(client, row, **params):
    return get(client, f"commitments/{row.code}/", **params)


def milestone(client, row, **params):
    return get(client, f"milestones/{row.code}/", **params)


# Commitments


def test_commitment_tells_what_it_is(client):
    theme, area = make_theme(), make_policy_area()
    row = make_commitment(
        plan=theme.plan,
        theme=theme,
        label="3.m",
        ogp_id="PE0001",
        is_starred=True,
        starts_on=date(2015, 1, 1),
        ends_on=date(2016, 12, 31),
    )
    with writing(reason="made for a test"):
        row.policy_areas.add(area)

    answer = commitment(client, row)

    assert answer["code"] == f"{theme.plan.number}-{row.number}"
    assert (answer["plan"], answer["number"]) == (theme.plan.number, row.number)
    assert (answer["label"], answer["ogp_id"]) == ("3.m", "PE0001")
    assert answer["theme"]["slug"] == theme.slug
    assert [one["slug"] for one in answer["policy_areas"]] == [area.slug]
    assert (answer["starts_on"], answer["ends_on"], answer["current_ends_on"]) == (
        "2015-01-01",
        "2016-12-31",
        "2016-12-31",
    )
    assert answer["is_starred"] is True


def test_commitment_of_which_nothing_is_known_says_null_and_never_zero(client):
    answer = commitment(client, make_commitment(plan=make_plan(ends_on=None)))

    unknown = [
        "label",
        "ogp_id",
        "theme",
        "starts_on",
        "ends_on",
        "current_ends_on",
        "is_starred",
        "completion",
        "due_on",
        "due_from",
        "past_due",
        "is_overdue",
        "late_word_on",
        "days_late",
        "days_late_current",
        "days_past_due",
        "progress",
    ]
    assert [answer[key] for key in unknown] == [None] * len(unknown)
    assert (answer["levels"], answer["differ"], answer["responsibilities"]) == ([], False, [])
    lists = [
        "policy_areas",
        "titles",
        "items",
        "milestones",
        "assessments",
        "findings",
        "evidence",
        "recommendations",
        "observations",
    ]
    assert [answer[key] for key in lists] == [[]] * len(lists)


def test_commitment_shows_the_level_of_the_latest_report_with_its_author_and_date(client):
    plan = make_plan()
    row = make_commitment(plan=plan)
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30), author="irm")
    make_assessment(report=sooner, commitment=row, level="limited")
    make_assessment(report=later, commitment=row, level="complete")

    answer = commitment(client, row, lang="en")

    assert answer["completion"] == {
        "level": "complete",
        "level_label": "Complete",
        "report": later.slug,
        "author": "irm",
        "as_of": "2017-09-30",
    }
    assert [(level["author"], level["level"]) for level in answer["levels"]] == [
        ("irm", "complete"),
        ("government", "limited"),
    ]
    assert answer["differ"] is True


def test_commitment_level_of_civil_society_is_heard_and_not_shown(client):
    card = make_assessment(report=make_report(author="civil_society"), level="limited")

    answer = commitment(client, card.commitment)

    assert answer["completion"] is None
    assert [level["author"] for level in answer["levels"]] == ["civil_society"]


def test_commitment_as_of_a_day_is_as_it_was_known_of_that_day(client):
    plan = make_plan()
    row = make_commitment(plan=plan, ends_on=date(2016, 12, 31))
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=sooner, commitment=row, level="limited")
    make_assessment(report=later, commitment=row, level="complete", new_end_on=date(2018, 1, 31))
    step = make_milestone(commitment=row, ends_on=date(2016, 6, 30))
    make_update(milestone=step, as_of=date(2016, 9, 30), status="in_progress")
    make_update(milestone=step, as_of=date(2017, 9, 30), status="complete")

    now = commitment(client, row)
    then = commitment(client, row, as_of="2017-01-01")
    before = commitment(client, row, as_of="2016-01-01")

    assert (now["completion"]["level"], now["current_ends_on"]) == ("complete", "2018-01-31")
    nothing = dict.fromkeys(("complete", "overdue", "unreported", "unknown", "silent", "undated"), 0)
    assert now["progress"] == nothing | {"total": 1, "complete": 1}
    assert len(now["assessments"]) == 2
    assert (then["completion"]["level"], then["current_ends_on"]) == ("limited", "2016-12-31")
    assert then["progress"] == nothing | {"total": 1, "overdue": 1}
    assert [card["report"] for card in then["assessments"]] == [sooner.slug]
    assert then["milestones"][0]["last_reported_on"] == "2016-09-30"
    assert before["completion"] is None
    assert before["progress"] == nothing | {"total": 1, "unreported": 1}
    [in_list] = get(client, "commitments/", as_of="2017-01-01")["results"]
    assert in_list == {key: then[key] for key in in_list}


def test_commitment_lists_its_responsibilities_with_their_sources(client):
    row = make_commitment()
    report = make_report(plan=row.plan)
    lead = make_responsibility(
        commitment=row, unit_es="Oficina", unit_en="Office", unofficial={"unit_en": ""}
    )
    make_responsibility(commitment=row, role="support", name_as_printed="Varias", report=report)

    first, second = commitment(client, row)["responsibilities"]

    assert (first["role"], first["entity"]["slug"], first["name"], first["report"]) == (
        "lead",
        lead.entity.slug,
        None,
        None,
    )
    assert (first["unit"], first["unit_en"], first["unofficial"]) == ("Oficina", "Office", ["unit_en"])
    assert first["document"]["slug"] == lead.document.slug
    assert (second["role"], second["entity"], second["name"], second["report"]) == (
        "support",
        None,
        "Varias",
        report.slug,
    )


def test_commitment_alone_adds_its_texts_items_and_titles(client):
    row = make_commitment(problem_es="Problema", relevance_en="Relevance", period_as_printed="2015-2016")
    source = {"commitment": row, "document": make_document(), "place": "p. 2"}
    with writing(reason="made for a test"):
        CommitmentTitle.objects.create(title="Another title", language="en", **source)
        CommitmentItem.objects.create(kind="footnote", text_es="Nota", **source)

    answer = commitment(client, row)

    assert (answer["problem"], answer["relevance"], answer["relevance_lang"]) == (
        "Problema",
        "Relevance",
        "en",
    )
    assert answer["period_as_printed"] == "2015-2016"
    assert [(one["title"], one["language"], one["place"]) for one in answer["titles"]] == [
        ("Another title", "en", "p. 2")
    ]
    assert [(one["kind"], one["text"], one["place"]) for one in answer["items"]] == [
        ("footnote", "Nota", "p. 2")
    ]
    assert not {"problem", "items", "milestones"} & set(get(client, "commitments/")["results"][0])


def test_commitment_alone_adds_milestones_assessments_and_findings_as_their_lists_give_them(client):
    row = make_commitment()
    step = make_milestone(commitment=row)
    card = make_assessment(commitment=row)
    make_finding(commitment=row, report=card.report)
    make_finding(commitment=row, report=make_report(plan=row.plan, status=Status.DRAFT))
    star = make_finding(commitment=row, measure="star", value="yes")

    answer = commitment(client, row)

    assert answer["milestones"] == [milestone(client, step)]
    assert answer["assessments"] == [get(client, f"assessments/{card.public_id}/")]
    assert [(one["measure"], one["report"]) for one in answer["findings"]] == [
        ("specificity", card.report.slug),
        ("star", None),
    ]
    assert answer["findings"][1]["document"]["slug"] == star.document.slug


def test_commitment_alone_adds_all_its_public_evidence(client):
    row = make_commitment()
    update = make_update(milestone=make_milestone(commitment=row))
    draft = make_update(milestone=update.milestone, workflow=Status.DRAFT)
    card = make_assessment(commitment=row)
    hidden = make_assessment(commitment=row, report=make_report(plan=row.plan, status=Status.DRAFT))
    owners = [{"commitment": row}, {"milestone": update.milestone}, {"update": update}, {"assessment": card}]
    shown = [make_evidence(code=f"e{n}", **owner) for n, owner in enumerate(owners)]
    make_evidence(update=draft)
    make_evidence(assessment=hidden)
    make_evidence()

    evidence = commitment(client, row)["evidence"]

    assert [one["code"] for one in evidence] == [one.code for one in shown]
    owned = [[one[key] for key in ("commitment", "milestone", "update", "assessment")] for one in evidence]
    assert owned == [
        [row.code, None, None, None],
        [row.code, update.milestone.code, None, None],
        [row.code, None, update.code, None],
        [row.code, None, None, card.public_id],
    ]


def test_commitment_alone_names_the_published_recommendations_that_it_follows(client):
    row = make_commitment()
    followed, draft = make_recommendation(), make_recommendation(status=Status.DRAFT)
    make_recommendation()
    with writing(reason="made for a test"):
        row.recommendations.set([followed, draft])

    assert commitment(client, row)["recommendations"] == [followed.slug]
    assert "recommendations" not in get(client, "commitments/")["results"][0]


def test_commitment_evidence_has_a_link_and_the_address_as_printed(client):
    row = make_evidence(url="www.peru.gob.pe/pagina").commitment

    [evidence] = commitment(client, row)["evidence"]

    assert (evidence["link"], evidence["as_printed"]) == (
        "http://www.peru.gob.pe/pagina",
        "www.peru.gob.pe/pagina",
    )


@pytest.mark.parametrize("ogp_id", ["PE0049", "pe0049", "Pe0049"])
def test_commitment_by_the_ogps_id_leads_to_its_own_address_with_the_query(client, ogp_id):
    row = make_commitment(ogp_id="PE0049")

    response = client.get(f"/api/v1/commitments/{ogp_id}/?lang=en&fields=code")

    assert response.status_code == 302
    assert response.headers["Location"] == f"/api/v1/commitments/{row.code}/?lang=en&fields=code"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert errors(client, "commitments/PE9999/", status=404) == [(None, "not_found")]


def test_commitment_of_a_draft_plan_does_not_exist(client):
    row = make_commitment(plan=make_plan(status=Status.DRAFT), ogp_id="PE0050")
    step = make_milestone(commitment=row)
    card = make_assessment(commitment=row)
    update = make_update(milestone=step)

    for address in (
        f"commitments/{row.code}/",
        "commitments/PE0050/",
        f"milestones/{step.code}/",
        f"assessments/{card.public_id}/",
        f"updates/{update.code}/",
    ):
        assert errors(client, address, status=404) == [(None, "not_found")]
    for address in ("commitments/", "milestones/", "assessments/", "updates/"):
        assert get(client, address)["count"] == 0


def test_commitments_are_filtered_and_ordered(client):
    plan = make_plan()
    tenth, second = make_commitment(plan=plan, number=10), make_commitment(plan=plan, number=2)
    make_assessment(commitment=tenth, level="complete")

    assert results(client, "commitments/") == [second.code, tenth.code]
    assert results(client, "commitments/", ordering="-code") == [tenth.code, second.code]
    assert results(client, "commitments/", level="complete") == [tenth.code]
    assert results(client, "commitments/", level=["complete", "none"], plan=plan.number) == [
        second.code,
        tenth.code,
    ]
    assert errors(client, "commitments/", level="great") == [("level", "unknown_value")]


# Milestones


def test_milestone_tells_what_was_planned(client):
    row = make_milestone(
        means_of_verification_es="Informe",
        starts_on=date(2016, 1, 1),
        starts_as_printed="1st Half - 2016",
        responsible_as_printed="Office-MINEDU",
    )
    unit = make_milestone_responsible(milestone=row, entity=make_entity())

    answer = milestone(client, row)

    assert (answer["code"], answer["commitment"], answer["plan"]) == (
        row.code,
        row.commitment.code,
        row.commitment.plan.number,
    )
    assert (answer["order"], answer["activity"]) == (row.number, row.activity_es)
    assert answer["means_of_verification"] == "Informe"
    assert answer["responsible_unit"] == "Office-MINEDU"
    [responsible] = answer["responsible"]
    assert (responsible["entity"]["slug"], responsible["unit"]) == (unit.entity.slug, "Oficina")
    assert (responsible["document"]["slug"], responsible["place"]) == (unit.document.slug, "p. 1")
    assert (answer["starts_on"], answer["starts_as_printed"]) == ("2016-01-01", "1st Half - 2016")
    assert (answer["ends_on"], answer["current_ends_on"]) == ("2016-12-31", "2016-12-31")


def test_milestone_on_which_nothing_was_reported_is_not_said_to_be_late(client):
    answer = milestone(client, make_milestone())

    assert answer["status"] == "unreported"
    unknown = ["percent", "last_reported_on", "is_overdue", "days_late", "days_late_current"]
    assert [answer[key] for key in unknown] == [None] * 5


def test_commitment_that_a_report_judged_late_says_since_when_and_by_which_end(client):
    row = make_commitment(plan=make_plan(ends_on=date(2016, 12, 31)))
    report = make_report(plan=row.plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=report, commitment=row, level="not_started", new_end_on=date(2017, 6, 30))

    answer = commitment(client, row, as_of="2017-10-10")

    assert (answer["due_on"], answer["due_from"]) == ("2016-12-31", "plan")
    assert (answer["past_due"], answer["is_overdue"], answer["late_word_on"]) == (True, True, "2017-09-30")
    days = [answer[f"days_{name}"] for name in ("late", "late_current", "past_due")]
    assert days == [273, 92, 283]


def test_milestone_that_was_replanned_is_late_by_two_clocks(client):
    row = make_milestone(ends_on=date(2017, 1, 1))
    make_update(
        milestone=row,
        as_of=date(2017, 6, 30),
        percent=100,
        new_end_on=date(2017, 6, 20),
        reason_es="Falta personal",
    )

    answer = milestone(client, row)

    assert (answer["status"], answer["percent"], answer["last_reported_on"]) == (
        "in_progress",
        100,
        "2017-06-30",
    )
    assert (answer["ends_on"], answer["due_on"]) == ("2017-01-01", "2017-01-01")
    assert (answer["current_ends_on"], answer["late_word_on"]) == ("2017-06-20", "2017-06-30")
    assert (answer["is_overdue"], answer["days_late"], answer["days_late_current"]) == (True, 180, 10)
    assert milestone(client, row, as_of="2017-01-11")["status"] == "unreported"


def test_milestone_counts_its_evidence_and_that_of_its_public_updates(client):
    row = make_milestone()
    make_evidence(milestone=row)
    make_evidence(update=make_update(milestone=row))
    make_evidence(update=make_update(milestone=row, workflow=Status.DRAFT))

    assert milestone(client, row)["evidence_count"] == 2


# Assessments


def test_assessment_tells_its_level_and_report(client):
    report = make_report(document=make_document(language="en"), cutoff_on=date(2016, 9, 30))
    card = make_assessment(
        report=report, level="substantial", level_as_printed="Substantial", new_end_on=date(2017, 1, 1)
    )

    answer = get(client, f"assessments/{card.public_id}/", lang="en")

    assert answer["id"] == f"{report.slug}:{card.commitment.code}"
    assert (answer["report"], answer["commitment"], answer["plan"]) == (
        report.slug,
        card.commitment.code,
        report.plan.number,
    )
    assert (answer["level"], answer["level_label"], answer["level_as_printed"]) == (
        "substantial",
        "Substantial",
        "Substantial",
    )
    assert (answer["author"], answer["as_of"], answer["language"]) == ("government", "2016-09-30", "en")
    assert (answer["new_end_on"], answer["has_card"]) == ("2017-01-01", True)


def test_assessment_tells_a_row_that_the_form_lacks_from_a_blank_one(client):
    report = make_report(card_form=["responsible", "results"])
    card = make_assessment(report=report, results="Se publicó")

    answer = get(client, f"assessments/{card.public_id}/")

    assert (answer["results"], answer["responsible"], answer["next_steps"]) == ("Se publicó", "", None)


def test_quoted_reason_is_given_with_the_row_that_it_is_quoted_from(client):
    report = make_report(card_form=["results"])
    columns = {"report": report, "results": "Late, as there was no budget.", "level": "limited"}
    quoted = make_assessment(
        **columns, delay_reason="as there was no budget", delay_reason_from="results"
    ).public_id
    silent = make_assessment(**columns).public_id

    keys = {"fields": "delay_reason,delay_reason_from,next_steps"}
    assert get(client, f"assessments/{quoted}/", **keys) == {
        "delay_reason": "as there was no budget",
        "delay_reason_from": "results",
        "next_steps": None,
    }
    assert get(client, f"assessments/{silent}/", **keys) == dict.fromkeys(keys["fields"].split(","))


def test_commitment_has_the_address_of_its_page_at_the_ogp(client, settings):
    settings.OGP_COMMITMENT_URL = "https://ogp.example/{ogp_id}/"
    with_id, without = make_commitment(ogp_id="PE0049"), make_commitment(ogp_id=None)

    assert get(client, f"commitments/{with_id.code}/")["ogp_url"] == "https://ogp.example/PE0049/"
    assert get(client, f"commitments/{without.code}/")["ogp_url"] is None


def test_assessment_without_a_card_has_no_rows(client):
    card = make_assessment(has_card=False)

    answer = get(client, f"assessments/{card.public_id}/")

    assert (answer["has_card"], answer["results"], answer["responsible"]) == (False, None, None)


def test_assessment_has_the_findings_of_its_own_report(client):
    card = make_assessment()
    own = make_finding(
        commitment=card.commitment, report=card.report, measure="potential_impact", value="minor"
    )
    make_finding(commitment=card.commitment, report=make_report(plan=card.report.plan))
    make_finding(commitment=card.commitment)

    [finding] = get(client, f"assessments/{card.public_id}/")["findings"]

    assert (finding["measure"], finding["value"], finding["report"]) == (
        "potential_impact",
        "minor",
        card.report.slug,
    )
    assert finding["document"]["slug"] == own.document.slug


def test_assessment_of_a_draft_report_does_not_exist(client):
    card = make_assessment(report=make_report(status=Status.DRAFT))

    assert errors(client, f"assessments/{card.public_id}/", status=404) == [(None, "not_found")]
    assert get(client, "assessments/")["count"] == 0


# Updates


def test_update_tells_what_was_said(client):
    report = make_report()
    update = make_update(
        milestone=make_milestone(commitment=make_commitment(plan=report.plan)),
        status=None,
        percent=40,
        text_es="Avanza",
        new_end_on=date(2018, 1, 31),
        new_end_as_printed="Enero 2018",
        reason_es="Falta presupuesto",
        report=report,
        source_letter="Oficio 1",
    )
    make_evidence(update=update, code="x-e1")

    answer = get(client, f"updates/{update.code}/")

    assert (answer["id"], answer["milestone"]) == (update.code, update.milestone.code)
    assert (answer["commitment"], answer["plan"]) == (update.milestone.commitment.code, report.plan.number)
    assert (answer["as_of"], answer["status"], answer["percent"]) == ("2017-09-30", None, 40)
    assert (answer["text"], answer["reason"]) == ("Avanza", "Falta presupuesto")
    assert (answer["new_end_on"], answer["new_end_as_printed"]) == ("2018-01-31", "Enero 2018")
    assert (answer["report"], answer["source_letter"]) == (report.slug, "Oficio 1")
    assert [one["code"] for one in answer["evidence"]] == ["x-e1"]


def test_update_that_was_corrected_stays_beside_its_correction(client):
    wrong = make_update()
    right = make_update(milestone=wrong.milestone, corrects=wrong)
    make_update(milestone=wrong.milestone, corrects=wrong, workflow=Status.DRAFT)

    assert results(client, "updates/", "id") == [wrong.code, right.code]
    assert get(client, f"updates/{wrong.code}/")["corrected_by"] == [right.code]
    assert get(client, f"updates/{right.code}/")["corrects"] == wrong.code


def test_update_that_is_a_draft_does_not_exist(client):
    update = make_update(workflow=Status.DRAFT)

    assert errors(client, f"updates/{update.code}/", status=404) == [(None, "not_found")]
    assert get(client, "updates/")["count"] == 0


# Evidence


def evidence_of_every_kind(row):
    """Make evidence of a commitment, of its milestone, update and assessment; return it by its kind."""
    step = make_milestone(commitment=row)
    owners = {
        "commitment": row,
        "milestone": step,
        "update": make_update(milestone=step),
        "assessment": make_assessment(commitment=row),
    }
    return {kind: make_evidence(**{kind: owner}) for kind, owner in owners.items()}


def test_evidence_tells_what_it_proves_and_where(client):
    row = make_commitment()

    for kind, evidence in evidence_of_every_kind(row).items():
        answer = get(client, f"evidence/{evidence.code}/")
        owner = getattr(evidence, kind)
        assert (answer["code"], answer["kind"], answer["plan"]) == (evidence.code, kind, row.plan.number)
        owners = {key: answer[key] for key in ("milestone", "update", "assessment") if answer[key]}
        assert owners | {"commitment": answer["commitment"]} == {
            "commitment": row.code,
            kind: getattr(owner, "public_id", None) or owner.code,
        }
        assert answer["url"] == f"http://testserver{owner.get_absolute_url()}"
        assert (answer["title"], answer["link"]) == (evidence.title_es, evidence.url)
        assert answer["sources"] == [{"document": answer["document"], "place": "p. 1"}]


def test_evidence_is_the_same_wherever_it_is_told(client):
    row = make_commitment()
    evidence = evidence_of_every_kind(row)

    listed = {one["code"]: one for one in get(client, "evidence/")["results"]}
    of_update = get(client, f"updates/{evidence['update'].update.code}/")["evidence"]

    assert of_update == [listed[evidence["update"].code]]
    assert {one["code"]: one for one in commitment(client, row)["evidence"]} == listed


def test_evidence_in_a_file_names_the_commitment_that_it_belongs_to(client):
    row = make_commitment()
    evidence = evidence_of_every_kind(row)

    rows = table(client, "evidence/")

    assert {one["kind"]: one["code"] for one in rows} == {kind: one.code for kind, one in evidence.items()}
    assert {one["commitment"] for one in rows} == {row.code}


def test_evidence_is_filtered_by_what_it_proves(client):
    first, second = make_commitment(), make_commitment()
    of_first, of_second = evidence_of_every_kind(first), evidence_of_every_kind(second)
    codes = {one.code for one in of_first.values()}

    assert set(results(client, "evidence/", commitment=first.code)) == codes
    assert set(results(client, "evidence/", plan=first.plan.number)) == codes
    assert len(results(client, "evidence/", plan=[first.plan.number, second.plan.number])) == 8
    for kind, evidence in of_first.items():
        assert results(client, "evidence/", kind=kind) == [evidence.code, of_second[kind].code]
        assert results(client, "evidence/", kind=kind, commitment=first.code) == [evidence.code]
    assert errors(client, "evidence/", kind="report") == [("kind", "unknown_value")]


def test_evidence_is_in_the_order_of_the_commitments(client):
    plan = make_plan()
    tenth, second = make_commitment(plan=plan, number=10), make_commitment(plan=plan, number=2)
    later = make_evidence(code=f"{tenth.code}-e1", commitment=tenth)
    sooner = make_evidence(code=f"{second.code}-1-e1", milestone=make_milestone(commitment=second, number=1))

    assert results(client, "evidence/") == [sooner.code, later.code]


def test_evidence_of_what_is_a_draft_does_not_exist(client):
    of_draft_plan = evidence_of_every_kind(make_commitment(plan=make_plan(status=Status.DRAFT)))
    rows = [
        *of_draft_plan.values(),
        make_evidence(update=make_update(workflow=Status.DRAFT)),
        make_evidence(assessment=make_assessment(report=make_report(status=Status.DRAFT))),
    ]

    assert get(client, "evidence/")["count"] == 0
    for row in rows:
        assert errors(client, f"evidence/{row.code}/", status=404) == [(None, "not_found")]


# Entities


def test_entity_tells_what_it_is_and_how_documents_spell_it(client):
    ministry, heir = make_entity(), make_entity()
    entity = make_entity(acronym="SGP", parent=ministry, succeeded_by=heir, website="https://example.org/")
    name = make_entity_name(entity=entity, spelling="Secretary of Public Management", language="en")

    answer = get(client, f"entities/{entity.slug}/")

    assert (answer["slug"], answer["acronym"], answer["name"]) == (entity.slug, "SGP", entity.name_es)
    assert (answer["kind"], answer["parent"], answer["succeeded_by"]) == (
        "ministry",
        ministry.slug,
        heir.slug,
    )
    assert answer["website"] == "https://example.org/"
    [spelling] = answer["names"]
    assert (spelling["spelling"], spelling["language"]) == ("Secretary of Public Management", "en")
    assert (spelling["document"]["slug"], spelling["place"]) == (name.document.slug, "p. 1")


def test_entity_of_which_nothing_is_known_says_so(client):
    answer = get(client, f"entities/{make_entity().slug}/")

    assert [answer[key] for key in ("acronym", "parent", "succeeded_by", "website", "progress")] == [None] * 5
    assert answer["by_report"] == []
    assert answer["commitments_count"] == {
        "lead": 0,
        "co_lead": 0,
        "support": 0,
        "stakeholder": 0,
        "monitoring": 0,
    }


def test_entity_counts_each_commitment_once_in_a_role(client):
    row = make_responsibility(role="lead")
    make_responsibility(entity=row.entity, commitment=row.commitment, role="lead", order=2)
    make_responsibility(entity=row.entity, commitment=row.commitment, role="support")
    make_responsibility(entity=row.entity, role="support")
    make_responsibility(entity=row.entity, commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    draft = make_report(plan=row.commitment.plan, status=Status.DRAFT)
    make_responsibility(entity=row.entity, commitment=row.commitment, report=draft, role="monitoring")
    make_responsibility()

    count = get(client, f"entities/{row.entity.slug}/")["commitments_count"]

    assert count == {"lead": 1, "co_lead": 0, "support": 2, "stakeholder": 0, "monitoring": 0}


def test_entity_by_report_is_what_the_report_says_by_entity(client):
    card = make_assessment(level="limited")
    report, plan = card.report, card.report.plan
    entity = make_responsibility(commitment=card.commitment, role="co_lead").entity
    make_responsibility(commitment=make_commitment(plan=plan), entity=entity)
    make_responsibility(commitment=make_assessment(report=report).commitment, entity=entity, role="support")
    make_assessment()

    [row] = get(client, f"entities/{entity.slug}/")["by_report"]

    assert row["report"] == report.slug
    assert (row["completion"]["assessed"], row["completion"]["total"]) == (1, 2)
    assert row["completion"]["counts"]["limited"] == 1
    assert row["completion"]["percent"]["limited"] == 100.0
    by_entity = get(client, f"reports/{report.slug}/")["by_entity"]
    assert row["completion"] in [other["completion"] for other in by_entity if other["entity"]]


def test_entity_by_report_leaves_out_what_the_record_does_not_hold(client):
    row = make_responsibility()
    held = make_report(plan=row.commitment.plan)
    make_report(plan=row.commitment.plan, coverage="not_held")

    [said] = get(client, f"entities/{row.entity.slug}/")["by_report"]

    assert said["report"] == held.slug


def test_entity_progress_is_that_of_the_milestones_of_what_it_leads(client):
    led = make_responsibility(role="co_lead")
    make_update(milestone=make_milestone(commitment=led.commitment), status="complete")
    make_update(milestone=make_milestone(commitment=led.commitment), status="in_progress")
    make_milestone(commitment=led.commitment)
    supported = make_responsibility(role="support", entity=led.entity)
    make_milestone(commitment=supported.commitment)

    assert get(client, f"entities/{led.entity.slug}/")["progress"] == {
        "total": 3,
        "complete": 1,
        "overdue": 1,
        "unreported": 1,
        "unknown": 1,
        "silent": 1,
        "undated": 0,
    }


def test_entity_lateness_is_that_of_what_it_leads(client):
    led = make_responsibility(
        role="co_lead", commitment=make_commitment(plan=make_plan(ends_on=date(2016, 12, 31)))
    )
    make_responsibility(role="lead", commitment=led.commitment, entity=led.entity, order=2)
    make_responsibility(role="support", entity=led.entity)
    report = make_report(plan=led.commitment.plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=report, commitment=led.commitment, level="not_started")

    answer = get(client, f"entities/{led.entity.slug}/")["lateness"]
    before = get(client, f"entities/{led.entity.slug}/", as_of="2017-09-29")["lateness"]

    assert answer == {"total": 1, "overdue": 1, "unknown": 0, "silent": 0, "undated": 0}
    assert before == {"total": 1, "overdue": 0, "unknown": 1, "silent": 1, "undated": 0}
    assert get(client, f"entities/{make_entity().slug}/")["lateness"] is None


def test_entity_does_not_count_what_those_attached_to_it_promised(client):
    ministry = make_entity()
    make_responsibility(entity=make_entity(parent=ministry))

    assert get(client, f"entities/{ministry.slug}/")["commitments_count"]["lead"] == 0


def test_entities_are_filtered(client):
    row = make_responsibility(role="support")
    make_responsibility()

    plan = row.commitment.plan.number
    assert results(client, "entities/", "slug", plan=plan, role="support") == [row.entity.slug]
    assert results(client, "entities/", "slug", plan=plan, role="lead") == []


# Code lists


def test_levels_are_the_seven_with_the_scale_first(client):
    rows = get(client, "levels/", lang="en")["results"]

    assert [row["code"] for row in rows] == Level.values
    assert [row["is_on_scale"] for row in rows] == [True] * 4 + [False] * 3
    assert [row["order"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert rows[3]["label"] == "Complete"
    assert errors(client, "levels/none/", status=404) == [(None, "not_found")]


def test_codes_have_every_list_of_the_portal(client):
    make_finding()

    rows = get(client, "codes/", page_size=500)["results"]

    codes = {}
    for row in rows:
        codes.setdefault(row["list"], []).append(row["code"])
    assert codes["level"] == [*Level.values, "none"]
    assert codes["role"] == ["lead", "co_lead", "support", "stakeholder", "monitoring"]
    assert codes["author"] == ["government", "irm", "civil_society"]
    assert codes["stage"] == [
        "design",
        "progress",
        "mid_term",
        "end_term",
        "implementation",
        "review",
        "results",
    ]
    assert codes["coverage"] == ["full", "partial", "not_held"]
    assert len(codes["entity_kind"]) == 14
    assert codes["status"] == [
        "not_started",
        "in_progress",
        "complete",
        "withdrawn",
        "reported",
        "unreported",
    ]
    assert codes["item_kind"] == ["final_product", "outcome_indicator", "footnote"]
    assert codes["evidence_kind"] == ["milestone", "update", "assessment", "commitment"]
    assert codes["document_kind"] == Document.Kind.values
    assert codes["section_kind"] == Section.Kind.values
    assert codes["language"] == ["es", "en"]
    assert len(codes["card_row"]) == 15
    assert (codes["finding_measure"], codes["finding_scale"], codes["finding_value"]) == (
        ["specificity"],
        ["irm-2012-2013"],
        ["low"],
    )


def test_codes_have_both_labels_whatever_the_language(client):
    for language, label in (("es", "No iniciado"), ("en", "Not started")):
        row = get(client, "codes/level:not_started/", lang=language)
        assert (row["label"], row["label_es"], row["label_en"]) == (label, "No iniciado", "Not started")


def test_codes_of_a_finding_in_a_draft_are_hidden(client):
    make_finding(measure="hidden", report=make_report(status=Status.DRAFT))
    make_finding(measure="hidden", commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))

    assert errors(client, "codes/finding_measure:hidden/", status=404) == [(None, "not_found")]


def test_codes_of_a_finding_that_has_no_label_yet_are_their_own_label(client):
    make_finding(measure="new-measure")

    assert get(client, "codes/finding_measure:new-measure/")["label_en"] == "new-measure"


def test_policy_area_leads_to_its_commitments(client):
    area = make_policy_area()

    answer = get(client, f"policy-areas/{area.slug}/")

    assert (answer["slug"], answer["name"]) == (area.slug, area.name_es)
    assert answer["url"].endswith(f"?policy_area={area.slug}")


# Queries


@written
def fill(plan):
    """Give a plan a commitment with one of everything that the API says of it."""
    row = make_commitment(plan=plan, theme=make_theme(plan=plan))
    row.policy_areas.add(make_policy_area())
    report = make_report(plan=plan)
    card = make_assessment(report=report, commitment=row)
    make_finding(commitment=row, report=report)
    entity = make_entity(parent=make_entity(), succeeded_by=make_entity())
    make_entity_name(entity=entity)
    make_responsibility(commitment=row, entity=entity)
    make_responsibility(commitment=row, role="support", report=report)
    step = make_milestone(commitment=row)
    make_milestone_responsible(milestone=step, entity=entity)
    update = make_update(milestone=step, report=report)
    make_update(milestone=step, corrects=update)
    for owner in ({"milestone": step}, {"update": update}, {"assessment": card}, {"commitment": row}):
        make_evidence(**owner)
    return row


def test_lists_take_as_many_queries_for_many_rows_as_for_few(client):
    addresses = (
        "commitments/",
        "milestones/",
        "assessments/",
        "updates/",
        "evidence/",
        "entities/",
        "policy-areas/",
        "codes/",
    )
    lists = [(address, format) for address in addresses for format in ("json", "csv")]
    plan = make_plan()
    fill(plan)
    few = {(address, format): queries(client, address, format=format) for address, format in lists}
    for _ in range(20):
        with writing(reason="made for a test"):
            fill(plan)

    assert {(address, format): queries(client, address, format=format) for address, format in lists} == few


def test_evidence_takes_as_many_queries_for_many_rows_as_for_few_when_it_is_filtered(client):
    row = fill(make_plan())
    asked = {"plan": row.plan.number, "commitment": row.code, "kind": "update"}
    few = queries(client, "evidence/", **asked)
    for _ in range(20):
        with writing(reason="made for a test"):
            make_evidence(update=make_update(milestone=make_milestone(commitment=row)))

    assert queries(client, "evidence/", **asked) == few


def test_filters_take_a_query_each_and_no_more_for_many_rows(client):
    row = fill(make_plan())
    asked = {
        "plan": row.plan.number,
        "theme": row.theme.slug,
        "entity": row.responsibilities.first().entity.slug,
        "level": "complete",
        "report": row.assessments.first().report.slug,
        "ordering": "-level",
        "q": "compromiso",
    }
    few = queries(client, "commitments/", **asked)
    for _ in range(20):
        with writing(reason="made for a test"):
            fill(row.plan)

    assert queries(client, "commitments/", **asked) == few


def test_commitment_takes_as_many_queries_with_many_milestones_as_with_few(client):
    row = fill(make_plan())
    address = f"commitments/{row.code}/"
    few = queries(client, address)
    for _ in range(20):
        with writing(reason="made for a test"):
            step = make_milestone(commitment=row)
            make_milestone_responsible(milestone=step, entity=make_entity())
            make_evidence(update=make_update(milestone=step, report=make_report(plan=row.plan)))
            make_finding(commitment=row, report=make_assessment(commitment=row).report)
            make_responsibility(commitment=row)
            row.recommendations.add(make_recommendation())

    assert queries(client, address) == few


def test_entities_name_the_plans_that_their_totals_cover(client):
    make_responsibility(commitment=make_commitment(plan=make_plan(number=3)), entity=make_entity(slug="x"))
    make_responsibility(commitment=make_commitment(plan=make_plan(number=4)), role="support")

    assert get(client, "entities/x/")["plans_covered"] == [3]
