"""The public log of changes in the API."""

from datetime import date, timedelta

import pytest
from django.db import connection

from record.dates import today
from record.models import Change
from record.writing import unsealed, writing
from tests.api import ROOT, errors, get, queries, results, table
from tests.changes import REASON, annul, change, date_back, load
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_listing,
    make_milestone,
    make_plan,
    make_policy_area,
    make_publisher,
    make_recommendation,
    make_responsibility,
    make_theme,
    make_update,
)

pytestmark = pytest.mark.django_db

LIST = "changes/"


def newest(client, **params):
    return get(client, LIST, **params)["results"][0]


def columns(row):
    return {each["field"]: (each["before"], each["after"]) for each in row["changes"]}


def test_change_says_all_that_the_public_may_know(client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))
    made = change(
        milestone,
        "The card prints June",
        source="Card, p. 3",
        as_of=date(2017, 9, 30),
        act="transcribe",
        ends_on=date(2017, 6, 30),
    )

    row = get(client, f"{LIST}{made.pk}/", lang="en")

    page = f"http://testserver/en/commitments/{milestone.commitment.code}/"
    plan = milestone.commitment.plan.number
    told = {
        "id": made.pk,
        "entry": made.entry.pk,
        "version": made.entry.version,
        "public_at": row["public_at"],
        "as_of": "2017-09-30",
        "effective_on": "2017-09-30",
        "act": "transcribe",
        "act_label": "Copied again",
        "action": "changed",
        "action_label": "Changed",
        "kind": "milestone",
        "object": milestone.code,
        "name": f"{milestone.code} {milestone.activity_en}",
        "object_api_url": f"http://testserver{ROOT}milestones/{milestone.code}/",
        "changes": [
            {"field": "ends_on", "label": "planned end", "before": "2016-12-31", "after": "2017-06-30"}
        ],
        "counts": [],
        "reason": "The card prints June",
        "source": "Card, p. 3",
        "pages": [
            {"kind": "commitment", "id": milestone.commitment.code, "url": page},
            {"kind": "plan", "id": str(plan), "url": f"http://testserver/en/plans/{plan}/"},
        ],
        "url": f"{page}#{milestone.code}",
        "api_url": f"http://testserver{ROOT}changes/{made.pk}/",
    }
    assert {key: row[key] for key in told} == told
    assert [source["document"]["slug"] for source in row["sources"]] == [milestone.document.slug]
    assert row["public_at"].startswith(today().isoformat())


def test_change_without_a_day_of_its_own_is_of_the_day_on_which_it_was_published(client):
    made = change(make_plan(), title_en="New")
    date_back(made, days=10)

    row = newest(client)

    assert (row["as_of"], row["effective_on"]) == (None, (today() - timedelta(days=10)).isoformat())


def test_rows_are_public_identifiers_and_null_where_they_are_not_public(client):
    commitment, theme = make_commitment(), make_theme()
    first, second = make_policy_area(), make_policy_area()
    draft = make_recommendation(status="draft")
    with writing(reason=REASON):
        commitment.theme = theme
        commitment.save()
        commitment.policy_areas.set([first, second])
        commitment.recommendations.set([draft])
    listing = make_listing()
    change(listing, plan=make_plan(status="draft"))

    of_listing, of_commitment = get(client, LIST)["results"][0], newest(client, kind="commitment")

    assert columns(of_commitment) == {
        "theme": (None, theme.slug),
        "policy_areas": ([], [first.slug, second.slug]),
        "recommendations": ([], [None]),
    }
    assert columns(of_listing) == {"plan": (None, None)}
    assert [page["kind"] for page in of_listing["pages"]] == ["document"]


def test_values_are_those_that_the_lists_give(client):
    card = make_assessment(level="limited", has_card=True)
    commitment = make_commitment(title_es="Viejo", title_en="Old")
    change(card, level="complete", has_card=False, results="Words")
    change(commitment, unofficial={"title_en": ""}, title_en="New")

    of_commitment, of_card = get(client, LIST)["results"][:2]

    assert columns(of_card) == {
        "level": ("limited", "complete"),
        "has_card": (True, False),
        "results": (None, "Words"),
    }
    assert columns(of_commitment) == {"title_en": ("Old", "New"), "unofficial": ([], ["title_en"])}


def test_labels_are_in_the_language_asked_for(client):
    change(make_milestone(), ends_on=date(2017, 6, 30))

    english, spanish = newest(client, lang="en"), newest(client, lang="es")

    assert english["changes"][0]["label"] == "planned end"
    assert spanish["changes"][0]["label"] != "planned end"


