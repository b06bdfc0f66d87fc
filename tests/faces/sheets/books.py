"""Files as spreadsheets save them, made by hand: what packages would not write can be in them."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from faces.sheets import read_sheet

HEADS = ["Código", "Título", "Inicio", "Avance"]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Styles by their numbers: general, dd/mm/yyyy, hh:mm, 0 %, and formats of the workbook's own.
GENERAL, DAY, TIME, PERCENT, OWN_DAY, OWN_PERCENT, OWN_NUMBER, OWN_DURATION = range(8)
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[$-280A]dd&quot; de &quot;mmmm\\ yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="0.0\\ %"/>'
    '<numFmt numFmtId="166" formatCode="&quot;días: &quot;0.00_);[Red]\\-0"/>'
    '<numFmt numFmtId="167" formatCode="[h]:mm:ss"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 20, 9, 164, 165, 166, 167))
    + "</cellXfs>"
)


def text(place, value):
    """Return a cell of text."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number(place, value, style=GENERAL):
    """Return a cell of a number."""
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(place, *cells):
    """Return a row."""
    return f'<row r="{place}">{"".join(cells)}</row>'


def texts(place, values):
    """Return a row of texts from column A on; nothing for None."""
    return row(
        place,
        *(text(f"{chr(65 + at)}{place}", value) for at, value in enumerate(values) if value is not None),
    )


def sheet(*rows, after=""):
    """Return the XML of a sheet."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def below_heads(*rows, after=""):
    """Return the XML of a sheet with the heads in its first row."""
    return sheet(texts(1, HEADS), *rows, after=after)


def book(*sheets, strings=None, is_from_1904=False, parts=(), kind="worksheet"):
    """Return a workbook of sheets, each its XML or (name, state, XML)."""
    sheets = [
        each if isinstance(each, tuple) else (f"Hoja{at}", "visible", each)
        for at, each in enumerate(sheets, 1)
    ]
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" state="{state}" r:id="r{at}"/>'
        for at, (name, state, _xml) in enumerate(sheets, 1)
    )
    day = "<workbookPr date1904='1'/>" if is_from_1904 else ""
    content = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations([("a", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{day}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((f"r{at}", kind, f"/xl/worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)),
                ("s", "styles", "styles.xml"),
                ("t", "sharedStrings", "sharedStrings.xml"),
            ]
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{STYLES}</styleSheet>',
        **{f"xl/worksheets/sheet{at}.xml": xml for at, (_name, _state, xml) in enumerate(sheets, 1)},
    }
    if strings is not None:
        content["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{"".join(strings)}</sst>'
    return zipped(content | dict(parts))


def _relations(rows):
    return (
        "<Relationships>"
        + "".join(
            f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for key, kind, target in rows
        )
        + "</Relationships>"
    )


def zipped(content):
    """Return a zip file of parts, {name: text or bytes}."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def read(data, name="archivo.xlsx", heads=HEADS):
    """Return the Sheet of a file given as bytes."""
    return read_sheet(BytesIO(data), name, {*heads}.__contains__)


def values(sheet, head):
    """Return what stands below a head."""
    return [row.cells[head] for row in sheet.rows]
