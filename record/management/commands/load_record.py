"""Load the record from `fixtures/`, or rewrite the manifest of that folder."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from record.loading import LoadingIsRunning, RecordError, load_record, shortened, write_manifest


class Command(BaseCommand):
    help = "Loads the record from fixtures/. Rows that staff edited or deleted are left alone and listed."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.FIXTURES_DIR)
        parser.add_argument(
            "--manifest",
            action="store_true",
            help="load nothing; rewrite manifest.yaml of the folder, and say what it now says otherwise",
        )

    def handle(self, *args, folder, manifest, verbosity=1, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        try:
            if manifest:
                self.write_manifest(folder)
            else:
                self.tell(load_record(folder), verbosity)
        except RecordError as error:
            nothing = (
                "No manifest was written." if manifest else "Nothing was loaded; the database is as it was."
            )
            raise CommandError(f"{error}\n{nothing}") from error
        except LoadingIsRunning as error:
            raise CommandError(str(error)) from error

    def write_manifest(self, folder):
        differences = write_manifest(folder)
        self.stdout.write("\n".join(differences) or "The manifest is as it was.")

    def tell(self, outcome, verbosity):
        if not outcome.files_read and not outcome.dropped:
            self.stdout.write("The record is loaded already; no file has changed.")
            return
        self.stdout.write(
            f"Files read: {len(outcome.files_read)}. Rows added: {len(outcome.added)}, "
            f"updated: {len(outcome.updated)}, unchanged: {len(outcome.unchanged)}, "
            f"edited by staff and kept: {len(outcome.kept)}, "
            f"deleted by staff and not revived: {len(outcome.deleted)}, "
            f"no longer in the files and kept: {len(outcome.dropped)}, doubtful: {len(outcome.doubts)}."
        )
        for title, rows in (
            ("Edited by staff and kept", outcome.kept),
            ("Deleted by staff and not revived", outcome.deleted),
            ("No longer in the files and kept", outcome.dropped),
            ("Doubtful", outcome.doubts),
        ):
            for row in shortened(rows):
                self.stdout.write(f"{title}: {row}")
        if verbosity > 1:
            self.stdout.write(f"Nobody else could write for {outcome.seconds:.1f} seconds.")
