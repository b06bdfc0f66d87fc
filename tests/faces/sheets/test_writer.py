import random
import re
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import gettext_lazy

from faces.sheets import Column, Guide, Page, Percent, guarded, unguarded, write_csv, write_xlsx

from .books import read

COLUMNS = [
    Column("Código", "code", note="Como en el plan: 2-10."),
    Column("Título"),
    Column("Inicio", "date"),
    Column("Nivel", "choice", choices=["Completo", "Sustancial", "=Raro"]),
    Column("Avance", "percent"),
    Column("Número", "number"),
]
HEADS = [column.head for column in COLUMNS]
# What begins, ends or divides texts, and what spreadsheets take for something else.
PIECES = [
    *("=", "+", "-", "@", "'", '"', ";", ",", "|", "\n", " ", "_x000D_", "_", "x0041_", "&", "<", "]]>", "%"),
    *("año", "“cita”", "2-10", "007", "1/2", "#", "\U0001f600", "sep=;", "TRUE", "＝", "\u2013"),
]


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def written(rows, columns=COLUMNS):
    return write_xlsx([Page("Compromisos", columns, rows)])


def cells(data, name="Compromisos"):
    return {cell.coordinate: cell for row in opened(data)[name].iter_rows() for cell in row}


def test_what_is_written_comes_in_again():
    rows = [
        ["2-10", "Título", date(2024, 12, 31), "Completo", 50, 3],
        ["007", "- uno\ndos", date(1900, 1, 1), "=Raro", 12.5, 2.5],
        ["1/2", "=1+1", date(1900, 3, 1), None, 0, -1],
        ["=A1", "_x000D_", None, None, None, None],
    ]

    sheet = read(written(rows), heads=HEADS)

    assert [list(row.cells.values()) for row in sheet.rows] == rows
    assert (sheet.name, sheet.faults, [head for _at, _letter, head in sheet.heads]) == (
        "Compromisos",
        [],
        HEADS,
    )


@pytest.mark.parametrize("seed", range(20))
def test_any_text_comes_in_again_from_both_kinds_of_files(seed):
    draw = random.Random(seed)
    columns = [Column("Código", "code"), Column("Título"), Column("Nivel", "choice")]
    rows = []
    for _row in range(30):
        texts = ["".join(draw.choices(PIECES, k=draw.randint(1, 6))).strip() for _column in columns]
        rows.append([None if not text or set(text) == {"#"} else text for text in texts])
    rows = [row for row in rows if any(row)]

    for data in (written(rows, columns), *(write_csv(Page("x", columns, rows), each) for each in ",;\t|")):
        sheet = read(data, heads=["Código", "Título", "Nivel"])
        assert [list(row.cells.values()) for row in sheet.rows] == rows
        assert sheet.faults == []


def test_codes_and_choices_are_cells_of_text_also_where_none_is_typed_yet():
    data = written(
        [["2-10", "2-10", None, "2-10", None, None], [7, None, None, date(2024, 2, 10), None, None]]
    )

    found = cells(data)
    assert [found[place].value for place in ("A2", "D2", "A3", "D3")] == ["2-10", "2-10", "7", "10/02/2024"]
    assert {(found[place].number_format, found[place].quotePrefix) for place in ("A2", "D2", "A3", "D3")} == {
        ("@", True)
    }
    below = opened(data)["Compromisos"].column_dimensions
    assert [below[letter].number_format for letter in "ABCD"] == ["@", "General", "dd/mm/yyyy", "@"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+51", "-5", "@x", "＝1", '=HYPERLINK("http://x","y")', "'=x", "#N/A"]
)
@pytest.mark.parametrize("head", [0, 1])
def test_no_text_is_a_formula_or_an_error(text, head):
    values = [None] * 6
    values[head] = text

    cell = cells(written([values]))["AB"[head] + "2"]
    assert (cell.data_type, cell.value.lstrip("'")) == ("s", text.lstrip("'"))
    assert cell.quotePrefix or text == "#N/A"


def test_heads_and_sheets_that_look_like_formulas_are_texts():
    data = write_xlsx([Page("=x", [Column("=1+1", note="=2")], [])])

    assert opened(data).worksheets[0]["A1"].data_type == "s"


def test_dates_and_percentages_are_what_they_are():
    found = cells(written([["2-1", None, datetime(2024, 12, 31, 8, 30), None, Percent(0.07), 1.0]]))

    assert (found["C2"].value, found["C2"].number_format) == (datetime(2024, 12, 31), "dd/mm/yyyy")
    assert (found["E2"].value, found["F2"].value) == (7, 1)


def test_values_of_another_kind_than_their_column_are_written_as_they_are():
    rows = [
        ["2-1", 3, "31/13/2024", None, "la mitad", True],
        ["2-2", Percent(0.5), date(1824, 12, 9), None, None, "x"],
    ]

    sheet = read(written(rows), heads=HEADS)

    assert [list(row.cells.values()) for row in sheet.rows] == [
        ["2-1", "3", "31/13/2024", None, "la mitad", True],
        ["2-2", "50%", "09/12/1824", None, None, "x"],
    ]


