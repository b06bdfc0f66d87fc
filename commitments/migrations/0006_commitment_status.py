"""Commitments have a state of their own: those that are there have the one of their plan."""

from django.db import migrations, models

STATUS = {
    "choices": [("draft", "Draft"), ("published", "Published")],
    "max_length": 10,
    "verbose_name": "publication",
}


def draft_with_their_plan(apps, schema_editor):
    """Make drafts of the commitments of plans that are drafts."""
    rows = apps.get_model("commitments", "Commitment")._base_manager
    rows.filter(plan__status="draft").update(status="draft")


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0005_evidence_files_and_link_checks"),
        ("plans", "0002_followed_until"),
    ]

    operations = [
        migrations.AddField("commitment", "status", models.CharField(default="published", **STATUS)),
        migrations.RunPython(draft_with_their_plan, migrations.RunPython.noop),
        migrations.AlterField("commitment", "status", models.CharField(default="draft", **STATUS)),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published"])), name="commitment_status_known"
            ),
        ),
    ]
