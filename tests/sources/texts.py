"""The running text of the documents: their sections, recommendations, conclusions and glossary."""

import re
from functools import cache

from . import EMAIL, document, fold, fold_list, strip_markup
from .cards import DOCUMENTS, END_TERM, MID_TERM

# What a text processor leaves behind: marks of places and figures, rules, list signs and drawings.
REMAINS = re.compile(r"\[(?:bookmark|image):[^\]]*\]|_{5,}|[🕒⌚~]|(?m:^– )")
# How a title or an item begins that the record has without its number.
ITEM_MARK = re.compile(r"^(?:(?:Commitment|Compromiso) )?(?:\d+[.:]|[a-z]\)) ")
FOOTNOTE = re.compile(r"\[footnoteRef:(\d+)\](.*?)\[\1:(.*?)\]", re.DOTALL)
# The mid-term report has its only footnote of running text below a rule, and its number behind a word.
FOOTNOTE_BELOW_RULE = re.compile(r"(process)1(,.*?)\n_{5,}\n(.*?)\n\n", re.DOTALL)
TELEPHONE = re.compile(r"\(51-1\) \d{7}")
OMISSION = re.compile(r"\[(?:correo|teléfono|e-mail|telephone) (?:omitido|omitted)\]")
HEADINGS_OF_RECOMMENDATIONS = (
    "General Recommendations",
    "Preparation of the Action Plan",
    "Monitoring of implementation",
    "Autonomous Government Entity",
)


def letters(text):
    """Return a text of a document or of the record so that the same words are the same string.

    White space is folded; cells and list items have no marks; what the record omits on purpose, e-mails and
    telephones, is omitted in both.
    """
    text = TELEPHONE.sub("[…]", EMAIL.sub("[…]", OMISSION.sub("[…]", text)))
    return fold_list(strip_markup(text.replace("|", " ")))


@cache
def running_text(slug):
    """Return the text of a document, line by line, with its footnotes in brackets at their place."""
    text = FOOTNOTE.sub(lambda found: f" [{fold(found[3])}]{found[2]}", document(slug))
    text = FOOTNOTE_BELOW_RULE.sub(lambda found: f"{found[1]} [{fold(found[3])}]{found[2]}\n", text)
    return REMAINS.sub("", text)


@cache
def folded(slug):
    """Return the running text of a document as one line of `letters`."""
    return letters(running_text(slug))


def between(slug, start, end):
    """Return the running text of a document from the line with one text to that with another."""
    text = running_text(slug)
    start = re.search(rf"(?m)^.*{re.escape(start)}.*$", text).end()
    return text[start : re.compile(rf"(?m)^.*{re.escape(end)}.*$").search(text, start).start()]


def paragraphs(text):
    """Return the lines of a text that have words, folded."""
    return [letters(line) for line in text.splitlines() if letters(line)]


def read_cells(slug, without_tables=(), without_rows=()):
    """Return the paragraphs of a whole document and the cells of its tables, in their order.

    A paragraph that a page cuts is two. Tables are left out by how their first line begins, up to an empty
    line; rows by the text of their first cell.
    """
    text = running_text(slug)
    for header in without_tables:
        text = re.sub(rf"(?m)^{re.escape(header)}\t.*(?:\n.+)*", "", text)
    for label in without_rows:
        text = re.sub(rf"(?m)^(?:<p>)?{re.escape(label)}(?:</p>)?\t.*", "", text)
    return [cell for cell in map(letters, re.split(r"\n|\t", text)) if cell]


def read_recommendations():
    """Return (text, answer) of each recommendation on plan I in section 3 of the mid-term report.

    A bullet is a recommendation; under a heading without bullets it is the first paragraph, or the heading
    itself where there is but one paragraph, the answer.
    """
    section = between(
        DOCUMENTS[MID_TERM], "Recommendations of the independent review", "4. Implementation of the"
    )
    lines = [line for line in section.splitlines() if line.strip()]
    found, heading = [], None
    for line in lines:
        words = letters(line)
        if words in HEADINGS_OF_RECOMMENDATIONS:
            heading = words
            found.append([heading])
        elif line.lstrip().startswith("·"):
            found.append([heading, words])
        elif heading:
            found[-1].append(words)
    recommendations = []
    for heading, *parts in found:
        if parts:  # otherwise bullets follow
            text, *answer = parts if len(parts) > 1 else [heading, *parts]
            recommendations.append((text, " ".join(answer)))
    return recommendations


def read_recommendations_again():
    """Return section 3 of the end-term report, which tells some of these recommendations in Spanish."""
    return letters(
        between(DOCUMENTS[END_TERM], "Incorporación de las recomendaciones del", "4. Cumplimiento de la")
    )


def read_conclusions():
    """Return {letter: text} of the conclusions and recommendations of the end-term report's section 5."""
    section = between(DOCUMENTS[END_TERM], "5. Conclusiones", "A continuación se presenta")
    parts = re.split(r"(?m)^([a-z])\) ", section)[1:]
    # A table, whose cells begin with a tab, ends the text.
    texts = [letters(re.split(r"(?m)^\t", part)[0]) for part in parts[1::2]]
    return dict(zip(parts[::2], texts, strict=True))


def read_glossary():
    """Return [(term, definition)] of the end-term report's glossary."""
    rows = between(DOCUMENTS[END_TERM], "Glosario", "1. Introducción")
    return [tuple(map(fold, row.split("\t"))) for row in rows.splitlines() if row.strip()]


def read_acronyms():
    """Return the acronyms that plan V explains in its text, as it has no list of them."""
    text = folded("v-plan-2023-2024")
    return set(re.findall(r"(\b[A-Z][\w/]+)[)”]*,? by its acronym", text))


def read_column(header, column):
    """Return the cells of a column of plan V's tables with a header; blank ones are left out."""
    tables = re.findall(rf"(?m)^{re.escape(header)}\t.*((?:\n.+)*)", running_text("v-plan-2023-2024"))
    rows = [line.split("\t") for table in tables for line in table.splitlines()]
    return [letters(row[column]) for row in rows if len(row) > column and letters(row[column])]
