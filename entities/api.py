"""How the API writes entities. Their list is in commitments/api/entities.py: it tells what they promised."""

from rest_framework import serializers

from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    LinkedSerializer,
    RecordSerializer,
    StringField,
)
from record.text import LANGUAGES

from .models import Entity


class EntityLinkSerializer(LinkedSerializer):
    """An entity where another object names it."""

    slug = serializers.SlugField(read_only=True)
    acronym = StringField()
    name = BilingualField()


class EntityNameSerializer(serializers.Serializer):
    """A spelling of an entity's name, and where it stands."""

    spelling = serializers.CharField(read_only=True)
    language = serializers.ChoiceField(choices=LANGUAGES, read_only=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class EntitySerializer(RecordSerializer):
    api_view = "entity-detail"

    slug = serializers.SlugField(read_only=True)
    acronym = StringField()
    name = BilingualField()
    kind = serializers.ChoiceField(choices=Entity.Kind.values, read_only=True)
    parent = serializers.SlugField(source="parent.slug", read_only=True, allow_null=True)
    succeeded_by = serializers.SlugField(
        source="succeeded_by.slug", read_only=True, default=None, allow_null=True
    )
    website = StringField()
    names = EntityNameSerializer(many=True, read_only=True)
