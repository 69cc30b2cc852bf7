"""The deals that account mapping reads: open and decided ones, each with its company, in the system's scope."""

from collections.abc import Iterator
from uuid import UUID

from openprm.deals.models import Opportunity, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.mapping.ports import DealRow

OPEN = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.PENDING_APPROVAL, Status.APPROVED, Status.RETURNED)
_STATE = {Status.CLOSED_WON: "won", Status.CLOSED_LOST: "lost"} | dict.fromkeys(OPEN, "open")


def deals(partner_id: UUID | None) -> Iterator[DealRow]:
    """Registrations, and the opportunities that are not the shadow of one: of a partner, or with None of everybody."""
    rows = Registration.objects.filter(status__in=list(_STATE))
    for row in (rows.filter(partner=partner_id) if partner_id else rows).select_related("account").order_by("pk").iterator(chunk_size=2_000):
        yield _of_registration(row)
    others = Opportunity.objects.filter(registration=None, account__isnull=False)
    for row in (others.filter(partner=partner_id) if partner_id else others).select_related("account").order_by("pk").iterator(chunk_size=2_000):
        yield _of_opportunity(row)


def _of_registration(row: Registration) -> DealRow:
    account = row.account
    return DealRow(
        id=str(row.pk),
        account_id=row.account_id,
        partner_id=row.partner_id,
        name=account.name if account else row.customer_name,
        domain=(account.domain if account else "") or row.customer_domain,
        country=(account.country if account else "") or row.customer_country,
        city=(account.city if account else "") or row.customer_city,
        minor=row.amount_minor,
        currency=row.currency,
        stage=row.stage,
        state=_STATE[Status(row.status)],
        decided_at=row.closed_at,
    )


def _of_opportunity(row: Opportunity) -> DealRow:
    return DealRow(
        id=str(row.pk),
        account_id=row.account_id,
        partner_id=row.partner_id,
        name=row.account.name,
        domain=row.account.domain,
        country=row.account.country,
        city=row.account.city,
        minor=row.amount_minor or 0,
        currency=row.currency or "EUR",
        stage=row.stage,
        state=row.status,
        decided_at=row.closed_at,
    )
