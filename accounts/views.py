"""From the password to the desk: code, set-up of the second factor, invitation, forgotten password."""

from functools import wraps
from urllib.parse import unquote, urlsplit

from django.contrib import admin, messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_static.models import StaticDevice

from faces.limits import client_of

from . import acts, lock, mail, second_factor
from .forms import AskPasswordForm, ChangePasswordForm, CodeForm, SignInForm
from .models import AccountEvent, FailedSignIn, Invitation

Act = AccountEvent.Act
# Where the codes stay that were just made, until whoever made them has kept them.
NEW_CODES = "recovery_codes"


def page(request, template, title, *, status=200, **context):
    """Answer with a page that looks like the admin."""
    whole = admin.site.each_context(request) | {"title": title} | context
    return TemplateResponse(request, f"accounts/{template}.html", whole, status=status)


# The password.


class SignIn(auth_views.LoginView):
    """The first step of signing in. Whoever asks for a page that there is not stands on the desk."""

    template_name = "admin/login.html"
    authentication_form = SignInForm

    def get_default_redirect_url(self):
        return reverse("admin:index")

    def get_redirect_url(self):
        """Return the page asked for, if it is one of ours; else ''."""
        address = super().get_redirect_url()
        return address if leads_somewhere(address) else ""

    def form_valid(self, form):
        user = form.get_user()
        return go_on(self.request, user, self.get_success_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"offers_mail": mail.is_set_up()}


class ChangePassword(auth_views.PasswordChangeView):
    """Where whoever is in chooses another password."""

    form_class = ChangePasswordForm
    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"address": client_of(self.request.META)}


def leads_somewhere(address):
    """Tell whether there is a page at an address of ours, as far as the address itself tells."""
    path = unquote(urlsplit(address).path)
    prefix = get_script_prefix()
    if not path.startswith(prefix):
        return False
    try:
        found = resolve("/" + path.removeprefix(prefix))
    except Resolver404:
        return False
    # What the admin keeps for addresses that it does not know, and its end.
    return getattr(found.func, "__name__", "") != "catch_all_view" and found.view_name != "admin:logout"


def go_on(request, user, next_page):
    """Lead a user whose password is right to the page that he wanted, or to his second factor."""
    if not second_factor.begin(request, user, next_page):
        return HttpResponseRedirect(next_page)
    return redirect("accounts:code" if second_factor.has_device(user) else "accounts:set-up")


# The second factor.


def of_pending(view):
    """Let a view be asked only by whoever gave his password and not his code; lead all others to sign in."""

    @wraps(view)
    @never_cache
    @sensitive_post_parameters("code")
    def checked(request):
        user = second_factor.pending(request)
        return view(request, user) if user else redirect("admin:login")

    return checked


@of_pending
def code(request, user):
    """Ask for a code of the application, or a recovery code."""
    if not second_factor.has_device(user):
        return redirect("accounts:set-up")
    form = CodeForm(lambda text: look_at(request, user, text), request.POST or None)
    if not form.is_valid():
        return page(request, "code", _("Code of your application"), form=form, account=user)
    next_page = second_factor.finish(request, user, form.device)
    left = second_factor.recovery_codes_left(user)
    if isinstance(form.device, StaticDevice):
        AccountEvent.tell(Act.RECOVERY_CODE, user, user)
        said = ngettext(
            "You have %(left)s recovery code left.", "You have %(left)s recovery codes left.", left
        )
        messages.warning(request, said % {"left": left})
    return HttpResponseRedirect(next_page)


def look_at(request, user, text):
    """Return the device that a code is right for; keep a wrong one as a failure, and raise WrongCode."""
    try:
        return second_factor.verify(user, text)
    except second_factor.WrongCode:
        address = client_of(request.META)
        FailedSignIn.objects.create(
            key=lock.key_of(user.get_username(), address),
            address=address,
            account=user,
            step=FailedSignIn.Step.CODE,
        )
        raise


