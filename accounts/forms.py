"""Forms of signing in, and of making accounts."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.addresses import absolute
from record.cleaning import clean
from record.order import alphabetical
from record.rights import Role

from . import mail
from .lock import count_try
from .models import AccountEvent
from .second_factor import WrongCode

# How often a mail for a new password may be asked for one account.
ASKED_EVERY = timedelta(minutes=5)


class SignInForm(AdminAuthenticationForm):
    """Name and password. The answer to a wrong one is the same whatever was wrong, the lock included."""

    error_messages = {
        "invalid_login": _("Account and password do not match, or too many wrong passwords came before."),
        "inactive": _("Account and password do not match, or too many wrong passwords came before."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Account (mail address)")

    def confirm_login_allowed(self, user):
        """Refuse whoever is no staff in the words of a wrong password."""
        if not user.is_active or not user.is_staff:
            raise self.get_invalid_login_error()

    def get_invalid_login_error(self):
        return ValidationError(
            [
                self.error_messages["invalid_login"],
                ngettext(
                    "After %(tries)s wrong passwords one waits %(minutes)s minute.",
                    "After %(tries)s wrong passwords one waits %(minutes)s minutes.",
                    settings.SIGN_IN_LOCK_MINUTES,
                )
                % {"tries": settings.SIGN_IN_TRIES, "minutes": settings.SIGN_IN_LOCK_MINUTES},
            ]
        )


class CodeForm(forms.Form):
    """A code, looked at by a function that returns the device it is right for, or raises WrongCode."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=AdminTextInputWidget(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "aria-describedby": "code-help",
            }
        ),
    )

    def __init__(self, look, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.look = look
        self.device = None

    def clean_code(self):
        """Look at the code; refuse a wrong one with the seconds that the next has to wait."""
        code = self.cleaned_data["code"]
        try:
            self.device = self.look(code)
        except WrongCode as wrong:
            raise ValidationError(in_words(wrong.seconds)) from None
        return code


def in_words(seconds):
    """Return what is said of a wrong code."""
    said = gettext("This code is not right, or not any more.")
    if not seconds:
        return said
    wait = ngettext(
        "Wait %(seconds)s second before the next one.",
        "Wait %(seconds)s seconds before the next one.",
        seconds,
    )
    return f"{said} {wait % {'seconds': seconds}}"


class RoleForm(forms.Form):
    """Name, role and entities of an account."""

    name = forms.CharField(label=_("Name and surnames"), max_length=150, widget=AdminTextInputWidget)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (role.value, role.label) for role in (Role.FOCAL_POINT, Role.EDITOR, Role.PUBLISHER, Role.AUDITOR)
        ],
        widget=forms.RadioSelect,
    )
    entities = forms.ModelMultipleChoiceField(
        label=_("Entities"),
        queryset=Entity.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("Of a focal point only. Several: with the key Ctrl, or Cmd on a Mac."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entities"].queryset = Entity.objects.order_by(alphabetical())

    def clean_name(self):
        return clean(self.cleaned_data["name"])

    def clean(self):
        """Ask for entities of a focal point, and for none of anybody else."""
        data = super().clean()
        is_focal_point = data.get("role") == Role.FOCAL_POINT
        if "role" not in data or "entities" not in data:
            return data
        if is_focal_point and not data["entities"]:
            self.add_error("entities", _("A focal point has one entity at least."))
        if not is_focal_point and data["entities"]:
            self.add_error("entities", _("Only a focal point has entities."))
        return data


class InvitationForm(RoleForm):
    """What an account is made of."""

    email = forms.EmailField(
        label=_("Mail address"),
        max_length=150,
        help_text=_("The person signs in with it, and the invitation goes there."),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocapitalize": "none"}),
    )
    field_order = ["name", "email", "role", "entities"]

    def clean_email(self):
        """Refuse the address of an account that there is, ended ones included."""
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(Q(username__iexact=email) | Q(email__iexact=email)).exists():
            raise ValidationError(
                _("There is an account with this address. If it was ended, reactivate it."), code="taken"
            )
        return email


class ChangePasswordForm(AdminPasswordChangeForm):
    """The old password and a new one. Whoever found a session open may not try old ones without end."""

    def __init__(self, *args, address, **kwargs):
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_old_password(self):
        """Count a try as at the sign-in: behind the lock no password is looked at."""
        tried = count_try(self.user.get_username(), self.address, self.user)
        if tried.is_refused:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        old = super().clean_old_password()
        tried.delete()
        return old


class AskPasswordForm(PasswordResetForm):
    """Sends a link for a new password; takes as long and says the same where there is no such account."""

    def save(self, *, request, **kwargs):
        """Send what `admin/password_reset/` promises, to each account of the address that has a password."""
        for account in self.get_users(self.cleaned_data["email"]):
            latest = account.events.filter(act=AccountEvent.Act.ASK_PASSWORD).first()
            if not account.is_staff or (latest and latest.at > now() - ASKED_EVERY):
                continue
            AccountEvent.tell(AccountEvent.Act.ASK_PASSWORD, account)
            path = reverse(
                "accounts:password-reset-confirm",
                args=[
                    urlsafe_base64_encode(force_bytes(account.pk)),
                    default_token_generator.make_token(account),
                ],
            )
            context = {"account": account, "link": absolute(request, path)}
            mail.send_later(mail.message(account.email, "password", context))
