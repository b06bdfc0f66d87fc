import json
import zipfile
from datetime import date
from io import BytesIO

import pytest

from faces.sheets import SheetRefused

from .books import below_heads, book, read, texts, values, zipped

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def locked():
    """Return a zip file whose part asks for a password."""
    data = bytearray(book(below_heads(texts(2, ["2-1"]))))
    # The flags of each part in the directory at the end.
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.xls", OLE + "Workbook".encode("utf-16-le"), r"before 2007 \(.xls\)"),
        ("x.xlsx", OLE + "Workbook".encode("utf-16-le"), r"before 2007 \(.xls\)"),
        ("x.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(99), r"before 2007 \(.xls\)"),
        ("x.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("x.xlsx", locked(), "password"),
        ("x.xls", b"<html><table><tr><td>x</td></tr></table></html>", "web page or XML"),
        ("x.xls", "\ufeff <!DOCTYPE html><table>".encode("utf-16"), "web page or XML"),
        ("x.xls", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "web page or XML"),
        ("x.xls", b"MIME-Version: 1.0\r\n", "web page or XML"),
        ("x.xlsm", book(below_heads(), parts={"xl/vbaProject.bin": b"x"}), "macros"),
        ("x.xlsx", book(below_heads(), kind="xlMacrosheet"), "macros"),
        ("x.ods", zipped({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), r"\(.ods\)"),
        ("x.xlsb", zipped({"xl/workbook.bin": b"x"}), r"\(.xlsb\)"),
        ("x.zip", zipped({"carpeta/compromisos.XLSX": b"x"}), "ZIP folder"),
        ("x.docx", zipped({"word/document.xml": "<document/>"}), "no spreadsheet"),
        ("x.xlsx", zipped({"xl/workbook.xml": "<document/>"}), "no spreadsheet"),
        ("x.pdf", b"%PDF-1.7\n", "no spreadsheet"),
        ("x.xlsx", b"PK\x03\x04 cut off", "damaged"),
        ("x.xlsx", book(below_heads(texts(2, ["2-1"])))[:-30], "damaged"),
        ("x.csv", b"", "empty"),
        ("x.csv", b" \r\n\xef", "None of the heads"),
        ("x.csv", b" \r\n ", "empty"),
        ("x.json", b"[]", "empty"),
    ],
)
def test_files_of_other_kinds_are_told_apart(name, data, reason):
    with pytest.raises(SheetRefused, match=reason):
        read(data, name)


def test_part_that_does_not_match_its_sum_is_damage():
    file = BytesIO(book(below_heads(texts(2, ["2-1"]))))
    with zipfile.ZipFile(file) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    data = bytearray(file.getvalue())
    data[place : place + 4] = b"\xff\xff\xff\xff"

    with pytest.raises(SheetRefused, match="damaged"):
        read(bytes(data))


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"]
)
def test_xml_that_is_none_is_damage(name):
    with pytest.raises(SheetRefused, match="damaged"):
        read(book(below_heads(), parts={name: "<workbook><a></b>"}))


@pytest.mark.parametrize("encoding", ["U0F-8", "utf-7", "rot13", "base64", "cp1252", "utf-32", "idna"])
def test_xml_in_an_encoding_of_its_own_is_damage_or_read(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?>' + below_heads(texts(2, ["x"])).replace(
        "ódigo", "odigo"
    )
    data = book(data.replace("Título", "Titulo"))

    try:
        assert len(read(data, heads=["Codigo", "Titulo"]).rows) == 1
    except SheetRefused as error:
        assert "damaged" in str(error)


def test_file_is_known_by_its_bytes_whatever_its_name():
    assert read("Código;Título\n2-1;x\n".encode(), "x.xlsx").rows
    assert read(book(below_heads(texts(2, ["2-1"]))), "x.csv").rows


def as_json(*rows):
    return json.dumps(rows).encode()


def test_json_is_a_list_of_objects_with_the_same_keys_in_any_order():
    data = as_json(
        {"Código": "2-1", "Título": " uno "}, {"Título": None, "Código": 7}, {"Título": 1.0, "Código": True}
    )

    sheet = read(b"\xef\xbb\xbf" + data, "x.json")

    assert values(sheet, "Código") == ["2-1", 7, True]
    assert values(sheet, "Título") == ["uno", None, 1]
    assert [row.number for row in sheet.rows] == [1, 2, 3]
    assert sheet.reading == ["Read as JSON."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"C\xc3\xb3digo": 1}', "not a list of objects"),
        (b"[1]", "not a list of objects"),
        (as_json({"Código": 1}, {"Título": 1}), "Object 2 has other keys"),
        (b'[{"C\xc3\xb3digo": 1, "C\xc3\xb3digo": 2}]', "twice"),
        (b'[{"C\xc3\xb3digo": NaN}]', "NaN"),
        (b'[{"C\xc3\xb3digo": 1', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (as_json({"x": 1}), "None of the heads"),
        (b'[{"C\xf3digo": 1}, {"\x81": 1}]', "no letters"),
    ],
)
def test_other_json_is_refused(data, reason):
    with pytest.raises(SheetRefused, match=reason):
        read(data, "x.json")


def test_list_within_json_is_a_fault():
    sheet = read(as_json({"Código": "2-1", "Título": ["a"]}), "x.json")

    assert [(fault.row, fault.head) for fault in sheet.faults] == [(1, "Título")]


def test_date_of_json_is_the_text_it_is():
    assert values(read(as_json({"Código": str(date(2024, 12, 31))}), "x.json"), "Código") == ["2024-12-31"]
