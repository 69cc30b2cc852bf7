"""The deals that account mapping reads: open and decided ones, each with its company, in the system's scope."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals import events
from openprm.deals.models import Opportunity, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.kernel.clock import now
from openprm.kernel.jobs import job
from openprm.mapping import services as mapping
from openprm.mapping.ports import DealRow

CHANGES = (events.DealSubmitted, events.DealApproved, events.DealStageMoved, events.DealWon, events.DealLost)
OPEN = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.PENDING_APPROVAL, Status.APPROVED, Status.RETURNED)
_STATE = {Status.CLOSED_WON: "won", Status.CLOSED_LOST: "lost"} | dict.fromkeys(OPEN, "open")


def deals(partner_id: UUID | None) -> Iterator[DealRow]:
    """Registrations, and the opportunities that are not the shadow of one: of a partner, or with None of everybody."""
    rows = Registration.objects.filter(status__in=list(_STATE))
    for row in (rows.filter(partner=partner_id) if partner_id else rows).select_related("account", "program").order_by("pk").iterator(chunk_size=2_000):
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
        program=row.program.name if row.program else "",
        closes_on=row.expected_close_date,
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
        closes_on=row.close_date,
    )


@job(name="deals.follow_for_mapping", lock="mapping.follow_records")
def on_changed(*, partner_id: UUID, at: datetime, **_told: Any) -> None:
    """Lists made of deals follow a change; what a refresh since then has seen already is not read again."""
    mapping.changed_since(since=at, owner_ids=[mapping.vendor_id(), partner_id], at=now())
