"""Whom a piece of news concerns, and the few words it may say. In the system's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.conflicts.models import CaseFact, ConflictCase, Party
from openprm.conflicts.promisekinds import EXPLANATION
from openprm.conflicts.queries.ties import REVIEW, ties_of
from openprm.conflicts.rules.impartiality import bias_of
from openprm.conflicts.wording import ACTIVITY, label_of
from openprm.identity import queries as identity
from openprm.partners import queries as partners
from openprm.promises import queries as promises

SPEAK = "conflicts.speak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`explainers` are our person and the partner's manager; `judges` are those without ties."""

    case_id: UUID
    partner: str
    about: str
    touch: str
    touched_at: datetime | None
    claimants: tuple[UUID, ...]
    respondents: tuple[UUID, ...]
    explainers: tuple[UUID, ...]
    managers: tuple[UUID, ...]
    judges: tuple[UUID, ...]
    reviewer_id: UUID | None
    first_reviewer_id: UUID | None
    appeal_reviewer_id: UUID | None
    statements_due_at: datetime
    explain_by: datetime | None
    appeal_until: datetime | None
    is_revealed: bool
    ended_reason: str


def told(case_id: UUID) -> Told:
    case = ConflictCase.objects.select_related("partner").one(case_id)
    touch = CaseFact.objects.filter(case=case, kind="touch", reader=None).order_by("happened_at").last()
    managers = tuple(filter(None, map(partners.manager_of, case.party_ids)))
    return Told(
        case_id=case.pk, partner=case.partner.name, about=case.subject_label, touch=label_of(ACTIVITY, touch.values["kind"]) if touch else "",
        touched_at=touch.happened_at if touch else None, claimants=_people(case.partner_id), respondents=_people(case.other_partner_id),
        explainers=_explainers(case, managers) if case.other_partner_id is None else (), managers=managers, judges=_judges(case),
        reviewer_id=case.reviewer_id, first_reviewer_id=case.first_reviewer_id, appeal_reviewer_id=case.appeal_reviewer_id,
        statements_due_at=case.statements_due_at, explain_by=_explain_by(case), appeal_until=case.appeal_until, is_revealed=case.revealed_at is not None,
        ended_reason=case.ended_reason,
    )  # fmt: skip


def _people(partner_id: UUID | None) -> tuple[UUID, ...]:
    return tuple(one.id for one in identity.holders_of(SPEAK, partner_id) if one.id) if partner_id else ()


def _explainers(case: ConflictCase, managers: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Our person, who answers for the customer, and who manages the partner."""
    facts = accounts.sales_facts([case.account_id]).get(case.account_id) if case.account_id else None
    owner_id = facts.owner_id if facts else None
    return tuple(dict.fromkeys(filter(None, (case.rep_id, owner_id, *managers))))


def _judges(case: ConflictCase) -> tuple[UUID, ...]:
    ties = ties_of(case)
    return tuple(one.id for one in identity.holders_of(REVIEW) if one.id and bias_of(one.id, ties) is None)


def _explain_by(case: ConflictCase) -> datetime | None:
    party = Party.objects.filter(case=case, partner=None).first()
    clock = promises.clock(party.pk, EXPLANATION, case.opened_at) if party else None
    return clock.due_at if clock else None
