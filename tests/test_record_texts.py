"""The works, recommendations, sections, glossary and languages of the real record, against the documents.

As in test_record.py: mechanically from the sources; what differs on purpose stands in a constant with its
reason.
"""

import re
from collections import Counter

import pytest
from django.db import models

from commitments.models import Assessment, CommitmentItem, Evidence, Finding, Update
from entities.models import Entity, EntityName
from plans.models import DeclaredFigure, Listing, PlanPeriod, Recommendation, Report, Section, Term, Theme
from record.models import Document
from record.text import LANGUAGES, Translated, other_column
from tests.record import bare, models_of_the_record, record  # noqa: F401
from tests.sources import MARKS, SEEN_LATER, TITLE_SEEN_LATER, fold
from tests.sources.cards import DOCUMENTS, END_TERM, MID_TERM
from tests.sources.pages import read_recommendations as read_recommendations_of_page
from tests.sources.pages import read_resources
from tests.sources.texts import (
    ITEM_MARK,
    between,
    folded,
    letters,
    paragraphs,
    read_acronyms,
    read_cells,
    read_conclusions,
    read_glossary,
    read_recommendations,
    read_recommendations_again,
    running_text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

MEMBER_PAGE, PLAN_5 = "ogp-member-page", "v-plan-2023-2024"
IRM_PAGE = "irm-implementation-page-2017-2019"
BY_LANGUAGE = {
    "es": [DOCUMENTS[END_TERM]],
    "en": [DOCUMENTS[MID_TERM], IRM_PAGE, PLAN_5, MEMBER_PAGE],
}


def source_in(row, language):
    """Return the document that has the text of a row in a language: its own or, of plan II, its twin."""
    if row.document.language == language:
        return row.document.slug
    return BY_LANGUAGE[language][0]


# The works that the OGP's member page lists.

KIND_OF_WORK = {
    "Action Plan": Document.Kind.ACTION_PLAN,
    "Case Study": Document.Kind.CASE_STUDY,
    "IRM Report": Document.Kind.IRM_REPORT,
    "Letter": Document.Kind.LETTER,
    "Report Comments": Document.Kind.REPORT_COMMENTS,
    "Research Product": Document.Kind.RESEARCH_PRODUCT,
    "Self Assessment": Document.Kind.SELF_ASSESSMENT,
}
FOR_COMMENT = " – For Public Comment"
# The three that are sources of the record: their year is their own, not that of the page.
WITH_A_YEAR_OF_THEIR_OWN = {DOCUMENTS[MID_TERM], DOCUMENTS[END_TERM], IRM_PAGE}
# What the title of a report on the page says of its stage; no word of the kind: the self-assessments.
STAGE_IN_TITLE = {
    "Design": Report.Stage.DESIGN,
    "Mid-Term": Report.Stage.MID_TERM,
    "End-of-Term": Report.Stage.END_TERM,
    "Implementation": Report.Stage.IMPLEMENTATION,
    "Progress": Report.Stage.PROGRESS,
}
# A study of corruption in those years, not of a plan.
PERIOD_OF_NO_PLAN = {"Battling a Cancer: Tackling Corruption in Peru 2011-2014"}


def listings():
    found = Listing.objects.filter(document__slug=MEMBER_PAGE).order_by("id")
    return list(found.select_related("work", "plan", "report"))


def test_resources_of_the_member_page_are_the_listings_in_its_order(sources):
    printed, found = read_resources(), listings()

    assert [row.item for row in printed] == list(range(1, 25))
    assert [row.place for row in found] == [f"Resources, item {row.item}" for row in printed]
    assert [row.work.title_en for row in found] == [row.title for row in printed]
    assert [row.listed_as for row in found] == [row.listed_as for row in printed]
    assert [row.work.kind for row in found] == [KIND_OF_WORK[row.kind] for row in printed]
    assert len({row.work for row in found}) == 24


def test_year_of_a_listed_work_is_that_of_the_member_page(sources):
    printed = read_resources()

    for row, listing in zip(printed, listings(), strict=True):
        if listing.work.slug not in WITH_A_YEAR_OF_THEIR_OWN:
            assert (str(listing.work.year), listing.work.published_as_printed) == (row.year, row.year), row
            assert listing.work.published_on is None, row


def test_documents_are_the_listed_works_and_three_more_and_those_seen_later(sources):
    listed = {listing.work.slug for listing in listings()}

    others = set(Document.objects.values_list("slug", flat=True)) - listed

    later = (SEEN_LATER | TITLE_SEEN_LATER) - listed
    assert others == {MEMBER_PAGE, PLAN_5, "irm-progress-report-2012-2013", *later}
    assert len(later) == 9


def test_plan_of_a_listing_fits_the_period_in_the_title(sources):
    periods = {}
    for period in PlanPeriod.objects.all():
        periods.setdefault((period.starts_on.year, period.ends_on.year), set()).add(period.plan.number)
    for row, listing in zip(read_resources(), listings(), strict=True):
        years = re.search(r"(20\d\d)[-–](?:20)?(\d\d)\b", row.title)
        if not years or row.title in PERIOD_OF_NO_PLAN:
            # "Peru Action Plan 2012" is the first; letters and studies belong to no plan.
            expected = {1} if row.title == "Peru Action Plan 2012" else {None}
        else:
            expected = periods[int(years[1]), 2000 + int(years[2])]
        assert {listing.plan and listing.plan.number} == expected, row


def test_report_of_a_listing_has_the_author_and_the_stage_in_the_title(sources):
    for row, listing in zip(read_resources(), listings(), strict=True):
        names_a_report = row.kind in ("Self Assessment", "Report Comments", "IRM Report") and listing.plan
        assert bool(listing.report) == bool(names_a_report), row
        if listing.report:
            stage = next(stage for words, stage in STAGE_IN_TITLE.items() if words in row.title)
            author = Report.Author.GOVERNMENT if row.kind == "Self Assessment" else Report.Author.IRM
            assert (listing.report.stage, listing.report.author) == (stage, author), row
            assert listing.report.plan == listing.plan, row


def test_editions_for_comment_belong_to_the_report_that_they_precede(sources):
    reports = {listing.work.title_en: listing.report for listing in listings()}
    editions = [title for title in reports if title.endswith(FOR_COMMENT)]

    assert editions == [row.title for row in read_resources() if row.kind == "Report Comments"]
    # Of two reports the page lists nothing but the edition for comment. It writes "Perú Design Report".
    listed = {bare(title): report for title, report in reports.items()}
    finals = {title: listed.get(bare(title.removesuffix(FOR_COMMENT))) for title in editions}
    assert {title for title in editions if finals[title] is None} == {
        "Peru Design Report 2019-2021 – For Public Comment",
        "Peru End-of-Term Report 2015–2017 – For Public Comment",
    }
    assert all(reports[title] == final for title, final in finals.items() if final)


def test_reports_not_held_are_those_of_the_member_page_that_no_other_source_prints(sources):
    named = {listing.report for listing in listings() if listing.report}
    of_the_texts = Report.objects.exclude(document__slug__in=SEEN_LATER)
    not_held = of_the_texts.filter(coverage=Report.Coverage.NOT_HELD)

    assert set(not_held) <= named
    assert set(of_the_texts) == named
    for report in not_held:
        places = [listing.place for listing in listings() if listing.report == report]
        assert report.document.slug == MEMBER_PAGE
        assert report.place.removesuffix(" (edition for public comment)") in places, report
        assert not report.assessments.exists()


# Recommendations.


def recommendations(report):
    return list(Recommendation.objects.filter(report__slug=report).order_by("order"))


def test_recommendations_on_plan_1_are_those_that_the_mid_term_report_answers(sources):
    printed, found = read_recommendations(), recommendations("1-irm-progress-report")

    assert len(printed) == 6
    assert [letters(row.text_en) for row in found] == [text for text, _ in printed]
    assert [letters(row.answer_en) for row in found] == [answer for _, answer in printed]
    assert {row.document.slug for row in found} == {DOCUMENTS[MID_TERM]}


def test_recommendations_that_the_end_term_report_tells_again_are_its_spanish(sources):
    rest = read_recommendations_again()
    columns = ("text_es", "answer_es", "outcome_es")

    own = [
        (row.order, column)
        for row in recommendations("1-irm-progress-report")
        for column in columns
        if getattr(row, column) and column not in row.unofficial
    ]

    assert own == [(4, "answer_es"), (6, "text_es"), (6, "answer_es"), (6, "outcome_es")]
    for order, column in own:
        words = letters(getattr(recommendations("1-irm-progress-report")[order - 1], column))
        # The report puts a recommendation into a sentence of its own: "Otra recomendación [...] fue la ...".
        place = rest.lower().find(words.lower())
        assert place >= 0, column
        rest = rest[:place] + rest[place + len(words) :]
    assert fold(rest) == "Otra recomendación del MRI del primer PAGA fue"


def test_recommendations_on_plan_3_are_those_of_the_irm_page(sources):
    printed, found = read_recommendations_of_page(), recommendations("3-irm-design-report")

    assert len(printed) == 5
    assert [row.text_en for row in found] == printed
    assert [row.place for row in found] == [f"Recommendations, item {item}" for item in range(1, 6)]
    assert not any(row.answer_en or row.answer_es for row in found)


def test_recommendations_of_the_end_term_report_are_a_to_d_of_its_section_5(sources):
    printed, found = read_conclusions(), recommendations(END_TERM)

    assert list(printed) == list("abcd")
    assert [letters(row.text_es) for row in found] == list(printed.values())
    assert [row.place for row in found] == [f"Sección 5, {item})" for item in printed]
    assert not any(row.answer_en or row.answer_es for row in found)


def test_recommendations_are_of_these_three_reports_alone():
    counts = Counter(Recommendation.objects.values_list("report__slug", flat=True))

    assert counts == {"1-irm-progress-report": 6, "3-irm-design-report": 5, END_TERM: 4}


# Sections.

# What stands between the paragraphs of a section and is none of its text.
BETWEEN_PARAGRAPHS = {
    # The numbers that are drawn before the names of the plans.
    "v-plan-background-2": ["I", "II", "III", "IV"],
}
# Headings that are ours, where a table or a paragraph has none: in words of the sentence that stands there.
HEADINGS_IN_A_SENTENCE = {
    ("2-mid-term-self-assessment-compliance-2", "heading_en"),
    ("2-end-term-self-assessment-compliance-2", "heading_es"),
    ("2-end-term-self-assessment-compliance-3", "heading_es"),
    ("3-irm-implementation-report-background-1", "heading_en"),
}


def originals(row, *columns):
    """Yield (column, language, text) of the texts of a row that are a document's own."""
    for column in columns:
        for language in LANGUAGES:
            text = getattr(row, f"{column}_{language}")
            if text and f"{column}_{language}" not in row.unofficial:
                yield f"{column}_{language}", language, text


def find_paragraph(words, slug, start):
    """Return where a paragraph stands in a document: its place, and the end of it; or raise LookupError."""
    for printed in (letters(words), letters(words.replace(" | ", ": "))):
        place = folded(slug).find(printed, start)
        if place >= 0:
            return place, place + len(printed)
    raise LookupError(f"{slug} does not print, after {start}: {words[:120]}")


def test_sections_are_in_their_document_to_the_letter_and_without_gaps(sources):
    gaps = {}
    for section in Section.objects.select_related("document"):
        for _, language, text in originals(section, "text"):
            slug, end = source_in(section, language), None
            for words in filter(None, map(str.strip, text.splitlines())):
                start, next_end = find_paragraph(words, slug, end or 0)
                gap = folded(slug)[end:start].strip() if end is not None else ""
                if gap:
                    gaps.setdefault(section.slug, []).append(gap)
                end = next_end

    table = gaps.pop("v-plan-process-4")
    assert gaps == BETWEEN_PARAGRAPHS
    # The table of the workshops, which the section's note names.
    assert len(table) == 1 and table[0].startswith("Workshop's topic Participants Prioritized Problems")


def test_headings_of_sections_are_lines_of_their_document(sources):
    lines = {slug: {bare(line) for line in paragraphs(running_text(slug))} for slug in MARKS}

    others = set()
    for section in Section.objects.select_related("document"):
        for column, language, heading in originals(section, "heading"):
            slug = source_in(section, language)
            assert bare(heading) in bare(folded(slug)), (section.slug, column)
            # "Tema 1: Transparencia [...]" also heads the synthesis of the theme, without its number.
            if not any(bare(heading) in (line, re.sub(r"^tema \d: ", "", line)) for line in lines[slug]):
                others.add((section.slug, column))

    assert others == HEADINGS_IN_A_SENTENCE


def test_order_of_sections_is_that_of_their_document(sources):
    places = {}
    for section in Section.objects.select_related("document").order_by("order"):
        text = getattr(section, f"text_{section.document.language}")
        words = next(line for line in text.splitlines() if line.strip())
        end = places.get(section.owner, [0])[-1]
        place, _ = find_paragraph(words, section.document.slug, end)
        places.setdefault(section.owner, []).append(place)

    for owner, found in places.items():
        orders = [section.order for section in owner.sections.order_by("order")]
        assert found == sorted(set(found)), owner
        assert orders == list(range(1, len(orders) + 1)), owner


def test_eligibility_criteria_are_those_of_the_mid_term_report(sources):
    text = between(DOCUMENTS[MID_TERM], "5. Progress related", "6. Conclusions, other")
    printed = [line for line in paragraphs(text) if re.match(r"[A-Z]\. ", line)]

    found = Section.objects.filter(kind=Section.Kind.ELIGIBILITY, heading_en__regex=r"^[A-Z]\. ")

    assert [heading[0] for heading in printed] == list("ABCD")
    assert [section.heading_en for section in found.order_by("order")] == printed


def test_every_theme_of_plan_2_has_its_introduction_and_its_synthesis(sources):
    themes = list(Theme.objects.filter(plan__number=2))
    printed = re.findall(r"(?m)^Tema (\d): (.+)$", running_text(DOCUMENTS[END_TERM]))

    assert [int(number) for number, _ in printed] == [1, 2, 3, 4]
    for kind in (Section.Kind.INTRODUCTION, Section.Kind.THEME_SYNTHESIS):
        found = Section.objects.filter(report__slug=END_TERM, kind=kind, theme__isnull=False).order_by(
            "order"
        )
        assert [section.theme for section in found] == themes, kind
        headings = [
            bare(section.heading_es).removeprefix(f"tema {section.theme.order}: ") for section in found
        ]
        assert headings == [bare(title) for _, title in printed], kind


@pytest.mark.parametrize(
    ("kind", "start", "end", "count"),
    [
        (Section.Kind.GOOD_PRACTICES, "GOOD PRACTICES", "LESSONS LEARNED", 5),
        (Section.Kind.LESSONS, "LESSONS LEARNED", "/sgp.pcm", 4),
    ],
)
def test_good_practices_and_lessons_of_plan_5_are_those_that_it_prints(sources, kind, start, end, count):
    printed = paragraphs(between(PLAN_5, start, end))

    section = Section.objects.get(plan__number=5, kind=kind)

    assert len(printed) == count
    assert paragraphs(section.text_en) == printed
    assert len(paragraphs(section.text_es)) == count


# What the record holds of the documents, the other way round: every paragraph and cell of this length and
# more stands in a text of the record. The labels of cards and records are shorter.
LONG = 72
# Tables of plan V that the notes of its sections name as left out: its workshops and the proposals.
TABLES_LEFT_OUT = ("Workshop's topic", "Theme")
# Its row of institutions is the responsibilities of a commitment, one row of the record for each name.
ROWS_OF_NAMES = ("Stakeholders involved",)
# How paragraphs begin that the record has in other places of a row: the tests on cards and on noteworthy
# commitments compare them word by word.
HELD_IN_PARTS = (
    # The card's footnote is at the end of its row.
    "A la fecha, se han realizado: [Algunos sustentos",
    # The page runs the two columns of its table together.
    "7. Online availability of information of degrees",
)


def texts_of_the_record():
    """Return every text of the record as `letters`, a row a line; items of a commitment together, too."""
    rows = []
    for model in models_of_the_record():
        columns = [
            column.name
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField)
        ]
        rows += [letters("\n".join(map(str, values))) for values in model.objects.values_list(*columns)]
    items = {}
    for item in CommitmentItem.objects.order_by("order"):
        items.setdefault((item.commitment_id, item.kind), []).append(item.text_en)
    return "\n".join(rows + [letters("\n".join(parts)) for parts in items.values()])


