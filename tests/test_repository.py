"""What holds for the repository as a whole: the direction of imports, migrations, documents."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, reverse

ROOT = Path(settings.BASE_DIR)
# An app may import those to its left, and the leaf modules that import no app.
ORDER = ["entities", "plans", "commitments", "ogp_portal"]
LEAVES = "ogp_portal.common"


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


def modules(app):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("app", ORDER)
def test_apps_import_only_those_to_their_left(app):
    forbidden = ORDER[ORDER.index(app) + 1 :]

    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        for name in imports(path)
        if name.split(".")[0] in forbidden and not name.startswith(LEAVES)
    ]

    assert wrong == []


def test_leaf_modules_import_no_app():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "ogp_portal/common").rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in ORDER and not name.startswith(LEAVES)
    ]

    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing():
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
