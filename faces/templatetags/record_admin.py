"""What templates of the admin ask."""

from django import template

from faces.admin import FOCAL_POINT_BOUNDS
from record.rights import is_focal_point, name_of_account

register = template.Library()


@register.simple_tag
def focal_point_bounds(user):
    """Return the sentences that say what a focal point may do; '' for other users."""
    return FOCAL_POINT_BOUNDS if is_focal_point(user) else ""


@register.filter
def named_to(told, reader):
    """Return the name of whoever did something, as a reader may know it."""
    return name_of_account(told, reader)