def test_head_row_is_frozen_filtered_and_has_notes():
    sheet = opened(written([["2-1"] + [None] * 5] * 3))["Compromisos"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F4")
    assert sheet["A1"].comment.text == "Como en el plan: 2-10."
    assert sheet["B1"].comment is None
    assert sheet["A1"].font.bold and sheet["A2"].alignment.wrap_text
    assert sheet.column_dimensions["A"].width == 16


def test_sheets_say_how_far_they_go():
    data = write_xlsx(
        [Guide("Guía", ["uno", ("dos", "tres")]), Page("Compromisos", COLUMNS, [["2-1"] + [None] * 5] * 3)]
    )

    ranges = [each.calculate_dimension() for each in openpyxl.load_workbook(BytesIO(data), read_only=True)]
    assert ranges == ["A1:B2", "A1:F4", "A1:A4"]


def test_lazy_texts_are_written():
    data = write_xlsx(
        [Guide("x", [gettext_lazy("Yes")]), Page("y", [Column(gettext_lazy("No"))], [[gettext_lazy("Yes")]])]
    )

    assert [opened(data)[name][place].value for name, place in [("x", "A1"), ("y", "A1"), ("y", "A2")]] == [
        "Yes",
        "No",
        "Yes",
    ]


def test_drop_down_offers_the_labels_of_a_hidden_sheet():
    columns = [
        *COLUMNS,
        Column("Otro nivel", "choice", choices=["Completo", "Sustancial", "=Raro"]),
        Column("Sí", choices=["Sí"]),
    ]
    book = opened(written([], columns))
    lists = book.worksheets[-1]

    assert lists.sheet_state == "hidden"
    assert [[cell.value for cell in column] for column in lists.columns] == [
        ["Nivel", "Completo", "Sustancial", "=Raro"],
        ["Sí", "Sí", None, None],
    ]
    offered = {str(each.sqref): each.formula1 for each in book["Compromisos"].data_validations.dataValidation}
    assert offered == {
        "D2:D20001": f"'{lists.title}'!$A$2:$A$4",
        "G2:G20001": f"'{lists.title}'!$A$2:$A$4",
        "H2:H20001": f"'{lists.title}'!$B$2:$B$2",
    }


def test_sheet_of_instructions_is_not_taken_for_the_table():
    guide = Guide(
        "Instrucciones", ["Una línea por compromiso.", *((head, "Qué se escribe.") for head in HEADS)]
    )

    sheet = read(write_xlsx([guide, Page("Compromisos", COLUMNS, [["2-1"] + [None] * 5])]), heads=HEADS)

    assert (sheet.name, len(sheet.rows)) == ("Compromisos", 1)
    assert "“Instrucciones”" in sheet.reading[0]


def test_names_of_sheets_are_such_as_excel_takes():
    names = ["Hitos [1/2]: ¿qué?", "x" * 40, "x" * 41, "'", "Lists", "HITOS  1 2   ¿qué "]

    titles = opened(write_xlsx([Page(name, [Column("a")], []) for name in names])).sheetnames

    assert len({title.casefold() for title in titles}) == len(names)
    assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in titles)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x" * 32_768, "32768 characters, 32767 at the most"),
        ("\U0001f600" * 16_384, "32768 characters"),
        ("a\x07b", "a control character"),
        ("a\ufffeb", "a control character"),
    ],
)
def test_text_that_does_not_fit_is_told_with_its_place(text, fault):
    with pytest.raises(ValueError, match=re.escape(f"row 3 (2-10), column Título: {fault}")) as caught:
        written([["2-1"] + [None] * 5, ["2-10", text] + [None] * 4])
    assert "“Compromisos”" in str(caught.value)


def test_only_the_first_places_are_named():
    with pytest.raises(ValueError, match=r"row 6 .*; 3 more\.") as caught:
        written([["2-1", "\x07"] + [None] * 4] * 8)
    assert "row 7" not in str(caught.value)


def test_longest_text_of_excel_is_written_whole():
    text = "ñ" * 32_767

    assert read(written([["2-1", text] + [None] * 4]), heads=HEADS).rows[0].cells["Título"] == text


def test_unknown_kind_of_column_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no kind of column"):
        Column("x", "fecha")


def test_csv_is_what_excel_knows_by_its_mark():
    page = Page(
        "x",
        COLUMNS,
        [["2-10", "=1", date(2024, 12, 31), None, Percent(0.5), -2.0], [None, "a\nb", None, None, 5, True]],
    )

    data = write_csv(page, ";")

    assert data.decode("utf-8") == (
        "\ufeffCódigo;Título;Inicio;Nivel;Avance;Número\r\n"
        "2-10;'=1;2024-12-31;;50;-2\r\n"
        ';"a\nb";;;5;true\r\n'
    )


@pytest.mark.parametrize("text", ["=x", "'=x", "''=x", "'x", "x", "-", "'", "''", "\tx", "＝x"])
def test_guarded_texts_lose_only_their_guard(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in "=+-@\t＝"
