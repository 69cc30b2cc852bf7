"""The rows that numbers are made of, as they stood on the as-of day, for one segment of the partners.

Rows keep when things happened, so what came after the as-of day is left out. What a row was before it was changed without a date
(an amount that was corrected, a partner that moved) is not known here: the kept history (`Snapshot`) says what was told at the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis

from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.windows import Window, months_back

MOMENT = "timestamp('UTC', 6)"
OUTCOMES, PARTS, UNRUN = "attribution.outcomes", "attribution.parts", "attribution.unrun"
DEAL = (
    "deal_id", "number", "customer", "account_id", "program_id", "deal_type", "partner_id", "source_id", "opened_at", "closed_at", "is_won", "outcome",
    "base_amount_minor", "currency", "in_run",
)  # fmt: skip
PART = ("deal_id", "partner_id", "counts", "late", "credit_minor")
SEGMENT_PARTS = ("partner", "program", "tier", "region", "type", "motion", "manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Which partners: one, those of a program, a tier (of today), a region, a type, a motion, a manager (of today); all when nothing is named."""

    partner: str = ""
    program: str = ""
    tier: str = ""
    region: str = ""
    type: str = ""
    motion: str = ""
    manager: str = ""

    @property
    def is_all(self) -> bool:
        return not any(getattr(self, name) for name in SEGMENT_PARTS)

    @property
    def key(self) -> str:
        """The segment as one text, the same for the same segment; empty for all partners."""
        return ",".join(f"{name}={getattr(self, name)}" for name in SEGMENT_PARTS if getattr(self, name))


EVERYBODY = Segment()


def seconds(later: Any, earlier: Any) -> Any:
    return later.epoch_seconds() - earlier.epoch_seconds()


