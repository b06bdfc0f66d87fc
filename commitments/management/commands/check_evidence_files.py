"""Compare the files of evidence with the rows that name them, such as after putting back a backup."""

import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.files import is_place, path_of, remove
from commitments.models import Evidence

# Somebody may be writing a file just now whose row comes later.
YOUNG_SECONDS = 24 * 3600


class Command(BaseCommand):
    help = "Finds files of evidence that are missing or damaged, and those that no row names."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="take away files that no row names")

    def handle(self, *args, **options):
        rows = Evidence.everything.exclude(file="")
        faults = [f"{row.code}: {fault}" for row in rows if (fault := fault_of(row))]
        unnamed = unnamed_files()
        for place in unnamed:
            self.stdout.write(f"No row names {place}{', taken away' if options['remove'] else ''}")
            if options["remove"]:
                remove(place)
        self.stdout.write(f"Files named: {rows.count()}. Faults: {len(faults)}. Not named: {len(unnamed)}.")
        if faults:
            raise CommandError("\n".join(faults))


def fault_of(row):
    """Return what is wrong with the file of evidence, '' where it is what was handed in."""
    try:
        with path_of(row.file).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "its file is missing, or cannot be read"
    return "" if digest == row.sha256 else "its file is not the one that was handed in"


def unnamed_files():
    """Return the places of files that no row names, but for young ones and what is no file of ours."""
    folder = Path(settings.EVIDENCE_DIR)
    old = time.time() - YOUNG_SECONDS
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.glob("*/*")
        if is_place(path.relative_to(folder).as_posix()) and path.stat().st_mtime < old
    }
    return sorted(found - set(Evidence.everything.exclude(file="").values_list("file", flat=True)))
