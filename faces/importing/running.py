"""An import in a process of its own, so that whoever reads the portal waits for none.

The process looks at the sheet, or writes it, and ends; how far it is stands in its `Upload`.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _
from import_export.resources import ModelResource

from record.writing import WriteRefused

from ..models import Upload
from ..sheets import SheetRefused, read_sheet
from .heads import columns_by_head, folded, is_head
from .loading import REFUSED, Loading

Step = Upload.Step
# Imports that run side by side; the others wait for their turn, each this long, in seconds.
MOST, PATIENCE = 2, 600
# An import that takes longer is gone with a machine that nobody can ask any more.
LONGEST = timedelta(minutes=30)
# Of a text that is shown beforehand.
SHOWN_CHARACTERS = 600
# Of the process, so that whoever reads comes first.
NICENESS = 5
# Where Linux keeps the name that it shows of a process, of 15 characters, and what ours begins with then.
NAME_OF_PROCESS, WRITES = "/proc/{process}/comm", "import "


def resource_class(upload):
    """Return the class of resources that reads an upload."""
    app = upload.model.split(".")[0]
    return getattr(import_module(f"{apps.get_app_config(app).name}.resources"), upload.resource)


def start(upload):
    """Have an upload looked at or, where its step says so, written; the answer does not wait for that."""
    if not settings.IMPORT_IN_PROCESS:
        run(upload)
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(upload.key)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    upload.put(process=process.pid, host=socket.gethostname())
    # Whoever started a process has to take note of its end.
    threading.Thread(target=process.wait, daemon=True).start()


def is_lost(upload):
    """Tell whether the process that has an upload in hand is gone: killed, or its machine went down."""
    if not upload.is_in_hand:
        return False
    if upload.created_at < now() - LONGEST:
        return True
    return bool(upload.process) and upload.host == socket.gethostname() and not _lives(upload)


def _lives(upload):
    """Tell whether the process of an upload lives; after a restart another may have its number."""
    try:
        os.kill(upload.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{upload.process}/cmdline")
    try:
        return str(upload.key).encode() in command.read_bytes()
    except OSError:
        # Not every system tells the commands of its processes.
        return not command.parent.parent.joinpath("self").exists()


def tell_written(done):
    """Tell how many rows this process wrote in the name that the system shows of it: no web worker waits.

    In the database nobody sees it before all is written, and SQLite has one writer at a time. A name needs
    no place on the disk, and goes with its process, however that ends. Elsewhere than on Linux none is told.
    """
    with suppress(OSError):
        Path(NAME_OF_PROCESS.format(process="self")).write_text(f"{WRITES}{done}")


def done(upload):
    """Return how many rows of an upload in hand were looked at or written; 0 where nobody can tell."""
    if upload.step != Step.WRITING:
        return upload.done
    if not upload.process or upload.host != socket.gethostname() or not _lives(upload):
        return 0
    try:
        told = Path(NAME_OF_PROCESS.format(process=upload.process)).read_text().strip()
    except OSError:
        return 0
    return int(told.removeprefix(WRITES)) if told.startswith(WRITES) else 0


def drop(upload):
    """Stop the process that has an upload in hand, if it can, and forget the upload."""
    if upload.is_in_hand and not is_lost(upload) and upload.process and upload.host == socket.gethostname():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(upload.process, signal.SIGTERM)
    upload.delete()


def run(upload, tell=lambda done: None):
    """Look at an upload, or write it; what comes of it is kept in it. `tell` hears how many are written."""
    with translation.override(upload.language):
        is_to_write = upload.step in (Step.TO_WRITE, Step.WRITING)
        try:
            loading = read(upload)
        except (SheetRefused, ValueError) as refused:
            upload.end(Step.REFUSED, refused)
            return
        if is_to_write:
            _write(upload, loading, tell)
        else:
            _rehearse(upload, loading)


def read(upload):
    """Return the Loading of an upload. Raises SheetRefused, or ValueError where columns are missing."""
    of_class = resource_class(upload)
    try:
        sheet = _sheet(upload, is_head(of_class))
        resource = of_class(upload.by, reason=upload.reason, no_telephone=upload.no_telephone)
        loading = Loading(resource, sheet, upload.name)
        loading.check_heads()
    except (SheetRefused, ValueError):
        if other := _meant(upload, of_class):
            names = {"meant": names_of(other), "said": names_of(of_class)}
            raise ValueError(
                _(
                    "The sheet has the columns of “%(meant)s”, and was handed in as “%(said)s”. Hand it in "
                    "above the list of “%(meant)s”, or choose that under “What the rows are”."
                )
                % names
            ) from None
        raise
    return loading


def _sheet(upload, is_known):
    return read_sheet(BytesIO(bytes(upload.content)), upload.name, is_head=is_known)


def names_of(of_class):
    """Return what the rows of a class of resources are, in the reader's language."""
    return capfirst(str(of_class._meta.model._meta.verbose_name_plural))


