"""The rows of a run: what was computed is written down, what stands as it was is copied by the database."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
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
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id

BATCH = 500
Values = dict[str, Any]
FRESH = {"id": "uuidv7()", "run_id": "%(new)s", "created_at": "now()", "updated_at": "now()"}
NOT_KEPT = "not (r.deal_id = any(%(left_out)s::uuid[]))"


def write(run_id: UUID, facts: Iterable[DecidedDeal], settled: Iterable[Settled]) -> None:
    """Deals with their parts and their late touches, in pieces."""
    known = {one.id: one for one in facts}
    currency, moment = deals.base_currency(), now()
    for batch in in_batches(settled, BATCH):
        rows = [_rows(run_id, known[one.deal.id], one, currency, moment) for one in batch]
        insert_all(Result, [result for result, _credits, _late in rows])
        insert_all(Credit, [credit for _result, credits, _late in rows for credit in credits])
        insert_all(LateTouch, [late for _result, _credits, late_ones in rows for late in late_ones])


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


def _rows(run_id: UUID, deal: DecidedDeal, one: Settled, currency: str, moment: datetime) -> tuple[Values, list[Values], list[Values]]:
    """A deal, its parts and its late touches. What many rows share is spelled once: spelling ids is most of the work of writing."""
    told = {id(judged): told_of(judged) for judged in one.judged}
    result_id, stamp = str(new_id()), str(moment)
    common = {"run_id": str(run_id), "created_at": stamp, "updated_at": stamp, "kind": deal.kind, "number": deal.number, "customer": deal.customer[:200]}
    common |= {"deal_id": str(deal.id), "account_id": deal.account_id and str(deal.account_id), "closed_at": str(deal.closed_at)}
    result = {name: getattr(deal, name) for name in FACTS} | common | {
        "id": result_id, "amount_minor": deal.amount.minor, "currency": deal.amount.currency, "base_minor": deal.base.minor, "outcome": str(one.outcome),
        "touch_ids": [touch["touch"] for touch in told.values()], "judged": list(told.values()), "line": canonical.line(one).decode(),
    }  # fmt: skip
    common |= {"result_id": result_id}
    return result, [common | _credit(part, told, currency) for part in one.parts], [common | _late(judged) for judged in one.late]


def _credit(part: journeys.Part, told: dict[int, Values], currency: str) -> Values:
    evidence = [told[id(judged)] for judged in part.evidence]
    return {
        "id": str(new_id()), "partner_id": evidence[0]["partner"], "outcome": str(part.outcome), "basis_points": part.points, "credit_minor": part.minor,
        "currency": currency, "evidence": evidence,
    }  # fmt: skip


def _late(judged: journeys.Judged) -> Values:
    return {"id": str(new_id()), "partner_id": str(judged.touch.partner_id), "touch_id": str(judged.touch.id)}
