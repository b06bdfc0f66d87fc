"""Find what staff read without asking whose it is: pages, forms and files of the admin.

A function there that names `Model.objects`, or another manager, names `visible_to` or `own_to` as well, or
stands below with the reason why it need not. `make lint` runs this.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What staff see: pages, forms, imports and exports.
PLACES = (
    *("*/admin.py", "*/admin/*.py", "*/resources.py", "*/reporting/*.py", "*/cards/*.py"),
    *("ogp_portal/missing.py", "ogp_portal/desk/*.py"),
)
MANAGERS = {"objects", "everything", "_default_manager", "_base_manager"}
DOORS = {"visible_to", "own_to", "given_to", "is_visible_to", "proposals_for"}
# {file: {function: why it starts from all rows}}.
EXCEPTIONS = {
    "commitments/admin/lists.py": {
        "of_entities": "a condition, that narrows rows which were asked for",
    },
    "commitments/admin/milestones.py": {
        "HandOverForm": "entities, which are public; only publishers get the form",
    },
    "commitments/reporting/reading.py": {
        "milestone_of": "one row, of which _visible() asks whether it may be seen",
        "update_of": "one row, of which _visible() asks whether it may be seen",
        "last_published": "what the public reads",
        "last_published_of": "what the public reads",
        "answering": "who answers for a milestone that milestone_of() found",
    },
    "commitments/reporting/views.py": {
        "update_in": "the update that this very form made",
        "begun_for": "the reason of an update that update_of() found",
    },
    "commitments/cards/acts.py": {
        "free_slug": "tells only whether an identifier is taken",
        "close_card": "the number of the last change of a card that acting() found",
        "_note": "the work on a card that acting() found",
        "work_of": "the work on a card that was asked for",
        "version_of_all": "tells numbers only",
    },
    "commitments/cards/filling.py": {
        "previous_of": "what the public reads",
        "last_words": "what the public reads",
        "leads_of": "what the public reads",
        "cards_wanted": "the commitments of a plan of which somebody opens a report",
    },
    "commitments/cards/reading.py": {
        "_cards": "narrowed by card_of() and drafted_card_of()",
    },
    "commitments/cards/views.py": {
        "Page.words_now": "the card that the page is of",
    },
    "commitments/admin/updates.py": {
        "PublishUpdate.form": "the reason that the author of the draft on the page gave",
    },
    "faces/admin/acts.py": {"parts_of": "tells numbers only, to whoever may publish all of it"},
    "faces/admin/comparing.py": {"shown": "rows that the form itself offered, or the log of it named"},
    "faces/admin/forms.py": {
        "RecordInline.is_of_public_row": "tells only whether a row on the page has a published line",
    },
    "faces/admin/history.py": {
        "History.history_view": "narrowed by of_history(), which asks readable()",
        "History.readable": "the condition itself",
        "History.told": "entries that history_view() found",
        "History.earlier": "narrowed by of_history()",
        "last_change_of": "tells a number only",
    },
    "faces/admin/importing.py": {
        "ImportExport.take": "what the user hands in, and what is as old that it goes",
        "ImportExport.uploads": "narrowed to who handed it in",
        "ImportExport.confirm": "the upload that uploads() found",
    },
    "faces/admin/pages.py": {
        "is_stale": "a condition, that narrows rows which were asked for",
    },
    "faces/admin/sending.py": {
        "SentOnce.get_deleted_objects": "tells numbers only, of rows that has_delete_permission() let go",
    },
    "faces/admin/versions.py": {
        "with_version": "tells numbers only, of rows that were asked for",
        "Sent.entry": "the entry that this very form made",
        "Sent.entry_of_other_words": "the entry that this very form made",
        "Sent.changes": "of rows that the sealed note of the form names",
        "as_it_was": "of rows that the sealed note of the form names",
    },
    "ogp_portal/desk/office.py": {
        "focal_points": "names of accounts, for the desk of the secretariat alone",
    },
    "faces/resources.py": {
        "RecordResource.taken_by_key": "tells only that a key is taken",
        "RecordResource.hold": "of rows that get_queryset() found",
    },
}


def unasked(path):
    """Yield (line, function) where a file names all rows of a model in a function that asks no door."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _in_block(tree, "", set())


def _in_block(node, name, doors):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            named = {each.id for each in ast.walk(child) if isinstance(each, ast.Name)}
            asked = doors | (named & DOORS if isinstance(child, ast.FunctionDef) else set())
            yield from _in_block(child, f"{name}.{child.name}".lstrip("."), asked)
            continue
        if isinstance(child, ast.Attribute) and child.attr in MANAGERS and not doors:
            yield child.lineno, name or "the module"
        yield from _in_block(child, name, doors)


def main(root=ROOT, exceptions=EXCEPTIONS):
    """Print what is found, and what is excepted for nothing; return the exit code."""
    faults = []
    for path in sorted({path for place in PLACES for path in root.glob(place)}):
        label = str(path.relative_to(root))
        excepted = exceptions.get(label, {})
        found = list(unasked(path))
        faults += [f"{label}:{line}: {name} asks nobody" for line, name in found if name not in excepted]
        unused = set(excepted) - {name for _line, name in found}
        faults += [f"{label}: {name} is excepted, and need not be" for name in sorted(unused)]
    print("\n".join(faults) or "Every page of staff asks whose rows they are.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
