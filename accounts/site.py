"""The admin, entered by our sign-in."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .second_factor import is_passed


class PortalAdminSite(admin.AdminSite):
    """Django's site; nobody is in it without the second factor, where that is obligatory."""

    def has_permission(self, request):
        return super().has_permission(request) and is_passed(request, request.user)

    @method_decorator([never_cache, login_not_required])
    def login(self, request, extra_context=None):
        """Ask for account and password; who is in already goes to the desk."""
        from .views import SignIn

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = self.each_context(request) | {"title": _("Sign in"), "app_path": request.get_full_path()}
        return SignIn.as_view(extra_context=context | (extra_context or {}))(request)

    def password_change(self, request, extra_context=None):
        """Ask for the old password and a new one; wrong old ones are counted as at the sign-in."""
        from .views import ChangePassword

        request.current_app = self.name
        context = self.each_context(request) | (extra_context or {})
        return ChangePassword.as_view(extra_context=context)(request)
