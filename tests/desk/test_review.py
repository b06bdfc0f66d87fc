"""Several updates reviewed at once: each by its own act, with its own outcome."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from commitments import actions
from commitments.models import Update
from ogp_portal.desk.section import MOST
from record.actions import annul
from record.models import Act, Change, Entry
from record.writing import writing
from tests.desk.rows import client_of, draft_by, milestone_of, submitted_by
from tests.factories import (
    make_auditor,
    make_editor,
    make_entity,
    make_focal_point,
    make_publisher,
    make_user,
)

pytestmark = pytest.mark.django_db

COMMENT = "Falta el oficio que lo prueba"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def entity():
    return make_entity()


@pytest.fixture
def author(entity):
    return make_focal_point(entity)


@pytest.fixture
def publisher():
    return make_publisher(first_name="Quien", last_name="Publica")


@pytest.fixture
def client(publisher):
    return in_english(client_of(publisher))


@pytest.fixture
def sent(author, entity):
    """Return a function that submits so many updates, each of a milestone of its own."""
    return lambda n: [submitted_by(author, milestone_of(entity, -9)) for _each in range(n)]


def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def opened(client, *updates):
    response = client.get(reverse("admin-review"), {"u": [each.pk for each in updates]})
    assert response.status_code == 200
    return response


def filled(response, **typed):
    """Return what a browser sends of the page; `typed` has fields by their names, without a button."""
    data = {"u": []}
    for read in response.context["reads"]:
        data["u"].append(read.update.pk)
        for form in (read.act_form, read.comment_form):
            data |= {field.html_name: field.value() or "" for field in form}
    return data | typed


def send(client, response, button, value="1", **typed):
    return client.post(reverse("admin-review"), filled(response, **typed) | {button: value})


def told(response):
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def states(updates):
    found = dict(Update.everything.values_list("pk", "workflow"))
    return [found.get(each.pk) for each in updates]


# Reading.


def test_the_chosen_ones_are_shown_whole_the_oldest_first(client, author, entity):
    milestone = milestone_of(entity, 9)
    before = submitted_by(author, milestone, status="in_progress", text_es="Palabras de la última vez")
    actions.publish_update(make_publisher(), before)
    proof = [
        {
            "url": "https://www.gob.pe/prueba",
            "title_es": "Oficio",
            "document": milestone.document,
            "place": "p. 1",
        }
    ]
    first = actions.submit(author, draft_by(author, milestone, text_es="Palabras de ahora", evidence=proof))
    second = submitted_by(author, milestone_of(entity, -9))
    other = submitted_by(author, milestone_of(entity, -9))

    response = opened(client, second, first)
    page = response.content.decode()

    assert [read.update for read in response.context["reads"]] == [first, second]
    for words in (
        "Palabras de ahora",
        "Palabras de la última vez",
        "https://www.gob.pe/prueba",
        milestone.code,
    ):
        assert words in page
    assert other.code not in page
    assert '<a href="https://www.gob.pe/prueba"' in page


def test_all_is_what_waits_longest(client, sent):
    updates = sent(3)

    response = client.get(reverse("admin-review"), {"all": "1"})

    assert [read.update for read in response.context["reads"]] == updates


def test_as_many_are_chosen_as_the_desk_shows(client, sent):
    updates = sent(MOST + 1)

    response = opened(client, *updates)

    assert [read.update for read in response.context["reads"]] == updates[:MOST]


def test_to_read_is_to_open(client, publisher, author, sent):
    update, other = sent(2)

    opened(client, update)

    assert actions.first_reading(update).by == publisher
    assert actions.first_reading(other) is None
    with pytest.raises(actions.WasOpened):
        actions.take_back(author, update)


@pytest.mark.parametrize("u", ["", "x", "9" * 17, "-1"])
def test_odd_addresses_lead_to_the_desk(client, sent, u):
    sent(1)

    response = client.get(reverse("admin-review"), {"u": u})

    assert response.url == reverse("admin:index")
    assert client.post(reverse("admin-review"), {"u": u, "publish": "1"}).status_code == 302


def test_key_in_other_digits_is_an_odd_address_too(client, sent):
    [update] = sent(1)
    arabic = str(update.pk).translate({ord(str(n)): chr(0x660 + n) for n in range(10)})

    response = client.get(reverse("admin-review"), {"u": arabic})

    assert response.url == reverse("admin:index")


def test_what_does_not_wait_is_not_read_here(client, author, entity):
    draft = draft_by(author, milestone_of(entity, -9))

    assert client.get(reverse("admin-review"), {"u": draft.pk}).status_code == 302


@pytest.mark.parametrize("make", [make_auditor, make_user])
def test_who_reviews_nothing_is_refused(make, sent):
    update = sent(1)[0]
    client = client_of(make())

    assert client.get(reverse("admin-review"), {"u": update.pk}).status_code == 403
    assert client.post(reverse("admin-review"), {"u": update.pk, "publish": "1"}).status_code == 403


def test_a_focal_point_is_refused(author, sent):
    update = sent(1)[0]

    assert client_of(author).get(reverse("admin-review"), {"u": update.pk}).status_code == 403
    assert states([update]) == ["submitted"]


# Publishing.


def test_ten_are_published_in_one_go_each_by_its_own_entry(client, publisher, sent):
    updates = sent(10)
    response = opened(client, *updates)
    assert response.context["to_publish"] == 10

    answer = send(client, response, "publish")

    assert answer.url == reverse("admin:index")
    assert states(updates) == ["published"] * 10
    assert told(answer) == [("success", f"“{each.code}” was published.") for each in updates]
    entries = Entry.objects.filter(act=Act.PUBLISH, by=publisher)
    assert entries.count() == 10
    assert LogEntry.objects.filter(user=publisher).count() == 10


def test_evidence_is_published_with_it(client, author, entity):
    milestone = milestone_of(entity, -9)
    proof = [
        {"url": "https://www.gob.pe/x", "title_es": "Oficio", "document": milestone.document, "place": "p. 1"}
    ]
    update = actions.submit(author, draft_by(author, milestone, evidence=proof))

    send(client, opened(client, update), "publish")

    assert Update.objects.get(pk=update.pk).evidence.get().is_public


def test_own_words_are_left_to_another_publisher(client, publisher, entity, sent):
    own = submitted_by(publisher, milestone_of(entity, -9))
    other = sent(1)[0]
    response = opened(client, own, other)
    assert response.context["to_publish"] == 1

    answer = send(client, response, "publish")

    assert states([own, other]) == ["submitted", "published"]
    assert answer.url == reverse("admin-review", query={"u": [own.pk]})
    assert told(answer) == [("success", f"“{other.code}” was published.")]


def test_an_editor_returns_and_does_not_publish(sent):
    update = sent(1)[0]
    client = in_english(client_of(make_editor()))
    response = opened(client, update)
    assert response.context["to_publish"] == 0
    assert b'name="publish"' not in response.content

    forged = send(client, response, "publish")
    assert states([update]) == ["submitted"]
    assert told(forged)[0][0] == "warning"
    send(client, response, "return", **{f"{update.pk}-comment": COMMENT})
    assert states([update]) == ["returned"]


def test_of_two_who_publish_the_second_is_told_who_was_first(client, publisher, sent):
    updates = sent(2)
    second = in_english(client_of(make_publisher()))
    here, there = opened(client, *updates), opened(second, *updates)

    send(client, here, "publish")
    answer = send(second, there, "publish")

    for (level, sentence), update in zip(told(answer), updates, strict=True):
        assert level == "error"
        assert update.code in sentence and "Quien Publica" in sentence and "published" in sentence
    assert Entry.objects.filter(act=Act.PUBLISH).count() == 2
    assert answer.url == reverse("admin:index")


def test_what_changed_meanwhile_is_shown_again_and_the_others_are_published(client, author, sent):
    changed, other = sent(2)
    response = opened(client, changed, other)
    actions.send_back(make_editor(), changed, COMMENT)
    with writing(author):
        changed.refresh_from_db()
        changed.text_es = "Otras palabras"
        changed.save()
    actions.submit(author, changed)

    answer = send(client, response, "publish")

    assert states([changed, other]) == ["submitted", "published"]
    assert [read.update.pk for read in answer.context["reads"]] == [changed.pk]
    assert "Otras palabras" in answer.content.decode()
    assert "was changed since you read it" in " ".join(answer.context["reads"][0].refused)
    # What stands there now was read: it goes.
    send(client, answer, "publish")
    assert states([changed]) == ["published"]


def test_a_forged_or_missing_version_publishes_nothing(client, sent):
    update = sent(1)[0]
    response = opened(client, update)

    for seen in ("", "1", "9" * 40, "x"):
        send(client, response, "publish", **{f"{update.pk}-seen": seen})
    client.post(reverse("admin-review"), {"u": [update.pk], "publish": "1"})

    assert states([update]) == ["submitted"]


def test_a_correction_asks_for_its_reason(client, author, entity):
    update = submitted_by(author, milestone_of(entity, -9))
    actions.publish_update(make_publisher(), update)
    correction = actions.correct(
        author, update, {"text_es": "Lo corregido"}, reason="El texto decía otra cosa"
    )
    actions.submit(author, correction)
    response = opened(client, correction)
    assert "Lo corregido" in response.content.decode()

    refused = send(client, response, "publish", **{f"{correction.pk}-reason": ""})
    assert states([correction]) == ["submitted"]
    assert refused.context["reads"][0].act_form.errors["reason"]

    send(client, response, "publish")
    assert states([correction]) == ["published"]
    assert Entry.objects.filter(act=Act.CORRECT).first().reason == "El texto decía otra cosa"


def test_annulled_and_deleted_meanwhile(client, author, entity, sent):
    annulled, gone, other = sent(3)
    response = opened(client, annulled, gone, other)
    actions.publish_update(make_publisher(), annulled)
    annul(None, annulled, "Se informó dos veces lo mismo")
    actions.send_back(make_editor(), gone, COMMENT)
    with writing():
        Update.objects.get(pk=gone.pk).delete()

    answer = send(client, response, "publish")

    levels = [level for level, _sentence in told(answer)]
    assert sorted(levels) == ["error", "error", "success"]
    assert states([other]) == ["published"]


def test_sent_twice_it_is_published_once(client, sent):
    update = sent(1)[0]
    response = opened(client, update)

    send(client, response, "publish")
    send(client, response, "publish")

    assert Change.objects.filter(object_id=update.pk, action=Change.Action.PUBLISHED).count() == 1


# Returning.


def test_those_with_a_comment_are_returned_and_the_others_stay(client, publisher, sent):
    back, also, stays = sent(3)
    typed = {f"{back.pk}-comment": COMMENT, f"{also.pk}-comment": "Otro comentario claro"}

    answer = send(client, opened(client, back, also, stays), "return", **typed)

    assert states([back, also, stays]) == ["returned", "returned", "submitted"]
    assert actions.last_return(back).comment == COMMENT
    assert actions.last_return(also).by == publisher
    assert answer.url == reverse("admin-review", query={"u": [stays.pk]})


def test_nothing_is_published_while_a_comment_stands(client, sent):
    updates = sent(2)
    typed = {f"{updates[1].pk}-comment": COMMENT}

    answer = send(client, opened(client, *updates), "publish", **typed)

    assert states(updates) == ["submitted"] * 2
    first, second = answer.context["reads"]
    assert (first.refused, bool(second.refused)) == ([], True)
    assert COMMENT in answer.content.decode()


def test_a_comment_that_says_nothing_returns_nothing(client, sent):
    updates = sent(2)
    typed = {f"{updates[0].pk}-comment": COMMENT, f"{updates[1].pk}-comment": "no"}

    answer = send(client, opened(client, *updates), "return", **typed)

    assert states(updates) == ["submitted"] * 2
    assert COMMENT in answer.content.decode()
    assert answer.context["reads"][1].comment_form.errors


def test_a_comment_is_kept_where_returning_was_refused(client, author, sent):
    update = sent(1)[0]
    response = opened(client, update)
    actions.send_back(make_editor(), update, COMMENT)
    actions.submit(author, update)

    answer = send(client, response, "return", **{f"{update.pk}-comment": COMMENT})

    assert states([update]) == ["submitted"]
    assert COMMENT in answer.content.decode()


def test_to_return_without_a_comment_does_nothing(client, sent):
    update = sent(1)[0]

    answer = send(client, opened(client, update), "return")

    assert states([update]) == ["submitted"]
    assert told(answer)[0][0] == "warning"


def test_one_is_left_for_later_and_what_was_typed_stays(client, sent):
    first, second = sent(2)

    answer = send(
        client, opened(client, first, second), "leave", str(first.pk), **{f"{second.pk}-comment": COMMENT}
    )

    assert [read.update for read in answer.context["reads"]] == [second]
    assert COMMENT in answer.content.decode()
    assert send(client, answer, "leave", str(second.pk)).url == reverse("admin:index")
    assert states([first, second]) == ["submitted"] * 2


def test_the_head_of_the_page_leads_to_what_was_refused(client, sent):
    updates = sent(2)
    response = opened(client, *updates)

    answer = send(client, response, "publish", **{f"{updates[1].pk}-comment": COMMENT})

    head = answer.content.decode().split(f'id="u-{updates[0].pk}"')[0]
    assert f'href="#u-{updates[1].pk}"' in head
    assert f'href="#u-{updates[0].pk}"' not in head
    assert 'id="refused"' not in response.content.decode()
