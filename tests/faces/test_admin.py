import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import translation
from django.utils.formats import get_format

from commitments.models import (
    Assessment,
    Commitment,
    Milestone,
    Update,
)
from entities.models import Entity, EntityName
from faces.admin import RecordAdmin
from plans.models import Plan, Recommendation, Section, Term, Theme
from record.dates import today
from record.kinds import kinds
from record.models import Document, LoadedFile, LoadedRow
from record.publication import Status
from record.text import digest
from record.writing import writing
from tests import factories
from tests.admin_pages import address, edit, errors
from tests.log import entries, last_reason
from tests.once import made_once

pytestmark = pytest.mark.django_db

ERRATUM = "Errata de imprenta"


MODELS = [model for model, pages in admin.site._registry.items() if isinstance(pages, RecordAdmin)]


def make_whole(model):
    """Make a row of a model, with a line where its form's lines have more to say than others."""
    match model.__name__:
        case "Evidence":
            return factories.make_evidence(update=factories.make_update())
        case "Milestone":
            return factories.make_update().milestone
    return factories.make(model)


@pytest.mark.parametrize("key", ["", "abc", "²", "9" * 25, "1" * 5000])
def test_rows_that_cannot_be_are_chosen_in_no_list(admin_client, key):
    data = {"action": "delete_selected", "_selected_action": [key]}

    assert admin_client.post(address(Milestone, "changelist"), data).status_code == 400


def test_lines_that_were_not_sent_are_not_counted(admin_client):
    """Each costs a form, while nobody else can write on SQLite."""
    milestone = factories.make_update().milestone
    many = {"updates-TOTAL_FORMS": 1_000_000, "evidence-TOTAL_FORMS": 1_000_000, "evidence-4-title_es": "E"}

    response = edit(admin_client, milestone, activity_es="Nuevo", change_reason=ERRATUM, **many)

    formsets = {each.formset.prefix: each.formset for each in response.context["inline_admin_formsets"]}
    assert {prefix: len(formsets[prefix].forms) for prefix in ("updates", "evidence")} == {
        "updates": 1,
        "evidence": 5,
    }


def test_every_kind_that_is_listed_has_its_pages():
    assert {kind.model for kind in kinds() if kind.listed} <= set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens(admin_client, model):
    row = make_whole(model)
    pages = [
        address(model, "changelist"),
        address(model, "add"),
        address(row, "change"),
        address(row, "history"),
    ]

    assert [admin_client.get(page).status_code for page in pages] == [200] * 4


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_takes_the_same_queries_for_one_row_and_for_many(
    admin_client, model, django_assert_max_num_queries
):
    make_whole(model)
    admin_client.get(address(model, "changelist"))  # fills caches of content types
    with django_assert_max_num_queries(20) as once:
        admin_client.get(address(model, "changelist"))
    for _ in range(3):
        make_whole(model)

    with django_assert_max_num_queries(len(once)):
        rows = admin_client.get(address(model, "changelist")).context["cl"].result_list

    assert len(rows) >= 4


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_search_takes_anything(admin_client, model):
    for query in ("Gestión pública", "\x00", '"', "%", "x" * 10_000):
        assert admin_client.get(address(model, "changelist"), {"q": query}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_an_address_cannot_fill_in_is_ignored(admin_client, model):
    names = [field.name for field in model._meta.get_fields() if field.concrete and field.is_relation]

    response = admin_client.get(address(model, "add"), dict.fromkeys(names, "nonsense"))

    assert response.status_code == 200


@pytest.mark.parametrize("page", ["nonsense/history/", "1/history/nonsense/", f"{'9' * 30}/history/"])
def test_history_of_what_cannot_be_a_row_is_not_found(admin_client, page):
    factories.make_plan(pk=1)

    response = admin_client.get(address(Plan, "changelist") + page)

    assert response.status_code in (302, 404)


# Finding rows.


@pytest.mark.parametrize("query", ["gestion", "Gestión", "GESTION", "gesti", "GDIG"])
def test_entities_are_found_without_accents_and_by_parts_of_words(admin_client, query):
    entity = factories.make_entity(name_es="Secretaría de Gestión Digital", acronym="GDIG")
    factories.make_entity()

    found = admin_client.get(address(Entity, "changelist"), {"q": query}).context["cl"].result_list

    assert list(found) == [entity]


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Assessment, "results"),
        (Commitment, "problem_es"),
        (Document, "publisher_es"),
        (EntityName, "spelling"),
        (Milestone, "note_es"),
        (Recommendation, "outcome_es"),
        (Section, "text_es"),
        (Term, "definition_es"),
        (Update, "text_es"),
    ],
)
@pytest.mark.parametrize("query", ["evaluacion", "EVALUACIÓN"])
def test_rows_are_found_by_their_texts_without_accents(admin_client, model, column, query):
    # A published update is not edited.
    row = factories.make_update(workflow=Status.DRAFT) if model is Update else make_whole(model)
    setattr(row, column, "La Evaluación final")
    with writing(reason="made for a test"):
        row.save()
    make_whole(model)

    found = admin_client.get(address(model, "changelist"), {"q": query}).context["cl"].result_list

    assert list(found) == [row]


