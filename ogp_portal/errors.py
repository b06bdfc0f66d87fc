"""How the portal says that it cannot answer: with JSON under /api/, with a page elsewhere."""

from django.shortcuts import render

from faces.api import error_response


def is_api(request):
    """Tell whether a request is for the API, found or not."""
    return request.path_info == "/api" or request.path_info.startswith("/api/")


def error_answer(request, status, code, detail, field=None):
    """Answer with an error: JSON under /api/ (docs/api.md), a page elsewhere."""
    if is_api(request):
        return error_response(status, code, detail, field)
    return render(request, f"{status}.html", {"detail": detail}, status=status)
