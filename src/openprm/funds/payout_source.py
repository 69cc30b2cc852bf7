"""What funds give to the payout desk (port "payouts.sources"): instalments of approved claims that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds import services
from openprm.funds.models import Settlement
from openprm.funds.rules.lifecycle import InstalmentState
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One instalment, in the shape that the desk asks for."""

    id: UUID
    source: str
    number: str
    partner_id: UUID
    user_id: UUID | None
    money: Money
    approved_at: datetime
    payable_from: date
    about: str
    url: str


class FundClaims:
    code = "funds"
    label: Any = gettext_lazy("Development funds")

    def due(self, *, partner_ids: Sequence[UUID] | None = None, at: datetime) -> Sequence[Owed]:
        rows = Settlement.objects.filter(state=InstalmentState.DUE).select_related("claim__request").order_by("payable_from", "pk")
        rows = rows if partner_ids is None else rows.filter(partner_id__in=list(partner_ids))
        return tuple(_owed(row) for row in rows)

    def taken(self, line_ids: Sequence[UUID], run_id: UUID, at: datetime) -> None:
        services.take(line_ids, run_id, at)

    def released(self, line_ids: Sequence[UUID], reason: str, at: datetime) -> None:
        services.put_back(line_ids, reason, at)

    def paid(self, line_ids: Sequence[UUID], at: datetime) -> None:
        services.mark_paid(line_ids, at)


def _owed(row: Settlement) -> Owed:
    claim = row.claim
    return Owed(
        id=row.pk, source=FundClaims.code, number=f"{claim.number}/{row.position}", partner_id=row.partner_id, user_id=None,
        money=Money(row.fund_minor, row.fund_currency), approved_at=claim.decided_at or claim.submitted_at, payable_from=row.payable_from,
        about=_("Claim %(claim)s for %(title)s") % {"claim": claim.number, "title": claim.request.title}, url=reverse("funds:claim", args=[claim.pk]),
    )  # fmt: skip