def test_texts_without_a_search_column_are_found_as_they_are_written(admin_client):
    theme = factories.make_theme(name_es="Participación ciudadana")
    factories.make_theme()

    found = admin_client.get(address(Theme, "changelist"), {"q": "Participación"}).context["cl"].result_list

    assert list(found) == [theme]


def make_stale(**columns):
    """Make a commitment whose original changed after we translated it."""
    row = factories.make_commitment(unofficial={"title_en": ""}, **columns)
    row.title_es = "Otro título"
    with writing(reason="made for a test"):
        row.save()
    return row


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("es", {"title without Spanish"}),
        ("en", {"title without English", "problem without English"}),
        ("unofficial", {"translated", "stale"}),
        ("stale", {"stale"}),
        ("nonsense", None),
    ],
)
def test_rows_that_lack_a_language_are_found_by_any_of_their_texts(admin_client, value, expected):
    rows = {
        "title without Spanish": factories.make_commitment(title_es=""),
        "title without English": factories.make_commitment(title_en=""),
        "problem without English": factories.make_commitment(problem_es="Problema"),
        "translated": factories.make_commitment(unofficial={"title_en": ""}),
        "stale": make_stale(),
        "complete": factories.make_commitment(),
    }

    found = admin_client.get(address(Commitment, "changelist"), {"text": value}).context["cl"].result_list

    assert {name for name, row in rows.items() if row in found} == (expected or set(rows))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_with_every_filter_counted_opens(admin_client, model):
    make_whole(model)

    response = admin_client.get(address(model, "changelist"), {"_facets": "True"})

    assert response.status_code == 200


@pytest.mark.parametrize("dash", ["-", "–", "—", "‑", "−"])
def test_codes_are_found_by_any_dash(admin_client, dash):
    commitment = factories.make_commitment()
    factories.make_commitment()
    query = commitment.code.replace("-", dash)

    found = admin_client.get(address(Commitment, "changelist"), {"q": query}).context["cl"].result_list

    assert list(found) == [commitment]


def test_texts_with_a_long_dash_are_found_as_they_are_written(admin_client):
    theme = factories.make_theme(name_es="Agenda 2015–2017")

    found = admin_client.get(address(Theme, "changelist"), {"q": "2015–2017"}).context["cl"].result_list

    assert list(found) == [theme]


def test_query_is_cleaned(admin_client):
    theme = factories.make_theme(name_es="Participación ciudadana")
    query = "\ufeffParticipacio\u0301n ciu\u00addadana"

    found = admin_client.get(address(Theme, "changelist"), {"q": query}).context["cl"].result_list

    assert list(found) == [theme]


# Texts are clean (rule 11).

RAW, CLEAN = " participacio\u0301n\r\nciu\u00addadana\u200b ", "participación\nciudadana"


def store(row, **columns):
    """Write columns of a row as they are, past everything that would clean them."""
    with writing(reason="made for a test"):
        type(row)._base_manager.filter(pk=row.pk).update(**columns)


def test_typed_text_is_stored_clean(admin_client):
    commitment = factories.make_commitment()

    edit(admin_client, commitment, problem_es=RAW, title_es=RAW, change_reason=" Er\u00adrata de imprenta\t")

    commitment.refresh_from_db()
    assert commitment.problem_es == CLEAN
    # A title is one line.
    assert commitment.title_es == "participación ciudadana"
    assert last_reason(commitment) == ERRATUM


def test_text_that_is_only_cleaned_is_no_change(admin_client):
    commitment = factories.make_commitment(problem_es=CLEAN)

    response = edit(admin_client, commitment, problem_es=RAW)

    assert response.status_code == 302
    assert len(entries(commitment)) == 1


def test_unclean_text_of_old_is_no_change_and_is_not_written(admin_client):
    commitment = factories.make_commitment()
    store(commitment, problem_es=RAW, title_es="Un\u00ado\ndos")
    before = entries(commitment)

    response = edit(admin_client, commitment)

    assert response.status_code == 302
    commitment.refresh_from_db()
    assert (commitment.problem_es, commitment.title_es) == (RAW, "Un\u00ado\ndos")
    assert entries(commitment) == before


