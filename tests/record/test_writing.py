"""The writer: nothing is written around it, by whatever way, and what is written is logged."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F
from django.utils.timezone import now

from commitments.models import Assessment, Commitment, Evidence, Milestone, PolicyArea, Update
from entities.models import Entity
from plans.models import Plan, Report, Theme
from record.kinds import kind_of, kinds
from record.models import Change, ChangedPage, Document, Entry, Version
from record.publication import Public, Status
from record.writing import (
    NotWriting,
    ReasonNeeded,
    SentTwice,
    StaysPublished,
    WriteRefused,
    columns_of,
    is_of_record,
    required,
    seal,
    tables,
    unsealed,
    writing,
)
from tests.factories import (
    make,
    make_commitment,
    make_entity,
    make_evidence,
    make_milestone,
    make_plan,
    make_policy_area,
    make_publisher,
    make_report,
    make_theme,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

WHY = "Errata de imprenta"
MODELS = [kind.model for kind in kinds()]
LINKS = [(model, column) for model in MODELS for column in model._meta.many_to_many]
RELATIONS = [
    (model, relation)
    for model in MODELS
    for relation in model._meta.related_objects
    if not relation.many_to_many and is_of_record(relation.related_model)
]


def name(value):
    """Name a parameter of a test."""
    return getattr(value, "__name__", None) or getattr(value, "name", None) or str(value)


def tables_of_record():
    """Return every row of every table of the record, links and log among them."""
    models_of_record = [*tables().values(), Entry, Change, ChangedPage, Version]
    return {model: list(models.QuerySet(model).order_by("pk").values()) for model in models_of_record}


# Every model, and every way around the writer.


def plainly(row):
    """Return a queryset of a row that knows nothing of the writer."""
    return models.QuerySet(type(row)).filter(pk=row.pk)


def copy_of(row):
    """Return a row like another one, not yet stored."""
    twin = type(row)(**{each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields})
    twin.pk = None
    return twin


def columns_like(row):
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields[1:]}


def load_as_fixture(row):
    [loaded] = serializers.deserialize("json", serializers.serialize("json", [row]))
    loaded.save()


def execute(row, statement):
    """Send a statement to the database, with the names of the row's table and of one of its columns."""
    table = connection.ops.quote_name(row._meta.db_table)
    column = connection.ops.quote_name(row._meta.get_field("annulled_at").column)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=table, column=column, pk=row.pk))


