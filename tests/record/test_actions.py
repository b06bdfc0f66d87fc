"""Acts on rows of any kind: what each does, and what each refuses, for everybody."""

import json
from datetime import date

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import translation

from plans.models import Recommendation
from record import actions
from record.models import Change, Entry, LoadedRow, Proposal, Version
from record.publication import Status, needs_reason
from record.striking import OMITTED, OMITTED_SHORT, TooShort, rows_with
from record.writing import ReasonNeeded, unsealed, writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_editor,
    make_listing,
    make_milestone,
    make_plan,
    make_plan_period,
    make_publisher,
    make_recommendation,
    make_report,
    make_responsibility,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

REASON = "Se publicó por error"
SOURCE = "Plan de acción, p. 9"


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def draft():
    return make_recommendation(status=Status.DRAFT)


def edited(row, **columns):
    """Let somebody else write a row."""
    with writing(reason="Lo escribió otro"):
        found = type(row).everything.get(pk=row.pk)
        for column, value in columns.items():
            setattr(found, column, value)
        found.save()


def last_change(row):
    return Change.objects.of(row).select_related("entry").last()


# Publishing.


@pytest.mark.parametrize("make", [make_plan, make_report, make_recommendation])
def test_draft_is_published_and_the_log_says_so(make, publisher):
    row = make(status=Status.DRAFT)
    before = Version.current()

    actions.publish(publisher, row, seen=actions.version_of(row))

    row.refresh_from_db()
    change = last_change(row)
    assert row.status == Status.PUBLISHED
    assert (change.action, change.entry.act, change.entry.by) == ("published", "publish", publisher)
    assert change.public_at
    assert Version.current() == before + 1


def test_publishing_writes_nothing_else_of_the_row(publisher, draft):
    draft.text_es = "Nunca se guardó"

    actions.publish(publisher, draft)

    assert Recommendation.objects.get().text_es != "Nunca se guardó"
    assert set(last_change(draft).columns) == {"status"}


def test_what_is_published_is_not_published_again(publisher):
    with pytest.raises(actions.IsPublished):
        actions.publish(publisher, make_report())


def test_what_is_annulled_is_not_published(publisher):
    report = make_report()
    actions.annul(publisher, report, REASON)

    with pytest.raises(actions.IsAnnulled):
        actions.publish(publisher, report)


def test_what_is_part_of_another_row_is_published_with_that(publisher):
    with pytest.raises(actions.GoesWithItsOwner):
        actions.publish(publisher, make_milestone())


def test_row_that_somebody_deleted_is_gone(publisher, draft):
    stale = Recommendation.objects.get()
    with writing(reason="made for a test"):
        draft.delete()

    with pytest.raises(actions.Gone):
        actions.publish(publisher, stale)


# The version that was read.


def test_draft_that_its_author_edited_meanwhile_is_not_published(publisher, draft):
    seen = actions.version_of(draft)
    edited(draft, text_es="Otra cosa")

    with pytest.raises(actions.Newer):
        actions.publish(publisher, draft, seen=seen)

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_second_of_two_publishers_is_told(publisher, draft):
    seen = actions.version_of(draft)
    actions.publish(publisher, draft, seen=seen)

    with pytest.raises(actions.Newer):
        actions.publish(make_publisher(), draft, seen=seen)


@pytest.mark.parametrize(
    "act",
    [
        lambda by, row, seen: actions.annul(by, row, REASON, seen=seen),
        lambda by, row, seen: actions.restore(by, row, REASON, seen=seen),
        lambda by, row, seen: actions.transcribe(by, row, {"order": 3}, REASON, SOURCE, seen=seen),
        lambda by, row, seen: actions.strike(by, row, REASON, "text_es", "Recomendación", seen=seen),
    ],
    ids=["annul", "restore", "transcribe", "strike"],
)
def test_every_act_asks_for_the_version_that_was_read(publisher, act):
    row = make_recommendation()
    seen = actions.version_of(row)
    edited(row, place="p. 7")

    with pytest.raises(actions.Newer):
        act(publisher, row, seen)


def test_form_that_tells_no_version_read_none(publisher, draft):
    with pytest.raises(actions.Newer):
        actions.publish(publisher, draft, seen="")


# Rights.


