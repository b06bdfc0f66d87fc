"""The two self-assessment reports of plan II: their compliance cards and their tables.

They come as flattened word-processor tables: a cell starts with a tab at the start of a line and goes on up
to the next one.
"""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from . import EMAIL, document, fold

MID_TERM, END_TERM = "2-mid-term-self-assessment", "2-end-term-self-assessment"
DOCUMENTS = {MID_TERM: "self-assessment-mid-term-2016", END_TERM: "self-assessment-end-term-2017"}

LEVELS = {
    "uninitiated": "not_started",
    "limited": "limited",
    "substantial": "substantial",
    "complete": "complete",
    "no iniciado": "not_started",
    "limitado": "limited",
    "sustancial": "substantial",
    "completo": "complete",
}
SCALE = ["not_started", "limited", "substantial", "complete"]

# What the label of a row is in either report; in lower case, white space folded.
LABELS = {
    "responsible": r"secretariat/ministry in charge|secretaría/ministerio responsable",
    "official_name": r"name of the person in charge|nombre de la persona responsable",
    "official_position": r"position|puesto",
    "email": r"e-?mail|correo electrónico",
    "telephone": r"telephone|teléfono",
    "other parties": r"other parties involved|otros actores involucrados",
    "other_government": r"government|gobierno",
    "other_civil_society": r"civil society, private initiative, multilateral or work groups"
    r"|sociedad civil, iniciativa privada, grupos de trabajo o multilaterales",
    "problem": r"status quo or problem ?/ challenge to be attended"
    r"|status quo o problema/ desafío que será atendido",
    "objective": r"main objective|objetivo principal",
    "description": r"brief description of (the )?(commitment|agreement)|breve descripción del compromiso",
    "relevance": r"relevance|relevancia",
    "ambition": r"ambition|ambición",
    "compliance": r"compliance|cumplimiento",
    "results": r"result description|description of the results|descripción de los resultados",
    "new_end_as_printed": r"end date|conclusion( date)?",
    "next_steps": r"next steps?",
    "additional_information": r"additional information|información adicional",
}
# Rows that are no column of the record: headings, the level, and what stays private.
NO_COLUMN = {"email", "telephone", "other parties", "compliance"}

COMPONENT = re.compile(r"componente?: *(.+)", re.IGNORECASE)
TITLE = re.compile(r"(?:Commitment|Compromiso) (\d+)[.:] (.+)")
EMPTY_LINES = re.compile(r"\n[ \t]*\n[ \t]*\n")


@dataclass
class Card:
    number: int
    title: str
    component: str
    level: str = ""
    level_as_printed: str = ""
    rows: dict = field(default_factory=dict)
    contacts: list = field(default_factory=list)
    cells: dict = field(default_factory=dict)

    @property
    def text(self):
        """Everything that the card prints, but for e-mails and telephones."""
        return "\n".join(self.rows.values())

    def numbered(self, row="results", mark=r"(\d+)\."):
        """Return (number, text) of the items of a row; bullets are numbered as they come."""
        starts = list(re.finditer(rf"(?m)^[ \t]*{mark}[ \t]+(?=\S)", self.rows[row]))
        ends = [start.start() for start in starts[1:]]
        return [
            (int(start.group(1)) if start.groups() else order, fold(self.rows[row][start.end() : end]))
            for order, (start, end) in enumerate(zip_longest(starts, ends), start=1)
        ]

    def table(self):
        """Return the rows (activity, percent, date, progress) of the table that the results have, if any."""
        cells = [fold(_cut(cell)[0]) for cell in self.cells["results"]]
        if not any(cell.lower() == "activity" for cell in cells[:2]):
            return []
        return [
            tuple(cells[place : place + 4]) for place, cell in enumerate(cells) if re.match(r"\d+\. ", cell)
        ]


def split_cells(text):
    """Return the cells of a text, the words before the first one left out."""
    return re.split(r"(?m)^\t", text)[1:]


def label_of(cell):
    """Return which row a cell is the label of, or None."""
    words = fold(_cut(cell.lstrip())[0]).lower()
    return next((row for row, pattern in LABELS.items() if re.fullmatch(pattern, words)), None)


def _cut(cell):
    """Return a cell up to its first empty lines, where a table ends, and the running text after them."""
    text, *rest = EMPTY_LINES.split(cell, maxsplit=1)
    return text, "".join(rest).strip()


def read_cards(report):
    """Return the cards of a report, by the number of their commitment."""
    cells = split_cells(document(DOCUMENTS[report]))
    starts = [place for place, cell in enumerate(cells) if COMPONENT.fullmatch(fold(cell))]
    ends = [*starts[1:], len(cells)]
    cards = [read_card(cells[start:end]) for start, end in zip(starts, ends, strict=True)]
    return {card.number: card for card in cards}