MANAGERS = ("objects", "everything", "_base_manager", "_default_manager")
WAYS = {
    "save": lambda row: row.save(),
    "save with a key that is new": lambda row: copy_of(row).save(),
    "save of some columns": lambda row: row.save(update_fields=["annulled_at"]),
    "save_base": lambda row: row.save_base(),
    "save_base of Django": lambda row: models.Model.save_base(row, raw=True),
    "fixture": load_as_fixture,
    "delete": lambda row: row.delete(),
    "delete of Django": lambda row: models.Model.delete(row),
    "INSERT": lambda row: execute(row, "INSERT INTO {table} SELECT * FROM {table} WHERE id = {pk}"),
    "UPDATE": lambda row: execute(row, "UPDATE {table} SET {column} = NULL WHERE id = {pk}"),
    "DELETE": lambda row: execute(row, "DELETE FROM {table} WHERE id = {pk}"),
    "comment first": lambda row: execute(row, "/* a */ -- b\n ( update {table} SET {column} = NULL"),
    "second statement": lambda row: execute(row, "SELECT 1; DELETE FROM {table}"),
    "WITH": lambda row: execute(row, "WITH a AS (SELECT 1) UPDATE {table} SET {column} = NULL"),
    "name without a space before it": lambda row: execute(row, "UPDATE{table} SET {column} = NULL"),
    "only, in brackets": lambda row: execute(row, "UPDATE ONLY ({table}) SET {column} = NULL"),
    "comment that is none": lambda row: execute(row, "WITH a AS (SELECT '/*') DELETE FROM {table} -- */"),
    "comment in a comment": lambda row: execute(row, "/* /* */ */ DELETE FROM {table}"),
    "one of many emptied": lambda row: execute(row, "TRUNCATE auth_group, {table} CASCADE"),
    "change of a table": lambda row: execute(row, "ALTER TABLE {table} RENAME TO other"),
    "table taken away": lambda row: execute(row, "DROP TABLE IF EXISTS {table}"),
    "rule": lambda row: execute(row, "CREATE RULE a AS ON INSERT TO auth_group DO DELETE FROM {table}"),
    "block": lambda row: execute(row, "DO $$ BEGIN EXECUTE 'DELETE ' || 'FROM {table}'; END $$"),
    "name in another spelling": lambda row: execute(row, 'DELETE FROM U&"{pk}"'),
    "plain queryset, update": lambda row: plainly(row).update(annulled_at=now()),
    "plain queryset, delete": lambda row: plainly(row).delete(),
    "plain queryset, raw delete": lambda row: plainly(row)._raw_delete("default"),
    "plain queryset, bulk_create": lambda row: plainly(row).bulk_create([copy_of(row)]),
    "plain queryset, create": lambda row: plainly(row).create(**columns_like(row)),
}
for manager in MANAGERS:

    def rows_of(row, manager=manager):
        return getattr(type(row), manager).filter(pk=row.pk)

    WAYS |= {
        f"{manager}, update": lambda row, rows=rows_of: rows(row).update(annulled_at=now()),
        f"{manager}, bulk_update": lambda row, rows=rows_of: rows(row).bulk_update([row], ["annulled_at"]),
        f"{manager}, bulk_create": lambda row, rows=rows_of: rows(row).bulk_create([copy_of(row)]),
        f"{manager}, bulk_create over a row": lambda row, rows=rows_of: rows(row).bulk_create(
            [row], ignore_conflicts=True
        ),
        f"{manager}, delete": lambda row, rows=rows_of: rows(row).delete(),
        f"{manager}, raw delete": lambda row, rows=rows_of: rows(row)._raw_delete("default"),
        f"{manager}, create": lambda row, rows=rows_of: rows(row).create(**columns_like(row)),
        f"{manager}, update_or_create": lambda row, rows=rows_of: rows(row).update_or_create(
            pk=row.pk, defaults={"annulled_at": now()}
        ),
    }


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_no_way_leads_around_the_writer(model):
    row = make(model)
    before = list(models.QuerySet(model).order_by("pk").values())

    open_ways = []
    for way, write in WAYS.items():
        try:
            with transaction.atomic():
                # What is refused may have changed the row in memory.
                write(model.everything.get(pk=row.pk))
            open_ways.append(way)
        except NotWriting:
            pass

    assert open_ways == []
    assert list(models.QuerySet(model).order_by("pk").values()) == before


@pytest.mark.parametrize("way", ["add", "remove", "set", "clear"])
@pytest.mark.parametrize("from_target", [False, True], ids=["from the owner", "from the target"])
@pytest.mark.parametrize(("model", "column"), LINKS, ids=name)
def test_no_link_is_made_or_cut_around_the_writer(model, column, from_target, way):
    owner, target, other = make(model), make(column.related_model), make(column.related_model)
    with writing(reason=WHY):
        getattr(owner, column.name).add(target)
    manager = getattr(owner, column.name)
    argument = other if way == "add" else target
    if from_target:
        manager = getattr(target if way != "add" else other, column.remote_field.get_accessor_name())
        argument = owner
    arguments = {"clear": (), "set": ([],)}.get(way, (argument,))

    with pytest.raises(NotWriting), transaction.atomic():
        getattr(manager, way)(*arguments)

    assert list(getattr(owner, column.name).all()) == [target]


@pytest.mark.parametrize(("model", "column"), LINKS, ids=name)
def test_rows_of_links_are_not_written_around_the_writer(model, column):
    through = column.remote_field.through
    owner, target = make(model), make(column.related_model)
    pks = {column.m2m_column_name(): owner.pk, column.m2m_reverse_name(): target.pk}

    for write in (
        lambda: through.objects.create(**pks),
        lambda: through.objects.bulk_create([through(**pks)]),
        lambda: through(**pks).save(),
    ):
        with pytest.raises(NotWriting), transaction.atomic():
            write()

    assert not through.objects.exists()


