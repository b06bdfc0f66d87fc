"""Addresses as the public sees them, whatever a request says of the host it was sent to."""

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect, QueryDict


def origin(request):
    """Return scheme and host of the portal's public address, which begin every whole address that we write.

    The setting PORTAL_ADDRESS decides: what a stranger writes into the header Host never reaches others by a
    cache. Without it they are the request's; nothing where its host is not ours (error 400).
    """
    if settings.PORTAL_ADDRESS:
        return settings.PORTAL_ADDRESS
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


def absolute(request, path):
    """Return the whole public address of a path of ours."""
    return origin(request) + path


def known_query(request):
    """Return the part of a page's query that the page reads, to be carried on by its links.

    A page that reads parameters names them in `request.known_parameters`; empty values are as absent.
    """
    known = getattr(request, "known_parameters", ())
    query = QueryDict(mutable=True)
    try:
        given = request.GET.lists()
    except SuspiciousOperation:
        # More parameters than Django reads: the page that says so carries none on.
        given = ()
    for name, values in given:
        if name in known and any(values):
            query.setlist(name, [value for value in values if value])
    return query.urlencode()


def address_without_empty(request, names):
    """Return the address of a page without the parameters among `names` that are empty; None where none is.

    A form sends all its fields, and without JavaScript only the server can take the empty ones away.
    What a page does not know stays as it came.
    """
    query, is_shorter = QueryDict(mutable=True), False
    try:
        given = request.GET.lists()
    except SuspiciousOperation:
        # More parameters than Django reads, which its page tells.
        return None
    for name, values in given:
        kept = [value for value in values if value.strip()] if name in names else values
        is_shorter |= len(kept) < len(values)
        if kept:
            query.setlist(name, kept)
    return with_query(request.path, query.urlencode()) if is_shorter else None


def with_query(path, query):
    """Return a path with a query string, where there is one."""
    return f"{path}?{query}" if query else path


def redirect_with_query(request, path, is_permanent=False):
    """Redirect to another path of ours with the query of the request, as it came."""
    answer = HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect
    query = getattr(request, "query_as_sent", request.META.get("QUERY_STRING"))
    return answer(with_query(path, query))
