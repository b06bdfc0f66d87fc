"""What a signed-in person is told whom the admin refuses a page: what he may not do, and whom to ask."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .roles import roles_of

# What may be done on the pages of a list, by the end of their names.
SENTENCES = {
    "add": gettext_lazy("Your account may not add anything to the list “%(list)s”."),
    "change": gettext_lazy("Your account may not open this row of the list “%(list)s”, or not change it so."),
    "delete": gettext_lazy("Your account may not delete from the list “%(list)s”."),
    "history": gettext_lazy("Your account may not read the history of this row of the list “%(list)s”."),
    "import": gettext_lazy("Your account may not import into the list “%(list)s”."),
    "export": gettext_lazy("Your account may not export the list “%(list)s”."),
    "changelist": gettext_lazy("Your account may not open the list “%(list)s”."),
}


def is_of_staff(request):
    """Tell whether a request is for a page of the admin, by somebody who signed in."""
    user = getattr(request, "user", None)
    return request.path_info.startswith("/admin/") and user is not None and user.is_authenticated


def refused_page(request, exception=None):
    """Answer 403 to staff: what the account may not do, the role that it has, and whom to ask for another."""
    role = ", ".join(str(each.label) for each in roles_of(request.user))
    context = {
        "title": _("Your account may not do this"),
        "sentence": str(exception or "") or sentence_of(request.resolver_match),
        "role": role or (_("Superuser") if request.user.is_superuser else ""),
    }
    whole = admin.site.each_context(request) | context
    return TemplateResponse(request, "accounts/refused.html", whole, status=403).render()


def sentence_of(match):
    """Return what may not be done at the address that was asked for."""
    name = match.url_name if match else None
    for model in admin.site._registry:
        prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
        if name and name.startswith(prefix):
            other = _("Your account may not do this with the list “%(list)s”.")
            return SENTENCES.get(name.removeprefix(prefix), other) % {"list": model._meta.verbose_name_plural}
    return _("Your account may not open this page.")
