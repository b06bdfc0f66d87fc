from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from commitments.filters import (
    AssessmentFilters,
    CommitmentFilters,
    EvidenceFilters,
    MilestoneFilters,
    UpdateFilters,
)
from commitments.models import Assessment, Commitment, Evidence, Milestone, Update
from commitments.models.milestone import FOLLOW_UP
from plans.compliance import Level
from record.publication import Status
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_evidence,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_policy_area,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
)

pytestmark = pytest.mark.django_db


def rows(filters, queryset, query):
    filterset = filters(QueryDict(query), queryset, strict=True)
    assert filterset.errors_list() == []
    return list(filterset.qs)


def commitments(query):
    return rows(CommitmentFilters, Commitment.objects.published(), query)


def milestones(query):
    return rows(MilestoneFilters, Milestone.objects.published(), query)


def assessments(query):
    return rows(AssessmentFilters, Assessment.objects.published(), query)


def updates(query):
    return rows(UpdateFilters, Update.objects.published(), query)


def codes(filters, query):
    """Return (field, code) of what is wrong with a query."""
    return [(error["field"], error["code"]) for error in filters(QueryDict(query)).errors_list()]


# Commitments


def test_commitments_of_plans_themes_and_policy_areas():
    theme = make_theme()
    first = make_commitment(plan=theme.plan, theme=theme)
    second = make_commitment(plan=theme.plan)
    third = make_commitment()
    area, other = make_policy_area(), make_policy_area()
    with writing(reason="made for a test"):
        second.policy_areas.set([area, other])

    assert commitments(f"plan={theme.plan.number}") == [first, second]
    assert commitments(f"plan={theme.plan.number}&plan={third.plan.number}") == [first, second, third]
    assert commitments(f"theme={theme.slug}") == [first]
    assert commitments(f"policy_area={area.slug}&policy_area={other.slug}") == [second]
    assert commitments(f"plan={third.plan.number}&theme={theme.slug}") == []


def test_commitments_of_an_entity_and_a_role_have_both_in_one_responsibility():
    entity = make_entity()
    led = make_responsibility(entity=entity, role="lead").commitment
    supported = make_responsibility(entity=entity, role="support").commitment
    make_responsibility(commitment=supported, role="lead")

    assert commitments(f"entity={entity.slug}") == [led, supported]
    assert commitments(f"entity={entity.slug}&role=lead") == [led]
    assert commitments(f"entity={entity.slug}&role=monitoring") == []
    assert len(commitments("role=lead")) == 2


def test_commitments_of_several_entities_are_those_of_either():
    first, second = make_responsibility(), make_responsibility()
    make_responsibility()

    assert commitments(f"entity={first.entity.slug}&entity={second.entity.slug}") == [
        first.commitment,
        second.commitment,
    ]


def test_commitments_of_an_entity_count_those_attached_to_it_only_when_asked():
    ministry = make_entity()
    office = make_entity(parent=ministry)
    desk = make_entity(parent=office)
    own = make_responsibility(entity=ministry).commitment
    offices = make_responsibility(entity=office).commitment
    desks = make_responsibility(entity=desk).commitment
    make_responsibility()

    assert commitments(f"entity={ministry.slug}") == [own]
    assert commitments(f"entity={ministry.slug}&entity_tree=false") == [own]
    assert commitments(f"entity={ministry.slug}&entity_tree=true") == [own, offices, desks]
    assert commitments(f"entity={office.slug}&entity_tree=true") == [offices, desks]


def test_commitments_at_a_level_are_those_at_the_level_shown():
    plan = make_plan()
    earlier = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    moved = make_commitment(plan=plan)
    make_assessment(report=earlier, commitment=moved, level="limited")
    make_assessment(report=later, commitment=moved, level="complete")
    unassessed = make_commitment(plan=plan)

    assert commitments("level=complete") == [moved]
    assert commitments("level=limited") == []
    assert commitments(f"level=limited&report={earlier.slug}") == [moved]
    assert commitments(f"level=complete&report={earlier.slug}") == []
    assert commitments("level=limited&as_of=2016-12-31") == [moved]
    assert commitments("level=none") == [unassessed]
    assert commitments("level=none&level=complete") == [moved, unassessed]
    assert commitments("level=none&as_of=2016-01-01") == [moved, unassessed]


