"""The rows that numbers are made of, as they stood on the as-of day, for one segment of the partners.

Rows keep when things happened, so what came after the as-of day is left out. What a row was before it was changed without a date
(an amount that was corrected, a partner that moved) is not known here: the kept history (`Snapshot`) says what was told at the time.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis

from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.windows import Window, months_back

MOMENT = "timestamp('UTC', 6)"
TOUCHES, CREDITS = "attribution.touches", "attribution.credits"
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
        known: Collection[str] = (),
    ):
        self._tables, self.window, self.configuration = tables, window, configuration
        self.segment, self._known = segment or Segment(), frozenset(known)
        self.start, self.end = ibis.literal(window.start, MOMENT), ibis.literal(window.end, MOMENT)

    def has(self, dataset: str) -> bool:
        return dataset in self._known

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

    def _in_currency(self, table: ibis.Table) -> Any:
        return ibis.ifelse(table.currency == self.configuration.currency, table.net_minor, ibis.null("int64"))

    @cached_property
    def registrations(self) -> ibis.Table:
        """Registrations that were sent in by the as-of day."""
        found = self.table("deals.registrations")
        return found.filter(self.known(found.submitted_at))

    @cached_property
    def decided(self) -> ibis.Table:
        """Deals that ended in the window, once each: registrations, and opportunities that no registration counts for."""
        return self._ended(within=True)

    @cached_property
    def ever_decided(self) -> ibis.Table:
        """The same from the first day on."""
        return self._ended(within=False)

    @cached_property
    def won(self) -> ibis.Table:
        return self.decided.filter(self.decided.won)

    def _ended(self, *, within: bool) -> ibis.Table:
        when = self.happened if within else self.known
        found = self._registered(when).union(self._unregistered(when))
        found = self._with_touches(found)
        if self.segment.is_all:
            return found
        return self._narrow(found.mutate(counts_for=ibis.coalesce(found.source_id, found.partner_id)), "counts_for").drop("counts_for")

    def _registered(self, when: Callable[[Any], Any]) -> ibis.Table:
        r = self._tables("deals.registrations")
        r = r.filter(r.status.isin(["closed_won", "closed_lost"]), when(r.closed_at))
        leads = self._tables("leads.converted").select(of_deal="registration_id", referrer="referrer_id").distinct(on="of_deal", keep="first")
        r = r.left_join(leads, [r.id == leads.of_deal])
        found_by_vendor = r.of_deal.notnull() & (r.referrer.isnull() | (r.referrer != r.partner_id))
        engaged = (r.approved_at <= r.closed_at).fill_null(False)
        sourced = engaged & (r.deal_type != "renewal") & ~found_by_vendor
        return r.select(
            deal_id=r.id,
            reference=r.number,
            customer=r.customer,
            account_id=r.account_id,
            partner_id=r.partner_id,
            program_id=r.program_id,
            source_id=ibis.ifelse(sourced, r.partner_id, ibis.null("string")),
            deal_type=r.deal_type,
            won=r.status == "closed_won",
            net_minor=self._in_currency(r),
            opened_at=r.submitted_at,
            closed_at=r.closed_at,
            engaged=engaged,
            sourced=sourced,
        )

    def _unregistered(self, when: Callable[[Any], Any]) -> ibis.Table:
        o = self._tables("deals.opportunities")
        o = o.filter(o.registration_id.isnull(), o.status.isin(["won", "lost"]), when(o.closed_at))
        o = o.mutate(opened_at=o.opened_on.cast(MOMENT))
        intros = self._introductions(o)
        o = o.left_join(intros, [o.id == intros.of_deal])
        return o.select(
            deal_id=o.id,
            reference=o.name,
            customer=o.name,
            account_id=o.account_id,
            partner_id=o.partner_id,
            program_id=ibis.null("string"),
            source_id=o.introduced_by,
            deal_type=ibis.literal("new"),
            won=o.status == "won",
            net_minor=self._in_currency(o),
            opened_at=o.opened_at,
            closed_at=o.closed_at,
            engaged=o.partner_id.notnull() | o.introduced_by.notnull(),
            sourced=o.introduced_by.notnull(),
        )

    def _introductions(self, opportunities: ibis.Table) -> ibis.Table:
        """Opportunities that a partner's introduction led to: taken up within the days before they were opened. The first one counts."""
        r = self._tables("leads.referrals")
        r = r.filter(r.direction == "to_vendor", r.state == "taken_up", r.account_id.notnull())
        r = r.select(introduction="id", introduced_by="referrer_id", answered_at="answered_at", of_account="account_id")
        o = opportunities.select(of_deal="id", its_account="account_id", opening="opened_at")
        both = o.inner_join(r, [o.its_account == r.of_account])
        waited = seconds(both.opening, both.answered_at)
        both = both.filter(waited >= 0, waited <= self.configuration.intro_window_days * 86_400)
        first = ibis.row_number().over(ibis.window(group_by=both.of_deal, order_by=[both.answered_at, both.introduction]))
        both = both.mutate(place=first)
        return both.filter(both.place == 0).select("of_deal", "introduced_by")

    def _with_touches(self, deals: ibis.Table) -> ibis.Table:
        if not self.has(TOUCHES):
            return deals
        touches = self.qualified_touches
        touched = touches.inner_join(deals, [touches.of_deal == deals.deal_id])
        touched = touched.filter(touched.at <= touched.closed_at).select("of_deal").distinct()
        found = deals.left_join(touched, [deals.deal_id == touched.of_deal])
        return found.mutate(engaged=found.engaged | found.of_deal.notnull()).drop("of_deal")

    @cached_property
    def qualified_touches(self) -> ibis.Table:
        t = self._tables(TOUCHES)
        return t.filter(t.qualifies, self.known(t.at)).select(of_deal="deal_id", by="partner_id", at="at")

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
