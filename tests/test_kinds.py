"""What a new noun or a new column needs: whoever forgets a place is told which."""

import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets

from commitments.files import FILE_COLUMNS
from commitments.models import Assessment
from record.kinds import by_model, kinds
from record.order import ORDER_FIELDS
from record.search import SEARCH_FIELDS
from record.sources import Sourced

# What every object of the API says in its sources, what nobody needs to be told of a public row, and what
# the portal works out.
IN_SOURCES = {"document", "place"}
PUBLICATION = {"status", "workflow"}
COMPUTED = {"code"}
# What an uploaded file fills in, all at once: its form shows them as one, and files of the record have none.
OF_FILES = set(FILE_COLUMNS)


def columns(model):
    """Return the names of the columns of a model, those of many rows included, that somebody fills in."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {field.name for field in fields} - {"id", "annulled_at", *SEARCH_FIELDS, *ORDER_FIELDS}


def bare(names):
    """Return names with the pairs of languages as one."""
    return {re.sub("_(es|en)$", "", name) for name in names}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.listed], ids=lambda kind: kind.label)
def test_every_column_is_in_the_api(kind):
    viewset = kind.listed.viewset
    serializer = (viewset.detail_serializer_class or viewset.serializer_class)()
    said = set()
    for name, field in serializer.fields.items():
        inner = getattr(field, "fields", {}) if field.source == "*" else {}
        said |= {name, (field.source or name).split(".")[0], *(each.source for each in inner.values())}
    # An update's number is the end of its identifier.
    number = {"number"} if kind.label == "commitments.update" else set()

    assert bare(columns(kind.model)) - bare(said) - IN_SOURCES - PUBLICATION - number == set()


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.listed], ids=lambda kind: kind.label)
def test_every_column_is_in_its_form(kind):
    request = SimpleNamespace(user=SimpleNamespace(is_authenticated=False, has_perm=lambda permission: True))
    shown = flatten_fieldsets(admin.site.get_model_admin(kind.model).layout(request))

    assert columns(kind.model) - OF_FILES - set(shown) == set()


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.label)
def test_every_column_is_in_the_description_of_the_files(kind):
    readme = (settings.BASE_DIR / "fixtures/README.md").read_text(encoding="utf-8")
    [row] = re.findall(rf"^\| `.*{re.escape(kind.label)}`.*$", readme, re.MULTILINE)
    # The rows of the card are named below the table.
    described = row + readme.partition("The rows of a compliance card")[2]
    elsewhere = set(Assessment.ROWS) if kind.model is Assessment else set()
    named = {name for name in columns(kind.model) if re.search(rf"\b{name}\b", row)}
    named |= {name for name in elsewhere if re.search(rf"\b{name}\b", described)}

    assert columns(kind.model) - named - COMPUTED - OF_FILES == set()


def test_every_row_with_a_source_is_in_the_table():
    sourced = {model for model in apps.get_models() if issubclass(model, Sourced)}

    assert sourced <= set(by_model())
    assert {kind.label for kind in kinds() if not kind.key} == set()


def test_places_of_lists_are_their_own():
    places = [kind.listed.place for kind in kinds() if kind.listed]
    ranks = [kind.found.place for kind in kinds() if kind.found]

    assert sorted(places) == sorted(set(places))
    assert sorted(ranks) == sorted(set(ranks))
