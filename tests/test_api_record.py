"""What the API says of the real record: the documents' own totals."""

import json
import re
from collections import Counter, defaultdict

import pytest
import yaml
from django.conf import settings

from commitments.filters import CommitmentFilters
from commitments.models import Commitment, Milestone
from entities.models import Entity
from ogp_portal.api_urls import router
from ogp_portal.search import found_kinds
from plans.models import Term
from record.search import fold, stem
from tests.answering import answering
from tests.api import ROOT, get, results, table
from tests.description import HEADERS, schema
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

MID_TERM, END_TERM = "2-mid-term-self-assessment", "2-end-term-self-assessment"
PROGRESS, IMPLEMENTATION = "1-irm-progress-report", "3-irm-implementation-report"
SCALE = ("not_started", "limited", "substantial", "complete")
# What the address of an object calls its identifier.
KEYS = [
    (prefix, viewset.lookup_url_kwarg or viewset.lookup_field)
    for prefix, viewset, _basename in router.registry
]
LISTS = [f"{prefix}/" for prefix, _viewset, _basename in router.registry]


def synonyms_in_file():
    return yaml.safe_load(settings.SYNONYMS_FILE.read_text(encoding="utf-8"))


def completion(client, report):
    return get(client, f"reports/{report}/")["completion"]


def on_scale(numbers):
    return [numbers[level] for level in SCALE]


def test_plan_two_at_mid_term(client):
    answer = completion(client, MID_TERM)

    assert on_scale(answer["counts"]) == [4, 1, 7, 5]
    assert (answer["assessed"], answer["total"]) == (17, 17)


def test_plan_two_at_end_term(client):
    answer = completion(client, END_TERM)

    assert on_scale(answer["counts"]) == [3, 1, 2, 11]
    assert on_scale(answer["percent"]) == [17.6, 5.9, 11.8, 64.7]
    assert (answer["assessed"], answer["total"]) == (17, 17)


def test_plan_two_complete_at_mid_term(client):
    answer = get(client, "commitments/", level="complete", report=MID_TERM)

    assert answer["count"] == 5


def test_plan_two_from_mid_term_to_end_term(client):
    answer = get(client, f"reports/{END_TERM}/")

    assert answer["previous"] == MID_TERM
    before, after = Counter(), Counter()
    for move in answer["transitions"]:
        assert move["count"] == len(move["commitments"])
        before[move["from"]] += move["count"]
        after[move["to"]] += move["count"]
    assert [before[level] for level in SCALE] == [4, 1, 7, 5]
    assert [after[level] for level in SCALE] == [3, 1, 2, 11]


def test_plan_two_by_theme_adds_up(client):
    for report in get(client, "plans/2/compliance/")["reports"]:
        assert report["by_theme"]
        for level, count in report["completion"]["counts"].items():
            assert sum(row["completion"]["counts"][level] for row in report["by_theme"]) == count
        assert sum(row["completion"]["total"] for row in report["by_theme"]) == report["completion"]["total"]


@pytest.mark.parametrize("address", [*LISTS, "search/"])
def test_every_list_and_its_objects_can_be_read_on_a_day(client, address):
    day = {"as_of": "2016-10-31"}
    asked = {"q": "datos"} if address == "search/" else {}

    found = get(client, address, **asked, **day)["results"]

    now = {row["api_url"] for row in get(client, address, page_size=500, **asked)["results"]}
    assert {row["api_url"] for row in found} <= now
    for row in found[:3]:
        assert client.get(row["api_url"], day).status_code == 200


def test_search_on_a_day_finds_no_report_of_later(client):
    later = {"kind": "recommendation", "q": "plan"}

    found = results(client, "search/", "id", page_size=500, as_of="2016-10-31", **later)

    assert found
    assert set(found) == set(results(client, "recommendations/", "slug", q="plan", as_of="2016-10-31"))
    assert set(found) < set(results(client, "search/", "id", page_size=500, **later))