@pytest.mark.parametrize(("model", "relation"), RELATIONS, ids=name)
def test_no_row_is_moved_to_another_around_the_writer(model, relation):
    other = make(relation.related_model)
    owner = make(model)
    manager = getattr(owner, relation.get_accessor_name())

    for write in (
        lambda: manager.add(other),
        lambda: manager.add(other, bulk=False),
        lambda: manager.create(**columns_like(other)),
        lambda: manager.update_or_create(**columns_like(other)),
    ):
        with pytest.raises(NotWriting), transaction.atomic():
            write()

    assert not relation.related_model.everything.filter(**{relation.field.name: owner.pk}).exists()


def test_a_row_is_not_written_by_what_was_written_of_others():
    """What passes by the rows' own classes is found even inside of the writer."""
    theme, milestone = make_theme(), make_milestone()

    with pytest.raises(NotWriting), writing(reason=WHY):
        theme.save()
        execute(milestone, "UPDATE {table} SET {column} = NULL WHERE id = {pk}")


def copied(row):
    """Return a row like a commitment, with keys of its own."""
    twin = copy_of(row)
    twin.number, twin.code, twin.ogp_id = row.number + 1, f"{row.plan.number}-{row.number + 1}", None
    return twin


def fixture_that_changes(row):
    [loaded] = serializers.deserialize("json", serializers.serialize("json", [row]))
    loaded.object.title_es = "Otro"
    loaded.save()


@pytest.mark.parametrize(
    "write",
    [
        fixture_that_changes,
        lambda row: plainly(row).update(title_es="Otro"),
        lambda row: Commitment.objects.filter(pk=row.pk)._update(
            [(Commitment._meta.get_field("title_es"), None, "Otro")]
        ),
        lambda row: execute(row, "UPDATE {table} SET title_es = 'Otro' WHERE id = {pk}"),
        lambda row: plainly(row).bulk_create([copied(row)]),
        lambda row: Commitment.objects.bulk_create([copied(row)], ignore_conflicts=True),
        lambda row: Commitment.objects.bulk_create(
            [copied(row)], update_conflicts=True, update_fields=["title_es"], unique_fields=["code"]
        ),
        lambda row: Commitment.objects.filter(pk=row.pk).update(code="9-99"),
    ],
    ids=["fixture", "plain", "_update", "SQL", "plain bulk", "ignoring", "over another", "derived column"],
)
def test_no_way_leads_around_the_writer_where_others_of_the_model_are_written(write):
    row, other = make_commitment(title_es="Antes"), make_commitment()
    before = list(models.QuerySet(Commitment).order_by("pk").values())

    with pytest.raises(NotWriting), writing(reason=WHY):
        other.title_es = "Otro"
        other.save()
        write(row)

    assert list(models.QuerySet(Commitment).order_by("pk").values()) == before


def test_statements_that_are_no_text_are_read_too():
    row = make_commitment()

    with pytest.raises(NotWriting), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table}".encode())

    assert plainly(row).exists()


@pytest.mark.parametrize("model", [Entry, Change, ChangedPage, Version])
def test_the_log_is_not_written_around_the_writer(model):
    make_commitment()
    before = list(model.objects.order_by("pk").values())

    for write in (lambda: model.objects.all()._raw_delete("default"), lambda: model.objects.update(id=0)):
        with pytest.raises(NotWriting), transaction.atomic():
            write()

    assert list(model.objects.order_by("pk").values()) == before


def test_an_account_that_goes_leaves_its_name_in_the_log():
    user, commitment = make_publisher(username="ana"), make_commitment()
    with writing(user, WHY):
        Commitment.objects.update(title_es="Después")

    user.delete()

    entry = Change.objects.of(commitment).last().entry
    assert (entry.by, entry.by_name) == (None, "ana")


def test_nobody_writes_after_all_is_over_with_the_context_that_he_was_handed():
    commitment = make_commitment(title_es="Antes")
    with writing(reason=WHY):
        context = copy_context()

    with pytest.raises(NotWriting):
        context.run(Commitment.objects.update, title_es="Tarde")

    commitment.refresh_from_db()
    assert commitment.title_es == "Antes"


