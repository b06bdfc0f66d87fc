"""The real record: its totals, and a second, independent reading of the documents that it was taken from.

The documents lie in the folder that OGP_SOURCES_DIR names; elsewhere the tests that need them are reported as
not run, and the totals are checked all the same. Where a document and the record differ on purpose, the
constant that says so stands with its reason.
"""

import re
from collections import Counter
from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from commitments.models import (
    Assessment,
    Commitment,
    CommitmentItem,
    CommitmentTitle,
    Evidence,
    Finding,
    Milestone,
    MilestoneResponsible,
    PolicyArea,
    Responsibility,
    Update,
)
from entities.models import Entity, EntityName
from plans.models import (
    DeclaredFigure,
    Listing,
    Plan,
    PlanPeriod,
    Recommendation,
    Report,
    Section,
    Term,
    Theme,
)
from record.models import Document
from record.publication import Status
from record.sources import Sourced
from tests.record import bare, models_of_the_record, record  # noqa: F401
from tests.sources import (
    EMAIL,
    MARKS,
    SEEN_LATER,
    TITLE_SEEN_LATER,
    document,
    fold,
    fold_list,
    last_day,
    strip_markup,
    urls,
)
from tests.sources.cards import (
    DOCUMENTS,
    END_TERM,
    LEVELS,
    MID_TERM,
    SCALE,
    read_cards,
    read_contacts,
    read_matrix,
    read_summary_totals,
    read_table,
)
from tests.sources.pages import STAR, read_at_a_glance, read_commitments, read_noteworthy, read_stars
from tests.sources.plan5 import read_list, read_records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

IRM_PROGRESS, IRM_IMPLEMENTATION = "1-irm-progress-report", "3-irm-implementation-report"
LANGUAGE = {MID_TERM: "en", END_TERM: "es"}
CARDS = [(MID_TERM, number) for number in range(1, 15)] + [(END_TERM, number) for number in range(1, 18)]
EVERY_CARD = pytest.mark.parametrize(("report", "number"), CARDS)
EVERY_RECORD = pytest.mark.parametrize("number", range(1, 14))


def card_of(report, number):
    return Assessment.objects.select_related("commitment__theme").get(
        report__slug=report, commitment__plan__number=2, commitment__number=number
    )


def masked(text, language):
    """Return a text as the record gives it: without the e-mails of officials."""
    return EMAIL.sub("[e-mail omitted]" if language == "en" else "[correo omitido]", text)


# Totals, with or without the documents.


def test_rows_count_of_what_surrounds_the_commitments():
    counted = [
        Plan,
        Theme,
        Report,
        Document,
        Listing,
        Recommendation,
        Section,
        Term,
        DeclaredFigure,
        Entity,
        PolicyArea,
    ]

    # The documents are the 24 works that the member page lists, that page itself, plan V, the IRM's sheet on
    # plan I, and nine that were only seen later (a tenth is among the 24); the listings, those 24, one each
    # of plan V and the sheet, and eight of the nine: the later copy of the member page is listed nowhere.
    assert {model.__name__: model.objects.count() for model in counted} == {
        "Plan": 6,
        "Theme": 9,
        "Report": 13,
        "Document": 36,
        "Listing": 34,
        "Recommendation": 15,
        "Section": 57,
        "Term": 113,
        "DeclaredFigure": 75,
        "Entity": 111,
        "PolicyArea": 19,
    }


def test_commitments_count_of_each_plan():
    assert Counter(Commitment.objects.published().values_list("plan__number", flat=True)) == {
        1: 48,
        2: 17,
        3: 18,
        4: 21,
        5: 13,
    }


def test_milestones_count_of_each_plan():
    counts = Counter(Milestone.objects.values_list("commitment__plan__number", flat=True))

    assert counts == {2: 58, 5: 47}


@pytest.mark.parametrize(
    ("report", "counts"),
    [
        (
            IRM_PROGRESS,
            {"not_started": 9, "limited": 19, "substantial": 12, "complete": 2, "withdrawn": 2, "unclear": 4},
        ),
        (MID_TERM, {"not_started": 4, "limited": 1, "substantial": 7, "complete": 5}),
        (END_TERM, {"not_started": 3, "limited": 1, "substantial": 2, "complete": 11}),
        (IRM_IMPLEMENTATION, {"limited": 1, "substantial": 1, "complete": 1}),
    ],
)
def test_levels_count_of_each_report(report, counts):
    completion = Report.objects.published().for_tally().get(slug=report).completion()

    assert {level: count for level, count in completion.counts.items() if count} == counts


def test_percent_of_plan_1_is_25_for_substantial():
    completion = Report.objects.for_tally().get(slug=IRM_PROGRESS).completion()

    assert (completion.assessed, completion.total) == (48, 48)
    assert completion.percent["substantial"] == Decimal("25.0")


def test_levels_and_labels_of_plan_1_are_those_of_the_irm_sheet():
    # Not started, Limited, Substantial, Complete, Withdrawn, Unclear, in the order of the OGP ids.
    levels = "SLSNNLWSSLLLLLWLLLUCSLLSLCSNUULSNLSLNNSLSNLUSNLN"
    # The sheet prints the label 4.a twice.
    sections = {1: "abcdefghijk", 2: "abcdefgh", 3: "abcdefghijklmnopqrs", 4: "aabcdefghi"}
    labels = [f"{section}.{item}" for section, items in sections.items() for item in items]
    cards = Assessment.objects.filter(report__slug=IRM_PROGRESS).order_by("commitment__number")

    found = [(card.commitment.label, card.commitment.ogp_id, card.level[0].upper()) for card in cards]

    ids = [f"PE{number:04}" for number in range(1, 49)]
    assert found == list(zip(labels, ids, levels, strict=True))


