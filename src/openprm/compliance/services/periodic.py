"""What time does: reminders before an end, renewals, lapses at their moment. Each step is taken once, however often it is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.compliance.events import ComplianceLapsed, RenewalDue
from openprm.compliance.models import Certificate, RiskCase, Verification
from openprm.compliance.rules.cases import RENEW_BEFORE, Proof, State, reminder_due
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import move, record, save
from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish

AT_ONCE = 200
HORIZON = timedelta(days=60)


def expire(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Lapse what is over; gives how many. A full batch is to be followed by another."""
    return sum(step(at, limit) for step in (_lapse_cases, _expire_certificates, _expire_verifications))


def _lapse_cases(at: datetime, limit: int) -> int:
    rows = RiskCase.objects.filter(approved_until__lte=at, lapsed_at=None).locked()[:limit]
    for case in rows:
        before = case.snapshot()
        case.lapsed_at = at
        if case.state in (State.APPROVED, State.RENEWAL):
            move(case, State.LAPSED, "lapsed_at")
        else:
            save(case, "lapsed_at")
        record(SYSTEM, "compliance.lapsed", case, before=before, at=at)
        _lapsed(case.partner_id, "due_diligence", at)
    return len(rows)


def _expire_certificates(at: datetime, limit: int) -> int:
    rows = Certificate.objects.filter(state=Certificate.State.VERIFIED, valid_until__lte=at).select_related("kind").locked()[:limit]
    for certificate in rows:
        before = certificate.snapshot()
        certificate.state = Certificate.State.EXPIRED
        save(certificate, "state")
        record(SYSTEM, "compliance.certificate_expired", certificate, before=before, data={"kind": str(certificate.kind)}, at=at)
        if not _has_newer(certificate, at):
            _lapsed(certificate.partner_id, f"certificate:{certificate.kind.code}", at)
    return len(rows)


def _has_newer(certificate: Certificate, at: datetime) -> bool:
    return Certificate.objects.filter(
        partner_id=certificate.partner_id, kind=certificate.kind_id, state=Certificate.State.VERIFIED, valid_until__gt=at
    ).exists()  # fmt: skip


def _expire_verifications(at: datetime, limit: int) -> int:
    rows = Verification.objects.filter(state=Proof.APPROVED, approved_until__lte=at).locked()[:limit]
    for verification in rows:
        before = verification.snapshot()
        verification.state = Proof.EXPIRED
        save(verification, "state")
        record(SYSTEM, "compliance.verification_expired", verification, before=before, data={"kind": verification.kind}, at=at)
        _lapsed(verification.partner_id, f"verification:{verification.kind}", at)
    return len(rows)


def _lapsed(partner_id: UUID, what: str, at: datetime) -> None:
    refresh_gates(partner_id=partner_id, at=at)
    publish(ComplianceLapsed(partner_id=partner_id, what=what, reason="", at=at))


def remind(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Tell both sides 60, 30 and 7 days before an end, and open the renewal of a case; gives how many were told."""
    cases = RiskCase.objects.filter(state__in=(State.APPROVED, State.RENEWAL), approved_until__gt=at, approved_until__lte=at + RENEW_BEFORE)
    certificates = Certificate.objects.filter(state=Certificate.State.VERIFIED, valid_until__gt=at, valid_until__lte=at + HORIZON).select_related("kind")
    told = sum(_remind(case, case.approved_until, "due_diligence", at, _renew) for case in cases.locked()[:limit])
    return told + sum(
        _remind(one, one.valid_until, f"certificate:{one.kind.code}", at) for one in certificates.locked()[:limit] if not _is_followed(one)
    )  # fmt: skip


def _is_followed(certificate: Certificate) -> bool:
    return Certificate.objects.filter(
        partner_id=certificate.partner_id, kind=certificate.kind_id, state__in=("submitted", "verified"), valid_until__gt=certificate.valid_until
    ).exists()  # fmt: skip


def _remind(row: Any, until: datetime, what: str, at: datetime, also: Callable[[RiskCase, datetime], None] | None = None) -> int:
    days = (until - at).days
    step = reminder_due(days, row.reminded)
    if step is None:
        return 0
    row.reminded = [*row.reminded, step]
    save(row, "reminded")
    if also:
        also(row, at)
    publish(RenewalDue(partner_id=row.partner_id, what=what, subject_id=row.pk, name=str(getattr(row, "kind", "")), days=days, until=until, at=at))
    return 1


def _renew(case: RiskCase, at: datetime) -> None:
    if case.state == State.APPROVED:
        before = case.snapshot()
        move(case, State.RENEWAL)
        record(SYSTEM, "compliance.renewal_due", case, before=before, at=at)
