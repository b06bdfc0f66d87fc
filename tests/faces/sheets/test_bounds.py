"""What a file may cost: bytes, rows, columns, what it unpacks to, and what XML could declare."""

import random
import zipfile

import pytest

from faces.sheets import SheetRefused, limits, parts, reading, separated, table, workbook

from .books import below_heads, book, number, read, row, sheet, text, texts

MUCH = "holds too much"


class Counted:
    """A file that says how much of it was asked for."""

    def __init__(self, size):
        self.size, self.asked = size, 0

    def read(self, size):
        self.asked += size
        return b"x" * min(size, self.size)


def test_file_above_10_mb_is_refused_and_not_read_whole():
    file = Counted(10**9)

    with pytest.raises(SheetRefused, match="larger than 10 MB"):
        reading.read_sheet(file, "x.csv", {"x"}.__contains__)
    assert file.asked == 10_000_001


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_are_counted_and_blank_ones_are_not(kind, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 3)

    def file(count):
        if kind == "csv":
            return ("Código,Título\n" + "2-1,x\n,\n\n" * count).encode()
        return book(below_heads(*(row(at * 9, number(f"A{at * 9}", at)) for at in range(1, count + 1))))

    assert len(read(file(3), f"x.{kind}").rows) == 3
    with pytest.raises(SheetRefused, match="more than 3 rows"):
        read(file(4), f"x.{kind}")


def test_20_000_rows_and_200_columns_are_the_bounds():
    assert (limits.MOST_BYTES, limits.MOST_ROWS, limits.MOST_COLUMNS) == (10_000_000, 20_000, 200)


@pytest.mark.parametrize(("count", "is_read"), [(200, True), (201, False)])
def test_columns_with_a_head_are_counted(count, is_read):
    data = (",".join(["Código", *(f"c{at}" for at in range(1, count))]) + ",,,\n2-1\n").encode()

    if is_read:
        assert len(read(data, "x.csv").heads) == 200
    else:
        with pytest.raises(SheetRefused, match="201 columns; 200 at the most"):
            read(data, "x.csv")


@pytest.mark.parametrize(("module", "name"), [(workbook, "MOST_CELLS"), (workbook, "MOST_CHARACTERS")])
def test_what_is_kept_of_a_workbook_is_counted(module, name, monkeypatch):
    monkeypatch.setattr(module, name, 40)
    data = book(below_heads(*(texts(at, ["2-1", "x" * 9]) for at in range(2, 25))))

    with pytest.raises(SheetRefused, match=MUCH):
        read(data)


def test_shared_texts_are_counted(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CHARACTERS", 99)

    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(), strings=[f"<si><t>{'x' * 100}</t></si>"]))


def test_cells_of_text_are_counted(monkeypatch):
    monkeypatch.setattr(separated, "MOST_CELLS", 10)

    with pytest.raises(SheetRefused, match=MUCH):
        read(("Código,Título\n" + "1,2\n" * 30).encode(), "x.csv")


def test_blank_lines_of_text_end_somewhere():
    with pytest.raises(SheetRefused, match=MUCH):
        read("Código\n".encode() + b"\n" * 2_000_000, "x.csv")


def test_blank_cells_are_counted_too(monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_LOOKED_AT", 100)

    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(row(2, "<c/>" * 101))))


# Bombs. Noise keeps the small ones from being refused by how well they pack.


def noise(size):
    return f"<!--{random.Random(1).randbytes(size).hex()}-->"


def test_part_that_packs_too_well_is_refused():
    with pytest.raises(SheetRefused, match=MUCH):
        read(book(sheet(" " * 6_000_000)))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_sum_of_what_the_parts_say_is_bounded(name, monkeypatch):
    monkeypatch.setattr(parts, "MOST_UNPACKED", 20_000)

    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(), parts={name: noise(20_000)}))


def test_what_is_unpacked_is_counted_over_all_readings():
    archive = parts.Parts(book(below_heads(noise(20_000))))
    archive.left = 60_000

    assert sum(map(len, archive.chunks("xl/worksheets/sheet1.xml"))) > 40_000
    with pytest.raises(SheetRefused, match=MUCH):
        list(archive.chunks("xl/worksheets/sheet1.xml"))


def test_parts_are_counted(monkeypatch):
    monkeypatch.setattr(parts, "MOST_PARTS", 20)

    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(), parts={f"x{at}": "" for at in range(20)}))


def test_same_bytes_may_not_be_many_parts(monkeypatch):
    monkeypatch.setattr(parts, "MOST_UNPACKED", 100_000)
    data = bytearray(book(below_heads(noise(20_000))))
    start = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    directory, tail = data[start:end], bytearray(data[end:])
    # The directory four times over: each part stands in it four times, at one place in the file.
    count = int.from_bytes(tail[8:10], "little") * 4
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(directory) * 4).to_bytes(4, "little")

    with pytest.raises(SheetRefused, match=MUCH):
        read(bytes(data[:start] + directory * 4 + tail))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_no_spreadsheet_uses_is_refused(method, tmp_path):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(SheetRefused, match="damaged"):
        read(path.read_bytes())


@pytest.mark.parametrize(
    "rows",
    [
        "<a>" * 100 + "</a>" * 100,
        "".join(f"<a{at}/>" for at in range(2_100)),
        f"<!--{'x' * 3_000_000}-->",
        "<a b='" + "x" * 3_000_000 + "'/>",
    ],
    ids=["depth", "names", "comment", "attribute"],
)
def test_xml_that_would_cost_too_much_is_damage(rows, monkeypatch):
    monkeypatch.setattr(parts, "_CHUNK", 100_000)

    with pytest.raises(SheetRefused, match="damaged"):
        read(book(below_heads(rows)))


def test_text_of_a_cell_ends_somewhere():
    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(row(2, text("A2", "x" * 300_000)))))


def test_longest_text_of_excel_is_read_whole():
    assert len(read(book(below_heads(row(2, text("A2", "ñ" * 32_767))))).rows[0].cells["Código"]) == 32_767


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(
    "name",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels"],
)
@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]><x/>',
    ],
)
def test_declarations_are_refused_in_every_part_that_is_read(name, encoding, declared):
    label = encoding.removesuffix("-be")
    data = f'<?xml version="1.0" encoding="{label}"?>{declared}'.encode(encoding)
    data = b"\xfe\xff" + data if encoding == "utf-16-be" else data

    with pytest.raises(SheetRefused, match="declares a document type"):
        read(book(below_heads(), parts={name: data}))


def test_entity_that_nobody_declared_is_damage():
    with pytest.raises(SheetRefused, match="damaged"):
        read(book(below_heads("&a;")))


def test_overlapping_merged_cells_do_not_multiply(monkeypatch):
    monkeypatch.setattr(table, "MOST_CELLS", 25)
    rows = [texts(at, ["2-1", "x"]) for at in range(2, 13)]
    after = (
        '<mergeCells><mergeCell ref="A2:A12"/><mergeCell ref="A2:A12"/><mergeCell ref="A2:A12"/></mergeCells>'
    )

    with pytest.raises(SheetRefused, match=MUCH):
        read(book(below_heads(*rows, after=after)))


def test_stray_cell_far_below_is_one_row_more():
    far = workbook.Workbook(book(below_heads(texts(2, ["2-1"]), row(1_048_576, text("XFD1048576", "x")))))

    assert [number for number, _cells in far.rows(far.sheets[0])] == [1, 2, 1_048_576]
