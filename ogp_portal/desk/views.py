"""The start page of the admin: what is pressing for whoever signed in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts import mail
from entities.models import Entity
from plans.models import Plan
from record.dates import today
from record.rights import Role, entities_of, may, may_publish, role_of, visible_to

from . import making, office, plans, reporting


def desk(request):
    """Show the desk of the role of who signed in; below it the whole record, as far as he may see it."""
    user, on = request.user, today()
    role = role_of(user)
    context = {"title": _("My desk"), "role": role and role.name, "sections": sections(user, role, on)}
    if may(user, "add", Plan):
        context["start_plan"] = plans.address_of_start()
    if role is Role.FOCAL_POINT:
        rows = visible_to(user, Entity.objects.filter(pk__in=entities_of(user)))
        context["entities"] = list(rows.in_reading_order())
    if role in (Role.PUBLISHER, Role.EDITOR):
        context["proposals"] = office.open_proposals(user)
    if may_publish(user):
        context["is_without_mail"] = not mail.is_set_up()
    return admin.site.index(request, context)


def sections(user, role, on):
    """Return the Sections of the desk of a role; none of an account without one, or without an entity."""
    match role:
        case Role.PUBLISHER | Role.EDITOR:
            return office.sections(user, on)
        case Role.AUDITOR:
            plans_made = making.section(user)
            return [office.last_changes(user), *([plans_made] if plans_made.total else [])]
        case Role.FOCAL_POINT if entities_of(user):
            return reporting.sections(user, on)
    return []