def test_a_thread_with_the_context_of_another_does_not_write():
    """It has a connection of its own, and what it writes would stay where all else is refused."""
    make_commitment()

    def write():
        with pytest.raises(NotWriting):
            required("a thread")
        with pytest.raises(NotWriting), writing(reason=WHY):
            pass

    with writing(reason=WHY), ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, write).result()


def test_what_is_refused_inside_is_refused_of_the_whole():
    commitment = make_commitment(title_es="Antes")

    with pytest.raises(transaction.TransactionManagementError), writing(reason=WHY):
        try:
            with writing():
                commitment.title_es = "Después"
                commitment.save()
                raise WriteRefused("no")
        except WriteRefused:
            pass

    commitment.refresh_from_db()
    assert commitment.title_es == "Antes"


def test_rows_of_the_record_set_no_key_to_null_when_others_are_deleted():
    """Django tells nobody when it does so."""
    kept = [
        field
        for model in MODELS
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete in (models.SET_NULL, models.SET_DEFAULT)
    ]

    assert kept == []


def test_statements_that_write_nothing_of_the_record_pass():
    plan = make_plan()

    with connection.cursor() as cursor:
        cursor.execute("WITH a AS (SELECT 1) SELECT number FROM plans_plan")
        [(number,)] = cursor.fetchall()
    make_user()

    assert number == plan.number


def test_every_new_connection_is_sealed():
    fresh = connection.copy()
    fresh.ensure_connection()
    fresh.close()

    assert seal in fresh.execute_wrappers


def test_migrations_pass():
    plan = make_plan(title_es="Antes")

    with unsealed():
        plainly(plan).update(title_es="Después")

    plan.refresh_from_db()
    assert plan.title_es == "Después"


# What is logged.


def changes(row):
    """Return (action, columns, whether the public reads it) of each change of a row but the first."""
    return [
        (change.action, change.columns, change.public_at is not None)
        for change in Change.objects.of(row).exclude(action="created")
    ]


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_what_becomes_of_a_row_is_logged_with_its_name(model):
    # Of a full report no card is annulled.
    row = make(model, **({"report": make(Report, coverage="partial")} if model is Assessment else {}))
    assert [change.action for change in Change.objects.of(row)] == ["created"]

    with writing(reason=WHY) as this:
        model.everything.filter(pk=row.pk).update(annulled_at=now())

    change = Change.objects.of(row).last()
    assert (change.action, change.entry) == ("annulled", this.entry)
    assert change.name
    assert "@" not in change.name
    if kind_of(model).public_id:
        assert change.name == str(getattr(row, kind_of(model).public_id))


WRITES = {
    "save": lambda row: [setattr(row, "title_es", "Después"), row.save()],
    "save twice": lambda row: [
        setattr(row, "title_es", "Entre"),
        row.save(),
        setattr(row, "title_es", "Después"),
        row.save(),
    ],
    "update": lambda row: Commitment.objects.update(title_es="Después"),
    "bulk_update": lambda row: [
        setattr(row, "title_es", "Después"),
        Commitment.objects.bulk_update([row], ["title_es"]),
    ],
    "by its plan": lambda row: row.plan.commitments.update(title_es="Después"),
    "upsert": lambda row: Commitment.objects.update_or_create(
        pk=row.pk, defaults={"title_es": "Después", "place": row.place}
    ),
}


@pytest.mark.parametrize("way", WRITES)
def test_whatever_way_a_row_is_written_before_and_after_are_logged(way):
    row = make_commitment(title_es="Antes")

    with writing(reason=WHY):
        WRITES[way](row)

    assert changes(row) == [("changed", {"title_es": ["Antes", "Después"]}, True)]


def test_rows_that_are_made_many_at_once_are_logged_one_by_one():
    plan = make_plan()
    rows = [
        Theme(
            plan=plan, slug=f"tema-{number}", order=number, name_es="T", document=plan.document, place="p. 1"
        )
        for number in range(3)
    ]

    with writing() as this:
        Theme.objects.bulk_create(rows)

    logged = this.entry.changes.values_list("model", "action", "object_id")
    assert sorted(logged) == [("plans.theme", "created", row.pk) for row in rows]


