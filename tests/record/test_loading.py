"""load_record: what becomes of each row, and a fault at a time."""

from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.utils.timezone import now

from commitments.models import Assessment, Commitment, Milestone, PolicyArea
from entities.models import Entity
from plans.models import Plan, Report
from record import loading
from record.loading import load_record
from record.models import Change, Entry, LoadedFile, LoadedRow, Version
from record.order import sort_key
from record.writing import writing
from tests.factories import make_entity, make_milestone
from tests.record.files import ENTITIES, PLAN, change, load, put


@pytest.mark.django_db
def test_new_rows_are_added_whatever_their_order_in_the_file(folder):
    said = load(folder)

    sgp = Entity.objects.get(slug="sgp")
    commitment = Plan.objects.get(number=5).commitments.get()
    assert "Rows added: 8" in said
    assert sgp.parent.slug == "pcm"
    assert sgp.is_unofficial("name_en") and not sgp.is_stale("name_en")
    assert [area.slug for area in commitment.policy_areas.all()] == ["health", "labor"]
    assert commitment.milestones.get().code == "5-4-1"


@pytest.mark.django_db
def test_rows_remember_which_file_they_came_from(folder):
    load(folder)

    assert LoadedRow.objects.get(model="entities.entity", key="sgp").file == "00-entities.yaml"


@pytest.mark.django_db
def test_an_unchanged_file_is_not_read(folder, django_assert_max_num_queries):
    load(folder)

    with django_assert_max_num_queries(6):
        assert "no file has changed" in load(folder)


@pytest.mark.django_db
def test_a_row_that_nobody_touched_is_updated_and_the_others_stay(folder):
    load(folder)
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: PCM")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").acronym == "PCM"
    assert "Files read: 1. Rows added: 0, updated: 1, unchanged: 1" in said


@pytest.mark.django_db
def test_what_follows_from_a_text_follows_the_text_that_the_files_mend(folder):
    load(folder)
    change(folder, "00-entities.yaml", "Secretaría de Gestión Pública", "Autoridad Nacional")

    load(folder)

    entity = Entity.objects.get(slug="sgp")
    assert (bytes(entity.spanish_order), list(Entity.objects.search("autoridad"))) == (
        sort_key("Autoridad Nacional", "es"),
        [entity],
    )


@pytest.mark.django_db
def test_a_column_taken_out_of_the_file_goes_back_to_its_default(folder):
    load(folder)
    change(folder, "10-plan.yaml", "    starts_on: 2023-01-01\n", "")
    change(folder, "10-plan.yaml", "    policy_areas: [health, labor]\n", "    policy_areas: [labor]\n")

    load(folder)

    plan = Plan.objects.get(number=5)
    assert plan.starts_on is None
    assert [area.slug for area in plan.commitments.get().policy_areas.all()] == ["labor"]


@pytest.mark.django_db
def test_a_row_edited_by_staff_is_kept_and_listed(folder):
    load(folder)
    pcm = Entity.objects.get(slug="pcm")
    pcm.website = "https://www.gob.pe/pcm"
    with writing(reason="made for a test"):
        pcm.save()
    load(folder)  # nothing changed in the files
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: PCM")

    said = load(folder)

    # The website is no column of the file: staff may fill it in.
    assert Entity.objects.get(slug="pcm").website == "https://www.gob.pe/pcm"
    assert "updated: 1" in said

    pcm = Entity.objects.get(slug="pcm")
    pcm.acronym = "P.C.M."
    with writing(reason="made for a test"):
        pcm.save()
    change(folder, "00-entities.yaml", "acronym: PCM", "acronym: PCM.")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").acronym == "P.C.M."
    assert "edited by staff and kept: 1" in said
    assert "Edited by staff and kept: entities.entity pcm" in said


@pytest.mark.django_db
def test_what_staff_filled_in_is_kept_when_the_files_say_it_for_the_first_time(folder):
    load(folder)
    with writing(reason="made for a test"):
        Entity.objects.filter(slug="pcm").update(website="https://www.gob.pe/pcm")
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    website: http://pcm.pe")

    said = load(folder)

    assert "Edited by staff and kept: entities.entity pcm" in said
    assert Entity.objects.get(slug="pcm").website == "https://www.gob.pe/pcm"


