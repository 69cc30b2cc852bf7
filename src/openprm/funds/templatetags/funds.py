"""Small help for the templates of funds."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def may(actor: Any, permission: str) -> bool:
    """{% if actor|may:"funds.limit" %}"""
    return bool(actor and actor.can(permission))
