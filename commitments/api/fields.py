"""Fields and parts that several nouns of the API share."""

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


def yes_no_field(**kwargs):
    """Return a field of true, false, and null where nobody can tell."""
    return serializers.BooleanField(read_only=True, allow_null=True, **kwargs)


def days_field(**kwargs):
    return serializers.IntegerField(read_only=True, allow_null=True, **kwargs)


class FindingSerializer(serializers.Serializer):
    """A value of the IRM's coding, or a star, on the scale of its time."""

    measure = serializers.CharField(read_only=True)
    scale = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    value_as_printed = StringField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


def public_findings(findings, on):
    """Return the public findings on a day, with what the API says of them."""
    return findings.as_of(on).select_related("report", "document")