def test_findings_of_plan_1_add_up_to_those_of_the_irm_sheet():
    findings = Finding.objects.filter(commitment__plan__number=1, report__slug=IRM_PROGRESS)
    counts = Counter(findings.values_list("measure", "value"))

    assert counts == {
        ("specificity", "low"): 48,
        ("relevance_information", "yes"): 25,
        ("relevance_information", "no"): 23,
        ("relevance_participation", "yes"): 14,
        ("relevance_participation", "no"): 34,
        ("relevance_accountability", "yes"): 18,
        ("relevance_accountability", "no"): 30,
        ("relevance_technology", "yes"): 7,
        ("relevance_technology", "no"): 41,
        ("potential_impact", "none"): 1,
        ("potential_impact", "minor"): 8,
        ("potential_impact", "moderate"): 31,
        ("potential_impact", "transformative"): 8,
        ("star", "yes"): 11,
        ("star", "no"): 37,
    }


def test_stars_of_plan_1_are_those_of_the_irm_sheet():
    # By the formula before June 2014; the OGP's page marks none of them.
    starred = [1, 8, 20, 21, 24, 26, 27, 32, 35, 39, 41]
    stars = Finding.objects.filter(commitment__plan__number=1, measure="star", value="yes")

    assert list(stars.values_list("commitment__number", flat=True)) == starred
    assert set(stars.values_list("scale", flat=True)) == {"formula-before-june-2014"}
    assert not Commitment.objects.filter(plan__number=1).exclude(is_starred=False).exists()


def test_stars_are_known_of_plans_1_to_3_alone():
    marks = Counter(Commitment.objects.values_list("plan__number", "is_starred"))

    assert marks == {
        (1, False): 48,
        (2, True): 3,
        (2, False): 14,
        (3, False): 18,
        (4, None): 21,
        (5, None): 13,
    }


def test_equal_titles_are_two_pairs():
    titles = Counter(Commitment.objects.values_list("title_es", flat=True))

    assert {title: count for title, count in titles.items() if count > 1} == {
        "Gestión documentaria": 2,
        "Simplificación administrativa": 2,
    }


def test_ogp_ids_run_from_1_to_104_in_the_order_of_plans_and_numbers():
    ids = Commitment.objects.filter(plan__number__lt=5).order_by("plan__number", "number")

    assert [commitment.ogp_id for commitment in ids] == [f"PE{number:04}" for number in range(1, 105)]
    assert not Commitment.objects.filter(plan__number=5, ogp_id__isnull=False).exists()


def test_cards_are_14_and_17_and_the_mid_term_levels_of_15_to_17_have_none():
    cards = Assessment.objects.filter(commitment__plan__number=2)
    without = cards.filter(has_card=False).values_list("report__slug", "commitment__number")

    assert Counter(cards.filter(has_card=True).values_list("report__slug", flat=True)) == {
        MID_TERM: 14,
        END_TERM: 17,
    }
    assert list(without) == [(MID_TERM, 15), (MID_TERM, 16), (MID_TERM, 17)]


def test_every_plan_report_and_update_is_published():
    rows = [*Plan.objects.all(), *Report.objects.all()]

    assert {row.status for row in rows} == {Status.PUBLISHED}
    assert set(Update.objects.values_list("workflow", flat=True)) == {Status.PUBLISHED}


def test_every_row_says_its_document_and_place():
    sourced = [model for model in models_of_the_record() if issubclass(model, Sourced)]
    without = [row for model in sourced for row in model.objects.filter(place__regex=r"^\s*$")]

    assert len(sourced) == 24
    assert without == []


def test_terms_say_their_place_unless_the_definition_is_the_portals_own():
    for term in Term.objects.all():
        assert bool(term.place.strip()) == (term.document is not None), term


def test_every_entity_has_a_spelling_from_a_document():
    assert list(Entity.objects.filter(names=None)) == []


def test_every_commitment_has_a_leading_entity_but_those_of_plans_3_and_4():
    leading = Responsibility.objects.filter(role__in=Responsibility.LEADING, entity__isnull=False)
    without = Commitment.objects.exclude(responsibilities__in=leading)

    # No document at hand prints the institutions of plans III and IV.
    assert Counter(without.values_list("plan__number", flat=True)) == {3: 18, 4: 21}


def test_printed_names_without_an_entity_are_whole_categories():
    names = Responsibility.objects.filter(entity=None).values_list("name_as_printed", flat=True)

    assert set(names) == {
        "Regional and Local Governments",
        "Gobiernos Regionales y Locales",
        "Entities of the three levels of government",
        "Civil society in general",
        "Regional governments, through:",
        "Regional Directorate/ Management of Education (DRE/GRE)",
        "Local Education Management Unit (UGEL)",
        "Educational Institution",
    }


