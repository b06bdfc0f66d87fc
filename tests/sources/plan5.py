"""The V Open Government Action Plan: its list of commitments and its 13 commitment records.

The records are tables in three guises: cells between tabs, paragraphs below labels, cells with HTML tags.
"""

import re
from dataclasses import dataclass, field

from . import document, fold, strip_markup

SLUG = "v-plan-2023-2024"

LABELS = {
    "period": r"Period",
    "lead": r"Commitment leading entity",
    "heading": r"Commitment description|Descripción del compromiso|Information for commitment monitoring",
    "problem": r"What is the public problem that the commitment addresses\?",
    "description": r"What is the commitment\?",
    "contribution": r"How will the commitment contribute to solving the problem\?",
    "relevance": r"Why is the commitment relevant to Open Government principles\?",
    "stakeholders": r"Stakeholders involved",
    "programming": r"Commitment programming|Milestone activity",
    "final_product": r"Final products?",
    "outcome_indicator": r"Outcome indicators for (the )?commitment('s)? sustainability",
    "entity": r"Entity responsible for the commitment",
    "unit": r"Organizational unit responsible for monitoring the commitment"
    r"|Unidad orgánica responsable del seguimiento del compromiso",
    "footnote": r"\(\*\)",
}


@dataclass
class Record:
    number: int
    subject: str
    title: str
    rows: dict = field(default_factory=dict)
    milestones: list = field(default_factory=list)


def read_records():
    """Return the 13 commitment records, by number."""
    text = document(SLUG)
    text = text[text.index("~ Commitment records by subject") : text.index("\nGOOD PRACTICES\n")]
    parts = re.split(r"(?m)^N[°º](\d+)\. COMMITMENT RECORD –(.+)$", text)[1:]
    records = [
        read_record(int(number), fold(subject), lines)
        for number, subject, lines in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
    return {record.number: record for record in records}


def read_record(number, subject, text):
    """Return the record that a text between two headings holds."""
    title, *lines = [line for line in text.splitlines() if line.strip()]
    record = Record(number, subject, fold(title))
    row = None
    for line in lines:
        cells = [strip_markup(cell) for cell in line.split("\t")]
        label = label_of(cells[0])
        if label == "footnote":
            record.rows[label] = fold(line)
        elif label:
            row = label
            record.rows.setdefault(row, []).extend(cells[1:])
        elif row == "programming":
            record.milestones.append(tuple(fold(cell) for cell in cells))
        else:
            record.rows[row].extend(cells)
    record.rows = {
        row: "\n".join(cells) if isinstance(cells, list) else cells for row, cells in record.rows.items()
    }
    return record


def label_of(cell):
    """Return which row a cell is the label of, or None."""
    words = fold(cell)
    if words.startswith("(*)"):
        return "footnote"
    return next((row for row, pattern in LABELS.items() if re.fullmatch(pattern, words)), None)


def read_list():
    """Return {number: (subject, title, responsible entity)} of the list of commitments by subject."""
    text = document(SLUG)
    table = text[
        text.index("~ List of commitments by subject") : text.index("~ Commitment records by subject")
    ]
    found, subject = {}, ""
    for line in table.splitlines():
        cells = [fold(cell) for cell in line.split("\t")]
        if len(cells) == 3 and (item := re.match(r"(\d+)\. (.+)", cells[1])):
            subject = cells[0] or subject
            found[int(item.group(1))] = (subject, item.group(2), cells[2])
    return found