@pytest.mark.parametrize(
    "act",
    [
        lambda by, row: actions.publish(by, row),
        lambda by, row: actions.annul(by, row, REASON),
        lambda by, row: actions.restore(by, row, REASON),
        lambda by, row: actions.strike(by, row, REASON, "text_es", "Recomendación"),
    ],
    ids=["publish", "annul", "restore", "strike"],
)
def test_only_a_publisher_acts_on_what_the_public_reads(editor, draft, act):
    with pytest.raises(PermissionDenied):
        act(editor, draft)


def test_editor_transcribes_a_draft_and_nothing_public(editor, draft):
    actions.transcribe(editor, draft, {"place": "p. 9"}, REASON, SOURCE)

    with pytest.raises(PermissionDenied):
        actions.transcribe(editor, make_recommendation(), {"place": "p. 9"}, REASON, SOURCE)
    draft.refresh_from_db()
    assert draft.place == "p. 9"


# Annulling and restoring.


def test_annulled_row_leaves_lists_and_keeps_its_words(publisher):
    report = make_report(title_es="Informe")
    card = make_assessment(report=report)

    actions.annul(publisher, report, REASON)

    change = last_change(report)
    assert not type(report).objects.published().filter(pk=report.pk).exists()
    assert type(report).everything.readable().get(pk=report.pk).title_es == "Informe"
    # What stands on it goes with it.
    assert not type(card).objects.published().exists()
    assert (change.action, change.entry.reason) == ("annulled", REASON)


@pytest.mark.parametrize("reason", ["", "x", None])
def test_nothing_is_annulled_or_restored_without_a_reason(publisher, reason):
    report, annulled = make_report(), make_report()
    actions.annul(publisher, annulled, REASON)

    with pytest.raises(ReasonNeeded):
        actions.annul(publisher, report, reason)
    with pytest.raises(ReasonNeeded):
        actions.restore(publisher, annulled, reason)


def test_draft_is_not_annulled(publisher, draft):
    with pytest.raises(actions.IsDraft):
        actions.annul(publisher, draft, REASON)


def test_annulled_row_is_not_annulled_again(publisher):
    report = make_report()
    actions.annul(publisher, report, REASON)

    with pytest.raises(actions.IsAnnulled):
        actions.annul(publisher, report, REASON)


def test_restored_row_stands_again(publisher):
    report = make_report()
    actions.annul(publisher, report, REASON)

    actions.restore(publisher, report, "Se anuló por error")

    assert type(report).objects.published().get(pk=report.pk)
    assert last_change(report).action == "restored"


def test_row_that_stands_is_not_restored(publisher):
    with pytest.raises(actions.IsNotAnnulled):
        actions.restore(publisher, make_report(), REASON)


def test_reason_with_an_address_annuls_nothing(publisher):
    report = make_report()

    with pytest.raises(ValidationError, match="nombre@ministerio.gob.pe"):
        actions.annul(publisher, report, "Lo pidió nombre@ministerio.gob.pe")

    assert type(report).objects.published().get(pk=report.pk)


@pytest.mark.parametrize("status", Status)
def test_line_that_is_taken_away_is_annulled_where_it_was_published(status):
    period = make_plan_period(plan=make_plan(status=status))

    with writing(reason=REASON):
        actions.take_away(period)

    assert not type(period).objects.exists()
    assert type(period).everything.exists() == (status == Status.PUBLISHED)


# Transcribing.


def test_planned_date_is_copied_again_with_its_source(publisher):
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    actions.transcribe(publisher, milestone, {"ends_on": date(2016, 6, 30)}, REASON, SOURCE)

    milestone.refresh_from_db()
    change = last_change(milestone)
    assert milestone.ends_on == date(2016, 6, 30)
    assert (change.entry.act, change.entry.source) == ("transcribe", SOURCE)


def test_published_update_is_copied_again_with_its_source(publisher):
    update = make_update(percent=40)

    actions.transcribe(publisher, update, {"percent": 50}, REASON, SOURCE)

    update.refresh_from_db()
    assert update.percent == 50


def test_nothing_is_transcribed_without_a_source(publisher):
    with pytest.raises(actions.SourceNeeded):
        actions.transcribe(publisher, make_milestone(), {"place": "p. 9"}, REASON, "")


@pytest.mark.parametrize("column", ["number", "commitment", "annulled_at", "code", "search_text", "id"])
def test_what_nobody_copied_is_not_transcribed(publisher, column):
    with pytest.raises(actions.StaysAsItIs):
        actions.transcribe(publisher, make_milestone(), {column: 77}, REASON, SOURCE)


