"""What every use case of plans shares: load it, save it, clean text, and speak to the rulebook."""

import unicodedata
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.incentives import policies
from openprm.incentives.models import Plan
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Stale


def load(actor: Actor, plan_id: UUID, version: int | None = None) -> Plan:
    """The plan, locked. Raises NotFound, and Stale when it is not the version the person saw."""
    plan = policies.reach(actor).locked().one(plan_id)
    if version is not None and version != plan.version:
        raise Stale()
    return plan


def save(plan: Plan, *fields: str) -> None:
    plan.version += 1
    plan.save(update_fields=[*fields, "version", "updated_at"])


def for_rulebook(actor: Actor) -> Actor:
    """The same person, allowed to keep plans in the rulebook: finance writes plans without writing any other rules."""
    return actor if actor.is_system else replace(actor, roles=frozenset({"vendor_admin"}), token_scopes=None)


def text(field: str, value: Any, *, longest: int, required: bool = True) -> str:
    """One line without control signs, trimmed and capped. Raises Invalid naming the field."""
    clean = " ".join("".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in str(value or "")).split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Any) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, allowed))}, field=field)
    return str(value)