def test_commitments_at_a_level_of_an_author_are_judged_so_by_that_author():
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    make_assessment(
        report=make_report(plan=plan, author="government"), commitment=commitment, level="complete"
    )
    make_assessment(report=make_report(plan=plan, author="irm"), commitment=commitment, level="limited")

    assert commitments("author=irm&level=limited") == [commitment]
    assert commitments("author=irm&level=complete") == []
    assert commitments("author=civil_society") == []


def test_commitments_of_a_report_are_those_with_a_card_there():
    card = make_assessment()
    without = make_commitment(plan=card.report.plan)
    make_assessment()

    assert commitments(f"report={card.report.slug}") == [card.commitment]
    assert commitments(f"report={card.report.slug}&level=none") == [without]
    assert commitments(f"report={card.report.slug}&author=irm") == []


def test_commitments_when_a_report_is_a_draft_do_not_know_it():
    draft = make_assessment(report=make_report(status=Status.DRAFT))

    assert codes(CommitmentFilters, f"report={draft.report.slug}") == [("report", "unknown_value")]
    assert commitments("level=complete") == []


def test_commitments_that_are_starred_or_not_leave_out_the_unknown():
    starred, not_starred = make_commitment(is_starred=True), make_commitment(is_starred=False)
    make_commitment(is_starred=None)

    assert commitments("is_starred=true") == [starred]
    assert commitments("is_starred=false") == [not_starred]


def test_commitments_by_whether_they_are_late_and_past_due():
    due = date(2016, 12, 31)
    late, in_time, unknown = (make_commitment(plan=make_plan(ends_on=due)) for _ in range(3))
    undated = make_commitment(plan=make_plan(ends_on=None))
    for row, level in ((late, "limited"), (in_time, "complete"), (undated, "limited")):
        report = make_report(plan=row.plan, cutoff_on=date(2017, 9, 30))
        make_assessment(report=report, commitment=row, level=level)

    assert commitments("overdue=true") == [late]
    assert commitments("overdue=false") == [in_time]
    # Of what is past due nobody spoke, of what has no due date nobody can.
    assert commitments("overdue=unknown") == [unknown, undated]
    assert commitments("overdue=unknown&past_due=true") == [unknown]
    assert commitments("past_due=true") == [late, in_time, unknown]
    assert commitments("past_due=false&as_of=2016-12-31") == [late, in_time, unknown]
    assert commitments("overdue=true&as_of=2017-09-29") == []
    assert codes(CommitmentFilters, "overdue=maybe") == [("overdue", "unknown_value")]


def test_commitments_with_unreported_milestones():
    silent = make_milestone().commitment
    reported = make_update(status="in_progress").milestone.commitment
    make_commitment()

    assert commitments("unreported=true") == [silent]
    # What has no milestones is neither.
    assert commitments("unreported=false") == [reported]
    assert commitments("unreported=true&as_of=2016-01-01") == [silent, reported]


def test_milestones_by_whether_they_are_late_by_theme_and_by_due_date():
    theme = make_theme()
    late = make_milestone(commitment=make_commitment(theme=theme, plan=theme.plan), ends_on=date(2016, 6, 30))
    make_update(milestone=late, as_of=date(2016, 9, 30), status="in_progress")
    silent, undated = make_milestone(ends_on=date(2016, 12, 31)), make_milestone(ends_on=None)

    assert milestones("overdue=true") == [late]
    assert milestones("overdue=unknown") == [silent, undated]
    assert milestones("overdue=unknown&past_due=true") == [silent]
    assert milestones("overdue=false") == []
    assert milestones(f"theme={theme.slug}") == [late]
    assert milestones("ordering=-due_on") == [silent, late, undated]


def test_commitments_with_words_have_all_of_them():
    commitment = make_commitment(title_es="Acceso a la información ambiental")
    make_commitment(title_es="Acceso a la salud")

    assert commitments("q=INFORMACION acceso") == [commitment]
    assert commitments("q=%3B%22%27%25_") == []