def texts():
    """Yield (where, text) of every file of the record and every column of the database that holds text."""
    for path in sorted(settings.FIXTURES_DIR.rglob("*.*")):
        yield path.name, path.read_text(encoding="utf-8")
    holding_text = (models.CharField, models.TextField, models.JSONField)
    for app in ("entities", "plans", "commitments", "ogp_portal"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            columns = [
                column.name for column in model._meta.concrete_fields if isinstance(column, holding_text)
            ]
            for values in model._base_manager.values_list(*columns) if columns else ():
                yield model._meta.label, " ".join(map(str, values))


def test_no_email_but_that_of_the_secretariat_stands_anywhere():
    found = {(where, email) for where, text in texts() for email in EMAIL.findall(text)}

    assert {(where, email) for where, email in found if email != "gestionpublica@pcm.gob.pe"} == set()


# The documents and the record.


def test_documents_are_found_by_their_words(sources):
    assert len({document(slug) for slug in MARKS}) == 5
    # The IRM's sheet on plan I is in none of the texts. Other documents are only listed.
    quoted = Document.objects.with_use().filter(is_quoted=True).values_list("slug", flat=True)
    assert set(quoted) == {*MARKS, "irm-progress-report-2012-2013", *SEEN_LATER}


def test_documents_seen_later_say_so_in_both_languages():
    noted = Document.objects.exclude(note_es="").exclude(note_en="")

    assert set(noted.values_list("slug", flat=True)) == SEEN_LATER | TITLE_SEEN_LATER
    assert not Document.objects.exclude(pk__in=noted).exclude(note_es="", note_en="").exists()
    for row in noted:
        assert "25 de noviembre de 2026" in row.note_es and "25 November 2026" in row.note_en, row
        assert ("solo el comienzo" in row.note_es) == ("only its beginning" in row.note_en), row
        assert ("solo el comienzo" in row.note_es) == (row.slug in SEEN_LATER), row
        assert bool(row.url) == (row.slug in SEEN_LATER), row


def test_no_telephone_and_no_email_of_a_card_stands_anywhere(sources):
    emails, numbers = read_contacts()
    private = re.compile(
        "|".join(
            [rf"(?<!\d){'[ .-]?'.join(number)}(?!\d)" for number in numbers] + list(map(re.escape, emails))
        )
    )

    found = [(where, match.group()) for where, text in texts() for match in private.finditer(text)]

    assert (len(emails), len(numbers)) == (13, 11)
    assert found == []


# Plan II: the two self-assessment reports.


def test_cards_read_are_31(sources):
    assert [(report, number) for report in DOCUMENTS for number in read_cards(report)] == CARDS


@EVERY_CARD
def test_level_of_a_card_is_the_place_of_its_x(sources, report, number):
    printed, found = read_cards(report)[number], card_of(report, number)

    assert (found.level, found.level_as_printed) == (printed.level, printed.level_as_printed)


@pytest.mark.parametrize("report", DOCUMENTS)
def test_levels_of_the_cards_are_those_of_the_reports_own_table(sources, report):
    table = read_table(report)
    found = Assessment.objects.filter(report__slug=report).values_list("commitment__number", "level")

    assert dict(found) == {number: levels[-1] for number, (title, levels) in table.items()}
    assert all(card.level == table[number][1][-1] for number, card in read_cards(report).items())
    assert len(table) == 17


def test_mid_term_levels_are_those_that_the_end_term_report_repeats(sources):
    repeated = {number: levels[0] for number, (title, levels) in read_table(END_TERM).items()}
    found = Assessment.objects.filter(report__slug=MID_TERM).values_list("commitment__number", "level")

    assert dict(found) == repeated


def test_mid_term_totals_are_those_of_its_last_table(sources):
    completion = Report.objects.for_tally().get(slug=MID_TERM).completion()

    assert {level: completion.counts[level] for level in SCALE} | {"total": 17} == read_summary_totals()


def test_end_term_matrix_of_themes_and_levels_adds_up(sources):
    *rows, (_, totals, total), (_, percents, hundred) = read_matrix()
    report = Report.objects.for_tally().get(slug=END_TERM)
    completion, by_theme = report.completion(), report.completion_by_theme()

    # The rows have words of their own for the themes ("Acceso a servicios"); their order is the same.
    themes = Theme.objects.filter(plan__number=2)
    for theme, (_, levels, sum_of_row) in zip(themes, rows, strict=True):
        assert [by_theme[theme].counts[level] for level in SCALE] == [int(level or 0) for level in levels]
        assert by_theme[theme].total == int(sum_of_row)
    assert [completion.counts[level] for level in SCALE] == [int(level) for level in totals]
    assert (completion.total, int(total), hundred) == (17, 17, "100")
    assert len(percents) == 4


def test_end_term_percents_are_cut_where_ours_are_rounded(sources):
    printed = [Decimal(percent.replace(",", ".")) for percent in read_matrix()[-1][1]]
    completion = Report.objects.for_tally().get(slug=END_TERM).completion()

    ours = [completion.percent[level] for level in SCALE]
    cut = [
        (Decimal(completion.counts[level] * 100) / 17).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
        for level in SCALE
    ]

    assert printed == cut == [Decimal("17.6"), Decimal("5.8"), Decimal("11.7"), Decimal("64.7")]
    # 1 and 2 of 17 are 5.88 and 11.76 %: the report cuts them, the portal says 5.9 and 11.8.
    assert ours == [Decimal("17.6"), Decimal("5.9"), Decimal("11.8"), Decimal("64.7")]


# Declared figures.

# How the rows of the end-term matrix that are of a theme stand for it, in their order.
THEMES_OF_THE_MATRIX = ["2-transparencia", "2-participacion", "2-rendicion-de-cuentas", "2-servicios", None]
MATRIX = "Cuadro de temas y niveles"


def figures(**columns):
    return DeclaredFigure.objects.published().for_reading().filter(**columns)


def cell_of(figure):
    """Return (row, column) of a figure of the end-term matrix; its totals have no level."""
    row = "%" if figure.is_percent else figure.theme and figure.theme.slug
    return row, figure.level or "total"


def test_figures_of_the_end_term_matrix_are_its_cells_to_the_letter(sources):
    found = figures(report__slug=END_TERM, place__startswith=MATRIX)
    printed, labels = {}, {}
    for row, (label, levels, total) in zip([*THEMES_OF_THE_MATRIX, "%"], read_matrix(), strict=True):
        for column, cell in zip([*SCALE, "total"], [*levels, total], strict=True):
            # A blank cell prints nothing, so it is no figure.
            if cell:
                printed[row, column] = cell
                labels[row, column] = label

    assert {cell_of(figure): figure.as_printed for figure in found} == printed
    assert len(found) == len(printed) == 24
    for figure in found:
        row, *column = figure.label_es.split(": ")
        assert row == labels[cell_of(figure)]
        assert column == ["Total"] or not column or LEVELS[column[0].lower()] == figure.level, figure


def test_figures_of_the_mid_term_report_are_its_last_table(sources):
    found = figures(report__slug=MID_TERM)

    assert {figure.level or "total": int(figure.as_printed) for figure in found} == read_summary_totals()
    assert [LEVELS.get(figure.label_en.lower(), "") for figure in found] == [row.level for row in found]


def test_figures_on_stars_are_those_of_the_member_pages_table(sources):
    found = figures(measure="starred", report=None)
    printed = {plan: number for plan, number in read_stars().items() if number is not None}

    assert {figure.plan.number: int(figure.as_printed) for figure in found} == printed
    assert [figure.label_en for figure in found] == [
        f"Starred Commitments: Action Plan {plan}" for plan in printed
    ]


def test_figures_on_plan_3_are_those_of_the_irm_page(sources):
    found = figures(report__slug=IRM_IMPLEMENTATION)
    printed = read_at_a_glance()
    numbers = {label: cell for label, cell in printed.items() if re.match(r"\(?\d", cell)}
    # The year since when is no figure of commitments.
    del numbers["Member since"]

    assert {figure.label_en: figure.as_printed for figure in found} == numbers


def test_figures_in_running_text_stand_there_beside_their_words(sources):
    tables = ("Cuadro", "Table", "Commitment Performance")
    of_the_texts = figures(document__slug__in=MARKS)
    found = [figure for figure in of_the_texts if not figure.place.startswith(tables)]

    assert len(found) == 20
    for figure in found:
        text = fold(strip_markup(document(figure.document.slug)))
        first, *rest = getattr(figure, f"label_{figure.document.language}").split(": ")
        words = rest[-1] if rest else first
        beside = (
            f"{figure.as_printed} {words}",
            f"{words} {figure.as_printed}",
            f"{words}: {figure.as_printed}",
        )
        assert first in text, figure
        assert re.findall(r"tema (\d)", figure.place) == ([str(figure.theme.order)] if figure.theme else [])
        assert any(each in text for each in beside), figure


NUMBER_WORDS = {"uno": 1, "dos": 2, "tres": 3}


def test_value_of_a_figure_is_the_first_number_printed():
    for figure in figures():
        printed = re.search(r"\d+(?:[.,]\d+)?|$", figure.as_printed).group().replace(",", ".")

        assert figure.value == Decimal(printed or NUMBER_WORDS[figure.as_printed]), figure


def test_figures_that_the_record_does_not_add_up_to_are_these():
    differing = {figure.slug: figure.difference for figure in figures() if figure.difference}
    unknown = {figure.slug for figure in figures() if figure.difference is None}

    assert differing == {
        # 47 and 33 commitments of plan I, where the record has the 48 of the OGP and the IRM.
        "plan-1-f1": -1,
        "plan-1-f4": -15,
        # 65 % is 64.7 rounded; 5.8 and 11.7 are 5.88 and 11.76 cut.
        f"{END_TERM}-f10": Decimal("0.3"),
        f"{END_TERM}-f32": Decimal("-0.1"),
        f"{END_TERM}-f33": Decimal("-0.1"),
    }
    others = set(figures(measure="other").values_list("slug", flat=True))
    # Its number of completed commitments: the record holds 3 of the 18 levels.
    # That of the commitments of plan VI: the record holds none of them.
    assert unknown == others | {f"{IRM_IMPLEMENTATION}-f6", "plan-6-f1", "plan-6-f2"}


def test_figures_seen_later_are_these():
    found = figures(document__slug__in=SEEN_LATER)

    assert {figure.slug: (figure.measure, figure.as_printed) for figure in found} == {
        "3-irm-design-report-f1": ("other", "16 (89%)"),
        "3-irm-design-report-f2": ("other", "1 (6%)"),
        "3-irm-design-report-f3": ("other", "0"),
        "4-irm-design-report-f1": ("other", "17 (81%)"),
        "4-irm-design-report-f2": ("other", "1 (5%)"),
        "4-irm-design-report-f3": ("other", "1 (5%)"),
        "4-irm-results-report-f1": ("commitments", "21"),
        "4-irm-results-report-f2": ("other", "1"),
        "4-irm-results-report-f3": ("other", "8"),
        "4-irm-results-report-f4": ("other", "12"),
        "4-irm-results-report-f5": ("other", "3"),
        "4-irm-results-report-f6": ("other", "11 in total"),
        "plan-5-f2": ("commitments", "13"),
        "plan-6-f1": ("commitments", "11"),
        "plan-6-f2": ("commitments", "11"),
    }
    # Early results are no level that a report judged.
    early = [figure for figure in found if "early results" in figure.label_en.lower()]
    assert [int(figure.value) for figure in early] == [1, 8, 12]
    assert {(figure.level, "no nivel de cumplimiento" in figure.label_es) for figure in early} == {("", True)}
    # The percentage of the design report on plan III is the one that the page in the folder prints alone.
    assert figures(slug="3-irm-implementation-report-f2")[0].as_printed == "(89%)"


def test_plan_6_is_known_by_its_norm_and_number_and_holds_no_commitment():
    plan = Plan.objects.get(number=6)

    assert (plan.starts_on, plan.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))
    assert plan.title_es == "VI Plan de Acción de Estado Abierto 2026-2027"
    assert plan.approval_norm_es == "Decreto Supremo 151-2025-PCM"
    assert (plan.approved_on, plan.approved_as_printed, plan.coordinator.slug) == (None, "", "sgp")
    assert not plan.commitments.exists() and not plan.themes.exists() and not plan.reports.exists()
    assert DeclaredFigure.objects.of_whole_plans([plan])[plan.pk][0].number == 11
    notes = [source.note_es for source in plan.further_sources.all()]
    areas = (
        "salud, educación, integridad pública, acceso a la justicia, participación ciudadana, "
        "contrataciones públicas y transparencia"
    )
    assert sum(areas in note for note in notes) == 1


