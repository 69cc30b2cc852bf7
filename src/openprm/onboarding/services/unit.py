"""What every use case here shares: texts that were checked, writes as the system, the record, the news."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale
from openprm.kernel.models import Model
from openprm.kernel.scope import current_actor, scope


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's database role may not do itself, after its policy has allowed them. All or nothing."""
    running = current_actor()
    return transaction.atomic() if actor.sees_all_partners and running and running.sees_all_partners else scope(SYSTEM)


def line(field: str, value: Any, *, longest: int, required: bool = True) -> str:
    """One line of printable text. Raises Invalid naming the field."""
    return _checked(field, " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split()), longest, required)


def text(field: str, value: Any, *, longest: int, required: bool = True) -> str:
    """Several lines of printable text. Raises Invalid naming the field."""
    return _checked(field, "".join(sign for sign in str(value or "").replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t").strip(), longest, required)


def _checked(field: str, clean: str, longest: int, required: bool) -> str:
    if required and not clean:
        raise Invalid(_("Write something first."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(longest)d characters. Shorten it.") % {"longest": longest}, field=field)
    return clean


def check_version(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale()


def record(
    actor: Actor,
    verb: str,
    subject: Model,
    *,
    partner_id: UUID,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    refs: tuple[UUID, ...] = (),
    shared: bool = True,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """One audit event on the timelines of the subject and of the partner."""
    audit.record(
        actor, verb, subject, before=before, after=after, refs=(subject.pk, partner_id, *refs), visible_to=(partner_id,) if shared else (),
        note=note, data=data, at=at,
    )  # fmt: skip
