"""Bounties: a partner sends what it did with the proof; a person accepts it, or says which of the published reasons speaks against it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.events import BountyMoved
from openprm.earnings.models import Bounty
from openprm.earnings.rules.states import Asked, BountyReject
from openprm.earnings.services.accrual import Accrued, Happening, accrue
from openprm.earnings.services.unit import as_system, clean, record, required, save
from openprm.incentives import queries as incentives
from openprm.incentives.rules.model import EarnEvent, PlanTerms
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id
from openprm.partners import queries as partners
from openprm.promises import services as promises

PROMISE = "earnings.bounty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file that shows it."""

    name: str
    content: bytes


@transaction.atomic
def submit_bounty(
    *, actor: Actor, plan_id: UUID, title: str, happened_on: date, note: str = "", link: str = "", proof: Proof | None = None, at: datetime
) -> UUID:
    """Send what was done for a bounty in force. Raises NotAllowed, NotFound (no such bounty), Invalid (field), Conflict (this proof was sent before)."""
    refuse_if(policies.why_not_submit_bounty(actor))
    partner_id = next(iter(actor.partner_ids))
    plan = _open_plan(partner_id, plan_id, happened_on, at)
    row = Bounty(
        id=new_id(), partner_id=partner_id, user_id=actor.user_id, author_name=actor.name[:120], plan_id=plan.plan_id, plan_name=plan.name[:200],
        title=_title(title), note=clean(note, "note", 2000), link=_link(link), happened_on=happened_on, submitted_at=at,
    )  # fmt: skip
    if proof is None and not row.link:
        raise Invalid(_("Add the proof: a file, or the address of a page that shows it."), field="proof")
    with as_system(actor):
        if proof is not None:
            _keep(row, proof)
        with refused_by("bounty_proof_once", Conflict(_("This file was sent for this bounty before. Send another proof."), field="proof")):
            row.save(force_insert=True)
        promises.start(actor=SYSTEM, code=PROMISE, subject=row, partner_id=partner_id, program_id=plan.program_id, refs=(partner_id,), at=at)
        record(actor, "earning.bounty_sent", row, at, note=row.title)
        _tell(row, actor, at)
    if proof is not None:
        key, content = row.proof_key, proof.content
        transaction.on_commit(lambda: default_storage.save(key, ContentFile(content)))
    return row.pk


def _title(title: str) -> str:
    title = clean(title, "title", 160)
    if not title:
        raise Invalid(_("Say in a few words what was done."), field="title", code="required")
    return title


def _link(link: str) -> str:
    link = clean(link, "link", 500)
    if link and (urlsplit(link).scheme not in ("http", "https") or not urlsplit(link).hostname):
        raise Invalid(_("The address of a proof begins with https://."), field="link")
    return link


def _open_plan(partner_id: UUID, plan_id: UUID, happened_on: date, at: datetime) -> PlanTerms:
    if happened_on > at.date():
        raise Invalid(_("This day has not come yet. Send it when it is done."), field="happened_on")
    enrollment = partners.enrollment(partner_id, at)
    program_id = enrollment.program_id if enrollment else None
    plans = incentives.plans_in_force(program_id=program_id, partner_id=partner_id, event_code="bounty", on=at.date())
    plan = next((one for one in plans if one.plan_id == plan_id), None)
    if plan is None:
        raise NotFound(_("There is no such bounty that is open to you."))
    return plan


