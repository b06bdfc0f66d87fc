import pytest

from faces.sheets import SheetRefused

from .books import HEADS, read, values

ROWS = [HEADS, ["2-10", "Gestión “pública” 2", "31/12/2024", "50%"], ["2-11", "Año; uno, dos", "", ""]]


def table(separator=",", end="\r\n", rows=ROWS):
    """Return rows as a spreadsheet saves them: in quotation marks what needs them."""
    return (
        end.join(separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows)
        + end
    )


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encoding_is_found_and_told(encoding, label):
    sheet = read(table().encode(encoding), "compromisos.csv")

    assert values(sheet, "Título") == ["Gestión “pública” 2", "Año; uno, dos"]
    assert sheet.reading == [f"Read as text with separators: encoding {label}, separator comma."]


def test_utf_16_of_either_order_is_read():
    text = table("\t")

    for data in (b"\xff\xfe" + text.encode("utf-16-le"), b"\xfe\xff" + text.encode("utf-16-be")):
        assert values(read(data, "compromisos.txt"), "Código") == ["2-10", "2-11"]


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_is_found_by_the_heads_whatever_ends_a_line(separator, name, end):
    sheet = read(table(separator, end).encode(), "compromisos.csv")

    assert sheet.heads == [(1, "A", "Código"), (2, "B", "Título"), (3, "C", "Inicio"), (4, "D", "Avance")]
    assert values(sheet, "Título") == ["Gestión “pública” 2", "Año; uno, dos"]
    assert values(sheet, "Avance") == ["50%", None]
    assert f"separator {name}." in sheet.reading[0]


def test_first_line_of_excel_names_the_separator_and_is_no_row():
    sheet = read(b"\xef\xbb\xbfsep=;\r\n" + table(";").encode(), "compromisos.csv")

    assert [row.number for row in sheet.rows] == [2, 3]


def test_named_separator_may_be_an_unusual_one():
    sheet = read(b"sep=^\n" + table("^").encode(), "compromisos.csv")

    assert values(sheet, "Código") == ["2-10", "2-11"]
    assert "separator “^”" in sheet.reading[0]


@pytest.mark.parametrize("line", ["sep=\r", 'sep="', "sep=a", "sep=", "sep=\n"])
def test_line_that_names_no_separator_is_a_row_as_others(line):
    sheet = read(f"{line}\n{table()}".encode(), "compromisos.csv")

    assert values(sheet, "Código") == ["2-10", "2-11"]


def test_text_in_quotation_marks_keeps_lines_separators_and_marks():
    data = 'Código,Título,Inicio\n2-1,"uno, ""dos""\r\ntres",\n\n2-2,x,\n'.encode()

    sheet = read(data, "compromisos.csv")

    assert values(sheet, "Título") == ['uno, "dos"\ntres', "x"]
    # As a spreadsheet numbers them: lines within a cell are not counted, blank rows are.
    assert [row.number for row in sheet.rows] == [2, 4]


@pytest.mark.parametrize("text", ['"sin cerrar,x\n2-2,y\n', 'x,"uno"dos,\n'])
def test_quotation_mark_that_swallows_the_rest_is_refused_with_its_row(text):
    with pytest.raises(SheetRefused, match="From row 3 on .* quotation mark"):
        read(f"Código,Título\n2-1,a\n{text}".encode(), "compromisos.csv")


def test_heads_lose_spaces_and_lines_and_empty_columns_are_dropped():
    data = ' \xa0Código\xa0,,"  Título\n",Inicio,,,\n2-1,,x,,,,\n,,,,,,\n , ,\xa0,,,,\n2-2,,y,,,,\n'.encode()

    sheet = read(data, "compromisos.csv")

    assert sheet.heads == [(1, "A", "Código"), (3, "C", "Título"), (4, "D", "Inicio")]
    assert [(row.number, row.cells["Código"]) for row in sheet.rows] == [(2, "2-1"), (5, "2-2")]
    assert sheet.faults == []


def test_row_with_more_cells_than_heads_is_told():
    sheet = read("Código,Título\n2-1,uno, dos\n".encode(), "compromisos.csv")

    (fault,) = sheet.faults
    assert (fault.row, fault.letter, fault.head, fault.text) == (2, "C", "", "dos")
    assert "without a head" in fault.reason


