"""Mail of the portal: in Spanish, then in English; where no mail server is named, nothing is sent."""

import logging
import smtplib
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

logger = logging.getLogger(__name__)

LANGUAGES = ("es", "en")
LINE = "\n\n" + 40 * "-" + "\n\n"


def is_set_up():
    """Tell whether the portal can send mail (EMAIL_URL of the environment)."""
    return bool(settings.EMAIL_URL)


def message(to, template, context, headers=None):
    """Return a mail to an address: `accounts/mail/<template>.txt` of which the first line is the subject."""
    texts = []
    for language in LANGUAGES:
        with override(language):
            texts.append(render_to_string(f"accounts/mail/{template}.txt", context).strip())
    subjects, bodies = zip(*(text.split("\n", 1) for text in texts), strict=True)
    subject = " / ".join(each.strip() for each in subjects)
    body = LINE.join(body.strip() for body in bodies) + "\n"
    return EmailMessage(subject, body, to=[to], headers=headers)


def send(mail):
    """Send a mail; return whether the server took it. Why it did not stands in the log of the process."""
    if not is_set_up():
        return False
    try:
        return bool(mail.send())
    except (OSError, smtplib.SMTPException):
        logger.exception("The mail server does not take our mail")
        return False


def send_later(mail):
    """Send a mail beside the request, which then takes as long whether there is a mail to send or not."""
    thread = Thread(target=send, args=[mail], name="mail")
    thread.start()
    return thread