def test_unclean_text_of_old_is_cleaned_when_its_row_is_changed(admin_client):
    commitment = factories.make_commitment()
    store(commitment, problem_es=RAW)

    edit(admin_client, commitment, description_es="Otra", change_reason=ERRATUM)

    commitment.refresh_from_db()
    assert commitment.problem_es == CLEAN


def test_line_that_is_only_cleaned_is_no_change(admin_client):
    row = factories.make_responsibility(unit_es=CLEAN.replace("\n", " "))

    response = edit(admin_client, row.commitment, **{"responsibilities-0-unit_es": RAW})

    assert response.status_code == 302
    assert len(entries(row)) == 1


def test_typed_text_of_a_line_is_stored_clean(admin_client):
    row = factories.make_responsibility()
    line = {"responsibilities-0-name_as_printed": "Ofi\u00adcina"}

    response = edit(admin_client, row.commitment, change_reason=ERRATUM, **line)

    assert response.status_code == 302
    row.refresh_from_db()
    assert row.name_as_printed == "Oficina"


@pytest.mark.parametrize("reason", ["\u200b", "\u00ad \ufeff", "\u00a0"])
def test_reason_that_nobody_sees_is_none(admin_client, reason):
    row = factories.make_responsibility()
    commitment = row.commitment
    line = {"responsibilities-0-name_as_printed": "Oficina"}

    of_row = edit(admin_client, commitment, problem_es="Otro", change_reason=reason)
    of_line = edit(admin_client, commitment, change_reason=reason, **line)

    assert (of_row.status_code, of_line.status_code) == (200, 200)


def test_reason_alone_changes_nothing(admin_client):
    commitment = factories.make_commitment()
    admin_client.cookies["django_language"] = "en"

    response = edit(admin_client, commitment, change_reason=ERRATUM)

    assert response.status_code == 302
    told = admin_client.get(response.url).context["messages"]
    assert [str(message) for message in told] == ["Nothing was changed."]
    assert len(entries(commitment)) == 1
    assert not LogEntry.objects.exists()


def test_change_is_noted_among_the_last_actions(admin_client):
    row = factories.make_responsibility()
    admin_client.cookies["django_language"] = "en"

    response = edit(admin_client, row.commitment, problem_es="Otro", change_reason=ERRATUM)
    told = str(*admin_client.get(response.url).context["messages"])
    line = {"responsibilities-0-name_as_printed": "Oficina"}
    edit(admin_client, row.commitment, change_reason=ERRATUM, **line)

    assert LogEntry.objects.count() == 2
    assert "was changed successfully" in told


# Dates.


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("typed", ["03/04/2017", "3/4/2017", "03-04-2017", "2017-04-03"])
def test_day_comes_before_the_month_in_every_language(admin_client, language, typed):
    admin_client.cookies["django_language"] = language
    plan = factories.make_plan(status=Status.DRAFT)

    response = edit(admin_client, plan, approved_on=typed)

    assert response.status_code == 302, errors(response)
    plan.refresh_from_db()
    assert plan.approved_on == date(2017, 4, 3)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("typed", ["04/13/2017", "03/04/17", "Apr 3, 2017", "3 April 2017", "2017/04/03"])
def test_other_dates_are_refused_in_every_language(admin_client, language, typed):
    admin_client.cookies["django_language"] = language
    plan = factories.make_plan(status=Status.DRAFT)

    response = edit(admin_client, plan, approved_on=typed)

    assert "approved_on" in response.context["adminform"].form.errors


@pytest.mark.parametrize(("language", "shown"), [("es", "03/04/2017"), ("en", "2017-04-03")])
def test_date_is_shown_as_the_calendar_writes_it_and_is_no_change(admin_client, language, shown):
    admin_client.cookies["django_language"] = language
    plan = factories.make_plan(approved_on=date(2017, 4, 3))

    page = admin_client.get(address(plan, "change"))
    script = admin_client.get(reverse("admin:jsi18n")).content.decode()
    response = edit(admin_client, plan)

    assert f'value="{shown}"' in str(page.context["adminform"].form["approved_on"])
    first = re.search(r'"DATE_INPUT_FORMATS": \[\s*"([^"]+)"', script)[1]
    assert date(2017, 4, 3).strftime(first) == shown
    assert response.status_code == 302
    assert len(entries(plan)) == 1


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_language_reads_the_month_first(language):
    with translation.override(language):
        formats = [*get_format("DATE_INPUT_FORMATS"), *get_format("DATETIME_INPUT_FORMATS")]

    assert formats
    assert [each for each in formats if each.startswith(("%m", "%b", "%B")) or "%y" in each] == []