class Facts:
    """Tables by the name of their data set, narrowed to a window and a segment."""

    def __init__(
        self,
        tables: Callable[[str], ibis.Table],
        *,
        window: Window,
        configuration: Configuration,
        segment: Segment | None = None,
    ):
        self._tables, self.window, self.configuration = tables, window, configuration
        self.segment = segment or Segment()
        self.start, self.end = ibis.literal(window.start, MOMENT), ibis.literal(window.end, MOMENT)

    def moment(self, day: Any) -> Any:
        return ibis.literal(Window(day, day).start, MOMENT)

    def happened(self, column: Any) -> Any:
        """In the window."""
        return (column >= self.start) & (column < self.end)

    def known(self, column: Any) -> Any:
        """On or before the as-of day."""
        return column < self.end

    @cached_property
    def partners(self) -> ibis.Table:
        """Partners of the segment that had joined by the as-of day; who left later is still there."""
        found = self._tables("partners.partners")
        found = found.filter(self.known(found.joined_at))
        found = found.mutate(left_at=ibis.ifelse(self.known(found.left_at), found.left_at, ibis.null(MOMENT)))
        return self._narrow(found, "id")

    def table(self, name: str, partner: str = "partner_id") -> ibis.Table:
        """A data set narrowed to the segment. A fact of one program counts for that program alone."""
        return self._narrow(self._tables(name), partner)

    def every(self, name: str) -> ibis.Table:
        """A data set of all partners, whatever the segment."""
        return self._tables(name)

    def _narrow(self, found: ibis.Table, partner: str) -> ibis.Table:
        if self.segment.is_all:
            return found
        if self.segment.program and "program_id" in found.columns:
            found = found.filter(found.program_id == self.segment.program)
        return found.semi_join(self._chosen, [found[partner] == self._chosen.chosen])

    @cached_property
    def _chosen(self) -> ibis.Table:
        asked = self.segment
        found = self._tables("partners.partners")
        for column, value in (("id", asked.partner), ("type", asked.type), ("motion", asked.motion), ("region", asked.region), ("manager_id", asked.manager)):
            if value:
                found = found.filter(found[column] == value)
        if asked.program or asked.tier:
            members = self._tables("partners.enrollments")
            members = members.filter(self.known(members.since))
            for column, value in (("program_id", asked.program), ("tier", asked.tier)):
                if value:
                    members = members.filter(members[column] == value)
            found = found.semi_join(members, [found.id == members.partner_id])
        return found.select(chosen=found.id)

    @cached_property
    def registrations(self) -> ibis.Table:
        """Registrations that were sent in by the as-of day."""
        found = self.table("deals.registrations")
        return found.filter(self.known(found.submitted_at))

    @cached_property
    def decided(self) -> ibis.Table:
        """Deals that ended in the window, once each, as attribution judged them: by the run that stands for their month, or by the rules in force.

        For a part of the partners every deal is still there, and `sourced` and `engaged` are about those partners.
        """
        return self._ended(within=True)

    @cached_property
    def ever_decided(self) -> ibis.Table:
        """The same from the first day on."""
        return self._ended(within=False)

    @cached_property
    def won(self) -> ibis.Table:
        return self.decided.filter(self.decided.won)

    def _ended(self, *, within: bool) -> ibis.Table:
        unrun = self._tables(UNRUN)
        found = self._tables(OUTCOMES).select(*DEAL).union(unrun.filter(unrun.is_first).select(*DEAL))
        found = self._judged(found.filter((self.happened if within else self.known)(found.closed_at)))
        booked = ibis.ifelse(found.currency == self.configuration.currency, found.base_amount_minor, ibis.null("int64"))
        return found.select(
            deal_id=found.deal_id,
            reference=ibis.coalesce(found.number.nullif(""), found.customer),
            customer=found.customer,
            account_id=found.account_id,
            partner_id=found.partner_id,
            program_id=found.program_id,
            source_id=found.source_id,
            deal_type=found.deal_type,
            won=found.is_won,
            net_minor=booked,
            opened_at=found.opened_at,
            closed_at=found.closed_at,
            engaged=found.engaged,
            sourced=found.sourced,
            outcome=found.outcome,
            in_run=found.in_run,
        )

    def _judged(self, found: ibis.Table) -> ibis.Table:
        """Whether the segment sourced a deal, and whether it had a part in it at all."""
        if self.segment.is_all:
            return found.mutate(sourced=found.outcome == "sourced", engaged=found.outcome != "unattributed")
        touched = self.parts.filter(self.parts.counts).select(touched="deal_id").distinct()
        sources = self._chosen.select(source="chosen")
        found = found.left_join(touched, [found.deal_id == touched.touched])
        found = found.left_join(sources, [found.source_id == sources.source])
        here = found.program_id.isnull() | (found.program_id == self.segment.program) if self.segment.program else ibis.literal(True)
        return found.mutate(sourced=found.source.notnull() & here, engaged=(found.source.notnull() | found.touched.notnull()) & here)

    @cached_property
    def parts(self) -> ibis.Table:
        """The parts that partners of the segment have in deals, whenever those ended."""
        unrun = self._tables(UNRUN)
        given = unrun.filter(unrun.part_id.notnull()).drop("partner_id").rename(partner_id="part_id").select(*PART)
        found = self._tables(PARTS).select(*PART).union(given)
        return found if self.segment.is_all else found.semi_join(self._chosen, [found.partner_id == self._chosen.chosen])

    def owned(self, deals: ibis.Table) -> ibis.Table:
        """Deals with the one partner of the segment that each is counted for: who sourced it, else the most credited."""
        found = deals.mutate(owner=ibis.coalesce(deals.source_id, deals.partner_id)).filter(lambda t: t.owner.notnull())
        return found if self.segment.is_all else found.semi_join(self._chosen, [found.owner == self._chosen.chosen])

    @cached_property
    def incentives(self) -> ibis.Table:
        """What partners earned and gave back in the window."""
        found = self.table("earnings.lines")
        return found.filter(found.earned_on >= self.window.since, found.earned_on <= self.window.as_of)

    @cached_property
    def paid_claims(self) -> ibis.Table:
        found = self.table("funds.claims")
        return found.filter(self.happened(found.paid_at))

    @cached_property
    def costs(self) -> ibis.Table:
        """Costs that were entered for the window: of the team, tools, recruiting, onboarding."""
        found = self.table("kpis.costs")
        return found.filter(found.month >= self.window.since.replace(day=1), found.month <= self.window.as_of)

    def active(self, at_day: Any) -> ibis.Table:
        """Partners of the segment with a sent-in or closed deal or an accepted lead in the months before a day."""
        since, until = self.moment(months_back(at_day, self.configuration.quiet_months)), self.moment(at_day)
        r, o = self.table("deals.registrations"), self.table("leads.offers")
        signs = [(r, r.submitted_at), (r, r.closed_at), (o, o.accepted_at)]
        seen = [table.filter(column >= since, column < until).select(active_id=table.partner_id) for table, column in signs]
        return ibis.union(*seen, distinct=True)
