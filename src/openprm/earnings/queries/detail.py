"""One line with the whole why, for each side; and rebates as they stand today."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.earnings import policies
from openprm.earnings.models import Alert, Earning
from openprm.earnings.queries.calculation import Batch, event_for, spent_of
from openprm.earnings.queries.lists import rows_of
from openprm.earnings.queries.proofs import proof_of
from openprm.earnings.queries.results import AlertView, Calculation, PartnerDetail, Related, RunningRebate, VendorDetail, WarningView
from openprm.earnings.rules.months import quarter_name, quarter_of
from openprm.earnings.rules.states import CALCULATED, State
from openprm.earnings.wording import ALERT, ALERT_STATE, EVENT, KIND, LIMIT, STATE
from openprm.incentives import queries as incentives
from openprm.incentives.rules.calculate import judge
from openprm.incentives.rules.model import EarnEvent
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners

INPUT_WORDS = {
    "occurred_on": _("Day"), "net": _("Net amount"), "list": _("List price"), "margin": _("Margin"), "credited_share": _("Credited share"), "tier": _("Tier"),
    "customer": _("Customer"), "deal_type": _("Kind of deal"), "fx_rate": _("Exchange rate"), "fx_date": _("Rate of"), "growth": _("Growth in per cent"),
    "first_on": _("First paid on"), "accrued": _("Booked before in the year"), "share_applied": _("Share applied"), "turnover_since": _("Turnover since"),
    "partner_type": _("Partner type"), "country": _("Country"), "service_month": _("Month of use"),
}  # fmt: skip


def _row(actor: Actor, earning_id: UUID) -> Earning:
    return policies.reach(actor).select_related("partner", "user", "event", "terms", "corrects", "corrects__terms", "decided_by").one(earning_id)


def earning_for_partner(actor: Actor, earning_id: UUID, at: datetime) -> PartnerDetail:
    """Raises NotFound, for what another partner has earned as for what is not there."""
    row = _row(actor, earning_id)
    waits = row.state == State.APPROVED and row.forfeits_on is not None
    return PartnerDetail(**_common(actor, row), cure=(partners.why_closed(row.partner_id, "payouts", at) or "") if waits else "")


def earning_for_vendor(actor: Actor, earning_id: UUID) -> VendorDetail:
    """Raises NotFound."""
    row = _row(actor, earning_id)
    alerts = alert_views(actor, Alert.objects.filter(earning=row))
    standing = sum(alert.state != "dismissed" for alert in alerts)
    return VendorDetail(
        **_common(actor, row), decided_by=row.decided_by_name, alerts=tuple(alerts), left=Money(left_of(row), row.currency),
        why_not_approve=policies.why_not_approve(actor, row, open_alerts=standing) or "", why_not_decline=policies.why_not_decline(actor, row) or "",
        why_not_hold=policies.why_not_hold(actor, row) or "", why_not_release=policies.why_not_release(actor, row) or "",
        why_not_claw_back=policies.why_not_claw_back(actor, row) or "",
        may_tell=row.event is not None and row.kind in CALCULATED and not policies.why_not_tell(actor), told_currency=_told_in(row),
    )  # fmt: skip


def _told_in(row: Earning) -> str:
    """The currency in which the event's amounts are said."""
    net = (row.event.payload if row.event else {}).get("net") or {}
    return str(net.get("currency") or row.currency)


def left_of(row: Earning) -> int:
    """What can still be taken back of a line."""
    followers = row.followers.exclude(state__in=(State.DECLINED.value, State.CLAWED_BACK.value))
    return max(0, row.amount_minor + sum(one.amount_minor for one in followers))


def proof(actor: Actor, earning_id: UUID) -> tuple[str, dict[str, Any]]:
    """(number, the proof file of a line). Raises NotFound."""
    row = _row(actor, earning_id)
    return row.number, proof_of(row)


def _common(actor: Actor, row: Earning) -> dict[str, Any]:
    warnings = policies.reach_warnings(actor).filter(earning=row).order_by("-days_before")
    is_deal = row.event is not None and row.event.code in ("deal_won", "deal_registered")
    return {
        "line": rows_of(actor, [row])[0], "event_label": str(EVENT[row.event.code if row.event else "manual"]), "calculation": _calculation(row),
        "related": _related(actor, row), "clause": row.clause, "clause_text": row.clause_text, "is_automatic": row.is_automatic, "decided_at": row.decided_at,
        "approved_at": row.approved_at, "forfeits_on": row.forfeits_on if row.state == State.APPROVED else None, "payout_note": row.payout_note,
        "deal_id": row.event.source_id if is_deal else None,
        "warnings": tuple(WarningView(days_before=one.days_before, forfeits_on=one.forfeits_on, cure=one.cure, sent_at=one.sent_at) for one in warnings),
    }  # fmt: skip


