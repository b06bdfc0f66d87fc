from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Log of accounts")

    def ready(self):
        from .lock import forget

        # Its users are the accounts; permissions and groups nobody edits here.
        apps.get_app_config("auth").verbose_name = _("Accounts")
        user_logged_in.connect(forget, dispatch_uid="accounts.lock")


class PortalAdminConfig(AdminConfig):
    """Django's admin behind our sign-in."""

    default_site = "accounts.site.PortalAdminSite"