def test_commitments_with_too_many_letters_are_refused():
    assert codes(CommitmentFilters, f"q={'a' * 201}") == [("q", "too_long")]
    assert codes(CommitmentFilters, f"q={'a ' * 100}") == []


def test_commitments_of_a_draft_plan_are_nowhere():
    draft = make_commitment(plan=make_plan(status=Status.DRAFT))
    theme = make_theme(plan=draft.plan)

    assert commitments("") == []
    assert codes(CommitmentFilters, f"plan={draft.plan.number}") == [("plan", "unknown_value")]
    assert codes(CommitmentFilters, f"theme={theme.slug}") == [("theme", "unknown_value")]


@pytest.mark.parametrize(
    "name", ["report", "author", "role", "is_starred", "overdue", "unreported", "q", "as_of"]
)
def test_commitments_by_a_value_given_twice_are_refused(name):
    assert (name, "repeated") in codes(CommitmentFilters, f"{name}=true&{name}=true")


@pytest.mark.parametrize("name", ["plan", "theme", "policy_area", "entity", "level"])
def test_commitments_by_an_unknown_value_among_known_ones_are_refused(name):
    make_plan()

    assert codes(CommitmentFilters, f"{name}=nonsense&{name}=") == [(name, "unknown_value")]


def test_commitments_in_the_order_of_their_codes():
    plan = make_plan()
    tenth, second = make_commitment(plan=plan, number=10), make_commitment(plan=plan, number=2)

    assert commitments("") == [second, tenth]
    assert commitments("ordering=code") == [second, tenth]
    assert commitments("ordering=-code") == [tenth, second]


def test_commitments_in_the_order_of_their_titles_in_the_readers_language():
    first = make_commitment(title_es="Alfa", title_en="Zulu")
    second = make_commitment(title_es="beta", title_en="")
    third = make_commitment(title_es="", title_en="Mike")

    with translation.override("es"):
        assert commitments("ordering=title") == [first, second, third]
    with translation.override("en"):
        assert commitments("ordering=title") == [second, third, first]
        assert commitments("ordering=-title") == [first, third, second]


def test_commitments_in_the_order_of_their_ends_with_the_unknown_last():
    unknown = make_commitment(ends_on=None)
    late = make_commitment(ends_on=date(2018, 1, 1))
    early = make_commitment(ends_on=date(2017, 1, 1))

    assert commitments("ordering=ends_on") == [early, late, unknown]
    assert commitments("ordering=-ends_on") == [late, early, unknown]


def test_commitments_in_the_order_of_the_level_shown_with_the_unassessed_last():
    unassessed = make_commitment()
    cards = [make_assessment(level=level).commitment for level in reversed(Level.values)]

    assert commitments("ordering=level") == [*reversed(cards), unassessed]
    assert commitments("ordering=-level") == [*cards, unassessed]


def test_commitments_that_are_equal_in_the_order_are_in_that_of_their_codes():
    plan = make_plan()
    later, sooner = make_commitment(plan=plan, number=12), make_commitment(plan=plan, number=3)

    assert commitments("ordering=ends_on") == [sooner, later]
    assert commitments("ordering=-level") == [sooner, later]


# Milestones


def test_milestones_of_a_plan_and_of_a_commitment():
    milestone = make_milestone()
    other = make_milestone(commitment=make_commitment(plan=milestone.commitment.plan))
    make_milestone()

    assert milestones(f"plan={milestone.commitment.plan.number}") == [milestone, other]
    assert milestones(f"commitment={milestone.commitment.code}") == [milestone]
    assert codes(MilestoneFilters, "commitment=0-0") == [("commitment", "unknown_value")]
    assert codes(MilestoneFilters, "commitment=1-1&commitment=1-1") == [("commitment", "repeated")]


