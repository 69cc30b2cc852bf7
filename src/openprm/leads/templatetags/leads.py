"""Small help for the templates of leads."""

from typing import Any

from django import template

from openprm.kernel.countries import country_name

register = template.Library()


@register.filter
def may(actor: Any, permission: str) -> bool:
    """{% if actor|may:"leads.refer" %}"""
    return bool(actor and actor.can(permission))


@register.filter
def country(code: str) -> str:
    return country_name(code) if code else ""
