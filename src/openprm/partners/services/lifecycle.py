"""A partner's way from the first invitation to the archive (C6)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import services as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import policies, rules
from openprm.partners.events import PartnerStatusChanged
from openprm.partners.models import Partner
from openprm.partners.services import checks
from openprm.partners.services.gates import close_gate, lift_gate
from openprm.partners.words import status_word

RESTING = {"source": "lifecycle", "key": "deactivated"}


class ForbiddenMove(Conflict):
    """A partner's life does not go from that state to this one."""


@transaction.atomic
def change_status(*, actor: Actor, partner_id: UUID, status: str, at: datetime, reason: str = "") -> None:
    """Move a partner along its life; both sides read the reason. A ban needs one, and who is banned is signed out at once.

    Leaving is not a move of its own: it goes by the offboarding. Raises NotFound, NotAllowed, Invalid, ForbiddenMove.
    """
    partner = _locked(actor, partner_id)
    checks.choice("status", status, tuple(rules.MOVES))
    if status in rules.BY_CHECKLIST:
        raise ForbiddenMove(_("A partner leaves by its offboarding, so that its deals and its data are cared for. Open one instead."), field="status")
    reason = checks.line("reason", reason, longest=500)
    if status in rules.NEEDS_REASON and not reason:
        raise Invalid(_("Say why, in one sentence. The partner reads it, and so does whoever looks at this later."), field="reason")
    _move(actor, partner, status, at, reason)


@transaction.atomic
def leave(*, actor: Actor, partner_id: UUID, at: datetime, reason: str = "") -> None:
    """The partner is out of the program. For the offboarding, after or together with its other steps. Safe to repeat.

    Raises NotFound, NotAllowed, ForbiddenMove.
    """
    partner = _locked(actor, partner_id)
    if partner.organization.status != "offboarded":
        _move(actor, partner, "offboarded", at, checks.line("reason", reason, longest=500))


@transaction.atomic
def take_back(*, actor: Actor, partner_id: UUID, at: datetime, reason: str = "") -> None:
    """A partner that left is active again. Raises NotFound, NotAllowed, ForbiddenMove."""
    partner = _locked(actor, partner_id)
    if partner.organization.status != "active":
        _move(actor, partner, "active", at, checks.line("reason", reason, longest=500))


def _locked(actor: Actor, partner_id: UUID) -> Any:
    partner = policies.reach(actor).locked().one(partner_id)
    refuse_if(policies.why_not_manage(actor))
    return partner


def _move(actor: Actor, partner: Partner, status: str, at: datetime, reason: str) -> None:
    before = partner.organization.status
    said = {"before": status_word(before), "after": status_word(status)}
    forbidden = ForbiddenMove(_("A partner that is %(before)s cannot become %(after)s.") % said, field="status")
    if not rules.can_move(before, status):
        raise forbidden
    with refused_by("partner_lifecycle", forbidden):
        identity.set_organization_status(actor=actor, organization_id=partner.pk, status=status, at=at)
    _close_and_open(actor, partner, before, status, at)
    partner.banned_at = at if status == "banned" else None if status in rules.LIFTS_BAN else partner.banned_at
    partner.version += 1
    partner.save(update_fields=["banned_at", "version", "updated_at"])
    _record(actor, partner, before, status, at, reason)
    publish(PartnerStatusChanged(partner_id=partner.pk, before=before, after=status, at=at))


def _close_and_open(actor: Actor, partner: Partner, before: str, status: str, at: datetime) -> None:
    """What a state closes beyond the sign-in: a ban ends all ways in, a rest closes what would start something new."""
    if status == "banned":
        identity.close_ways_in(actor=actor, organization_id=partner.pk, at=at)
    if status == "deactivated":
        reason = _("The partnership rests.")
        cure = _("Ask your partner manager to take it up again.")
        close_gate(actor=actor, partner_id=partner.pk, actions=rules.RESTING_ACTIONS, **RESTING, reason=reason, cure=cure, at=at)
    elif before == "deactivated":
        lift_gate(actor=actor, partner_id=partner.pk, **RESTING, at=at)


def _record(actor: Actor, partner: Partner, before: str, status: str, at: datetime, reason: str) -> None:
    shown = {"before": {"status": before}, "after": {"status": status}}
    audit.record(actor, "partner.status_changed", partner, **shown, refs=(partner.pk,), visible_to=(partner.pk,), note=reason, at=at)
