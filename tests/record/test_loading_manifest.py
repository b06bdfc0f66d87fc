"""The manifest of a folder: what is missing, cut short or new is a fault."""

import pytest
from django.core.management import CommandError

from entities.models import Entity
from plans.models import Plan
from record.loading.manifest import NAME
from record.models import LoadedFile, LoadedRow
from tests.record.files import ENTITIES, PLAN, change, load, manifest, put

pytestmark = pytest.mark.django_db


def refused(folder):
    """Load a folder that is refused; return what the command says."""
    with pytest.raises(CommandError) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize("length", [1, 2, len("ficha 4\n"), len(PLAN) // 2, len(PLAN) - 1, len(PLAN)])
@pytest.mark.parametrize("is_loaded", [False, True])
def test_a_file_cut_short_anywhere_is_refused(folder, length, is_loaded):
    if is_loaded:
        load(folder)
    path = folder / "10-plan.yaml"
    path.write_bytes(path.read_bytes()[:-length])

    assert "10-plan.yaml" in refused(folder)
    assert Plan.objects.count() == is_loaded


@pytest.mark.parametrize("is_loaded", [False, True])
def test_a_file_that_is_missing_is_refused(folder, is_loaded):
    if is_loaded:
        load(folder)
    (folder / "10-plan.yaml").unlink()

    assert "10-plan.yaml: is missing; manifest.yaml names it" in refused(folder)


@pytest.mark.parametrize("name", ["20-more.yaml", "20-more.yml"])
def test_a_file_that_is_not_named_is_refused(folder, name):
    load(folder)
    (folder / name).write_text("entities.entity:\n  - {slug: x, name_es: X, kind: other}\n", encoding="utf-8")

    assert f"{name}: is not named in manifest.yaml" in refused(folder)
    assert not Entity.objects.filter(slug="x").exists()


def test_rows_that_the_manifest_does_not_count_are_refused(folder):
    text = ENTITIES.replace(
        "  - slug: pcm\n    name_es", "  - {slug: x, name_es: X, kind: other}\n  - slug: pcm\n    name_es"
    )
    (folder / "00-entities.yaml").write_text(text, encoding="utf-8")

    assert "00-entities.yaml: has 3 rows of entities.entity, manifest.yaml says 2" in refused(folder)
    assert "00-entities.yaml: has 12 lines, manifest.yaml says 11" in refused(folder)


def test_rows_of_a_file_that_is_not_read_again_are_counted_too(folder):
    load(folder)
    path = folder / NAME
    path.write_text(
        path.read_text(encoding="utf-8").replace("entities.entity: 2", "entities.entity: 3"), encoding="utf-8"
    )

    assert "00-entities.yaml: has 2 rows of entities.entity, manifest.yaml says 3" in refused(folder)


def test_a_folder_without_manifest_is_refused_and_says_how_to_write_it(folder):
    (folder / NAME).unlink()

    assert "manifest.yaml: is missing; it says which files" in refused(folder)

    manifest(folder)
    load(folder)

    assert Plan.objects.exists()


def test_an_empty_folder_is_refused(tmp_path):
    assert "manifest.yaml: is missing" in refused(tmp_path)

    with pytest.raises(CommandError, match="holds no file of the record"):
        manifest(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "files: {}", "files: [", "files: {a: 1}", "- a", "files: {a: {}}\ngone: [[]]", "\0"]
)
def test_a_manifest_that_is_none_is_refused(folder, text):
    (folder / NAME).write_text(text, encoding="utf-8")

    assert "manifest.yaml" in refused(folder)


def test_a_file_without_rows_is_no_file_of_the_record(folder):
    (folder / "10-plan.yaml").write_text("# nothing\n", encoding="utf-8")

    with pytest.raises(CommandError, match="10-plan.yaml: holds no rows\nNo manifest was written"):
        manifest(folder)


def test_rewriting_the_manifest_says_what_it_says_otherwise(folder):
    assert manifest(folder).strip() == "The manifest is as it was."
    path = folder / "10-plan.yaml"
    path.write_text(
        PLAN.replace("  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}\n", ""),
        encoding="utf-8",
    )

    assert manifest(folder).splitlines() == [
        "10-plan.yaml: rows of commitments.policyarea: 2 -> 1",
        "10-plan.yaml: lines: 32 -> 31",
    ]


def test_a_file_that_was_taken_out_is_gone_and_its_rows_are_kept_and_listed(folder):
    put(folder, "20-more.yaml", "entities.entity:\n  - {slug: x, name_es: X, kind: other}\n")
    load(folder)
    (folder / "20-more.yaml").unlink()

    assert "20-more.yaml: gone" in manifest(folder).splitlines()
    assert "No longer in the files and kept: entities.entity x" in load(folder)
    assert Entity.objects.filter(slug="x").exists()
    assert not LoadedFile.objects.filter(name="20-more.yaml").exists()


def test_a_file_that_was_renamed_keeps_its_rows(folder):
    load(folder)
    (folder / "10-plan.yaml").rename(folder / "50-plan.yaml")
    manifest(folder)

    assert "Rows added: 0, updated: 0, unchanged: 6" in load(folder)
    assert set(LoadedRow.objects.values_list("file", flat=True)) == {"00-entities.yaml", "50-plan.yaml"}


def test_a_file_that_is_taken_out_of_folder_and_manifest_by_hand_is_asked_for(folder):
    put(folder, "20-more.yaml", "entities.entity:\n  - {slug: x, name_es: X, kind: other}\n")
    load(folder)
    (folder / "20-more.yaml").unlink()
    (folder / NAME).unlink()
    manifest(folder)

    assert "20-more.yaml: was loaded before; the folder neither holds it nor names it as gone" in refused(
        folder
    )


def test_files_of_editors_are_no_files_of_the_record(folder):
    (folder / ".#10-plan.yaml").symlink_to(folder / "nowhere")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    change(folder, "10-plan.yaml", "V Plan", "Plan V")

    load(folder)

    assert Plan.objects.get().title_es == "Plan V"
