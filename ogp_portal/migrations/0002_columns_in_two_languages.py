import hashlib
import json

from django.db import migrations

# The columns that got a pair in the other language, by model.
RENAMED = {
    "plans.plansource": "note",
    "plans.reportsource": "note",
    "commitments.commitmentsource": "note",
    "plans.document": "publisher",
}


def follow_renaming(apps, schema_editor):
    """Follow `note`, now `note_en`: what nobody edited since it was loaded stays known as such."""
    LoadedRow = apps.get_model("ogp_portal", "LoadedRow")
    for loaded in LoadedRow.objects.filter(model__in=RENAMED):
        old = RENAMED[loaded.model]
        if old not in loaded.columns:
            continue
        row = apps.get_model(loaded.model).objects.filter(pk=loaded.object_id).first()
        columns = sorted(f"{old}_en" if column == old else column for column in loaded.columns)
        if row is not None:
            values = {column: value_of(row, column) for column in columns}
            named_as_before = {old if column == f"{old}_en" else column: values[column] for column in values}
            is_untouched = digest(named_as_before) == loaded.digest
            loaded.digest = digest(values) if is_untouched else ""
        loaded.columns = columns
        loaded.save()


def value_of(row, column):
    """Return what `load_record` compares of a column."""
    return (
        sorted(row.unofficial)
        if column == "unofficial"
        else getattr(row, row._meta.get_field(column).attname)
    )


def digest(values):
    """Return the digest of some columns, as `load_record` makes it."""
    return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("ogp_portal", "0001_initial"),
        ("plans", "0002_works_texts_and_search"),
        ("commitments", "0002_recommendations_and_search"),
    ]

    operations = [migrations.RunPython(follow_renaming, migrations.RunPython.noop)]
