"""What is odd in a report: asked back once, and kept if it is confirmed (rule 10 of the record)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from faces.templatetags.dates import longdate
from record.personal import find_numbers

from ..models import Update

# The first plan began in this year.
FIRST_YEAR = 2012
# A report of today speaks of days not much before.
LONG_AGO = timedelta(days=90)

TEXTS = ("text_es", "next_es", "reason_es")
DATES = ("as_of", "done_on", "new_end_on", "letter_on")


# Codes of what is not odd everywhere: to speak of long ago, and to look like a telephone number.
SPEAKS_OF_LONG_AGO, TELEPHONE = "long_ago", "telephone"


@dataclass(frozen=True)
class Oddity:
    """One odd thing, in a field; `code` tells it from others, for whoever confirms it."""

    field: str
    code: str
    sentence: str

    @property
    def key(self):
        return f"{self.field}:{self.code}"


def oddities(said, milestone, before, today):
    """Return the Oddities of a report.

    `said` has what was typed by the names of the fields, `milestone` was read `with_state(today)`, `before`
    is the last published update on it or None. A correction speaks of the day, and in the words, of what it
    corrects: it has neither `before` nor `as_of`.
    """
    found = [*_of_progress(said), *_of_dates(said, milestone, before, today), *_of_texts(said, before)]
    return [Oddity(*each) for each in found]


def _of_progress(said):
    status, percent = said.get("status"), said.get("percent")
    is_complete = status == Update.Status.COMPLETE
    if is_complete and percent is not None and percent < 100:
        yield "percent", "below", _("It is complete, but at less than 100 %.")
    if status and not is_complete and percent == 100:
        yield "percent", "above", _("It is at 100 %, but not complete.")
    if said.get("done_on") and status and not is_complete:
        yield "done_on", "not_complete", _("It says when it was done, but not that it is complete.")


def _of_dates(said, milestone, before, today):
    for name in DATES:
        if said.get(name) and said[name].year < FIRST_YEAR:
            year = {"year": said[name].year, "first": FIRST_YEAR}
            yield name, "year", _("The year is %(year)s: the first plan began in %(first)s.") % year
    for name in ("done_on", "letter_on"):
        if said.get(name) and said[name] > today:
            yield name, "future", _("This day is still to come.")
    if said.get("done_on") and said.get("as_of") and said["as_of"] < said["done_on"] <= today:
        yield "done_on", "after", _("This day is after the day that the report speaks of.")
    if new_end := said.get("new_end_on"):
        last_end = milestone.current_ends_on
        if new_end < today:
            yield "new_end_on", "past", _("The new end is a day that is over.")
        if last_end and new_end < last_end:
            end = {"end": longdate(last_end)}
            yield "new_end_on", "earlier", _("The new end is before the last one, %(end)s.") % end
    if before and said.get("as_of") and said["as_of"] < before.as_of:
        day = {"day": longdate(before.as_of)}
        yield "as_of", "earlier", _("The last report speaks of a later day, %(day)s.") % day
    if said.get("as_of") and today - said["as_of"] > LONG_AGO:
        yield "as_of", SPEAKS_OF_LONG_AGO, _("This day is more than three months ago.")


def _of_texts(said, before):
    if before and said.get("text_es") and said["text_es"].casefold() == before.text_es.casefold():
        yield "text_es", "same", _("These are the same words as in the last report.")
    for name in TEXTS:
        if numbers := find_numbers(said.get(name) or ""):
            looks = _("This looks like a telephone number, and none may stand here: %(found)s.")
            yield name, TELEPHONE, looks % {"found": ", ".join(numbers)}
