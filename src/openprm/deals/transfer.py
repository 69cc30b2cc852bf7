"""How products, opportunities and registrations are read from files and written to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import policies, queries
from openprm.deals.models import Opportunity, Product, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.renewals import LONGEST_TERM_MONTHS
from openprm.deals.services import bulk
from openprm.deals.wording import status_label
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money, minor_units
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values, match_text

_REFERENCED = {"account": "account_id", "product": "product_id", "partner": "partner_id"}


def _unknown() -> Reference:
    return Reference(None, "", How.UNKNOWN)


def _known_by_id(rows: Any, wanted: Sequence[Values], source: str) -> list[UUID | None]:
    """Rows by id of the source; a row of the file without an id is always new."""
    ids = [row["external_id"] for row in wanted if row.get("external_id")]
    found = dict(rows.filter(external_source=source, external_id__in=ids).values_list("external_id", "pk")) if ids else {}
    return [found.get(row.get("external_id")) for row in wanted]


class ProductImporter:
    entity = "products"
    label = gettext_lazy("Products")
    permission = "deals.import"
    after: tuple[str, ...] = ()
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "sku", "code"), max_length=120),
        ImportField("name", gettext_lazy("Name"), required=True, aliases=("product", "product name"), max_length=160),
        ImportField("family", gettext_lazy("Product line"), aliases=("series", "line", "product line", "product family"), max_length=120),
        ImportField("list_price_minor", gettext_lazy("List price"), Kind.MONEY, aliases=("price", "sales_price", "list price", "unit price")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",)),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        rows = list(Product.objects.all())
        by_id = {row.external_id: row for row in rows if row.external_id and row.external_source == source} | {row.code: row for row in rows}
        names = {row.name: row.pk for row in rows}
        return {text: self._reference(text, by_id, names) for text in texts}

    def _reference(self, text: str, by_id: Mapping[str, Product], names: Mapping[str, UUID]) -> Reference:
        if text in by_id:
            return Reference(by_id[text].pk, by_id[text].name, How.EXACT, 100)
        match = match_text(text, names)
        return Reference(names[match.name] if match.name else None, match.name or "", match.how, match.percent)

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        by_id = _known_by_id(Product.objects.all(), rows, source)
        names = {name.casefold(): pk for name, pk in Product.objects.values_list("name", "pk")}
        by_name = [None if row.get("external_id") else names.get((row.get("name") or "").casefold()) for row in rows]
        return [found or named for found, named in zip(by_id, by_name, strict=True)]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {
            row.pk: {
                "external_id": row.external_id,
                "name": row.name,
                "family": row.line.name,
                "list_price_minor": row.list_price_minor,
                "currency": row.currency,
            }
            for row in Product.objects.filter(pk__in=list(ids)).select_related("line")
        }

    def normal(self, values: Values) -> Values:
        return {**values, "currency": ""} if "currency" in values and values.get("list_price_minor") is None and "list_price_minor" in values else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_price_problems(row, "list_price_minor")) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return bulk.create_products(actor=actor, rows=rows, source=source, at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        bulk.update_products(actor=actor, changes={change.id: change.after for change in changes}, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        bulk.remove_products(actor=actor, ids=ids, at=at)


class OpportunityImporter:
    entity = "opportunities"
    label = gettext_lazy("Opportunities")
    permission = "deals.import"
    after = ("partners", "accounts", "products")
    _fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "opportunity_id", "opportunity id"), max_length=120),
        ImportField("name", gettext_lazy("Name"), aliases=("opportunity", "opportunity name", "deal name")),
        ImportField("account", gettext_lazy("Account"), Kind.REFERENCE, references="accounts", aliases=("account name", "company", "customer")),
        ImportField("product", gettext_lazy("Product"), Kind.REFERENCE, references="products", aliases=("product name",)),
        ImportField("partner", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", aliases=("partner name", "reseller")),
        ImportField("owner_name", gettext_lazy("Seller"), aliases=("sales_agent", "owner", "sales rep"), max_length=120),
        ImportField("stage", gettext_lazy("Stage"), Kind.CHOICE, aliases=("deal_stage", "sales stage")),
        ImportField("status", gettext_lazy("Status"), Kind.CHOICE, choices=tuple((status.value, status.label) for status in Opportunity.Status)),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, aliases=("amount", "value", "close_value", "deal value")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",)),
        ImportField("opened_date", gettext_lazy("Opened"), Kind.DATE, aliases=("engage_date", "created", "open date")),
        ImportField("close_date", gettext_lazy("Closed or expected to close"), Kind.DATE, aliases=("close date", "closed", "expected close")),
    )

    @property
    def fields(self) -> tuple[ImportField, ...]:
        """The stages to choose from are those of the programs as they are published now."""
        return tuple(replace(one, choices=queries.every_stage()) if one.name == "stage" else one for one in self._fields)

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        rows = policies.reach_opportunities(actor).filter(external_source=source, external_id__in=list(texts)).values_list("external_id", "pk", "name")
        found = {external_id: Reference(pk, name, How.EXACT, 100) for external_id, pk, name in rows}
        return {text: found.get(text, _unknown()) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        return _known_by_id(policies.reach_opportunities(actor), rows, source)

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        names = [field.name for field in self.fields]
        columns = [_REFERENCED.get(name, name) for name in names]
        rows = policies.reach_opportunities(actor).filter(pk__in=list(ids)).values("pk", *columns)
        return {row["pk"]: {name: row[column] for name, column in zip(names, columns, strict=True)} for row in rows}

    def normal(self, values: Values) -> Values:
        """A closed opportunity has a closed stage, an open one an open stage, and nothing without an amount has a currency."""
        stored = dict(values)
        if "amount_minor" in stored and stored["amount_minor"] is None and "currency" in stored:
            stored["currency"] = ""
        if "name" in stored and not stored["name"]:
            stored["name"] = stored.get("external_id") or _("Opportunity")
        return stored

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_opportunity_problems(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return bulk.create_opportunities(actor=actor, rows=rows, source=source, at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        bulk.update_opportunities(actor=actor, changes={change.id: change.after for change in changes}, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        bulk.remove_opportunities(actor=actor, ids=ids, at=at)


class RegistrationImporter:
    entity = "registrations"
    label = gettext_lazy("Deal registrations")
    permission = "deals.import"
    after = ("partners", "accounts", "products")
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "registration_id", "number"), max_length=120),
        ImportField("partner", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", required=True, aliases=("partner name", "reseller")),
        ImportField("account", gettext_lazy("Account"), Kind.REFERENCE, references="accounts", aliases=("account name",)),
        ImportField("title", gettext_lazy("Deal name"), aliases=("deal", "deal name", "name"), max_length=160),
        ImportField("customer_name", gettext_lazy("Customer"), aliases=("customer", "company", "end customer")),
        ImportField("customer_domain", gettext_lazy("Web domain"), aliases=("domain", "website"), max_length=253),
        ImportField("customer_country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("country",)),
        ImportField("contact_name", gettext_lazy("Contact"), aliases=("contact",), max_length=120),
        ImportField("contact_email", gettext_lazy("Contact's e-mail"), Kind.EMAIL, aliases=("contact email", "email"), max_length=254),
        ImportField("product", gettext_lazy("Product"), Kind.REFERENCE, references="products", required=True, aliases=("product name",)),
        ImportField("quantity", gettext_lazy("Quantity"), Kind.NUMBER, aliases=("qty",)),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, aliases=("amount", "value", "deal value")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",)),
        ImportField("expected_close_date", gettext_lazy("Expected close"), Kind.DATE, aliases=("close date", "expected close")),
        ImportField("status", gettext_lazy("Status"), Kind.CHOICE, choices=tuple((status.value, status_label(status)) for status in bulk.IMPORTABLE)),
        ImportField("submitted_date", gettext_lazy("Submitted"), Kind.DATE, aliases=("submitted", "registered", "created")),
        ImportField("decided_date", gettext_lazy("Decided"), Kind.DATE, aliases=("decided", "approved")),
        ImportField("protected_until", gettext_lazy("Protected until"), Kind.DATE, aliases=("expires", "expiry", "expiration date")),
        ImportField("term_months", gettext_lazy("Term in months"), Kind.NUMBER, aliases=("term", "months", "contract length", "subscription months")),
        ImportField("term_ends_on", gettext_lazy("End of the term"), Kind.DATE, aliases=("term end", "end date", "contract end", "renewal date")),
        ImportField("next_step", gettext_lazy("Next step"), max_length=300, aliases=("next step",)),
        ImportField("reason", gettext_lazy("Reason"), max_length=500, aliases=("lost reason", "reject reason")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        rows = list(policies.reach(actor).filter(number__in=list(texts)).values_list("number", "pk", "title"))
        rows += policies.reach(actor).filter(external_source=source, external_id__in=list(texts)).values_list("external_id", "pk", "title")
        found = {name: Reference(pk, title, How.EXACT, 100) for name, pk, title in rows}
        return {text: found.get(text, _unknown()) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        return _known_by_id(Registration.objects.all(), rows, source)

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        rows = Registration.objects.filter(pk__in=list(ids)).prefetch_related("lines")
        return {row.pk: self._values(row) for row in rows}

    def _values(self, row: Registration) -> Values:
        line = next(iter(row.lines.all()), None)
        return {
            **{name: getattr(row, name) for name in (*bulk.CHANGEABLE, "amount_minor", "currency", "status")},
            "partner": row.partner_id,
            "account": row.account_id,
            "product": line.product_id if line else None,
            "quantity": line.quantity if line else None,
            "term_months": line.term_months or None if line else None,
            "term_ends_on": line.term_ends_on if line else None,
            "submitted_date": row.submitted_at.date() if row.submitted_at else None,
            "decided_date": row.decided_at.date() if row.decided_at else None,
            "protected_until": row.protected_until.date() if row.protected_until else None,
            "reason": row.lost_reason or row.ended_reason,
        }

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        stands = self.current(actor=actor, ids=[pk for pk in found if pk])
        return [tuple(_registration_problems(row, stands.get(pk))) for row, pk in zip(rows, found, strict=True)]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return bulk.create_registrations(actor=actor, rows=rows, source=source, at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        bulk.update_registrations(actor=actor, changes={change.id: change.after for change in changes}, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        bulk.remove_registrations(actor=actor, ids=ids, at=at)


def _price_problems(row: Values, name: str) -> Iterator[RowProblem]:
    amount = row.get(name)
    if amount is not None and not row.get("currency"):
        yield RowProblem("currency", _("The amount has no currency. Map a column to it or set one for the whole file."))
    if amount is not None and amount < 0:
        yield RowProblem(name, _("The amount is negative."))


def _opportunity_problems(row: Values) -> Iterator[RowProblem]:
    yield from _price_problems(row, "amount_minor")
    opened, closed = row.get("opened_date"), row.get("close_date")
    if opened and closed and closed < opened:
        yield RowProblem("close_date", _("It closes before it was opened."))


_TERM = ("term_months", "term_ends_on")
_FIXED = ("partner", "account", "product", "quantity", "amount_minor", "currency", "status", "submitted_date", "decided_date", "protected_until", "reason")


def _registration_problems(row: Values, stands: Values | None) -> Iterator[RowProblem]:
    yield from _price_problems(row, "amount_minor")
    status = row.get("status") or (stands or {}).get("status") or Status.DRAFT
    if stands:
        for name in _FIXED:
            if name in row and row[name] not in (None, "", stands.get(name)):
                yield RowProblem(name, _("A file cannot change this on a registration that is here already. Use its page."))
        for name in _TERM:
            if row.get(name) and stands.get(name) not in (None, row[name]):
                yield RowProblem(name, _("This deal has another term already. A file only adds terms that are missing."))
    yield from _term_problems(row, status, row.get("decided_date") or (stands or {}).get("decided_date"))
    if stands:
        return
    if status in {Status.APPROVED, Status.EXPIRED, Status.CLOSED_WON, Status.CLOSED_LOST} and not row.get("account"):
        yield RowProblem("account", _("A decided deal needs its account."))
    if not row.get("account") and not row.get("customer_name"):
        yield RowProblem("customer_name", _("Name the customer or its account."))
    if row.get("protected_until") and row.get("decided_date") and row["protected_until"] <= row["decided_date"]:
        yield RowProblem("protected_until", _("The protection ends before it begins."))


def _term_problems(row: Values, status: str, won_on: Any) -> Iterator[RowProblem]:
    if row.get("term_months") and not 0 < row["term_months"] <= LONGEST_TERM_MONTHS:
        yield RowProblem("term_months", _("A term lasts between 1 and %(most)d months.") % {"most": LONGEST_TERM_MONTHS})
    if row.get("term_ends_on") and status != Status.CLOSED_WON:
        yield RowProblem("term_ends_on", _("Only what was won has a term that ends. Send the months instead: the term begins with the win."))
    elif row.get("term_ends_on") and won_on and row["term_ends_on"] <= won_on:
        yield RowProblem("term_ends_on", _("The term ends before the deal was won."))


def _money(amount: Money | None) -> tuple[str, str]:
    return (f"{amount.major:.{minor_units(amount.currency)}f}", amount.currency) if amount else ("", "")


def _columns(names: str) -> tuple[ExportColumn, ...]:
    return tuple(ExportColumn(name, name) for name in names.split())


class ProductExporter:
    entity = "products"
    label = gettext_lazy("Products")
    permission = "deals.view"
    columns = _columns("openprm_id code name family list_price currency is_active external_id")

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.products(actor):
            yield row.id, row.code, row.name, row.line, *_money(row.list_price), row.is_active, row.external_id


class OpportunityExporter:
    entity = "opportunities"
    label = gettext_lazy("Opportunities")
    permission = "deals.view"
    columns = _columns("openprm_id name account partner product owner stage status amount currency opened_date close_date is_registered external_id")

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_opportunities(actor, text=str(filters.get("q", ""))):
            yield (
                row.id, row.name, row.account, row.partner, row.product, row.owner, row.stage, row.status, *_money(row.amount), row.opened_date,
                row.close_date, row.is_registered, row.external_id,
            )  # fmt: skip


class RegistrationExporter:
    entity = "registrations"
    label = gettext_lazy("Deal registrations")
    permission = "deals.view"
    columns = _columns(
        "openprm_id number title customer country partner products amount currency base_amount base_currency status stage "
        "submitted_at decided_at protected_until expected_close_date"
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_rows(actor, queries.Filters(text=str(filters.get("q", ""))), at):
            yield (
                row.id, row.number, row.title, row.customer_name, row.customer_country, getattr(row, "partner", ""), row.product_lines,
                *_money(row.amount), *_money(row.base_amount), row.status, row.stage, row.submitted_at, row.decided_at, row.protected_until,
                row.expected_close_date,
            )  # fmt: skip


IMPORTERS = (ProductImporter(), OpportunityImporter(), RegistrationImporter())
EXPORTERS = (ProductExporter(), OpportunityExporter(), RegistrationExporter())
