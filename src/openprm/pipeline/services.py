"""What changes here: a person's own target, a card that goes to another stage, and what a quarter is forecast to bring at its start."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.cosell import services as cosell
from openprm.deals import queries as deals_queries
from openprm.deals import services as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, NotFound, Stale, refuse_if
from openprm.kernel.money import LARGEST_MINOR
from openprm.kernel.scope import system_scope
from openprm.pipeline import policies, queries
from openprm.pipeline.models import KeptForecast, Target
from openprm.pipeline.rules.forecast import quarter_of

KEPT_WITHIN = timedelta(days=7)
"""Later than this, what was won in between would make the forecast look better than it was."""


def move(*, actor: Actor, kind: str, item_id: UUID, stage: str, version: int | None = None, at: datetime) -> None:
    """Move a deal or an engagement to another stage, by the rules of its own room.

    Raises NotFound, NotAllowed, Stale, Invalid with every entry criterion that is not met.
    """
    if kind == "deal":
        deals.move_stage(actor=actor, registration_id=item_id, stage=stage, version=version, at=at)
    elif kind == "engagement":
        cosell.move_stage(actor=actor, engagement_id=item_id, stage=stage, version=version, at=at)
    else:
        raise NotFound()


@transaction.atomic
def set_target(*, actor: Actor, amount_minor: int, day: date, version: int | None = None, at: datetime) -> int:
    """Say what to win in the quarter of a day, for oneself, in the reporting currency. Zero takes the target away. Gives its version.

    Raises NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_set_target(actor))
    if not 0 <= amount_minor <= LARGEST_MINOR:
        raise Invalid(_("A target is zero or more, with a sensible number of digits."), field="amount")
    start, _end = quarter_of(day)
    row = policies.reach_targets(actor).locked().filter(quarter_start=start).first()
    if version is not None and version != (row.version if row else 0):
        raise Stale()
    before = row.snapshot() if row else None
    row = row or Target(user_id=actor.user_id, partner_id=actor.partner_id if actor.is_partner else None, quarter_start=start, version=0)
    row.amount_minor, row.currency, row.version = amount_minor, deals_queries.base_currency(), row.version + 1
    if amount_minor == 0:
        if before:
            row.delete()
        return 0
    row.save()
    shown = (actor.partner_id,) if actor.is_partner and actor.partner_id else ()
    audit.record(actor, "pipeline.target_set", row, before=before, visible_to=shown, at=at)
    return row.version


def keep_forecasts(*, at: datetime) -> int:
    """Write down what each partner's deals are forecast to bring in the quarter that has just begun; gives how many partners.

    Once for a quarter, in its first days: won since it began, and open with a close date in it, weighted as the forecast page does. A
    partner without either has a row that says nothing will come. Later, and a second time, nothing is written."""
    start, end = quarter_of(at.date())
    with system_scope(), transaction.atomic():
        if at.date() >= start + KEPT_WITHIN or KeptForecast.objects.filter(quarter_start=start).exists():
            return 0
        told = {"quarter_start": start, "quarter_end": end, "currency": deals_queries.base_currency(), "kept_at": at}
        rows = [
            KeptForecast(partner_id=one.partner_id, deals=one.deals, open_minor=one.open_minor, forecast_minor=one.forecast_minor, **told)
            for one in queries.forecasts_by_partner(SYSTEM, start, end, at)
        ]
        return len(KeptForecast.objects.bulk_create(rows, ignore_conflicts=True))
