"""Reads of statements, alerts, adjustments and bounties, and of what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q

from openprm.earnings import policies
from openprm.earnings.models import Adjustment, Alert, Bounty, Statement
from openprm.earnings.queries.detail import alert_view
from openprm.earnings.queries.lists import rows_of
from openprm.earnings.queries.results import AdjustmentView, AlertView, BountyView, OpenBounty, StatementRow
from openprm.earnings.rules.states import Asked, State
from openprm.earnings.wording import ASKED, REJECT
from openprm.incentives import queries as incentives
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.rulebook.rules.language import money_words
from openprm.ui.paging import PageRequest, Slice, slice_of

PROMISE = "earnings.bounty"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    name: str
    content_type: str
    file: BinaryIO


def statements(actor: Actor, page: PageRequest, *, partner_id: UUID | None = None) -> Slice:
    rows = newest_statements(actor, partner_id=partner_id)
    return slice_of(rows, page, order_by={"month": "month", "partner": "partner__name", "closing": "closing_minor"}).map(statement_row)


def newest_statements(actor: Actor, *, partner_id: UUID | None = None) -> Any:
    rows = policies.reach_statements(actor).select_related("partner")
    return rows.filter(partner=partner_id) if partner_id else rows


def statement(actor: Actor, statement_id: UUID) -> StatementRow:
    """Raises NotFound."""
    return statement_row(policies.reach_statements(actor).select_related("partner").one(statement_id))


def statement_row(row: Statement) -> StatementRow:
    money = {name: Money(getattr(row, f"{name}_minor"), row.currency) for name in ("opening", "earned", "taken_back", "paid", "closing")}
    return StatementRow(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, month=row.month, currency=row.currency, **money, lines=row.lines,
        sha256=row.sha256, sealed_at=row.sealed_at, created_at=row.created_at, content=row.content,
    )  # fmt: skip


def alerts(actor: Actor, page: PageRequest, *, states: tuple[str, ...] = (), codes: tuple[str, ...] = ()) -> Slice:
    return slice_of(newest_alerts(actor, states=states, codes=codes), page, order_by={"raised": "raised_at", "state": "state", "code": "code"}).map(
        lambda row: alert_view(actor, row)
    )


def newest_alerts(actor: Actor, *, states: tuple[str, ...] = (), codes: tuple[str, ...] = ()) -> Any:
    rows = policies.reach_alerts(actor).select_related("earning", "earning__partner")
    rows = rows.filter(state__in=states) if states else rows
    return rows.filter(code__in=codes) if codes else rows


def alert(actor: Actor, alert_id: UUID) -> AlertView:
    return alert_view(actor, policies.reach_alerts(actor).select_related("earning", "earning__partner").one(alert_id))


def adjustments(actor: Actor, page: PageRequest, *, states: tuple[str, ...] = ()) -> Slice:
    order = {"proposed": "proposed_at", "number": "number", "amount": "amount_minor", "state": "state"}
    return slice_of(newest_adjustments(actor, states=states), page, order_by=order).map(lambda row: adjustment_view(actor, row))


def newest_adjustments(actor: Actor, *, states: tuple[str, ...] = ()) -> Any:
    rows = policies.reach_adjustments(actor).select_related("partner")
    return rows.filter(state__in=states) if states else rows


def adjustment(actor: Actor, adjustment_id: UUID) -> AdjustmentView:
    return adjustment_view(actor, policies.reach_adjustments(actor).select_related("partner").one(adjustment_id))


def adjustment_view(actor: Actor, row: Adjustment) -> AdjustmentView:
    label, tone = ASKED[row.state]
    return AdjustmentView(
        id=row.pk, number=row.number, partner_id=row.partner_id, partner=row.partner.name, amount=Money(row.amount_minor, row.currency), reason=row.reason,
        state=str(row.state), state_label=str(label), state_tone=tone, proposed_by=row.proposed_by_name, proposed_at=row.proposed_at,
        decided_by=row.decided_by_name, decided_at=row.decided_at, decision_reason=row.decision_reason, earning_id=row.earning_id,
        why_not_decide=policies.why_not_decide_adjustment(actor, row) or "", why_not_withdraw=policies.why_not_withdraw_adjustment(actor, row) or "",
        version=row.version, created_at=row.created_at,
    )  # fmt: skip


def bounties(actor: Actor, page: PageRequest, at: datetime, *, states: tuple[str, ...] = ()) -> Slice:
    found = slice_of(
        newest_bounties(actor, states=states), page, order_by={"submitted": "submitted_at", "happened": "happened_on", "title": "title", "state": "state"}
    )
    views = iter(bounty_views(actor, found.rows, at))
    return found.map(lambda _row: next(views))


def newest_bounties(actor: Actor, *, states: tuple[str, ...] = ()) -> Any:
    rows = policies.reach_bounties(actor).select_related("partner")
    return rows.filter(state__in=states) if states else rows


def bounty(actor: Actor, bounty_id: UUID, at: datetime) -> BountyView:
    return bounty_views(actor, [policies.reach_bounties(actor).select_related("partner").one(bounty_id)], at)[0]


def bounty_views(actor: Actor, rows: Iterable[Bounty], at: datetime) -> list[BountyView]:
    rows = list(rows)
    clocks = promises.clocks([row.pk for row in rows], PROMISE, at)
    return [_bounty(actor, row, clocks.get(row.pk)) for row in rows]


def _bounty(actor: Actor, row: Bounty, clock: Any) -> BountyView:
    label, tone = ASKED[row.state]
    return BountyView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, author=row.author_name, plan_id=row.plan_id, plan_name=row.plan_name, title=row.title,
        note=row.note, link=row.link, happened_on=row.happened_on, state=str(row.state), state_label=str(label), state_tone=tone,
        submitted_at=row.submitted_at, proof_name=row.proof_name, proof_size=row.proof_size, reject_code=row.reject_code,
        reject_label=str(REJECT[row.reject_code]) if row.reject_code else "", decision_reason=row.decision_reason,
        decided_by=row.decided_by_name if actor.sees_all_partners else "", decided_at=row.decided_at,
        due_at=clock.due_at if clock and row.state == Asked.PROPOSED else None, overdue=bool(clock and clock.overdue and row.state == Asked.PROPOSED),
        why_not_decide=policies.why_not_decide_bounty(actor, row) or "", why_not_withdraw=policies.why_not_withdraw_bounty(actor, row) or "",
        version=row.version, created_at=row.created_at,
    )  # fmt: skip


def open_proof(actor: Actor, bounty_id: UUID) -> OpenedFile:
    """The file that was sent. Raises NotFound."""
    row = policies.reach_bounties(actor).one(bounty_id)
    if not row.proof_key or not default_storage.exists(row.proof_key):
        raise NotFound()
    return OpenedFile(row.proof_name, row.proof_type, default_storage.open(row.proof_key))


def open_bounties(actor: Actor, at: datetime) -> tuple[OpenBounty, ...]:
    """The bounties that the actor's company can fulfil today."""
    partner_id = next(iter(actor.partner_ids), None)
    if partner_id is None:
        return ()
    enrollment = partners.enrollment(partner_id, at)
    program_id = enrollment.program_id if enrollment else None
    plans = incentives.plans_in_force(program_id=program_id, partner_id=partner_id, event_code="bounty", on=at.date())
    return tuple(OpenBounty(plan_id=one.plan_id, name=one.name, code=one.code, words=_worth(one)) for one in plans)


