"""What shows all lists in the API: the search, by their words, and the log of what changed."""

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from faces.addresses import absolute
from faces.changes import tell
from faces.serializers import (
    ApiField,
    BilingualField,
    LanguageField,
    PageField,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet
from record.models import Act, Change

from .changes import ChangeFilters
from .search import Corpus, SearchFilters, found_kinds, read


class HitApiField(ApiField):
    """The address of what was found, in the list of its kind."""

    def __init__(self):
        super().__init__("", "id")

    def to_representation(self, hit):
        self.view = f"{hit.kind.listed.name}-detail"
        return super().to_representation(hit)


class HitSerializer(RecordSerializer):
    """Something that was found. `rank`: 0 it was named, 1 the title has all the words, 2 its texts have."""

    kind = serializers.ChoiceField(
        source="kind.listed.name", choices=[kind.listed.name for kind in found_kinds()], read_only=True
    )
    id = serializers.CharField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True, allow_null=True, default=None)
    title = BilingualField()
    excerpt = StringField(help_text="Where the words stand, if not in the title alone.")
    excerpt_lang = LanguageField(source="excerpt")
    rank = serializers.IntegerField(read_only=True)

    def get_fields(self):
        return super().get_fields() | {"api_url": HitApiField()}


class SearchViewSet(RecordViewSet):
    """Everything that has all words of `q`, the best first; nothing without a word in it."""

    serializer_class = HitSerializer
    filterset_class = SearchFilters
    is_kept = False

    def get_queryset(self):
        return Corpus()

    def prepare(self, rows):
        return read(rows, self.on)


def name_of_kind(**kwargs):
    return serializers.CharField(help_text="As the filter `kind` has it.", **{"read_only": True} | kwargs)


@extend_schema_field(OpenApiTypes.ANY)
class ValueField(serializers.Field):
    """What a column held: a text, number, boolean or list as the lists give it; null for nothing.

    Other rows are their public identifiers, null where they are not public.
    """

    def __init__(self, place):
        self.place = place
        super().__init__(source="values", read_only=True, allow_null=True)

    def to_representation(self, values):
        value = values[self.place]
        return None if value == "" else value


class ColumnSerializer(serializers.Serializer):
    """What was and what is in one column."""

    field = serializers.CharField(source="name", read_only=True, help_text="The name of the column.")
    label = serializers.CharField(read_only=True)
    before = ValueField(0)
    after = ValueField(1)


class CountSerializer(serializers.Serializer):
    """How many rows of a kind the first loading brought."""

    kind = name_of_kind(source="kind.name")
    count = serializers.IntegerField(source="number", read_only=True)


class ChangedPageSerializer(serializers.Serializer):
    """A page on which the change is seen."""

    kind = name_of_kind(source="kind.name")
    id = serializers.CharField(source="public_id", read_only=True)
    url = PageField()

    def page_of(self, named):
        return named.url


class ChangeSerializer(RecordSerializer):
    """What an entry of the log did to one row; `id` is its number, and that of the row's version.

    `url` is where the row is seen, or what it belongs to; the list of changes where neither is public.
    """

    api_view, api_key = "change-detail", "id"

    id = serializers.IntegerField(read_only=True)
    entry = serializers.IntegerField(
        source="entry.pk", read_only=True, help_text="The same of all that was written together."
    )
    version = serializers.IntegerField(
        source="entry.version",
        read_only=True,
        allow_null=True,
        help_text="The version of the record that the entry made.",
    )
    public_at = serializers.DateTimeField(source="change.public_at", read_only=True)
    as_of = serializers.DateField(
        read_only=True, allow_null=True, help_text="The day of which the change speaks, where it is stated."
    )
    effective_on = serializers.DateField(
        read_only=True, help_text="`as_of`, or else the day of `public_at` in Peru."
    )
    act = serializers.ChoiceField(source="entry.act", choices=Act.values, read_only=True)
    act_label = serializers.CharField(source="entry.get_act_display", read_only=True)
    action = serializers.ChoiceField(source="change.action", choices=Change.Action.values, read_only=True)
    action_label = serializers.CharField(source="action", read_only=True)
    kind = name_of_kind(source="kind.name", default=None, allow_null=True)
    object = serializers.CharField(
        source="named.public_id",
        read_only=True,
        allow_null=True,
        help_text="The public identifier; null where the row has none, or is not public now.",
    )
    name = serializers.SerializerMethodField(help_text="Null where the row is not public now.")
    object_api_url = serializers.SerializerMethodField(
        help_text="Null where no list has such rows, or the row is not public now."
    )
    changes = ColumnSerializer(source="columns", many=True, read_only=True)
    counts = CountSerializer(many=True, read_only=True)
    reason = StringField(source="entry.reason")
    source = StringField(help_text="Where the right words stand.")
    pages = ChangedPageSerializer(many=True, read_only=True)

    def get_name(self, told) -> str | None:
        return told.named.words if told.row else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_object_api_url(self, told):
        if told.row is None or told.kind.listed is None:
            return None
        path = reverse(f"api:{told.kind.listed.name}-detail", args=[told.named.public_id])
        return absolute(self.context["request"], path)

    def page_of(self, told):
        return told.url or reverse("changes")


class ChangeViewSet(RecordViewSet):
    """The changes of the public record, the newest first; the first loading is one."""

    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    turns_on = ()
    lookup_field = "id"
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return Change.objects.public().order_by("-pk")

    def for_reading(self, rows):
        return rows.select_related("entry").prefetch_related("pages")

    def lookup(self):
        return {"pk": self.kwargs["id"]}

    def at_address(self, read, **names):
        # A change is no row of the record, which could be annulled.
        return read()

    def prepare(self, rows):
        return tell(rows)
