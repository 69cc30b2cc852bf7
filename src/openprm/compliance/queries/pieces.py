"""Rows into values, shared by the queries of both sides."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.compliance import policies
from openprm.compliance.models import Certificate, Document, Owner, Reply, Verification
from openprm.compliance.queries.results import CertificateView, DocumentView, OwnerView, ReplyRow, VerificationView
from openprm.compliance.wording import BUSINESS_TYPES, CERTIFICATE_STATE, FACT, PROOF_KINDS, PROOF_STATE, REPLY_STATE
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor


def document_view(row: Document) -> DocumentView:
    return DocumentView(
        id=row.pk,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        author=row.author_name,
        question=row.question,
        at=row.added_at,
    )


def documents_of(rows: Iterable[Document]) -> tuple[DocumentView, ...]:
    return tuple(document_view(row) for row in sorted(rows, key=lambda row: row.added_at))


def owner_view(row: Owner) -> OwnerView:
    return OwnerView(
        id=row.pk, partner_id=row.partner_id, name=row.name, kind=row.kind, role=row.role, role_label=row.get_role_display(), country=row.country,
        birth_year=row.birth_year, share_percent=row.share_percent, is_official=row.is_official,
    )  # fmt: skip


def reply_row(row: Reply, at: datetime) -> ReplyRow:
    label, tone = REPLY_STATE[row.state]
    return ReplyRow(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.name,
        questionnaire=row.questionnaire.title,
        purpose=row.questionnaire.purpose,
        state=row.state,
        state_label=label,
        state_tone=tone,
        due_at=row.due_at,
        sent_at=row.sent_at,
        submitted_at=row.submitted_at,
        valid_until=row.valid_until,
        score=row.score,
        is_overdue=row.state == Reply.State.SENT and row.due_at < at,
        version=row.version,
        created_at=row.created_at,
    )


def certificate_view(actor: Actor, row: Certificate, at: datetime, *, names: dict[UUID, str] | None = None, files: bool = False) -> CertificateView:
    label, tone = CERTIFICATE_STATE[row.state]
    days = (row.valid_until - at).days
    if row.state == Certificate.State.VERIFIED and days < 60:
        tone = "warn" if days >= 0 else "bad"
    may_give = not (policies.why_not_review(actor) if actor.sees_all_partners else policies.why_not_answer(actor, row.partner_id))
    return CertificateView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, kind=row.kind.name, kind_code=row.kind.code, number=row.number, issuer=row.issuer,
        level=row.level, issued_on=row.issued_on, expires_on=row.expires_on, valid_until=row.valid_until, days_left=days, state=row.state, state_label=label,
        state_tone=tone, note=row.note, submitted_at=row.submitted_at, verified_at=row.verified_at, checked_by=_name(row.verified_by_id, names),
        documents=documents_of(row.documents.all()) if files and actor.can("compliance.view_papers") else (),
        why_not_check=policies.why_not_check_certificate(actor, row),
        why_not_withdraw=None if may_give and row.state == Certificate.State.SUBMITTED else "-", version=row.version, created_at=row.created_at,
    )  # fmt: skip


def verification_view(actor: Actor, row: Verification, *, names: dict[UUID, str] | None = None) -> VerificationView:
    label, tone = PROOF_STATE[row.state]
    return VerificationView(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, kind=row.kind, kind_label=PROOF_KINDS[row.kind], state=row.state, state_label=label,
        state_tone=tone, legal_name=row.legal_name, business_type=row.business_type, business_type_label=BUSINESS_TYPES.get(row.business_type, ""),
        registration_number=row.registration_number, country=row.country, position=row.position, message=row.message, started_at=row.started_at,
        submitted_at=row.submitted_at, decided_at=row.decided_at, decided_by=_name(row.decided_by_id, names), approved_until=row.approved_until,
        documents=documents_of(row.documents.all()), why_not_decide=policies.why_not_decide_verification(actor, row),
        why_not_edit=policies.why_not_edit_verification(actor, row), version=row.version, created_at=row.created_at,
    )  # fmt: skip


def facts_of(rule_inputs: dict[str, str]) -> tuple[tuple[Any, str], ...]:
    return tuple((label, str(rule_inputs[name])) for name, label in FACT.items() if name in rule_inputs)


def names_of(*ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of people by id, in one query."""
    wanted = {one for some in ids for one in some if one}
    return identity.names_of(wanted) if wanted else {}


def _name(user_id: UUID | None, names: dict[UUID, str] | None) -> str:
    return (names or {}).get(user_id, "") if user_id else ""