# Translations of ours.


def test_ticked_translation_keeps_the_fingerprint_of_its_original(admin_client):
    entity = factories.make_entity(name_es="Ministerio", name_en="Ministry")

    response = edit(admin_client, entity, unofficial=["name_en"], change_reason=ERRATUM)

    assert response.status_code == 302
    entity.refresh_from_db()
    assert entity.unofficial == {"name_en": digest("Ministerio")}


def test_translation_stays_stale_when_something_else_is_edited(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre", change_reason=ERRATUM)

    edit(admin_client, entity, acronym="XYZ", change_reason=ERRATUM)

    entity.refresh_from_db()
    assert entity.acronym == "XYZ"
    assert entity.is_stale("name_en")


def test_translation_is_fresh_again_when_it_is_edited(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre", change_reason=ERRATUM)

    edit(admin_client, entity, name_en="Another name", change_reason=ERRATUM)

    entity.refresh_from_db()
    assert entity.is_unofficial("name_en")
    assert not entity.is_stale("name_en")


def test_unticked_translation_counts_as_an_original(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})

    edit(admin_client, entity, unofficial=None, change_reason=ERRATUM)

    entity.refresh_from_db()
    assert entity.unofficial == {}


@pytest.mark.parametrize(
    ("columns", "ticked"),
    [({"name_en": ""}, ["name_en"]), ({}, ["name_es", "name_en"]), ({}, ["website"])],
)
def test_translation_without_text_or_original_is_refused(admin_client, columns, ticked):
    entity = factories.make_entity(**columns)

    response = edit(admin_client, entity, unofficial=ticked, change_reason=ERRATUM)

    assert "unofficial" in response.context["adminform"].form.errors


def test_names_of_translations_are_for_people(admin_client, settings):
    settings.LANGUAGE_CODE = "en"
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre", change_reason=ERRATUM)

    form = (
        admin_client.get(address(entity, "change"), headers={"accept-language": "en"})
        .context["adminform"]
        .form
    )

    labels = dict(form.fields["unofficial"].choices)
    assert labels["name_es"] == "Name in Spanish"
    assert "the original was changed" in labels["name_en"]


# The public page of a row.


def test_public_row_links_to_its_page_and_a_draft_does_not(admin_client):
    public, draft = factories.make_plan(), factories.make_plan(status=Status.DRAFT)

    assert public.get_absolute_url() in admin_client.get(address(public, "change")).content.decode()
    assert draft.get_absolute_url() not in admin_client.get(address(draft, "change")).content.decode()


# The admin as a whole.


@pytest.mark.parametrize(("code", "word"), [("es", "Español"), ("en", "English")])
def test_language_of_the_admin_is_switched_and_the_page_kept(admin_client, code, word):
    page = address(Plan, "changelist")

    response = admin_client.post(reverse("set_language"), {"language": code, "next": page}, follow=True)

    assert response.redirect_chain[-1][0] == page
    assert f'<html lang="{code}"' in response.content.decode()


def test_language_is_switched_before_logging_in_too(client):
    page = client.get(reverse("admin:login")).content.decode()

    assert f'action="{reverse("set_language")}"' in page


# What is missing.


@made_once
def make_gaps():
    """Make of each gap a row that has it and a row that has it not."""
    report = factories.make_report()
    complete = factories.make_commitment(
        plan=report.plan,
        problem_es="Problema",
        ends_on="2016-12-31",
        theme=factories.make_theme(plan=report.plan),
    )
    with writing(reason="made for a test"):
        complete.policy_areas.add(factories.make_policy_area())
    factories.make_responsibility(commitment=complete)
    factories.make_assessment(report=report, commitment=complete)
    factories.make_assessment(has_card=False)
    milestone = factories.make_milestone(commitment=complete, responsible_as_printed="Oficina")
    factories.make_evidence(milestone=milestone)
    factories.make_update(milestone=milestone)
    factories.make_update(milestone=factories.make_milestone(ends_on=None), status=None)
    factories.make_milestone()
    factories.make_commitment()
    factories.make_entity_name()
    factories.make_document(url="https://www.peru.gob.pe/")
    factories.make_document(year=None)


@pytest.fixture
def missing():
    return reverse("admin-missing")


@pytest.mark.parametrize(("kind", "gap"), [(kind, gap) for kind in kinds() for gap in kind.gaps])
def test_every_gap_leads_to_the_list_of_the_rows_that_have_it(admin_client, missing, kind, gap):
    make_gaps()

    lines = {line["title"]: line for line in admin_client.get(missing).context["gaps"]}
    line = lines[gap.title]
    found = admin_client.get(line["address"]).context["cl"].queryset

    assert 0 < line["count"] < line["total"] == kind.model.objects.count()
    assert set(found) == set(gap.narrow(kind.model.objects.all(), today()))
    assert line["count"] == len(found)


def test_unknown_gap_narrows_nothing(admin_client):
    milestone = factories.make_milestone()

    found = admin_client.get(address(Milestone, "changelist"), {"missing": "card"}).context["cl"].queryset

    assert list(found) == [milestone]


def texts(response):
    """Return {name of the rows: the counts of each choice} of the page of what is missing."""
    return {line["name"]: [count for _, count, _ in line["cells"]] for line in response.context["texts"]}


def test_counts_of_translations_lead_to_the_lists_of_their_rows(admin_client, missing):
    factories.make_commitment(title_es="")
    for _ in range(2):
        factories.make_commitment(problem_es="Problema")
    for _ in range(3):
        factories.make_commitment(unofficial={"title_en": ""})
    make_stale()

    response = admin_client.get(missing, headers={"accept-language": "en"})
    line = next(line for line in response.context["texts"] if line["name"] == "Commitments")
    found = [admin_client.get(place).context["cl"].result_count for _choice, _count, place in line["cells"]]

    assert [count for _choice, count, _place in line["cells"]] == found == [1, 2, 4, 1]


def test_lines_in_the_form_of_another_row_are_counted_too(admin_client, missing):
    factories.make_commitment_item(text_en="")

    response = admin_client.get(missing, headers={"accept-language": "en"})

    assert texts(response)["Commitments: items"] == [0, 1, 0, 0]


def test_page_of_what_is_missing_says_so_when_the_reader_may_view_nothing(client, missing):
    make_gaps()
    client.force_login(factories.make_user())

    index = client.get(reverse("admin:index"))
    response = client.get(missing, headers={"accept-language": "en"})

    assert missing not in index.content.decode()
    assert (response.context["gaps"], response.context["texts"]) == ([], [])
    assert "There is no list of the record that you may view." in response.content.decode()


def test_page_of_what_is_missing_asks_to_log_in(client, missing):
    response = client.get(missing)

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_focal_point_reads_what_public_rows_lack_and_no_others(client, missing):
    lead = factories.make_responsibility(unit_es="Oficina")
    factories.make_milestone(commitment=lead.commitment)
    hidden = factories.make_plan(status=Status.DRAFT)
    factories.make_responsibility(
        commitment=factories.make_commitment(plan=hidden), entity=lead.entity, unit_es="Oficina"
    )
    client.force_login(factories.make_focal_point(lead.entity))

    response = client.get(missing, headers={"accept-language": "en"})
    lines = {line["address"]: (line["count"], line["total"]) for line in response.context["gaps"]}

    assert lines[f"{address(Commitment, 'changelist')}?missing=level"] == (1, 1)
    assert lines[f"{address(Commitment, 'changelist')}?missing=institution"] == (0, 1)
    assert lines[f"{address(Milestone, 'changelist')}?missing=report"] == (1, 1)
    assert texts(response)["Commitments: responsible entities"] == [0, 1, 0, 0]


def test_index_links_to_the_page_of_what_is_missing(admin_client, missing):
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert f'href="{missing}"' in page


def test_page_of_what_is_missing_takes_the_same_queries_for_one_row_and_for_many(
    admin_client, missing, django_assert_max_num_queries
):
    make_gaps()
    admin_client.get(missing)
    with django_assert_max_num_queries(90) as once:
        admin_client.get(missing)
    make_gaps()
    make_stale()

    with django_assert_max_num_queries(len(once)):
        response = admin_client.get(missing)

    assert response.status_code == 200


@pytest.mark.parametrize("model", [LoadedFile, LoadedRow])
def test_what_was_loaded_is_read_only(admin_client, model):
    columns = {"file": "f.yaml", "model": "m", "key": "k", "object_id": 1, "columns": [], "digest": "0"}
    row = model.objects.create(**{"name": "f.yaml", "digest": "0"} if model is LoadedFile else columns)

    assert admin_client.get(address(model, "changelist")).status_code == 200
    assert admin_client.get(address(model, "add")).status_code == 403
    assert admin_client.post(address(row, "change"), {}).status_code == 403
    assert admin_client.post(address(row, "delete"), {"post": "yes"}).status_code == 403