def test_private_changes_are_in_no_answer(client):
    plan = make_plan(status="draft", title_en="First draft")
    private = change(plan, "Reason of a draft", title_en="Second draft")
    both = change(plan, "The decree is out", status="published", title_en="The plan")

    answer = client.get(ROOT + LIST).content.decode()
    file = client.get(ROOT + LIST, {"format": "csv"}).getvalue().decode()

    for secret in ("First draft", "Second draft", "Reason of a draft"):
        assert secret not in answer
        assert secret not in file
    assert [row["action"] for row in get(client, LIST, kind="plan")["results"]] == ["published"]
    for each in Change.objects.filter(public_at=None):
        assert errors(client, f"{LIST}{each.pk}/", status=404) == [(None, "not_found")]
    assert private.public_at is None
    assert both.public_at is not None


def test_users_are_named_in_no_answer(client):
    change(make_plan(), by=make_publisher(username="mrodriguez"), title_en="New")

    assert "mrodriguez" not in client.get(ROOT + LIST).content.decode()
    assert "mrodriguez" not in client.get(ROOT + LIST, {"format": "csv"}).getvalue().decode()


def test_row_that_is_not_public_any_more_is_named_nowhere(client):
    milestone = make_milestone(activity_en="Words of old")
    made = change(milestone, activity_en="Words that were public")
    draft = make_commitment(plan=make_plan(status="draft"))
    with unsealed(), connection.cursor() as cursor:
        # Raw, as the writer refuses to hide what was published.
        ids = [draft.pk, milestone.pk]
        cursor.execute("UPDATE commitments_milestone SET commitment_id = %s WHERE id = %s", ids)

    row = get(client, f"{LIST}{made.pk}/", lang="en")

    assert (row["kind"], row["action"], row["reason"]) == ("milestone", "changed", REASON)
    hidden = ("object", "name", "object_api_url")
    assert [row[key] for key in hidden] == [None] * 3
    assert (row["changes"], row["sources"]) == ([], [])
    assert "Words" not in str(row)
    # Where it stood when it was changed.
    assert row["url"] == f"http://testserver/en/commitments/{milestone.commitment.code}/"


def test_annulled_row_keeps_its_change_and_its_page(client):
    commitment = make_commitment()
    annul(commitment)

    row = newest(client, lang="en", commitment=commitment.code)

    assert (row["action"], row["object"]) == ("annulled", commitment.code)
    assert row["url"] == f"http://testserver/en/commitments/{commitment.code}/"
    assert client.get(row["url"]).status_code == 200
    assert client.get(row["object_api_url"]).json()["annulled"]["reason"] == "It was entered twice"


def test_struck_words_are_null(client):
    card = make_assessment(official_name="A name that goes")
    with writing(reason="Personal data of a third person", act="strike") as this:
        card.official_name = "[dato omitido]"
        card.save()
        this.struck.add((type(card), card.pk))

    row = newest(client)

    assert row["action"] == "struck"
    assert columns(row) == {"official_name": (None, None)}


def test_first_loading_is_one_change_with_counts(client):
    commitments = [make_commitment() for _ in range(3)]
    load(*commitments, commitments[0].plan)

    [row] = get(client, LIST, lang="en")["results"]

    assert {each["kind"]: each["count"] for each in row["counts"]} == {"commitment": 3, "plan": 1}
    assert (row["act"], row["action"], row["kind"], row["object"]) == ("load", "loaded", None, None)
    assert row["url"] == "http://testserver/en/changes/"
    assert (row["changes"], row["pages"], row["sources"]) == ([], [], [])


def test_row_without_an_identifier_says_where_it_is_seen(client):
    item = make_commitment_item()
    change(item, text_en="Other words")

    row = newest(client, kind="commitment-item", lang="en")

    assert row["object"] is None
    assert row["url"] == f"http://testserver/en/commitments/{item.commitment.code}/"


# Filters


def test_changes_are_those_of_the_page_asked_for(client):
    first, second = make_milestone(), make_milestone()
    entity = make_responsibility(commitment=second.commitment).entity
    made = [change(row, note_en="New") for row in (first, second)]

    def ids(**params):
        return [each for each in results(client, LIST, "id", kind="milestone", **params) if each in of_both]

    of_both = {each.pk for each in made}
    assert ids() == [made[1].pk, made[0].pk]
    assert ids(plan=first.commitment.plan.number) == [made[0].pk]
    assert len(ids(plan=[first.commitment.plan.number, second.commitment.plan.number])) == 2
    assert ids(commitment=second.commitment.code) == [made[1].pk]
    assert ids(entity=entity.slug) == [made[1].pk]
    assert results(client, LIST, "id", kind="report", commitment=first.commitment.code) == []