@pytest.mark.parametrize(
    "error",
    [
        "#N/D",
        "#¡REF!",
        "#¿NOMBRE?",
        "#VALUE!",
        "#N/A",
        "########",
        "#¡DIV/0!",
        "#NOMBRE?",
        "#VALOR!",
        "Err:508",
    ],
)
def test_errors_that_a_spreadsheet_saved_are_faults(error):
    sheet = read(f"Código,Título\n2-1,{error}\n".encode("cp1252"), "compromisos.csv")

    (fault,) = sheet.faults
    assert (fault.row, fault.letter, fault.head, fault.text) == (2, "B", "Título", error)
    assert values(sheet, "Título") == [None]


@pytest.mark.parametrize("text", ["#1", "#participación", "# N/A", "N/A"])
def test_text_with_a_number_sign_is_no_error(text):
    assert values(read(f"Código,Título\n2-1,{text}\n".encode(), "x.csv"), "Título") == [text]


def test_byte_that_is_no_letter_is_told_with_its_line():
    with pytest.raises(SheetRefused, match="The bytes 81 in line 3 are no letters in Windows-1252"):
        read("Código,Título\r\n2-1,Año\r\n2-2,x\x81\r\n".encode("latin-1"), "x.csv")


def test_utf_8_with_one_broken_letter_is_not_read_as_another_encoding():
    data = "Código,Título\n2-1,Gestión pública\n2-2,".encode() + b"a\xf1o\n"

    with pytest.raises(SheetRefused, match="bytes F1.* in line 3 are no letters in UTF-8"):
        read(data, "x.csv")


def test_pair_of_signs_that_could_be_a_letter_does_not_hide_windows_1252():
    sheet = read("Código,Título\n2-1,“PERÚ” está aquí\n".encode("cp1252"), "x.csv")

    assert values(sheet, "Título") == ["“PERÚ” está aquí"]


@pytest.mark.parametrize("data", ["Código,Título\n2-1,a\0b\n".encode(), table().encode("utf-16-le")])
def test_zero_bytes_are_refused(data):
    with pytest.raises(SheetRefused, match="byte that is zero stands in line"):
        read(data, "x.csv")


def test_apostrophe_that_keeps_a_text_from_being_a_formula_is_taken_away():
    sheet = read("Código,Título\n2-1,'- uno\n2-2,''=x\n2-3,'hola'\n".encode(), "x.csv")

    assert values(sheet, "Título") == ["- uno", "'=x", "'hola'"]


def test_texts_are_cleaned_as_everywhere():
    data = "Código,Título\n2-1,  participacio\u0301n\u00ad \u200b\n".encode()

    assert values(read(data, "x.csv"), "Título") == ["participación"]


def test_heads_may_stand_below_a_title():
    sheet = read("Plan de acción\n\nfecha:;hoy\nCódigo;Título\n2-1;x\n".encode(), "x.csv")

    assert [row.number for row in sheet.rows] == [5]
    assert sheet.reading[1:] == ["The heads stand in row 4."]


@pytest.mark.parametrize("text", ["GestiÃ³n pública", "información NÂ° 5", "â€œcitaâ€\x9d", "aquÃ\xad"])
def test_broken_letters_are_a_fault(text):
    sheet = read(f"Código,Título\n2-1,{text}\n".encode(), "x.csv")

    assert [(fault.row, fault.letter) for fault in sheet.faults] == [(2, "B")]
    assert "letters of this text are broken" in sheet.faults[0].reason


@pytest.mark.parametrize("text", ["São Paulo", "SÃO", "château", "5 €", "“Ñ”", "Ângela", "Err: 5"])
def test_unusual_letters_are_not_broken(text):
    assert values(read(f"Código,Título\n2-1,{text}\n".encode(), "x.csv"), "Título") == [text]


def test_file_without_a_known_head_names_what_it_found():
    with pytest.raises(SheetRefused, match="None of the heads.*“Nombre”, “Edad”"):
        read(b"Nombre;Edad\nx;1\n", "x.csv")


def test_head_that_stands_twice_is_refused_with_both_columns():
    with pytest.raises(SheetRefused, match="“TÍTULO” stands in column B and in column D"):
        read("Código,Título,Inicio,TÍTULO\n".encode(), "x.csv")
