"""The page of components shows every include of the public pages, in both languages, from no record.

It is for developers: only with DJANGO_DEBUG, or here with addresses of the tests' own.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from commitments.models import Update
from commitments.models.milestone import STATUS_LABELS
from ogp_portal.development import samples
from ogp_portal.development.components import components, draw
from ogp_portal.development.samples import HERE
from plans.compliance import Level
from tests.pages import address, queries

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.urls")]

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FOLDERS = ("includes", "commitments", "plans", "entities")
# Includes that the page cannot show, and why.
NOT_SHOWN = {}

both_languages = pytest.mark.parametrize("lang", ["es", "en"])


def page(client, lang="en"):
    response = client.get(address("components", lang=lang))
    assert response.status_code == 200
    return response


def body_of(response):
    return response.content.decode()


def test_page_has_an_address_in_both_languages():
    assert address("components", lang="es") == "/es/components/"
    assert address("components", lang="en") == "/en/components/"


@both_languages
def test_page_needs_no_record_and_asks_nothing_of_the_database(client, lang):
    assert queries(client, address("components", lang=lang)) == 0


def test_every_include_is_on_the_page(client):
    includes = {
        str(file.relative_to(TEMPLATES)) for name in FOLDERS for file in (TEMPLATES / name).glob("_*.html")
    }

    drawn = {template.name for template in page(client).templates}

    assert len(includes) > 40
    assert includes - drawn == set(NOT_SHOWN)


def test_every_file_that_a_component_names_exists():
    files = {file for each in components() for file in each.files}

    assert [file for file in files if not (Path(settings.BASE_DIR) / file).is_file()] == []


@both_languages
def test_all_levels_statuses_and_circles_are_on_the_page(client, lang):
    body = body_of(page(client, lang))

    for level in [*Level.values, "none"]:
        assert f'class="level level-{level}"' in body
        assert f'class="mark mark-{level}"' in body
        assert f"<code>--level-{level}</code>" in body
    for status, label in STATUS_LABELS:
        assert str(label) in body, status
    for circle in ("done", "late", "said", "silent", "not-due"):
        assert f'href="#mark-{circle}"' in body
    for status, _label in Update.Status.choices:
        assert f'class="status status-{status}"' in body


@both_languages
def test_both_languages_of_a_text_are_on_the_page(client, lang):
    other = "en" if lang == "es" else "es"

    body = body_of(page(client, lang))

    assert f'<span lang="{other}">' in body
    assert f'<div class="prose" lang="{other}">' in body
    assert '<small class="note-lang brief">' in body


@both_languages
def test_ids_are_of_one_element_only_and_links_into_the_page_find_their_place(client, lang):
    body = body_of(page(client, lang))
    ids = Counter(re.findall(r'\sid="([^"]*)"', body))
    places = set(re.findall(r'href="#([^"]*)"', body)) - {""}

    assert [name for name, count in ids.items() if count > 1] == []
    assert places - set(ids) == set()
    assert HERE[1:] in ids


def test_samples_have_values_that_their_models_allow(monkeypatch):
    rows, sample = [], samples.sample
    monkeypatch.setattr(
        samples, "sample", lambda *args, **values: rows.append(sample(*args, **values)) or rows[-1]
    )

    components()

    wrong = [
        (row._meta.label, field.name, value)
        for row in rows
        for field in row._meta.fields
        if field.choices and (value := getattr(row, field.attname)) and value not in dict(field.flatchoices)
    ]
    assert len(rows) > 100
    assert wrong == []


def test_samples_link_to_no_page_of_the_record(client):
    body = body_of(page(client)).partition("<main")[2].partition("</main>")[0]
    paths = {unescape(href).partition("?")[0] for href in re.findall(r'href="(/[^"#]*)', body)}

    for path in paths:
        assert client.get(path).status_code == 200, path


def test_components_and_states_have_names_of_their_own():
    slugs = [each.slug for each in components()]

    assert len(slugs) == len(set(slugs))
    for each in components():
        names = [state.name for state in each.states]
        assert len(names) == len(set(names)), each.slug


@both_languages
def test_page_says_itself_in_english_what_it_shows_in_the_language_of_its_address(client, lang):
    body = body_of(page(client, lang))

    assert '<div lang="en">\n  <h1>Components of the pages</h1>' in body
    assert body.count(f'<div class="sample" lang="{lang}">') == sum(len(each.states) for each in components())


def test_words_of_the_page_are_not_among_those_that_readers_texts_are_translated_from():
    """The catalogue is for what readers see; what is for developers asks it for nothing."""
    root = Path(settings.BASE_DIR)
    files = [*(root / "ogp_portal/development").glob("*.py"), *(TEMPLATES / "development").glob("*.html")]

    assert len(files) == 5
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"gettext|blocktrans|{% translate |load i18n", text), file


def test_tags_of_a_component_are_in_the_file_that_it_names():
    libraries = {
        f"{name.replace('.', '/')}.py": import_module(name).register.tags
        for name in engines["django"].engine.libraries.values()
    }
    named = [(each, file) for each in components() for file in each.files if "/templatetags/" in file]

    assert len(named) > 4
    for each, file in named:
        markups = [each.markup, *(state.markup for state in each.states)]
        written = set(re.findall(r"{% (\w+)", " ".join(markups)))
        assert written & set(libraries[file]), (each.slug, file)


@both_languages
def test_a_state_that_writes_nothing_says_so(lang):
    request = RequestFactory().get("/")
    with translation.override(lang):
        empty = {
            (each.slug, state.name)
            for each in components()
            for state in each.states
            # A mark is something.
            if not re.sub(r"<(?!use )[^>]*>|\s", "", draw(state.markup or each.markup, state.given, request))
        }

        silent = {
            (each.slug, state.name)
            for each in components()
            for state in each.states
            if state.name.endswith("nothing is written")
            or (each.slug == "printed" and state.given.get("shown"))
        }

    assert empty == silent


def test_search_engines_are_told_to_leave_the_page_alone(client):
    assert '<meta name="robots" content="noindex">' in body_of(page(client))
    assert "/components/" not in client.get("/sitemap.xml").content.decode()


@both_languages
@pytest.mark.urls("ogp_portal.urls")
def test_page_is_at_no_public_address(client, lang):
    for path in (f"/{lang}/components/", f"/{lang}/componentes/", "/components/"):
        assert client.get(path).status_code == 404


def test_page_has_its_addresses_where_debug_is_on():
    says = "import django; django.setup(); from django.urls import reverse; print(reverse('components'))"
    environment = os.environ | {"DJANGO_DEBUG": "1", "DJANGO_SETTINGS_MODULE": "ogp_portal.settings"}

    done = subprocess.run([sys.executable, "-c", says], env=environment, capture_output=True, text=True)

    assert done.stdout == "/es/components/\n", done.stderr


def test_page_says_before_anything_else_that_all_is_a_sample(client):
    body = body_of(page(client))

    assert body.index('<p class="notice" id="samples">') < body.index('<section aria-labelledby="component-')


@both_languages
def test_page_obeys_the_content_security_policy(client, lang):
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", body_of(page(client, lang)))
