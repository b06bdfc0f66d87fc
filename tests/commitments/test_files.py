"""Files that prove something: their names, where they are kept, and that none is left behind or lost."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from commitments import actions
from commitments.file_kinds import FileKind
from commitments.files import (
    FILE_COLUMNS,
    LONGEST_NAME,
    NO_FILE,
    EvidenceFileField,
    check,
    check_link_or_file,
    path_of,
    remove,
    safe_name,
    store,
)
from commitments.models import Evidence
from record import actions as acts
from record.applying import apply, change_back
from record.models import Change, Entry, Version
from record.publication import Status
from record.rights import visible_to
from record.striking import OMITTED
from record.writing import NotWriting, WriteRefused, writing
from tests.commitments.uploads import CSV, PDF, upload
from tests.factories import (
    make_commitment,
    make_document,
    make_entity,
    make_evidence,
    make_file_evidence,
    make_focal_point,
    make_milestone,
    make_publisher,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
REASON = "Tenía el teléfono de una persona"


def kept():
    """Return the files that are kept."""
    return sorted(path for path in Path(settings.EVIDENCE_DIR).rglob("*") if path.is_file())


def where(evidence):
    return path_of(evidence.file)


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


# Names.


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Informe final.PDF", "Informe final.pdf"),
        ("C:\\Users\\persona\\informe.pdf", "informe.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a/b/c.pdf", "c.pdf"),
        (".pdf", "archivo.pdf"),
        ("...pdf", "archivo.pdf"),
        ("..\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("a\u200bb\x00c\x1b\n\td.pdf", "abc d.pdf"),
        ("acta de reunio\u0301n.pdf", "acta de reunión.pdf"),
        ('a"b<c>d|e?f*g:h.pdf', "abcdefgh.pdf"),
        ("  espacios   varios .pdf", "espacios varios.pdf"),
        ("x" * 400 + ".pdf", "x" * LONGEST_NAME + ".pdf"),
        ("\ud800.pdf", "archivo.pdf"),
    ],
)
def test_name_is_safe_and_clean(name, safe):
    assert safe_name(name, FileKind.PDF) == safe


def test_ends_of_names_are_those_of_the_kind():
    assert safe_name("foto.JPEG", FileKind.JPEG) == "foto.jpeg"
    assert safe_name("foto.jpg", FileKind.JPEG) == "foto.jpg"


def test_name_with_an_address_is_refused():
    with pytest.raises(ValidationError, match="persona@minam.gob.pe"):
        check(upload("persona@minam.gob.pe.pdf"))


# The field.


class Form(forms.Form):
    upload = EvidenceFileField()


def test_field_gives_what_evidence_says_of_the_file():
    form = Form({}, {"upload": upload("Acta.csv", CSV)})

    assert form.is_valid() and form.is_multipart()
    columns = form.cleaned_data["upload"].columns
    assert columns["file"].startswith(f"{columns['sha256'][:2]}/{columns['sha256']}-")
    assert {**columns, "file": ""} == {
        "file": "",
        "file_name": "Acta.csv",
        "file_kind": "csv",
        "file_size": len(CSV),
        "sha256": hashlib.sha256(CSV).hexdigest(),
        "url": "",
    }


def test_field_may_be_left_empty_and_says_what_is_wrong():
    assert Form({}, {}).is_valid()
    with translation.override("en"):
        form = Form({}, {"upload": upload("a.pdf", b"")})
        assert form.errors["upload"] == ["This file is empty."]
        form = Form({}, {"upload": upload("a.html")})
        assert "Files of this kind are not taken." in form.errors["upload"][0]


def test_link_or_file():
    file = object()
    check_link_or_file("http://a", None, False)
    check_link_or_file("", file, False)
    check_link_or_file("", None, True)
    check_link_or_file("http://a", None, True)
    for url, given, has_file in (("http://a", file, False), ("http://a", file, True), ("", None, False)):
        with pytest.raises(ValidationError):
            check_link_or_file(url, given, has_file)


# Keeping.


def test_file_is_kept_by_itself_for_nobody_else():
    evidence = make_file_evidence(PDF)

    assert kept() == [where(evidence)]
    assert where(evidence).read_bytes() == PDF
    assert stat.S_IMODE(where(evidence).stat().st_mode) == 0o600
    assert stat.S_IMODE(where(evidence).parent.stat().st_mode) == 0o700
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()


def test_same_file_twice_is_kept_twice():
    first, second = make_file_evidence(PDF), make_file_evidence(PDF)

    assert first.sha256 == second.sha256 and first.file != second.file
    assert kept() == sorted([where(first), where(second)])


def test_file_is_never_written_over():
    checked = check(upload())
    with writing():
        store(checked)
    path_of(checked.place).write_bytes(b"first")
    with pytest.raises(WriteRefused), writing():
        store(checked)

    assert path_of(checked.place).read_bytes() == b"first"


def test_file_is_stored_while_writing_only():
    with pytest.raises(NotWriting):
        store(check(upload()))

    assert kept() == []


@pytest.mark.parametrize(
    "place", ["", "../a", "ab/../../etc/passwd", "/etc/passwd", "ab/" + "g" * 64 + "-" + "0" * 32]
)
def test_no_other_place_is_a_place(place):
    with pytest.raises(ValueError):
        path_of(place)


def test_full_disk_is_told_and_leaves_nothing(monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(WriteRefused), writing():
        store(check(upload()))

    assert kept() == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, IntegrityError])
def test_nothing_is_left_of_a_writing_that_failed(error):
    commitment, document = make_commitment(), make_document()
    with pytest.raises(error), writing():
        columns = store(check(upload()))
        Evidence.objects.create(code="a-e1", commitment=commitment, document=document, **columns)
        raise error

    assert kept() == [] and not Evidence.objects.exists()


def test_nothing_is_left_where_the_writer_refuses():
    evidence = make_evidence()
    with pytest.raises(WriteRefused), writing(reason="Motivo suficiente"):
        columns = store(check(upload()))
        for name, value in columns.items():
            setattr(evidence, name, value)
        evidence.save()

    assert kept() == []


def test_nothing_is_left_of_a_proposal(monkeypatch):
    with pytest.raises(WriteRefused, match="."), writing() as this:
        this.is_proposal = True
        store(check(upload()))

    assert kept() == []


def test_draft_that_is_deleted_takes_its_file_along_once_that_is_certain(committing):
    draft = make_file_evidence(status=Status.DRAFT)
    path = where(draft)
    with pytest.raises(ZeroDivisionError), writing():
        Evidence.objects.filter(pk=draft.pk).delete()
        raise ZeroDivisionError
    assert path.exists()

    with committing(), writing():
        Evidence.objects.filter(pk=draft.pk).delete()
        assert path.exists()

    assert kept() == []


def test_draft_of_a_draft_takes_its_file_along(committing):
    update = make_update(workflow=Status.DRAFT)
    make_file_evidence(update=update, status=Status.DRAFT)

    with committing(), writing():
        update.delete()

    assert kept() == []


def test_file_that_another_row_names_stays(committing):
    update = make_update()
    proof = make_file_evidence(update=update)
    draft = actions.correct(None, update, reason="Se copió mal la cifra")
    [copy] = draft.evidence.all()
    assert [getattr(copy, name) for name in FILE_COLUMNS] == [getattr(proof, name) for name in FILE_COLUMNS]

    with committing(), writing():
        draft.delete()

    assert kept() == [where(proof)]


def test_missing_file_is_removed_without_a_word():
    remove("ab/" + "ab" * 32 + "-" + "0" * 32)


# What evidence may be.


def said(**columns):
    return {"url": "", **NO_FILE, **columns}


FILE = {"file": "ab/x", "file_name": "a.pdf", "file_kind": "pdf", "file_size": 1, "sha256": "a" * 64}


@pytest.mark.parametrize(
    "columns",
    [
        said(),
        said(url="http://a", **FILE),
        said(url="http://a", sha256="a" * 64),
        *(said(**FILE | {name: NO_FILE[name]}) for name in FILE if name != "file"),
        said(**FILE | {"file": ""}),
        said(**FILE | {"file_size": 0}),
        said(url="http://a", file="ab/x"),
        said(url="http://a", file_name="a.pdf"),
    ],
    ids=str,
)
def test_constraint_evidence_link_or_file(columns):
    with pytest.raises(IntegrityError, match="evidence_link_or_file"), transaction.atomic():
        make_evidence(**columns)


@pytest.mark.parametrize(
    "columns", [said(url="http://a"), said(**FILE), said(**FILE | {"file": "", "file_name": ""})]
)
def test_link_file_and_what_is_left_of_one_may_be(columns):
    make_evidence(**columns)


def test_published_file_stays_and_so_does_a_published_link():
    evidence = make_file_evidence()
    link, path = make_evidence(), where(evidence)
    for row in (evidence, link):
        with pytest.raises(WriteRefused), writing(reason="Motivo suficiente"):
            for name, value in store(check(upload("otro.pdf", b"%PDF-otro"))).items():
                setattr(row, name, value)
            row.save()

    with pytest.raises(WriteRefused), writing(reason="Motivo suficiente"):
        row = Evidence.objects.get(pk=evidence.pk)
        for name, value in (NO_FILE | {"url": "http://a"}).items():
            setattr(row, name, value)
        row.save()

    assert kept() == [path]


def test_log_has_what_a_draft_said_of_its_file_but_not_where_it_is():
    draft = make_evidence(status=Status.DRAFT)
    with writing():
        for name, value in store(check(upload("otro.pdf"))).items():
            setattr(draft, name, value)
        draft.save()

    change = Change.objects.of(draft).last()
    assert change.columns["file_name"] == ["", "otro.pdf"]
    assert "file" not in change.columns and change.public_at is None


def test_nobody_goes_back_to_a_file_that_is_gone():
    draft = make_file_evidence(status=Status.DRAFT)
    with writing():
        for name, value in store(check(upload("otro.pdf", b"%PDF-otro"))).items():
            setattr(draft, name, value)
        draft.save()
    change = Change.objects.of(draft).last()

    with pytest.raises(ValidationError), writing():
        apply([change_back(draft, change)])


def test_progress_is_reported_with_a_file():
    with writing():
        columns = store(check(upload()))
        update = actions.report_progress(
            None,
            make_milestone(),
            [columns | {"title_es": "Acta", "document": make_document(), "place": "p. 1"}],
            as_of="2017-09-30",
            text_es="Avance",
            document=make_document(),
            place="p. 1",
        )

    [proof] = update.evidence.all()
    assert (proof.file_name, str(proof), proof.status) == ("informe.pdf", "Acta", Status.DRAFT)
    acts.publish(None, update)
    assert Evidence.objects.published().get() == proof


def test_drafts_of_others_are_not_a_focal_points():
    draft = make_file_evidence(status=Status.DRAFT)

    assert not visible_to(make_focal_point(make_entity()), Evidence.objects.filter(pk=draft.pk)).exists()


# Taking away.


def test_file_that_is_struck_is_gone_everywhere(committing):
    publisher = make_publisher()
    evidence = make_file_evidence(PDF, "Lista de Juana Ejemplo.pdf")
    twin = make_file_evidence(PDF, "copia.pdf", status=Status.DRAFT)
    other = make_file_evidence(b"%PDF-otro")
    version = Version.current()

    with committing():
        struck = actions.strike_file(publisher, evidence, REASON)

    assert kept() == [where(other)]
    for row in (struck, Evidence.objects.get(pk=twin.pk)):
        assert (row.file, row.file_name, row.url, row.sha256) == ("", "", "", evidence.sha256)
        assert row.is_file and not row.has_file and row.href == ""
    assert str(Evidence(sha256="a")) and "Juana" not in str(struck)
    change = Change.objects.of(struck).last()
    assert change.action == Change.Action.STRUCK
    assert change.columns == {"file_name": []} and change.public_at
    assert not Change.objects.filter(name__icontains="Juana").exists()
    assert Entry.objects.first().reason == REASON and Version.current() == version + 1


def test_strike_that_fails_leaves_the_file(committing):
    evidence = make_file_evidence(name="Juana Ejemplo.pdf")
    for refused in (
        lambda: actions.strike_file(None, evidence, "no"),
        lambda: actions.strike_file(None, evidence, "El archivo Juana Ejemplo.pdf tiene datos"),
        lambda: actions.strike_file(None, evidence, REASON, seen="1"),
        lambda: actions.strike_file(None, make_evidence(), REASON),
        lambda: actions.strike_file(make_user(), evidence, REASON),
    ):
        with committing(), pytest.raises(Exception):  # noqa: B017 - which one, other tests say
            refused()

    assert kept() == [where(evidence)]


def test_name_of_a_file_is_struck_as_other_words():
    evidence = make_file_evidence(name="Lista de Juana Ejemplo.pdf")

    acts.strike(None, evidence, "Es el nombre de una persona", "file_name", "Juana Ejemplo")

    evidence.refresh_from_db()
    assert evidence.file_name == f"Lista de {OMITTED}.pdf"
    assert where(evidence).exists()


def test_bytes_go_also_where_another_row_names_them_by_mistake(committing):
    """A correction that was begun has the same file: it is struck too."""
    update = make_update()
    proof = make_file_evidence(update=update)
    draft = actions.correct(None, update, reason="Se copió mal la cifra")

    with committing():
        actions.strike_file(None, proof, REASON)

    assert kept() == []
    assert not draft.evidence.get().has_file


def test_correction_leaves_out_evidence_whose_file_was_taken_away():
    update = make_update()
    actions.strike_file(None, make_file_evidence(update=update), REASON)
    link = make_evidence(update=update)

    draft = actions.correct(None, update, reason="Se copió mal la cifra")

    assert [proof.url for proof in draft.evidence.all()] == [link.url]


# Comparing the folder with the rows.


def test_command_finds_nothing_wrong(capsys):
    make_file_evidence()
    make_evidence()
    call_command("check_evidence_files")

    assert capsys.readouterr().out == "Files named: 1. Faults: 0. Not named: 0.\n"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.unlink(), "its file is missing"),
        (lambda path: path.write_bytes(b"otra"), "its file is not the one"),
    ],
)
def test_command_finds_missing_and_damaged_files(harm, words):
    evidence = make_file_evidence()
    harm(where(evidence))

    with pytest.raises(CommandError, match=f"{evidence.code}: {words}"):
        call_command("check_evidence_files")


def test_command_takes_away_old_files_that_no_row_names(capsys):
    named, young, old = make_file_evidence(), check(upload()), check(upload())
    with writing():
        store(young), store(old)
    for path in (where(named), path_of(old.place)):
        os.utime(path, (0, 0))
    stranger = path_of(old.place).with_name("notas.txt")
    stranger.write_text("de alguien")
    os.utime(stranger, (0, 0))

    call_command("check_evidence_files")
    assert f"No row names {old.place}\n" in capsys.readouterr().out and len(kept()) == 4
    call_command("check_evidence_files", remove=True)

    assert kept() == sorted([where(named), path_of(young.place), stranger])


@pytest.mark.django_db(transaction=True)
def test_files_and_rows_agree_after_real_transactions():
    """As all tests above, without a transaction of the test around."""
    draft, document = make_file_evidence(status=Status.DRAFT), make_document()
    with pytest.raises(ZeroDivisionError), writing():
        Evidence.objects.create(
            code="b-e1", commitment=draft.commitment, document=document, **store(check(upload()))
        )
        raise ZeroDivisionError
    assert kept() == [where(draft)]

    with writing():
        draft.delete()
    assert kept() == []

    public = make_file_evidence()
    actions.strike_file(None, public, REASON)
    assert kept() == [] and connection.in_atomic_block is False
