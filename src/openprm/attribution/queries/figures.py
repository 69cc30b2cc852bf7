"""Sums of the runs that stand: what was sourced, influenced and unattributed, and what each partner is credited."""

from datetime import date
from uuid import UUID

from django.db.models import Count, Q, Sum

from openprm.attribution import policies
from openprm.attribution.models import Month
from openprm.attribution.queries.corrections import correction_sums
from openprm.attribution.queries.results import CorrectionSums, MonthOf, Outcomes, PartnerCredit
from openprm.attribution.rules.words import Outcome
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money


def outcomes(actor: Actor, *, since: date, until: date) -> Outcomes:
    """What was won in the months of [since, until), given as firsts of months. Only the vendor reads it. Three queries."""
    rows = list(policies.reach_months(actor).filter(month__gte=since, month__lt=until).select_related("run").order_by("month"))
    corrected = correction_sums(actor, [row.run_id for row in rows])
    minor = {one: sum(getattr(row.run, f"{one}_minor") for row in rows) for one in Outcome}
    counts = {one: sum(getattr(row.run, f"{one}_count") for row in rows) for one in Outcome}
    return Outcomes(
        **{str(one): _money(minor[one]) for one in Outcome},
        **{f"{one}_deals": counts[one] for one in Outcome},
        total=_money(sum(minor.values())),
        deals=sum(counts.values()),
        late=sum(row.run.late_count for row in rows),
        without_rate=policies.reach_results(actor).filter(run__in=[row.run_id for row in rows], is_won=True, base_minor=0).exclude(amount_minor=0).count(),
        months=tuple(_month(row, corrected.get(row.run_id)) for row in rows),
    )


def _month(row: Month, correction: CorrectionSums | None) -> MonthOf:
    run = row.run
    return MonthOf(
        month=row.month,
        run_id=run.pk,
        run_number=str(run),
        configuration_sha256=run.configuration_sha256,
        result_sha256=run.result_sha256,
        as_of=run.as_of,
        is_locked=row.locked_at is not None,
        **{str(one): Money(getattr(run, f"{one}_minor"), run.currency) for one in Outcome},
        total=Money(run.sourced_minor + run.influenced_minor + run.unattributed_minor, run.currency),
        deals=run.deal_count,
        late=run.late_count,
        correction=correction,
    )


def credit_by_partner(actor: Actor, *, since: date, until: date, partner_id: UUID | None = None) -> tuple[PartnerCredit, ...]:
    """Each partner's credit for the months of [since, until), the largest first; a partner reads its own. One query."""
    standing = Month.objects.filter(month__gte=since, month__lt=until).values("run")
    rows = policies.reach_credits(actor).filter(run__in=standing)
    rows = rows.filter(partner_id=partner_id) if partner_id else rows
    summed = rows.order_by().values("partner_id", "partner__name").annotate(
        deals=Count("pk"),
        credit=Sum("credit_minor"),
        sourced=Sum("credit_minor", filter=Q(outcome=Outcome.SOURCED)),
        influenced=Sum("credit_minor", filter=Q(outcome=Outcome.INFLUENCED)),
    )  # fmt: skip
    return tuple(
        PartnerCredit(
            partner_id=row["partner_id"], partner=row["partner__name"], deals=row["deals"],
            **{name: _money(row[name] or 0) for name in ("credit", "sourced", "influenced")},
        )
        for row in summed.order_by("-credit", "partner_id")
    )  # fmt: skip


def _money(minor: int) -> Money:
    return Money(minor, deals.base_currency())
