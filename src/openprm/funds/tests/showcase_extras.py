"""A catalogue with proofs, an approved request with uploads, co-op money, shares and a question for more time: for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.funds.models import Activity, ActivityType, Extension, FundRequest
from openprm.funds.services.catalogue import save_kind
from openprm.funds.services.coop import accrue
from openprm.funds.services.coop_rates import publish_rate
from openprm.funds.services.extensions import ask_extension
from openprm.funds.services.links import link
from openprm.funds.services.proofs import add_proof
from openprm.funds.testing import approve, make_fund, make_request
from openprm.kernel.clock import now
from openprm.kernel.money import Money
from openprm.kernel.scope import scope

KIND, REQUEST, ACTIVITY, EXTENSION = (UUID(int=number) for number in range(0xF1, 0xF5))
PROOFS = [
    {"name": "Invoice", "about": "Of the supplier, with your company as the buyer.", "formats": ["pdf"], "minimum": 1, "max_age_days": 120},
    {"name": "Photos of the stand", "formats": ["jpg", "png"], "minimum": 2, "dated_within": True},
    {"name": "List of visitors", "about": "Companies, without names of persons.", "formats": ["xlsx", "pdf"], "minimum": 1},
]


@contextmanager
def _known_id(model: Any, row_id: UUID) -> Iterator[None]:
    field = model._meta.get_field("id")
    field.__dict__["_get_default"] = lambda: row_id
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at = now()
    with scope(cast.vendor_admin):
        fair = {
            "name": "Trade fair",
            "about": "A stand at a fair or a conference.",
            "max_percent": Decimal(50),
            "cap": Money(5_000_00, "EUR"),
            "proofs": PROOFS,
        }
        with _known_id(ActivityType, KIND):
            save_kind(actor=cast.vendor_admin, values={**fair, "claim_within_days": 60}, at=at)
        webinar = {"name": "Webinar", "max_percent": Decimal(75), "claim_within_days": 45, "tiers": ["silver"], "proofs": PROOFS[:1]}
        save_kind(actor=cast.vendor_admin, values=webinar, at=at)
        publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, share=Decimal("2.5"), effective_from=at.date(), at=at)
    fund = make_fund(cast.partner_id, at=at, plan_by=at.date() + timedelta(days=20), vendor_percent=80, ends_on=date(at.year, 12, 31))
    days = {"starts_on": at.date() - timedelta(days=4), "ends_on": at.date() - timedelta(days=2)}
    with _known_id(FundRequest, REQUEST), _known_id(Activity, ACTIVITY):
        make_request(cast.partner_admin, fund, KIND, at=at, **days)
    approve(REQUEST, at=at)
    _proofs(cast, at)
    deal_id = _deal(cast, at)
    with scope(cast.partner_admin):
        link(actor=cast.partner_admin, request_id=REQUEST, kind="deal", subject_id=deal_id, weight=60, note="Met at the stand", at=at)
        with _known_id(Extension, EXTENSION):
            ask_extension(
                actor=cast.partner_admin, activity_id=ACTIVITY, until=at.date() + timedelta(days=120), at=at,
                reason="The organiser sends the final invoice only in the new year.",
            )  # fmt: skip


def _proofs(cast: Any, at: Any) -> None:
    with scope(cast.partner_admin):
        for rule, name, content in (("invoice", "Invoice 4711.pdf", b"%PDF-1.7"), ("photos-of-the-stand", "stand.jpg", b"\xff\xd8\xff")):
            day = at.date() - timedelta(days=3)
            add_proof(actor=cast.partner_admin, activity_id=ACTIVITY, rule=rule, name=name, content=content, dated_on=day, at=at)


def _deal(cast: Any, at: Any) -> UUID:
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=at - timedelta(hours=3))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=at)
    accrue(registration_id=made, at=at)
    return made
