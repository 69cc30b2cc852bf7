"""Plans in every state and half a year of usage, with known ids, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.incentives import services
from openprm.incentives.models import Plan
from openprm.incentives.rules.draft import RateDraft, TermsDraft
from openprm.incentives.rules.windows import add_months
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

COMMISSION, REBATE, SPIFF, CONSUMPTION = (UUID(int=number) for number in range(901, 905))


@contextmanager
def _known_ids(*ids: UUID) -> Iterator[None]:
    field, numbers = Plan._meta.get_field("id"), iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers)
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at = now()
    since = (at - timedelta(days=200)).date()
    with _known_ids(COMMISSION, REBATE, SPIFF, CONSUMPTION):
        make_plan("deal-commission", terms=BANDED, since=since, about="A share of every deal that you register and win.")
        rebate = terms(
            [RateDraft(high="150000", rate="0"), RateDraft(low="150000", rate="2")], event="period", bands="whole", true_up="quarter", stackable="false"
        )
        make_plan("volume-rebate", kind="volume_rebate", terms=rebate, since=since, about="Computed anew every quarter for the year to date.")
        spiff = terms([RateDraft(fixed="250")], conditions=("certificate:product",), rep_share="100", limit__month="7500")
        make_plan("certified-seller", kind="spiff", name="Certified seller SPIFF", terms=spiff, since=since)
        make_plan("consumption-share", kind="consumption", terms=terms([RateDraft(rate="4")], event="usage"), since=since)
    _won(cast, at)
    with system_scope():
        better = TermsDraft(BANDED.head, (), (*BANDED.rates[:2], RateDraft(rate="8")))
        services.save_terms(actor=SYSTEM, plan_id=COMMISSION, terms=better, at=at)
        _usage(cast, at)


BANDED = terms(
    [RateDraft(tier=("gold",), high="50000", rate="10"), RateDraft(tier=("gold",), low="50000", rate="12.5"), RateDraft(rate="7")],
    rep_share="20", hold_days="30", cap__event="20000",
)  # fmt: skip


def _won(cast: Any, at: Any) -> None:
    catalogue = make_catalogue()
    for place, actor in enumerate((cast.partner_rep, cast.other_partner_rep)):
        made = make_approved(
            actor, cast.partner_manager, catalogue, at=at - timedelta(days=60 + place), customer_name=f"Customer {place}", customer_domain=f"c{place}.example"
        )
        with scope(actor):
            deals.mark_won(actor=actor, registration_id=made, at=at - timedelta(days=20))


def _usage(cast: Any, at: Any) -> None:
    first = add_months(at.date().replace(day=1), -4)
    for partner_id, percent in ((cast.partner_id, 60), (cast.other_partner_id, 40)):
        services.set_share(actor=SYSTEM, customer_key="PLN-0417", partner_id=partner_id, percent=Decimal(percent), from_month=first, at=at)
    for place in range(4):
        _report(add_months(first, place), 12_400_00 + place * 730_00, at)
    services.close_month(actor=SYSTEM, month=first, at=at)
    services.close_month(actor=SYSTEM, month=add_months(first, 1), at=at)
    _report(add_months(first, 1), 14_100_00, at)


def _report(month: Any, minor: int, at: Any) -> None:
    report = services.UsageReport(
        source="billing", external_id=f"PLN-{month:%Y-%m}", customer_key="PLN-0417", customer_name="Polaris Dairy", service_month=month, amount_minor=minor,
        currency="EUR", quantity=Decimal(minor) / 250,
    )  # fmt: skip
    services.report_usage(actor=SYSTEM, reports=(report,), at=at)
