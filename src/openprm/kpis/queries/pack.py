"""The pack for the board: every number of the page, said on paper. One reading, so that all of it fits together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kpis import wording
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.measuring import rows_of
from openprm.kpis.engine.content import Cell, Curve, Line, Pack, Part, Point, Section, Summary, TableOf
from openprm.kpis.queries.aims import TargetFor, targets_for
from openprm.kpis.queries.figures import Asked, Definition, Figure, check, definitions, told, visible
from openprm.kpis.queries.reading import Reading, reading
from openprm.kpis.queries.segments import segment_words
from openprm.kpis.queries.stress import Standing, standing_in, stressed
from openprm.kpis.rules.outcomes import exact
from openprm.kpis.rules.windows import window
from openprm.ui import format as formats
from openprm.ui.format import Viewer

SUMMARY = ("sourced_revenue", "influenced_revenue", "unattributed_revenue")
WHOLE = "total_revenue"
COHORT = "time_to_first_revenue"
MOST_PARTNERS, MOST_STRESSED, MOST_ROWS = 15, 8, 20_000
FEW_STEPS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a pack is made of, before it is put into words."""

    asked: Asked
    figures: Mapping[str, Figure]
    definitions: Mapping[str, Definition]
    targets: Mapping[str, TargetFor]
    standing: Standing
    deals: Sequence[Mapping[str, Any]]
    more_deals: bool
    names: Mapping[UUID, str]


def pack(actor: Actor, asked: Asked, *, locale: str = "en") -> Pack:
    """Raises NotFound for those who do not see the program, Invalid."""
    check(asked)
    viewer = Viewer(at=window("all", asked.as_of).end, locale=locale)
    return _said(_read(actor, asked), viewer)


def _read(actor: Actor, asked: Asked) -> Read:
    known = {one.name: one for one in definitions(actor)}
    kpis = [visible(actor, name) for name, one in known.items() if not one.missing]
    with reading(actor, (*kpis, *stressed(actor))) as read:
        figures = {kpi.name: told(kpi, asked, read) for kpi in kpis}
        held, deals = standing_in(read, asked), _deals(read, asked)
    partners = {UUID(one) for one in held.revenue} | {UUID(row["partner_id"]) for row in deals if row.get("partner_id")}
    return Read(
        asked=asked,
        figures=figures,
        definitions=known,
        targets=targets_for(actor, asked),
        standing=held,
        deals=deals[:MOST_ROWS],
        more_deals=len(deals) > MOST_ROWS,
        names=identity.organization_names(partners),
    )


def _deals(read: Reading, asked: Asked) -> list[dict[str, Any]]:
    """The deals under the sum: all of them, or those of the segment."""
    kpi = registry.BY_NAME[WHOLE if asked.segment.is_all else "partner_engaged_revenue"]
    return rows_of(kpi, read.facts(kpi, window(asked.period, asked.as_of), asked.segment), MOST_ROWS + 1)


def _said(read: Read, viewer: Viewer) -> Pack:
    vendor, brand = identity.vendor_organization(), identity.branding()
    first = next(iter(read.figures.values()))
    words = _Words(read, viewer, first.currency)
    days = _("%(since)s to %(as_of)s") % {"since": formats.full_day(first.since, viewer), "as_of": formats.full_day(first.as_of, viewer)}
    return Pack(
        vendor=vendor.name if vendor else brand.name,
        color=brand.color or "",
        language=viewer.locale,
        title=_("Partner program"),
        subtitle=days,
        facts=_facts(read, first, viewer),
        contents_title=_("Numbers"),
        summary=words.summary(),
        sections=words.sections(),
        heads={"number": _("Number"), "value": _("Value"), "n": _("Rows"), "before": _("Before, change"), "target": _("Target")},
        tables=(words.top_partners(), words.stress()),
        curve=words.curve(),
        missing=words.missing(),
        definitions_title=_("Definitions, and what is decided"),
        definitions_lead=_("A dash is not a zero: it says why there is no number. Intervals are 95 %."),
        check_title=_("How to check this"),
        checks=_checks(read, first),
        rows=words.rows(),
        page_word=_("Page"),
        foot=_("%(days)s, configuration %(hash)s") % {"days": days, "hash": first.configuration[:16]},
    )