def test_an_expression_is_logged_by_its_value():
    theme = make_theme(order=2)

    with writing(reason=WHY):
        Theme.objects.update(order=F("order") + 1)

    assert changes(theme) == [("changed", {"order": [2, 3]}, True)]


def test_what_was_put_back_is_no_change():
    commitment, version = make_commitment(title_es="Antes"), Version.current()

    with writing() as this:
        Commitment.objects.update(title_es="Después")
        Commitment.objects.update(title_es="Antes")

    assert this.entry is None
    assert (changes(commitment), Version.current()) == ([], version)


def test_a_savepoint_that_was_rolled_back_is_no_change():
    commitment = make_commitment(title_es="Antes")

    with writing(reason=WHY):
        try:
            with transaction.atomic():
                Commitment.objects.update(title_es="Después")
                raise ValueError
        except ValueError:
            pass

    assert changes(commitment) == []


def test_a_text_that_was_only_cleaned_is_no_change():
    commitment = make_commitment(title_es="Antes")
    with unsealed():
        plainly(commitment).update(title_es=" An\u00adtes\u00a0")

    with writing():
        Commitment.objects.get().save()

    assert changes(commitment) == []


@pytest.mark.parametrize("text", ["\u202eAntes", "An\u00adtes"])
def test_a_text_that_got_what_nobody_sees_is_a_change(text):
    commitment = make_commitment(title_es="Antes")

    with pytest.raises(ReasonNeeded), writing():
        Commitment.objects.update(title_es=text)

    with writing(reason=WHY):
        Commitment.objects.update(title_es=text)
    assert changes(commitment) == [("changed", {"title_es": ["Antes", text]}, True)]


@pytest.mark.parametrize("from_target", [False, True])
def test_links_are_logged_with_their_owner(from_target):
    commitment, kept, new = make_commitment(), make_policy_area(), make_policy_area()
    with writing(reason=WHY):
        commitment.policy_areas.add(kept)

    with writing(reason=WHY):
        if from_target:
            new.commitments.add(commitment)
        else:
            commitment.policy_areas.add(new)

    assert changes(commitment)[-1] == ("changed", {"policy_areas": [[kept.pk], [kept.pk, new.pk]]}, True)


def test_a_deleted_row_keeps_what_it_said():
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT), title_es="Antes")
    area = make_policy_area()
    with writing(reason=WHY):
        commitment.policy_areas.add(area)
    pk = commitment.pk

    with writing():
        commitment.delete()

    change = Change.objects.filter(model="commitments.commitment", object_id=pk).latest("pk")
    assert (change.action, change.public_at) == ("deleted", None)
    assert change.columns["title_es"] == ["Antes", None]
    assert change.columns["policy_areas"] == [[area.pk], None]


def test_rows_deleted_with_another_are_logged_too():
    draft = make_plan(status=Status.DRAFT)
    theme = make_theme(plan=draft)
    pk = theme.pk

    with writing() as this:
        draft.delete()

    assert {(change.model, change.action) for change in this.entry.changes.all()} == {
        ("plans.plan", "deleted"),
        ("plans.theme", "deleted"),
    }
    assert Change.objects.filter(model="plans.theme", object_id=pk, action="deleted").exists()


def test_what_was_derived_is_not_logged():
    for model in MODELS:
        names = {each.name for each in columns_of(model)}
        assert not names & {"search_title", "search_text", "spanish_order", "english_order"}, model


# One entry, one version.


def test_what_is_written_together_is_one_entry_and_one_version():
    commitment, version = make_commitment(), Version.current()
    user = make_publisher()

    with writing(user, WHY, source="Plan, p. 9", as_of=date(2017, 1, 31), act="transcribe") as this:
        Commitment.objects.update(title_es="Después")
        make_milestone(commitment=commitment)

    entry = this.entry
    assert {change.action for change in entry.changes.all()} == {"changed", "created"}
    assert (entry.by, entry.by_name, entry.reason, entry.source) == (user, user.username, WHY, "Plan, p. 9")
    assert (entry.as_of, entry.act, entry.version) == (date(2017, 1, 31), "transcribe", version + 1)
    assert Version.current() == version + 1