@of_pending
def set_up(request, user):
    """Set up an application: its key as a picture and in letters, confirmed by a code of it."""
    if second_factor.has_device(user):
        return redirect("accounts:code")
    device = second_factor.new_device(request, user)
    form = CodeForm(lambda text: second_factor.confirm(user, device, text), request.POST or None)
    if not form.is_valid():
        shown = {"picture": second_factor.picture_of(device), "key": second_factor.key_in_words(device)}
        return page(request, "set_up", _("Set up your second factor"), form=form, account=user, **shown)
    codes = second_factor.make_recovery_codes(user)
    next_page = second_factor.finish(request, user, form.device)
    AccountEvent.tell(Act.SECOND_FACTOR, user, user)
    request.session[NEW_CODES] = {"codes": codes, "next": next_page}
    return redirect("accounts:recovery-codes")


def recovery_codes(request):
    """Show the recovery codes that were just made, until they are kept; `?file` as a file of text."""
    made = request.session.get(NEW_CODES)
    if not made:
        return redirect("accounts:own")
    if request.method == "POST":
        del request.session[NEW_CODES]
        return HttpResponseRedirect(made["next"])
    if "file" in request.GET:
        lines = [_("Recovery codes of %(account)s, each for one use:") % {"account": request.user}, ""]
        answer = HttpResponse(
            "\n".join([*lines, *made["codes"], ""]), content_type="text/plain; charset=utf-8"
        )
        answer.headers["Content-Disposition"] = 'attachment; filename="codigos-de-recuperacion.txt"'
        return answer
    return page(request, "recovery_codes", _("Your recovery codes"), codes=made["codes"])


def own(request):
    """Show one's own second factor; make new recovery codes for whoever gives a code of his application."""
    user = request.user
    has_device = second_factor.has_device(user)
    form = CodeForm(lambda text: look_at(request, user, text), request.POST or None) if has_device else None
    if form and form.is_valid():
        codes = second_factor.make_recovery_codes(user)
        AccountEvent.tell(Act.NEW_CODES, user, user)
        request.session[NEW_CODES] = {"codes": codes, "next": reverse("accounts:own")}
        return redirect("accounts:recovery-codes")
    left = second_factor.recovery_codes_left(user)
    return page(request, "own", _("Your second factor"), form=form, left=left)


# The first password, and a forgotten one.


@never_cache
@sensitive_post_parameters()
def invitation(request, token):
    """Let whoever was invited set his password, and go on to his second factor."""
    found = Invitation.by_token(token)
    if found is None:
        return page(request, "invitation", _("This link does not lead in any more"), status=410)
    form = SetPasswordForm(found.account, request.POST or None)
    if not form.is_valid():
        return page(request, "invitation", _("Choose your password"), form=form, account=found.account)
    if not acts.accept(found, form.cleaned_data["new_password1"]):
        return redirect(request.path)
    return go_on(request, found.account, reverse("admin:index"))


class OnlyWithMail:
    """A page that there is only where the portal can send mail."""

    def dispatch(self, request, *args, **kwargs):
        if not mail.is_set_up():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


class AskPassword(OnlyWithMail, auth_views.PasswordResetView):
    form_class = AskPasswordForm
    template_name = "accounts/ask_password.html"
    title = gettext_lazy("Password forgotten?")
    success_url = reverse_lazy("accounts:password-reset-done")

    def form_valid(self, form):
        form.save(request=self.request)
        return HttpResponseRedirect(self.get_success_url())


class AskedPassword(OnlyWithMail, auth_views.PasswordResetDoneView):
    pass


@method_decorator(sensitive_post_parameters(), name="dispatch")
class NewPassword(OnlyWithMail, auth_views.PasswordResetConfirmView):
    template_name = "accounts/new_password.html"
    title = gettext_lazy("Choose your password")
    success_url = reverse_lazy("accounts:password-reset-complete")

    def form_valid(self, form):
        AccountEvent.tell(Act.RESET_PASSWORD, form.user)
        return super().form_valid(form)


class NewPasswordSet(OnlyWithMail, auth_views.PasswordResetCompleteView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"login_url": reverse("admin:login")}
