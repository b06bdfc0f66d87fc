"""Write to people what is due, returned, published or waiting; for cron, once a day."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import mail
from accounts.models import MailKind
from ogp_portal.reminding import finding, sending
from record.dates import today


class Command(BaseCommand):
    help = "Send reminders to focal points, and to SGP the digest of the week. Nobody is told anything twice."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say who would get what; send nothing")
        parser.add_argument("--to", metavar="ADDRESS", help="send all there instead; keep nothing")
        parser.add_argument("--only", choices=MailKind.values, help="send this kind only")
        parser.add_argument("--limit", type=int, metavar="N", help="send so many mails at most")

    def handle(self, *, dry_run, to, only, limit, **options):
        if limit is not None and limit < 1:
            raise CommandError("--limit is 1 or more.")
        if not dry_run:
            if not mail.is_set_up():
                # Cron goes on asking; the portal does without.
                return self.stderr.write("EMAIL_URL is not set: no mail is sent. See .env.example.")
            if not settings.PORTAL_ADDRESS:
                raise CommandError("PORTAL_ADDRESS is not set: links in mails need it. See .env.example.")
        kinds = [MailKind(only)] if only else list(MailKind)
        letters = sending.open_letters(finding.notices(today(), kinds))[:limit]
        if dry_run:
            return self.tell(letters)
        if to:
            return self.report(sending.send_trial(letters, to))
        if given_up := sending.tidy():
            self.stderr.write(
                f"{given_up} notices were being sent when an earlier run was killed: perhaps they arrived, "
                "and they are not sent again."
            )
        self.report(sending.send(letters))

    def tell(self, letters):
        """Print who would get what."""
        for letter in letters:
            self.stdout.write(letter.user.email)
            for notice in letter.notices:
                self.stdout.write(f"    {notice.kind} {notice.what} {notice.on}")
        self.stdout.write(f"{len(letters)} mails would be sent.")

    def report(self, run):
        """Print what became of a run; raise CommandError where something was not sent. No address is told."""
        self.stdout.write(f"Mails sent: {run.sent}.")
        for account, state, fault in run.faults:
            end = "perhaps sent, not tried again" if state == "unknown" else "not sent, tried again next time"
            self.stderr.write(f"Account {account}: {fault}; {end}.")
        if run.left:
            self.stderr.write(f"The mail server is not there; mails left for the next time: {run.left}.")
        if run.faults:
            raise CommandError(f"Mails that were not sent: {len(run.faults) + run.left}.")