def _meant(upload, of_class):
    """Return another class of resources that knows every column of a sheet; None where there is none."""
    others = [
        each
        for each in _subclasses(ModelResource)
        if each is not of_class and each._meta.model and hasattr(each, "head_of")
    ]
    known = {each: columns_by_head(each) for each in others}
    try:
        sheet = _sheet(upload, lambda text: any(folded(text) in heads for heads in known.values()))
    except SheetRefused:
        return None
    heads = {folded(head) for _place, _letter, head in sheet.heads}
    if heads <= set(columns_by_head(of_class)):
        return None
    return next((each for each in others if heads <= set(known[each])), None)


def _subclasses(of_class):
    for each in of_class.__subclasses__():
        yield each
        yield from _subclasses(each)


def _rehearse(upload, loading):
    upload.put(step=Step.REHEARSING, total=len(loading.rows), done=0)
    outcomes = loading.rehearse(lambda done: upload.put(done=done))
    said = [str(sentence) for sentence in loading.sheet.reading]
    if loading.ambiguous:
        said.append(_("Dates are read with the day first: 3/4/2026 is 3 April 2026."))
    upload.put(step=Step.REHEARSED, said=said, outcomes=_kept(outcomes))


def _write(upload, loading, tell):
    upload.put(step=Step.WRITING, total=len(loading.rows), done=0)
    try:
        with transaction.atomic():
            outcomes = loading.write(tell)
            is_refused = any(each.kind == REFUSED for each in outcomes)
            step = Step.REHEARSED if is_refused else Step.WRITTEN
            columns = {} if is_refused else {"content": b""}
            # With the rows, so that whoever kills it here finds both or neither.
            upload.put(step=step, done=len(outcomes), outcomes=_kept(outcomes), **columns)
    except WriteRefused as refused:
        upload.end(Step.REFUSED, *refused.messages)


def _kept(outcomes):
    """Return the outcomes as they are kept: of rows that are as they were nothing but that."""
    kept = []
    for each in outcomes:
        columns = asdict(each)
        columns["values"] = [[name, _cut(before), _cut(after)] for name, before, after in each.values]
        kept.append(columns)
    return kept


def _cut(value):
    is_long = isinstance(value, str) and len(value) > SHOWN_CHARACTERS
    return f"{value[:SHOWN_CHARACTERS]}…" if is_long else value


def run_in_turn(key):
    """Run an upload as soon as no more than MOST others run; what a process of its own does."""
    os.nice(NICENESS)
    upload = Upload.objects.select_related("by").get(key=key)
    upload.put(process=os.getpid(), host=socket.gethostname())
    until = time.monotonic() + PATIENCE
    running = Upload.objects.filter(step__in=[Step.REHEARSING, Step.WRITING]).exclude(pk=upload.pk)
    while sum(not is_lost(other) for other in running.defer("content", "packed")) >= MOST:
        if time.monotonic() > until:
            upload.end(Step.REFUSED, _("Others import just now. Try again in some minutes."))
            return
        connection.close()
        time.sleep(1)
    try:
        run(upload, tell_written)
    except Exception:
        upload.end(Step.BROKEN)
        raise