def test_publication_is_not_transcribed(publisher):
    with pytest.raises(actions.StaysAsItIs):
        actions.transcribe(publisher, make_report(), {"status": "draft"}, REASON, SOURCE)


@pytest.mark.parametrize(
    "values", [{"percent": 101}, {"status": "done"}, {"text_es": "a@b.pe"}, {"as_of": date(2999, 1, 1)}]
)
def test_value_that_is_none_is_not_transcribed(publisher, values):
    update = make_update()

    with pytest.raises(ValidationError):
        actions.transcribe(publisher, update, values, REASON, SOURCE)

    assert Change.objects.of(update).count() == 1


def test_annulled_row_is_not_transcribed(publisher):
    report = make_report()
    actions.annul(publisher, report, REASON)

    with pytest.raises(actions.IsAnnulled):
        actions.transcribe(publisher, report, {"place": "p. 9"}, REASON, SOURCE)


# Taking personal data out.

WHO = "Fulano de Tal-Cual"


def tables_with(text):
    """Return the tables of the database in which a text stands, as it is or as JSON writes it."""
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            cells = [str(cell).casefold() for row in cursor.fetchall() for cell in row]
        forms = {text.casefold(), json.dumps(text)[1:-1].casefold()}
        if any(form in cell for form in forms for cell in cells):
            found.append(table)
    return found


def told_everywhere(row, column):
    """Let a row, its log, proposals and last actions hold WHO in every way they can."""
    kind = ContentType.objects.get_for_model(row)
    edited(row, **{column: f"Lo dijo {WHO}, ayer"})
    with writing(reason=f"Lo pidió {WHO}", source=f"Correo de {WHO}") as this:
        row.refresh_from_db()
        setattr(row, column, f"{WHO.upper()} lo dijo")
        row.save()
        this.sources[type(row), row.pk] = f"Carta de {WHO}"
    edited(row, **{column: f"De nuevo,\n{WHO.replace(' ', '  ', 1)}"})
    with unsealed():
        Change.objects.filter(pk=last_change(row).pk).update(name=f"Lo dijo {WHO[:9]}")
    proposed = {"model": row._meta.label_lower, "columns": {column: ["", f"Y {WHO}"]}}
    Proposal.objects.create(
        model=row._meta.label_lower,
        object_id=row.pk,
        name=f"De {WHO}",
        reason=f"Por {WHO}",
        answer=f"A {WHO}",
        changes=[proposed],
    )
    LoadedRow.objects.create(
        file="x.yaml", model=row._meta.label_lower, key=f"1 | {WHO}", object_id=row.pk, columns=[], digest=""
    )
    noted = {"content_type": kind, "object_id": row.pk, "action_flag": CHANGE, "user": make_user()}
    LogEntry.objects.create(object_repr=f"Lo dijo {WHO[:7]}", change_message=f"Con {WHO}", **noted)
    message = [{"added": {"name": "línea", "object": f"Línea de {WHO}"}}]
    LogEntry.objects.create(
        **noted | {"object_id": 0}, object_repr=f"Otro con {WHO}", change_message=json.dumps(message)
    )


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (make_recommendation, "text_es"),
        (make_update, "text_es"),
        (make_commitment, "title_es"),
        (lambda: make_recommendation(status=Status.DRAFT), "answer_es"),
        (lambda: make_responsibility(name_as_printed="Alguien"), "name_as_printed"),
    ],
    ids=["recommendation", "update", "commitment", "draft", "responsibility"],
)
def test_struck_text_stands_nowhere_in_the_database(publisher, make, column):
    row = make()
    if needs_reason(row) and column == "text_es" and hasattr(row, "workflow"):
        with writing(reason=REASON, source=SOURCE, act="transcribe"):
            row.text_es = f"Lo dijo {WHO}, ayer"
            row.save()
    else:
        told_everywhere(row, column)
    row.refresh_from_db()
    assert tables_with("Tal-Cual")

    actions.strike(publisher, row, "Es un dato personal", column, WHO)

    row.refresh_from_db()
    assert OMITTED in getattr(row, column)
    assert tables_with("Tal-Cual") == []
    assert tables_with("fulano") == []


