"""What a piece of news says about a version or an acceptance. For jobs, in the system's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.agreements.models import Acceptance, Signatory, Version
from openprm.agreements.queries.acceptances import signers_of
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingOfAcceptance:
    acceptance_id: UUID
    document_id: UUID
    partner_id: UUID
    partner: str
    title: str
    number: int
    note: str
    effective_at: datetime
    due_at: datetime
    needs_countersignature: bool
    signed_by: UUID | None
    signed_name: str
    reason: str
    signers: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingOfVersion:
    version_id: UUID
    program_id: UUID | None
    title: str
    number: int
    note: str
    effective_at: datetime
    needs_signature: bool
    signer_roles: tuple[str, ...]


def of_acceptance(acceptance_id: UUID, *, with_signers: bool = True) -> TellingOfAcceptance | None:
    row = Acceptance.objects.select_related("version", "document", "partner__organization").defer("version__text").filter(pk=acceptance_id).first()
    if row is None:
        return None
    return TellingOfAcceptance(
        acceptance_id=row.pk,
        document_id=row.document_id,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        title=row.version.title,
        number=row.version.number,
        note=row.version.note,
        effective_at=row.version.effective_at,
        due_at=row.due_at,
        needs_countersignature=row.document.needs_countersignature,
        signed_by=row.signed_by,
        signed_name=row.signed_name,
        reason=row.decline_reason,
        signers=tuple(signers_of(row)) if with_signers else (),
    )


def of_version(version_id: UUID) -> TellingOfVersion | None:
    row = Version.objects.select_related("document").defer("text").filter(pk=version_id, state=Version.State.PUBLISHED).first()
    if row is None:
        return None
    return TellingOfVersion(
        version_id=row.pk,
        program_id=row.document.program_id,
        title=row.title,
        number=row.number,
        note=row.note,
        effective_at=row.effective_at,
        needs_signature=row.document.needs_signature,
        signer_roles=tuple(row.document.signer_roles) if row.document.needs_signature else (),
    )


def readers_of(told: TellingOfVersion) -> set[UUID]:
    """The active people of the active partners that a version is for, without those who are asked to sign it."""
    filters = {"status": ("active",), **({"program": (told.program_id,)} if told.program_id else {})}
    wanted = set(partners.newest_partners(SYSTEM, filters=filters).order_by("pk").values_list("pk", flat=True))
    named = set(Signatory.objects.values_list("user_id", flat=True)) if told.signer_roles else set()
    everyone = identity.partner_people_rows(SYSTEM, {"state": ("active",)}, "")
    return {
        person.id for person in everyone if person.id and person.organization_id in wanted and person.role not in told.signer_roles and person.id not in named
    }
