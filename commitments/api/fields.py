"""Fields and parts that several nouns of the API share."""

from django.db.models import Q
from rest_framework import serializers

from faces.serializers import (
    DocumentSerializer,
    StringField,
)
from plans.compliance import Level

CODE = "[0-9]{1,5}-[0-9]{1,5}"


def level_field(**kwargs):
    return serializers.ChoiceField(choices=Level.values, read_only=True, **kwargs)


def optional_date(**kwargs):
    return serializers.DateField(read_only=True, allow_null=True, **kwargs)


class ProgressSerializer(serializers.Serializer):
    """What milestones say: never mixed with completion, which reports judge."""

    total = serializers.IntegerField(read_only=True)
    complete = serializers.IntegerField(read_only=True)
    overdue = serializers.IntegerField(read_only=True)
    unreported = serializers.IntegerField(read_only=True)
    unknown = serializers.IntegerField(
        read_only=True, help_text="Past due, and nobody reported a state: neither overdue nor in time."
    )


class FindingSerializer(serializers.Serializer):
    """A value of the IRM's coding, or a star, on the scale of its time."""

    measure = serializers.CharField(read_only=True)
    scale = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    value_as_printed = StringField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


def public_findings(findings, on=None):
    """Keep the findings of no report, or of a published one with a cut-off up to a date."""
    findings = findings.published().select_related("report", "document")
    return findings if on is None else findings.filter(Q(report=None) | Q(report__cutoff_on__lte=on))
