"""The institutions and the acronyms of the real record: every name in it leads to one entity or term.

Names are found as a reader finds them: the longest spelling that the record knows, letter by letter but for
accents and capitals. What is left of a text must be words that join names, or stand in a constant with its
reason.
"""

import re
from collections import Counter

import pytest
from django.db import models

from commitments.models import Assessment, MilestoneResponsible, Responsibility
from entities.models import Entity, EntityName
from plans.models import Term
from record.search import SEARCH_FIELDS
from tests.record import bare, models_of_the_record, record  # noqa: F401
from tests.sources import MARKS
from tests.sources.texts import read_column

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

# The initiative and its Peruvian commission share an acronym; texts write "EITI Commission" of the second.
SAME_NAME = {"eiti": {"eiti", "eiti-peru"}}
# Words between the names of a list, and between an office and the institution that it belongs to.
JOINTS = {
    "es": {"a", "adscrita", "al", "de", "la", "traves", "y"},
    "en": {"and", "attached", "the", "through", "to"},
}
# Groups that are no institution, and an office of a ministry that the record has as its unit.
NO_INSTITUTION = (
    "Civil society in general",
    "Educational Institution",
    "Entities of the three levels of government",
    "Gobiernos Regionales y Locales",
    "Local Education Management Unit (UGEL)",
    "Regional Directorate/ Management of Education (DRE/GRE)",
    "Regional and Local Governments",
    "Regional governments, through:",
    "a través del Viceministerio de Interculturalidad",
    "through the Vice-Ministry of Interculturality",
)
# What a card prints where no one else takes part.
NOBODY = {"not applicable", "no aplica"}


@pytest.fixture(scope="module")
def names(record, django_db_blocker):  # noqa: F811
    """Return {name, bare: slugs of the entities that it may mean} of every spelling, name and acronym."""
    found = {}
    with django_db_blocker.unblock():
        for spelling, slug in EntityName.objects.values_list("spelling", "entity__slug"):
            found.setdefault(plain(spelling), set()).add(slug)
        for slug, *words in Entity.objects.values_list("slug", "acronym", "name_es", "name_en"):
            for name in filter(None, words):
                found.setdefault(plain(name), set()).add(slug)
    return found


def plain(text):
    """Return a text for comparing names: `bare`, with one kind of apostrophe."""
    return bare(text).replace("’", "'")


def resolve(text, names):
    """Return the entities that a text names, each as the slugs that it may mean, and the words left over."""
    text = plain(text)
    for group in NO_INSTITUTION:
        text = text.replace(plain(group), " ")
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return [names[name] for name in pattern.findall(text)], re.findall(r"\w+", pattern.sub(" ", text))


def entities_in(text, names):
    """Return the slugs of the entities that a text names; fail where a name means two or a word is left."""
    found, rest = resolve(text, names)
    assert all(len(slugs) == 1 for slugs in found), text
    assert set(rest) <= JOINTS["es"] or set(rest) <= JOINTS["en"], (text, rest)
    return {slug for slugs in found for slug in slugs}


def test_no_name_means_two_entities(names):
    assert {name: slugs for name, slugs in names.items() if len(slugs) > 1} == SAME_NAME


def test_printed_names_of_a_responsibility_are_its_entities(names):
    parents = dict(Entity.objects.values_list("slug", "parent__slug"))
    printed = {}
    for row in Responsibility.objects.select_related("entity"):
        key = row.commitment_id, row.report_id, row.name_as_printed
        printed.setdefault(key, set()).add(row.entity and row.entity.slug)

    assert len(printed) > 150
    for (_, _, text), slugs in printed.items():
        found = entities_in(text, names)
        # "Presidency of the Council of Ministers, through the Secretariat [...]": the office answers.
        above = {parents[slug] for slug in found}
        assert found - above == slugs - {None}, text