def _keep(row: Bounty, proof: Proof) -> None:
    if not proof.content:
        raise Invalid(_("The file is empty. Choose another one."), field="proof")
    if len(proof.content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="proof")
    kind = sniff(proof.content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be kept."), field="proof")
    row.proof_name, row.proof_type, row.proof_size = safe_name(proof.name, kind[1])[:160], kind[0], len(proof.content)
    row.proof_sha256, row.proof_key = hashlib.sha256(proof.content).hexdigest(), f"earnings/bounties/{row.pk}"


@transaction.atomic
def accept_bounty(*, actor: Actor, bounty_id: UUID, note: str = "", version: int | None = None, at: datetime) -> Accrued:
    """Pay what the plan pays for it. Raises NotFound, NotAllowed, Stale, Conflict when the plan pays nothing (out of its time, its limit used up)."""
    row = _locked(actor, bounty_id, version)
    refuse_if(policies.why_not_decide_bounty(actor, row))
    before = row.snapshot()
    made = accrue(actor=actor, happening=_happening(row, at), at=at)
    if not made.earning_ids:
        raise Conflict(_("No plan pays for this on that day, or its limit is used up. Reject it with the reason, or change the plan."))
    _close(actor, row, Asked.APPROVED, clean(note, "note", 1000), at)
    record(actor, "earning.bounty_accepted", row, at, before=before, note=row.decision_reason)
    _tell(row, actor, at)
    return made


@transaction.atomic
def reject_bounty(*, actor: Actor, bounty_id: UUID, code: str, reason: str, version: int | None = None, at: datetime) -> None:
    """Say which published reason speaks against it and what would help. Raises NotFound, NotAllowed, Stale, Invalid."""
    row = _locked(actor, bounty_id, version)
    refuse_if(policies.why_not_decide_bounty(actor, row))
    if code not in list(BountyReject):
        raise Invalid(_("Choose one of: %(codes)s.") % {"codes": ", ".join(BountyReject)}, field="code")
    before = row.snapshot()
    row.reject_code = code
    _close(actor, row, Asked.REJECTED, required(reason), at)
    record(actor, "earning.bounty_rejected", row, at, before=before, note=row.decision_reason)
    _tell(row, actor, at)


@transaction.atomic
def withdraw_bounty(*, actor: Actor, bounty_id: UUID, version: int | None = None, at: datetime) -> None:
    """Take a submission back before it is decided. Raises NotFound, NotAllowed, Stale."""
    seen = policies.reach_bounties(actor).one(bounty_id)
    refuse_if(policies.why_not_withdraw_bounty(actor, seen))
    with as_system(actor):
        row = _locked(SYSTEM, bounty_id, version)
        refuse_if(policies.why_not_withdraw_bounty(actor, row))
        before = row.snapshot()
        _close(SYSTEM, row, Asked.WITHDRAWN, "", at)
        record(actor, "earning.bounty_withdrawn", row, at, before=before)


def _locked(actor: Actor, bounty_id: UUID, version: int | None) -> Bounty:
    row: Bounty = policies.reach_bounties(actor).locked().one(bounty_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def _close(actor: Actor, row: Bounty, state: Asked, reason: str, at: datetime) -> None:
    row.state, row.decision_reason, row.decided_at = state, reason, at
    row.decided_by_id, row.decided_by_name = (None, "") if actor.is_system else (actor.user_id, actor.name[:120])
    save(row, "state", "decision_reason", "decided_at", "decided_by", "decided_by_name", "reject_code")
    settle = promises.cancel if state == Asked.WITHDRAWN else promises.keep
    settle(subject_id=row.pk, code=PROMISE, at=at)


def _happening(row: Bounty, at: datetime) -> Happening:
    enrollment = partners.enrollment(row.partner_id, at)
    event = EarnEvent(
        code="bounty", source_id=row.pk, source_key=f"bounty:{row.pk}", partner_id=row.partner_id, occurred_on=row.happened_on, user_id=row.user_id,
        program_id=enrollment.program_id if enrollment else None, tier=enrollment.tier_code if enrollment else "",
        facts={"title": row.title, "plan_id": str(row.plan_id), "partner_type": partners.partner(SYSTEM, row.partner_id).type},
    )  # fmt: skip
    return Happening(event=event, about=row.title)


def _tell(row: Bounty, actor: Actor, at: datetime) -> None:
    publish(BountyMoved(bounty_id=row.pk, partner_id=row.partner_id, state=str(row.state), actor_id=actor.user_id, at=at))