def test_strike_leaves_a_change_that_keeps_no_words(publisher):
    row = make_recommendation(text_es=f"Lo dijo {WHO}")

    actions.strike(publisher, row, "Es un dato personal", "text_es", WHO)

    change = last_change(row)
    assert (change.action, change.columns["text_es"], change.entry.act) == ("struck", [], "strike")
    assert change.public_at
    assert change.entry.reason == "Es un dato personal"


def test_strike_takes_the_words_out_of_every_column_of_the_row_and_leaves_other_words(publisher):
    row = make_recommendation(text_es="Ana y Susana Anaya. ANA", text_en="Ana said so", answer_es="Mañana")

    actions.strike(publisher, row, "Es un dato personal", "text_es", "Ana")

    row.refresh_from_db()
    assert row.text_es == f"{OMITTED} y Susana Anaya. {OMITTED}"
    assert (row.text_en, row.answer_es) == (f"{OMITTED} said so", "Mañana")


def test_row_is_not_found_by_what_was_struck(publisher):
    row = make_recommendation(text_es="Lo dijo Mengano")
    assert Recommendation.objects.search("mengano").get() == row

    actions.strike(publisher, row, "Es un dato personal", "text_es", "Mengano")

    assert not Recommendation.objects.search("mengano").exists()


def test_strike_in_a_short_column_leaves_a_shorter_mark(publisher):
    title = "Ana " * 62
    report = make_report(title_es=title.strip())

    actions.strike(publisher, report, "Es un dato personal", "title_es", "Ana")

    report.refresh_from_db()
    assert "Ana" not in report.title_es
    assert report.title_es.startswith(OMITTED_SHORT)


def test_published_update_may_be_struck_though_it_stays_as_it_is(publisher):
    update = make_update(text_es=f"Lo dijo {WHO}")

    actions.strike(publisher, update, "Es un dato personal", "text_es", WHO)

    update.refresh_from_db()
    assert update.text_es == f"Lo dijo {OMITTED}"


@pytest.mark.parametrize("text", ["", "x", "  ab ", "dato", OMITTED])
def test_too_little_is_not_struck(publisher, text):
    with pytest.raises(TooShort):
        actions.strike(publisher, make_recommendation(), "Es un dato personal", "text_es", text)


@pytest.mark.parametrize("column", ["answer_es", "slug", "status", "search_text", "nothing"])
def test_what_does_not_stand_there_is_not_struck(publisher, column):
    row = make_recommendation(text_es="Lo dijo Mengano", slug="mengano")

    with pytest.raises(actions.DoesNotStandThere):
        actions.strike(publisher, row, "Es un dato personal", column, "Mengano")


def test_reason_does_not_repeat_what_is_struck(publisher):
    row = make_recommendation(text_es="Lo dijo Mengano")

    with pytest.raises(actions.Repeated):
        actions.strike(publisher, row, "Lo pidió MENGANO", "text_es", "Mengano")


def test_nothing_is_struck_without_a_reason(publisher):
    with pytest.raises(ReasonNeeded):
        actions.strike(publisher, make_recommendation(), "", "text_es", "Recomendación")


def test_rows_in_which_a_text_still_stands_are_named():
    make_document(title_es="De Mengano", slug="de-mengano")
    make_update(text_es="mengano")

    assert len(rows_with("Mengano")) == 2
    assert any("de-mengano" in name for name in rows_with("Mengano"))


def test_log_of_others_is_not_touched_by_a_strike(publisher):
    other = make_recommendation(text_es="Antes")
    edited(other, text_es="Lo dijo Mengano")
    row = make_recommendation(text_es="Lo dijo Mengano")

    actions.strike(publisher, row, "Es un dato personal", "text_es", "Mengano")

    assert last_change(other).columns["text_es"] == ["Antes", "Lo dijo Mengano"]
    assert Entry.objects.filter(changes__object_id=row.pk).exists()


@pytest.fixture
def in_spanish():
    """Have rows named by their Spanish words, whatever language the test before left behind."""
    with translation.override("es"):
        yield


@pytest.mark.usefixtures("in_spanish")
def test_text_is_struck_from_the_names_that_other_entries_gave_to_what_quotes_it(publisher):
    work = make_document(title_es=f"Carta de {WHO}")
    listing = make_listing(work=work)
    assert WHO in last_change(listing).name

    actions.strike(publisher, work, REASON, "title_es", WHO)

    assert WHO not in last_change(listing).name
