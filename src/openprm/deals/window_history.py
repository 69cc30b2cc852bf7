"""Every deal that was protected, for replaying a draft of the protection windows over them: the rulebook's what-if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.deals.models import Registration
from openprm.deals.rulekinds import CURRENCY, PROTECTION
from openprm.kernel.money import minor_units
from openprm.partners import queries as partners
from openprm.partners.queries import EnrollmentView

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

MONTHS, MONTH, YEAR = 24, 31, 365


class ProtectedDeals:
    """Fills "rulebook.what_if". One subject is one registration, its one case the moment at which it was booked; tiers are those of today."""

    kind = PROTECTION.code
    subject_label = _("Deal")
    answer_label = _("Protection")
    cost_about = _("What is kept from others: the booked amount, for the part of a year that it is protected.")
    currency = CURRENCY
    months = MONTHS
    is_required = False

    def subjects(self, *, program_id: UUID | None, at: datetime) -> Sequence[tuple[UUID, str]]:
        rows = Registration.objects.filter(booked_at__gt=at - timedelta(days=MONTH * MONTHS), booked_at__lte=at).order_by("pk")
        rows = rows.filter(program_id=program_id) if program_id else rows
        return [(key, f"{number}, {partner}") for key, number, partner in rows.values_list("pk", "number", "partner__name")]

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        import pyarrow as pa  # only the worker needs it

        since = at - timedelta(days=MONTH * months)
        rows = list(Registration.objects.filter(pk__in=subject_ids, booked_at__gt=since).select_related("territory").order_by("pk"))
        held = partners.enrollments({row.partner_id for row in rows}, at)
        exact = pa.decimal128(38, 9)
        kinds = {
            "subject": pa.string(), "at": pa.date32(), "amount": exact, "tier_rank": exact, "tier": pa.string(), "deal_type": pa.string(),
            "territory": pa.string(), "booked_minor": pa.int64(),
        }  # fmt: skip
        cases = [_case(row, held.get(row.partner_id)) for row in rows]
        return pa.table({name: pa.array([case[name] for case in cases], type=kind) for name, kind in kinds.items()})

    def settle(self, rows: ibis.Table) -> ibis.Table:
        days = rows.days.fill_null(0).cast("int64")
        return rows.select(
            "subject", at=rows["at"].truncate("M"), answer=days.cast("string"), rank=days,
            cost_minor=(rows.booked_minor.cast("float64") * days / YEAR).round(0).cast("int64"),
        )  # fmt: skip


def _case(row: Registration, held: EnrollmentView | None) -> Mapping[str, Any]:
    return {
        "subject": str(row.pk), "at": row.booked_at.date(), "amount": Decimal(row.base_amount_minor).scaleb(-minor_units(CURRENCY)),
        "tier_rank": Decimal(held.tier_rank) if held else None, "tier": held.tier_code if held else None, "deal_type": str(row.deal_type),
        "territory": row.territory.code if row.territory else None, "booked_minor": row.base_amount_minor,
    }  # fmt: skip
