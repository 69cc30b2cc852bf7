"""Certificates and owners: given by the partner, checked by the vendor."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.events import CertificateChecked, CertificateSubmitted, ComplianceLapsed
from openprm.compliance.models import Certificate, CertificateKind, Owner, RiskCase
from openprm.compliance.rules.cases import State
from openprm.compliance.services import documents
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import CERTIFICATE, ForbiddenMove, as_system, choice, country, end_of, load, record, save, start_clock, text
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.promises import services as promises

MOST_OWNERS, MOST_CERTIFICATES = 60, 100


@transaction.atomic
def add_certificate(
    *, actor: Actor, partner_id: UUID, kind: str, issuer: str, issued_on: date, expires_on: date, number: str = "", level: str = "",
    file: tuple[str, bytes] | None = None, external: tuple[str, str] = ("", ""), at: datetime,
) -> UUID:  # fmt: skip
    """Put a certificate into the register, with its file. A partner's waits for the vendor's check.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    partners.partner(actor, partner_id)
    _refuse_unless_giver(actor, partner_id)
    certificate = _certificate(partner_id, kind, issuer, issued_on, expires_on, number, level, at)
    if not external[1] and file is None:
        raise Invalid(_("Add the certificate as a file."), field="file", code="required")
    if Certificate.objects.filter(partner_id=partner_id).count() >= MOST_CERTIFICATES:
        raise Conflict(_("A partner keeps at most %(most)d certificates.") % {"most": MOST_CERTIFICATES})
    certificate.external_source, certificate.external_id = external
    certificate.save(force_insert=True)
    if file:
        documents.keep(actor, certificate, *file, at)
    record(actor, "compliance.certificate_added", certificate, data={"kind": str(certificate.kind)}, at=at)
    with as_system(actor):
        start_clock(CERTIFICATE, certificate, partner_id, at)
    publish(CertificateSubmitted(certificate_id=certificate.pk, partner_id=partner_id, actor_id=actor.user_id, at=at))
    return certificate.pk


def _refuse_unless_giver(actor: Actor, partner_id: UUID) -> None:
    if actor.sees_all_partners:
        refuse_if(policies.why_not_review(actor))
    else:
        refuse_if(policies.why_not_answer(actor, partner_id))


def _certificate(partner_id: UUID, kind: str, issuer: str, issued_on: date, expires_on: date, number: str, level: str, at: datetime) -> Certificate:
    known = CertificateKind.objects.filter(code=kind, is_active=True).first()
    if known is None:
        raise Invalid(_("Choose a kind of certificate from the list."), field="kind")
    if expires_on <= issued_on:
        raise Invalid(_("A certificate ends after it is issued. Check the two dates."), field="expires_on")
    if issued_on > at.date():
        raise Invalid(_("This day lies ahead. Give the day on which it was issued."), field="issued_on")
    if expires_on < at.date():
        raise Invalid(_("This certificate has run out already. Add the one that followed it."), field="expires_on")
    return Certificate(
        partner_id=partner_id,
        kind=known,
        issuer=text("issuer", issuer, longest=200),
        number=text("number", number, longest=120, required=False),
        level=text("level", level, longest=60, required=False),
        issued_on=issued_on,
        expires_on=expires_on,
        submitted_at=at,
        valid_until=end_of(expires_on, partner_id),
    )