def test_plan_two_as_of_the_mid_term_knows_no_later_report(client):
    answer = get(client, "plans/2/compliance/", as_of="2016-12-31")

    assert [report["report"] for report in answer["reports"]] == [MID_TERM]
    levels = Counter(
        row["completion"]["level"]
        for row in get(client, "commitments/", plan=2, as_of="2016-12-31")["results"]
    )
    assert [levels[level] for level in SCALE] == [4, 1, 7, 5]


def test_plan_one_has_forty_eight_assessed(client):
    answer = completion(client, PROGRESS)

    assert (answer["assessed"], answer["total"]) == (48, 48)
    assert answer["percent"]["substantial"] == 25.0


def test_plan_three_has_no_percentages(client):
    answer = completion(client, IMPLEMENTATION)

    assert answer["assessed"] < answer["total"]
    assert set(answer["percent"].values()) == {None}


def test_commitments_of_plans_three_and_four_name_no_institution(client):
    rows = [row for plan in (3, 4) for row in get(client, "commitments/", plan=plan)["results"]]

    assert len([row for row in rows if not row["responsibilities"]]) == 39


def test_commitment_by_the_ogps_id_is_found(client):
    response = client.get("/api/v1/commitments/PE0058/", follow=True)

    assert response.json()["ogp_id"] == "PE0058"


@pytest.mark.parametrize("address", LISTS)
def test_file_has_as_many_rows_as_the_list(client, address):
    answer = get(client, address, page_size=500)

    lines = table(client, address)

    assert len(lines) == answer["count"] == len(answer["results"]) > 0
    assert [line["api_url"] for line in lines] == [row["api_url"] for row in answer["results"]]


@pytest.mark.parametrize("address", LISTS)
def test_every_tenth_object_is_at_its_own_address(client, address):
    for row in get(client, address, page_size=500)["results"][::10]:
        path = row["api_url"].removeprefix("http://testserver/api/v1/")
        single = get(client, path)
        # An object has more texts than its row in the list, and so perhaps more translations of ours.
        assert set(row.pop("unofficial", [])) <= set(single.get("unofficial", []))
        assert {key: single[key] for key in row} == row


# Codes are the portal's own; so are the definitions of those terms that no document has.
WITHOUT_SOURCE = {"levels", "codes"}
WITH_SOURCE_OR_NONE = {"terms", "changes"}
# What the root names beside the lists of objects; the search finds the objects of the others.
NO_OBJECTS = {"search", "schema", "docs"}


def pages(client, address):
    """Return the rows of all pages of a list, as a reader gets them who follows its links."""
    rows = []
    while address:
        answer = client.get(address).json()
        rows += answer["results"]
        address = answer["next"]
    assert len(rows) == answer["count"]
    return rows


