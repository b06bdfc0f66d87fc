"""What templates of the admin ask."""

from django import template

from faces.admin import FOCAL_POINT_BOUNDS
from record.rights import is_focal_point

register = template.Library()


@register.simple_tag
def focal_point_bounds(user):
    """Return the sentences that say what a focal point may do; '' for other users."""
    return FOCAL_POINT_BOUNDS if is_focal_point(user) else ""
