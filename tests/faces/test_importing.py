"""How spreadsheets are read into rows: heads, cells, keys and numbers, templates and remarks."""

import os
import socket
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import CheckConstraint
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext

from commitments.models import Commitment, Milestone, Update
from commitments.resources import (
    AssessmentResource,
    CommitmentResource,
    MilestoneResource,
    MilestoneResponsibleResource,
    ResponsibilityResource,
    UpdateResource,
)
from entities.resources import EntityResource
from faces.admin.importing import in_words
from faces.importing import loading, running
from faces.importing.cells import Choice, Day, Named, PerCent, WholeNumber, YesNo, is_ambiguous
from faces.importing.checks import answer
from faces.importing.heads import columns_by_head, folded, is_head, words_of
from faces.importing.loading import Loading
from faces.importing.templates import template_of
from faces.models import Upload
from faces.sheets import Percent, read_sheet
from record.models import Change, Entry
from record.publication import Status, leaves
from tests.admin_pages import address
from tests.factories import (
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_publisher,
    make_report,
)
from tests.imports import faults, faults_on, hand_in, kinds, kinds_on, load

RESOURCES = [
    *(CommitmentResource, MilestoneResource, UpdateResource, AssessmentResource),
    *(ResponsibilityResource, MilestoneResponsibleResource, EntityResource),
]
ERRATUM = "Errata de imprenta"
of_each = pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.__name__)


@pytest.fixture
def plan(db):
    return make_plan(status=Status.DRAFT)


def source():
    return {"document": make_document().slug, "place": "p. 1"}


# Heads.


@of_each
@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_two_columns_have_one_head(resource, lang):
    heads = [folded(head) for head in words_of(resource(), lang).values()]

    assert len(heads) == len(set(heads)), sorted(heads)


@of_each
def test_a_head_means_the_same_column_in_every_language(resource):
    known = columns_by_head(resource)

    for lang in ("es", "en"):
        for column, head in words_of(resource(), lang).items():
            assert known[folded(head.upper())] == column
    for column in resource().columns:
        assert known[folded(column)] == column


@pytest.mark.parametrize(
    "head", ["TÍTULO EN ESPAÑOL", " título  en español: ", "title_es", "Titulo en espanol"]
)
def test_heads_are_read_as_people_write_them(head):
    assert is_head(CommitmentResource)(head)
    assert not is_head(CommitmentResource)("Otra cosa")


