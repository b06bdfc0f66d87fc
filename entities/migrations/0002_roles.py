"""The groups that are the roles of accounts; what each may do stands in `record/rights.py`."""

from django.db import migrations

ROLES = ("focal points", "editors", "publishers", "auditors")


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.using(schema_editor.connection.alias).get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    # Whoever goes back keeps the groups, and who is in them.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop, elidable=False)]
