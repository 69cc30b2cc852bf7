"""What the system itself knows about a case, written down when it is opened: once for the vendor in full, once for each partner without the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.activities import queries as activities
from openprm.conflicts.models import CaseFact, ConflictCase
from openprm.conflicts.queries.outlook import founded_before
from openprm.conflicts.rules.lifecycle import CaseType, Side
from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM
from openprm.rulebook import queries as rulebook

RULES_OF = {
    CaseType.DIRECT: ("deals.protection", "conflicts.sentinel", "conflicts.remedy"),
    CaseType.PARTNERS: ("deals.protection", "conflicts.remedy"),
    CaseType.CREDIT: ("conflicts.remedy",),
    CaseType.REJECTION: ("deals.decision", "conflicts.remedy"),
    CaseType.LEAD: ("conflicts.remedy",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One thing on file: `values` is what its owner and the vendor read, `outside` what the other side may read (None: nothing)."""

    kind: str
    source_id: str
    about: Side
    happened_at: datetime | None
    values: dict[str, Any]
    outside: dict[str, Any] | None = field(default=None)
    is_internal: bool = False


def write_facts(case: ConflictCase, at: datetime) -> int:
    """Write down what is on file now. Safe to repeat: each thing is written once for each reader. Gives how many rows are new."""
    known = [*_of_deals(case, at), *_of_rules(case), *_of_work(case, at), *_of_prior(case, at)]
    return keep(case, known)


def keep(case: ConflictCase, known: list[Known]) -> int:
    rows = [row for one in known for row in _rows(case, one)]
    before = CaseFact.objects.filter(case=case).count()
    CaseFact.objects.bulk_create(rows, ignore_conflicts=True)
    return CaseFact.objects.filter(case=case).count() - before


def _rows(case: ConflictCase, one: Known) -> Iterator[CaseFact]:
    """The vendor's row, and one for each partner that may know of it."""
    common = {"case": case, "kind": one.kind, "source_id": one.source_id[:80], "about": one.about, "happened_at": one.happened_at}
    yield CaseFact(**common, reader_id=None, values=one.values)
    for partner_id in () if one.is_internal else case.party_ids:
        values = one.values if _owns(case, partner_id, one.about) else one.outside
        if values is not None:
            yield CaseFact(**common, reader_id=partner_id, values=values)


def _owns(case: ConflictCase, partner_id: UUID, about: Side) -> bool:
    return partner_id == (case.partner_id if about == Side.CLAIMANT else case.other_partner_id)


def _of_deals(case: ConflictCase, at: datetime) -> Iterator[Known]:
    for registration_id, side in ((case.registration_id, Side.CLAIMANT), (case.other_registration_id, Side.RESPONDENT)):
        if registration_id:
            yield from _of_deal(deals.dossier(registration_id, at), side)


def _of_deal(found: deals.Dossier, side: Side) -> Iterator[Known]:
    values = {"number": found.number, "status": found.status, "customer": found.customer}
    yield Known(
        kind="registration", source_id=str(found.id), about=side, happened_at=found.submitted_at, values=values, outside={"status": found.status}
    )  # fmt: skip
    for grant in found.grants:
        span = {"starts_at": grant.starts_at.isoformat(), "ends_at": grant.ends_at.isoformat(), "is_live": grant.is_live}
        full = {**span, "product_line": grant.product_line, "territory": grant.territory, "number": found.number}
        yield Known(kind="protection", source_id=str(grant.id), about=side, happened_at=grant.starts_at, values=full, outside=span)
    for position, one in enumerate(found.decisions):
        values = {"kind": one.kind, "clause": one.clause, "text": one.clause_text, "version": one.rule_version, "automatic": one.automatic}
        yield Known(
            kind="decision", source_id=f"{found.id}:{position}", about=side, happened_at=one.at, values=values | {"number": found.number}
        )  # fmt: skip


def _of_rules(case: ConflictCase) -> Iterator[Known]:
    for kind in RULES_OF[CaseType(case.type)]:
        line = rulebook.in_force(kind=kind, program_id=case.program_id, at=case.opened_at)
        if line:
            values = {"kind": kind, "version": line.number, "version_id": str(line.id)}
            yield Known(
                kind="rule", source_id=kind, about=Side.CLAIMANT, happened_at=line.effective_at, values=values, outside=values
            )  # fmt: skip


def _of_work(case: ConflictCase, at: datetime) -> Iterator[Known]:
    """What each partner logged on its deal: the count and the last day; and how often our own people were there, for us."""
    for registration_id, partner_id, side in (
        (case.registration_id, case.partner_id, Side.CLAIMANT),
        (case.other_registration_id, case.other_partner_id, Side.RESPONDENT),
    ):
        if registration_id and partner_id and case.account_id:
            work = activities.work_on(registration_id, partner_id=partner_id, account_id=case.account_id)
            last = max((one.occurred_at for one in work), default=None)
            values = {"count": len(work), "verified": sum(one.is_verified for one in work)}
            yield Known(kind="activity", source_id=str(registration_id), about=side, happened_at=last, values=values)
    if case.account_id:
        ours = [one for one in activities.of_account(SYSTEM, case.account_id, until=at) if getattr(one, "side", "") == "vendor"]
        last = max((one.occurred_at for one in ours), default=None)
        yield Known(
            kind="activity", source_id="vendor", about=Side.RESPONDENT, happened_at=last, values={"count": len(ours), "ours": True}, is_internal=True
        )  # fmt: skip


def _of_prior(case: ConflictCase, at: datetime) -> Iterator[Known]:
    if case.rep_id:
        values = {"count": founded_before(case, at)}
        yield Known(kind="prior", source_id=str(case.rep_id), about=Side.RESPONDENT, happened_at=None, values=values, is_internal=True)