def _worth(plan: Any) -> str:
    fixed = [row.fixed for row in plan.terms.rates if row.fixed]
    return ", ".join(money_words(Money(minor, plan.terms.currency).major, plan.terms.currency) for minor in fixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for a person: kind is line, adjustment or bounty."""

    kind: str
    id: UUID
    title: str
    detail: str
    money: Money | None
    due_at: datetime | None
    since: datetime


def waiting(actor: Actor, at: datetime, most: int = 60) -> list[Waiting]:
    """What this person can decide now."""
    return [*_lines(actor, most), *_adjustments(actor, most), *_bounties(actor, at, most)]


def _lines(actor: Actor, most: int) -> list[Waiting]:
    if not actor.can("earnings.review"):
        return []
    alerted = Alert.objects.filter(state="open").values("earning_id")
    rows = policies.reach(actor).filter(Q(state=State.NEW) | Q(state=State.HELD, pk__in=alerted)).select_related("partner", "user", "event", "terms")
    return [
        Waiting(kind="line", id=row.id, title=f"{row.number} {row.partner}", detail=row.about or row.label, money=row.amount, due_at=None, since=row.created_at)
        for row in rows_of(actor, rows.order_by("created_at")[:most])
    ]  # fmt: skip


def _adjustments(actor: Actor, most: int) -> list[Waiting]:
    if not actor.can("earnings.adjust"):
        return []
    rows = newest_adjustments(actor, states=("proposed",)).exclude(proposed_by=actor.user_id).order_by("proposed_at")[:most]
    return [
        Waiting(
            kind="adjustment", id=row.pk, title=f"{row.number} {row.partner.name}", detail=row.reason, money=Money(row.amount_minor, row.currency), due_at=None,
            since=row.proposed_at,
        )
        for row in rows
    ]  # fmt: skip


def _bounties(actor: Actor, at: datetime, most: int) -> list[Waiting]:
    if not actor.can("earnings.review"):
        return []
    rows = bounty_views(actor, newest_bounties(actor, states=("proposed",)).order_by("submitted_at")[:most], at)
    return [
        Waiting(kind="bounty", id=row.id, title=f"{row.partner}: {row.title}", detail=row.plan_name, money=None, due_at=row.due_at, since=row.submitted_at)
        for row in rows
    ]  # fmt: skip