def test_periods_and_reports_seen_later_are_these():
    periods = PlanPeriod.objects.filter(document__slug__in=SEEN_LATER)
    reports = Report.objects.filter(document__slug__in=SEEN_LATER)

    assert set(periods.values_list("plan__number", "as_printed", "document__slug")) == {
        (4, "2020-2021", "norm-206-2019-pcm"),
        (4, "2020-2022", "self-assessment-mid-term-2020-2022"),
        (4, "2019-2022", "irm-results-report-2019-2022"),
        (5, "2023-2025", "ogp-member-page-2026"),
        (6, "2026-2027", "plan-6-notiperu-2026"),
        (6, "2026-2027", "plan-6-el-portavoz"),
    }
    assert set(reports.values_list("slug", "author", "stage", "coverage")) == {
        ("4-mid-term-self-assessment", "government", "mid_term", "not_held"),
        ("4-irm-results-report", "irm", "results", "not_held"),
        ("5-irm-action-plan-review", "irm", "review", "not_held"),
    }
    assert not Assessment.objects.filter(report__in=reports).exists()


# The mid-term card 10 translates the theme "Participación Ciudadana" otherwise than cards 7 to 9.
OTHER_COMPONENTS = {(MID_TERM, 10): "Civic activism"}


@EVERY_CARD
def test_theme_of_a_commitment_is_the_component_of_its_card(sources, report, number):
    printed, theme = read_cards(report)[number], card_of(report, number).commitment.theme
    name = OTHER_COMPONENTS.get((report, number), getattr(theme, f"name_{LANGUAGE[report]}"))

    assert bare(printed.component) == bare(name)


