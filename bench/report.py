"""Tables in Markdown, and where they stand in docs/performance.md."""

import re
from datetime import date

from .serving import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"


def mark(value, most=None, least=None, digits=0):
    """Return a figure with what was wanted beside it, and whether that is reached; None is not reached."""
    figure = "" if value is None else f"{value:,.{digits}f}"
    limits = [(sign, limit) for sign, limit in (("≤", most), ("≥", least)) if limit is not None]
    if not limits:
        return figure
    sign, limit = limits[0]
    is_reached = value is not None and (value <= limit if sign == "≤" else value >= limit)
    return f"{figure} ({sign} {limit:g}) {'✓' if is_reached else '✗'}".strip()


def table(head, lines):
    """Return a table in Markdown."""
    rows = [head, ["---"] * len(head), *([*line, *[""] * (len(head) - len(line))] for line in lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def placed(document, name, text):
    """Return a document with a text between the comments that name its place."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    found, changes = re.subn(
        rf"({re.escape(begin)}).*?({re.escape(end)})",
        lambda marks: f"{marks[1]}\n\n{text}\n\n{marks[2]}",
        document,
        flags=re.DOTALL,
    )
    if changes != 1:
        raise ValueError(f"{begin} and {end} must stand in the document once")
    return found


def write(name, text):
    """Put a text with the day of today into docs/performance.md."""
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(placed(document, name, f"{date.today():%Y-%m-%d}. {text}"), encoding="utf-8")