def read_card(cells):
    """Return the card that starts at the first of some cells."""
    component = COMPONENT.fullmatch(fold(cells[0])).group(1)
    number, title = TITLE.fullmatch(fold(cells[1])).groups()
    card = Card(int(number), title, component)
    row, running_text = None, ""
    for cell in cells[2:]:
        if label := label_of(cell):
            assert label not in card.cells
            row, values = label, card.cells.setdefault(label, [])
        else:
            values.append(cell)
        if row == "additional_information":
            # The last row: what follows its one value, or its label if it has none, is the report's text.
            text, running_text = _cut(cell if values else cell.lstrip())
            values[:] = [text] if values else []
            if values or running_text:
                break
    _mend_missing_label(card)
    _read_level(card)
    for row, values in card.cells.items():
        text = "\n".join(value.strip() for value in values if value.strip())
        if row in ("email", "telephone"):
            card.contacts.append(text)
        elif row not in NO_COLUMN:
            card.rows[row] = text
    card.rows["results"] = _move_footnotes(card.rows["results"]) + _footnote(running_text)
    return card


def _mend_missing_label(card):
    # The end-term card 12 leaves the label "Puesto" blank: its two cells follow those of the name.
    name = card.cells["official_name"]
    if len(name) == 3 and not name[1].strip():
        card.cells["official_name"], card.cells["official_position"] = name[:1], name[2:]


def _footnote(running_text):
    """Return the footnote that follows a card below a rule, if one does."""
    rule, _, footnote = running_text.partition("\n")
    return f"\n{footnote}" if re.fullmatch(r"_+", rule) else ""


def _move_footnotes(text):
    """Move the footnotes that stand inside a text to its end, a number in their place."""
    pattern = r"\[footnoteRef:(\d+)\] \[\1:(.*?)\n\]"
    notes = [f"\n[{number}] {note}" for number, note in re.findall(pattern, text, flags=re.DOTALL)]
    return re.sub(pattern, r"[\1]", text, flags=re.DOTALL) + "".join(notes)


def _read_level(card):
    """Read the level off the X's place: the first cell is the merged label's, the next four are the scale."""
    headers = [fold(cell) for cell in card.cells["compliance"][:4]]
    marks = [fold(cell) for cell in card.cells["compliance"][4:]]
    assert [LEVELS[header.lower()] for header in headers] == SCALE
    assert len(marks) == 5 and sorted(marks) == ["", "", "", "", "X"] and marks[0] == ""
    card.level_as_printed = headers[marks.index("X") - 1]
    card.level = LEVELS[card.level_as_printed.lower()]


def read_table(report):
    """Return {number: (title, [levels])} of the mid-term's summary table or the end-term's comparison."""
    cells = [fold(cell) for cell in split_cells(document(DOCUMENTS[report]))]
    columns = 1 if report == MID_TERM else 2
    return {
        int(cell[:-1]): (
            cells[place + 1],
            [LEVELS[level.lower()] for level in cells[place + 2 : place + 2 + columns]],
        )
        for place, cell in enumerate(cells)
        if re.fullmatch(r"\d+\.", cell)
    }


def read_summary_totals():
    """Return {level: number} of the mid-term report's last table, with 'total'."""
    cells = [fold(cell).lower() for cell in split_cells(document(DOCUMENTS[MID_TERM]))]
    rows = cells[cells.index("number") + 1 :]
    return {LEVELS.get(rows[place], rows[place]): int(rows[place + 1]) for place in range(0, 10, 2)}


def read_matrix():
    """Return the rows (label, four levels, total) of the end-term report's matrix, as printed."""
    cells = [fold(_cut(cell)[0]) for cell in split_cells(document(DOCUMENTS[END_TERM]))]
    start = cells.index("Compromisos")
    assert [LEVELS[cell.lower()] for cell in cells[start + 1 : start + 5]] == SCALE
    rows = [cells[place : place + 6] for place in range(start + 6, start + 6 + 6 * 6, 6)]
    return [(label, levels, total) for label, *levels, total in rows]


def read_contacts():
    """Return the e-mails and the telephone numbers that the cards of both reports print."""
    cards = [card for report in DOCUMENTS for card in read_cards(report).values()]
    numbers = {
        number
        for card in cards
        for text in card.contacts
        for number in re.findall(r"\d[\d -]{5,}\d", re.sub(r"51-1-|\(511\)", " ", text))
    }
    emails = {email for report in DOCUMENTS for email in EMAIL.findall(document(DOCUMENTS[report]))}
    return emails, {re.sub(r"\D", "", number) for number in numbers}
