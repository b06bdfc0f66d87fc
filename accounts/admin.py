"""Accounts in the admin: a plain list for publishers and auditors, and a page for each with its acts.

Only a superuser changes an account in its form, which is Django's; publishers act (`acts.py`). No account is
deleted: leavers are ended.
"""

import django_otp.plugins.otp_static.admin  # noqa: F401 - so that what it registers can be taken out
import django_otp.plugins.otp_totp.admin  # noqa: F401
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Q
from django.urls import path
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from record.rights import Role, may_manage_accounts, may_read_accounts

from . import acts, lock
from .admin_views import act_pages, act_view, invite_view, link_of
from .models import AccountEvent, FailedSignIn, Invitation, MailSent
from .roles import roles_of
from .second_factor import with_device

# Django's own pages would give whoever has them every right; those of the devices show their keys.
admin.site.unregister([Group, User, StaticDevice, TOTPDevice])


class ReadByFew:
    """Pages that publishers and auditors read, and nobody writes."""

    def has_view_permission(self, request, obj=None):
        return may_read_accounts(request.user)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        """Let nobody ask by what is not shown, such as the keys of second factors."""
        names = [each if isinstance(each, str) else each.parameter_name for each in self.list_filter]
        return lookup.removesuffix("__exact") in names


@admin.register(Group)
class RolesAdmin(GroupAdmin):
    """Groups are the roles of accounts: a superuser's matter. Django's permissions are asked by nobody."""

    fields = ["name"]

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class SecondFactorFilter(admin.SimpleListFilter):
    title = _("second factor")
    parameter_name = "second_factor"

    def lookups(self, request, model_admin):
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request, queryset):
        return (
            queryset.filter(has_second_factor=self.value() == "1") if self.value() in ("0", "1") else queryset
        )