@pytest.mark.parametrize("slug", [DOCUMENTS[MID_TERM], DOCUMENTS[END_TERM], IRM_PAGE, PLAN_5])
def test_long_paragraphs_of_a_document_stand_in_the_record(sources, slug):
    held = texts_of_the_record()
    cells = read_cells(slug, without_tables=TABLES_LEFT_OUT, without_rows=ROWS_OF_NAMES)
    long = [cell for cell in cells if len(cell) >= LONG and not cell.startswith(HELD_IN_PARTS)]

    missing = [cell for cell in long if ITEM_MARK.sub("", cell).removesuffix(".") not in held]

    assert len(long) > 10
    assert missing == []


# The glossary.


def quotations(text):
    """Return the passages in quotation marks of a text, folded."""
    return [letters(words) for words in re.findall(r"“([^”]+)”", text)]


def test_glossary_of_the_end_term_report_is_there_whole(sources):
    printed = read_glossary()
    found = Term.objects.filter(document__slug=DOCUMENTS[END_TERM], place__startswith="Glosario")
    by_term = {row.term_es: row for row in found}

    assert len(printed) == 6
    assert set(by_term) == {term for term, _ in printed}
    for term, definition in printed:
        row = by_term[term]
        assert {"term_es", "definition_es"}.isdisjoint(row.unofficial), term
        # Of MRI the portal tells both names that the report gives it, each in quotation marks.
        assert definition == row.definition_es or definition in quotations(row.definition_es), term


