"""Who hears a piece of news about earnings, and what it may say. Read in the system's scope, by jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from openprm.earnings.models import Adjustment, Bounty, Earning, Statement
from openprm.identity import queries as identity
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    id: UUID
    number: str
    label: str
    about: str
    money: Money
    user_id: UUID | None


def lines(ids: Iterable[UUID]) -> list[ToldLine]:
    rows = Earning.objects.filter(pk__in=list(ids)).order_by("number")
    return [
        ToldLine(id=row.pk, number=row.number, label=row.label, about=row.about, money=Money(row.amount_minor, row.currency), user_id=row.user_id)
        for row in rows
    ]  # fmt: skip


def money_people(partner_id: UUID) -> frozenset[UUID]:
    """The people of a partner who handle its money."""
    return frozenset(person.id for person in identity.holders_of("earnings.view_company", partner_id) if person.id)


def reviewers() -> frozenset[UUID]:
    return frozenset(person.id for person in identity.holders_of("earnings.review") if person.id)


def adjusters() -> frozenset[UUID]:
    return frozenset(person.id for person in identity.holders_of("earnings.adjust") if person.id)


def adjustment(adjustment_id: UUID) -> tuple[str, str, Money, UUID | None, str] | None:
    """Number, partner, money, proposer, reason."""
    row = Adjustment.objects.filter(pk=adjustment_id).select_related("partner").first()
    return (row.number, row.partner.name, Money(row.amount_minor, row.currency), row.proposed_by_id, row.decision_reason or row.reason) if row else None


def bounty(bounty_id: UUID) -> tuple[str, str, UUID | None, str] | None:
    """Title, partner, author, reason."""
    row = Bounty.objects.filter(pk=bounty_id).select_related("partner").first()
    return (row.title, row.partner.name, row.user_id, row.decision_reason) if row else None


def statement(statement_id: UUID) -> tuple[UUID, Money] | None:
    row = Statement.objects.filter(pk=statement_id).first()
    return (row.partner_id, Money(row.closing_minor, row.currency)) if row else None
