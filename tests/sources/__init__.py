"""The source documents, read mechanically, so that the record can be compared with them.

They are no part of the project: the variable OGP_SOURCES_DIR names the folder they lie in. A document is
known by its words, not by the name of its file, and goes by the slug that the record gives it.
"""

import os
import re
from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path

VARIABLE = "OGP_SOURCES_DIR"

# Words that one document has and no other, for each document of the record that can be compared.
MARKS = {
    "self-assessment-mid-term-2016": (
        "Implementation of the National Action Plan commitments",
        "Uninitiated",
    ),
    "self-assessment-end-term-2017": ("Evaluación Intermedia", "Nombre de la persona  responsable"),
    "irm-implementation-page-2017-2019": ("Table 1. At a glance", "Type of report: Implementation"),
    "v-plan-2023-2024": ("V Open Government Action Plan", "COMMITMENT RECORD"),
    "ogp-member-page": ("Current Action Plan", "PE0104, 2019"),
}

# Documents of which only the beginning of a page was seen, on 25 November 2026, or the title on another page:
# no text of the folder is one of them.
SEEN_LATER = {
    "plan-6-notiperu-2026",
    "plan-6-el-portavoz",
    "ogp-member-page-2026",
    "irm-results-report-2019-2022",
    "irm-design-report-2019-2021",
    "irm-design-report-2017-2019",
    "self-assessment-mid-term-2020-2022",
    "norm-206-2019-pcm",
}
TITLE_SEEN_LATER = {
    "irm-action-plan-review-2023-2025-public-comment",
    "irm-results-report-2019-2022-public-comment",
}

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"(?:https?://|www\.)\S+")


@cache
def document(slug):
    """Return the text of a document; raise LookupError unless exactly one file of the folder is it."""
    folder = Path(os.environ[VARIABLE])
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    found = [text for text in texts if all(mark in text for mark in MARKS[slug])]
    if len(found) != 1:
        raise LookupError(f"{len(found)} files of {folder} have the words of {slug}")
    return found[0]


def fold(text):
    """Return a text with its white space folded, and without the joints that stand for a table's cells."""
    return " ".join(text.replace(" | ", " ").split())


def fold_list(text):
    """Return a folded text without the marks of its list items: a dot, a dash, a bullet."""
    return fold(re.sub(r"(?m)^\s*[-•·]\s+|•", " ", text))


def strip_markup(text):
    """Return a text without the tags that its tables have; list items and paragraphs start a line."""
    return re.sub(r"<[^>]*>", "\n", text.replace("•", "\n• ").replace("**", ""))


def urls(text):
    """Return the addresses that a text prints, without the punctuation that follows them."""
    return {_trim(match.group()) for match in URL.finditer(text)}


def _trim(address):
    while address[-1] in ".,;:" or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
    return address


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS_ES = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic"]


def last_day(printed):
    """Return the last day of what is printed: 'June 2017', 'Jun. 2017 (2)', 'octubre de 2016', '2015'."""
    month, year = re.match(r"(?:([a-z]{3})[a-z]*[.,]? (?:de )?)?(\d{4})", printed.lower()).groups()
    number = 12 if month is None else (MONTHS if month in MONTHS else MONTHS_ES).index(month) + 1
    return date(int(year), number, monthrange(int(year), number)[1])
