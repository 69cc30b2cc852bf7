"""Who is told about compliance, on both sides. Read in the system's scope."""

from dataclasses import dataclass
from uuid import UUID

from openprm.compliance.models import Certificate, Reply, RiskCase
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The people of a piece of news and the partner's name."""

    partner_id: UUID
    partner: str
    partner_people: frozenset[UUID]
    vendor_people: frozenset[UUID]


def told(partner_id: UUID) -> Told:
    """The partner's administrators; its manager, or all who work on due diligence when it has none."""
    manager = partners.manager_of(partner_id)
    reviewers = {person.id for person in identity.holders_of("compliance.review") if person.id}
    answering = {person.id for person in identity.holders_of("compliance.answer", partner_id) if person.id}
    return Told(
        partner_id=partner_id,
        partner=identity.organization(SYSTEM, partner_id).name,
        partner_people=frozenset(answering),
        vendor_people=frozenset({manager} if manager else reviewers),
    )


def approvers_of(case_id: UUID) -> frozenset[UUID]:
    """Who may approve this case: administrators, or the partner's manager and administrators."""
    case = RiskCase.objects.filter(pk=case_id).first()
    people = [person for person in identity.holders_of("compliance.approve") if person.id]
    if case is None or case.approver == "vendor_admin":
        return frozenset(person.id for person in people if person.role == "vendor_admin")
    manager = partners.manager_of(case.partner_id)
    return frozenset({manager} if manager else {person.id for person in people})


def case_id_of(partner_id: UUID) -> UUID | None:
    return RiskCase.objects.filter(partner_id=partner_id).values_list("pk", flat=True).first()


def reply_words(reply_id: UUID) -> tuple[str, str, UUID | None]:
    """(title of the questionnaire, message, case) of a reply."""
    row = Reply.objects.select_related("questionnaire").get(pk=reply_id)
    return row.questionnaire.title, row.message, row.case_id


def certificate_words(certificate_id: UUID) -> tuple[str, str]:
    """(kind, note) of a certificate."""
    row = Certificate.objects.select_related("kind").get(pk=certificate_id)
    return row.kind.name, row.note


def partners_with_a_case() -> list[UUID]:
    return list(RiskCase.objects.order_by("pk").values_list("partner_id", flat=True))


def decision_note(case_id: UUID) -> str:
    return RiskCase.objects.values_list("decision_note", flat=True).get(pk=case_id)
