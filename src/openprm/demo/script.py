"""What happens in the two years before today, as plain values in the order of time. Pure and seeded.

A `Deal` is one registration with everything that will be done to it. The vendor moved to OpenPRM some
months ago: what was over by then is imported (`before.py`), everything after is played through the
services, so that protections, promises and the audit log are as true as in real use.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from openprm.demo import world

HISTORY_DAYS = 730
LIVE_DAYS = 38  # so long ago the vendor moved from its spreadsheets
WAITING = 26  # registrations that nobody has decided yet when the story ends


class Act(StrEnum):
    SUBMIT = "submit"
    REVIEW = "review"
    RETURN = "return"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    NOTE = "note"
    STAGE = "stage"
    EXTEND = "extend"
    WON = "won"
    LOST = "lost"


DECISIONS = (Act.APPROVE, Act.REJECT, Act.WITHDRAW)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    at: datetime
    act: Act
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """`customer` and `partner` are positions in the world's lists; `skus` name the products."""

    customer: int
    partner: int
    title: str
    skus: tuple[tuple[str, int, int], ...]  # sku, quantity, amount in minor units of euro
    close_date: date
    next_step: str
    steps: tuple[Step, ...] = field(default_factory=tuple)
    known_as: UUID | None = None  # the registration, for a deal that was imported


QUESTIONS = (
    ("contact_email", "Who signs at the customer? Please add the contact's address at the company."),
    ("description", "Please describe the project in two sentences: which sites, and by when."),
    ("expected_close_date", "The close date is before the end of the customer's tender. Please check it."),
    ("lines", "The offer we know names another edition. Please correct the products."),
)
REJECTIONS = (
    "Our own team has worked on this project with the customer since before the registration.",
    "Another partner was first with the same customer and product.",
    "The customer has bought this product already; please register the expansion instead.",
    "There is no project with a budget yet. Please come back with a named project.",
)
LOSSES = {
    "The customer chose a competitor": "competitor",
    "The budget was cut": "no_budget",
    "No decision in the customer's board": "no_decision",
    "Price": "price",
    "The project was postponed by a year": "timing",
}
RIVAL = "Rivalis MES"
WITHDRAWALS = ("Registered twice by mistake", "The customer stopped the project", "A colleague has registered it already")
NOTES = (
    "Spoke with the plant manager. A second workshop is planned.", "The customer asked for a reference in the same industry.",
    "Proof of concept runs at one site until the end of the month.", "Purchasing wants a price that holds for three years.",
    "The steering committee meets on the first Monday of the month.", "Security review passed.",
)  # fmt: skip
NEXT_STEPS = ("Pricing workshop", "Site visit", "Proof of concept", "Reference call", "Offer review with purchasing", "Architecture session")
EXTENSIONS = ("The proposal is with the customer's board.", "The tender was moved by the customer.", "The proof of concept runs for four more weeks.")
FORWARD = ("qualified", "technical_validation", "business_validation", "committed")


