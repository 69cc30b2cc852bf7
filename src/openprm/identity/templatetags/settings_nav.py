"""`{% load settings_nav %}{% settings_nav %}`: the settings pages of this workspace beside the one that is open."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from openprm.kernel.registry import SettingsPage, registry

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    label: Any
    url: str
    icon: str
    current: bool


@register.inclusion_tag("identity/_settings_nav.html", takes_context=True)
def settings_nav(context) -> dict[str, list[Entry]]:
    request = context["request"]
    workspace = "partner" if request.actor.is_partner else "vendor"
    pages = [(page, reverse(page.url_name)) for page in registry.settings_pages(request.actor, workspace)]
    return {"entries": [Entry(page.label, url, page.icon, _is_here(request.path, page, url)) for page, url in pages]}


def _is_here(path: str, page: SettingsPage, url: str) -> bool:
    """The library's own pages (/auth/...) all belong to "Signing in"."""
    return path == url or (path.startswith("/auth/") and page.url_name.endswith("sessions"))