def test_what_is_written_inside_joins_and_says_what_was_left_open():
    commitment, user = make_commitment(), make_publisher()

    with writing(user) as outer, writing(None, WHY, act="correct") as inner:
        Commitment.objects.update(title_es="Después")

    assert inner is outer
    assert (outer.entry.by, outer.entry.reason, outer.entry.act) == (user, WHY, "correct")
    assert len(changes(commitment)) == 1


def test_drafts_make_no_version_and_their_edits_stay_private():
    document = make(Document)
    version = Version.current()
    draft = make_plan(status=Status.DRAFT, title_es="Borrador", document=document)
    with writing() as this:
        Plan.objects.update(title_es="Otro borrador")

    assert (this.entry.version, Version.current()) == (None, version)
    assert not Change.objects.public().of(draft).exists()

    with writing():
        Plan.objects.update(title_es="Título", status=Status.PUBLISHED)

    private, public = Change.objects.of(draft).order_by("pk")[2:]
    assert Version.current() == version + 1
    assert (private.public_at, private.columns["title_es"]) == (None, ["Otro borrador", "Título"])
    assert (public.action, public.columns) == ("published", {})
    assert not any("orrador" in str(change.columns) for change in Change.objects.public())


def test_a_row_published_as_it_was_is_one_public_change():
    report = make_report(status=Status.DRAFT)

    with writing():
        Report.objects.update(status=Status.PUBLISHED)

    assert changes(report) == [("published", {"status": ["draft", "published"]}, True)]


def test_the_name_of_an_account_stays_when_it_is_deleted():
    user = make_publisher(username="clerk")
    make_commitment()
    with writing(user, WHY) as this:
        Commitment.objects.update(title_es="Después")

    user.delete()

    this.entry.refresh_from_db()
    assert (this.entry.by, this.entry.by_name) == (None, "clerk")


def test_nothing_stays_where_something_fails():
    make_commitment(title_es="Antes")
    before = tables_of_record()

    with pytest.raises(ZeroDivisionError), writing(reason=WHY):
        Commitment.objects.update(title_es="Después")
        make_theme()
        raise ZeroDivisionError

    assert tables_of_record() == before
    with pytest.raises(NotWriting):
        required("afterwards")


def test_pages_on_which_a_change_is_seen_are_those_of_all_that_the_row_belongs_to():
    evidence = make_evidence(milestone=make_milestone())
    milestone, commitment = evidence.milestone, evidence.milestone.commitment
    change = Change.objects.of(evidence).get()

    assert set(change.pages.values_list("model", "object_id")) == {
        ("commitments.commitment", commitment.pk),
        ("plans.plan", commitment.plan.pk),
    }
    assert change in Change.objects.on_page_of(commitment)
    assert change not in Change.objects.on_page_of(make_commitment())
    assert milestone.commitment == commitment


def test_the_version_of_a_row_is_the_number_of_its_last_change():
    milestone, other = make_milestone(), make_milestone()
    with writing(reason=WHY):
        Milestone.objects.filter(pk=milestone.pk).update(note_es="Nota")

    seen = Change.objects.seen({Milestone: [milestone.pk, other.pk], Plan: [0]})

    assert seen == {
        (Milestone, milestone.pk): Change.objects.of(milestone).last().pk,
        (Milestone, other.pk): Change.objects.of(other).last().pk,
        (Plan, 0): 0,
    }


# What the writer refuses, for everybody.


@pytest.mark.parametrize("reason", ["", "x", " \u00ad ", "12345678901", "corto"])
def test_what_was_published_changes_with_a_reason_only(reason):
    commitment = make_commitment(title_es="Antes")

    with pytest.raises(ReasonNeeded), writing(reason=reason):
        Commitment.objects.update(title_es="Después")

    commitment.refresh_from_db()
    assert commitment.title_es == "Antes"


def test_a_reason_is_as_long_as_it_needs_to_be():
    make_commitment()
    reason = "Porque así lo dice la norma. " * 200

    with writing(reason=reason) as this:
        Commitment.objects.update(title_es="Después")

    assert this.entry.reason == reason.strip()


def test_new_rows_and_drafts_need_no_reason():
    with writing():
        Plan.objects.create(number=9, title_es="IX", document=make(Document), place="p. 1")
        Plan.objects.update(title_es="Nuevo")

    assert Plan.objects.get().title_es == "Nuevo"


