"""What holds for the repository as a whole: the stair of its rooms, migrations, documents."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, reverse

ROOT = Path(settings.BASE_DIR)
# The stair: a room may import itself and those before it.
ROOMS = ["record", "faces", "entities", "plans", "commitments", "accounts", "ogp_portal"]
# The base classes know no noun: of the ground they use what has no rows, and the log, which is of all nouns.
GROUND_WITHOUT_ROWS = [
    *("record.actions", "record.applying", "record.authors", "record.cleaning", "record.dates"),
    *("record.guarding", "record.kinds"),
    *(
        "record.models.log",
        "record.personal",
        "record.places",
        "record.proposing",
        "record.publication",
        "record.reading",
    ),
    *("record.rights", "record.roles", "record.search", "record.striking", "record.text", "record.writing"),
]


def imports(path):
    """Return the full names of the modules that a file imports."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def modules(room):
    return [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def above(room):
    return ROOMS[ROOMS.index(room) + 1 :]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_those_below(room):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in above(room)
    ]

    assert wrong == []


def test_base_classes_know_no_noun():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("faces")
        for name in imports(path)
        if name.split(".")[0] in ROOMS and not name.startswith(("faces.", *GROUND_WITHOUT_ROWS))
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_name_no_model_of_those_above(room):
    """No side door: `get_model("plans.Plan")`, or a foreign key or permission by such a name."""
    names = "|".join(above(room)) or "nothing"
    label = re.compile(rf"""["'](?:{names})\.[a-zA-Z_]+["']""")
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in modules(room)
        for found in label.finditer(path.read_text(encoding="utf-8"))
    ]

    assert wrong == []


def tag_libraries(room):
    return {path.stem for path in (ROOT / room / "templatetags").glob("*.py")} - {"__init__"}


def templates(room):
    return (ROOT / "templates" / room).rglob("*.html")


def loaded(text):
    """Return the tag libraries that a template loads."""
    return {name for names in re.findall(r"{% load ([^%]*)%}", text) for name in names.split()}


def included(text):
    """Return the templates that a template includes or extends."""
    return re.findall(r"""{% (?:include|extends) ["']([^"']+)["']""", text)


@pytest.mark.parametrize("room", ROOMS)
def test_templates_and_tags_come_from_below(room):
    """No side door: a template of a higher room included, or one of its tags loaded."""
    tags = set().union(*map(tag_libraries, above(room)))
    wrong = []
    for path in templates(room):
        text = path.read_text(encoding="utf-8")
        wrong += [f"{path.name} loads {name}" for name in loaded(text) & tags]
        rooms = {name: name.split("/")[0] for name in included(text)}
        wrong += [f"{path.name} includes {name}" for name, of in rooms.items() if of in above(room)]

    assert wrong == []


def test_shared_pieces_include_shared_pieces_and_load_what_the_plans_may():
    tags = set().union(*map(tag_libraries, above("plans")))
    wrong = []
    for path in (ROOT / "templates/includes").iterdir():
        text = path.read_text(encoding="utf-8")
        wrong += [f"{path.name} loads {name}" for name in loaded(text) & tags]
        wrong += [
            f"{path.name} includes {name}" for name in included(text) if name.split("/")[0] != "includes"
        ]

    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing(settings):
    settings.MIGRATION_MODULES = {}  # which the option --no-migrations fills

    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_endpoint_of_the_api_is_in_its_documentation():
    documentation = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    names = {
        name.removesuffix("-list") for name in _names(get_resolver().url_patterns) if name.endswith("-list")
    }

    assert names, "the API has no lists"
    assert [name for name in sorted(names) if f"`{_path(name)}" not in documentation] == []


def _names(patterns, in_api=False):
    for pattern in patterns:
        is_api = in_api or str(pattern.pattern).startswith("api/")
        if hasattr(pattern, "url_patterns"):
            yield from _names(pattern.url_patterns, is_api)
        elif is_api and pattern.name:
            yield pattern.name


def _path(name):
    return reverse(f"api:{name}-list").removeprefix("/api/v1/")
