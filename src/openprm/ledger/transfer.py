"""How opening balances are read from files, and how entries are written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values, squash
from openprm.ledger import policies, queries, services
from openprm.ledger.models import Entry
from openprm.ledger.services.opening import OPENING, OpeningBalance, prefix, why_not_open


class OpeningBalanceImporter:
    """What stood on the accounts of the house when these books began. What is owed to partners comes in as lines: earnings and claims."""

    entity = "opening_balances"
    label = gettext_lazy("Opening balances")
    permission = "ledger.post"
    after = ("earnings",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id", "reference", "journal"), max_length=80),
        ImportField(
            "account", gettext_lazy("Account"), required=True, aliases=("account code", "code", "account name"), max_length=60,
            help=gettext_lazy("The kind of account, its title or its number in your accountant's chart."),
        ),
        ImportField("debit", gettext_lazy("Debit"), Kind.MONEY, aliases=("debits",)),
        ImportField("credit", gettext_lazy("Credit"), Kind.MONEY, aliases=("credits",)),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, required=True),
        ImportField("value_date", gettext_lazy("Date"), Kind.DATE, required=True, aliases=("date", "on", "as of")),
        ImportField("memo", gettext_lazy("Memo"), aliases=("description", "text"), max_length=300),
    )  # fmt: skip

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """No other entity names an opening balance."""
        return {text: Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """The entry of a balance that stands; one that was taken back is not found and may come again."""
        standing = policies.reach_entries(actor).filter(kind=OPENING, reverses=None).exclude(pk__in=Entry.objects.exclude(reverses=None).values("reverses"))
        keys = {key.rpartition(":")[0]: pk for key, pk in standing.filter(key__startswith=f"opening:{source[:60]}:").values_list("key", "pk")}
        return [keys.get(prefix(source, row.get("external_id") or "").rstrip(":")) for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {row.pk: _values(row) for row in policies.reach_entries(actor).filter(pk__in=list(ids)).prefetch_related("legs__account")}

    def normal(self, values: Values) -> Values:
        return {**values, "account": account_of(values["account"]) or values["account"]} if values.get("account") else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [list(_problems(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return services.bring_in(actor=actor, source=source, balances=[_balance(row) for row in rows], at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """Books are never edited. Raises Conflict."""
        for change in changes:
            if any(change.after.get(name) != change.before.get(name) for name in change.after):
                raise Conflict(_("This balance was booked before and stays as it is. Take that import back, then bring it in again."))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.take_back(actor=actor, entry_ids=ids, at=at)


def account_of(text: str) -> str | None:
    """The kind of account that a text means: its code, its title, or its number in the accountant's chart; None when none or several fit."""
    numbers = {row.kind: row.code("") for row in queries.code_rows()}
    found = [code for code, kind in queries.kinds().items() if text == code or squash(text) in (squash(str(kind.title)), squash(numbers.get(code, "")))]
    return found[0] if len(found) == 1 else None


def _problems(row: Values) -> Iterator[RowProblem]:
    account = str(row.get("account") or "")
    if reason := why_not_open(account_of(account) or account):
        yield RowProblem("account", reason)
    debit, credit = row.get("debit") or 0, row.get("credit") or 0
    if min(debit, credit) < 0:
        yield RowProblem("debit" if debit < 0 else "credit", _("Amounts are above zero: write a negative one into the other column."))
    elif bool(debit) == bool(credit):
        yield RowProblem("debit", _("Give a debit or a credit that is not zero, and not both."))


def _balance(row: Values) -> OpeningBalance:
    account = str(row["account"])
    return OpeningBalance(
        external_id=row["external_id"], account=account_of(account) or account, amount_minor=(row.get("debit") or 0) - (row.get("credit") or 0),
        currency=row["currency"], value_date=row["value_date"], memo=row.get("memo") or "",
    )  # fmt: skip


def _values(row: Entry) -> Values:
    leg = next(one for one in sorted(row.legs.all(), key=lambda one: one.pk))
    return {
        "external_id": row.key.split(":", 2)[2].rpartition(":")[0], "account": leg.account.kind, "debit": leg.amount_minor if leg.amount_minor > 0 else None,
        "credit": -leg.amount_minor if leg.amount_minor < 0 else None, "currency": leg.currency, "value_date": row.value_date, "memo": row.memo,
    }  # fmt: skip


class EntryExporter:
    entity = "entries"
    label = gettext_lazy("Entries of the books")
    permission = "ledger.view"
    columns = tuple(
        ExportColumn(name, name) for name in ("openprm_id", "number", "value_date", "kind", "partner", "memo", "amount_minor", "currency", "by", "posted_at")
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_entries(actor, search=str(filters.get("q", "")), filters={}):
            for money in row.amounts:
                yield (row.id, row.number, row.value_date, row.label, row.partner, row.memo, money.minor, money.currency, row.by, row.posted_at)


IMPORTERS = (OpeningBalanceImporter(),)
EXPORTERS = (EntryExporter(),)