def test_a_reason_holds_no_address():
    make_commitment()

    with pytest.raises(WriteRefused, match="a@b.pe"), writing(reason="Lo pidió a@b.pe"):
        Commitment.objects.update(title_es="Después")


@pytest.mark.parametrize(
    ("make_row", "column"),
    [(make_plan, "status"), (make_report, "status"), (make_evidence, "status"), (make_update, "workflow")],
)
def test_what_was_published_is_no_draft_again(make_row, column):
    row = make_row()

    with pytest.raises(WriteRefused), writing(reason=WHY):
        type(row).objects.filter(pk=row.pk).update(**{column: Status.DRAFT})

    assert getattr(type(row).objects.get(), column) == Status.PUBLISHED


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_what_was_published_is_not_deleted(model):
    row = make(model)
    if not model.objects.filter(model.said(), pk=row.pk).exists():
        assert any(each.name in ("status", "workflow") for each in columns_of(model))
        return

    with pytest.raises((StaysPublished, models.ProtectedError)), writing(reason=WHY):
        row.delete()

    assert model.objects.filter(pk=row.pk or 0).exists() or model.objects.exists()


def test_a_published_update_stays_as_it_is_whatever_way_it_is_written():
    update = make_update(text_es="Dicho")

    for write in (
        lambda: Update.objects.update(text_es="Otro"),
        lambda: Update.everything.bulk_update([Update(pk=update.pk, text_es="Otro")], ["text_es"]),
        lambda: [setattr(update, "text_es", "Otro"), update.save()],
    ):
        with pytest.raises(WriteRefused), writing(reason=WHY):
            write()

    update.refresh_from_db()
    assert update.text_es == "Dicho"


def test_planned_dates_of_a_public_milestone_move_with_the_source_of_the_right_ones_only():
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    with pytest.raises(ValidationError), writing(reason=WHY):
        Milestone.objects.update(ends_on=date(2017, 6, 30))
    with writing(reason=WHY, source="Plan, p. 9"):
        Milestone.objects.update(ends_on=date(2017, 6, 30))

    assert changes(milestone) == [("changed", {"ends_on": ["2016-12-31", "2017-06-30"]}, True)]


@pytest.mark.parametrize("said", ["reason", "source"])
def test_what_every_list_of_changes_gives_whole_is_short(said):
    commitment = make_commitment(title_es="Antes")

    with pytest.raises(WriteRefused), writing(**{"reason": WHY} | {said: "razón " * 4_000}):
        Commitment.objects.update(title_es="Después")

    commitment.refresh_from_db()
    assert commitment.title_es == "Antes"


def test_the_same_form_does_its_work_once():
    make_commitment()
    with writing(reason=WHY, form="a" * 36):
        Commitment.objects.update(title_es="Después")

    with pytest.raises(SentTwice), writing(reason=WHY, form="a" * 36):
        Commitment.objects.update(title_es="Otra vez")

    assert Commitment.objects.get().title_es == "Después"


# Annulled rows.


def test_an_annulled_row_is_in_no_list_and_nothing_of_it_is_lost():
    commitment, other = make_commitment(), make_commitment()
    with writing(reason=WHY):
        Commitment.objects.filter(pk=commitment.pk).update(annulled_at=now())

    assert list(Commitment.objects.all()) == [other]
    assert list(commitment.plan.commitments.all()) == []
    assert list(Commitment.objects.published()) == [other]
    assert commitment in Commitment.everything.readable()
    assert commitment in Commitment.objects.everything()


def test_the_key_of_an_annulled_row_is_taken():
    entity = make_entity(slug="una")
    with writing(reason=WHY):
        Entity.objects.update(annulled_at=now())

    with pytest.raises(ValidationError):
        Entity(slug=entity.slug, name_es="Otra", kind="ministry").full_clean()


def test_every_model_of_the_record_is_public_by_a_rule():
    for model in MODELS:
        assert issubclass(model, Public)
        assert isinstance(model._base_manager, type(Evidence.everything))
        assert model._default_manager.model is model
    assert PolicyArea in MODELS
