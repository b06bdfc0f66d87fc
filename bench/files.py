"""Make a large record to try the portal with: `python -m bench.files FOLDER [COMMITMENTS]`.

It has the shape of `fixtures/`, over and over: each copy has five more plans with as many reports,
milestones, updates and cards, and texts of the same length. All words in it are made up. The same arguments
always make the same files, and a manifest beside them; they need an empty database.
"""

import hashlib
import os
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
# What the action plans of all members of the OGP held together is of this size.
COMMITMENTS = 1927
# Rows that are there once, whatever the number of plans.
SHARED = ("record.document", "entities.entity", "entities.entityname", "commitments.policyarea", "plans.term")
# What names a row of a plan, and so moves with its number.
OF_PLANS = ("slug", "code", "report", "theme", "commitment", "milestone", "update", "assessment")
OF_PLANS += ("recommendation", "recommendations", "corrects")
# What names a row that is there once.
OF_SHARED = {
    "entity": ("entity", "parent", "succeeded_by", "coordinator"),
    "document": ("document", "work"),
    "area": ("policy_areas",),
}
# Words that are codes, or that a level is read from.
CODES = (
    "kind",
    "role",
    "status",
    "level",
    "level_as_printed",
    "language",
    "author",
    "stage",
    "coverage",
    "measure",
)
CODES += ("scale", "value", "workflow", "unofficial", "card_form", "delay_reason_from")
SYLLABLES = [first + vowel for first in "bdfglmnprstv" for vowel in "aeiou"]


def words(seed, length):
    """Return made-up words of about a length, always the same for a seed."""
    found, number = f"Sintético {seed}", int(hashlib.sha256(seed.encode()).hexdigest(), 16)
    while len(found) < length - 5:
        number = (number * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        first, second = divmod(number >> 40, len(SYLLABLES))
        found += f" {SYLLABLES[first % len(SYLLABLES)]}{SYLLABLES[second]}"
    return found


class Generator:
    """Makes copies of rows; `real` has the rows of the real record by model."""

    def __init__(self, real):
        self.real = real
        self.names = {
            "entity": self._numbered("entities.entity", "entity"),
            "document": self._numbered("record.document", "document"),
            "area": self._numbered("commitments.policyarea", "area"),
        }

    def _numbered(self, model, word):
        return {row["slug"]: f"{word}-{place}" for place, row in enumerate(self.real[model], 1)}

    def rows(self, model, copy, dropped=()):
        """Return the rows of a model for one copy, without those of the commitments that are dropped."""
        found = [
            {column: self._value(model, copy, place, column, value) for column, value in row.items()}
            for place, row in enumerate(self.real[model], 1)
            if commitment_of(model, row) not in dropped
        ]
        for row in found:
            if quoted := row.get("delay_reason_from"):
                row["delay_reason"] = row[quoted]
        return found

    def _value(self, model, copy, place, column, value):
        if value is None or column in CODES:
            return value
        if isinstance(value, list):
            return [self._value(model, copy, place, column, each) for each in value]
        if column == "slug" and model in SHARED:
            kind = {
                "entities.entity": "entity",
                "record.document": "document",
                "commitments.policyarea": "area",
            }
            return self.names[kind[model]][value] if model in kind else f"term-{place}"
        for kind, columns in OF_SHARED.items():
            if column in columns:
                return self.names[kind][value]
        if column == "plan" or (model, column) == ("plans.plan", "number"):
            return value + copy * len(self.real["plans.plan"])
        if column in OF_PLANS:
            return self._moved(value, copy)
        if not isinstance(value, str) or not value:
            return value
        if column == "ogp_id":
            return f"SY{copy:02}{value[2:]}"
        if column in ("url", "website"):
            return f"https://example.org/{copy}/{place}"
        seed = f"{copy}.{place}"
        return f"p. {seed}" if column == "place" else words(seed, len(value))

    def _moved(self, name, copy):
        """Return the identifier of a row of a plan as it is in a copy."""
        plans = len(self.real["plans.plan"])
        if name[0].isdigit():
            return re.sub(r"(^|:)(\d+)", lambda found: f"{found[1]}{int(found[2]) + copy * plans}", name)
        return f"{name}-{copy}"


def read():
    """Return the rows of the real record by model, those that others name first."""
    real = {}
    for path in sorted((ROOT / "fixtures").glob("[0-9]*.yaml")):
        for model, rows in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            real.setdefault(model, []).extend(rows)
    return real


def commitment_of(model, row):
    """Return the (plan, number) of the commitment that a row is of, or None."""
    if model == "commitments.commitment":
        return row["plan"], row["number"]
    names = (row.get(column) for column in ("commitment", "milestone", "update", "assessment"))
    name = next((name for name in names if name), None)
    return name and tuple(map(int, name.split(":")[-1].split("-")[:2]))


def generate(folder, commitments=COMMITMENTS):
    """Write a record with so many commitments into a folder, with its manifest."""
    real = read()
    generator = Generator(real)
    order = sorted((row["plan"], row["number"]) for row in real["commitments.commitment"])
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "synthetic-00.yaml", {model: generator.rows(model, 0) for model in SHARED})
    for copy in range(-(-commitments // len(order))):
        dropped = set(order[commitments - copy * len(order) :])
        blocks = {model: generator.rows(model, copy, dropped) for model in real if model not in SHARED}
        _write(folder / f"synthetic-{copy + 1:02}.yaml", blocks)


def _write(path, blocks):
    text = yaml.dump(blocks, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(f"# Made by bench/files.py: nothing in it is true.\n\n{text}", encoding="utf-8")


def main(folder, commitments=COMMITMENTS):
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from record.loading import write_manifest

    generate(Path(folder), int(commitments))
    write_manifest(Path(folder))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (2, 3) else __doc__)