def titles_of(commitment, language, slug):
    """Return the titles that the record has from a document: its own, and the other ones."""
    others = commitment.titles.filter(document__slug=slug).values_list("title", flat=True)
    return {bare(getattr(commitment, f"title_{language}")), *map(bare, others)}


@EVERY_CARD
def test_title_of_a_card_is_a_title_of_the_commitment(sources, report, number):
    commitment = card_of(report, number).commitment

    assert bare(read_cards(report)[number].title) in titles_of(
        commitment, LANGUAGE[report], DOCUMENTS[report]
    )


@pytest.mark.parametrize("report", DOCUMENTS)
def test_titles_of_a_reports_table_are_titles_of_the_commitments(sources, report):
    commitments = {commitment.number: commitment for commitment in Commitment.objects.filter(plan__number=2)}

    for number, (title, _) in read_table(report).items():
        assert bare(title) in titles_of(commitments[number], LANGUAGE[report], DOCUMENTS[report])


@pytest.mark.parametrize("report", DOCUMENTS)
def test_form_of_a_report_has_the_rows_that_its_cards_have(sources, report):
    cards = read_cards(report).values()

    assert {tuple(sorted(card.rows)) for card in cards} == {
        tuple(sorted(Report.objects.get(slug=report).card_form))
    }


@EVERY_CARD
def test_every_row_of_a_card_is_in_the_record_word_by_word(sources, report, number):
    printed, found = read_cards(report)[number], card_of(report, number)

    # A reason that is quoted from another row is no row of its own: its tests are below.
    rows = Assessment.QUOTED if found.public_id in REASONS else Assessment.ROWS
    for row in rows:
        assert fold(getattr(found, row)) == fold(masked(printed.rows.get(row, ""), LANGUAGE[report])), row
    assert found.has_card
    assert found.place.endswith(f" {number}")


def test_rows_of_levels_without_a_card_are_blank(sources):
    for card in Assessment.objects.filter(report__slug=MID_TERM, has_card=False):
        assert {getattr(card, row) for row in Assessment.ROWS} == {""}


@pytest.mark.parametrize("number", range(1, 15))
def test_new_end_of_a_card_is_the_last_day_of_the_month_printed(sources, number):
    printed, found = read_cards(MID_TERM)[number].rows["new_end_as_printed"], card_of(MID_TERM, number)

    # "Concluded" and "Completed" are no dates.
    assert found.new_end_on == (None if printed in ("Concluded", "Completed") else last_day(printed))


# Numbers of activities that a card prints otherwise than the record, and why.
OTHER_NUMBERS = {
    # The third process is Loreto in 2016 and Arequipa in 2017: two milestones, the second with number 4.
    (END_TERM, 6): {3: 4},
    # The second of four bullets is no activity but progress of 2015 on the first.
    (END_TERM, 13): {2: None, 3: 2, 4: 3},
}
# The end-term card 4 prints its two activities without numbers.
WITHOUT_NUMBERS = {(END_TERM, 4)}
# Cards where what stands below an activity is not all of that one.
SPREAD = {
    # The text below activity 2 is on the module of activity 1 (PAC), and is an update of that one.
    (MID_TERM, 5),
    # The text on the first action goes on in the bullet that is no activity.
    (END_TERM, 13),
}


# How what a card says after its last activity begins where it is on the commitment as a whole.
ON_THE_COMMITMENT = (
    "Source: ",
    "Fuente: ",
    "The commitment has been rescheduled",
    "The fulfillment of the commitment has been",
    "The implementation of commitment",
    "The implementation of the commitment",
    "The Permanent Multisector Commission EITI Peru",
    "(1) A 100% progress was recorded in 2015",  # the notes of card 9's table
    "El PTE cuenta con una directiva",
    "Hay avances significativos",
)


def printed_activities(report, number):
    """Return {number of the milestone: text} of what a card prints from each activity to the next."""
    card = read_cards(report)[number]
    if number == 8:  # The description names the activities; the results number types of workshops.
        items = card.numbered("description")
    elif number == 13:  # Bullets, no numbers.
        items = card.numbered(mark="·")
    else:
        items = card.numbered()
    others = OTHER_NUMBERS.get((report, number), {})
    found = {others.get(item, item): masked(text, LANGUAGE[report]) for item, text in items}
    found.pop(None, None)
    return found


def milestones_in(report, number):
    """Return {number: milestone} of those that have their activity from a report, not from a translation."""
    column = f"activity_{LANGUAGE[report]}"
    found = Milestone.objects.filter(commitment__plan__number=2, commitment__number=number)
    return {row.number: row for row in found if getattr(row, column) and not row.is_unofficial(column)}