def test_responsible_of_a_milestone_as_printed_are_its_units_and_entities(names):
    printed = {}
    for row in MilestoneResponsible.objects.select_related("entity", "milestone"):
        printed.setdefault(row.milestone.responsible_as_printed, []).append(row)

    for text, rows in printed.items():
        rest = text
        for unit in sorted({row.unit_en for row in rows if row.unit_en}, key=len, reverse=True):
            rest = rest.replace(unit, " ")
        found = entities_in(rest, names)
        # Where the cell prints a unit alone, it is one of the institution that leads the commitment.
        leading = {
            lead.entity.slug
            for row in rows
            for lead in row.milestone.commitment.responsibilities.filter(role="lead")
        }
        assert {row.entity.slug for row in rows} == (found or leading), text


@pytest.mark.parametrize("row", ["responsible", "other_government", "other_civil_society"])
def test_institutions_of_a_card_are_entities(names, row):
    cards = Assessment.objects.exclude(**{row: ""}).values_list("commitment__number", row)
    texts = [text for _, text in cards if plain(text) not in NOBODY]

    found = Counter(len(entities_in(text, names)) for text in texts)

    # How many cards name no entity, one, two and more.
    expected = {
        "responsible": {1: 11, 2: 12, 3: 8},
        "other_government": {1: 1, 2: 3, 3: 2},
        "other_civil_society": {1: 1, 2: 3, 3: 2},
    }
    assert found == expected[row]


# What plan V writes beside the names of participants: kinds of organizations, and a name that a page cuts.
KINDS_OF_ORGANIZATIONS = {
    "association",
    "civil",
    "governmental",
    "network",
    "ngo",
    "non",
    "of",
    "organizations",
}
CUT_BY_A_PAGE = {"red", "academica", "de", "gobierno", "abierto"}


@pytest.mark.parametrize(
    ("header", "column", "cells"),
    [("Workshop's topic", 1, 13), ("Theme", 2, 13), ("Subject", 2, 13)],
)
def test_participants_and_responsible_entities_of_plan_5s_tables_are_entities(
    sources, names, header, column, cells
):
    printed = read_column(header, column)

    assert len(printed) == cells
    for text in printed:
        found, rest = resolve(text, names)
        assert found and all(len(slugs) == 1 for slugs in found), text
        assert set(rest) <= KINDS_OF_ORGANIZATIONS | CUT_BY_A_PAGE, (text, rest)


# Names in a document of the other language that are not letter by letter the name of the entity.
SPELLED_OTHERWISE = {"Mesa de Concertación de Lucha Contra la Pobreza", "Qali Warma"}


def test_language_of_a_spelling_is_that_of_its_document_or_of_the_name_that_it_is(sources):
    rows = EntityName.objects.filter(document__slug__in=MARKS).select_related("document", "entity")
    others = set()
    for row in rows:
        spelling = unquoted(row.spelling)
        acronym, es, en = (
            unquoted(name) for name in (row.entity.acronym, row.entity.name_es, row.entity.name_en)
        )
        own, other = (es, en) if row.language == "es" else (en, es)
        if row.language == row.document.language:
            assert spelling != other or spelling in (own, acronym), row
        elif spelling not in (own, acronym):
            # The English documents print Spanish names beside theirs, and all of them print acronyms.
            others.add(row.spelling)

    assert others == SPELLED_OTHERWISE


def unquoted(name):
    """Return a name as `plain`, without quotation marks."""
    return re.sub(r"[“”\"]", "", plain(name))


# Acronyms.

ACRONYM = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{2,}\b")
# Numbers of letters and norms: "No. 1218-2016-MIDIS/SG", "No. 0401-2016 / OTI", "002-2014/CR-GRM".
REFERENCE = re.compile(r"\S*\d+[-_]\d{4}\S*(?: / \w+)?|\d{3,}-\w+(?:/\w+)*")
ROMAN = re.compile(r"[IVX]+")
URL = re.compile(r"(?:https?://|www\.)\S+")
# Columns that hold no text of a document: keys, codes, places, values of scales, and numbers of letters.
NO_TEXT = {"slug", "code", "url", "website", "place", "value", "value_as_printed", "source_letter"}


