"""The OpenAPI description: what every address has and no view says by itself."""

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from record.text import LANGUAGES

from .api import parameter, parameters_of
from .filters import AsOf, NoFilters


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong with a request."""

    field = serializers.CharField(allow_null=True, help_text="The parameter, or null.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="In the reader's language.")
    allowed = serializers.ListField(child=serializers.CharField(), required=False)


class ErrorsSerializer(serializers.Serializer):
    """What is wrong with a request."""

    errors = ErrorSerializer(many=True)


class Schema(AutoSchema):
    """Describes an operation with the parameters, errors and files that all views share."""

    def get_operation(self, *args, **kwargs):
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        is_list = self._is_list_view()
        given = {row["name"] for row in operation.setdefault("parameters", [])}
        operation["parameters"] += [row for row in self.common(is_list) if row["name"] not in given]
        errors = self.resolve_serializer(ErrorsSerializer, "response").ref
        for status, text in (("400", _("A parameter is wrong.")), ("404", _("There is nothing here."))):
            operation["responses"][status] = {
                "description": text,
                "content": {"application/json": {"schema": errors}},
            }
        if is_list:
            operation["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
        return operation

    def common(self, is_list):
        """Return the parameters that no filter set and no paginator names."""
        formats = ["json", "csv"] if is_list else ["json"]
        rows = [
            parameter("lang", _("Language of the answer."), {"type": "string", "enum": list(LANGUAGES)}),
            parameter("format", _("Format of the answer."), {"type": "string", "enum": formats}),
        ]
        filterset_class = getattr(self.view, "filterset_class", None)
        if filterset_class:
            keys = _("The keys to give, with commas between them; all without it.")
            rows.append(parameter("fields", keys, {"type": "string"}))
            if not is_list:
                rows += parameters_of(AsOf() if "as_of" in filterset_class.base_filters else NoFilters())
        return rows
