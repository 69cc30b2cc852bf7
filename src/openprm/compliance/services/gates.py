"""Holding the gates where the policies want them: closed for what lapsed, at its moment, open for what was cured."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.compliance.models import Certificate, CertificateKind, Flag, GatePolicy, Reply, RiskCase, Verification
from openprm.compliance.models.papers import PROOF_KINDS
from openprm.compliance.rules import gates as rules
from openprm.compliance.rules.cases import State
from openprm.compliance.wording import gate_words
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.partners import services as partner_services

SOURCE = "compliance"


def refresh_gates(*, partner_id: UUID, at: datetime) -> None:
    """Close and lift what the policies ask for, and nothing else. Doing it again changes nothing."""
    with system_scope():
        case = RiskCase.objects.filter(partner_id=partner_id).first()
        wanted = rules.wanted(_policies(), _standing(case, at)) if case else ()
        _lift_others(partner_id, {(gate.key, action) for gate in wanted for action in gate.policy.actions}, at)
        for gate in wanted:
            _close(partner_id, gate, at)


def _close(partner_id: UUID, gate: rules.Wanted, at: datetime) -> None:
    reason, cure, url = gate_words(gate.policy, _subject_name(gate.policy), is_missing=gate.missing)
    partner_services.close_gate(
        actor=SYSTEM, partner_id=partner_id, actions=gate.policy.actions, source=SOURCE, key=gate.key, reason=reason, cure=cure, cure_url=url,
        since=gate.since, at=at,
    )  # fmt: skip


def _lift_others(partner_id: UUID, wanted: set[tuple[str, str]], at: datetime) -> None:
    standing = [gate for gate in partners.gates_with_ahead(partner_id, at) if gate.source == SOURCE]
    for gate in standing:
        if (gate.key, gate.action) not in wanted:
            partner_services.lift_gate(actor=SYSTEM, partner_id=partner_id, source=SOURCE, key=gate.key, actions=(gate.action,), at=at)


def _policies() -> list[rules.Policy]:
    return [
        rules.Policy(
            id=row.pk,
            lapse=row.lapse,
            subject=row.subject,
            actions=tuple(row.actions),
            includes_missing=row.includes_missing,
            grace_days=row.grace_days,
            partner_types=tuple(row.partner_types),
            since=row.in_force_since,
        )
        for row in GatePolicy.objects.filter(is_active=True).order_by("lapse", "id")
    ]


def _subject_name(policy: rules.Policy) -> str:
    if policy.lapse == "certificate":
        return CertificateKind.objects.filter(code=policy.subject).values_list("name", flat=True).first() or policy.subject
    return str(PROOF_KINDS.get(policy.subject, _("The")))


def _standing(case: RiskCase, at: datetime) -> rules.Standing:
    """Where the partner stands, in five queries."""
    return rules.Standing(
        partner_type=partners.partner(SYSTEM, case.partner_id).type,
        known_since=case.opened_at,
        due_diligence=rules.Cover(case.approved_until),
        declined_at=case.decided_at if case.state == State.DECLINED else None,
        red_flag_at=_red_flag_at(case, at),
        esg=rules.Cover(_esg_until(case.partner_id)),
        certificates=_certificates(case.partner_id),
        verifications=_verifications(case.partner_id),
    )


def _red_flag_at(case: RiskCase, at: datetime) -> datetime | None:
    """When the oldest open flag was raised, while an approval stands; before that nothing was opened that could be closed."""
    if case.approved_until is None or case.approved_until <= at:
        return None
    return Flag.objects.filter(case=case, state=Flag.State.OPEN).order_by("raised_at").values_list("raised_at", flat=True).first()


def _esg_until(partner_id: UUID) -> datetime | None:
    rows = Reply.objects.filter(partner_id=partner_id, case=None, valid_until__isnull=False).order_by("-valid_until")
    return rows.values_list("valid_until", flat=True).first()


def _certificates(partner_id: UUID) -> dict[str, rules.Cover]:
    """The last end of each kind; one that was taken back ended when it was, unless another holds."""
    rows = Certificate.objects.filter(partner_id=partner_id, verified_at__isnull=False).values_list("kind__code", "valid_until", "ended_at")
    ends: dict[str, datetime] = {}
    for code, until, ended_at in rows:
        end = min(until, ended_at) if ended_at else until
        ends[code] = max(end, ends.get(code, end))
    return {code: rules.Cover(end) for code, end in ends.items()}


def _verifications(partner_id: UUID) -> dict[str, rules.Cover]:
    rows = Verification.objects.filter(partner_id=partner_id).values_list("kind", "state", "approved_until", "decided_at")
    covers = {kind: rules.Cover(until, decided_at if state == "declined" and until else None) for kind, state, until, decided_at in rows}
    return {kind: cover for kind, cover in covers.items() if cover.until}
