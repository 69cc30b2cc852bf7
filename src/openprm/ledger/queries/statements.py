"""Accounts in a list, and the statement of one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import policies
from openprm.ledger.models import Account, Leg, Turnover
from openprm.ledger.queries.codes import code_rows
from openprm.ledger.queries.kinds import entry_label, kinds, title_of, url_of
from openprm.ledger.queries.results import AccountRow, Statement, StatementLine
from openprm.ledger.rules.periods import month_of
from openprm.partners import queries as partners
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"kind": "kind", "partner": "partner__name", "balance": "balance_minor", "legs": "leg_count", "updated_at": "updated_at"}
LINES_AT_MOST = 2000


def accounts(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of accounts. Three queries."""
    codes = {row.kind: row.code("") for row in code_rows()}
    return slice_of(_filtered(actor, search, filters), page, order_by=SORTS).map(lambda row: account_row(row, codes))


def export_accounts(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[AccountRow]:
    codes = {row.kind: row.code("") for row in code_rows()}
    for row in _filtered(actor, search, filters).order_by("kind", "currency", "pk").iterator(chunk_size=1000):
        yield account_row(row, codes)


def own_accounts(actor: Actor) -> tuple[AccountRow, ...]:
    """A partner's own accounts, what is owed to it first; then those with a balance."""
    if not actor.is_partner:
        return ()
    rows = sorted(_filtered(actor, "", {}), key=lambda row: (row.kind != "partner.payable", not row.balance_minor, row.kind, row.currency))
    words = {code: str(kind.partner_title) for code, kind in kinds().items() if kind.partner_title}
    return tuple(replace(shown, title=words.get(shown.kind, shown.title)) for shown in map(account_row, rows))


def newest_accounts(actor: Actor, **filters: Any) -> QuerySet:
    """For the API: rows that `account_row` reads."""
    return _filtered(actor, "", filters)


def account(actor: Actor, account_id: UUID) -> AccountRow:
    """Raises NotFound, also for another partner's."""
    return account_row(_filtered(actor, "", {}).one(account_id))


def account_row(row: Account, codes: Mapping[str, str] | None = None) -> AccountRow:
    kind = kinds().get(row.kind)
    return AccountRow(
        id=row.pk, kind=row.kind, title=title_of(row.kind), about=kind.about if kind else "", group=kind.group if kind else "",
        code=(codes or {}).get(row.kind, kind.gl_code if kind else ""),
        partner_id=row.partner_id, partner=row.partner.name if row.partner else "", subject_id=row.subject_id, currency=row.currency,
        balance=Money(row.balance_minor * row.normal, row.currency), leg_count=row.leg_count, has_floor=row.floor_minor is not None,
        updated_at=row.updated_at, created_at=row.created_at,
    )  # fmt: skip


def statement(
    actor: Actor, account: str, owner_id: UUID | None, currency: str, since: date, until: date, subject_id: UUID | None = None
) -> Statement:  # fmt: skip
    """An account between two days, both included, line by line with its balance. An account that was never used is empty.

    At most 2,000 lines; `is_cut` says that there are more: `closing` is true all the same.
    """
    row = policies.reach(actor).select_related("partner").filter(kind=account, partner_id=owner_id, subject_id=subject_id, currency=currency).first()
    if row is None:
        name = partners.partner(actor, owner_id).name if owner_id else ""
        zero = Money(0, currency)
        return _statement(account, owner_id, name, currency, since, until, opening=zero, closing=zero, lines=(), account_id=None)
    return statement_of(actor, row.pk, since, until)


def statement_of(actor: Actor, account_id: UUID, since: date, until: date) -> Statement:
    """The statement of one account. Raises NotFound, also for another partner's. Five queries."""
    row = policies.reach(actor).select_related("partner").one(account_id)
    before = _balance_before(row, since)
    legs = list(row.legs.filter(value_date__range=(since, until)).select_related("entry").order_by("value_date", "id")[: LINES_AT_MOST + 1])
    is_cut, running, lines = len(legs) > LINES_AT_MOST, before, []
    for leg in legs[:LINES_AT_MOST]:
        running += leg.amount_minor
        lines.append(_line(leg, running, row.normal, actor))
    closing = before + (row.legs.filter(value_date__range=(since, until)).aggregate(sum=Sum("amount_minor"))["sum"] or 0) if is_cut else running
    return _statement(
        row.kind, row.partner_id, row.partner.name if row.partner else "", row.currency, since, until, opening=Money(before * row.normal, row.currency),
        closing=Money(closing * row.normal, row.currency), lines=tuple(lines), account_id=row.pk, is_cut=is_cut,
    )  # fmt: skip


def _statement(kind: str, owner_id: UUID | None, owner: str, currency: str, since: date, until: date, **rest: Any) -> Statement:
    return Statement(account=kind, title=title_of(kind), owner_id=owner_id, owner=owner, currency=currency, since=since, until=until, **rest)


def _line(leg: Leg, running: int, normal: int, actor: Actor) -> StatementLine:
    entry = leg.entry
    return StatementLine(
        entry_id=entry.pk, number=entry.label, day=leg.value_date, kind=entry.kind, label=entry_label(entry.kind), memo=entry.memo,
        url=url_of(entry.kind, entry.about) if actor.sees_all_partners else "", amount=Money(leg.amount_minor * normal, leg.currency),
        balance=Money(running * normal, leg.currency),
    )  # fmt: skip


def _balance_before(row: Account, day: date) -> int:
    """What stood on the account when the day began: whole months from their turnovers, the rest from its legs."""
    months = Turnover.objects.filter(account=row, month__lt=month_of(day)).aggregate(debit=Sum("debit_minor"), credit=Sum("credit_minor"))
    rest = row.legs.filter(value_date__gte=month_of(day), value_date__lt=day).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return int(months["debit"] or 0) - int(months["credit"] or 0) + rest


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach(actor).select_related("partner")
    for name, column in {"kind": "kind", "currency": "currency", "partner": "partner_id"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if filters.get("used"):
        rows = rows.exclude(balance_minor=0)
    return rows.filter(partner__name__icontains=search) if search else rows


def currencies_in_use(actor: Actor) -> list[tuple[str, str]]:
    return [(code, code) for code in policies.reach(actor).order_by("currency").values_list("currency", flat=True).distinct()]
