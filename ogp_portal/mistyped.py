"""Addresses that people mistype, and where they lead: asked of what is not found, and in no other place."""

import re
from functools import cache

from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils.translation import get_language, override

from commitments.models import Commitment
from faces.addresses import redirect_with_query
from record.cleaning import clean, plain_dashes

# A longer path is no slip of the hand; nothing is asked of it.
LONGEST = 300
# What a sentence, a list or a link leaves at the ends of an address that is copied out of it.
LEFT_OVER = re.escape(".,;:!?¡¿\"'`´()[]{}<>«»“”‘’‚„‹›…·*_|\\")
ENDS = re.compile(rf"^[\s{LEFT_OVER}]+|[\s{LEFT_OVER}]+$")
# A commitment's code, also as it is spoken of: 2.1, 2 - 1.
CODE = re.compile(r"([0-9]{1,5})\s*[-.]\s*([0-9]{1,5})")
OGP_ID = re.compile("[a-z]{2}[0-9]{4}")


def redirect_mistyped(request):
    """Return a redirect to the page that a path not found means; None where it means none.

    It means a page that is there once it is cleaned, in lower case, with its words in the language that it
    begins with and codes as we write them. Only readers are led on. A page's names are stable for ever, so
    the redirect is permanent, except where the path names no language and the reader's own decides.
    """
    if request.method not in ("GET", "HEAD") or len(request.path_info) > LONGEST or "\0" in request.path_info:
        return None
    names = [segment for segment in map(as_we_write, request.path_info.split("/")) if segment]
    if not names:
        return None
    has_language = names[0] in dict(settings.LANGUAGES)
    language = names.pop(0) if has_language else get_language()[:2]
    with override(language):
        address = address_of(request, [words().get(name, {}).get(language, name) for name in names])
    # A page that is there is never what is not found, so that this can't go round in circles.
    return address and redirect_with_query(request, address, is_permanent=has_language)


def as_we_write(segment):
    """Return a segment of a path as our addresses are written."""
    name = ENDS.sub("", plain_dashes(clean(segment))).lower()
    code = CODE.fullmatch(name)
    return f"{code[1]}-{code[2]}" if code else name


@cache
def words():
    """Return {a word of our addresses: that word in each language}, read from the addresses themselves."""
    found = {}

    def collect(patterns):
        for pattern in patterns:
            twins = {}
            for code, _name in settings.LANGUAGES:
                with override(code):
                    twins[code] = str(pattern.pattern).strip("/")
            if len(set(twins.values())) > 1:
                found.update(dict.fromkeys(twins.values(), twins))
            collect(getattr(pattern, "url_patterns", ()))

    collect(get_resolver().url_patterns)
    return found


def address_of(request, names):
    """Return the address of the page that the names mean in the active language, or None."""
    if names and OGP_ID.fullmatch(names[-1]) and names[:-1] in ([], [words()["commitments"][get_language()]]):
        commitment = Commitment.everything.readable().filter(ogp_id=names[-1].upper()).first()
        return commitment and commitment.get_absolute_url()
    try:
        match = resolve("/".join(["", get_language(), *names, ""]))
    except Resolver404:
        return None
    address = reverse(match.view_name, kwargs=match.kwargs)
    # What was just not found is not asked for again.
    return address if address != request.path and is_there(request, match) else None


def is_there(request, match):
    """Tell whether a page exists: that of a row does if the public may see the row."""
    view = match.func.view_class(**match.func.view_initkwargs)
    if not hasattr(view, "get_object"):
        return True
    view.setup(request, **match.kwargs)
    try:
        view.get_object()
    except Http404:
        return False
    return True
