"""How the pages write a section of a document, with its lists and tables."""

from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import normalize_newlines

from faces.languages import lang_attribute, language_words

register = template.Library()


@register.simple_tag
def structured(value, label=""):
    """Write a section of a document with its lists and tables, whose cells the record divides by |.

    `label` names the tables for whoever cannot see them.
    """
    if not value:
        return ""
    lang = lang_attribute(value.lang)
    notes = language_words(value)
    return format_html('<div class="prose structured"{}>{}</div>{}', lang, blocks(value, label), notes)


def blocks(value, label):
    """Write each paragraph of a text as what it is, a table, a list or words; each table has its own name."""
    written, tables = [], 0
    for part in normalize_newlines(value).split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for kind, group in groupby(lines, key=kind_of_line):
            tables += kind == "table"
            name = f"{label} ({tables})" if tables > 1 else label
            written.append(BLOCKS[kind](list(group), name))
    return mark_safe("".join(written))


def kind_of_line(line):
    if line.count(" | ") or line.endswith(" |"):
        return "table"
    return "list" if line.startswith(BULLET) else "words"


def write_table(lines, label):
    """Write lines of cells as a table: pairs have their head in front, wider ones in the first line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    head = ""
    if width > 2:
        cells = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in rows.pop(0)))
        head = format_html("<thead><tr>{}</tr></thead>", cells)
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row[0], format_html_join("", "<td>{}</td>", ((cell,) for cell in row[1:]))) for row in rows),
    )
    table = format_html("<table>{}<tbody>{}</tbody></table>", head, body)
    return format_html(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, table
    )


def write_list(lines, label):
    items = format_html_join("", "<li>{}</li>", ((line.removeprefix(BULLET).strip(),) for line in lines))
    return format_html("<ul>{}</ul>", items)


def write_words(lines, label):
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)))


BULLET = "•"


BLOCKS = {"table": write_table, "list": write_list, "words": write_words}
