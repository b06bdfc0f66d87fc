"""A small record as files, and what the tests of loading do with it."""

from contextlib import suppress
from io import StringIO

from django.core.management import call_command

from record.kinds import kind_of, kinds
from record.loading import RecordError, write_manifest

ENTITIES = """
entities.entity:
  - slug: sgp
    name_es: Secretaría de Gestión Pública
    name_en: Public Management Secretariat
    kind: executive_body
    parent: pcm
    unofficial: [name_en]
  - slug: pcm
    name_es: Presidencia del Consejo de Ministros
    kind: presidency
"""
PLAN = """
record.document:
  - slug: v-plan
    title_es: Plan
    language: en
    kind: action_plan
plans.plan:
  - number: 5
    title_es: V Plan
    coordinator: sgp
    starts_on: 2023-01-01
    document: v-plan
    place: portada
    status: published
commitments.policyarea:
  - {slug: health, name_es: Salud, document: v-plan, place: p. 1}
  - {slug: labor, name_es: Trabajo, document: v-plan, place: p. 1}
commitments.commitment:
  - plan: 5
    number: 4
    status: published
    title_es: Compromiso
    policy_areas: [health, labor]
    document: v-plan
    place: ficha 4
commitments.milestone:
  - commitment: 5-4
    number: 1
    activity_es: Actividad
    ends_on: 2023-06-30
    document: v-plan
    place: ficha 4
"""


def load(folder):
    """Load a folder as it is; return what the command says."""
    out = StringIO()
    call_command("load_record", folder, stdout=out)
    return out.getvalue()


def manifest(folder):
    """Rewrite the manifest of a folder; return what the command says."""
    out = StringIO()
    call_command("load_record", folder, manifest=True, stdout=out)
    return out.getvalue()


def change(folder, name, before, after):
    """Replace some text of a file, and in the manifest what then differs; files may be broken by it."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    put(folder, name, text.replace(before, after))


def put(folder, name, text):
    """Write a file as somebody does who keeps the manifest up to date."""
    (folder / name).write_text(text, encoding="utf-8")
    keep_manifest(folder)


def keep_manifest(folder):
    """Rewrite the manifest where the files can be read; otherwise the old one stays."""
    with suppress(RecordError):
        write_manifest(folder)


def content():
    """Return all that the record holds, without the numbers of its rows."""
    return {kind.label: sorted(map(_columns, kind.model._base_manager.all()), key=str) for kind in kinds()}


def _columns(row):
    columns = {}
    for spec in row._meta.concrete_fields:
        value = getattr(row, spec.name)
        # PostgreSQL gives bytes as a view of them, whose name is its place in memory.
        value = bytes(value) if isinstance(value, memoryview) else value
        if not spec.primary_key:
            columns[spec.name] = _name(value) if spec.is_relation and value else value
    for spec in row._meta.many_to_many:
        columns[spec.name] = sorted(map(_name, getattr(row, spec.name).all()))
    return columns


def _name(row):
    return str(getattr(row, kind_of(type(row)).public_id))
