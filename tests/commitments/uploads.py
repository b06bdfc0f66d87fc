"""Files as people hand them in, made for tests: good ones of each kind, and those that are something else."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40 + b"\xff\xd9"
GIF = b"GIF89a" + b"\x00" * 40
WEBP = b"RIFF\x28\x00\x00\x00WEBPVP8 " + b"\x00" * 40
CSV = "entidad;hito;día\nMINAM;2-10-1;2017-09-30\n".encode()
TYPES = '<?xml version="1.0"?><Types><Override ContentType="application/xml"/></Types>'


def archive(parts, **options):
    """Return the bytes of a zip with some parts, {name: content}."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def open_xml(main, types=TYPES, **parts):
    """Return an office file of the kind that its main part says, such as word/document.xml."""
    return archive({"[Content_Types].xml": types, "_rels/.rels": "<x/>", main: "<x/>"} | parts)


def open_document(kind, **parts):
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<x/>"} | parts)


DOCX, XLSX = open_xml("word/document.xml"), open_xml("xl/workbook.xml")
PPTX = open_xml("ppt/presentation.xml")
ODT, ODS, ODP = map(open_document, ("text", "spreadsheet", "presentation"))
GOOD = {
    **{"informe.pdf": PDF, "foto.png": PNG, "foto.jpg": JPEG, "foto.jpeg": JPEG, "foto.gif": GIF},
    **{"foto.webp": WEBP, "acta.docx": DOCX, "tabla.xlsx": XLSX, "charla.pptx": PPTX, "acta.odt": ODT},
    **{"tabla.ods": ODS, "charla.odp": ODP, "tabla.csv": CSV},
}


def upload(name="informe.pdf", content=PDF):
    """Return a file as a browser sends it, which says of itself that it is a web page."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def with_flag(content, flag):
    """Return a zip whose directory has a flag set for its parts."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        (flags,) = struct.unpack_from("<H", changed, at + 8)
        struct.pack_into("<H", changed, at + 8, flags | flag)
        at = changed.find(b"PK\x01\x02", at + 1)
    return bytes(changed)