def test_acronyms_that_plan_5_explains_are_terms(sources):
    # Plan V has no list of acronyms: it explains each where it uses it.
    named = {
        word for term in Term.objects.all() for word in re.findall(r"\w+", f"{term.term_es} {term.term_en}")
    }

    printed = read_acronyms()

    assert len(printed) == 27
    # The ministry is no term of its own: it goes by its name.
    assert printed - named == {"MINEM"} <= set(Entity.objects.values_list("acronym", flat=True))


def test_terms_of_a_document_quote_it(sources):
    for term in Term.objects.exclude(document=None).select_related("document"):
        for column, language, text in originals(term, "definition"):
            # Plan V prints the Spanish names of institutions beside the English ones.
            printed = " ".join(map(folded, {term.document.slug, *BY_LANGUAGE[language]})).lower()
            # A definition is the document's words or, where ours join them, has these in quotation marks.
            for words in quotations(text) or [letters(text)]:
                assert words.lower().removesuffix(".") in printed, (term.slug, column, words)


def test_terms_of_a_document_are_words_of_the_documents(sources):
    printed = set(re.findall(r"\w+", " ".join(folded(slug) for slug in MARKS).lower()))

    for term in Term.objects.exclude(document=None).select_related("document"):
        for column, _, text in originals(term, "term"):
            assert set(re.findall(r"\w+", text.lower())) <= printed, (term.slug, column)


