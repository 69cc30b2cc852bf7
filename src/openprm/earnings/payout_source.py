"""Earnings as a source of payouts: the port "payouts.sources"."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.earnings import queries, services


class EarningsToPay:
    code = "earnings"
    label = _("Earnings")

    def due(self, *, partner_ids: Iterable[UUID] | None = None, at: datetime) -> Sequence[queries.PayableEarning]:
        """Every line that is approved and in no live payout, what was taken back among them."""
        return queries.payable(partner_ids=partner_ids)

    def taken(self, line_ids: Sequence[UUID], run_id: UUID, at: datetime) -> None:
        services.take(line_ids=line_ids, run_id=run_id, at=at)

    def released(self, line_ids: Sequence[UUID], reason: str, at: datetime) -> None:
        services.give_back(line_ids=line_ids, reason=reason, at=at)

    def paid(self, line_ids: Sequence[UUID], at: datetime) -> None:
        services.settle(line_ids=line_ids, at=at)