def test_days_are_those_of_which_a_change_speaks(client):
    plan = make_plan()
    with unsealed():
        Change.objects.all().delete()
    spoken = change(plan, as_of=date(2017, 9, 30), title_en="One")
    plain = change(plan, title_en="Two")
    tomorrow, day = today() + timedelta(days=1), today().isoformat()

    def ids(**params):
        return results(client, LIST, "id", **params)

    assert ids(**{"from": "2017-09-30", "to": "2017-09-30"}) == [spoken.pk]
    assert ids(**{"from": "2017-10-01"}) == [plain.pk]
    assert ids(to="2017-09-29") == []
    assert ids(**{"from": day, "to": day}) == [plain.pk]
    assert ids(**{"from": tomorrow.isoformat()}) == []


def test_moments_are_those_at_which_the_public_could_read_it(client):
    plan = make_plan()
    with unsealed():
        Change.objects.all().delete()
    old, new = change(plan, as_of=date(2017, 9, 30), title_en="One"), change(plan, title_en="Two")
    date_back(old, days=2)
    old.refresh_from_db()

    def ids(**params):
        return results(client, LIST, "id", **params)

    day = (today() - timedelta(days=1)).isoformat()
    assert ids(since=day) == [new.pk]
    assert ids(until=day) == [old.pk]
    assert ids(since=today().isoformat(), until=today().isoformat()) == [new.pk]
    assert ids(since=old.public_at.isoformat()) == [new.pk, old.pk]
    assert ids(until=old.public_at.isoformat()) == [old.pk]
    just_before = old.public_at - timedelta(microseconds=1)
    assert ids(until=just_before.isoformat().replace("+00:00", "Z")) == []
    assert ids(since="0001-01-01T00:00:00+14:00", until="9999-12-31") == [new.pk, old.pk]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("plan", "99", "unknown_value"),
        ("commitment", "9-99", "unknown_value"),
        ("entity", "nobody", "unknown_value"),
        ("report", "none", "unknown_value"),
        ("kind", "user", "unknown_value"),
        ("kind", ["plan", "report"], "repeated"),
        ("from", "2017-9-1", "invalid_date"),
        ("to", "2017-02-30", "invalid_date"),
        ("since", "2017-02-30", "invalid_date"),
        ("until", "2017-02-03T25:00:00Z", "invalid_date"),
        ("until", "20170203", "invalid_date"),
        ("as_of", "2999-02-03", "future_date"),
        ("by", "somebody", "unknown_parameter"),
    ],
)
def test_bad_value_is_refused(client, name, value, code):
    assert errors(client, LIST, **{name: value}) == [(name, code)]


def test_rows_of_drafts_are_unknown(client):
    draft = make_commitment(plan=make_plan(status="draft"))

    assert errors(client, LIST, commitment=draft.code) == [("commitment", "unknown_value")]
    assert errors(client, LIST, plan=draft.plan.number) == [("plan", "unknown_value")]


def test_file_has_what_changed_column_by_column(client):
    commitment = make_commitment()
    change(commitment, title_en="New title", ends_on=date(2017, 6, 30))

    line = table(client, LIST, commitment=commitment.code)[0]

    assert line["changes.field"] == "title_en|ends_on"
    assert line["changes.after"] == "New title|2017-06-30"
    assert line["object"] == commitment.code


def test_lists_and_files_take_no_more_queries_with_more_changes(client):
    def add(times):
        for _ in range(times):
            commitment = make_commitment()
            change(commitment, title_en="New", theme=make_theme(plan=commitment.plan))
            with writing(reason=REASON):
                commitment.policy_areas.set([make_policy_area()])
            change(make_update(), text_en="New")
            change(make_assessment(), results="New")
            make_responsibility(commitment=commitment)
            make_listing(plan=commitment.plan)

    add(2)
    queries(client, LIST)
    few = [queries(client, LIST), queries(client, LIST, format="csv")]
    # A file is written 500 rows at a time.
    add(10)

    many = [queries(client, LIST), queries(client, LIST, format="csv")]
    assert [after <= before for before, after in zip(few, many, strict=True)] == [True, True], (few, many)


def test_answer_changes_its_tag_with_the_log(client):
    plan = make_plan()
    before = client.get(ROOT + LIST).headers["ETag"]

    change(plan, title_en="New")

    assert client.get(ROOT + LIST, headers={"If-None-Match": before}).status_code == 200