@EVERY_CARD
def test_activities_of_a_card_are_the_milestones(sources, report, number):
    printed, found = printed_activities(report, number), milestones_in(report, number)
    activities = {item: fold(getattr(row, f"activity_{LANGUAGE[report]}")) for item, row in found.items()}

    if (report, number) in WITHOUT_NUMBERS:
        assert not printed and len(activities) == 2
        printed = dict.fromkeys(activities, fold(read_cards(report)[number].rows["results"]))
        assert all(activities[item] in text for item, text in printed.items())
    else:
        assert activities.keys() == printed.keys()
        assert all(text.startswith(activities[item]) for item, text in printed.items())


@EVERY_CARD
def test_updates_of_a_report_quote_its_card(sources, report, number):
    language, other = ("en", "es") if report == MID_TERM else ("es", "en")
    card = fold(masked(read_cards(report)[number].text, language))
    updates = Update.objects.filter(report__slug=report, milestone__commitment__number=number)

    for update in updates:
        text, reason = getattr(update, f"text_{language}"), getattr(update, f"reason_{language}")
        quoted = [*text.split("[…]"), reason, *update.source_letter.split("; ")]
        assert all(fold(words) in card for words in quoted), update
        others = {f"text_{other}", f"reason_{other}"} - set(update.unofficial)
        assert not any(getattr(update, column) for column in others), update


@EVERY_CARD
def test_updates_of_a_report_have_all_that_its_card_says_below_the_activity(sources, report, number):
    language, cells = LANGUAGE[report], {row[0]: row[1:3] for row in read_cards(report)[number].table()}
    printed, milestones = printed_activities(report, number), milestones_in(report, number)

    for item, below in printed.items():
        activity = fold(getattr(milestones[item], f"activity_{language}"))
        rest = below.removeprefix(activity).lstrip(" .:")
        for cell in cells.get(f"{item}. {activity}", ()):
            rest = rest.removeprefix(cell).strip()
        for update in milestones[item].updates.filter(report__slug=report):
            for part in getattr(update, f"text_{language}").split("[…]"):
                rest = rest.replace(fold(part), "", 1).strip()
        is_on_the_whole = item == max(printed) and rest.startswith(ON_THE_COMMITMENT)
        assert rest == "" or is_on_the_whole or (report, number) in SPREAD, milestones[item]


@pytest.mark.parametrize("number", [4, 9])
def test_percents_and_dates_of_a_cards_table_are_in_the_updates(sources, number):
    rows = read_cards(MID_TERM)[number].table()
    updates = Update.objects.filter(
        report__slug=MID_TERM, milestone__commitment__plan__number=2, milestone__commitment__number=number
    )

    found = {update.milestone.number: update for update in updates}
    assert len(rows) == len(found) == {4: 2, 9: 5}[number]
    for activity, percent, new_end, progress in rows:
        update = found[int(activity.split(".")[0])]
        assert activity.endswith(fold(update.milestone.activity_en))
        # Card 9 prints the number of its note where it has no percentage.
        assert update.percent == (int(percent.split("%")[0]) if "%" in percent else None)
        assert (update.new_end_as_printed, update.new_end_on) == (new_end, last_day(new_end))
        assert fold(update.text_en.split("[…]")[0]) == progress


def test_dates_of_updates_are_the_last_day_of_what_is_printed(sources):
    for update in Update.objects.exclude(new_end_on=None):
        assert update.new_end_on == last_day(update.new_end_as_printed), update
    for update in Update.objects.exclude(done_on=None):
        words = read_cards(update.report.slug)[update.milestone.commitment.number].text
        assert update.done_on == last_day(update.done_as_printed), update
        assert update.done_as_printed in words, update
    for update in Update.objects.select_related("report"):
        assert update.as_of <= update.report.cutoff_on, update


# Which cards that are not complete name a cause, and in which row.
REASONS = {
    "2-mid-term-self-assessment:2-2": "results",
    "2-mid-term-self-assessment:2-4": "results",
    "2-mid-term-self-assessment:2-9": "results",
    "2-end-term-self-assessment:2-1": "additional_information",
    "2-end-term-self-assessment:2-7": "additional_information",
    "2-end-term-self-assessment:2-10": "additional_information",
    "2-end-term-self-assessment:2-12": "additional_information",
    "3-irm-implementation-report:3-1": "results",
}


def test_reasons_are_passages_of_these_cards():
    found = Assessment.objects.exclude(delay_reason="").select_related("report", "commitment__plan")

    assert {card.public_id: card.delay_reason_from for card in found} == REASONS
    for card in found:
        assert card.level in ("not_started", "limited", "substantial"), card
        assert card.delay_reason in getattr(card, card.delay_reason_from), card
        # A passage is no row of the form (rule 9).
        assert "delay_reason" not in card.report.card_form, card
        assert card.row_state("delay_reason") == "absent", card
    assert not Assessment.objects.filter(delay_reason="").exclude(delay_reason_from="").exists()


def test_reasons_of_plan_2_stand_in_the_row_of_the_card_that_they_name(sources):
    cards = Assessment.objects.exclude(delay_reason="").filter(commitment__plan__number=2)

    for card in cards.select_related("report", "commitment"):
        printed = read_cards(card.report.slug)[card.commitment.number].rows[card.delay_reason_from]
        assert fold(card.delay_reason) in fold(printed), card
    (of_irm,) = Assessment.objects.exclude(delay_reason="").filter(commitment__plan__number=3)
    assert fold(of_irm.delay_reason) in fold(strip_markup(document("irm-implementation-page-2017-2019")))


