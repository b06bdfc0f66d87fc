"""Completion in the API: how many commitments stand at each level."""

from rest_framework import serializers

from ..compliance import Level
from .themes import ThemeLinkSerializer


class LevelCountsSerializer(serializers.Serializer):
    """A number for each of the seven levels."""

    def get_fields(self):
        return {level: serializers.IntegerField(read_only=True) for level in Level.values}


class LevelPercentsSerializer(serializers.Serializer):
    """Each level in per cent of the commitments assessed, one decimal; null where that would mislead."""

    def get_fields(self):
        return {level: serializers.FloatField(read_only=True, allow_null=True) for level in Level.values}


class CompletionSerializer(serializers.Serializer):
    """How many commitments stand at each level: `assessed` of `total`."""

    counts = LevelCountsSerializer(read_only=True)
    assessed = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    percent = LevelPercentsSerializer(read_only=True)


class ThemeCompletionSerializer(serializers.Serializer):
    """The completion of a theme; null is the row of the commitments without one, so that sums hold."""

    theme = ThemeLinkSerializer(read_only=True, allow_null=True)
    completion = CompletionSerializer(read_only=True)


def add_completion_by_theme(report):
    """Add the rows `by_theme` to a report; a plan without themes has the one row without a theme."""
    rows = report.completion_by_theme().items()
    report.by_theme = [{"theme": theme, "completion": tally} for theme, tally in rows]
