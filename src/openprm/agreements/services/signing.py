"""Accepting, declining and countersigning a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.agreements import policies, queries
from openprm.agreements.events import AgreementAccepted, AgreementCountersigned, AgreementDeclined
from openprm.agreements.models import Acceptance
from openprm.agreements.rules import canonical, states, strokes
from openprm.agreements.services import asking, checks
from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.promises import services as promises

COUNTERSIGNATURE = "agreements.countersignature"


class AlreadySigned(Conflict):
    """Somebody of the company signed this version before."""


class NoLongerOpen(Conflict):
    """A later version has taken its place, or it is no longer asked."""


class TextHasChanged(Conflict):
    """What the person read is not what would be signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """From where a signature came: the network address and the program, as the server saw them."""

    ip_address: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How a person signs: the name as typed, the position, and the drawn strokes if any."""

    name: str
    title: str = ""
    drawn: str | Sequence[Sequence[Sequence[int]]] = ""


@transaction.atomic
def accept(*, actor: Actor, acceptance_id: UUID, sha256: str, pen: Pen, is_confirmed: bool, origin: Origin, at: datetime) -> UUID:
    """Sign a version for one's company; gives the id of the audit event. `sha256` is the hash of the text that was read.

    Of two people who sign at once, one does. What closed without the signature opens in the same transaction.
    Raises NotFound, NotAllowed, Invalid, AlreadySigned, NoLongerOpen, TextHasChanged.
    """
    row = _open_for(actor, acceptance_id)
    if row.version.sha256 != sha256:
        raise TextHasChanged(_("The text is not the one you read. Nothing was signed. Open it again and read it once more."))
    before = {"status": row.status}
    _sign(row, actor, pen, is_confirmed, origin, at)
    row.event_id = audit.record(
        actor, "agreement.accepted", row, before=before, after={"status": row.status, "signed_name": row.signed_name, "signed_title": row.signed_title},
        data=_proof(row), private={"ip_address": row.ip_address, "user_agent": row.user_agent}, at=at, **_seen_by(row),
    )  # fmt: skip
    row.save()
    asking.lift(row, at)
    asking.overtake(row, at)
    _promise_countersignature(row, at)
    publish(AgreementAccepted(is_complete=not queries.is_anything_open(row.partner_id), **_about(row, actor, at)))
    return row.event_id


@transaction.atomic
def decline(*, actor: Actor, acceptance_id: UUID, reason: str, at: datetime) -> None:
    """Say no, with a reason that the vendor reads. It can still be signed later. Raises NotFound, NotAllowed, Invalid, AlreadySigned, NoLongerOpen."""
    row = _open_for(actor, acceptance_id)
    row.decline_reason = checks.paragraph("reason", reason, longest=1000, required=True)
    row.status, row.declined_at, row.declined_by_name = Acceptance.Status.DECLINED, at, actor.name[:200]
    row.save()
    audit.record(actor, "agreement.declined", row, after={}, note=row.decline_reason, data={"version": row.version.number}, at=at, **_seen_by(row))
    publish(AgreementDeclined(reason=row.decline_reason, **_about(row, actor, at)))


@transaction.atomic
def countersign(*, actor: Actor, acceptance_id: UUID, name: str, title: str = "", at: datetime) -> UUID:
    """Sign on the vendor's side what a partner signed; gives the audit event. Raises NotFound, NotAllowed, Invalid, NoLongerOpen, AlreadySigned."""
    row = policies.reach_acceptances(actor).locked().one(acceptance_id)
    refuse_if(policies.why_not_countersign(actor, row))
    if row.status != Acceptance.Status.ACCEPTED:
        raise NoLongerOpen(_("The partner has not signed this yet."))
    if row.countersigned_at:
        raise AlreadySigned(_("%(name)s countersigned this before.") % {"name": row.countersigned_name})
    row.countersigned_name = checks.line("name", name, longest=120, required=True)
    row.countersigned_title = checks.line("title", title, longest=120)
    row.countersigned_at, row.countersigned_by = at, actor.user_id
    after = {"countersigned_name": row.countersigned_name, "countersigned_title": row.countersigned_title}
    row.countersign_event_id = audit.record(actor, "agreement.countersigned", row, before={}, after=after, data=_proof(row), at=at, **_seen_by(row))
    row.save()
    promises.keep(subject_id=row.pk, code=COUNTERSIGNATURE, at=at)
    about = {"acceptance_id": row.pk, "document_id": row.document_id, "version_id": row.version_id, "partner_id": row.partner_id}
    publish(AgreementCountersigned(**about, actor_id=actor.user_id, at=at))
    return row.countersign_event_id