@pytest.mark.django_db
def test_linked_rows_edited_by_staff_are_kept(folder):
    load(folder)
    commitment = Plan.objects.get(number=5).commitments.get()
    with writing(reason="made for a test"):
        commitment.policy_areas.clear()
    change(folder, "10-plan.yaml", "title_es: Compromiso", "title_es: Otro título")

    assert "Edited by staff and kept: commitments.commitment 5 | 4" in load(folder)
    assert not commitment.policy_areas.exists()


@pytest.mark.django_db
def test_a_row_annulled_by_staff_stays_annulled(folder):
    load(folder)
    with writing(reason="made for a test"):
        Milestone.objects.filter(code="5-4-1").update(annulled_at=now())
    change(folder, "10-plan.yaml", "activity_es: Actividad", "activity_es: Otra actividad")

    said = load(folder)

    assert "updated: 1" in said
    assert not Milestone.objects.filter(code="5-4-1").exists()
    assert Milestone.everything.get(code="5-4-1").activity_es == "Otra actividad"


@pytest.mark.django_db
def test_a_draft_deleted_by_staff_is_not_revived(folder):
    change(folder, "10-plan.yaml", "status: published", "status: draft")
    load(folder)
    with writing(reason="made for a test"):
        Milestone.objects.all().delete()
        Commitment.objects.get().delete()
    change(folder, "10-plan.yaml", "title_es: Compromiso", "title_es: Otro título")

    said = load(folder)

    assert not Commitment.objects.exists()
    assert "Deleted by staff and not revived: commitments.commitment 5 | 4" in said


@pytest.mark.django_db
def test_numbers_of_rows_are_never_used_twice(folder):
    change(folder, "10-plan.yaml", "status: published", "status: draft")
    load(folder)
    last = Milestone.objects.latest("pk")
    number = last.pk
    with writing(reason="made for a test"):
        last.delete()
    more = "{commitment: 5-4, number: 2, activity_es: X, document: v-plan, place: p. 1}"
    put(folder, "20-more.yaml", f"commitments.milestone:\n  - {more}\n")

    load(folder)
    loaded, entered = Milestone.objects.get(number=2), make_milestone()

    assert number < loaded.pk < entered.pk


@pytest.mark.django_db
def test_a_row_that_staff_entered_first_is_kept_and_listed(folder):
    make_entity(slug="pcm", name_es="La de ellos")

    said = load(folder)

    assert Entity.objects.get(slug="pcm").name_es == "La de ellos"
    assert "Edited by staff and kept: entities.entity pcm" in said


@pytest.mark.django_db
def test_a_row_taken_out_of_the_files_is_kept_and_listed(folder):
    load(folder)
    change(folder, "10-plan.yaml", "  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}\n", "")
    change(folder, "10-plan.yaml", "[health, labor]", "[health]")

    assert "No longer in the files and kept: commitments.policyarea labor" in load(folder)


@pytest.mark.django_db
def test_a_planned_date_mended_in_the_files_says_where_the_right_one_stands(folder):
    change(folder, "10-plan.yaml", "    title_es: Plan\n", "    title_es: Plan\n    title_en: The plan\n")
    load(folder)
    change(folder, "10-plan.yaml", "ends_on: 2023-06-30", "ends_on: 2023-12-31")

    load(folder)

    milestone = Plan.objects.get(number=5).commitments.get().milestones.get()
    assert str(milestone.ends_on) == "2023-12-31"
    change_of_date = Change.objects.public().of(milestone).get()
    assert change_of_date.columns == {"ends_on": ["2023-06-30", "2023-12-31"]}
    assert change_of_date.source == "Plan, ficha 4"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: presidency", "kind: kingdom", "00-entities.yaml, line 9: entities.entity pcm: kind: "),
        (
            "parent: pcm",
            "parent: mars",
            "line 3: entities.entity sgp: names entities.entity mars, which does not",
        ),
        ("kind: presidency", "colour: red", "line 9: entities.entity pcm: unknown column colour"),
        (
            "slug: sgp",
            "slug: pcm",
            "line 9: entities.entity pcm: the same key stands in 00-entities.yaml, line 3 too",
        ),
        ("slug: sgp", "acronym: SGP", "line 3: entities.entity: without slug"),
        ("entities.entity:", "entities.people:", "line 2: unknown model entities.people"),
        ("[name_en]", "[name_fr]", "unofficial: unknown column name_fr"),
        ("slug: sgp", "slug: sgp\n    slug: sgp", "column twice: slug"),
        ("kind: executive_body", "  kind: executive_body", "00-entities.yaml, line 6: not YAML: "),
        ("entities.entity:", "entities.entity: some", "00-entities.yaml"),
    ],
)
def test_a_broken_file_leaves_the_database_as_it_was_and_says_where(folder, before, after, said):
    load(folder)
    change(folder, "10-plan.yaml", "title_es: V Plan", "title_es: Otro")
    put(
        folder,
        "00-a-new.yaml",
        "entities.entity:\n  - {slug: minsa, name_es: Ministerio de Salud, kind: ministry}\n",
    )
    change(folder, "00-entities.yaml", before, after)

    with pytest.raises(CommandError) as error:
        load(folder)

    assert said in str(error.value)
    assert not Entity.objects.filter(slug="minsa").exists()
    assert Plan.objects.get(number=5).title_es == "V Plan"
    assert not LoadedFile.objects.filter(name="00-a-new.yaml").exists()


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_named(folder):
    change(
        folder,
        "10-plan.yaml",
        "    starts_on: 2023-01-01",
        "    starts_on: 2023-01-01\n    ends_on: 2022-01-01",
    )

    with pytest.raises(CommandError, match=r"10-plan.yaml, line 8: plans.plan 5: .*plan_dates_in_order"):
        load(folder)


