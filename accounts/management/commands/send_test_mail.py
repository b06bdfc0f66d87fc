"""Try the mail settings."""

import smtplib

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import mail


class Command(BaseCommand):
    help = "Send a mail to an address, and say what the mail server answers."

    def add_arguments(self, parser):
        parser.add_argument("address")

    def handle(self, address, **options):
        if not mail.is_set_up():
            raise CommandError("EMAIL_URL is not set: the portal sends no mail. See .env.example.")
        try:
            mail.message(address, "test", {"sender": settings.DEFAULT_FROM_EMAIL}).send()
        except (OSError, smtplib.SMTPException) as fault:
            raise CommandError(f"The mail server did not take it: {fault}") from fault
        self.stdout.write(f"The mail server took a mail for {address} from {settings.DEFAULT_FROM_EMAIL}.")