def test_every_object_is_reached_from_the_root_and_carries_its_source(client):
    seen = set()

    for name, address in client.get(ROOT).json().items():
        if name in NO_OBJECTS:
            continue
        rows = pages(client, address)
        assert rows, name
        for row in rows:
            assert row["api_url"].startswith(address), row["api_url"]
            assert row["api_url"] not in seen
            seen.add(row["api_url"])
            if name in WITHOUT_SOURCE:
                assert (row["url"], row["sources"]) == (None, []), row["api_url"]
                continue
            assert row["url"].startswith("http://testserver/es/"), row["api_url"]
            assert row["sources"] or name in WITH_SOURCE_OR_NONE, row["api_url"]
            for source in row["sources"]:
                assert source["document"]["slug"], row["api_url"]
                assert source["document"]["title"], row["api_url"]
                assert source["place"], row["api_url"]
        for row in rows[:: max(1, len(rows) // 20)]:
            single = client.get(row["api_url"]).json()
            assert (single["url"], single["sources"]) == (row["url"], row["sources"])


def test_every_document_that_is_named_as_a_source_is_in_the_list_of_documents(client):
    known = {row["slug"] for row in pages(client, f"{ROOT}documents/")}

    for address in LISTS:
        named = {
            source["document"]["slug"] for row in pages(client, ROOT + address) for source in row["sources"]
        }
        assert named <= known


def test_reports_that_are_not_held_have_counts_of_zero_and_no_percentages(client):
    reports = pages(client, f"{ROOT}reports/")
    not_held = [report for report in reports if report["coverage"] == "not_held"]

    assert len(not_held) == 9
    for report in not_held:
        in_plan = get(client, f"plans/{report['plan']}/compliance/")["reports"]
        assert report["completion"] in [
            row["completion"] for row in in_plan if row["report"] == report["slug"]
        ]
        assert (report["assessments_count"], report["transitions"]) == (0, [])
        for row in (report, *report["by_theme"], *report["by_entity"]):
            assert row["completion"]["assessed"] == sum(row["completion"]["counts"].values()) == 0
            assert row["completion"]["total"] > 0
            assert set(row["completion"]["percent"].values()) == {None}


def test_entities_say_nothing_of_reports_that_are_not_held(client):
    not_held = {row["slug"] for row in pages(client, f"{ROOT}reports/") if row["coverage"] == "not_held"}
    said = {row["report"] for entity in pages(client, f"{ROOT}entities/") for row in entity["by_report"]}

    assert not_held
    assert said
    assert not said & not_held


def test_progress_of_every_entity_counts_the_milestones_that_it_answers_for(client):
    by_entity = defaultdict(set)
    for milestone in Milestone.objects.published():
        for who in answering(milestone):
            by_entity[getattr(who, "slug", None)].add(milestone.pk)
    entities = {entity.slug: entity for entity in Entity.objects.all()}

    for row in get(client, "entities/", page_size=500)["results"]:
        found = set(
            Milestone.objects.published().answered_by([entities[row["slug"]]]).values_list("pk", flat=True)
        )
        assert found == by_entity[row["slug"]], row["slug"]
        assert (row["progress"] or {"total": 0})["total"] == len(found), row["slug"]
    assert len([slug for slug, found in by_entity.items() if slug and found]) > 10


def test_totals_by_entity_of_every_report_are_the_commitments_that_the_filters_find(client):
    compared = 0
    for report in get(client, "reports/", page_size=500)["results"]:
        for row in get(client, f"reports/{report['slug']}/")["by_entity"]:
            if not row["entity"]:
                continue
            values = {"report": [report["slug"]], "entity": [row["entity"]["slug"]]}
            found = set()
            for role in ("lead", "co_lead"):
                asked = CommitmentFilters(values | {"role": [role]}, queryset=Commitment.objects.published())
                found |= set(asked.qs.values_list("code", flat=True))
            assert row["completion"]["assessed"] == len(found), (report["slug"], row["entity"])
            compared += 1
    assert compared > 20


def test_no_answer_has_an_address_of_a_mailbox_but_the_secretariats(client):
    for address in LISTS:
        for row in get(client, address, page_size=500)["results"]:
            text = json.dumps(row, ensure_ascii=False).replace("gestionpublica@pcm.gob.pe", "")
            assert "@" not in text, row["api_url"]


def test_level_filters_of_a_report_add_up_to_its_plan(client):
    codes = [results(client, "commitments/", level=level, report=END_TERM) for level in (*SCALE, "none")]

    assert [len(found) for found in codes] == [3, 1, 2, 11, 0]
    assert sorted(sum(codes, [])) == sorted(results(client, "commitments/", plan=2))


@pytest.mark.usefixtures("no_closing")
@pytest.mark.parametrize(("prefix", "key"), KEYS)
def test_answers_are_as_the_api_describes_them(prefix, key):
    answer = schema[f"{ROOT}{prefix}/"]["GET"].Case().call_and_validate(headers=HEADERS)

    for row in answer.json()["results"][::10]:
        name = row["api_url"].rstrip("/").rsplit("/", 1)[-1]
        case = schema[f"{ROOT}{prefix}/{{{key}}}/"]["GET"].Case(path_parameters={key: name})
        assert case.call_and_validate(headers=HEADERS).status_code == 200


EXAMPLES = re.findall(
    r"```\nGET (\S+)\n```\n```json\n(.*?)```",
    (settings.BASE_DIR / "docs/api.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


# Search: what a plain reading of every text in Python finds, the database finds, whichever it is.

# Each query with its terms, of which a row has all; a term is a list of spellings, of which a row has one.
# What is in quotation marks here is a run of words; without terms, each word of the query is one.
QUERIES = {
    "salud": None,
    "ninez": None,
    "NIÑEZ": None,
    "municipalidades": None,
    "municipality": None,
    "transparencia portal": None,
    "salud datos": None,
    "minam": None,
    "MINSA": None,
    "Ministerio de Salud": None,
    "SGP": None,
    "Secretariat of Public Management": None,
    "regional loreto": None,
    "2015": None,
    "2–10": None,
    "ministerio ambiente": None,
    "audiencia gobierno regional": None,
    "qali warma": None,
    "a": None,
    "open data": [["open data", "datos abiertos"]],
    "portal datos abiertos": [["portal"], ["open data", "datos abiertos"]],
    "rendicion de cuentas": [["rendición de cuentas", "public accountability"]],
    "co-creation": [["co creation", "cocreación", "co creación"]],
    "oecd": [
        [
            '"oecd"',
            '"ocde"',
            "organización para la cooperación y el desarrollo económico",
            "organization for economic co operation and development",
        ]
    ],
    '"datos abiertos"': [['"datos abiertos"']],
    "“Abiertos datos” portal": [['"abiertos datos"'], ["portal"]],
    "«rendición de cuentas» salud": [['"rendicion de cuentas"'], ["salud"]],
    '"gobierno': [["gobierno"]],
    '"lorem ipsum"': [['"lorem ipsum"']],
    '"salud"': [['"salud"']],
}
FIND_NOTHING = {"“Abiertos datos” portal", '"lorem ipsum"'}


@pytest.fixture(scope="module")
def readings(record):  # noqa: F811
    """Return [(kind, identifier, every form of its words, its texts as folded words)] of the whole record."""
    found = []
    for kind in found_kinds():
        for row in kind.rows():
            forms, runs = set(), []
            for text, languages in texts_found_by(kind.listed.name, row):
                words = re.findall(r"\w+", text.casefold())
                runs.append(f" {' '.join(map(fold, words))} ")
                forms |= {
                    form for word in words for lang in languages for form in (fold(word), stem(word, lang))
                }
            found.append((kind.listed.name, getattr(row, kind.public_id), forms, runs))
    return found


def texts_found_by(kind, row):
    """Yield (text, languages) of everything that a row is found by."""
    things = [row]
    match kind:
        case "commitment":
            things += [*row.titles.all(), *row.items.all(), *row.assessments.all()]
            for lead in row.responsibilities.filter(role__in=["lead", "co_lead"]):
                things += [lead, *([lead.entity, *lead.entity.names.all()] if lead.entity else [])]
        case "milestone":
            things += row.updates.all()
        case "entity":
            things += row.names.all()
    for thing in things:
        for name in thing.search_columns:
            if hasattr(thing, f"{name}_es"):
                yield from ((getattr(thing, f"{name}_{lang}"), [lang]) for lang in ("es", "en"))
            else:
                yield getattr(thing, name), ["es", "en"]


def has_spelling(spelling, forms, runs):
    """Tell whether a row has all words of a spelling, or the very run of words that is in quotation marks."""
    if spelling.startswith('"'):
        return any(f" {spelling.strip(chr(34))} " in run for run in runs)
    words = re.findall(r"\w+", spelling.casefold())
    return all({fold(word), stem(word, "es"), stem(word, "en")} & forms for word in words)


@pytest.mark.parametrize("query", QUERIES)
def test_search_finds_what_a_plain_reading_of_every_text_finds(client, readings, query):
    terms = QUERIES[query] or [[word] for word in re.findall(r"\w+", query)]
    expected = {
        (kind, key)
        for kind, key, forms, runs in readings
        if all(any(has_spelling(spelling, forms, runs) for spelling in term) for term in terms)
    }

    page = get(client, "search/", q=query, page_size="500")
    rows = page["results"]

    assert page["next"] is None
    assert bool(expected) != (query in FIND_NOTHING)
    # What a query names has not its words.
    assert {(row["kind"], row["id"]) for row in rows if row["rank"]} <= expected
    assert expected <= {(row["kind"], row["id"]) for row in rows}
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)


def hits_of(client, query, **params):
    """Return (kind, id, rank) of what a query finds, in its order."""
    page = get(client, "search/", q=query, page_size="500", **params)
    return [(row["kind"], row["id"], row["rank"]) for row in page["results"]]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("participacio\u0301n", "participación"),
        ("parti\u00adcipación", "participación"),
        ("parti\u200bcipación", "participación"),
        ("2\u201310", "2-10"),
        ("2\u201110", "2-10"),
        ("2\u221210", "2-10"),
        ("2.10", "2-10"),
        ("5.4.7", "5-4-7"),
        ("D.S. 004-2013-PCM", "004-2013-PCM"),
        ("DS N° 004-2013-PCM", "004-2013-PCM"),
        ("Decreto Supremo Nº 004\u20132013\u2013PCM", "004-2013-PCM"),
        ("R.M. N.° 004-2013-PCM", "004-2013-PCM"),
        ("\u200esalud\u202e", "salud"),
        ("«Datos, abiertos»", '"datos abiertos"'),
        ("datos abiertos", "open data"),
        ("AGA", "alianza para el gobierno abierto"),
    ],
)
def test_search_finds_what_the_plain_form_finds(client, typed, plain):
    found = hits_of(client, typed)

    assert found
    assert found == hits_of(client, plain)


def test_search_finds_a_decree_where_the_documents_print_it(client):
    kinds = {kind for kind, _id, _rank in hits_of(client, "D.S. 004-2013-PCM")}

    assert kinds == {"section"}


@pytest.mark.parametrize("group", synonyms_in_file(), ids=lambda group: group[0])
def test_synonyms_find_the_same(client, group):
    found = {spelling: sorted(hits_of(client, spelling, kind="commitment")) for spelling in group}

    assert [each for each in found.values() if each != found[group[0]]] == []


@pytest.mark.parametrize("group", synonyms_in_file(), ids=lambda group: group[0])
def test_synonyms_are_those_of_the_glossary(group):
    in_glossary = {
        " ".join(re.findall(r"\w+", fold(text)))
        for term in Term.objects.all()
        for text in (term.term_es, term.term_en, term.definition_es, term.definition_en)
        for text in [text, *re.split(r"[/(),]| in ", text)]
    }

    assert {" ".join(re.findall(r"\w+", fold(spelling))) for spelling in group} & in_glossary


@pytest.mark.parametrize("query", ["MINSA", "Ministerio de Salud", "ministry of health", "minsa salud"])
def test_commitment_is_found_by_every_name_of_who_leads_it(client, query):
    assert ("commitment", "5-8") in [(kind, key) for kind, key, _rank in hits_of(client, query)]


@pytest.mark.parametrize("acronym", ["SGP", "MINSA", "MINAM", "ONGEI", "MINEDU"])
def test_commitments_that_an_entity_leads_are_found_by_its_acronym(client, acronym):
    slug = next(row["slug"] for row in get(client, "entities/", q=acronym)["results"])
    led = {
        code
        for role in ("lead", "co_lead")
        for code in results(client, "commitments/", entity=slug, role=role, page_size="500")
    }

    assert led
    assert led <= set(results(client, "commitments/", q=acronym, page_size="500"))
    assert hits_of(client, acronym)[0] == ("entity", slug, 0)


@pytest.mark.parametrize(("address", "answer"), EXAMPLES, ids=[address for address, _answer in EXAMPLES])
def test_examples_of_the_documentation_come_out(client, address, answer):
    assert client.get(address).json() == json.loads(answer)


def test_documentation_has_examples():
    assert len(EXAMPLES) > 5
