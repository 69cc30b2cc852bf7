"""Fraud rules: what the published table says about a line, and what a person found."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.events import EarningAlertRaised
from openprm.earnings.models import Alert, Earning
from openprm.earnings.rules.states import OPEN, AlertState, State
from openprm.earnings.services.review import approve_by_rule, release_state
from openprm.earnings.services.unit import for_rules, record, required, save
from openprm.incentives.rules.calculate import UNKNOWN
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.rulebook import services as rulebook

RULE = "earnings.fraud"


def alerts_for(lines: Sequence[tuple[Earning, Mapping[str, Any]]], at: datetime) -> list[Alert]:
    """The alerts that the published rules raise about new lines with their doubts; none for money that is taken back."""
    groups: dict[UUID | None, list[tuple[Earning, Mapping[str, Any]]]] = {}
    for row, doubts in lines:
        if doubts and (row.amount_minor > 0 or row.line_key == UNKNOWN):
            groups.setdefault(row.program_id, []).append((row, _asked(row, doubts)))
    found: list[Alert] = []
    for program_id, asked in groups.items():
        verdicts = rulebook.evaluate_many(kind=RULE, program_id=program_id, inputs=[inputs for _row, inputs in asked], at=at)
        for (row, _inputs), verdict in zip(asked, verdicts, strict=True):
            found += _alerts(row, verdict, at)
    return found


def _asked(row: Earning, doubts: Mapping[str, Any]) -> dict[str, Any]:
    return {"event": row.event.code if row.event else "manual", "amount": for_rules(row.amount_minor, row.currency, row.occurred_on), **doubts}


def _alerts(row: Earning, verdict: Any, at: datetime) -> list[Alert]:
    seen: dict[str, Alert] = {}
    for match in verdict.matches:
        code = str(match.outcome.get("alert", ""))
        if code and code not in seen:
            seen[code] = Alert(
                id=new_id(), earning_id=row.pk, partner_id=row.partner_id, code=code[:40], clause=match.clause[:60], clause_text=match.text[:600],
                rule_version=verdict.version or 0, facts=verdict.inputs, raised_at=at,
            )  # fmt: skip
    return list(seen.values())


def hold_for(row: Earning, alerts: Sequence[Alert]) -> None:
    """A line with an alert waits, and says by which clause."""
    if alerts:
        said = "; ".join(f"{alert.clause}: {alert.clause_text}" for alert in alerts)
        row.state, row.hold_reason = State.HELD, "; ".join(filter(None, (row.hold_reason, said)))[:1000]


def keep(alerts: Sequence[Alert], at: datetime) -> None:
    """Store the alerts of lines that were stored, and say so."""
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    by_line: dict[tuple[UUID, UUID], list[str]] = {}
    for alert in alerts:
        record(SYSTEM, "earning.alert_raised", alert, at, after={}, note=f"{alert.clause}: {alert.clause_text}", shared=False, refs=(alert.earning_id,))
        by_line.setdefault((alert.partner_id, alert.earning_id), []).append(alert.code)
    for (partner_id, earning_id), codes in by_line.items():
        publish(EarningAlertRaised(partner_id=partner_id, earning_id=earning_id, codes=tuple(codes), at=at))


@transaction.atomic
def resolve_alert(*, actor: Actor, alert_id: UUID, outcome: str, resolution: str, version: int | None = None, at: datetime) -> None:
    """Say that an alert is unfounded ("dismissed": the line goes on when no other alert stands) or true ("confirmed": decline the line then).

    Raises NotFound, NotAllowed, Stale, Invalid.
    """
    alert = policies.reach_alerts(actor).locked().one(alert_id)
    if version is not None and version != alert.version:
        raise Stale()
    refuse_if(policies.why_not_resolve(actor, alert))
    if outcome not in (AlertState.DISMISSED, AlertState.CONFIRMED):
        raise Invalid(_("Say whether the alert is unfounded (dismissed) or true (confirmed)."), field="outcome")
    resolution = required(resolution, "resolution")
    before = alert.snapshot()
    alert.state, alert.resolution, alert.resolved_at = outcome, resolution, at
    alert.resolved_by_id, alert.resolved_by_name = actor.user_id, actor.name[:120]
    save(alert, "state", "resolution", "resolved_at", "resolved_by", "resolved_by_name")
    record(actor, f"earning.alert_{outcome}", alert, at, before=before, note=resolution, shared=False, refs=(alert.earning_id,))
    if outcome == AlertState.DISMISSED:
        _go_on(alert.earning_id, at)


def _go_on(earning_id: UUID, at: datetime) -> None:
    """The line goes on when nothing else holds it."""
    row = Earning.objects.locked().one(earning_id)
    if row.state not in OPEN or Alert.objects.filter(earning=row).exclude(state=AlertState.DISMISSED).exists():
        return
    row.hold_reason = ""
    row.state = release_state(row, at)
    save(row, "state", "hold_reason")
    if row.state == State.NEW:
        approve_by_rule([row], at)
