"""Proof that a business, or the person who registers it, is who it says (C5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.events import ComplianceLapsed, PartnerVerified, VerificationMoved
from openprm.compliance.models import Document, Verification
from openprm.compliance.models.papers import BUSINESS_TYPES, PROOF_KINDS
from openprm.compliance.rules.cases import PROOF_WITH_PARTNER, Proof, can_move_proof, months_later
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import VERIFICATION, ForbiddenMove, as_system, choice, country, load, record, save, start_clock, text
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.promises import services as promises

HOLDS_MONTHS = 36
FIELDS = ("legal_name", "business_type", "registration_number", "country", "position")
OUTCOMES = (Proof.APPROVED, Proof.DECLINED, Proof.RESUBMISSION, Proof.REVIEW)


@transaction.atomic
def start_verification(*, actor: Actor, partner_id: UUID, kind: str, at: datetime) -> UUID:
    """Begin to prove a business or a person; one that is there goes on. Raises NotFound, NotAllowed, Invalid."""
    partner = partners.partner(actor, partner_id)
    refuse_if(policies.why_not_answer(actor, partner_id))
    kind = choice("kind", kind, PROOF_KINDS)
    existing = Verification.objects.filter(partner_id=partner_id, kind=kind).first()
    if existing:
        return existing.pk
    known = {"legal_name": partner.legal_name or partner.name, "country": partner.country} if kind == "business" else {"legal_name": actor.name[:200]}
    verification = Verification(partner_id=partner_id, kind=kind, started_at=at, **known)
    with refused_by("one_verification_per_kind", ForbiddenMove(_("Somebody began this just now. Reload the page."))):
        verification.save(force_insert=True)
    record(actor, "compliance.verification_started", verification, data={"kind": kind}, at=at)
    return verification.pk


@transaction.atomic
def save_verification(*, actor: Actor, verification_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Keep what is known so far; gives the new version. Raises NotFound, NotAllowed, Invalid, Stale."""
    verification = load(policies.reach_verifications(actor), verification_id, version)
    refuse_if(policies.why_not_edit_verification(actor, verification))
    for name, value in _checked(values).items():
        setattr(verification, name, value)
    save(verification, *FIELDS)
    return verification.version


def _checked(values: Mapping[str, Any]) -> dict[str, str]:
    longest = {"legal_name": 200, "registration_number": 80, "position": 120}
    found = {name: text(name, values[name], longest=most, required=False) for name, most in longest.items() if name in values}
    if "country" in values:
        found["country"] = country("country", values["country"])
    if "business_type" in values:
        found["business_type"] = choice("business_type", values["business_type"], ("", *BUSINESS_TYPES))
    return found


@transaction.atomic
def submit_verification(*, actor: Actor, verification_id: UUID, version: int | None = None, at: datetime) -> None:
    """Hand the papers over. Raises NotFound, NotAllowed, Invalid (what is missing), Stale."""
    verification = load(policies.reach_verifications(actor), verification_id, version)
    refuse_if(policies.why_not_edit_verification(actor, verification))
    _refuse_incomplete(verification)
    before = verification.snapshot()
    _move(verification, Proof.SUBMITTED)
    verification.submitted_at = at
    save(verification, "state", "submitted_at")
    record(actor, "compliance.verification_submitted", verification, before=before, data={"kind": verification.kind}, at=at)
    with as_system(actor):
        start_clock(VERIFICATION, verification, verification.partner_id, at)
    _announce(actor, verification, at)


def _refuse_incomplete(verification: Verification) -> None:
    needed = ("legal_name", "business_type", "registration_number", "country") if verification.kind == "business" else ("legal_name", "position", "country")
    problems = [Problem(name, _("This cannot be empty."), "required") for name in needed if not getattr(verification, name)]
    if not Document.objects.filter(verification=verification).exists():
        problems.append(Problem("file", _("Add a document that proves it."), "required"))
    if problems:
        raise Invalid(problems=problems)


@transaction.atomic
def decide_verification(*, actor: Actor, verification_id: UUID, outcome: str, message: str = "", version: int | None = None, at: datetime) -> None:
    """Approve, decline, ask for more or take into review. The partner reads the message. Raises NotFound, NotAllowed, Invalid, ForbiddenMove, Stale."""
    verification = load(policies.reach_verifications(actor), verification_id, version)
    refuse_if(policies.why_not_decide_verification(actor, verification))
    outcome = choice("outcome", outcome, [str(one) for one in OUTCOMES])
    before = verification.snapshot()
    verification.message = text("message", message, longest=2000, required=outcome in (Proof.DECLINED, Proof.RESUBMISSION), lines=True)
    _move(verification, outcome)
    if outcome != Proof.REVIEW:
        verification.decided_at, verification.decided_by_id = at, actor.user_id
        promises.keep(subject_id=verification.pk, code=VERIFICATION, at=at)
    if outcome == Proof.APPROVED:
        verification.approved_until = months_later(at, HOLDS_MONTHS)
    save(verification, "state", "message", "decided_at", "decided_by", "approved_until")
    record(actor, f"compliance.verification_{outcome}", verification, before=before, note=verification.message, data={"kind": verification.kind}, at=at)
    refresh_gates(partner_id=verification.partner_id, at=at)
    _announce(actor, verification, at)
    if outcome == Proof.APPROVED:
        publish(PartnerVerified(partner_id=verification.partner_id, kind=verification.kind, at=at))


@transaction.atomic
def reopen_verification(*, actor: Actor, verification_id: UUID, message: str, at: datetime) -> None:
    """Look at an approved verification again, or let a declined partner begin anew. Raises NotFound, NotAllowed, Invalid, ForbiddenMove."""
    verification = load(policies.reach_verifications(actor), verification_id)
    refuse_if(policies.why_not_review(actor))
    if verification.state in PROOF_WITH_PARTNER or not verification.decided_at:
        raise ForbiddenMove(_("There is nothing to open again."))
    before, was_approved = verification.snapshot(), verification.state == Proof.APPROVED
    verification.message = text("message", message, longest=2000, lines=True)
    _move(verification, Proof.REVIEW if was_approved else Proof.STARTED)
    verification.approved_until = None
    save(verification, "state", "message", "approved_until")
    record(actor, "compliance.verification_reopened", verification, before=before, note=verification.message, data={"kind": verification.kind}, at=at)
    if was_approved:
        start_clock(VERIFICATION, verification, verification.partner_id, at)
        publish(ComplianceLapsed(partner_id=verification.partner_id, what=f"verification:{verification.kind}", reason=verification.message, at=at))
    refresh_gates(partner_id=verification.partner_id, at=at)
    _announce(actor, verification, at)


def _move(verification: Verification, state: str) -> None:
    if not can_move_proof(verification.state, state):
        raise ForbiddenMove(_("A verification that is “%(before)s” cannot become “%(after)s”.") % {"before": verification.state, "after": state})
    verification.state = state


def _announce(actor: Actor, verification: Verification, at: datetime) -> None:
    publish(
        VerificationMoved(
            verification_id=verification.pk,
            partner_id=verification.partner_id,
            kind=verification.kind,
            state=str(verification.state),
            actor_id=actor.user_id,
            at=at,
        )
    )
