"""Which links of evidence are visited, how many at a time, and what is noted of them."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from record.models import Version
from record.writing import unsealed

from .models import Evidence, LinkCheck
from .visiting import visit

AT_ONCE = 4
# Seconds between two visits to one host.
PAUSE = 1
# So many hosts at least, and none of them answers: then it is our own network that fails.
TELLING_HOSTS = 3
NOTED = ("url", "checked_at", "responds", "status", "fault", "good_at", "failing_since")
NO_NETWORK = (LinkCheck.Fault.NO_NAME, LinkCheck.Fault.NO_CONNECTION, LinkCheck.Fault.TOO_SLOW)


class NothingAnswers(Exception):
    """No host at all answered: nothing is known of the links, and nothing is noted."""


def links_to_visit(most, codes=()):
    """Return the public evidence whose links are visited next: never visited first, then the longest ago.

    At most so many, None for any number; `codes` names those that are asked for.
    """
    rows = Evidence.objects.published().exclude(url="").select_related("link_check")
    if codes:
        rows = rows.filter(code__in=codes)
    return list(rows.order_by(F("link_check__checked_at").asc(nulls_first=True), "pk")[:most])


def visit_all(rows, visit=visit, pause=PAUSE):
    """Return {link: Visit} of some evidence, each link once, and of one host one after the other.

    Raises NothingAnswers.
    """
    by_host = {}
    for link in dict.fromkeys(row.href for row in rows):
        by_host.setdefault(_host_of(link), []).append(link)

    def visit_host(links):
        found = []
        for number, link in enumerate(links):
            time.sleep(pause if number else 0)
            found.append((link, visit(link)))
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        visits = dict(chain.from_iterable(pool.map(visit_host, by_host.values())))
    asked = [each for each in visits.values() if each.fault != LinkCheck.Fault.NOT_VISITED]
    if len(by_host) >= TELLING_HOSTS and asked and all(each.fault in NO_NETWORK for each in asked):
        raise NothingAnswers
    return visits


def _host_of(link):
    try:
        return urlsplit(link).netloc.lower()
    except ValueError:
        return ""


def note(rows, visits, at=None):
    """Note what came of the visits, {link: Visit}; what readers see of it is made anew, once."""
    at = at or now()
    with transaction.atomic():
        # Drafts are deleted while links are visited.
        there = set(Evidence.everything.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        checks = []
        for row in rows:
            if row.pk in there:
                check = getattr(row, "link_check", None) or LinkCheck(evidence=row)
                check.note(row.url, visits[row.href], at)
                # What decides whether there is one already is the evidence.
                check.pk = None
                checks.append(check)
        # Two who visit at once note the same.
        LinkCheck.objects.bulk_create(
            checks, update_conflicts=True, unique_fields=["evidence"], update_fields=NOTED
        )
        if checks:
            # It is no word of the record, and stands on its pages all the same.
            with unsealed():
                Version.renew()
    return checks
