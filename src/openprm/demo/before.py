"""What the vendor brought along when it moved to OpenPRM: the registrations of its spreadsheets, through the import."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from openprm.deals import services as deals
from openprm.demo import script, world
from openprm.demo.founding import CURRENCY_OF, EURO_PER, Ground
from openprm.demo.script import Act, Deal, Step
from openprm.kernel.actor import SYSTEM

SOURCE = "spreadsheet"
OUTCOMES = {Act.WON: "closed_won", Act.LOST: "closed_lost", Act.REJECT: "rejected", Act.WITHDRAW: "withdrawn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a deal stood on the day of the move: a status with its day, and for a protected one the end of it."""

    status: str
    decided: datetime
    reason: str = ""
    protected_until: datetime | None = None


def bring(ground: Ground, story: Sequence[Deal], *, at: datetime) -> list[Deal]:
    """Import what was decided before `at`; gives what is still to be played, imported deals under their registration. In the system's scope."""
    old = sorted((deal for deal in story if deal.steps[0].at < at), key=lambda deal: deal.steps[0].at)
    standings = list(_standings(old, at))
    rows = [_row(ground, deal, standing, number) for number, (deal, standing) in enumerate(zip(old, standings, strict=True), start=1)]
    ids = deals.create_registrations(actor=SYSTEM, rows=rows, source=SOURCE, at=at)
    brought = zip(old, standings, ids, strict=True)
    return [deal for deal in story if deal.steps[0].at >= at] + [_rest(*one, at) for one in brought if one[1].status == "approved"]


def _standings(old: Iterable[Deal], at: datetime) -> Iterator[Standing]:
    """Where each deal stood; of two that were protected for one customer and line, the later was rejected."""
    held: set[tuple[int, str]] = set()
    for deal in old:
        found = _standing(deal, at)
        place = (deal.customer, world.LINE_OF[deal.skus[0][0]])
        if found.status == "approved" and place in held:
            yield replace(found, status="rejected", reason=script.REJECTIONS[1], protected_until=None)
            continue
        if found.status == "approved":
            held.add(place)
        yield found


def _standing(deal: Deal, at: datetime) -> Standing:
    past = [step for step in deal.steps if step.at < at]
    ended = next((step for step in past if step.act in OUTCOMES), None)
    if ended:
        return Standing(status=OUTCOMES[ended.act], decided=ended.at, reason=script.LOSSES.get(ended.detail, ended.detail))
    approved = next(step.at for step in past if step.act is Act.APPROVE)
    ends = approved + timedelta(days=_protection(deal))
    return Standing(status="approved", decided=approved, protected_until=ends) if ends > at + timedelta(days=2) else Standing(status="expired", decided=ends)


def _protection(deal: Deal) -> int:
    return world.TIER_BENEFITS[world.PARTNERS[deal.partner][4]][0]


def _row(ground: Ground, deal: Deal, standing: Standing, number: int) -> dict[str, object]:
    customer, team = ground.customers[deal.customer], ground.teams[deal.partner]
    currency = CURRENCY_OF.get(team.country, "EUR") if team.country in ("US", "GB", "CA") else "EUR"
    euro = sum(minor for _sku, _quantity, minor in deal.skus)
    return {
        "external_id": f"{deal.steps[0].at:%Y}-{number:04}",
        "partner": team.partner_id,
        "account": ground.customer_ids[deal.customer],
        "title": f"{customer.name}, {deal.title}"[:160],
        "customer_name": customer.name,
        "customer_domain": customer.domain,
        "customer_country": customer.country,
        "product": ground.products[deal.skus[0][0]],
        "quantity": deal.skus[0][1],
        "amount_minor": euro if currency == "EUR" else int(euro / EURO_PER[currency] / 10_000) * 10_000,
        "currency": currency,
        "expected_close_date": deal.close_date,
        "status": standing.status,
        "submitted_date": deal.steps[0].at.date(),
        "decided_date": standing.decided.date(),
        "protected_until": standing.protected_until.date() if standing.protected_until else None,
        "reason": standing.reason,
    }


def _rest(deal: Deal, _standing: Standing, registration_id: UUID, at: datetime) -> Deal:
    """The steps of an imported deal that are still to come."""
    later: tuple[Step, ...] = tuple(step for step in deal.steps if step.at >= at)
    return replace(deal, steps=later, known_as=registration_id)