def _facts(read: Read, first: Figure, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    compared = _("nothing")
    if first.before_since and first.before_as_of:
        compared = f"{formats.full_day(first.before_since, viewer)} – {formats.full_day(first.before_as_of, viewer)}"
    return (
        (_("As of"), formats.full_day(read.asked.as_of, viewer)),
        (_("Period"), f"{wording.PERIODS[read.asked.period]}, {formats.full_day(first.since, viewer)} – {formats.full_day(first.as_of, viewer)}"),
        (_("Compared with"), compared),
        (_("Partners"), segment_words(read.asked.segment)),
        (_("Currency"), _("%(currency)s, each deal at the rate of its booking") % {"currency": first.currency}),
        (_("Configuration"), first.configuration),
    )


def _checks(read: Read, first: Figure) -> tuple[str, ...]:
    asked = read.asked
    where = "".join(f" --where {name}" for name in asked.segment.key.split(",") if name)
    return (
        _("Every number here is the number of the page, of the API and of the command:"),
        f"openprm kpi total_revenue --as-of {asked.as_of.isoformat()} --period {asked.period}{where}",
        _("The configuration hash stands for every threshold and assumption: another hash means another rule, not another fact."),
        _("The hash in the foot is of everything that is said here; the sheet that belongs to this paper carries the same one."),
    )


class _Words:
    """The parts of a pack in the reader's words."""

    def __init__(self, read: Read, viewer: Viewer, currency: str):
        self.read, self.viewer, self.currency = read, viewer, currency

    def money(self, minor: Decimal | int | None) -> Cell:
        amount = None if minor is None else Decimal(minor)
        return Cell(wording.said(amount, "money", self.currency, self.viewer, compact=False), self._raw(amount, "money"))

    def _raw(self, amount: Decimal | None, unit: str) -> Decimal | None:
        """Money in whole units of the currency; everything else as it is."""
        return None if amount is None else wording.major(amount, self.currency) if unit in wording.MONEY else amount

    def _cell(self, amount: Decimal | None, unit: str) -> Cell:
        return Cell(wording.said(amount, unit, self.currency, self.viewer, compact=False), self._raw(amount, unit))

    def _with_unit(self, amount: Decimal | None, unit: str) -> Cell:
        made = self._cell(amount, unit)
        return made if amount is None else Cell(f"{made.text} {wording.UNITS[unit]}".strip(), made.raw)

    def count(self, value: int) -> Cell:
        return Cell(formats.number(value, self.viewer), value)

    def percent(self, above: int, below: int) -> Cell:
        share = exact(Decimal(100) * above / below) if below > 0 else None
        return Cell(wording.DASH if share is None else _("%(share)s %%") % {"share": wording.said(share, "percent", "", self.viewer)}, share)

    def summary(self) -> Summary:
        figures = [self.read.figures[name] for name in SUMMARY if name in self.read.figures]
        whole = self.read.figures[WHOLE]
        amounts = [int(one.value) if one.value is not None else None for one in figures]
        total = int(whole.value) if whole.value is not None else sum(one or 0 for one in amounts)
        parts = tuple(
            Part(label=one.label, amount=self.money(amount), share=self.percent(amount or 0, total).text, weight=max(amount or 0, 0))
            for one, amount in zip(figures, amounts, strict=True)
        )
        holds = sum(one or 0 for one in amounts) == total
        return Summary(
            title=_("What was won, and who had a part in it"),
            lead=_("Every deal won in the period stands in exactly one of the three."),
            parts=parts,
            whole=Part(label=whole.label, amount=self.money(whole.value), share=self.percent(total, total).text, weight=max(total, 0)),
            check=self._adds_up(holds, whole),
            holds=holds,
        )

    def _adds_up(self, holds: bool, whole: Figure) -> str:
        if whole.value is None:
            return whole.reason
        return _("The three add up to the whole, to the cent.") if holds else _("The three do not add up to the whole. Do not use this page; tell an operator.")

    def sections(self) -> tuple[Section, ...]:
        found = []
        for group, label in registry.GROUPS.items():
            lines = tuple(self.line(one) for name, one in self.read.figures.items() if self.read.definitions[name].group == group)
            if lines:
                found.append(Section(title=str(label), lines=lines))
        return tuple(found)

    def line(self, one: Figure) -> Line:
        about, target = self.read.definitions[one.name], self.read.targets.get(one.name)
        tone = "" if not one.change or one.direction == "none" else "ok" if (one.change > 0) == (one.direction == "up") else "bad"
        return Line(
            name=one.name,
            label=one.label,
            value=self._cell(one.value, one.unit),
            unit=str(wording.UNITS[one.unit]) if one.value is not None else "",
            reason=one.reason,
            n=self.count(one.n),
            interval=self._interval(one),
            low=self._raw(one.low, one.unit),
            high=self._raw(one.high, one.unit),
            before=self._with_unit(one.before, one.unit) if one.before_since else Cell(wording.DASH),
            change=self._change(one),
            tone=tone,
            target=self._with_unit(target.value, one.unit) if target else Cell(wording.DASH),
            target_by=_("by %(day)s") % {"day": formats.full_day(target.by, self.viewer)} if target else "",
            formula=about.formula,
            edge_cases=about.edge_cases,
            notes=one.notes,
            configuration=one.configuration,
        )

    def _interval(self, one: Figure) -> str:
        if one.low is None and one.high is None:
            return ""
        low, high = (self._cell(end, one.unit).text for end in (one.low, one.high))
        return _("95 %%: %(low)s to %(high)s") % {"low": low, "high": high}

    def _change(self, one: Figure) -> Cell:
        if not one.change:
            return Cell("", one.change)
        made = self._with_unit(one.change, one.unit)
        return Cell(("+" if one.change > 0 else "") + made.text, made.raw)

    def _partner(self, partner_id: str) -> Cell:
        name = self.read.names.get(UUID(partner_id), "") or partner_id
        return Cell(name, name)

    def top_partners(self) -> TableOf:
        held = self.read.standing
        whole = sum(held.revenue.values())
        largest = sorted(held.revenue.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PARTNERS]
        rows = [
            (
                self.count(place),
                self._partner(one),
                self.count(held.deals[one]),
                self.money(amount),
                self.percent(amount, whole),
                self.money(held.pipeline.get(one, 0)),
            )
            for place, (one, amount) in enumerate(largest, start=1)
        ]
        return TableOf(
            key="partners",
            title=_("Largest partners"),
            lead=_("By revenue of deals won with a partner, each deal counted for one of them, and what each has open."),
            head=("#", _("Partner"), _("Deals won"), _("Revenue"), _("Share"), _("Open pipeline")),
            align=("right", "left", "right", "right", "right", "right"),
            widths=(0.06, 0.34, 0.12, 0.18, 0.12, 0.18),
            rows=tuple(rows),
            empty=_("Nothing was won with a partner in this period."),
        )

    def stress(self) -> TableOf:
        held = self.read.standing
        largest = sorted(held.revenue.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_STRESSED]
        rows = [(self._partner(one), *self._lost(held, one)) for one, _amount in largest]
        now = held.without("").hhi_before
        return TableOf(
            key="stress",
            title=_("If one of them were gone"),
            lead=_("Concentration today is %(hhi)s (HHI; 10,000 is one partner alone). Certified people are not measured yet.")
            % {"hhi": wording.said(now, "index", "", self.viewer)},
            head=(_("Without"), _("Revenue left"), _("Lost"), _("Pipeline left"), _("Lost"), _("HHI then"), _("Regions with nobody")),
            align=("left", "right", "right", "right", "right", "right", "left"),
            widths=(0.24, 0.15, 0.09, 0.15, 0.09, 0.1, 0.18),
            rows=tuple(rows),
            empty=_("There is nothing to lose yet."),
        )

    def _lost(self, held: Standing, one: str) -> Iterable[Cell]:
        found = held.without(one)
        for loss in found.losses:
            yield self.money(loss.after)
            yield Cell(wording.DASH if loss.share is None else f"{wording.said(loss.share, 'percent', '', self.viewer)} %", loss.share)
        yield Cell(wording.said(found.hhi_after, "index", "", self.viewer), found.hhi_after)
        yield Cell(", ".join(found.alone_in) or wording.DASH)

    def curve(self) -> Curve:
        one = self.read.figures[COHORT]
        points = tuple(Point(days=step.days, waiting=float(step.waiting), low=float(step.low), high=float(step.high)) for step in one.curve)
        until = max([point.days for point in points], default=0)
        return Curve(
            title=_("How long new partners take to their first deal"),
            lead=_("Partners that joined in the period; who has no deal yet counts as long as it was seen (Kaplan-Meier), with its 95 % band."),
            points=points,
            until=max(30, -(-until // 30) * 30),
            axis=_("days since joining"),
            table=self._steps(one),
        )

    def _steps(self, one: Figure) -> TableOf:
        every = max(1, -(-len(one.curve) // FEW_STEPS))
        shown = [step for place, step in enumerate(one.curve) if place % every == 0 or place == len(one.curve) - 1]
        rows = tuple(
            (self.count(step.days), self.count(step.at_risk), self.count(step.happened), *(self._share(share) for share in (step.waiting, step.low, step.high)))
            for step in shown
        )
        return TableOf(
            key="cohort",
            title="",
            lead="",
            head=(_("After days"), _("Could still"), _("Had it that day"), _("Still waiting"), _("95 % from"), _("to")),
            align=("right",) * 6,
            widths=(0.16, 0.16, 0.17, 0.17, 0.17, 0.17),
            rows=rows,
            empty=one.reason or _("No partner of this period has a deal yet."),
        )

    def _share(self, share: Decimal) -> Cell:
        return Cell(_("%(share)s %%") % {"share": wording.said(100 * share, "percent", "", self.viewer)}, share)

    def missing(self) -> TableOf:
        rows = [(Cell(one.label), Cell(one.formula), Cell(one.missing)) for one in self.read.definitions.values() if one.missing]
        return TableOf(
            key="missing",
            title=_("What is not measured, and why"),
            lead=_("These numbers have their definition. What they need is kept by no part of the system yet, so none is shown."),
            head=(_("Number"), _("How it would be computed"), _("What is missing")),
            align=("left", "left", "left"),
            widths=(0.26, 0.38, 0.36),
            rows=tuple(rows),
            empty=_("Everything is measured."),
        )

    def rows(self) -> TableOf:
        """The deals under the sum: for the sheet, too long for paper."""
        heads: tuple[tuple[str, str, Callable[[Mapping[str, Any]], Cell]], ...] = (
            ("reference", _("Deal"), lambda row: Cell(row["reference"] or "", row["reference"] or "")),
            ("customer", _("Customer"), lambda row: Cell(row["customer"] or "", row["customer"] or "")),
            ("partner", _("Partner"), lambda row: self._partner(row["partner_id"]) if row["partner_id"] else Cell("", "")),
            ("closed_at", _("Closed"), lambda row: self._day(row["closed_at"])),
            ("net_minor", _("Value"), lambda row: self.money(row["net_minor"])),
            ("sourced", _("Sourced"), lambda row: _yes(row["sourced"])),
            ("engaged", _("With a partner"), lambda row: _yes(row["engaged"])),
        )
        return TableOf(
            key="deals",
            title=_("Deals won"),
            lead=_("The newest %(count)d.") % {"count": MOST_ROWS} if self.read.more_deals else "",
            head=tuple(label for _name, label, _made in heads),
            align=("left", "left", "left", "left", "right", "left", "left"),
            widths=(0.15, 0.25, 0.2, 0.1, 0.12, 0.09, 0.09),
            rows=tuple(tuple(made(row) for _name, _label, made in heads) for row in self.read.deals),
            empty=_("No rows in this period."),
        )

    def _day(self, moment: Any) -> Cell:
        return Cell(formats.full_day(moment, self.viewer), moment.date())


def _yes(value: bool) -> Cell:
    text = _("yes") if value else _("no")
    return Cell(text, text)
