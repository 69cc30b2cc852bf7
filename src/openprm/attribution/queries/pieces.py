"""Small parts that several answers share."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.attribution import policies
from openprm.attribution.models import Claim, Credit, Dispute, LateTouch, Result, Touch
from openprm.attribution.promisekinds import CLAIM, COUNTERCLAIM, DISPUTE
from openprm.attribution.queries.results import ClaimView, CreditRow, DealRow, DisputeView, Evidence, TouchRow
from openprm.attribution.rulekinds import CLAIM_WINDOW, TOUCHES
from openprm.attribution.rules.words import Counts, Side
from openprm.attribution.wording import CLAIM as CLAIM_WORDS
from openprm.attribution.wording import COUNTS, DEAL, ICON, KIND, OUTCOME, SIDE, SOURCE
from openprm.attribution.wording import DISPUTE as DISPUTE_WORDS
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.promises import queries as promises
from openprm.rulebook import queries as rulebook


def deal_row(row: Result, month: date, is_locked: bool) -> DealRow:
    label, tone = OUTCOME[row.outcome]  # type: ignore[index]
    return DealRow(
        deal_id=row.deal_id, kind=row.kind, kind_label=str(DEAL[row.kind]), number=row.number, customer=row.customer,  # type: ignore[index]
        closed_at=row.closed_at, amount=Money(row.amount_minor, row.currency), base=Money(row.base_minor, deals.base_currency()), outcome=row.outcome,
        outcome_label=str(label), outcome_tone=tone, is_locked=is_locked, month=month,
    )  # fmt: skip


def credit_row(row: Credit, *, is_locked: bool) -> CreditRow:
    label, tone = OUTCOME[row.outcome]  # type: ignore[index]
    return CreditRow(
        id=row.pk, deal_id=row.deal_id, kind=row.kind, number=row.number, customer=row.customer, closed_at=row.closed_at, outcome_label=str(label),
        outcome_tone=tone, basis_points=row.basis_points, percent=row.basis_points / 100, credit=Money(row.credit_minor, row.currency),
        is_locked=is_locked, is_late=False,
    )  # fmt: skip


def late_row(row: LateTouch, *, is_locked: bool) -> CreditRow:
    label, tone = COUNTS[Counts.LATE]
    return CreditRow(
        id=row.pk, deal_id=row.deal_id, kind=row.kind, number=row.number, customer=row.customer, closed_at=row.closed_at, outcome_label=str(label),
        outcome_tone=tone, basis_points=0, percent=0.0, credit=Money(0, deals.base_currency()), is_locked=is_locked, is_late=True,
    )  # fmt: skip


def evidence(told: Iterable[dict[str, Any]], names: dict[UUID, str], clauses: dict[str, dict[str, str]]) -> tuple[Evidence, ...]:
    """Touches as a run kept them, with what is known of each now and the sentence that counts it. One query."""
    held = list(told)
    touches = {str(row.pk): row for row in Touch.objects.filter(pk__in=[one["touch"] for one in held])}
    return tuple(_evidence(one, touches.get(one["touch"]), names, clauses) for one in held)


def clauses_of(actor: Actor, program_id: UUID | None, as_of: datetime) -> dict[str, dict[str, str]]:
    """The sentences of the published rules of a day, by kind of rules and clause."""
    found = {}
    for kind in (TOUCHES, CLAIM_WINDOW):
        try:
            words = rulebook.rules_in_words(actor=actor, kind=kind, program_id=program_id, at=as_of).clauses
        except NotFound:
            words = ()
        found[kind] = {one.clause: one.text for one in words}
    return found


def _evidence(one: dict[str, Any], row: Touch | None, names: dict[UUID, str], clauses: dict[str, dict[str, str]]) -> Evidence:
    label, tone = COUNTS[one["counts"]]
    partner_id = UUID(one["partner"])
    return Evidence(
        touch_id=UUID(one["touch"]), partner_id=partner_id, partner=names.get(partner_id, ""), kind=one["kind"], kind_label=str(KIND[one["kind"]]),
        icon=ICON.get(one["kind"], "circle-dot"), at=datetime.fromisoformat(one["at"]), is_verified=one["verified"], counts=one["counts"],
        counts_label=str(label), counts_tone=tone, clause=one["clause"],
        why=clauses[CLAIM_WINDOW if one["counts"] == Counts.LATE else TOUCHES].get(one["clause"], ""), source_label=str(SOURCE[row.source]) if row else "",  # type: ignore[index]
        summary=row.summary if row else "", is_struck=bool(row and row.struck_at),
    )  # fmt: skip


def touch_row(row: Touch, customers: dict[UUID, str]) -> TouchRow:
    return TouchRow(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, account_id=row.account_id, customer=customers.get(row.account_id, ""),
        about=row.about, kind=row.kind, kind_label=str(KIND[row.kind]), icon=ICON.get(row.kind, "circle-dot"), source=row.source,  # type: ignore[index,call-overload]
        source_label=str(SOURCE[row.source]), summary=row.summary, occurred_at=row.occurred_at, recorded_at=row.recorded_at,  # type: ignore[index]
        is_verified=row.verified_at is not None, is_struck=row.struck_at is not None,
    )  # fmt: skip


def claim_view(actor: Actor, row: Claim, at: datetime) -> ClaimView:
    label, tone = CLAIM_WORDS[row.state]  # type: ignore[index]
    clock = promises.clock(row.pk, CLAIM if row.side == Side.PARTNER else COUNTERCLAIM, at) if row.state == "open" else None
    return ClaimView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, account_id=row.account_id, customer=row.customer, deal_id=row.deal_id,
        side=row.side,
        side_label=str(SIDE[row.side]), kind=row.kind, kind_label=str(KIND[row.kind]), icon=ICON.get(row.kind, "circle-dot"),  # type: ignore[index,call-overload]
        occurred_at=row.occurred_at, statement=row.statement, state=row.state, state_label=str(label), state_tone=tone, made_at=row.made_at,
        made_by=_name(actor, row.side, row.made_by_name), answered_at=row.answered_at, answered_by=_name(actor, row.answered_side, row.answered_by_name),
        answer=row.answer, due_at=clock.due_at if clock else None, version=row.version, why_not_answer=policies.why_not_answer(actor, row),
        why_not_withdraw=policies.why_not_withdraw(actor, row),
    )  # fmt: skip


def _name(actor: Actor, side: str, name: str) -> str:
    """A partner reads its own people's names; the vendor's hand is the vendor."""
    return name if not side or actor.sees_all_partners or side == Side.PARTNER else str(SIDE[Side.VENDOR])


def dispute_view(actor: Actor, row: Dispute, at: datetime) -> DisputeView:
    label, tone = DISPUTE_WORDS[row.state]  # type: ignore[index]
    clock = promises.clock(row.pk, DISPUTE, at) if row.state == "open" else None
    return DisputeView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, deal_id=row.deal_id, deal=row.deal, reason=row.reason, state=row.state,
        state_label=str(label), state_tone=tone, opened_at=row.opened_at, opened_by=row.opened_by_name, answer=row.answer, answered_at=row.answered_at,
        due_at=clock.due_at if clock else None, version=row.version, why_not_settle=policies.why_not_settle(actor, row),
        why_not_withdraw=policies.why_not_drop(actor, row),
    )  # fmt: skip