@transaction.atomic
def check_certificate(*, actor: Actor, certificate_id: UUID, verified: bool, note: str = "", version: int | None = None, at: datetime) -> None:
    """Verify a certificate, or reject it with a reason (also later, when it was taken back). Raises NotFound, NotAllowed, Invalid, Stale."""
    certificate = load(policies.reach_certificates(actor).select_related("kind"), certificate_id, version)
    refuse_if(policies.why_not_check_certificate(actor, certificate))
    before, was = certificate.snapshot(), certificate.state
    if verified and was != Certificate.State.SUBMITTED:
        raise ForbiddenMove(_("This certificate is verified already."))
    certificate.note = text("note", note, longest=2000, required=not verified, lines=True)
    certificate.state = Certificate.State.VERIFIED if verified else Certificate.State.REJECTED
    certificate.verified_by_id = actor.user_id
    certificate.verified_at = at if verified else certificate.verified_at
    certificate.ended_at = None if verified else at
    save(certificate, "state", "note", "verified_by", "verified_at", "ended_at")
    record(
        actor, "compliance.certificate_verified" if verified else "compliance.certificate_rejected", certificate, before=before, note=certificate.note, at=at
    )
    promises.keep(subject_id=certificate.pk, code=CERTIFICATE, at=at)
    refresh_gates(partner_id=certificate.partner_id, at=at)
    publish(CertificateChecked(certificate_id=certificate.pk, partner_id=certificate.partner_id, verified=verified, actor_id=actor.user_id, at=at))
    if was == Certificate.State.VERIFIED:
        publish(ComplianceLapsed(partner_id=certificate.partner_id, what=f"certificate:{certificate.kind.code}", reason=certificate.note, at=at))


@transaction.atomic
def withdraw_certificate(*, actor: Actor, certificate_id: UUID, at: datetime) -> None:
    """Take a certificate back that waits for its check. Raises NotFound, NotAllowed, ForbiddenMove."""
    certificate = load(policies.reach_certificates(actor), certificate_id)
    _refuse_unless_giver(actor, certificate.partner_id)
    if certificate.state != Certificate.State.SUBMITTED:
        raise ForbiddenMove(_("Only a certificate that waits for its check can be taken back."))
    before = certificate.snapshot()
    certificate.state = Certificate.State.WITHDRAWN
    save(certificate, "state")
    record(actor, "compliance.certificate_withdrawn", certificate, before=before, at=at)
    with as_system(actor):
        promises.cancel(subject_id=certificate.pk, code=CERTIFICATE, at=at)


OWNER_FIELDS = ("name", "kind", "role", "country", "birth_year", "share_percent", "is_official")


@transaction.atomic
def add_owner(*, actor: Actor, partner_id: UUID, values: Mapping[str, Any], at: datetime) -> UUID:
    """Name an owner or director. The name is screened with the next screening. Raises NotFound, NotAllowed, Invalid, Conflict."""
    partners.partner(actor, partner_id)
    _refuse_unless_giver(actor, partner_id)
    if Owner.objects.filter(partner_id=partner_id).count() >= MOST_OWNERS:
        raise Conflict(_("At most %(most)d owners and directors can be named.") % {"most": MOST_OWNERS})
    owner = Owner(partner_id=partner_id, **_owner(values, at))
    with refused_by("owner_once_per_role", Conflict(_("This name is there with the same role already."), field="name")):
        owner.save(force_insert=True)
    record(actor, "compliance.owner_added", owner, note=owner.name, at=at)
    return owner.pk


def _owner(values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "name": text("name", values.get("name"), longest=200),
        "kind": choice("kind", values.get("kind") or "person", ("person", "entity")),
        "role": choice("role", values.get("role") or "owner", Owner.Role.values),
        "country": country("country", values.get("country")),
        "birth_year": _whole("birth_year", values.get("birth_year"), 1900, at.year - 15),
        "share_percent": _whole("share_percent", values.get("share_percent"), 0, 100),
        "is_official": bool(values.get("is_official")),
    }


def _whole(field: str, value: Any, least: int, most: int) -> int | None:
    if value in (None, ""):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Invalid(_("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}, field=field)
    return value


@transaction.atomic
def remove_owner(*, actor: Actor, owner_id: UUID, at: datetime) -> None:
    """Take an owner off, unless the case is decided on these names now. Raises NotFound, NotAllowed."""
    owner = policies.reach_owners(actor).locked().one(owner_id)
    _refuse_unless_giver(actor, owner.partner_id)
    under_review = (State.ANSWERED, State.SCREENING, State.CLEARED)
    if actor.is_partner and RiskCase.objects.filter(partner_id=owner.partner_id, state__in=under_review).exists():
        raise NotAllowed(_("Your due diligence is being decided on these names. Ask the person who looks after you."))
    record(actor, "compliance.owner_removed", owner, before=owner.snapshot(), after={}, note=owner.name, at=at)
    owner.delete()
