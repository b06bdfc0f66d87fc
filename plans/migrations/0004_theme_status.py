"""Themes have a state of their own: those that are there have the one of their plan."""

from django.db import migrations, models

STATUS = {
    "choices": [("draft", "Draft"), ("published", "Published")],
    "max_length": 10,
    "verbose_name": "publication",
}


def draft_with_their_plan(apps, schema_editor):
    """Make drafts of the themes of plans that are drafts."""
    rows = apps.get_model("plans", "Theme")._base_manager.using(schema_editor.connection.alias)
    rows.filter(plan__status="draft").update(status="draft")


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_report_stages")]

    operations = [
        migrations.AddField("theme", "status", models.CharField(default="published", **STATUS)),
        migrations.RunPython(draft_with_their_plan, migrations.RunPython.noop),
        migrations.AlterField("theme", "status", models.CharField(default="draft", **STATUS)),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published"])), name="theme_status_known"
            ),
        ),
    ]
