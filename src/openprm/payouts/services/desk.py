"""Telling the rooms that owe what became of their lines, and how long each partner has waited."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.payouts.models import Item, Owed
from openprm.payouts.queries.due import due_lines, sources
from openprm.payouts.queries.standing import Hold, facts_of, standing
from openprm.payouts.rules.netting import bundles
from openprm.payouts.rules.states import Pay
from openprm.promises import services as promises

PROMISE = "payouts.payout"


def tell_sources(what: str, items: Iterable[Item], *args: Any, at: datetime) -> None:
    """Say to each source what became of its lines: "taken", "released" or "paid"."""
    by_source: dict[str, list[UUID]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item.line_id)
    with system_scope():
        for source in sources():
            if lines := by_source.get(source.code):
                getattr(source, what)(lines, *args, at)


@transaction.atomic
def watch(*, partner_ids: Sequence[UUID] | None = None, at: datetime) -> None:
    """Keep the promise clocks: one for each partner and currency that has waited since its oldest approval.

    The clock rests while the partner itself must do something, and is kept once nothing older is owed. Safe to repeat.
    """
    oldest = _waiting_since(partner_ids, at)
    rows = Owed.objects.filter(ended_at=None)
    for row in (rows.filter(partner__in=partner_ids) if partner_ids is not None else rows).locked():
        since = oldest.get((row.partner_id, row.currency))
        if since is None or since > row.since:
            row.ended_at = at
            row.save(update_fields=["ended_at", "updated_at"])
            promises.keep(subject_id=row.pk, code=PROMISE, at=at)
        else:
            oldest.pop((row.partner_id, row.currency))
            _rest(row, at)
    for (partner_id, currency), since in oldest.items():
        row = Owed.objects.create(partner_id=partner_id, currency=currency, since=since)
        promises.start(actor=SYSTEM, code=PROMISE, subject=row, partner_id=partner_id, refs=(partner_id,), at=since)
        _rest(row, at)


def _waiting_since(partner_ids: Sequence[UUID] | None, at: datetime) -> dict[tuple[UUID, str], datetime]:
    """The oldest approval that is not paid yet, for balances above zero."""
    found = {(one.partner_id, one.currency): one.since for one in bundles(due_lines(partner_ids, at=at), at.date()) if one.total > 0}
    moving = Item.objects.filter(live=True).exclude(payout__state=Pay.COMPLETED)
    moving = moving.filter(partner__in=partner_ids) if partner_ids is not None else moving
    for partner_id, currency, since in moving.values_list("partner_id", "currency", "approved_at"):
        key = (partner_id, currency)
        found[key] = min(since, found.get(key, since))
    return found


PARTNERS_TURN = frozenset({"gate", "no_payee", "no_account", "tax_missing", "tax_expired", "invoice", "provider"})


def _rest(row: Owed, at: datetime) -> None:
    """Stop the clock while the partner must do something, and let it go on after."""
    found = standing(facts_of([row.partner_id], at), row.partner_id, Money(0, row.currency))
    if isinstance(found, Hold) and found.code in PARTNERS_TURN:
        promises.pause(subject_id=row.pk, code=PROMISE, at=at, reason=found.reason[:200])
    else:
        promises.resume(subject_id=row.pk, code=PROMISE, at=at)