@pytest.mark.django_db
def test_a_file_that_is_no_text_is_named(folder):
    (folder / "10-plan.yaml").write_bytes(b"\xff\xd8\xff\xe0")

    with pytest.raises(CommandError, match="10-plan.yaml: not UTF-8"):
        load(folder)


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        load(tmp_path / "nowhere")


@pytest.mark.django_db
def test_a_wrong_date_is_named(folder):
    change(folder, "10-plan.yaml", "starts_on: 2023-01-01", "starts_on: 2023-02-31")

    with pytest.raises(CommandError, match="10-plan.yaml, line 8: plans.plan 5: starts_on: .*invalid date"):
        load(folder)


@pytest.mark.django_db
def test_the_real_record_is_loaded_whole():
    load(settings.FIXTURES_DIR)

    assert Plan.objects.count() == 6
    assert LoadedFile.objects.count() == len(list(settings.FIXTURES_DIR.glob("[0-9]*.yaml")))
    assert LoadedRow.objects.filter(model="commitments.commitment").count() == 117


@pytest.mark.django_db
def test_the_real_record_has_no_doubts():
    assert load_record(settings.FIXTURES_DIR).doubts == []


@pytest.mark.django_db
def test_what_saving_works_out_is_worked_out_for_loaded_rows_too(folder):
    load(folder)

    milestone = Milestone.objects.get()
    assert milestone.code == "5-4-1"
    assert list(Milestone.objects.search("actividades")) == [milestone]
    milestone.ends_on = date(2024, 1, 1)
    with (
        pytest.raises(ValidationError, match=str(Milestone.DATES_STAND)[:20]),
        writing(reason="made for a test"),
    ):
        milestone.save()


@pytest.mark.django_db
def test_the_first_loading_is_one_change_and_a_later_one_logs_what_it_changes(folder):
    load(folder)
    first = Change.objects.get()
    change(folder, "10-plan.yaml", "[health, labor]", "[labor]")
    load(folder)

    commitment = Commitment.objects.get()
    later = Change.objects.exclude(pk=first.pk).get()
    areas = dict(PolicyArea.objects.values_list("slug", "pk"))
    assert (first.action, first.columns["entities.entity"]) == ("loaded", [0, 2])
    assert (later.model, later.object_id, later.action) == (
        "commitments.commitment",
        commitment.pk,
        "changed",
    )
    assert later.columns == {"policy_areas": [sorted(areas.values()), [areas["labor"]]]}
    assert (first.entry.act, later.entry.act) == ("load", "load")
    assert (first.entry.version, later.entry.version) == (1, 2)


@pytest.mark.django_db
def test_a_loading_that_changes_nothing_makes_no_version(folder):
    load(folder)
    put(folder, "00-entities.yaml", ENTITIES + "\n")

    load(folder)

    assert (Entry.objects.count(), Version.current()) == (1, 1)


