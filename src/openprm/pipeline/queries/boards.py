"""The board: lanes by stage with the largest cards of each, counts and sums of all."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.http import addresses
from openprm.kernel.money import Money
from openprm.pipeline.queries.deals import Chances, open_deals, sums
from openprm.pipeline.queries.engagements import Engagement, Engagements
from openprm.pipeline.queries.results import Board, Card, Lane, Narrowed, Rates
from openprm.pipeline.rules.forecast import BEST_FROM, COMMIT_FROM, NOTHING, Figures, together

MOST_CARDS = 20
"""Cards drawn in a lane; the list has the others."""


def board(actor: Actor, narrowed: Narrowed, at: datetime) -> Board:
    """Everything open by stage. Sums come from one statement, cards from one for each lane that has any."""
    drawn = _Drawn(actor, narrowed, at)
    lanes = tuple(drawn.lane(code) for code in drawn.codes)
    currency = deals.base_currency()
    return Board(
        lanes=lanes,
        figures=together(drawn.figures.values()),
        engagements=len(drawn.engagements.rows),
        left_out=narrowed.leaves_engagements_out,
        rates=rates_of(drawn.summed, drawn.engagements.rows, currency),
    )


def rates_of(summed: Iterable[dict[str, Any]], engagements: Iterable[Engagement], currency: str) -> Rates:
    """The days whose exchange rates are in these sums."""
    known = (day for row in summed for day in (row["first_rate"], row["last_rate"]))
    days = [day for day in (*known, *(one.rate_date for one in engagements)) if day]
    return Rates(currency=currency, first=min(days, default=None), last=max(days, default=None))


class _Drawn:
    def __init__(self, actor: Actor, narrowed: Narrowed, at: datetime):
        self.actor, self.today, self.program_id = actor, at.date(), narrowed.program_id
        self.rows = open_deals(actor, narrowed)
        self.chances = Chances(actor)
        self.stages = {stage.code: stage for stage in deals.stage_lanes(narrowed.program_id)}
        self.engagements = Engagements(actor, narrowed, at, self.today)
        self.summed = sums(self.rows, self.chances, self.today, "stage")
        self.of_deals: dict[str, Figures] = {row["stage"]: row["figures"] for row in self.summed}
        self.figures = dict(self.of_deals)
        for one in self.engagements.rows:
            self.figures[one.row.stage] = self.figures.get(one.row.stage, NOTHING) + one.figures(self.chances, self.today)
        self.address = addresses("deals:registration" if actor.is_vendor else "deals:portal_registration")
        self.can_move = actor.can("deals.advance")

    @property
    def codes(self) -> tuple[str, ...]:
        """The stages in order, then those that hold something and are in no table any more."""
        return (*self.stages, *sorted(code for code in self.figures if code not in self.stages))

    def lane(self, code: str) -> Lane:
        figures = self.figures.get(code, NOTHING)
        chance = self.chances.of(code, self.program_id) if code else 0
        cards = (*self._engagement_cards(code), *self._deal_cards(code))[:MOST_CARDS]
        return Lane(
            key=code or "none",
            title=deals.stage_named(code, self.program_id).name if code else _("No stage yet"),
            tone=_tone(chance),
            probability=chance,
            cards=cards,
            count=figures.count,
            total=Money(figures.total, deals.base_currency()),
            overdue=figures.overdue,
            more=figures.count - len(cards),
            accepts=code in self.stages,
        )

    def _deal_cards(self, code: str) -> list[Card]:
        if not self.of_deals.get(code):
            return []
        return [self._card(row) for row in self.rows.filter(stage=code).order_by("-base_amount_minor", "-id")[:MOST_CARDS]]

    def _card(self, row: Any) -> Card:
        return Card(
            id=row.pk,
            kind="deal",
            number=row.number,
            title=row.title,
            customer=row.customer_name,
            partner=row.partner.name,
            amount=Money(row.amount_minor, row.currency),
            stage=row.stage,
            close=row.expected_close_date,
            is_overdue=_is_past(row.expected_close_date, self.today),
            url=self.address(row.pk),
            version=row.version,
            moves=self._moves(row.program_id, row.stage) if self.can_move else (),
        )

    def _moves(self, program_id: Any, stage: str) -> tuple[tuple[str, str], ...]:
        return tuple((one.code, one.name) for one in deals.stage_lanes(program_id) if one.code != stage)

    def _engagement_cards(self, code: str) -> list[Card]:
        return [self._engagement_card(one) for one in self.engagements.rows if one.row.stage == code]

    def _engagement_card(self, one: Engagement) -> Card:
        row = one.row
        names = [name for name in (row.host, *row.members) if name]
        return Card(
            id=row.id,
            kind="engagement",
            number=row.number,
            title=row.title,
            customer=row.customer_name,
            partner=", ".join(dict.fromkeys(names)),
            amount=row.amount,
            stage=row.stage,
            close=row.expected_close_date,
            is_overdue=_is_past(row.expected_close_date, self.today),
            url=row.url,
            version=row.version,
            moves=self._moves(None, row.stage) if self.can_move else (),
        )


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _tone(probability: int) -> str:
    return "ok" if probability >= COMMIT_FROM else "warn" if probability >= BEST_FROM else "info"
