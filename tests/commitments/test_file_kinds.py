"""Kinds of files, by their content: what is taken, and what is refused with a sentence."""

import io
import tracemalloc
from contextlib import suppress

import pytest
from django.utils import translation

from commitments import file_kinds
from commitments.file_kinds import CONTENT_TYPES, EXTENSIONS, FileKind, FileRefused, kind_of_file
from tests.commitments.uploads import (
    CSV,
    DOCX,
    GIF,
    GOOD,
    ODT,
    PDF,
    PNG,
    TYPES,
    XLSX,
    archive,
    open_document,
    open_xml,
    with_flag,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
ZIP = archive({"a.txt": "a"})


def kind(name, content):
    return kind_of_file(io.BytesIO(content), name, len(content))


def refused(name, content):
    with translation.override("en"):
        with pytest.raises(FileRefused) as error:
            kind(name, content)
        return " ".join(error.value.messages)


@pytest.mark.parametrize(("name", "content"), GOOD.items(), ids=GOOD)
def test_kinds_that_are_taken(name, content):
    assert kind(name, content) == EXTENSIONS[name.rpartition(".")[2]]
    assert kind(name.upper(), content) == kind(name, content)


def test_every_kind_has_its_type_and_is_tried():
    assert set(CONTENT_TYPES) == set(FileKind) == {kind(*each) for each in GOOD.items()}
    assert not {type for type in CONTENT_TYPES.values() if "html" in type or "svg" in type}


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.htm", "a.docm", "a.xlsm", "a.pptm", "a.doc", "a.xls"])
@pytest.mark.parametrize("content", [PDF, DOCX, SVG, HTML, OLE], ids=["pdf", "docx", "svg", "html", "ole"])
def test_names_that_are_not_taken_whatever_is_in_the_file(name, content):
    assert "Files of this kind are not taken." in refused(name, content)


@pytest.mark.parametrize(
    "name", ["a", "pdf", "", ".", "a.", "a.pdf.exe", "a.zip", "a.js", "a.pdf\x00.exe", "a.pdf "]
)
def test_names_without_a_good_end(name):
    assert "Files of this kind are not taken." in refused(name, PDF)


@pytest.mark.parametrize(
    "content", [SVG, HTML, OLE, ZIP, b"MZ" + b"\x00" * 99, b"#!/bin/sh\n", b" " + PDF, b"x"]
)
@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith("csv")])
def test_content_that_is_something_else(name, content):
    assert "its content is of another kind" in refused(name, content)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", [name for name in GOOD if name != "foto.jpeg"])
def test_name_of_one_kind_and_content_of_another(name, other):
    if GOOD[name] != GOOD[other]:
        refused(name, GOOD[other])


def test_empty_and_too_large_files():
    assert "empty" in refused("a.pdf", b"")
    assert "at most 20 MB" in refused("a.pdf", PDF + b"\x00" * file_kinds.MOST_BYTES)
    assert kind("a.pdf", PDF.ljust(file_kinds.MOST_BYTES, b"\x00")) == FileKind.PDF


# Office files.


@pytest.mark.parametrize(
    "parts",
    [
        *({name: "x"} for name in ("word/vbaProject.bin", "WORD/VBAPROJECT.BIN", "word\\vbaProject.bin")),
        *({name: "x"} for name in ("word/vbaData.xml", "word/activeX/activeX1.bin", "a/virus.exe", "a.js")),
        {"word/embeddings/oleObject1.bin": "x"},
    ],
    ids=str,
)
def test_programs_inside_of_office_files(parts):
    assert "has macros" in refused("a.docx", open_xml("word/document.xml", **parts))


@pytest.mark.parametrize(
    "words", ["application/vnd.ms-word.document.macroEnabled.main+xml", "ms-office.vbaProject"]
)
def test_macros_under_another_name(words):
    assert "has macros" in refused(
        "a.docx", open_xml("word/document.xml", TYPES.replace("application/xml", words))
    )