@pytest.mark.django_db
def test_a_row_of_which_no_value_changed_is_not_written(folder):
    load(folder)
    change(folder, "10-plan.yaml", "    status: published\n", "    status: published\n    title_en: ''\n")

    assert "updated: 0, unchanged: 6" in load(folder)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_texts_are_cleaned_and_cleaning_alone_is_no_change(folder):
    load(folder)
    plan = PLAN.replace("Compromiso", "Compro\xadmiso").replace("Trabajo", "Traba\u200bjo ")
    put(folder, "10-plan.yaml", plan.replace("\n", "\r\n").replace("V Plan", "' V\tPlan '"))

    assert "updated: 0, unchanged: 6" in load(folder)

    put(folder, "10-plan.yaml", plan.replace("V Plan", "Plan\xad V\x85").replace("ficha 4", "fic\u200bha 5"))
    load(folder)

    assert Plan.objects.get().title_es == "Plan V"
    assert Commitment.objects.get().place == "ficha 5"


@pytest.mark.django_db
def test_a_key_is_the_same_however_it_is_written(folder):
    load(folder)
    change(folder, "10-plan.yaml", "slug: health", "slug: 'heal\xadth '")
    change(folder, "10-plan.yaml", "number: 4", "number: 04")
    change(folder, "10-plan.yaml", "commitment: 5-4", "commitment: 5\u20134")

    assert "added: 0, updated: 0, unchanged: 6" in load(folder)


@pytest.mark.django_db
def test_texts_stay_as_they_are_written(folder):
    change(folder, "10-plan.yaml", "    title_es: Compromiso", "    title_es: no\n    label: 3.10")

    load(folder)

    commitment = Commitment.objects.get()
    assert (commitment.title_es, commitment.label) == ("no", "3.10")


@pytest.mark.django_db
def test_drafts_that_staff_deleted_with_all_that_hangs_on_them_stay_deleted(folder):
    change(folder, "10-plan.yaml", "status: published", "status: draft")
    load(folder)
    with writing(reason="made for a test"):
        Milestone.objects.all().delete()
        Commitment.objects.all().delete()
    change(folder, "10-plan.yaml", "V Plan", "Plan V")

    said = load(folder)

    assert "updated: 1" in said and "deleted by staff and not revived: 2" in said
    assert not Commitment.objects.exists()


@pytest.mark.django_db
def test_a_row_that_names_one_that_staff_deleted_is_told_so(folder):
    put(folder, "20-report.yaml", JUDGED.partition("commitments.assessment")[0])
    load(folder)
    with writing(reason="made for a test"):
        Report.objects.get().delete()
    more = "{slug: 5-r1, report: 5-report, text_es: X, document: v-plan, place: p. 1}"
    put(folder, "30-more.yaml", f"plans.recommendation:\n  - {more}\n")

    with pytest.raises(CommandError, match="names plans.report 5-report, which was deleted by staff"):
        load(folder)


@pytest.mark.django_db
def test_a_row_that_somebody_edits_while_the_loading_is_prepared_is_kept(folder, monkeypatch):
    load(folder)
    change(folder, "00-entities.yaml", "kind: presidency", "kind: presidency\n    acronym: PCM")
    edits = iter(["P.C.M."])

    class Slow(loading.Preparation):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            for acronym in edits:
                pcm = Entity.objects.get(slug="pcm")
                pcm.acronym, pcm.name_es = acronym, "La de ellos"
                with writing(reason="made for a test"):
                    pcm.save()

    monkeypatch.setattr(loading, "Preparation", Slow)

    assert "Edited by staff and kept: entities.entity pcm" in load(folder)
    assert Entity.objects.get(slug="pcm").acronym == "P.C.M."


@pytest.mark.django_db
def test_a_level_that_contradicts_its_words_is_loaded_and_listed(folder):
    change(folder, "10-plan.yaml", PLAN, PLAN + JUDGED)

    said = load(folder)

    assert "doubtful: 1." in said
    assert (
        "Doubtful: 10-plan.yaml, line 45: commitments.assessment 5-report | 5-4: its level is complete"
        in said
    )
    assert "printed is “Avance limitado”" in said
    assert Assessment.objects.get().level == "complete"


JUDGED = """
plans.report:
  - slug: 5-report
    plan: 5
    author: irm
    stage: design
    title_es: Informe
    coverage: full
    cutoff_on: 2024-12-31
    document: v-plan
    place: portada
commitments.assessment:
  - report: 5-report
    commitment: 5-4
    level: complete
    level_as_printed: Avance limitado
    document: v-plan
    place: ficha 4
"""
