"""Every registration that we answered late, for replaying a draft of the remedies over them: the rulebook's what-if (X13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.deals.models import Registration
from openprm.deals.rulekinds import CURRENCY, REMEDY
from openprm.deals.window_history import MONTH, MONTHS, YEAR
from openprm.kernel.money import minor_units
from openprm.partners import queries as partners
from openprm.promises import queries as promises

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

PROMISE = "deals.decision"
APPROVAL_RANK, CREDIT_RANK = 10**12, 10**6
"""For a partner an approval is worth more than any credit, and a credit more than any days."""


class LateAnswers:
    """Fills "rulebook.what_if". One subject is one registration whose promised answer came late, its one case the moment at which the time was over."""

    kind = REMEDY.code
    subject_label = _("Deal")
    answer_label = _("Remedy")
    cost_about = _("Credits in full; longer protection by the booked amount, for the part of a year that is added. An approval costs nothing here.")
    currency = CURRENCY
    months = MONTHS
    is_required = False

    def subjects(self, *, program_id: UUID | None, at: datetime) -> Sequence[tuple[UUID, str]]:
        rows = Registration.objects.filter(pk__in=list(_late(MONTHS, at))).order_by("pk")
        rows = rows.filter(program_id=program_id) if program_id else rows
        return [(key, f"{number}, {partner}") for key, number, partner in rows.values_list("pk", "number", "partner__name")]

    def history(self, *, subject_ids: Sequence[UUID], program_id: UUID | None, months: int, at: datetime) -> pa.Table:
        import pyarrow as pa  # only the worker needs it

        late = _late(months, at)
        rows = list(Registration.objects.filter(pk__in=[one for one in subject_ids if one in late]).order_by("pk"))
        held = partners.enrollments({row.partner_id for row in rows}, at)
        exact = pa.decimal128(38, 9)
        kinds = {
            "subject": pa.string(), "at": pa.date32(), "amount": exact, "conflict": pa.string(), "customer_known": pa.bool_(), "tier_rank": exact,
            "booked_minor": pa.int64(),
        }  # fmt: skip
        cases = [_case(row, late[row.pk], held.get(row.partner_id)) for row in rows]
        return pa.table({name: pa.array([case[name] for case in cases], type=kind) for name, kind in kinds.items()})

    def settle(self, rows: ibis.Table) -> ibis.Table:
        import ibis

        kind, days = rows.remedy.fill_null("none"), _given(rows, "days")
        credit = (_given(rows, "credit") * 10 ** minor_units(CURRENCY)).cast("int64")
        days, credit = (kind == "extend").ifelse(days.cast("int64"), 0), (kind == "credit").ifelse(credit, 0)
        words = {option.value: str(option.label) for option in REMEDY.outcome("remedy").options}
        answer = ibis.cases(
            (kind == "extend", ibis.literal(f"{words['extend']}: ") + days.cast("string")),
            (kind == "credit", ibis.literal(f"{words['credit']}: ") + _given(rows, "credit").cast("decimal(38, 2)").cast("string")),
            (kind == "approve", ibis.literal(words["approve"])),
            else_=ibis.literal(words["none"]),
        )
        rank = ibis.cases((kind == "approve", ibis.literal(APPROVAL_RANK)), (kind == "credit", credit + CREDIT_RANK), else_=days)
        cost = credit + (rows.booked_minor.cast("float64") * days / YEAR).round(0).cast("int64")
        return rows.select("subject", at=rows["at"].truncate("M"), answer=answer, rank=rank, cost_minor=cost)


def _given(rows: ibis.Table, name: str) -> Any:
    """An answer of the table, 0 where it gives none or has no such column."""
    import ibis

    return rows[name].fill_null(0) if name in rows.columns else ibis.literal(Decimal(0), type="decimal(38, 9)")


def _late(months: int, at: datetime) -> dict[UUID, datetime]:
    return promises.missed(PROMISE, since=at - timedelta(days=MONTH * months), until=at)


def _case(row: Registration, late_at: datetime, held: Any) -> Mapping[str, Any]:
    return {
        "subject": str(row.pk), "at": late_at.date(), "amount": Decimal(row.base_amount_minor).scaleb(-minor_units(CURRENCY)), "conflict": str(row.verdict),
        "customer_known": row.account_id is not None, "tier_rank": Decimal(held.tier_rank) if held else Decimal(0), "booked_minor": row.base_amount_minor,
    }  # fmt: skip