@pytest.mark.parametrize("part", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_macros_of_open_document(part):
    assert "has macros" in refused("a.odt", open_document("text", **{part: "x"}))


def test_locked_office_file():
    assert "locked" in refused("a.docx", with_flag(DOCX, 1))


@pytest.mark.parametrize(
    "content",
    [
        DOCX[:-30],
        DOCX[:40],
        b"PK\x03\x04" + b"\x00" * 100,
        b"PK\x05\x06" + b"\x00" * 18,
        open_xml("word/document.xml", **{"xl/workbook.xml": "<x/>"}),
        archive({"word/document.xml": "<x/>"}),
        b"%PDF-1.7\n" + DOCX,
        open_document("text-template"),
        open_document("text\x00"),
    ],
    # By their place: archives have the time in them.
    ids=map(str, range(9)),
)
@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_office_files_that_are_broken_or_no_one_kind(name, content):
    refused(name, content)


@pytest.mark.parametrize("cut", range(0, len(DOCX), 37))
def test_no_damage_does_more_than_to_refuse(cut):
    for content in (DOCX[:cut], DOCX[:cut] + b"\xff" * 5 + DOCX[cut + 5 :], ODT[:cut]):
        for name in ("a.docx", "a.odt"):
            with suppress(FileRefused):
                kind(name, content)


def test_bomb_is_never_unpacked():
    zeros = b"\x00" * 100_000_000
    bombs = {
        "a.docx": [
            open_xml("word/document.xml", **{"word/b.bin": zeros}),
            open_xml("word/document.xml", zeros),
        ],
        "a.odt": [archive({"mimetype": zeros})],
    }
    del zeros
    tracemalloc.start()
    assert kind("a.docx", bombs["a.docx"][0]) == FileKind.DOCX
    assert kind("a.docx", bombs["a.docx"][1]) == FileKind.DOCX
    refused("a.odt", bombs["a.odt"][0])
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 5_000_000


def test_directory_of_many_parts_is_not_read(monkeypatch):
    many = archive(
        {"[Content_Types].xml": TYPES, "word/document.xml": "x"} | {f"{n:05}": "" for n in range(10_000)}
    )
    monkeypatch.setattr(file_kinds.zipfile, "ZipFile", lambda file: pytest.fail("it was read"))

    refused("a.docx", many)


# Tables.


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"a\tb\r\n1\t2\r\n",
        b"a|b\r1|2",
        b"\xef\xbb\xbf" + CSV,
        "Año;Señal\n2017;“sí”\n".encode("cp1252"),
        b"monto;saldo\n-5;+51\n=;==\n",
        b"a,b\n" + b"x" * 200_000 + b",=\n",
        ("á," * 100_000).encode(),
        b"menor,a < b\n",
        b"cuenta,@minam\n",
    ],
)
def test_tables_that_are_taken(content):
    assert kind("a.csv", content) == FileKind.CSV


@pytest.mark.parametrize(
    "content",
    [
        *(SVG, HTML, OLE, ZIP, PDF, PNG, GIF, XLSX),
        b"a,b\n\x00,1\n",
        b"solo palabras",
        b"a,b\n1,<script>alert(1)</script>\n",
        b"x," * 40_000 + b"\n<ScRiPt src=//x>\n",
        b"<?xml version='1.0'?><a>,</a>",
        b"\xef\xbb\xbf<html>,</html>",
        b"  \n <a>,</a>",
        b"{\\rtf1 a,b}",
        "a,b\n1,2\n".encode("utf-16"),
        b"a,b\n\x81\xff,2\n",
        b"a,b\n1,\x1b[31m\n",
    ],
)
def test_what_is_no_table(content):
    assert "This is no CSV" in refused("a.csv", content)


@pytest.mark.parametrize(
    "cell", ["=1+1", '"=HYPERLINK(""http://x"")"', "+cmd|' /C calc'!A0", "-SUM(A1)", "@SUM(A1)"]
)
@pytest.mark.parametrize("before", ["", "a,b\n1,", "x," * 32_766 + "y,", "a;b\n"])
def test_cells_that_spreadsheets_run(cell, before):
    assert "begins like a formula" in refused("a.csv", f"{before}{cell},2\n".encode())


def test_markup_that_two_pieces_share_is_found(monkeypatch):
    monkeypatch.setattr(file_kinds, "PIECE", 7)

    assert "no CSV" in refused("a.csv", b"a,b,c,d,e\n<script>,=\n")
