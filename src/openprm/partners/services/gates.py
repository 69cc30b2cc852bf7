"""Closing an action to a partner for a reason, and opening it again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.partners import policies
from openprm.partners.events import GateClosed, GateLifted
from openprm.partners.models import Gate


@transaction.atomic
def close_gate(
    *,
    actor: Actor,
    partner_id: UUID,
    actions: Iterable[str],
    source: str,
    key: str,
    reason: str,
    cure: str,
    at: datetime,
    cure_url: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Close actions to a partner from `since` (now, or a moment ahead such as the end of a certificate) until lifted.

    `source` and `key` name what closes them; said again, the same gate takes the new words and times. Raises NotFound, NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_close_gates(actor))
    partner = policies.reach(actor).locked().one(partner_id)
    wanted = {"reason": reason, "cure": cure, "cure_url": cure_url, "since": since or at, "until": until}
    for action in _known(actions):
        gate = Gate.objects.filter(partner=partner, action=action, source=source, key=key).first()
        if gate is None or any(getattr(gate, name) != value for name, value in wanted.items()):
            _close(actor, gate or Gate(partner=partner, action=action, source=source, key=key), wanted, at)


@transaction.atomic
def lift_gate(*, actor: Actor, partner_id: UUID, source: str, key: str, at: datetime, actions: Iterable[str] | None = None) -> int:
    """Open what this source closed under this key, all actions unless some are named; gives how many were closed.

    Raises NotFound, NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_close_gates(actor))
    partner = policies.reach(actor).locked().one(partner_id)
    gates = Gate.objects.filter(partner=partner, source=source, key=key)
    if actions is not None:
        gates = gates.filter(action__in=_known(actions))
    found = list(gates)
    for gate in found:
        _lift(actor, gate, at)
    return len(found)


def _known(actions: Iterable[str]) -> list[str]:
    wanted = sorted(set(actions))
    if unknown := [action for action in wanted if action not in Gate.Action.values]:
        raise Invalid(_("There is no action “%(action)s” to close.") % {"action": unknown[0]}, field="actions")
    return wanted


def _close(actor: Actor, gate: Gate, wanted: dict[str, object], at: datetime) -> None:
    for name, value in wanted.items():
        setattr(gate, name, value)
    gate.save()
    data = {"action": gate.action, "reason": gate.reason, "cure": gate.cure, "since": gate.since.isoformat()}
    audit.record(actor, "partner.gate_closed", gate, after={}, refs=(gate.partner_id,), visible_to=(gate.partner_id,), data=data, at=at)
    publish(GateClosed(partner_id=gate.partner_id, action=gate.action, source=gate.source, key=gate.key, since=gate.since, at=at))


def _lift(actor: Actor, gate: Gate, at: datetime) -> None:
    data = {"action": gate.action, "reason": gate.reason}
    audit.record(actor, "partner.gate_lifted", gate, after={}, refs=(gate.partner_id,), visible_to=(gate.partner_id,), data=data, at=at)
    publish(GateLifted(partner_id=gate.partner_id, action=gate.action, source=gate.source, key=gate.key, at=at))
    gate.delete()
