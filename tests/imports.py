"""Files as they are handed in, and what becomes of them."""

import json
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from faces.importing.heads import is_head
from faces.importing.loading import Loading, Outcome
from faces.sheets import SheetRefused, read_sheet
from tests.admin_pages import address


def load(resource, *rows, name="rows.json"):
    """Import rows, given as dicts, by a resource; return what became of each."""
    return loaded(resource, json.dumps(rows, default=str).encode(), name)


def loaded(resource, content, name):
    """Import a file by a resource; return what became of each row, or that of a row 0 that was refused."""
    try:
        sheet = read_sheet(BytesIO(content), name, is_head=is_head(type(resource)))
        loading = Loading(resource, sheet, name)
        loading.check_heads()
    except (SheetRefused, ValueError) as refused:
        outcome = Outcome(0)
        outcome.refuse(str(refused))
        return [outcome]
    return loading.write()


def kinds(outcomes):
    return [each.kind for each in outcomes]


def faults(outcomes):
    """Return everything that was found wrong, as one text."""
    return " ".join(
        f"{each.number}: {fault.head}: {fault.reason}" for each in outcomes for fault in each.faults
    )


def hand_in(client, model, content, name="rows.csv", reason="", **further):
    """Hand a file in, in the admin; return the page that answers."""
    content = content.encode() if isinstance(content, str) else content
    data = {"import_file": SimpleUploadedFile(name, content), "change_reason": reason} | further
    return client.post(address(model, "import"), data, follow=True)


def confirm(client, page):
    """Press the button under what becomes of a file; return the page that answers."""
    return client.post(page.request["PATH_INFO"], {"confirm": "1"}, follow=True)


def outcomes_on(page):
    """Return what a page says that becomes of the rows of a file: dicts."""
    upload = page.context.get("upload") if page.context else None
    return upload.outcomes if upload else None


def kinds_on(page):
    return [each["kind"] for each in outcomes_on(page)]


def faults_on(page):
    """Return everything that a page says is wrong with a file, as one text."""
    upload = page.context["upload"]
    said = upload.said if upload.step == upload.Step.REFUSED else []
    found = [(each["number"], fault) for each in upload.outcomes for fault in each["faults"]]
    return " ".join([*said, *(f"{number}: {fault['head']}: {fault['reason']}" for number, fault in found)])
