"""What every object of the API has: texts in two languages, its addresses, its sources."""

from django.urls import reverse
from rest_framework import serializers

from record.text import LANGUAGES

from .addresses import absolute


class StringField(serializers.CharField):
    """A text; null where the record has none."""

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, "allow_null": True} | kwargs)

    def to_representation(self, value):
        return str(value) or None


class LanguageField(serializers.ChoiceField):
    """The language of a text that is read in the reader's language or, for want of that, in the other."""

    def __init__(self, **kwargs):
        super().__init__(choices=LANGUAGES, read_only=True, allow_null=True, **kwargs)

    def to_representation(self, text):
        return text.lang if text else None


class UnofficialField(serializers.ListField):
    """The keys whose texts are translations of ours; `columns` has the column of each key."""

    def __init__(self, columns, **kwargs):
        self.columns = columns
        super().__init__(child=serializers.CharField(), read_only=True, **kwargs)

    def to_representation(self, unofficial):
        return [key for key, column in self.columns.items() if column in unofficial]


class BilingualField(serializers.Field):
    """Stands for four keys: `title` in the reader's language, `title_lang`, `title_es` and `title_en`.

    `columns` is the name of the columns, where it is not that of the key.
    """

    def __init__(self, columns=None):
        self.columns = columns
        super().__init__(read_only=True)


class ObjectSerializer(serializers.Serializer):
    """An object or a part of one. Where texts may be translations of ours, `unofficial` lists their keys."""

    def get_fields(self):
        fields, columns = {}, {}
        for name, field in super().get_fields().items():
            if not isinstance(field, BilingualField):
                fields[name] = field
                continue
            column = field.columns or name
            fields[name] = StringField(source=field.columns)
            fields[f"{name}_lang"] = LanguageField(source=column)
            for language in LANGUAGES:
                columns[f"{name}_{language}"] = f"{column}_{language}"
                fields[f"{name}_{language}"] = StringField(source=field.columns and f"{column}_{language}")
        if columns:
            fields["unofficial"] = UnofficialField(columns)
        return fields


class LinkedSerializer(ObjectSerializer):
    """An object that others name. It is the same wherever it is named, so it is built once an answer."""

    def to_representation(self, instance):
        built = self.root.__dict__.setdefault("_built", {})
        key = (type(self), instance.pk)
        if key not in built:
            built[key] = super().to_representation(instance)
        return built[key]


class DocumentSerializer(LinkedSerializer):
    slug = serializers.SlugField(read_only=True)
    title = BilingualField()
    language = serializers.ChoiceField(choices=LANGUAGES, read_only=True)
    year = serializers.IntegerField(read_only=True, allow_null=True)


class SourceSerializer(serializers.Serializer):
    """Where a fact stands."""

    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class PageField(serializers.URLField):
    """The address of an object's page, in the reader's language."""

    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, instance):
        return absolute(self.context["request"], self.parent.page_of(instance))


class ApiField(serializers.URLField):
    """The address of an object in the API: of the view `view`, by the object's `key`."""

    def __init__(self, view, key, **kwargs):
        self.view, self.key = view, key
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, instance):
        address = reverse(f"api:{self.view}", args=[getattr(instance, self.key)])
        return absolute(self.context["request"], address)


class NoticeSerializer(serializers.Serializer):
    """When an object, or what it belongs to, was annulled, and why: it is in no list and no count since."""

    at = serializers.DateTimeField(read_only=True)
    reason = StringField()


class RecordSerializer(ObjectSerializer):
    """An object of the record: with its page, its address in the API and its sources, which come last.

    A subclass names its view and identifier in `api_view` and `api_key`.
    """

    api_view = ""
    api_key = "slug"

    def page_of(self, instance):
        """Return the path of the page that shows an object."""
        return instance.get_absolute_url()

    def get_fields(self):
        return super().get_fields() | {
            "url": PageField(),
            "api_url": ApiField(self.api_view, self.api_key),
            "annulled": NoticeSerializer(source="notice", read_only=True, allow_null=True, default=None),
            "sources": SourceSerializer(many=True, read_only=True),
        }