def test_milestones_of_an_entity_are_its_units_or_else_its_commitments():
    entity = make_entity()
    led = make_responsibility(entity=entity, role="co_lead").commitment
    silent = make_milestone(commitment=led)
    unit_only = make_milestone_responsible(milestone=make_milestone(commitment=led)).milestone
    others = make_milestone(commitment=led)
    make_milestone_responsible(milestone=others, entity=make_entity())
    own = make_milestone()
    make_milestone_responsible(milestone=own, entity=entity)
    make_milestone(commitment=make_responsibility(entity=entity, role="support").commitment)

    assert milestones(f"entity={entity.slug}") == [silent, unit_only, own]


def test_milestones_of_a_status_are_those_of_either():
    complete = make_update(status="complete").milestone
    reported = make_update(status=None, text_es="Avanza").milestone
    unreported = make_milestone()

    assert milestones("status=complete&status=reported") == [complete, reported]
    assert milestones("status=unreported") == [unreported]
    assert milestones("unreported=true") == [unreported]
    assert milestones("unreported=false") == [complete, reported]
    assert milestones("status=unreported&as_of=2017-01-01") == [complete, reported, unreported]
    assert codes(MilestoneFilters, "status=late") == [("status", "unknown_value")]


def test_milestones_that_are_overdue_or_not_leave_out_the_unknown():
    late = make_update(status="in_progress").milestone
    done = make_update(status="complete").milestone
    make_milestone()

    assert milestones("overdue=true") == [late]
    assert milestones("overdue=false") == [done]
    assert milestones("overdue=true&as_of=2016-12-30") == []


def test_milestones_due_by_or_from_a_day_count_the_day_and_the_current_end():
    planned = make_milestone(ends_on=date(2017, 6, 30))
    moved = make_milestone(ends_on=date(2017, 6, 30))
    make_update(milestone=moved, new_end_on=date(2018, 6, 30), reason_es="Sin presupuesto")
    make_milestone(ends_on=None)

    assert milestones("due_before=2017-06-30") == [planned]
    assert milestones("due_before=2017-06-29") == []
    assert milestones("due_after=2018-06-30") == [moved]
    assert milestones("due_after=2017-06-30&due_before=2018-06-30") == [planned, moved]
    assert milestones("due_before=2017-06-30&as_of=2017-01-01") == [planned, moved]
    assert codes(MilestoneFilters, "due_after=soon") == [("due_after", "invalid_date")]


def test_milestones_with_words():
    milestone = make_milestone(activity_es="Publicar el catálogo")
    make_milestone()

    assert milestones("q=catalogos") == [milestone]


def test_milestones_in_the_order_of_code_end_and_percent_with_the_unknown_last():
    commitment = make_commitment()
    tenth = make_milestone(commitment=commitment, number=10, ends_on=date(2016, 1, 1))
    second = make_milestone(commitment=commitment, number=2, ends_on=None)
    make_update(milestone=tenth, percent=40)
    make_update(milestone=second, percent=70)
    third = make_milestone(commitment=commitment, number=3, ends_on=date(2017, 1, 1))

    assert milestones("") == [second, third, tenth]
    assert milestones("ordering=-code") == [tenth, third, second]
    assert milestones("ordering=ends_on") == [tenth, third, second]
    assert milestones("ordering=-current_ends_on") == [third, tenth, second]
    assert milestones("ordering=percent") == [tenth, second, third]
    assert milestones("ordering=-percent") == [second, tenth, third]


# Assessments and updates


def test_assessments_of_a_report_a_plan_a_commitment_an_entity_and_levels():
    card = make_assessment(level="limited")
    other = make_assessment(level="complete")
    lead = make_responsibility(commitment=card.commitment).entity
    support = make_responsibility(commitment=other.commitment, role="support").entity

    assert assessments(f"report={card.report.slug}") == [card]
    assert assessments(f"plan={card.report.plan.number}") == [card]
    assert assessments(f"commitment={other.commitment.code}") == [other]
    assert assessments(f"entity={lead.slug}") == [card]
    assert assessments(f"entity={support.slug}") == []
    assert assessments("level=complete") == [other]
    assert assessments("level=complete&level=limited") == [card, other]
    assert codes(AssessmentFilters, "level=none") == [("level", "unknown_value")]


