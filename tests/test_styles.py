"""The style sheet of the public pages has only what a page uses."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("ogp_portal", "commitments", "plans", "entities", "accounts", "faces", "record")


def styled():
    """Return the classes that the style sheet speaks of."""
    sheet = re.sub(r"/\*.*?\*/", " ", (ROOT / "static" / "portal.css").read_text(), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", " ", sheet)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def sources():
    """Return the texts of all templates, and of the code but for the page of components."""
    code = [file for app in APPS for file in (ROOT / app).rglob("*.py") if "development" not in file.parts]
    return [file.read_text() for file in [*(ROOT / "templates").rglob("*.*"), *code]]


def test_every_class_of_the_style_sheet_is_used():
    attributes = " ".join(tag for text in sources() for tag in re.findall(r'class="([^>]*?)>', text))
    words = set(re.findall(r"[a-zA-Z][\w-]*", attributes))
    # Those that are put together: "level-{{ level }}".
    beginnings = tuple(re.findall(r"([a-z]+-)\{", attributes))

    unused = {name for name in styled() if name not in words and not name.startswith(beginnings)}

    assert len(styled()) > 100
    assert unused == set()


def test_every_include_is_included():
    """One that only the page of components shows is no part of a page."""
    folder = ROOT / "templates"
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("_*.html")}
    whole = "\n".join(sources())

    alone = {name for name in names if name not in whole}

    assert len(names) > 80
    # The parts of the desk are included by a name that is put together.
    assert {name for name in alone if not name.startswith("admin/desk/")} == set()
