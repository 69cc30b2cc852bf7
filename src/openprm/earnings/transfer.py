"""How historic earnings are read from files, and how earnings are written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.earnings import policies, queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values

FIELDS = ("label", "amount_minor", "currency", "occurred_on", "paid_on", "user_email")


class EarningImporter:
    """What another system has earned and paid. Lines with a day of payment are history; the others are owed from now on."""

    entity = "earnings"
    label = gettext_lazy("Earnings from before")
    permission = "earnings.import"
    after = ("partners",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id", "commission_id", "commission id"), max_length=120),
        ImportField("partner_id", gettext_lazy("Partner"), Kind.REFERENCE, required=True, references="partners", aliases=("partner", "partner name")),
        ImportField("label", gettext_lazy("What for"), required=True, max_length=200, aliases=("description", "commission", "deal")),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, required=True, aliases=("amount", "commission amount")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, required=True),
        ImportField("occurred_on", gettext_lazy("Earned on"), Kind.DATE, required=True, aliases=("date", "earned", "created")),
        ImportField("paid_on", gettext_lazy("Paid on"), Kind.DATE, aliases=("paid", "payout date")),
        ImportField("user_email", gettext_lazy("E-mail of the rep"), Kind.EMAIL, max_length=254, aliases=("rep", "rep email")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """By number, or by id of the source."""
        rows = policies.reach(actor)
        found = dict(rows.filter(number__in=list(texts)).values_list("number", "pk"))
        found |= dict(rows.filter(external_source=source, external_id__in=list(texts)).values_list("external_id", "pk"))
        return {text: Reference(found.get(text), text if text in found else "", How.EXACT if text in found else How.UNKNOWN, 100) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        wanted = [row["external_id"] for row in rows if row.get("external_id")]
        known: dict[str, UUID] = dict(policies.reach(actor).filter(external_source=source, external_id__in=wanted).values_list("external_id", "pk"))
        return [known.get(row.get("external_id") or "") for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        rows = policies.reach(actor).filter(pk__in=list(ids)).select_related("user")
        return {
            row.pk: {
                "external_id": row.external_id, "partner_id": row.partner_id, "label": row.label, "amount_minor": row.amount_minor, "currency": row.currency,
                "occurred_on": row.occurred_on, "paid_on": row.paid_at.date() if row.paid_at else None, "user_email": row.user.email if row.user else None,
            }
            for row in rows
        }  # fmt: skip

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [_problems(row) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [_create(actor, row, source, at) for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """Money that stands is never edited. Raises Conflict."""
        for change in changes:
            if any(change.after.get(name) != change.before.get(name) for name in change.after):
                raise Conflict(_("This earning was brought in before and stays as it is. Claw it back or adjust it by hand."))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for earning_id in ids:
            services.remove_imported(actor=actor, earning_id=earning_id, at=at)


def _problems(row: Values) -> list[RowProblem]:
    found = []
    if row.get("amount_minor") == 0:
        found.append(RowProblem("amount_minor", _("The amount is zero. Leave the row out.")))
    if row.get("paid_on") and row.get("occurred_on") and row["paid_on"] < row["occurred_on"]:
        found.append(RowProblem("paid_on", _("It was paid before it was earned. Correct one of the days.")))
    return found


def _create(actor: Actor, row: Values, source: str, at: datetime) -> UUID:
    return services.bring_in(
        actor=actor, partner_id=row["partner_id"], amount_minor=row["amount_minor"], currency=row["currency"], label=row["label"],
        occurred_on=row["occurred_on"],
        paid_on=row.get("paid_on"), source=source, external_id=row.get("external_id") or "", user_email=row.get("user_email") or "", at=at,
    )  # fmt: skip


class EarningExporter:
    entity = "earnings"
    label = gettext_lazy("Earnings")
    permission = "earnings.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in (
            *("openprm_id", "number", "partner", "kind", "state", "plan", "about", "person", "occurred_on", "amount_minor", "currency"),
            *("hold_until", "hold_reason", "reason", "payable_from", "paid_at", "created_at"),
        )
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_earnings(actor, queries.Filters(text=str(filters.get("q", "")))):
            yield (
                row.id, row.number, getattr(row, "partner", ""), row.kind, row.state, row.label, row.about, row.person, row.occurred_on, row.amount.minor,
                row.amount.currency, row.hold_until, row.hold_reason, row.reason, row.payable_from, row.paid_at, row.created_at,
            )  # fmt: skip


IMPORTERS = (EarningImporter(),)
EXPORTERS = (EarningExporter(),)