def test_assessments_and_milestones_of_an_entity_that_a_draft_report_names_are_not_found():
    card = make_assessment()
    make_milestone(commitment=card.commitment)
    draft = make_report(plan=card.report.plan, status=Status.DRAFT)
    hidden = make_responsibility(commitment=card.commitment, report=draft).entity

    assert assessments(f"entity={hidden.slug}") == []
    assert milestones(f"entity={hidden.slug}") == []
    assert commitments(f"entity={hidden.slug}") == []


def test_updates_of_a_milestone_a_plan_and_since_a_day():
    update = make_update(as_of=date(2016, 9, 30))
    later = make_update(as_of=date(2017, 9, 30))

    assert updates(f"milestone={update.milestone.code}") == [update]
    assert updates(f"plan={later.milestone.commitment.plan.number}") == [later]
    assert updates("since=2016-09-30") == [update, later]
    assert updates("since=2016-10-01") == [later]
    assert codes(UpdateFilters, "since=x&milestone=y") == [
        ("milestone", "unknown_value"),
        ("since", "invalid_date"),
    ]


@pytest.mark.parametrize("what", ["unknown", *(what for what, _label in FOLLOW_UP)])
def test_milestones_to_follow_up_are_those_of_the_queryset(what):
    for status in ("in_progress", None, "complete"):
        late = make_milestone(ends_on=date(2016, 12, 31))
        make_update(milestone=late, status=status, as_of=date(2016, 12, 31))
    make_milestone(ends_on=date(2016, 12, 31))
    make_milestone(ends_on=date(2017, 2, 1))
    make_milestone(ends_on=None)

    found = milestones(f"follow_up={what}&as_of=2017-01-31")

    assert found
    assert found == list(Milestone.objects.follow_up(what, date(2017, 1, 31)))


# On a day


def of_a_plan_that_began(day):
    """Make a milestone that was due before its plan began."""
    plan = make_plan(starts_on=day, ends_on=date(2018, 12, 31))
    commitment = make_commitment(plan=plan, ends_on=date(2016, 12, 31))
    return make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))


@pytest.mark.parametrize("query", ["overdue=unknown", "past_due=true"])
def test_nothing_of_a_plan_that_had_not_begun_is_late_or_past_due(query):
    milestone = of_a_plan_that_began(date(2017, 2, 1))

    assert commitments(f"{query}&as_of=2017-01-31") == milestones(f"{query}&as_of=2017-01-31") == []
    assert commitments(f"{query}&as_of=2017-02-01") == [milestone.commitment]
    assert milestones(f"{query}&as_of=2017-02-01") == [milestone]
    # It is in all other lists.
    assert milestones("as_of=2017-01-31") == [milestone]


def test_milestones_to_follow_up_are_those_of_the_day_that_is_asked_for():
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    assert milestones("follow_up=silent&as_of=2016-12-31") == []
    assert milestones("follow_up=due&as_of=2016-12-31") == [milestone]
    assert milestones("follow_up=due") == []


def test_words_of_a_later_day_are_not_there_yet():
    card = make_assessment(report=make_report(cutoff_on=date(2016, 9, 30)))
    update = make_update(as_of=date(2016, 9, 30))
    of_all = [
        make_evidence(assessment=card),
        make_evidence(update=update),
        make_evidence(milestone=update.milestone),
    ]

    def found(day):
        evidence = rows(EvidenceFilters, Evidence.objects.published().order_by("pk"), f"as_of={day}")
        return assessments(f"as_of={day}"), updates(f"as_of={day}"), evidence

    assert found("2016-09-30") == ([card], [update], of_all)
    assert found("2016-09-29") == ([], [], of_all[2:])


def test_level_of_a_report_or_an_author_is_asked_on_a_day():
    card = make_assessment(report=make_report(cutoff_on=date(2016, 9, 30)), level="limited")

    for query in (
        f"level=limited&report={card.report.slug}",
        "level=limited&author=government",
        "level=limited",
    ):
        assert commitments(f"{query}&as_of=2016-09-30") == [card.commitment]
        assert commitments(f"{query}&as_of=2016-09-29") == []
