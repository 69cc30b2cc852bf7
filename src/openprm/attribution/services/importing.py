"""Touches out of files: the vendor's own systems tell them, so they are verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.models import Claim, Touch
from openprm.attribution.queries.imported import import_key
from openprm.attribution.rules.words import Kind, Source
from openprm.attribution.services.unit import add_touch, choice, ids, past, words
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRow:
    partner_id: UUID
    account_id: UUID
    kind: str
    occurred_on: date
    summary: str = ""
    external_id: str = ""


def import_touches(*, actor: Actor, rows: Sequence[TouchRow], source: str, at: datetime) -> list[UUID]:
    """Write touches of one source down, in their order. Raises NotAllowed, Invalid, KnownTouch."""
    refuse_if(policies.why_not_import(actor))
    made = []
    for one in rows:
        key = import_key(source, one.external_id) if one.external_id else _same(one)
        row = add_touch(
            partner_id=one.partner_id, account_id=one.account_id, kind=choice("kind", one.kind, Kind), source=Source.IMPORT, source_key=key,
            summary=words("summary", one.summary, most=300, required=False), occurred_at=past("occurred_date", one.occurred_on, at), recorded_at=at,
            verified_at=at,
        )  # fmt: skip
        audit.record(actor, "attribution.touch_imported", row, refs=ids((one.partner_id, one.account_id)), visible_to=(one.partner_id,), at=at)
        made.append(row.pk)
    return made


def _same(one: TouchRow) -> str:
    """What a touch without an id is known by: all that it says."""
    return sha256(f"{one.partner_id}|{one.account_id}|{one.kind}|{one.occurred_on}|{one.summary}".encode()).hexdigest()


def take_back(*, actor: Actor, touch_ids: Sequence[UUID], at: datetime) -> None:
    """Strike what an import brought. Raises NotAllowed."""
    refuse_if(policies.why_not_import(actor))
    for row in Touch.objects.filter(pk__in=list(touch_ids), source=Source.IMPORT, struck_at=None).locked():
        before = row.snapshot()
        row.struck_at, row.struck_reason = at, _("The import that brought it was taken back.")
        row.save(update_fields=("struck_at", "struck_reason", "updated_at"))
        audit.record(actor, "attribution.touch_struck", row, before=before, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)


def move_to_account(*, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
    """Hang touches on the account that another was merged into. In the system's scope."""
    Touch.objects.filter(pk__in=list(ids)).update(account_id=to_account_id, moved_at=at, updated_at=at)


def move_claims_to_account(*, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
    """The same for claims. In the system's scope."""
    Claim.objects.filter(pk__in=list(ids)).update(account_id=to_account_id, updated_at=at)