def test_websites_are_those_that_a_source_prints_as_the_institutions_own(sources):
    found = dict(Entity.objects.exclude(website="").values_list("slug", "website"))
    text = fold(document("v-plan-2023-2024"))

    assert found == {
        "sgp": "https://www.gob.pe/gestionpublica",
        "pronabec": "https://www.gob.pe/pronabec",
    }
    assert "gestionpublica@pcm.gob.pe www.gob.pe/gestionpublica ©" in text
    assert "PRONABEC Portal (www.gob.pe/pronabec)" in text


def test_ogp_pages_are_those_of_the_commitments_with_an_id(settings):
    settings.OGP_COMMITMENT_URL = "https://ogp.example/{ogp_id}/"
    rows = Commitment.objects.select_related("plan")

    assert {row.ogp_url for row in rows if row.plan.number < 5} == {
        f"https://ogp.example/PE{number:04}/" for number in range(1, 105)
    }
    assert {row.ogp_url for row in rows if row.plan.number == 5} == {""}


@EVERY_CARD
def test_addresses_of_a_card_are_its_evidence(sources, report, number):
    evidence = Evidence.objects.filter(
        models.Q(assessment__report__slug=report, assessment__commitment__number=number)
        | models.Q(update__report__slug=report, update__milestone__commitment__number=number)
    )

    assert set(evidence.values_list("url", flat=True)) == urls(read_cards(report)[number].text)


def test_evidence_is_of_the_cards_alone(sources):
    assert not Evidence.objects.filter(assessment=None, update=None).exists()


# Plan III: the IRM's page.


def test_noteworthy_commitments_of_plan_3_are_those_of_the_irm_page(sources):
    cards = Assessment.objects.filter(report__slug=IRM_IMPLEMENTATION).select_related("commitment")

    printed = {row.number: row for row in read_noteworthy()}

    assert [card.commitment.code for card in cards] == [f"3-{number}" for number in printed]
    for card in cards:
        row = printed[card.commitment.number]
        title = card.commitment.titles.get(document__slug="irm-implementation-page-2017-2019").title
        assert (card.level, fold(card.results)) == (row.level, row.status)
        assert row.status.startswith(card.level_as_printed)
        assert row.text == fold(f"{title} {card.commitment.description_en}")


def test_commitments_count_of_plan_3_is_that_of_the_irm_page(sources):
    table = read_at_a_glance()

    assert Commitment.objects.filter(plan__number=3).count() == int(table["Number of commitments"])
    assert int(table["Starred commitments"]) == 0


# Plans I to IV: the OGP's member page.


def test_lines_of_the_member_page_are_the_commitments_of_plans_1_to_4(sources):
    lines = read_commitments()
    found = {row.ogp_id: row for row in Commitment.objects.exclude(ogp_id=None).select_related("plan")}

    assert [line.item for line in lines] == list(range(1, 105))
    assert {line.ogp_id: line.plan for line in lines} == {
        ogp_id: row.plan.number for ogp_id, row in found.items()
    }
    for line in lines:
        row = found[line.ogp_id]
        others = row.titles.filter(document__slug="ogp-member-page").values_list("title", flat=True)
        # Plan II has its own documents' titles, and the page's as another one.
        assert line.title in ([row.title_en] if line.plan != 2 else others), line
        assert [area.name_en for area in row.policy_areas.all()] == line.policy_areas, line
        places = {source.place for source in row.sources if source.document.slug == "ogp-member-page"}
        assert f"Commitments list, item {line.item}" in places, line


def test_stars_are_those_that_the_member_page_marks(sources):
    stars = read_stars()

    for line in read_commitments():
        # The page has no data on plan IV: whether they are starred is not known.
        expected = None if stars[line.plan] is None else line.is_starred
        assert Commitment.objects.get(ogp_id=line.ogp_id).is_starred is expected, line
    for plan in (1, 2, 3):
        assert Commitment.objects.filter(plan__number=plan, is_starred=True).count() == stars[plan]
    assert set(Commitment.objects.filter(plan__number=5).values_list("is_starred", flat=True)) == {None}


def test_findings_of_plan_2_are_the_stars_that_the_member_page_prints(sources):
    findings = Finding.objects.exclude(commitment__plan__number=1)
    printed = {line.ogp_id: line for line in read_commitments() if line.is_starred}

    assert len(findings) == len(printed) == 3
    for finding in findings:
        line = printed[finding.commitment.ogp_id]
        assert (finding.measure, finding.scale, finding.value) == ("star", "ogp-page", "yes")
        assert (finding.document.slug, finding.value_as_printed) == ("ogp-member-page", STAR.strip())
        assert finding.place == f"Commitments list, item {line.item}"
        assert finding.report is None


def test_policy_areas_are_those_that_the_member_page_prints(sources):
    printed = {area for line in read_commitments() for area in line.policy_areas}

    assert set(PolicyArea.objects.values_list("name_en", flat=True)) == printed


# Plan V: its 13 commitment records.

TEXTS_OF_A_RECORD = {
    "problem": "problem_en",
    "description": "description_en",
    "contribution": "contribution_en",
    "relevance": "relevance_en",
}


def commitment_of(number):
    return Commitment.objects.select_related("theme").get(plan__number=5, number=number)


def test_records_read_are_13_with_47_milestones(sources):
    records = read_records()

    assert list(records) == list(range(1, 14))
    assert sum(len(printed.milestones) for printed in records.values()) == 47


@EVERY_RECORD
def test_title_theme_and_period_of_a_record(sources, number):
    printed, found = read_records()[number], commitment_of(number)
    months = fold(printed.rows["period"])
    first, last = months.split(" – ")

    assert printed.title.removesuffix(".") == found.title_en
    assert bare(printed.subject) == bare(found.theme.name_en)
    assert found.period_as_printed == months
    assert (found.starts_on, found.ends_on) == (last_day(first).replace(day=1), last_day(last))


@EVERY_RECORD
def test_title_and_subject_of_the_list_of_commitments(sources, number):
    subject, title, _ = read_list()[number]
    found = commitment_of(number)

    assert bare(title) in titles_of(found, "en", "v-plan-2023-2024")
    assert bare(subject) == bare(found.theme.name_en)


