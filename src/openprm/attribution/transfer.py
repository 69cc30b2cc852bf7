"""How touches are read from files: lists of introductions, events and reference calls that no system of ours saw."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.attribution import queries, services
from openprm.attribution.services.unit import EARLIEST, words
from openprm.attribution.wording import KIND
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict
from openprm.kernel.money import Money
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values


class TouchImporter:
    """Partners and customers are found by their own importers. A touch is history: a row that is known is never changed."""

    entity = "touches"
    label = gettext_lazy("Touches of partners")
    permission = "attribution.import"
    after = ("partners", "accounts")
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "touch_id", "touch id"), max_length=100),
        ImportField("partner", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", required=True, aliases=("partner name", "reseller")),
        ImportField(
            "account", gettext_lazy("Customer"), Kind.REFERENCE, references="accounts", required=True,
            aliases=("account name", "account_id", "company", "customer", "domain"),
        ),
        ImportField(
            "kind", gettext_lazy("What it was"), Kind.CHOICE, required=True, choices=tuple((str(kind), label) for kind, label in KIND.items()),
            aliases=("type", "touch type"),
        ),
        ImportField("occurred_date", gettext_lazy("Date"), Kind.DATE, required=True, aliases=("date", "at", "when", "touch date")),
        ImportField("summary", gettext_lazy("What happened"), aliases=("subject", "description", "notes"), max_length=300),
    )  # fmt: skip

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        known = queries.touches_by_external_ids(actor, source, texts)
        return {text: Reference(known[text], text, How.EXACT, 100) if text in known else Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """By the id in the source; a row without one is known when a touch says the same."""
        known = queries.touches_by_external_ids(actor, source, [row["external_id"] for row in rows if row.get("external_id")])
        same = queries.same_imported_touches(actor, [told for row in rows if (told := _told(row))])
        return [known.get(row["external_id"]) if row.get("external_id") else same.get(_told(row)) for row in rows]  # type: ignore[arg-type]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return queries.imported_touches(actor, ids)

    def normal(self, values: Values) -> Values:
        return {**values, "summary": words("summary", values["summary"], most=300, required=False)} if values.get("summary") else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        today = now().date()
        return [tuple(_problems(row, today)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        told = [
            services.TouchRow(
                partner_id=row["partner"], account_id=row["account"], kind=row["kind"], occurred_on=row["occurred_date"], summary=row.get("summary") or "",
                external_id=row.get("external_id") or "",
            )
            for row in rows
        ]  # fmt: skip
        return services.import_touches(actor=actor, rows=told, source=source, at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """A touch is never changed. Raises Conflict for a row that says something else than what was told before."""
        if changes:
            raise Conflict(_("A touch is history and is not changed by an import. Take the import back that brought it."))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.take_back(actor=actor, touch_ids=ids, at=at)


class CreditExporter:
    """Credit deal by deal, as an object of its own for a CRM: with its deal, its account and its partner."""

    entity = "credit"
    label = gettext_lazy("Credit by deal and partner")
    permission = "attribution.view"
    columns = (
        ExportColumn("credit_id", gettext_lazy("Id")),
        ExportColumn("month", gettext_lazy("Month")),
        ExportColumn("is_locked", gettext_lazy("Final")),
        ExportColumn("deal_kind", gettext_lazy("Kind of deal")),
        ExportColumn("deal_id", gettext_lazy("Deal id")),
        ExportColumn("number", gettext_lazy("Number")),
        ExportColumn("customer", gettext_lazy("Customer")),
        ExportColumn("account_id", gettext_lazy("Account id")),
        ExportColumn("partner_id", gettext_lazy("Partner id")),
        ExportColumn("partner", gettext_lazy("Partner")),
        ExportColumn("outcome", gettext_lazy("Outcome")),
        ExportColumn("basis_points", gettext_lazy("Basis points")),
        ExportColumn("credit", gettext_lazy("Credit")),
        ExportColumn("currency", gettext_lazy("Currency")),
        ExportColumn("closed_on", gettext_lazy("Closed on")),
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        found = queries.newest_credits(actor).order_by("-closed_at", "-id")
        months = queries.months_of(found.order_by().values_list("run", flat=True).distinct())
        for row in found.iterator(chunk_size=1000):
            credit = Money(row.credit_minor, row.currency)
            yield (
                row.pk, *months[row.run_id], row.kind, row.deal_id, row.number, row.customer, row.account_id, row.partner_id,
                row.partner.name, row.outcome, row.basis_points, credit.major, row.currency, row.closed_at.astimezone(UTC).date(),
            )  # fmt: skip


class CorrectionExporter:
    """What partners would have of deals in locked months with what became known since, beside what they have."""

    entity = "credit_corrections"
    label = gettext_lazy("Credit that came too late")
    permission = "attribution.view"
    columns = (
        ExportColumn("deal_kind", gettext_lazy("Kind of deal")),
        ExportColumn("deal_id", gettext_lazy("Deal id")),
        ExportColumn("number", gettext_lazy("Number")),
        ExportColumn("customer", gettext_lazy("Customer")),
        ExportColumn("closed_on", gettext_lazy("Closed on")),
        ExportColumn("partner_id", gettext_lazy("Partner id")),
        ExportColumn("partner", gettext_lazy("Partner")),
        ExportColumn("locked_points", gettext_lazy("Basis points, locked")),
        ExportColumn("found_points", gettext_lazy("Basis points with late touches")),
        ExportColumn("locked", gettext_lazy("Credit, locked")),
        ExportColumn("found", gettext_lazy("Credit with late touches")),
        ExportColumn("difference", gettext_lazy("Difference")),
        ExportColumn("currency", gettext_lazy("Currency")),
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        found = queries.newest_corrected(actor).order_by("-closed_at", "deal_id", "partner_id")
        for row in found.iterator(chunk_size=1000):
            locked, late = Money(row.locked_minor, row.currency).major, Money(row.found_minor, row.currency).major
            yield (
                row.kind, row.deal_id, row.number, row.customer, row.closed_at.astimezone(UTC).date(), row.partner_id, row.partner.name, row.locked_points,
                row.found_points, locked, late, late - locked, row.currency,
            )  # fmt: skip


def _told(row: Values) -> queries.ToldInFile | None:
    """What makes a row without an id itself; None where a part of it is missing, or where it has an id."""
    parts = tuple(row.get(name) for name in ("partner", "account", "kind", "occurred_date"))
    return None if row.get("external_id") or not all(parts) else (*parts, row.get("summary") or "")  # type: ignore[return-value]


def _problems(row: Values, today: date) -> Iterator[RowProblem]:
    day = row.get("occurred_date")
    if day and day > today:
        yield RowProblem("occurred_date", _("%(day)s lies in the future. Only what has happened is imported.") % {"day": day.isoformat()})
    if day and day < EARLIEST.date():
        yield RowProblem("occurred_date", _("%(day)s is before the year 2000. Check the order of day, month and year.") % {"day": day.isoformat()})
