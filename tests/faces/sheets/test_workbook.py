from datetime import date

import pytest

from faces.sheets import Percent, SheetRefused
from faces.sheets.workbook import shows

from .books import (
    DAY,
    HEADS,
    OWN_DAY,
    OWN_DURATION,
    OWN_NUMBER,
    OWN_PERCENT,
    PERCENT,
    TIME,
    below_heads,
    book,
    number,
    read,
    row,
    sheet,
    text,
    texts,
    values,
)


def cell(xml, **options):
    """Return what is read from a cell in B2, given as XML; a Fault if it has one."""
    found = read(book(below_heads(row(2, text("A2", "2-1"), xml)), **options))
    (only,) = found.rows
    assert not found.faults or only.cells["Título"] is None
    return found.faults[0] if found.faults else only.cells["Título"]


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("1", 1),
        ("1.0", 1),
        ("-3", -3),
        ("2.5", 2.5),
        ("0.30000000000000004", 0.3),
        ("2.1000000000000001", 2.1),
        ("1E+3", 1000),
        ("1.2E-2", 0.012),
        ("20530000123", 20530000123),
    ],
)
def test_numbers_are_read_as_they_are_shown(stored, value):
    found = cell(number("B2", stored))

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("stored", ["1_000", "inf", "nan", "1e999", "uno", "٣"])
def test_what_is_no_number_is_a_fault(stored):
    assert "is not a number" in cell(number("B2", stored)).reason


def test_text_with_a_number_stays_text():
    assert cell(text("B2", "007")) == "007"


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ('<c r="B2" t="b"><v>1</v></c>', True),
        ('<c r="B2" t="b"><v>0</v></c>', False),
        ('<c r="B2" t="d"><v>2024-12-31</v></c>', date(2024, 12, 31)),
        ('<c r="B2" t="d"><v>2024-12-31T00:00:00</v></c>', date(2024, 12, 31)),
        ('<c r="B2" t="str"><f>A2&amp;"x"</f><v>2-1x</v></c>', "2-1x"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        (
            '<c r="B2" t="inlineStr"><is><r><t>uno </t></r><r><rPr><b/></rPr><t>dos</t></r></is></c>',
            "uno dos",
        ),
        ('<c r="B2" t="inlineStr"><is><t>uno</t><rPh><t>x</t></rPh></is></c>', "uno"),
        ('<c t="inlineStr"><is><t>sin lugar</t></is></c>', "sin lugar"),
        ('<c r="B2" t="inlineStr"><is><t>   </t></is></c>', None),
        ('<c r="B2" t="inlineStr"/>', None),
        ('<c r="B2"><v/></c>', None),
    ],
)
def test_kinds_of_cells(xml, value):
    found = cell(xml)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("style", [DAY, OWN_DAY])
@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("45657", date(2024, 12, 31)),
        ("61", date(1900, 3, 1)),
        ("59", date(1900, 2, 28)),
        ("1", date(1900, 1, 1)),
    ],
)
def test_dates(style, stored, value):
    assert cell(number("B2", stored, style)) == value


def test_dates_of_a_workbook_that_counts_from_1904():
    assert cell(number("B2", 44195, DAY), is_from_1904=True) == date(2024, 12, 31)
    assert cell(number("B2", 0, DAY), is_from_1904=True) == date(1904, 1, 1)


def test_date_that_a_computation_left_a_trifle_beside_the_day():
    assert cell(number("B2", "45656.9999999999", DAY)) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (number("B2", "45657.5", DAY), "31/12/2024 12:00"),
        ('<c r="B2" t="d"><v>2024-12-31T08:30:00</v></c>', "31/12/2024 08:30"),
        (number("B2", "0.354166666666667", TIME), "time of day"),
        (number("B2", "2", OWN_DURATION), "time of day"),
        (number("B2", "60", DAY), "no date"),
        (number("B2", "-1", DAY), "no date"),
        (number("B2", "9999999", DAY), "no date"),
        (number("B2", "1e300", DAY), "no date"),
        ('<c r="B2" t="d"><v>2024-02-30</v></c>', "not a date"),
    ],
)
def test_dates_that_are_none_are_faults(xml, reason):
    fault = cell(xml)

    assert (fault.row, fault.letter, fault.head) == (2, "B", "Título")
    assert reason in fault.reason


def test_time_of_day_is_told_as_it_is_shown():
    assert cell(number("B2", "0.354166666666667", TIME)).text == "08:30"


@pytest.mark.parametrize("style", [PERCENT, OWN_PERCENT])
@pytest.mark.parametrize(
    ("stored", "shown"), [("0.5", 50), ("1", 100), ("0.07", 7), ("0.125", 12.5), ("0", 0)]
)
def test_percentages_know_what_they_show(style, stored, shown):
    found = cell(number("B2", stored, style))

    assert isinstance(found, Percent)
    assert (found, found.of_hundred, type(found.of_hundred)) == (float(stored), shown, type(shown))


