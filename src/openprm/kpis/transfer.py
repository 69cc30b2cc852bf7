"""How costs of the program and targets are read from files."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.transfer import Change, How, ImportField, Kind, Reference, RowProblem, Values
from openprm.kpis import queries, services, wording
from openprm.kpis.rules.windows import FIRST_DAY

TAKEN_BACK = gettext_lazy("The import that brought it was taken back.")


class _Known:
    """What both have in common: rows are found by their own keys, and nothing else names them."""

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        return {text: Reference(None, "", How.UNKNOWN) for text in texts}


class CostImporter(_Known):
    """What the program cost, month by month. The id of the source says which cost a row means."""

    entity = "program-costs"
    label = gettext_lazy("Costs of the program")
    permission = "kpis.plan"
    after = ("partners",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id", "booking", "document", "entry"), max_length=120),
        ImportField(
            "month", gettext_lazy("Month"), Kind.DATE, required=True, aliases=("date", "period", "booked on"), help=gettext_lazy("Any day of the month.")
        ),
        ImportField(
            "kind", gettext_lazy("Kind"), Kind.CHOICE, required=True, choices=tuple(wording.COST_KINDS.items()), aliases=("type", "cost type", "account")
        ),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, required=True, aliases=("amount", "cost")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, required=True),
        ImportField("partner_id", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", aliases=("partner", "partner name")),
        ImportField("note", gettext_lazy("Note"), max_length=300, aliases=("text", "description")),
    )

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        known = queries.costs_by_external_ids(actor, source, [row["external_id"] for row in rows if row.get("external_id")])
        return [known.get(row.get("external_id") or "") for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return queries.imported_costs(actor, ids)

    def normal(self, values: Values) -> Values:
        month = values.get("month")
        return {**values, "month": month.replace(day=1)} if month else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_cost_problems(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [services.enter_cost(actor=actor, source=source, external_id=row["external_id"], at=at, **_cost(row)) for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            services.correct_cost(actor=actor, cost_id=change.id, at=at, **_cost({**change.before, **change.after}))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for cost_id in ids:
            services.remove_cost(actor=actor, cost_id=cost_id, reason=str(TAKEN_BACK), at=at)


def _cost(row: Values) -> dict[str, Any]:
    return {
        "month": row["month"],
        "kind": row["kind"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "partner_id": row.get("partner_id"),
        "note": row.get("note") or "",
    }


def _cost_problems(row: Values) -> list[RowProblem]:
    found = []
    if row.get("amount_minor") is not None and row["amount_minor"] <= 0:
        found.append(RowProblem("amount_minor", _("A cost is more than zero.")))
    if row.get("month") and not FIRST_DAY <= row["month"] <= date(2200, 12, 31):
        found.append(RowProblem("month", _("Give a month between 1990 and 2200.")))
    return found


class TargetImporter(_Known):
    """What the numbers should be. KPI, period and first day say which target a row means."""

    entity = "kpi-targets"
    label = gettext_lazy("Targets of KPIs")
    permission = "kpis.plan"
    after = ()
    fields = (
        ImportField("kpi", gettext_lazy("KPI"), required=True, aliases=("name", "number", "metric"), max_length=60),
        ImportField("period", gettext_lazy("Period"), Kind.CHOICE, required=True, choices=tuple(wording.TARGET_PERIODS.items())),
        ImportField("starts_on", gettext_lazy("First day"), Kind.DATE, required=True, aliases=("from", "start", "starts")),
        ImportField(
            "value", gettext_lazy("Value"), Kind.DECIMAL, required=True, aliases=("target", "goal"),
            help=gettext_lazy("Money in whole units of the reporting currency; shares in percent."),
        ),
    )  # fmt: skip

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        known = {(one.kpi, one.period, one.starts_on): one.id for one in queries.targets(actor)}
        return [known.get((row.get("kpi"), row.get("period"), row.get("starts_on"))) for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {
            one.id: {"kpi": one.kpi, "period": one.period, "starts_on": one.starts_on, "value": queries.target_in_words(one.kpi, one.value)}
            for one in queries.targets(actor)
            if one.id in set(ids)
        }

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        known = {one.name for one in queries.definitions(actor)}
        return [tuple(_target_problems(row, known)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        for row in rows:
            _set(actor, row, at)
        return [one for one in self.find(actor=actor, rows=rows, source=source) if one]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            _set(actor, {**change.before, **change.after}, at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for target_id in ids:
            services.remove_target(actor=actor, target_id=target_id, reason=str(TAKEN_BACK), at=at)


def _set(actor: Actor, row: Values, at: datetime) -> None:
    value = queries.target_from_words(row["kpi"], Decimal(row["value"]))
    services.set_target(actor=actor, kpi=row["kpi"], period=row["period"], starts_on=row["starts_on"], value=value, at=at)


def _target_problems(row: Values, known: set[str]) -> list[RowProblem]:
    found = []
    if row.get("kpi") and row["kpi"] not in known:
        found.append(RowProblem("kpi", _("There is no KPI of this name. openprm kpi --list prints them.")))
    if row.get("starts_on") and row.get("period") and not services.begins(row["period"], row["starts_on"]):
        found.append(RowProblem("starts_on", _("Give the first day of the month, quarter or year.")))
    return found


IMPORTERS = (CostImporter(), TargetImporter())
