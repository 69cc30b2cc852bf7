"""How usage is read from files, and usage and credits are written to them. A file may be read again: an id is booked once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.incentives import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values


class UsageImporter:
    """A row says what an id amounts to today; a changed amount of a known id is booked as a line with the difference."""

    entity = "usage"
    label = gettext_lazy("Usage")
    permission = "incentives.import"
    after: tuple[str, ...] = ("partners",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id", "usage_id", "record id"), max_length=120),
        ImportField("customer_key", gettext_lazy("Customer key"), required=True, aliases=("customer_id", "account_id", "account"), max_length=120),
        ImportField("customer_name", gettext_lazy("Customer"), required=True, aliases=("customer", "company")),
        ImportField("service_month", gettext_lazy("Month of use"), Kind.DATE, required=True, aliases=("month", "period", "usage_month")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, required=True),
        ImportField("amount", gettext_lazy("Amount"), Kind.MONEY, required=True, aliases=("revenue", "amount used")),
        ImportField("quantity", gettext_lazy("Quantity"), Kind.DECIMAL, aliases=("units",)),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        known = queries.known_lines(_source(source), texts)
        return {text: Reference(known[text][0], text, How.EXACT, 100) if text in known else Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        known = queries.known_lines(_source(source), [row["external_id"] for row in rows if row.get("external_id")])
        return [known[row["external_id"]][0] if row.get("external_id") in known else None for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        """What was told in all of the id that each line speaks of."""
        found = {}
        for line in queries.by_ids(actor, ids):
            _last, minor, quantity = queries.known_lines(line.source, [line.external_id])[line.external_id]
            found[line.id] = {
                "external_id": line.external_id, "customer_key": line.customer_key, "customer_name": line.customer_name,
                "service_month": line.service_month, "currency": line.amount.currency, "amount": minor, "quantity": quantity,
            }  # fmt: skip
        return found

    def normal(self, values: Values) -> Values:
        month = values.get("service_month")
        return {**values, **({"service_month": month.replace(day=1)} if month else {})}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [()] * len(rows)

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        booked = services.report_usage(actor=actor, reports=[_report(row, source) for row in rows], at=at)
        return [one.line_id for one in booked]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        lines = {line.id: line for line in queries.by_ids(actor, [change.id for change in changes])}
        told = self.current(actor=actor, ids=list(lines))
        reports = [_report({**told[change.id], **change.after}, lines[change.id].source) for change in changes]
        services.report_usage(actor=actor, reports=reports, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        raise Conflict(_("Booked usage is never removed. Send the same ids with the amount 0: the difference is booked as a correction."))


class UsageExporter:
    entity = "usage"
    label = gettext_lazy("Usage")
    permission = "incentives.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in (
            "openprm_id", "source", "external_id", "revision", "customer_key", "customer_name", "service_month", "booked_month", "corrects", "quantity",
            "amount", "currency",
        )
    )  # fmt: skip

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_lines(actor, search=str(filters.get("q", "")), filters={name: value for name, value in filters.items() if name != "q"}):
            middle = (getattr(row, column.name) for column in self.columns[1:-2])
            yield row.id, *middle, row.amount.major, row.amount.currency


def _source(source: str) -> str:
    return source or "file"


def _report(row: Values, source: str) -> services.UsageReport:
    return services.UsageReport(
        source=_source(source), external_id=row["external_id"], customer_key=row.get("customer_key") or "", customer_name=row.get("customer_name") or "",
        service_month=row["service_month"].replace(day=1), amount_minor=row["amount"], currency=row["currency"], quantity=Decimal(row.get("quantity") or 0),
    )  # fmt: skip


IMPORTERS = (UsageImporter(),)
EXPORTERS = (UsageExporter(),)