def test_terms_of_the_portals_own_quote_the_documents(sources):
    printed = " ".join(folded(slug) for slug in MARKS).lower()
    # The words of the IRM's sheet on plan I, which is not at hand, are in the record as printed.
    coded = {*Finding.objects.values_list("value_as_printed", flat=True)}
    coded |= {*Assessment.objects.values_list("level_as_printed", flat=True)}

    for term in Term.objects.filter(document=None):
        for words in quotations(f"{term.definition_es} {term.definition_en}"):
            assert words.lower() in printed or words in coded, (term.slug, words)


# Languages.

# Notes are ours in both languages; a publisher is named, not quoted.
OWN_COLUMNS = {f"{name}_{language}" for name in ("note", "publisher") for language in LANGUAGES}
# The IRM's sheet and the member page print no title of their own.
OWN_TITLES = {"irm-progress-report-2012-2013", MEMBER_PAGE}
# Titles of reports that are those of the page, with the author before them in place of the country.
WITH_THEIR_AUTHOR = {
    "1-irm-progress-report",
    "2-irm-mid-term-progress-report",
    "2-irm-end-term-report",
    "3-irm-design-report",
    "4-irm-design-report",
}
# Updates leave words out, sections, terms and figures join words and cells: each has its own comparison.
COMPARED_ELSEWHERE = {Update, Section, Term, DeclaredFigure}
# Rows whose text is ours in both languages, as no document prints it in either.
OURS_IN_BOTH = {
    # Institutions of which the documents print an acronym or a faulty form: the name is their own.
    "entities.Entity": {
        "central-ashaninka-del-rio-ene",
        "cepal",
        "cna",
        "comision-multisectorial-pnaia",
        "cuerpo-de-paz-peru",
        "eiti",
        "grade",
        "onagi",
        "petroperu",
    },
    # Acronyms that plan V uses and does not explain.
    "plans.Term": {"pen", "rvm"},
}


