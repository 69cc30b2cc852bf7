"""The published rates of co-op money: what share of a won deal goes into the pot, from which day on."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.funds import proof_policies as policies
from openprm.funds.models import AccrualRate
from openprm.funds.services.catalogue import percent
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.partners import queries as partners


@transaction.atomic
def publish_rate(
    *, actor: Actor, program_id: UUID, share: Any, tier_id: UUID | None = None, expires_after_days: int = 365, effective_from: date, at: datetime
) -> UUID:
    """Say what share of a won deal goes into the pot, from a day on; without a tier for all tiers that have none of their own.

    The rate before it ends the day before. Deals that accrued keep theirs. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    refuse_if(policies.why_not_configure(actor))
    program = partners.program(actor, program_id)
    if tier_id and tier_id not in {tier.id for tier in program.tiers}:
        raise Invalid(_("This tier is not one of the program."), field="tier_id")
    clean = percent("percent", share, least=Decimal(0))
    _check_span(expires_after_days, effective_from, at)
    rows = AccrualRate.objects.filter(program=program_id, tier=tier_id)
    taken = Conflict(_("There is a rate from this day on already. Choose another day."), field="effective_from")
    if rows.filter(effective_from__gte=effective_from).exists():
        raise taken
    rows.filter(ended_on=None).update(ended_on=effective_from - timedelta(days=1))
    rate = AccrualRate(
        program_id=program_id, tier_id=tier_id, percent=clean, expires_after_days=expires_after_days, effective_from=effective_from, published_at=at,
        published_by_id=actor.user_id,
    )  # fmt: skip
    with refused_by("one_accrual_rate_per_day", taken):
        rate.save(force_insert=True)
    audit.record(actor, "fund_rate.published", rate, at=at)
    return rate.pk


def _check_span(expires_after_days: Any, effective_from: date, at: datetime) -> None:
    if isinstance(expires_after_days, bool) or not isinstance(expires_after_days, int) or not 30 <= expires_after_days <= 1825:
        raise Invalid(_("The money lasts 30 to 1825 days."), field="expires_after_days")
    if effective_from < at.date():
        raise Invalid(_("A rate begins today or later: what was earned was earned at the rate of its day."), field="effective_from")


def rate_for(program_id: UUID, tier_id: UUID | None, on: date) -> AccrualRate | None:
    """The rate of a tier on a day: its own, or that of the whole program."""
    rows = AccrualRate.objects.filter(program=program_id, effective_from__lte=on).order_by("-effective_from")
    found = {row.tier_id: row for row in reversed(rows) if row.ended_on is None or row.ended_on >= on}
    return found.get(tier_id) or found.get(None)
