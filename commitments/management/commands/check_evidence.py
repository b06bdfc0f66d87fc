"""Visit the links of evidence, and note which of them respond."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from commitments.link_checks import NothingAnswers, links_to_visit, note, visit_all
from commitments.models import LinkCheck

MOST = 200


class Command(BaseCommand):
    help = (
        "Visits the links of public evidence, those first that were visited longest ago, and notes which "
        "respond. Once a day is enough: pages say that a link is gone when it failed on two days."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=MOST, help=f"how many at most (default {MOST})")
        parser.add_argument(
            "--only", nargs="+", metavar="CODE", default=(), help="only the evidence with these codes"
        )
        parser.add_argument("--dry-run", action="store_true", help="visit, tell, and note nothing")

    def handle(self, *args, limit, only, dry_run, **options):
        if limit < 1:
            raise CommandError("--limit is 1 or more.")
        rows = links_to_visit(None if only else limit, only)
        if unknown := set(only) - {row.code for row in rows}:
            raise CommandError(f"No public evidence with a link is called {', '.join(sorted(unknown))}.")
        try:
            visits = visit_all(rows)
        except NothingAnswers as error:
            raise CommandError(
                "No host answered: this machine may have no network. Nothing was noted."
            ) from error
        for row in rows:
            found = visits[row.href]
            if found.fault:
                self.stdout.write(f"{row.code}: {found.fault} {found.status or ''} {row.href}".rstrip())
        if not dry_run:
            note(rows, visits)
        counts = Counter(visits[row.href].fault for row in rows)
        good = counts.pop("", 0)
        untold = sum(counts[fault] for fault in LinkCheck.UNTOLD)
        self.stdout.write(
            f"Visited: {len(rows)}. Respond: {good}. Do not: {counts.total() - untold}. Untold: {untold}."
        )