@admin.register(User)
class AccountAdmin(ReadByFew, UserAdmin):
    list_display = ["username", "full_name", "role", "entities", "last_sign_in", "second_factor", "active"]
    list_display_links = ["username"]
    list_filter = [RoleFilter, SecondFactorFilter, "is_active"]
    search_fields = ["username", "email", "first_name", "last_name"]
    ordering = ["-is_active", "username"]
    list_per_page = 50
    actions = None
    change_list_template = "accounts/accounts.html"
    change_form_template = "accounts/account.html"
    # Django's own, without its permissions: nobody asks them, and their names are in English only.
    fieldsets = [
        (title, options | {"fields": [name for name in options["fields"] if name != "user_permissions"]})
        for title, options in UserAdmin.fieldsets
    ]
    filter_horizontal = ["groups"]
    fieldsets_of_readers = [
        (None, {"fields": ["full_name", "email", "role", "entities", "active"]}),
        (_("Signing in"), {"fields": ["last_sign_in", "second_factor", "locks", "invited"]}),
        (_("What was done with it"), {"fields": ["events_told"]}),
    ]
    fields_of_readers = (
        *("full_name", "email", "role", "entities", "active", "last_sign_in", "second_factor"),
        *("locks", "invited", "events_told"),
    )

    # Who may what.

    def has_add_permission(self, request):
        return may_manage_accounts(request.user)

    def has_change_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    def get_urls(self):
        acting = self.admin_site.admin_view(self.act)
        return [
            path("<int:number>/act/<slug:act>/", acting, name="auth_user_act"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Make an account by one form, an invitation; Django's own would make one with any right."""
        return invite_view(request)

    def act(self, request, number, act):
        return act_view(request, number, act)

    # What is shown.

    def changelist_view(self, request, extra_context=None):
        """Call the list what the way to it is called; the stock has it ask for a user to be chosen."""
        return super().changelist_view(request, (extra_context or {}) | {"title": _("Accounts")})

    def get_queryset(self, request):
        rows = with_device(super().get_queryset(request))
        return rows.prefetch_related("groups", "memberships__entity").select_related("invitation__by")

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return [*super().get_fieldsets(request, obj), *self.fieldsets_of_readers[1:]]
        return self.fieldsets_of_readers

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Name the groups as the roles that they are."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            names = dict(Role.choices)
            field.label_from_instance = lambda group: names.get(group.name, group.name)
        return field

    def get_readonly_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return (
                "last_sign_in",
                "second_factor",
                "locks",
                "invited",
                "events_told",
                "last_login",
                "date_joined",
            )
        return self.fields_of_readers

    def change_view(self, request, object_id, form_url="", extra_context=None):
        account = self.get_object(request, unquote(object_id))
        offered = []
        if account and acts.may_act_on(request.user, account):
            offered = [(name, act_pages()[name].button) for name in ["change", *acts.state_of(account)]]
        link = None
        invitation = getattr(account, "invitation", None)
        if offered and invitation and invitation.is_open and invitation.sent_at is None:
            link = link_of(request, invitation)
        extra = {"offered": offered, "account": account, "invitation_link": link}
        if account:
            extra |= {"title": account.username, "subtitle": account.get_full_name()}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | extra)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        with override(settings.LANGUAGE_CODE):
            names = [str(form.fields[name].label) for name in form.changed_data]
            AccountEvent.tell(AccountEvent.Act.CHANGE, obj, request.user, ", ".join(names))

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, account):
        return account.get_full_name() or "–"

    @admin.display(description=_("role"))
    def role(self, account):
        if account.is_superuser:
            return _("Superuser")
        return ", ".join(str(role.label) for role in roles_of(account)) or "–"

    @admin.display(description=_("entities"))
    def entities(self, account):
        names = [str(each.entity.acronym or each.entity) for each in account.memberships.all()]
        return ", ".join(sorted(names)) or "–"

    @admin.display(description=_("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, account):
        return account.has_second_factor

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_sign_in(self, account):
        return moment(account.last_login) if account.last_login else "–"

    @admin.display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, account):
        return account.is_active

    @admin.display(description=_("locked"))
    def locks(self, account):
        said = [
            _("%(address)s until %(time)s")
            % {"address": address, "time": date_format(localtime(until), "H:i")}
            for address, until in lock.locks_of(account)
        ]
        return "; ".join(said) or _("No")

    @admin.display(description=_("invitation"))
    def invited(self, account):
        return state_of(getattr(account, "invitation", None))

    @admin.display(description=_("events"))
    def events_told(self, account):
        lines = account.events.select_related("by")[:30]
        told = [(moment(each.at), each.get_act_display(), str(each.by or "–"), each.note) for each in lines]
        return format_html_join("", "<p>{}</p>", ((" · ".join(filter(None, each)),) for each in told)) or "–"


def moment(at):
    """Return a moment as people write it."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def state_of(invitation):
    """Return what became of an invitation, in words."""
    if invitation is None:
        return "–"
    if invitation.used_at:
        return _("Accepted on %(day)s") % {"day": moment(invitation.used_at)}
    if not invitation.is_open:
        return _("Run out")
    return _("Open until %(day)s") % {"day": moment(invitation.expires_at)}


class OpenFilter(admin.SimpleListFilter):
    """Open ones first of all: that is what the list is for."""

    title = _("state")
    parameter_name = "state"
    CONDITIONS = {
        "open": lambda: Q(used_at=None, expires_at__gt=now(), account__is_active=True),
        "run_out": lambda: Q(used_at=None) & (Q(expires_at__lte=now()) | Q(account__is_active=False)),
        "accepted": lambda: Q(used_at__isnull=False),
    }

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("run_out", _("Run out")), ("accepted", _("Accepted"))]

    def queryset(self, request, queryset):
        condition = self.CONDITIONS.get(self.value())
        return queryset.filter(condition()) if condition else queryset


@admin.register(Invitation)
class InvitationAdmin(ReadByFew, admin.ModelAdmin):
    list_display = ["account", "by", "made_at", "sent_at", "state"]
    list_select_related = ["account", "by"]
    list_filter = [OpenFilter]
    search_fields = ["account__username", "account__first_name"]
    fields = ["account", "by", "made_at", "sent_at", "expires_at", "used_at"]
    list_per_page = 50

    @admin.display(description=_("state"))
    def state(self, invitation):
        return state_of(invitation)


@admin.register(AccountEvent)
class AccountEventAdmin(ReadByFew, admin.ModelAdmin):
    list_display = ["at", "act", "account", "by", "note"]
    list_select_related = ["account", "by"]
    list_filter = ["act"]
    search_fields = ["account__username", "by__username"]
    fields = ["at", "act", "account", "by", "note"]
    list_per_page = 50


@admin.register(FailedSignIn)
class FailedSignInAdmin(ReadByFew, admin.ModelAdmin):
    list_display = ["at", "account", "address", "step", "is_refused", "released_at"]
    list_select_related = ["account"]
    list_filter = ["step", "is_refused"]
    search_fields = ["account__username", "address"]
    fields = ["at", "account", "address", "step", "is_refused", "released_at"]
    list_per_page = 50


@admin.register(MailSent)
class MailSentAdmin(ReadByFew, admin.ModelAdmin):
    list_display = ["at", "user", "kind", "what", "on", "state"]
    list_select_related = ["user"]
    list_filter = ["kind", "state"]
    search_fields = ["user__username", "what"]
    fields = ["at", "user", "kind", "what", "on", "state"]
    list_per_page = 50