def acronyms(*texts):
    return set(ACRONYM.findall(" ".join(texts)))


# Words that a document prints in capitals: headings, cells of tables, names of applications and devices.
IN_CAPITALS = acronyms(
    "ABIERTO ACCESS ACCIONES ACCIÓN ACTION ACTIONS ACTIVITY AND APLICA APPLICABLE AUGUST DATE DE DULED END"
    " GOBIERNO GOVERNMENT INFORMATION LEVEL NO NOT OPEN PLAN PROGRESS PUBLIC REALIZADAS RECORDED REGISTERED"
    " RESCHE TAKEN TO TRANSPARENCY VIRTUAL WEB"
)
# Of no institution, and not in the glossary: words that everyone knows.
KNOWN_TO_ALL = {"APP", "COVID", "IOS", "IT", "PDF", "QR"}
# Of no institution, and not in the glossary: the documents print them beside what they stand for, or once.
EXPLAINED_IN_THE_TEXT = {
    "CADESAN": "project of the German cooperation",
    "CAM": "Comisión Ambiental Municipal",
    "CAR": "Comisión Ambiental Regional",
    "CSE": "socioeconomic classification",
    "CUBSO": "module of the SEACE",
    "DGFO": "Dirección General de Focalización, a unit of MIDIS",
    "DGPE": "Management of Monitoring Policies and Strategies, a unit of MIDIS",
    "DKAN": "name of a program for open data",
    "DNI": "identity card",
    "DS": "Decreto Supremo",
    "EIB": "Educación Intercultural Bilingüe",
    "ETP": "the PTE, once",
    "GEPS": "Government Electronic Procurement System, the SEACE in the mid-term report's table",
    "HT": "health technology, once",
    "IES": "institutos de educación superior",
    "LTAIP": "Law of Transparency and Access to Public Information",
    "OCI": "internal control offices of the entities",
    "OEC": "Contracting Bodies",
    "PAC": "module of the SEACE",
    "PGH": "Padrón General de Hogares",
    "PPSS": "social programs",
    "PTE": "Portal de Transparencia Estándar",
    "RNU": "Registro Nacional de Usuarios",
    "ROF": "Reglamento de Organización y Funciones",
    "SEACE": "Sistema Electrónico de Adquisiciones del Estado",
    "SIAF": "Integrated System of Financial Administration",
    "SINAD": "system of plan I's commitment 29, not explained",
    "SISFOH": "Household Targeting System",
    "SNIP": "System of Projects of Public Investment",
    "TAIP": "transparency and access to public information",
    "TDR": "terms of reference",
    "USME": "Unidad de Supervisión, Monitoreo y Evaluación, a unit of Qali Warma",
    "UT": "Unidades Territoriales of Qali Warma",
}


def test_acronyms_of_the_record_are_entities_or_terms_or_explained_here():
    known = set()
    for rows in (
        Entity.objects.values_list("acronym", "name_es", "name_en"),
        EntityName.objects.values_list("spelling"),
        Term.objects.values_list("term_es", "term_en"),
    ):
        known = known.union(*(acronyms(*words) for words in rows))

    found = set()
    for model in models_of_the_record():
        columns = [
            column.name
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField)
            and column.name not in NO_TEXT | set(SEARCH_FIELDS)
        ]
        for values in model._base_manager.values_list(*columns):
            found |= acronyms(REFERENCE.sub(" ", URL.sub(" ", "\n".join(map(str, values)))))

    found = {word for word in found - known if not ROMAN.fullmatch(word)}
    # Neither more nor fewer: a word that becomes a term leaves its list.
    assert found == IN_CAPITALS | KNOWN_TO_ALL | set(EXPLAINED_IN_THE_TEXT)