def test_format_of_a_number_that_names_days_in_quotation_marks_is_none_of_a_date():
    assert cell(number("B2", "12", OWN_NUMBER)) == 12


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", ""),
        ('0.00;[Red]-0.00;"nada";d', ""),
        ('0" días"', ""),
        ("0\\d", ""),
        ("[$S/-280A] #,##0.00", ""),
        ("0_d*s", ""),
        ("@", ""),
        ("[Magenta]0", ""),
        ("dd/mm/yyyy", "date"),
        ("mmm-yy", "date"),
        ("mmmm", "date"),
        ("yyyy", "date"),
        ("[$-F800]dddd, mmmm dd, yyyy", "date"),
        ("d/m/yy h:mm", "date"),
        ("h:mm AM/PM", "time"),
        ("mm:ss.0", "time"),
        ("[h]:mm", "time"),
        ("[mm]:ss", "time"),
        ("0%", "percent"),
        ("0.00%;-0.00%", "percent"),
        ('0"%"', ""),
    ],
)
def test_what_formats_show(code, shown):
    assert shows(code) == shown


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#OTHER!"]
)
def test_errors_are_faults(error):
    fault = cell(f'<c r="B2" t="e"><f>X</f><v>{error}</v></c>')

    assert (fault.row, fault.letter, fault.head, fault.text) == (2, "B", "Título", error)
    assert error in fault.reason


@pytest.mark.parametrize(
    "xml", ['<c r="B2"><f>1+1</f><v/></c>', '<c r="B2"><f>1+1</f></c>', '<c r="B2" t="str"><f>1</f></c>']
)
def test_formula_without_its_result_is_a_fault_and_no_blank(xml):
    assert "formula without its result" in cell(xml).reason


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("uno_x000D_\ndos", "uno\ndos"),
        ("uno_x000d_dos", "uno\ndos"),
        ("_x0009_a", "a"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x0007_b", "ab"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xD83D_x", "x"),
        ("_x00_ _xyz_", "_x00_ _xyz_"),
    ],
)
def test_escaped_characters(stored, value):
    assert cell(text("B2", stored)) == value
    assert cell('<c r="B2" t="s"><v>0</v></c>', strings=[f"<si><t>{stored}</t></si>"]) == value


def test_shared_texts():
    strings = ["<si><t>uno</t></si>", "<si><r><t>d</t></r><r><t>os</t></r><rPh><t>x</t></rPh></si>", "<si/>"]
    rows = [row(at, text(f"A{at}", "2-1"), f'<c r="B{at}" t="s"><v>{at - 2}</v></c>') for at in (2, 3, 4)]

    assert values(read(book(below_heads(*rows), strings=strings)), "Título") == ["uno", "dos", None]


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="B2" t="s"><v>1</v></c>',
        '<c r="B2" t="s"><v>-1</v></c>',
        '<c r="B2" t="s"><v>x</v></c>',
        '<c r="B2" t="otro"><v>1</v></c>',
        '<c r="XFE2"><v>1</v></c>',
        '<c r="?2"><v>1</v></c>',
        "<c>",
    ],
)
def test_damaged_cells_refuse_the_file(xml):
    with pytest.raises(SheetRefused, match="damaged"):
        cell(xml, strings=["<si><t>x</t></si>"])


def test_names_with_prefixes_are_read():
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="str"><x:v>Código</x:v></x:c></x:row><x:row><x:c t="str"><x:v>2-1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )

    assert values(read(book(xml)), "Código") == ["2-1"]


def test_parts_are_found_whatever_their_case_and_slashes():
    data = book(below_heads(texts(2, ["2-1"])))

    assert len(read(data.replace(b"xl/worksheets/sheet1.xml", rb"XL\Worksheets\Sheet1.xml")).rows) == 1


# Where the table is.


def test_blank_rows_and_columns_are_skipped_and_numbers_stay_true():
    data = book(
        sheet(
            row(3, text("B3", "Código"), text("C3", " "), text("E3", "Título\xa0")),
            row(4),
            row(7, text("B7", "2-1"), text("C7", "  "), text("E7", "x")),
            row(900, text("C900", " "), '<c r="XFD900" s="1"/>'),
            row(1_048_576, text("E1048576", "y")),
        )
    )

    found = read(data)

    assert found.heads == [(2, "B", "Código"), (5, "E", "Título")]
    assert [tuple(each) for each in found.rows] == [
        (7, {"Código": "2-1", "Título": "x"}),
        (1_048_576, {"Código": None, "Título": "y"}),
    ]
    assert (found.faults, found.reading) == ([], ["The heads stand in row 3."])