@EVERY_RECORD
def test_texts_of_a_record_are_in_the_record_word_by_word(sources, number):
    printed, found = read_records()[number], commitment_of(number)

    for row, column in TEXTS_OF_A_RECORD.items():
        assert fold_list(getattr(found, column)) == fold_list(printed.rows[row]), column
        assert printed.rows[row].strip(), column


@EVERY_RECORD
def test_items_of_a_record_are_its_products_indicators_and_footnotes(sources, number):
    rows = read_records()[number].rows
    items = CommitmentItem.objects.filter(commitment=commitment_of(number)).order_by("order")

    for kind in CommitmentItem.Kind.values:
        texts_of_kind = [item.text_en for item in items if item.kind == kind]
        assert fold(" ".join(texts_of_kind)) == fold_list(rows.get(kind, "")), kind
    # A row with bullets gives an item for each.
    for kind in ("final_product", "outcome_indicator"):
        bullets = rows[kind].count("•")
        assert not bullets or sum(item.kind == kind for item in items) == bullets, kind


# What the stakeholders' row of record 2 says between the names: it lists bodies inside a sentence.
BETWEEN_STAKEHOLDERS = {2: "and its attached public bodies and"}


@EVERY_RECORD
def test_institutions_of_a_record_are_its_responsibilities(sources, number):
    rows = read_records()[number].rows
    found = Responsibility.objects.filter(commitment=commitment_of(number)).order_by("order")
    (lead,) = [row for row in found if row.role == "lead"]
    (monitoring,) = [row for row in found if row.role == "monitoring"]

    assert lead.name_as_printed == fold(rows["lead"])
    assert monitoring.name_as_printed == fold(rows["entity"])
    assert monitoring.unit_en == fold(rows["unit"]).removesuffix(".")
    rest, before = fold_list(rows["stakeholders"]), ""
    for row in found:
        if row.role == "stakeholder":
            between, name, rest = rest.partition(row.name_as_printed)
            assert name, row.name_as_printed
            before += f" {between}"
    words = re.findall(r"\w+", before + rest)
    assert " ".join(words) == BETWEEN_STAKEHOLDERS.get(number, "")


HALF = re.compile(r"(1st|1rst|2nd) Half ?- (\d{4})( \(\*\))?")


def half_year(printed):
    """Return the first and the last day of a half-year as printed: '1st Half - 2023'."""
    half, year, _ = HALF.fullmatch(printed).groups()
    year = int(year)
    if half == "2nd":
        return date(year, 7, 1), date(year, 12, 31)
    return date(year, 1, 1), date(year, 6, 30)


@EVERY_RECORD
def test_milestones_of_a_record_have_its_five_cells(sources, number):
    printed = read_records()[number].milestones
    found = Milestone.objects.filter(commitment=commitment_of(number))

    assert [row.number for row in found] == list(range(1, len(printed) + 1))
    for row, (activity, responsible, means, start, end) in zip(found, printed, strict=True):
        assert fold(row.activity_en) == activity
        assert row.responsible_as_printed == responsible
        assert fold(row.means_of_verification_en) == means
        assert (row.starts_as_printed, row.ends_as_printed) == (start, end)
        assert (row.starts_on, row.ends_on) == (half_year(start)[0], half_year(end)[1])
        # "(*)" at the end of a date leads to the record's footnote.
        assert row.note_en == (read_records()[number].rows["footnote"] if end.endswith("(*)") else "")


@EVERY_RECORD
def test_units_of_a_milestone_are_what_its_cell_prints(sources, number):
    milestones = Milestone.objects.filter(commitment=commitment_of(number))

    for milestone in milestones:
        rest = milestone.responsible_as_printed
        for row in MilestoneResponsible.objects.filter(milestone=milestone):
            assert row.unit_en in milestone.responsible_as_printed
            assert row.name_as_printed in milestone.responsible_as_printed
            rest = rest.replace(row.unit_en, "").replace(row.name_as_printed, "")
        assert set(re.findall(r"\w+", rest)) <= {"and"}, milestone


def test_plan_5_has_its_milestones_of_which_the_record_says_nothing_further():
    assert not Update.objects.filter(milestone__commitment__plan__number=5).exists()
    assert not Assessment.objects.filter(commitment__plan__number=5).exists()


# Every plan: what is printed is printed.


def words_of(slug):
    """Return the words of a document in lower case, white space folded, without tags and list marks."""
    return fold_list(strip_markup(document(slug))).lower()


def test_spellings_of_entities_stand_in_their_documents(sources):
    for row in EntityName.objects.filter(document__slug__in=MARKS).select_related("document"):
        assert fold(row.spelling).lower() in words_of(row.document.slug), row


def test_names_of_responsible_institutions_stand_in_their_documents(sources):
    for row in Responsibility.objects.filter(document__slug__in=MARKS).select_related("document"):
        assert fold(row.name_as_printed).lower() in words_of(row.document.slug), row


def test_other_titles_stand_in_their_documents(sources):
    for row in CommitmentTitle.objects.select_related("document"):
        assert fold(row.title).lower() in words_of(row.document.slug), row


def test_periods_of_plans_stand_in_their_documents(sources):
    for period in PlanPeriod.objects.select_related("document"):
        first, last = re.fullmatch(r"(\d{4})[-–](?:20)?(\d{2})", period.as_printed).groups()
        if period.document.slug in MARKS:
            assert period.as_printed in document(period.document.slug), period
        assert period.starts_on == date(int(first), 1, 1), period
        assert period.ends_on == date(2000 + int(last), 12, 31), period


@pytest.mark.parametrize("number", range(1, 7))
def test_canonical_dates_of_a_plan_are_a_period_that_its_document_prints(number):
    plan = Plan.objects.get(number=number)

    assert plan.periods.filter(
        document=plan.document, starts_on=plan.starts_on, ends_on=plan.ends_on
    ).exists()