def _open_for(actor: Actor, acceptance_id: UUID) -> Acceptance:
    asking.one_at_a_time(policies.reach_acceptances(actor).select_related(None).only("partner_id").one(acceptance_id).partner_id)
    row = policies.reach_acceptances(actor).locked().one(acceptance_id)
    refuse_if(policies.why_not_sign(actor, row, is_named=queries.is_named(actor)))
    if row.status == Acceptance.Status.ACCEPTED:
        raise AlreadySigned(_("%(name)s signed this version for your company before.") % {"name": row.signed_name})
    if row.status not in states.OPEN:
        raise NoLongerOpen(_("This version is no longer open: a later one has taken its place. Nothing was signed."))
    return row


def _sign(row: Acceptance, actor: Actor, pen: Pen, is_confirmed: bool, origin: Origin, at: datetime) -> None:
    if not is_confirmed:
        raise Invalid(_("Tick that you have read it and may sign for your company."), field="confirm", code="required")
    row.strokes = _drawn(pen.drawn)
    row.signed_name = checks.line("name", pen.name, longest=120, required=True)
    row.signed_title = checks.line("title", pen.title, longest=120)
    row.signed_for = (row.partner.organization.legal_name or row.partner.organization.name)[:200]
    row.status, row.signed_at, row.signed_by, row.signer_account = Acceptance.Status.ACCEPTED, at, actor.user_id, actor.email[:320]
    row.sha256 = row.version.sha256
    row.ip_address, row.user_agent = origin.ip_address or None, canonical.clean_line(origin.user_agent)[:300]
    row.fingerprint = canonical.fingerprint_of(queries.signature_facts(row))


def _drawn(drawn: str | Sequence[Sequence[Sequence[int]]]) -> list[list[list[int]]]:
    try:
        found = strokes.read(drawn) if isinstance(drawn, str) else strokes.checked(drawn)
    except strokes.BadStrokes as problem:
        raise Invalid(str(_STROKES[str(problem)]()), field="drawn") from None
    return [[list(point) for point in stroke] for stroke in found]


_STROKES = {
    "form": lambda: _("The drawing could not be read. Clear it and draw again, or leave it empty and sign with your typed name."),
    "size": lambda: _("The drawing is too large. Clear it and draw a simpler one, or leave it empty."),
    "empty": lambda: _("The drawing is only a dot. Clear it and draw again, or leave it empty."),
}


def _promise_countersignature(row: Acceptance, at: datetime) -> None:
    if row.document.needs_countersignature:
        refs = (row.document_id, row.partner_id)
        with system_scope():
            promises.start(actor=SYSTEM, code=COUNTERSIGNATURE, subject=row, partner_id=row.partner_id, program_id=row.document.program_id, refs=refs, at=at)


def _proof(row: Acceptance) -> dict:
    """What the sealed event ties to this moment: the text and the signature."""
    return {"version": row.version.number, "sha256": row.sha256, "fingerprint": row.fingerprint}


def _seen_by(row: Acceptance) -> dict:
    return {"refs": (row.version_id, row.partner_id), "visible_to": (row.partner_id,)}


def _about(row: Acceptance, actor: Actor, at: datetime) -> dict:
    return {
        "acceptance_id": row.pk, "document_id": row.document_id, "version_id": row.version_id, "code": row.document.code, "kind": row.document.kind,
        "number": row.version.number, "partner_id": row.partner_id, "program_id": row.document.program_id, "actor_id": actor.user_id, "at": at,
    }  # fmt: skip
