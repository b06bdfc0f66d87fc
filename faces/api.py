"""How strictly the API reads a request, and how it says what is wrong: `{"errors": [...]}` everywhere."""

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response

from .filters import shortened

# The parameters that every address of the API knows.
COMMON_PARAMETERS = ("lang", "format", "fields")
PAGE_PARAMETERS = ("page", "page_size")


def error(code, detail, field=None, **more):
    """Return one entry of `errors`."""
    return {"field": field, "code": code, "detail": str(detail)} | more


def error_response(status_code, code, detail, field=None):
    """Return the answer to a request under /api/ that no view of the API answers."""
    return JsonResponse({"errors": [error(code, detail, field)]}, status=status_code)


class BadRequest(exceptions.APIException):
    """A request that is wrong in one or more ways; `errors` are the entries of the answer."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, errors):
        self.errors = errors
        super().__init__()


def exception_handler(exception, context):
    """Turn an exception of a view into an answer; None lets Django answer with its own error handlers."""
    headers = {}
    if isinstance(exception, BadRequest):
        errors = exception.errors
    elif isinstance(exception, Http404 | exceptions.NotFound):
        exception = exceptions.NotFound()
        errors = [error("not_found", _("There is nothing at this address."))]
    elif isinstance(exception, exceptions.MethodNotAllowed):
        errors = [error("method_not_allowed", _("This address can only be read."))]
    elif isinstance(exception, exceptions.Throttled):
        headers = {"Retry-After": str(int(exception.wait))} if exception.wait else {}
        errors = [error("throttled", _("Too many requests. Try again later."))]
    elif isinstance(exception, exceptions.APIException):
        errors = [error("bad_request", exception.detail)]
    else:
        return None
    return Response({"errors": errors}, status=exception.status_code, headers=headers)


class JsonWhateverAccepted(BaseContentNegotiation):
    """Answers with JSON whatever a client says it accepts; `?format=csv` is the lists' own matter."""

    def select_parser(self, request, parsers):
        return parsers[0] if parsers else None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


def require(errors):
    """Raise BadRequest if there are any errors."""
    if errors:
        raise BadRequest(errors)


def one_of(params, name, allowed, default=None):
    """Return the value of a parameter, the default where it is absent; raise BadRequest unless allowed."""
    value = single(params, name)
    if not value:
        return default
    if value not in allowed:
        detail = _("Unknown value “%(value)s”.") % {"value": shortened(value)}
        raise BadRequest([error("unknown_value", detail, name, allowed=list(allowed))])
    return value


def single(params, name):
    """Return the one value of a parameter, '' where it is absent; raise BadRequest if there are more."""
    values = [value for value in params.getlist(name) if value]
    if len(values) > 1:
        raise BadRequest([error("repeated", _("This parameter may be given only once."), name)])
    return values[0] if values else ""


def parameters_of(filterset):
    """Return the OpenAPI parameters of a filter set."""
    return [
        parameter(name, f"{field.label}. {field.help_text}".strip(), field.schema())
        for name, field in filterset.form.fields.items()
    ]


def parameter(name, description, schema):
    """Return an OpenAPI parameter of the query string; a list is repeated: a=1&a=2."""
    return {"name": name, "in": "query", "required": False, "description": str(description), "schema": schema}


class StrictFilterBackend(BaseFilterBackend):
    """Filters a list with the view's `filterset_class`, and refuses parameters that nothing reads."""

    def filter_queryset(self, request, queryset, view):
        """Return the rows that are asked for, and tell the view the date; raise BadRequest."""
        filterset = view.filterset_class(
            request.query_params, queryset, strict=True, also_known=(*COMMON_PARAMETERS, *PAGE_PARAMETERS)
        )
        require(filterset.errors_list())
        filterset.of_any_day = view.is_of_any_day
        view.reading = filterset.reading
        return filterset.qs

    def get_schema_operation_parameters(self, view):
        """Return the OpenAPI parameters of a list."""
        return parameters_of(view.filterset_class())
