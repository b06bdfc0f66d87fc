"""Downloads of files that prove something: public ones at `/evidencia/<code>/`, drafts inside the admin."""

import logging

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from .file_kinds import FileKind
from .files import path_of
from .models import Evidence

logger = logging.getLogger(__name__)

# Whoever opens it all the same: nothing in it runs, and nothing loads.
NOTHING_RUNS = "default-src 'none'; sandbox"
PUBLIC = "public, no-cache"
PRIVATE = "private, no-store"


@require_safe
def evidence_file(request, code):
    """Answer with the file of evidence that the public may see; 410 where it was annulled or taken away."""
    evidence = Evidence.objects.everything().readable().filter(code=code).first()
    if evidence is None or not evidence.is_file:
        raise Http404
    if not evidence.has_file or not Evidence.objects.published().filter(pk=evidence.pk).exists():
        response = render(request, "commitments/file_gone.html", {"evidence": evidence}, status=410)
        response.headers["Cache-Control"] = PUBLIC
        return response
    return answer_with_file(request, evidence, PUBLIC)


def answer_with_file(request, evidence, cache_control):
    """Answer GET or HEAD with the file of evidence, as a download and in pieces; 304 to who has it already.

    Whether it may be read is for the caller to ask. Raises Http404 where the bytes are not there.
    """
    # Its bytes are compressed already, or are to be those that were hashed.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    etag = f'"{evidence.sha256}"'
    headers = {
        "Content-Type": FileKind(evidence.file_kind).content_type,
        "Content-Disposition": content_disposition_header(True, evidence.file_name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING_RUNS,
        "Cache-Control": cache_control,
        "ETag": etag,
    }
    unchanged = get_conditional_response(request, etag=etag, response=HttpResponse(headers=headers))
    if unchanged.status_code != 200:
        return unchanged
    headers["Content-Length"] = str(evidence.file_size)
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    try:
        file = path_of(evidence.file).open("rb")
    except FileNotFoundError as error:
        logger.exception("The file of evidence %s is missing", evidence.code)
        raise Http404 from error
    response = FileResponse(file)
    for name, value in headers.items():
        response.headers[name] = value
    return response