def _calculation(row: Earning) -> Calculation:
    event = row.inputs.get("event", {}) if row.inputs else {}
    return Calculation(
        plan_name=row.terms.name if row.terms else "", plan_code=row.terms.code if row.terms else "", plan_number=row.terms.number if row.terms else None,
        plan_id=row.plan_id, clause=row.inputs.get("clause", "") if row.inputs else "",
        basis=Money(row.basis_minor, row.basis_currency) if row.basis_minor is not None and row.basis_currency else None,
        rate=f"{format(row.rate.normalize(), 'f')} %" if row.rate is not None else "", capped_by=str(LIMIT.get(row.capped_by, row.capped_by)),
        steps=tuple((label, value) for label, value in row.steps), inputs=_inputs(event),
        before=Money(row.before_minor, row.currency) if row.kind == "correction" else None, sha256=proof_of(row)["sha256"],
    )  # fmt: skip


def _inputs(event: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    known = {**event.get("facts", {}), **{name: event.get(name) for name in ("occurred_on", "net", "list", "margin", "credited_share", "tier")}}
    shown = []
    for name, label in INPUT_WORDS.items():
        value = known.get(name)
        if value in (None, "", []):
            continue
        shown.append((str(label), f"{Money(int(value['minor']), value['currency']).major} {value['currency']}" if isinstance(value, dict) else str(value)))
    return tuple(shown)


def _related(actor: Actor, row: Earning) -> tuple[Related, ...]:
    ids = [row.corrects_id] if row.corrects_id else []
    rows = policies.reach(actor).filter(pk__in=ids) | policies.reach(actor).filter(corrects=row)
    return tuple(
        Related(
            id=one.pk, number=one.number, kind_label=str(KIND[one.kind]), state_label=str(STATE[State(one.state)][0]), state_tone=STATE[State(one.state)][1],
            amount=Money(one.amount_minor, one.currency), reason=one.reason,
        )
        for one in rows.order_by("created_at", "pk")
    )  # fmt: skip


def alert_views(actor: Actor, rows: Any) -> list[AlertView]:
    """Alerts with the line that they hold, the newest first."""
    return [alert_view(actor, row) for row in rows.select_related("earning", "earning__partner").order_by("-raised_at", "pk")]


def alert_view(actor: Actor, row: Alert) -> AlertView:
    label, tone = ALERT_STATE[row.state]
    line = row.earning
    return AlertView(
        id=row.pk, earning_id=line.pk, number=line.number, partner=line.partner.name, partner_id=row.partner_id, about=line.about or line.label,
        amount=Money(line.amount_minor, line.currency), code=row.code, label=str(ALERT.get(row.code, row.code)), clause=row.clause,
        clause_text=row.clause_text, rule_version=row.rule_version, facts=row.facts, state=str(row.state), state_label=str(label), state_tone=tone,
        raised_at=row.raised_at, resolved_by=row.resolved_by_name, resolved_at=row.resolved_at, resolution=row.resolution,
        why_not_resolve=policies.why_not_resolve(actor, row) or "", version=row.version, created_at=row.created_at,
    )  # fmt: skip


def running_rebates(actor: Actor, partner_id: UUID, at: datetime) -> tuple[RunningRebate, ...]:
    """What each rebate of a partner would pay if the quarter ended today: seen before it is paid."""
    enrollment = partners.enrollment(partner_id, at)
    program_id = enrollment.program_id if enrollment else None
    plans = incentives.plans_in_force(program_id=program_id, partner_id=partner_id, event_code="period", on=at.date())
    if not plans or (actor.is_partner and not policies.sees_all_of_its_company(actor)):
        return ()
    with system_scope():
        return tuple(_running(plan, partner_id, enrollment, at) for plan in plans)


def _running(plan: Any, partner_id: UUID, enrollment: Any, at: datetime) -> RunningRebate:
    name, (_first, after) = quarter_name(at.date()), quarter_of(at.date())
    bare = EarnEvent(
        code="period", source_id=partner_id, source_key=f"period:{name}:{partner_id}", partner_id=partner_id, occurred_on=at.date(),
        program_id=enrollment.program_id if enrollment else None, tier=enrollment.tier_code if enrollment else "",
    )  # fmt: skip
    event = event_for(plan, bare) or bare
    judged = judge(plan, event, spent_of(plan, event, Batch()))
    minor = sum(line.amount.minor for line in judged.lines)
    steps = tuple((step.label, step.value) for line in judged.lines for step in line.steps)
    return RunningRebate(
        plan_id=plan.plan_id, name=plan.name, period=name, turnover=event.net or Money(0, plan.terms.currency), amount=Money(minor, plan.terms.currency),
        steps=steps, why_nothing=judged.why_nothing, ends_on=after - timedelta(days=1),
    )  # fmt: skip
