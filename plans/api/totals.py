"""What commitments and their milestones add up to, in the API."""

from rest_framework import serializers

from record.publication import other_end


class LatenessSerializer(serializers.Serializer):
    """How many of some commitments are late, and of how many nobody can tell."""

    total = serializers.IntegerField(read_only=True)
    overdue = serializers.IntegerField(read_only=True)
    unknown = serializers.IntegerField(
        read_only=True, help_text="Past due, and nobody says whether it is done: neither late nor in time."
    )
    silent = serializers.IntegerField(
        read_only=True, help_text="Of the unknown: no report of this record judged it since it was due."
    )
    undated = serializers.IntegerField(read_only=True, help_text="No source gives an end.")


class ProgressSerializer(serializers.Serializer):
    """What milestones say: never mixed with completion, which reports judge."""

    total = serializers.IntegerField(read_only=True)
    complete = serializers.IntegerField(read_only=True)
    overdue = serializers.IntegerField(read_only=True)
    unreported = serializers.IntegerField(read_only=True)
    unknown = serializers.IntegerField(
        read_only=True, help_text="Past due, and nobody says whether it is done: neither late nor in time."
    )
    silent = serializers.IntegerField(
        read_only=True, help_text="Of the unknown: nobody reported anything since it was due."
    )
    undated = serializers.IntegerField(read_only=True, help_text="No source gives an end.")


def add_totals(rows, on):
    """Add `lateness` and `progress` of their commitments on a day to some plans, or to some themes.

    Both are None of a plan that had not begun, and where there are no commitments or no milestones.
    """
    if not rows:
        return rows
    commitments = other_end(type(rows[0]), "commitments").published().begun(on)
    column = type(rows[0])._meta.get_field("commitments").remote_field.name
    totals = commitments.filter(**{f"{column}__in": rows}).totals_by(column, on)
    for row in rows:
        found = totals.get(row.pk, {})
        row.lateness, row.progress = found.get("lateness"), found.get("progress")
    return rows
