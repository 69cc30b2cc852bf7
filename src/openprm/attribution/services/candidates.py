"""Which touches stand before which deals, found by the database: one question for many deals, and which deals a change concerns."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from openprm.attribution.rules.journeys import Deal, Touch, moment_of
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
select deal::text, json_agg(json_build_array(
    id, partner_id, kind, (extract(epoch from occurred_at) * 1000000)::bigint, verified_at is not null and verified_at <= %(at)s,
    (extract(epoch from claimed_at) * 1000000)::bigint))::text
  from found group by deal
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
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, asked)
        found = dict(cursor.fetchall())
    partners: dict[str, UUID] = {}
    return [(deal, [_touch(told, partners) for told in json.loads(found.get(str(deal.id), "[]"))]) for deal in deals]


def _touch(told: list[Any], partners: dict[str, UUID]) -> Touch:
    """A touch as the database writes it: a text for each deal is read many times faster than a row for each touch."""
    key, partner, kind, occurred, is_verified, claimed = told
    partner_id = partners.get(partner) or partners.setdefault(partner, UUID(partner))
    claimed_at = None if claimed is None else moment_of(claimed)
    return Touch(id=UUID(key), partner_id=partner_id, kind=kind, occurred_at=moment_of(occurred), is_verified=is_verified, claimed_at=claimed_at)


def moved_since(run_id: UUID, since: datetime) -> set[UUID]:
    """The deals of a run before which a touch was recorded, struck, verified or moved since then. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"run": run_id, "since": since})
        return {deal_id for (deal_id,) in cursor.fetchall()}