def test_stray_cell_beside_the_table_is_told_once_for_its_column():
    data = book(
        below_heads(*(row(at, text(f"A{at}", "2-1"), text(f"XFD{at}", "nota")) for at in range(2, 9)))
    )

    (fault,) = read(data).faults

    assert (fault.row, fault.letter, fault.head, fault.text) == (2, "XFD", "", "nota")


def test_row_of_which_no_cell_can_be_read_is_no_blank_row():
    found = read(book(below_heads(row(2, '<c r="A2" t="e"><v>#N/A</v></c>'))))

    assert (len(found.rows), len(found.faults)) == (1, 1)


def test_sheet_with_the_heads_is_read_wherever_it_stands():
    notes = ("Notas", "visible", sheet(texts(1, ["Código", "es el del plan"]), texts(2, ["Título", "breve"])))
    chart = ("Listas", "hidden", sheet(texts(1, ["Código"])))

    found = read(book(notes, ("Compromisos", "visible", below_heads(texts(2, ["2-1"]))), chart))

    assert found.name == "Compromisos"
    assert found.reading == ["The sheet “Compromisos” was read; not read: “Notas”, “Listas” (hidden)."]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_is_never_read(state):
    hidden = ("Vieja", state, below_heads(texts(2, ["2-1"])))

    assert read(book(hidden, ("Nueva", "visible", below_heads(texts(2, ["2-2"]))))).name == "Nueva"
    with pytest.raises(SheetRefused, match="“Vieja” is hidden"):
        read(book(hidden, sheet(texts(1, ["x"]))))


def test_two_sheets_with_the_heads_are_refused_by_their_names():
    rows = texts(2, ["2-1"])
    more = sheet(texts(1, [*HEADS, "Otra"]), rows)

    with pytest.raises(SheetRefused, match="“Uno”, “Dos”"):
        read(book(("Uno", "visible", below_heads(rows)), ("Dos", "visible", more)))


def test_empty_sheet_with_the_heads_is_no_rival():
    filled = ("Dos", "visible", below_heads(texts(25, ["2-1"])))

    assert read(book(("Uno", "visible", below_heads()), filled)).name == "Dos"


def test_table_that_shares_some_heads_is_no_rival():
    other = sheet(texts(1, ["Código", "Entidad", "Rol", "Título", "Cargo", "Nota"]), texts(2, ["2-1"]))

    assert (
        read(book(("Otra", "visible", other), ("Una", "visible", below_heads(texts(2, ["2-1"]))))).name
        == "Una"
    )


def test_sheet_of_a_chart_is_none():
    with pytest.raises(SheetRefused, match="empty"):
        read(book(below_heads(texts(2, ["2-1"])), kind="chartsheet"))


def test_heads_below_row_20_are_not_looked_for():
    with pytest.raises(SheetRefused, match="None of the heads"):
        read(book(sheet(texts(1, ["Plan"]), texts(21, HEADS), texts(22, ["2-1"]))))


def test_hidden_rows_are_read_and_told():
    hidden = '<row r="3" hidden="1"><c r="A3"><v>3</v></c></row>'

    found = read(book(below_heads(texts(2, ["2-1"]), hidden)))

    assert (values(found, "Código"), found.reading) == (["2-1", 3], ["1 hidden row was read too."])


# Merged cells.


def merged(*ranges):
    listed = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    return f"<mergeCells>{listed}</mergeCells>"


def test_value_of_cells_merged_over_rows_is_that_of_each_row_with_something():
    rows = [texts(2, ["2-1", "a"]), texts(3, [None, "b"]), texts(4, [None, "c"]), texts(9, [None, "d"])]

    found = read(book(below_heads(*rows, after=merged("A2:A8"))))

    assert values(found, "Código") == ["2-1", "2-1", "2-1", None]
    assert [row.number for row in found.rows] == [2, 3, 4, 9]
    assert found.reading == ["The value of merged cells was taken for each of their rows: A2:A8."]


def test_title_merged_above_the_table_and_blank_merged_cells_are_nothing():
    data = book(
        sheet(
            texts(1, ["Plan de acción"]),
            texts(2, HEADS),
            texts(3, ["2-1"]),
            after=merged("A1:D1", "B3:C3", "C3:C9"),
        )
    )

    found = read(data)

    assert (found.faults, found.reading) == ([], ["The heads stand in row 2."])


def test_cells_merged_over_several_columns_are_a_fault():
    found = read(book(below_heads(texts(2, ["2-1", "x"]), after=merged("B2:C2"))))

    (fault,) = found.faults
    assert (fault.row, fault.letter, fault.head, fault.text) == (2, "B", "Título", "x")
    assert "B2:C2" in fault.reason


def test_merged_head_gives_its_second_column_none():
    data = book(below_heads(row(2, text("A2", "2-1"), text("E2", "x")), after=merged("D1:E1")))

    assert [fault.letter for fault in read(data).faults] == ["E"]