def translated_rows():
    """Yield every row of the record with texts in two languages, and the names of these, without language."""
    for model in models_of_the_record():
        if issubclass(model, Translated):
            pairs = sorted({column[:-3] for column in model.bilingual_columns()})
            for row in model._base_manager.all():
                yield row, pairs


# What quotes a compliance card has the language of the card's report alone, like the rows of the card itself.
QUOTED_FROM_A_CARD = {Update, Evidence}


def test_every_text_of_the_record_is_in_both_languages_unless_it_quotes_a_card():
    in_one = [
        (row, name, language)
        for row, pairs in translated_rows()
        for name in pairs
        for language, other in (LANGUAGES, LANGUAGES[::-1])
        if getattr(row, f"{name}_{language}") and not getattr(row, f"{name}_{other}")
    ]

    assert [found for found in in_one if type(found[0]) not in QUOTED_FROM_A_CARD] == []
    for row, _, language in in_one:
        quoted = row if isinstance(row, Update) else row.update or row.assessment
        assert quoted.report.document.language == language, row


def test_every_translation_of_ours_has_its_original_and_is_of_its_present_text():
    ours_in_both = {}
    for row, _ in translated_rows():
        for column in row.unofficial:
            assert getattr(row, column), (row._meta.label, row, column)
            assert not row.is_stale(column), (row._meta.label, row, column)
            if other_column(column) in row.unofficial:
                ours_in_both.setdefault(row._meta.label, set()).add(row.slug)

    assert ours_in_both == OURS_IN_BOTH


