"""Look at a spreadsheet that was handed in, or write it: the portal starts this itself."""

from django.core.management.base import BaseCommand

from faces.importing.running import run_in_turn


class Command(BaseCommand):
    help = "Look at a spreadsheet that was handed in, or write it; the portal starts this itself."

    def add_arguments(self, parser):
        parser.add_argument("key", help="the key of the upload")

    def handle(self, key, **options):
        run_in_turn(key)
