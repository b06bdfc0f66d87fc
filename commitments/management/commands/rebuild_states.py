"""Make the states of milestones and commitments anew, or say where they are not what the rows say."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commitments.deriving import differences, refresh


class Command(BaseCommand):
    help = "Makes the states of milestones and commitments anew from the rows of the record."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where they are not what the rows say"
        )

    def handle(self, *args, check, **options):
        if not check:
            with transaction.atomic():
                self.stdout.write(f"States written or taken away: {refresh()}.")
            return
        wrong, missing = differences()
        if wrong or missing:
            lines = [f"Stored and wrong: {row}" for row in wrong] + [f"Not stored: {row}" for row in missing]
            raise CommandError("\n".join([*lines, "Make them anew: manage.py rebuild_states"]))
        self.stdout.write("The states are what the rows say.")