def quoted_texts(language):
    """Yield (row, text) of every text in a language that is not marked as a translation of ours."""
    for row, pairs in translated_rows():
        if type(row) in COMPARED_ELSEWHERE or (type(row) is Document and row.slug in OWN_TITLES):
            continue
        if type(row) is Report and row.slug in WITH_THEIR_AUTHOR and language == "en":
            continue
        for column in {f"{name}_{language}" for name in pairs} - OWN_COLUMNS - set(row.unofficial):
            if text := getattr(row, column):
                yield row, text


def test_titles_of_reports_with_their_author_are_otherwise_those_of_the_member_page(sources):
    titles = {
        bare(row.title).replace("–", "-").removesuffix(" - for public comment") for row in read_resources()
    }

    for report in Report.objects.filter(slug__in=WITH_THEIR_AUTHOR):
        assert bare(report.title_en.replace("IRM", "Peru", 1)) in titles, report


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_not_marked_as_ours_stand_in_a_document_of_their_language(sources, language):
    words = " ".join(folded(slug) for slug in BY_LANGUAGE[language]).lower()
    # Names of institutions stand in documents of the other language too, and in the IRM's sheet, not at hand.
    names = EntityName.objects.values_list("spelling", flat=True)
    words_of_names = " ".join([words, *map(str.lower, names)])

    missing = [
        f"{row._meta.label} {row}: {text[:80]}"
        for row, text in quoted_texts(language)
        if letters(text).lower() not in (words_of_names if isinstance(row, Entity) else words)
        and not (hasattr(row, "document") and row.document.slug not in MARKS)
    ]

    assert missing == []


# Texts of fewer letters may well be the same in a document by chance: names, dates, single words.
TOO_SHORT = 40
# Translations of ours that another document happens to print: a heading that is the beginning of a longer
# one, and what acronyms of plan V and of the IRM's page stand for, which these do not print in Spanish.
SAME_BY_CHANCE = {
    ("2-mid-term-self-assessment-process-1", "heading_es"),
    ("antaip", "definition_es"),
    ("irm", "term_es"),
    ("mimp", "definition_es"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_marked_as_ours_stand_in_no_document_of_their_language(sources, language):
    words = " ".join(folded(slug) for slug in BY_LANGUAGE[language]).lower()

    printed = {
        (getattr(row, "slug", str(row)), column)
        for row, pairs in translated_rows()
        for column in {f"{name}_{language}" for name in pairs} & set(row.unofficial)
        if len(getattr(row, column)) >= TOO_SHORT and letters(getattr(row, column)).lower() in words
    }

    assert printed == {found for found in SAME_BY_CHANCE if found[1].endswith(language)}