# Cells.


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31/12/2024", date(2024, 12, 31)),
        ("3/4/2026", date(2026, 4, 3)),
        ("03-04-2026", date(2026, 4, 3)),
        ("3.4.2026", date(2026, 4, 3)),
        ("2024-12-31", date(2024, 12, 31)),
        ("31 de diciembre de 2024", date(2024, 12, 31)),
        ("1 de setiembre del 2024", date(2024, 9, 1)),
        ("3 April 2026", date(2026, 4, 3)),
        (datetime(2024, 12, 31), date(2024, 12, 31)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_day_first(value, day):
    assert Day().clean(value) == day


@pytest.mark.parametrize(
    "value", ["31/12/24", "12/31/2024", "31/02/2024", "2024", "mañana", 45657, "1/2-2024"]
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValueError, match="31/12/2024"):
        Day().clean(value)


def test_dates_that_could_be_read_month_first_are_known():
    assert [is_ambiguous(value) for value in ("3/4/2026", "4/4/2026", "13/4/2026", "2026-04-03", None)] == [
        *(True, False, False, False, False)
    ]


@pytest.mark.parametrize("value", ["50%", "50 %", "50", 50, 50.0, Percent(0.5)])
def test_percentages_are_whole_numbers_of_hundred(value):
    assert PerCent().clean(value) == 50


@pytest.mark.parametrize("value", ["0.5", 0.5, "medio", Percent(0.005), date(2026, 1, 1)])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(ValueError):
        PerCent().clean(value)


@pytest.mark.parametrize(("value", "number"), [(1.0, 1), ("1.0", 1), ("7", 7), (7, 7), ("", None)])
def test_whole_numbers_that_were_typed_with_a_point_are_whole(value, number):
    assert WholeNumber().clean(value) == number


@pytest.mark.parametrize("value", ["complete", "Completo", "COMPLETO", "Complete", " completo "])
def test_choices_are_read_by_code_and_by_words_in_either_language(value):
    assert Choice(Update.Status.choices, is_null=True).clean(value) == "complete"


def test_an_unknown_choice_is_told_what_there_is():
    with translation.override("es"), pytest.raises(ValueError, match="Completo"):
        Choice(Update.Status.choices).clean("listo")


@pytest.mark.parametrize(
    ("value", "said"),
    [("Sí", True), ("x", True), (True, True), ("VERDADERO", True), ("no", False), (0, False), ("", None)],
)
def test_yes_and_no_are_read_in_either_language(value, said):
    assert YesNo().clean(value) is said


def test_a_code_that_the_spreadsheet_changed_is_refused(db):
    named = Named(Commitment, "code")

    with translation.override("en"):
        with pytest.raises(ValueError, match="changed it into a date"):
            named.clean(date(2026, 10, 2))
        with pytest.raises(ValueError, match="changed it into a number"):
            named.clean(2.1)


def test_rows_are_named_by_their_words_too(db):
    entity = make_entity(slug="minam", acronym="MINAM", name_es="Ministerio del Ambiente")
    named = Named(type(entity), "slug", ("acronym", "name_es", "name_en"))

    for words in ("minam", "MINAM", "ministerio del AMBIENTE", named.label(entity)):
        assert named.clean(words) == entity


def test_words_that_several_have_are_refused_with_what_tells_them_apart(db):
    one, other = make_entity(name_es="Comisión"), make_entity(name_es="Comisión")

    with pytest.raises(ValueError) as refused:
        Named(type(one), "slug", ("name_es",)).clean("Comisión")

    assert one.slug in str(refused.value) and other.slug in str(refused.value)


# Keys and numbers.


def test_numbers_are_given_where_none_is_typed_and_the_same_file_changes_nothing(plan):
    rows = [{"plan": str(plan.number), "title_es": title} | source() for title in ("Uno", "Dos")]
    user = make_editor()

    first, again = load(CommitmentResource(user), *rows), load(CommitmentResource(user), *rows)

    assert (kinds(first), kinds(again)) == (["new", "new"], ["same", "same"])
    assert list(plan.commitments.values_list("number", "title_es")) == [(1, "Uno"), (2, "Dos")]
    assert Entry.objects.filter(act="import").count() == 1


def test_a_number_that_is_typed_is_not_given_to_another(plan):
    rows = [
        {"plan": plan.number, "number": number, "title_es": title} | source()
        for title, number in (("Uno", ""), ("Dos", 1))
    ]

    result = load(CommitmentResource(), *rows)

    assert faults(result) == ""
    assert set(plan.commitments.values_list("number", "title_es")) == {(1, "Dos"), (2, "Uno")}


def test_lines_that_name_one_row_are_refused_with_both_numbers(plan):
    row = {"plan": plan.number, "number": 1, "title_es": "Uno"} | source()

    result = load(CommitmentResource(), row, row | {"title_es": "Otro"})

    assert kinds(result) == ["refused", "refused"]
    assert str(result[1].number) in result[0].faults[0].reason
    assert str(result[0].number) in result[1].faults[0].reason
    assert not plan.commitments.exists()


def test_lines_with_the_same_words_and_no_number_are_refused(plan):
    """They would be two rows, and one row when the file is handed in again."""
    row = {"plan": plan.number, "number": "", "title_es": "Uno"} | source()

    result = load(CommitmentResource(), row, row | {"title_es": "UNO"}, row | {"number": 7})

    assert kinds(result) == ["refused", "refused", "new"]
    assert not plan.commitments.exists()


def test_all_faults_of_a_file_are_told_at_once(plan):
    good = {"plan": plan.number, "title_es": "Uno", "starts_on": "", "level": ""} | source()

    result = load(
        CommitmentResource(),
        good,
        good | {"title_es": "Dos", "starts_on": "ayer"},
        good | {"title_es": "", "plan": 99},
        good | {"title_es": "Llame al tel. 2345678"},
    )

    assert kinds(result) == ["new", "refused", "refused", "refused"]
    assert [fault.head for fault in result[1].faults] == ["starts_on"]
    assert not plan.commitments.exists()


def test_lines_of_a_template_that_nobody_filled_in_are_passed_over(plan):
    row = {"plan": plan.number, "title_es": "", "title_en": ""} | {"document": "", "place": ""}

    result = load(CommitmentResource(), row, row | {"title_es": "Uno"} | source(), row)

    assert kinds(result) == ["new"]


def test_a_refusal_of_the_writer_is_told_of_its_row(plan):
    """What only the writer finds, such as a source that was annulled, is found beforehand, and of its row."""
    published = make_milestone()
    row = {"commitment": published.commitment.code, "activity_es": "Uno"} | source()
    drafted = make_document(status=Status.DRAFT)
    user = make_publisher()

    rows = [row, row | {"activity_es": "Dos", "document": drafted.slug}]
    result = sheet_loading(MilestoneResource(user, ERRATUM), *rows).rehearse()

    assert kinds(result) == ["new", "refused"]
    assert Milestone.objects.count() == 1


def test_a_rehearsal_writes_nothing(plan):
    row = {"plan": plan.number, "title_es": "Uno"} | source()
    before = Change.objects.count()
    loading = sheet_loading(CommitmentResource(make_editor()), row)

    outcomes = loading.rehearse()

    assert kinds(outcomes) == ["new"]
    assert not plan.commitments.exists()
    assert Change.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_steps_leave_the_lock_of_sqlite_to_others_now_and_then(monkeypatch):
    plan, pauses = make_plan(status=Status.DRAFT), []
    rows = [{"plan": plan.number, "title_es": title} | source() for title in ("Uno", "Dos", "Tres")]
    monkeypatch.setattr(loading, "STEP", 1)
    monkeypatch.setattr(loading, "IN_A_ROW", 0)
    monkeypatch.setattr(loading.time, "sleep", lambda of: pauses.append((of, connection.in_atomic_block)))

    sheet_loading(CommitmentResource(make_editor()), *rows).rehearse()

    # PostgreSQL's writers wait for rows, not for each other.
    assert pauses == ([(loading.PAUSE, False)] * 3 if connection.vendor == "sqlite" else [])


def sheet_loading(resource, *rows):
    heads = list(rows[0])
    lines = [",".join(map(str, line)) for line in (heads, *(row.values() for row in rows))]
    content = "\n".join(lines).encode()
    return Loading(resource, read_sheet(BytesIO(content), "rows.csv", is_head=is_head(type(resource))))


def test_steps_are_queries_of_many_rows(plan, django_assert_max_num_queries):
    """A file of twice the rows takes no more queries for each."""
    place = source()
    rows = [{"plan": plan.number, "title_es": f"Título {each}"} | place for each in range(60)]
    user = make_editor()

    with django_assert_max_num_queries(60):
        outcomes = sheet_loading(CommitmentResource(user), *rows).rehearse()

    assert set(kinds(outcomes)) == {"new"}


# Check constraints, asked in Python.


@pytest.mark.parametrize("model", [each._meta.model for each in RESOURCES], ids=lambda each: each.__name__)
def test_python_and_the_database_break_the_same_constraints(db, model):
    """Each column of a constraint takes each value that its kind can have, the others some of theirs."""
    checks = [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    random, seen = Random(7), set()
    for check in checks:
        names = {path.split("__")[0] for path in leaves(check.condition)} | {"id"}
        for _turn in range(300):
            values = {name: random.choice(fitting(model, name)) for name in names}
            row = model(**{model._meta.get_field(name).attname: value for name, value in values.items()})
            try:
                check.validate(model, row)
                is_broken = False
            except ValidationError:
                is_broken = True
            assert (answer(check.condition, row) is False) == is_broken, (check.name, row.__dict__)
            seen.add((check.name, is_broken))

    # Each was seen kept and broken.
    assert {name for name, is_broken in seen if is_broken} == {check.name for check in checks}


def fitting(model, name):
    """Return values that a column can have."""
    column = model._meta.get_field(name)
    if column.get_internal_type() == "DateField":
        return [None, None, date(2026, 1, 1), date(2026, 2, 1)]
    if column.get_internal_type() in ("BigAutoField", "ForeignKey", "PositiveSmallIntegerField"):
        return [None, None, 1, 100, 101]
    values = ["", "x", "draft", "complete"] if column.choices else ["", "", "", "x"]
    return [*values, None, None] if column.null else values


# Responsibilities.


def test_who_leads_and_who_answers_come_by_a_file(plan):
    commitment = make_commitment(plan=plan)
    milestone = make_milestone(commitment=commitment)
    entity = make_entity(acronym="MINAM")
    lead = {"commitment": commitment.code, "role": "Responsable", "entity": "MINAM"} | source()
    answers = {"milestone": milestone.code, "entity": "MINAM", "unit_es": "Oficina"} | source()

    results = [
        load(ResponsibilityResource(make_editor()), lead),
        load(MilestoneResponsibleResource(make_editor()), answers),
        load(ResponsibilityResource(make_editor()), lead),
    ]

    assert [faults(result) for result in results] == ["", "", ""]
    assert kinds(results[2]) == ["same"]
    assert (commitment.responsibilities.get().entity, milestone.responsible.get().entity) == (entity, entity)


def test_who_leads_and_who_answers_come_with_what_is_new(plan):
    one, other = make_entity(acronym="MINAM"), make_entity(acronym="PCM")
    commitment = {"plan": plan.number, "title_es": "Uno", "lead": "MINAM", "support": f"PCM|{one.slug}"}
    milestone = {"commitment": f"{plan.number}-1", "activity_es": "Uno", "responsible": "PCM | MINAM"}
    user = make_editor()
    place = source()

    first = load(CommitmentResource(user), commitment | place)
    second = load(MilestoneResource(user), milestone | place)
    again = [
        load(CommitmentResource(user), commitment | place),
        load(MilestoneResource(user), milestone | place),
    ]
    other_lead = load(CommitmentResource(user), commitment | place | {"lead": "PCM"})

    assert [faults(each) for each in (first, second)] == ["", ""]
    assert [kinds(each) for each in again] == [["same"], ["same"]]
    rows = plan.commitments.get().responsibilities.order_by("role", "order")
    assert [(row.role, row.entity) for row in rows] == [("lead", one), ("support", other), ("support", one)]
    assert [row.entity for row in Milestone.objects.get().responsible.all()] == [other, one]
    assert kinds(other_lead) == ["refused"]


# Templates, and what is given back.


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("resource", RESOURCES[:-1], ids=lambda each: each.__name__)
def test_a_template_that_is_handed_in_as_it_is_changes_nothing(db, resource, lang):
    milestone = make_milestone()
    report = make_report(plan=milestone.commitment.plan)
    scope = report.slug if resource is AssessmentResource else str(milestone.commitment.plan.number)
    user = make_publisher()
    with translation.override(lang):
        content = template_of(resource(user), scope)

    sheet = read_sheet(BytesIO(content), "plantilla.xlsx", is_head=is_head(resource))
    loading = Loading(resource(user), sheet)
    loading.check_heads()
    outcomes = loading.rehearse()

    assert faults(outcomes) == ""
    # Only rows that there are: a line that nobody filled in is none.
    stored = resource._meta.model.objects.count()
    assert kinds(outcomes) == ["same"] * min(stored, len(outcomes))


def test_lines_of_a_template_that_nobody_filled_in_are_not_counted(db):
    plan, user = make_plan(), make_editor()
    sheet = read_sheet(
        BytesIO(template_of(CommitmentResource(user), str(plan.number))),
        "plantilla.xlsx",
        is_head=is_head(CommitmentResource),
    )

    assert len(list(sheet.rows)) > 1
    assert Loading(CommitmentResource(user), sheet).rehearse() == []


def test_what_goes_out_comes_in_again_without_a_change(admin_client):
    make_milestone(ends_on=date(2026, 4, 3))

    for number, name in ((0, "a.csv"), (1, "a.xlsx")):
        exported = admin_client.post(address(Milestone, "export"), {"format": number})
        page = hand_in(admin_client, Milestone, exported.content, name)
        assert (faults_on(page), kinds_on(page)) == ("", ["same"])


def test_preview_says_the_label_of_a_choice_not_its_code(db):
    resource = ResponsibilityResource(make_editor())
    outcome = {"values": [["role", "", "lead"]]}

    with translation.override("es"):
        assert in_words(outcome, resource)["values"][0][2] == "Responsable"


# What a page says.


def test_a_sheet_of_another_kind_is_told_from_a_wrong_one(plan, client):
    client.force_login(make_editor())

    page = hand_in(client, Commitment, template_of(MilestoneResource(), str(plan.number)), "hitos.xlsx")

    assert all(names in faults_on(page) for names in ("Hitos", "Compromisos"))


def test_a_sheet_without_rows_is_not_said_to_be_as_it_was(plan, client):
    client.force_login(make_editor())

    page = hand_in(client, Commitment, "plan,number\n")

    assert "ya están iguales" not in page.content.decode()
    assert "errornote" in page.content.decode()


def test_choices_are_shown_by_their_labels(plan, client):
    milestone = make_milestone(commitment=make_commitment(plan=plan))
    line = ",".join([milestone.code, "2024-01-31", "complete", *source().values()])
    client.force_login(make_editor())

    page = hand_in(client, Update, f"milestone,as_of,status,document,place\n{line}\n")

    assert "<ins>Completo</ins>" in page.content.decode()


@pytest.mark.parametrize(("done", "is_at_the_log"), [(0, False), (1, False), (2, True)])
def test_a_page_says_how_many_rows_were_written(db, client, monkeypatch, done, is_at_the_log):
    monkeypatch.setattr(running, "done", lambda upload: done)
    upload = in_hand(step="writing", total=2, process=None)
    client.force_login(upload.by)

    page = client.get(reverse("admin:commitments_commitment_upload", args=[upload.key]))

    words = page.content.decode()
    assert (f'value="{done}" max="2"' in words) == bool(done)
    with translation.override("es"):
        sentence = gettext("The rows are ready. What is left is to enter them in the log.")
    assert (sentence in words) == is_at_the_log


def test_a_lacking_cell_is_said_in_words(plan):
    with translation.override("en"):
        found = load(CommitmentResource(), {"plan": plan.number, "number": 1, "title_es": "Uno"})

    assert "It is missing, and has to be filled in." in faults(found)
    assert "null" not in faults(found)


def test_a_focal_point_gets_templates_of_plans_of_which_he_reports(db):
    entity = make_entity()
    own, _other = (make_milestone(commitment=make_commitment(plan=make_plan())) for _each in range(2))
    make_milestone_responsible(milestone=own, entity=entity)

    scopes = UpdateResource(make_focal_point(entity)).scopes()

    assert [key for key, _words in scopes] == [str(own.commitment.plan.number)]


# Who has it in hand.


def in_hand(**columns):
    return Upload.objects.create(
        by=make_editor(),
        model="commitments.commitment",
        resource="CommitmentResource",
        language="es",
        **{"name": "a.csv", "content": b"", "host": socket.gethostname(), "process": os.getpid()} | columns,
    )


def test_another_process_with_the_number_of_one_that_died_has_nothing_in_hand(db):
    assert running.is_lost(in_hand())


@pytest.mark.parametrize("columns", [{"host": "gone"}, {"process": None}], ids=["machine", "never"])
def test_what_no_one_can_be_asked_of_is_lost_after_a_while(db, columns):
    upload = in_hand(**columns)
    assert not running.is_lost(upload)

    upload.created_at = now() - running.LONGEST - timedelta(seconds=1)

    assert running.is_lost(upload)
