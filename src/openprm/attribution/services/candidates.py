"""Which touches stand before which deals, found by the database: one question for many deals, and which deals a change concerns."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from openprm.attribution.rules.journeys import Deal, Touch
from openprm.attribution.rules.words import DealKind

BEFORE = """
with d as materialized (
  select * from unnest(%(ids)s::uuid[], %(accounts)s::uuid[], %(closed)s::timestamptz[], %(own)s::boolean[]) as d(id, account_id, closed_at, is_own)
), known as not materialized (
  select id, partner_id, account_id, about, via, kind, occurred_at, verified_at, claimed_at
    from attribution_touch where recorded_at <= %(at)s and (struck_at is null or struck_at > %(at)s)
), found as (
  select d.id as deal, t.* from d join known t on t.about = d.id and t.occurred_at <= d.closed_at
  union
  select d.id, t.* from d join known t on t.account_id = d.account_id and t.occurred_at between d.closed_at - %(window)s and d.closed_at
   where t.about is null or d.is_own
  union
  select d.id, t.* from d join known v on v.about = d.id and v.via is not null
    join known t on t.via = v.via and t.about is null and t.occurred_at <= d.closed_at
)
select deal, id, partner_id, account_id, about, kind, occurred_at, verified_at is not null and verified_at <= %(at)s, claimed_at from found
"""
MOVED = """
with changed as materialized (
  select about, account_id, via from attribution_touch where greatest(recorded_at, struck_at, verified_at, moved_at) > %(since)s
), led as materialized (
  select v.about from attribution_touch v where v.about is not null and v.via in (select via from changed where via is not null)
)
select r.deal_id from attribution_result r where r.run_id = %(run)s and (
  r.deal_id in (select about from changed where about is not null union all select about from led)
  or r.account_id in (select account_id from changed where account_id is not null))
"""


def before(deals: Sequence[Deal], window_days: int, at: datetime) -> list[tuple[Deal, list[Touch]]]:
    """Each deal with the touches that stand before it, as they are known at `at`. One query.

    A registration takes what was done for it and what was done at its customer for no deal in particular; the vendor's own
    opportunity takes all that happened at its customer; both take what led to the lead that they came from.
    """
    asked = {
        "ids": [deal.id for deal in deals], "accounts": [deal.account_id for deal in deals], "closed": [deal.closed_at for deal in deals],
        "own": [deal.kind == DealKind.OPPORTUNITY for deal in deals], "window": timedelta(days=window_days), "at": at,
    }  # fmt: skip
    found: dict[UUID, list[Touch]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, asked)
        for deal, touch, partner, account, about, kind, occurred, verified, claimed in cursor.fetchall():
            found[deal].append(
                Touch(id=touch, partner_id=partner, account_id=account, about=about, kind=kind, occurred_at=occurred, is_verified=verified, claimed_at=claimed)
            )
    return [(deal, found[deal.id]) for deal in deals]


def moved_since(run_id: UUID, since: datetime) -> set[UUID]:
    """The deals of a run before which a touch was recorded, struck, verified or moved since then. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"run": run_id, "since": since})
        return {deal_id for (deal_id,) in cursor.fetchall()}
