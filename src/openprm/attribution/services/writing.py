"""The rows of a run: what was computed is written down, what stands as it was is copied by the database."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, Sum

from openprm.attribution.models import Credit, LateTouch, Result
from openprm.attribution.queries.reading import told_of
from openprm.attribution.rules import canonical, journeys
from openprm.attribution.rules.journeys import Settled
from openprm.attribution.rules.words import Outcome
from openprm.attribution.services.computing import FACTS
from openprm.attribution.services.unit import in_batches
from openprm.deals import queries as deals
from openprm.deals.queries import DecidedDeal
from openprm.kernel.batches import insert_all
from openprm.kernel.ids import new_id

BATCH = 500
FRESH = {"id": "uuidv7()", "run_id": "%(new)s", "created_at": "now()", "updated_at": "now()"}
NOT_KEPT = "not (r.deal_id = any(%(left_out)s::uuid[]))"


def write(run_id: UUID, facts: Iterable[DecidedDeal], settled: Iterable[Settled]) -> None:
    """Deals with their parts and their late touches, in pieces."""
    known = {one.id: one for one in facts}
    for batch in in_batches(settled, BATCH):
        results = [_result(run_id, known[one.deal.id], one) for one in batch]
        place = {row["deal_id"]: row["id"] for row in results}
        insert_all(Result, results)
        insert_all(Credit, [_about(known[one.deal.id]) | _credit(run_id, place[one.deal.id], part) for one in batch for part in one.parts])
        insert_all(LateTouch, [_about(known[one.deal.id]) | _late(run_id, place[one.deal.id], judged) for one in batch for judged in one.late])


def copy(*, old: UUID, new: UUID, left_out: Sequence[UUID]) -> None:
    """Every deal of an earlier run but those, with its parts and late touches. Three statements, whatever the number of deals."""
    asked = {"old": old, "new": new, "left_out": list(left_out)}
    with connection.cursor() as cursor:
        cursor.execute(_copied(Result, f"from attribution_result r where r.run_id = %(old)s and {NOT_KEPT}", {}), asked)
        for model in (Credit, LateTouch):
            source = (
                f"from {model._meta.db_table} r join attribution_result n on n.run_id = %(new)s and n.deal_id = r.deal_id"
                f" where r.run_id = %(old)s and {NOT_KEPT}"
            )
            cursor.execute(_copied(model, source, {"result_id": "n.id"}), asked)


def _copied(model: Any, source: str, fresh: dict[str, str]) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    given = ", ".join({**FRESH, **fresh}.get(column, f"r.{column}") for column in columns)
    return f"insert into {model._meta.db_table} ({', '.join(columns)}) select {given} {source}"


def sha256_of(run_id: UUID) -> str:
    """The hash of the file of a run, read line by line."""
    found = hashlib.sha256()
    for line in lines_of(run_id):
        found.update(line)
    return found.hexdigest()


def lines_of(run_id: UUID) -> Iterable[bytes]:
    """The file of a run: a line for every deal in the order of closing."""
    rows = Result.objects.filter(run=run_id).order_by("closed_at", "deal_id").values_list("line", flat=True)
    return (f"{line}\n".encode() for line in rows.iterator(chunk_size=2000))


def sums_of(run_id: UUID) -> dict[str, int]:
    """How many deals were won and what they were worth, by outcome, and how many touches came late. Two queries."""
    named = {f"{one}_count": Count("pk", filter=Q(outcome=one)) for one in Outcome} | {
        f"{one}_minor": Sum("base_minor", filter=Q(outcome=one)) for one in Outcome
    }
    found = Result.objects.filter(run=run_id, is_won=True).order_by().aggregate(deal_count=Count("pk"), **named)
    return {name: value or 0 for name, value in found.items()} | {"late_count": LateTouch.objects.filter(run=run_id).count()}


def _result(run_id: UUID, deal: DecidedDeal, one: Settled) -> dict[str, Any]:
    return {name: getattr(deal, name) for name in FACTS} | {
        "id": new_id(), "run_id": run_id, "deal_id": deal.id, "customer": deal.customer[:200], "amount_minor": deal.amount.minor,
        "currency": deal.amount.currency, "base_minor": deal.base.minor, "outcome": str(one.outcome),
        "touch_ids": [judged.touch.id for judged in one.judged], "judged": [told_of(judged) for judged in one.judged],
        "line": canonical.line(one).decode(),
    }  # fmt: skip


def _about(deal: DecidedDeal) -> dict[str, Any]:
    return {
        "kind": deal.kind, "deal_id": deal.id, "number": deal.number, "customer": deal.customer[:200], "account_id": deal.account_id,
        "closed_at": deal.closed_at,
    }  # fmt: skip


def _credit(run_id: UUID, result_id: UUID, part: journeys.Part) -> dict[str, Any]:
    return {
        "run_id": run_id, "result_id": result_id, "partner_id": part.partner_id, "outcome": str(part.outcome), "basis_points": part.points,
        "credit_minor": part.minor, "currency": deals.base_currency(), "evidence": [told_of(judged) for judged in part.evidence],
    }  # fmt: skip


def _late(run_id: UUID, result_id: UUID, judged: journeys.Judged) -> dict[str, Any]:
    return {"run_id": run_id, "result_id": result_id, "partner_id": judged.touch.partner_id, "touch_id": judged.touch.id}
