"""Load the record from `fixtures/`."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from record.loading import RecordError, load_record


class Command(BaseCommand):
    help = "Loads the record from fixtures/. Rows that staff edited or deleted are left alone and listed."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.FIXTURES_DIR)

    def handle(self, *args, folder, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        try:
            with translation.override("en"):
                outcome = load_record(folder)
        except RecordError as error:
            raise CommandError(f"{error}\nNothing was loaded; the database is as it was.") from error
        if not outcome.files_read:
            self.stdout.write("The record is loaded already; no file has changed.")
            return
        self.stdout.write(
            f"Files read: {len(outcome.files_read)}. Rows added: {len(outcome.added)}, "
            f"updated: {len(outcome.updated)}, unchanged: {len(outcome.unchanged)}, "
            f"edited by staff and kept: {len(outcome.kept)}, "
            f"deleted by staff and not revived: {len(outcome.deleted)}, "
            f"no longer in the files and kept: {len(outcome.dropped)}."
        )
        for title, rows in (
            ("Edited by staff and kept", outcome.kept),
            ("Deleted by staff and not revived", outcome.deleted),
            ("No longer in the files and kept", outcome.dropped),
        ):
            for row in rows:
                self.stdout.write(f"{title}: {row}")
