"""The public log of changes as a page, and what changed on the pages of commitments, plans and reports."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import translation

from faces.templatetags.dates import longdate
from record.dates import today
from record.models import Change
from record.writing import unsealed, writing
from tests.changes import REASON, annul, change, date_back, load
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_entity,
    make_finding,
    make_listing,
    make_milestone,
    make_plan,
    make_policy_area,
    make_publisher,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_update,
)
from tests.pages import address, bare, queries, read, section

pytestmark = pytest.mark.django_db

CHANGES = "changes"


def body(client, lang="en", **params):
    response = client.get(address(CHANGES, lang=lang), params)
    assert response.status_code == 200
    return response.content.decode()


def newest(client, **params):
    """Return the words of the first entry of the page."""
    first = body(client, **params).split('<li class="hit">')[1]
    return bare(first.partition("</ol>")[0])


def entries(client, **params):
    """Return the numbers of the changes that the page tells."""
    told = client.get(address(CHANGES), params).context["entries"]
    return [each.id for _entry, changes in told for each in changes]


def shown(client, **params):
    """Return how many changes the page finds."""
    response = client.get(address(CHANGES), params)
    assert response.status_code == 200
    return response.context["page_obj"].paginator.count


def test_change_stands_with_its_day_its_act_its_reason_its_source_and_both_sides(client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))
    change(
        milestone,
        "The card prints June",
        source="Card, p. 3",
        as_of=date(2017, 9, 30),
        act="transcribe",
        ends_on=date(2017, 6, 30),
    )

    entry = newest(client)

    assert "Copied again" in entry
    assert "Reason: The card prints June" in entry
    assert "Where the right words stand: Card, p. 3" in entry
    assert "It speaks of 30 September 2017." in entry
    assert f"Milestone {milestone.code} {milestone.activity_en}: Changed" in entry
    assert "planned end Before 31 December 2016 After 30 June 2017" in entry
    assert (
        f'href="{address("commitments:commitment-detail", milestone.commitment.code)}#{milestone.code}"'
        in (body(client))
    )


def test_card_is_named_by_its_report_and_its_commitment(client):
    card = make_assessment(report=make_report(title_en="End-term report"))
    change(card, results="Other words")

    assert f"Assessment End-term report, {card.commitment.code}: Changed" in newest(client)


def test_changes_come_newest_first(client):
    plan = make_plan()
    change(plan, "The first of two reasons", title_en="One")
    change(plan, "The second of two reasons", title_en="Two")

    page = read(client, CHANGES)

    assert page.index("The second of two reasons") < page.index("The first of two reasons")


def test_what_was_written_together_stands_under_one_head(client):
    commitment, milestone = make_commitment(), make_milestone()
    with writing(reason="Both were copied wrongly", source="p. 1"):
        commitment.title_en, milestone.note_en = "New title", "New note"
        commitment.save()
        milestone.save()

    entry = newest(client)

    assert entry.count("Both were copied wrongly") == 1
    assert "New title" in entry
    assert "New note" in entry


def test_values_are_in_the_words_of_the_reader(client):
    old, new = make_entity(name_en="Old ministry"), make_entity(name_en="New ministry")
    card = make_assessment(level="limited", has_card=True)
    plan = make_plan(coordinator=old)
    change(card, level="complete", has_card=False)
    change(plan, coordinator=new)
    finding = make_finding(value="low")
    change(finding, value="transformative", measure="potential_impact")
    report = make_report(card_form=["results"])
    change(report, card_form=["results", "next_steps"], is_cutoff_inferred=True)

    page = read(client, CHANGES)

    assert "level Before Limited After Complete" in page
    assert "has a card Before Yes After No" in page
    assert "coordinator Before Old ministry After New ministry" in page
    assert "value Before Low After Transformative" in page
    assert "measure Before Specificity After Potential impact" in page
    assert "Description of the results, Next steps" in page
    assert "Nivel" not in page


def test_names_of_columns_and_kinds_are_in_the_readers_language(client):
    change(make_milestone(), ends_on=date(2017, 6, 30))

    assert "planned end" in read(client, CHANGES)
    spanish = read(client, CHANGES, lang="es")
    assert "planned end" not in spanish
    assert "Hito" in spanish
    assert "30 de junio de 2017" in spanish


def test_texts_say_their_language_and_translations_of_ours_are_marked(client):
    commitment = make_commitment(title_es="Viejo", title_en="Old", unofficial={"title_en": ""})
    change(commitment, title_es="Nuevo", title_en="New")

    page = body(client)

    assert '<span lang="es">Nuevo</span>' in page
    assert re.search(r'After</span> <span>New</span><small class="note-lang brief">\*', page)
    assert re.search(r'After</span> <span lang="es">Nuevo</span></td>', page)


def test_linked_rows_are_named_and_those_that_are_not_public_are_not(client):
    commitment = make_commitment()
    public = make_recommendation(text_en="Publish the budget")
    draft = make_recommendation(text_en="Secret of a draft", status="draft")
    with writing(reason=REASON):
        commitment.recommendations.set([public, draft])

    page = read(client, CHANGES)

    assert "After Publish the budget a row that is not public" in page
    assert "Secret of a draft" not in page


def test_link_to_a_row_of_a_draft_plan_does_not_name_it(client):
    draft = make_plan(status="draft", title_en="Secret plan", number=31)
    listing = make_listing()
    change(listing, plan=draft)

    page = read(client, CHANGES)

    assert "plan Before nothing After a row that is not public" in page
    assert "Secret plan" not in page
    assert "/plans/31/" not in body(client)


def test_row_that_the_public_may_not_read_any_more_is_named_nowhere(client):
    milestone = make_milestone(activity_en="Words of old")
    change(milestone, activity_en="Words that were public")
    draft = make_commitment(plan=make_plan(status="draft"), title_en="Secret commitment")
    with unsealed(), connection.cursor() as cursor:
        # Raw, as the writer refuses to hide what was published.
        ids = [draft.pk, milestone.pk]
        cursor.execute("UPDATE commitments_milestone SET commitment_id = %s WHERE id = %s", ids)

    page = read(client, CHANGES)

    assert "Milestone a row that is not public: Changed" in page
    for secret in ("Words of old", "Words that were public", "Secret commitment", milestone.code):
        assert secret not in page


def test_changes_of_drafts_are_private_also_when_they_are_published(client):
    plan = make_plan(status="draft", title_en="First draft", number=31)
    change(plan, "Reason of a draft", title_en="Second draft")
    change(plan, "The decree is out", act="publish", status="published", title_en="The plan")

    page = read(client, CHANGES)

    assert "Plan The plan: Published" in page
    for private in ("First draft", "Second draft", "Reason of a draft"):
        assert private not in page
        assert private not in section(client.get(address("plans:plan-detail", 31)), "changes")


def test_users_are_named_nowhere(client):
    user = make_publisher(username="mrodriguez")
    plan = make_plan()
    change(plan, by=user, title_en="New")

    assert "mrodriguez" not in body(client)
    assert "mrodriguez" not in client.get(plan.get_absolute_url()).content.decode()


def test_annulled_row_keeps_its_change_and_its_link(client):
    commitment = make_commitment()
    annul(commitment)

    page = body(client)

    assert "Annulled" in newest(client)
    assert f'href="{address("commitments:commitment-detail", commitment.code)}"' in page
    assert shown(client, commitment=commitment.code) == shown(client, plan=commitment.plan.number) - 1


def test_row_without_a_page_links_to_what_it_belongs_to(client):
    item = make_commitment_item()
    change(item, text_en="Other words")

    page = body(client, kind="commitment-item")

    assert f'<a href="{address("commitments:commitment-detail", item.commitment.code)}">' in page


def test_struck_words_are_not_told(client):
    card = make_assessment(official_name="A name that goes")
    with writing(reason="Personal data of a third person", act="strike") as this:
        card.official_name = "[dato omitido]"
        card.save()
        this.struck.add((type(card), card.pk))

    page = read(client, CHANGES)

    assert "Personal data stood here; the log does not keep them." in page
    assert "A name that goes" not in page


def test_first_loading_is_one_entry_with_counts(client):
    commitments = [make_commitment() for _ in range(3)]
    load(*commitments, commitments[0].plan)

    page = read(client, CHANGES)

    assert "The record was loaded for the first time: 3 commitments, 1 plan." in page
    assert "1 change here" in page
    assert '<form class="filters"' not in body(client)


def test_long_text_is_shortened_where_it_differs_and_stands_whole_beside(client):
    start = "the beginning stays as it is " * 40
    section_row = make_section(text_en=f"{start}old end")
    change(section_row, text_en=f"{start}new end")

    page = body(client)

    shown_parts = re.findall(r"<span>(…[^<]*)</span>", page)
    assert [len(part) < 120 for part in shown_parts] == [True, True]
    assert shown_parts[0].endswith("old end")
    assert shown_parts[1].endswith("new end")
    assert page.count("<details><summary>The whole text</summary>") == 2


def test_page_of_very_long_texts_stays_bounded_and_says_where_they_stand_whole(client):
    row = make_section(text_en="a" * 30_000)
    for letter in "bcde":
        last = change(row, text_en=letter * 30_000)

    page = body(client)

    assert len(page) < 100_000
    assert f'href="/api/v1/changes/{last.pk}/?lang=en"' in page


# What is asked for


@pytest.fixture
def two(db):
    """Make two milestones of two plans, and change both."""
    first, second = make_milestone(), make_milestone()
    for each in (first, second):
        change(each, note_en=f"Note of {each.code}")
    return first, second


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", lambda row: row.commitment.plan.number),
        ("commitment", lambda row: row.commitment.code),
    ],
)
def test_changes_are_those_of_the_page_asked_for(client, two, name, value):
    first, second = two

    page = read(client, CHANGES, **{name: value(first)})

    assert f"Note of {first.code}" in page
    assert f"Note of {second.code}" not in page


def test_changes_of_a_report_are_those_of_its_page(client):
    card, other = make_assessment(), make_assessment()
    change(card, level_as_printed="Words of this")
    change(other, level_as_printed="Words of another")

    page = read(client, CHANGES, report=card.report.slug)

    assert "Words of this" in page
    assert "Words of another" not in page


def test_changes_of_an_entity_are_its_own_and_of_what_it_leads(client, two):
    first, second = two
    entity = make_responsibility(commitment=first.commitment).entity
    change(entity, acronym="NEW")

    page = read(client, CHANGES, entity=entity.slug)

    assert "NEW" in page
    assert f"Note of {first.code}" in page
    assert f"Note of {second.code}" not in page


def test_changes_of_a_kind_are_of_its_rows_alone(client, two):
    total = Change.objects.filter(model="commitments.milestone").count()

    assert shown(client, kind="milestone") == total
    assert shown(client, kind="report") == 0


def test_days_are_those_of_which_a_change_speaks(client):
    plan = make_plan()
    spoken = change(plan, as_of=date(2017, 9, 30), title_en="One")
    plain = change(plan, title_en="Two")
    date_back(plain, days=10)
    day = (today() - timedelta(days=10)).isoformat()

    asked = {"from": "2017-09-30", "to": "2017-09-30"}
    assert entries(client, **asked) == [spoken.pk]
    assert entries(client, **{"from": day, "to": day}) == [plain.pk]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", "99"),
        ("commitment", "9-99"),
        ("entity", "nobody"),
        ("report", "none"),
        ("kind", "user"),
        ("from", "2017-9-1"),
        ("to", "yesterday"),
        ("since", "2017-13-01"),
        ("until", "now"),
        ("page", "0"),
    ],
)
def test_bad_value_is_an_error_and_lists_nothing(client, two, name, value):
    page = read(client, CHANGES, status=400, **{name: value})

    assert "This list cannot be shown" in page
    assert "Note of" not in page


def test_row_of_a_draft_plan_cannot_be_asked_for(client):
    draft = make_commitment(plan=make_plan(status="draft"))

    read(client, CHANGES, status=400, commitment=draft.code)
    read(client, CHANGES, status=400, plan=draft.plan.number)


def test_selects_offer_only_what_has_changes(client):
    commitment = make_commitment(title_en="Changed one")
    make_entity(name_en="Unused entity")
    load(commitment, commitment.plan)
    other = make_commitment(plan=commitment.plan, title_en="Added one")

    page = body(client)

    assert f'<option value="{other.code}">' in page
    assert f'<option value="{commitment.code}">' not in page
    assert "Unused entity" not in page


def test_list_goes_on_page_by_page(client):
    plan = make_plan()
    for number in range(30):
        change(plan, title_en=f"Title {number}")

    page = read(client, CHANGES)

    assert "Page 1 of 2" in page
    assert "page=2" in body(client)
    read(client, CHANGES, status=400, page=3)


def test_list_takes_no_more_queries_with_twenty_times_the_changes(client):
    def add(times):
        for _ in range(times):
            commitment = make_commitment()
            change(commitment, title_en="New", theme=None)
            with writing(reason=REASON):
                commitment.policy_areas.set([make_policy_area()])
            change(make_update(), text_en="New")
            change(make_assessment(), results="New")
            make_responsibility(commitment=commitment)

    add(2)
    queries(client, address(CHANGES))
    few = queries(client, address(CHANGES))
    add(40)

    assert queries(client, address(CHANGES)) <= few


def test_page_is_linked_from_every_foot_and_in_the_sitemap(client):
    assert f'<a href="{address(CHANGES)}">' in client.get(address("glossary")).content.decode()
    assert f"http://testserver{address(CHANGES)}" in client.get("/sitemap.xml").content.decode()


# What changed on a page


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("build", [make_commitment, make_plan, make_report])
def test_page_tells_its_newest_changes_and_links_to_all(client, build, lang):
    row = build()
    for number in range(6):
        change(row, f"Reason number {number} of six", title_en=f"Title {number}")
    kind, value = {
        make_commitment: ("commitment", getattr(row, "code", "")),
        make_plan: ("plan", getattr(row, "number", "")),
        make_report: ("report", getattr(row, "slug", "")),
    }[build]
    with translation.override(lang):
        path = row.get_absolute_url()
    response = client.get(path)

    told = section(response, "changes")
    assert [f"Reason number {number} of six" in told for number in range(6)] == [False, *[True] * 5]
    assert f'href="{address(CHANGES, lang=lang)}?{kind}={value}"' in response.content.decode()


def test_page_tells_what_hangs_on_it(client):
    update = make_update()
    change(update, "It was copied wrongly", source_letter="Oficio 12")

    told = section(client.get(address_in_english(update.milestone.commitment)), "changes")

    assert f"Update {update.code}: Changed (letter that it quotes)" in told
    assert "It was copied wrongly" in told
    assert "Oficio" not in told


def test_page_promises_more_changes_only_where_there_are_more(client):
    plan = make_plan()
    for number in range(5):
        told = section(client.get(address_in_english(plan)), "changes")
        assert "All changes" not in told
        change(plan, title_en=f"Title {number}")

    told = section(client.get(address_in_english(plan)), "changes")
    assert "All changes, with what was and what is" in told


@pytest.mark.parametrize("build", [make_commitment, make_plan, make_report])
def test_page_says_so_where_nothing_changed_since_the_record_was_loaded(client, build):
    row = build()
    loaded = load(row)
    date_back(loaded, days=40)

    told = section(client.get(address_in_english(row)), "changes")

    with translation.override("en"):
        day = longdate(today() - timedelta(days=40))
    assert told == (f"What changed on this page Nothing changed here since this record was loaded, on {day}.")


def test_page_of_a_record_that_was_never_loaded_claims_no_day(client):
    commitment = make_commitment()
    with unsealed():
        Change.objects.all().delete()

    told = section(client.get(address_in_english(commitment)), "changes")

    assert told == "What changed on this page No change of what stands here is recorded."


def address_in_english(row):
    with translation.override("en"):
        return row.get_absolute_url()


def test_page_of_a_day_says_how_many_changes_there_are_by_now(client):
    make_commitment()

    page = client.get(address("changes"), {"as_of": "2001-01-01"}).context

    assert page["page_obj"].paginator.count == 0
    assert page["total"] == Change.objects.public().count() > 0
