"""Words of the compliance room for templates."""

from django import template

register = template.Library()


@register.filter
def may(actor, permission: str) -> bool:
    """Whether this person holds a permission: {% if actor|may:"compliance.review" %}."""
    return actor.can(permission)
