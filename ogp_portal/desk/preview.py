"""Looking at a plan's drafts exactly as the public will see them, at addresses of their own.

The page is the public one, asked for by nobody in particular, of a record in which the drafts of that plan
are published; that is rolled back with its last word. Its links lead on within the preview, as they are
written behind a prefix of their own. Nothing of it is kept: not by the finished answers, which know no
address of the admin, nor by the lists of a process, which keep nothing that a transaction has not ended.
"""

import copy

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import get_language_from_path, get_language_info, override

from plans.models import Plan
from plans.publishing import as_published, drafts_of
from record.rights import is_visible_to, visible_to
from record.text import LANGUAGES
from record.writing import WriteRefused

from .making import address_of

HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}
# The banner stands behind the link that skips what stands above the content.
SITE = b'<header class="site">'
HEAD = b'<meta name="robots" content="noindex">\n</head>'


def addresses(plan):
    """Return [(code of a language, its name, address)] of the preview of a plan's page."""
    found = []
    for code in LANGUAGES:
        with override(code):
            path = plan.get_absolute_url()
            name = get_language_info(code)["name_local"].capitalize()
        found.append((code, name, prefix_of(plan) + path.removeprefix(get_script_prefix())))
    return found


def prefix_of(plan):
    """Return the address that those of a plan's preview begin with."""
    return reverse("admin-preview", args=[plan.number, "x"]).removesuffix("x")


def preview(request, number, path):
    """Show a public page as it will be once the drafts of a plan are published, to whoever sees these."""
    plan = visible_to(request.user, Plan.objects.filter(number=number)).first()
    rows = plan and drafts_of(plan)
    if not rows or not all(is_visible_to(request.user, row) for row in rows) or is_sent(request):
        raise Http404
    public = f"/{path}"
    language = get_language_from_path(public)
    if language is None:
        # Files and the API say what is published.
        return HttpResponseRedirect(with_query(request, get_script_prefix() + path))
    try:
        with override(language):
            response = render(request, plan, public)
    except WriteRefused as refused:
        context = {"plan": plan, "sentences": refused.messages, "page": address_of(plan)}
        response = TemplateResponse(request, "admin/desk/no_preview.html", context).render()
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def render(request, plan, public):
    """Return the answer to the public address, of a record in which the drafts of a plan are published."""
    before = get_script_prefix()
    inner = as_anybody(request, prefix_of(plan), public)
    try:
        match = resolve(public)
    except Resolver404 as missing:
        raise Http404 from missing
    inner.resolver_match = match
    context = {"plan": plan, "page": address_of(plan)}
    banner = render_to_string("admin/desk/_preview_banner.html", context, request)
    set_script_prefix(prefix_of(plan))
    try:
        with as_published(plan):
            response = match.func(inner, *match.args, **match.kwargs)
            if hasattr(response, "render"):
                response.render()
            if response.streaming:
                raise Http404
    finally:
        set_script_prefix(before)
    if response.status_code < 300 or response.status_code >= 400:
        body = response.content.replace(SITE, banner.encode() + SITE, 1)
        response.content = body.replace(b"</head>", HEAD, 1)
    return response


def as_anybody(request, prefix, public):
    """Return a request for a public address as anybody could send it: without an account or a session."""
    inner = copy.copy(request)
    inner.path, inner.path_info = prefix + public.removeprefix("/"), public
    inner.META = {name: value for name, value in request.META.items() if name != "HTTP_COOKIE"}
    inner.COOKIES, inner.user = {}, AnonymousUser()
    for name in ("session", "_messages"):
        inner.__dict__.pop(name, None)
    return inner


def is_sent(request):
    """Tell whether a request would write: nothing is written in a preview."""
    return request.method not in ("GET", "HEAD")


def with_query(request, path):
    """Return a path with the query of a request."""
    query = request.META.get("QUERY_STRING")
    return f"{path}?{query}" if query else path