def deals(count: int, *, customers: int, today: datetime, chance: random.Random) -> list[Deal]:
    """`count` deals with their steps, none of them after `today`."""
    weights = [_pull(tier) for *_rest, tier in world.PARTNERS]
    waiting = min(WAITING, count // 10)
    submissions = sorted(_submission(today, chance) for _ in range(count - waiting))
    decided = [_deal(submitted, _story(submitted, chance), customers, weights, today, chance) for submitted in submissions]
    fresh = sorted(office_time(today - timedelta(hours=chance.uniform(1, 30)), chance, before=today) for _ in range(waiting))
    return decided + [_deal(submitted, _waiting(submitted, chance), customers, weights, today, chance) for submitted in fresh]


def held_over(deal: Deal, moment: datetime) -> Deal:
    """A deal that waited for its decision at `moment` is entered right after it, and everything else of it later by as much."""
    decided = next((step.at for step in deal.steps if step.act in DECISIONS), None)
    if deal.steps[0].at >= moment or (decided and decided < moment):
        return deal
    late = moment - deal.steps[0].at + timedelta(hours=3)
    return replace(deal, steps=tuple(replace(step, at=step.at + late) for step in deal.steps))


def _pull(tier: str) -> int:
    """Higher tiers register more."""
    return 2 + world.TIER_BENEFITS[tier][1] // 12


def _submission(today: datetime, chance: random.Random) -> datetime:
    """More in recent months than long ago, in office hours."""
    days_ago = 2 + (HISTORY_DAYS - 2) * (1 - chance.random() ** 0.62)
    return office_time(today - timedelta(days=days_ago), chance, before=today)


def office_time(moment: datetime, chance: random.Random, *, before: datetime) -> datetime:
    """A time between 7 and 16 UTC on a weekday near `moment`, and not after `before`."""
    while moment.weekday() > 4:
        moment -= timedelta(days=1)
    found = datetime(moment.year, moment.month, moment.day, chance.randint(7, 15), chance.randint(0, 59), chance.randint(0, 59), tzinfo=UTC)
    return min(found, before - timedelta(minutes=chance.randint(5, 90)))


def _deal(submitted: datetime, story: Iterable[Step], customers: int, weights: list[int], today: datetime, chance: random.Random) -> Deal:
    partner = chance.choices(range(len(weights)), weights)[0]
    line, _name, products = chance.choice(world.PRODUCT_LINES)
    skus = tuple(_line(*product, chance) for product in chance.sample(products, 1 if chance.random() < 0.75 else min(2, len(products))))
    steps = tuple(step for step in story if step.at <= today)
    return Deal(
        customer=int(customers * chance.random() ** 1.35),
        partner=partner,
        title=chance.choice(world.PROJECTS[line]).format(n=chance.randint(3, 40)),
        skus=skus,
        close_date=(submitted + timedelta(days=chance.randint(45, 240))).date(),
        next_step=f"{chance.choice(NEXT_STEPS)}, {(submitted + timedelta(days=chance.randint(6, 25))).strftime('%-d %b')}",
        steps=steps,
    )


def _line(sku: str, _name: str, list_price: int, chance: random.Random) -> tuple[str, int, int]:
    quantity = chance.choices((1, 2, 3, 5), (70, 18, 8, 4))[0]
    discount = chance.choice((0, 0, 5, 10, 12, 15))
    return sku, quantity, quantity * list_price * (100 - discount)


def _story(submitted: datetime, chance: random.Random) -> Iterator[Step]:
    yield Step(submitted, Act.SUBMIT)
    fate = chance.random()
    if fate < 0.03:
        yield Step(submitted + timedelta(hours=chance.uniform(1, 20)), Act.WITHDRAW, chance.choice(WITHDRAWALS))
        return
    decided = submitted + _answer_time(chance)
    if chance.random() < 0.35:
        yield Step(submitted + (decided - submitted) * 0.4, Act.REVIEW)
    if fate < 0.13:
        asked = submitted + (decided - submitted) * 0.7
        answered = asked + timedelta(hours=chance.uniform(3, 90))
        yield Step(asked, Act.RETURN, str(chance.randrange(len(QUESTIONS))))
        yield Step(answered, Act.RESUBMIT)
        decided = answered + _answer_time(chance)
    if 0.13 <= fate < 0.24:
        yield Step(decided, Act.REJECT, chance.choice(REJECTIONS))
        return
    yield Step(decided, Act.APPROVE)
    yield from _selling(decided, chance)


def _waiting(submitted: datetime, chance: random.Random) -> Iterator[Step]:
    """A registration of the last working day that still waits, some of them for the partner's answer."""
    yield Step(submitted, Act.SUBMIT)
    roll = chance.random()
    if roll < 0.3:
        yield Step(submitted + timedelta(minutes=chance.randint(5, 50)), Act.REVIEW)
    elif roll < 0.45:
        yield Step(submitted + timedelta(minutes=chance.randint(10, 55)), Act.RETURN, str(chance.randrange(len(QUESTIONS))))


def _answer_time(chance: random.Random) -> timedelta:
    """Most answers within a day, a few late: the promise is two business days."""
    return timedelta(hours=chance.uniform(0.6, 26)) if chance.random() < 0.975 else timedelta(hours=chance.uniform(60, 190))


def _selling(approved: datetime, chance: random.Random) -> Iterator[Step]:
    """Steps of a protected deal. Some go quiet and expire by themselves."""
    pace = chance.uniform(5, 19)
    ends = chance.choices(("won", "lost", "quiet"), (44, 30, 26))[0]
    reached = len(FORWARD) if ends == "won" else chance.randint(0, 3)
    moment = approved
    for stage in FORWARD[chance.randint(0, 2) : reached]:
        moment += timedelta(days=chance.uniform(0.7, 2.6) * pace)
        yield Step(moment, Act.STAGE, stage)
        if chance.random() < 0.2:
            yield Step(moment + timedelta(hours=2), Act.NOTE, chance.choice(NOTES))
    if chance.random() < 0.12:
        yield Step(moment + timedelta(days=1), Act.EXTEND, chance.choice(EXTENSIONS))
    moment += timedelta(days=chance.uniform(1.2, 3) * pace)
    if ends == "won":
        yield Step(moment, Act.WON)
    elif ends == "lost":
        yield Step(moment, Act.LOST, chance.choice(tuple(LOSSES)))
