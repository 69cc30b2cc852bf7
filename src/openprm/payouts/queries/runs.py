"""Runs and payments, through their policies."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.payouts import policies
from openprm.payouts.models import Item, Payout, Run
from openprm.payouts.queries.checks import approver_of, problems_of
from openprm.payouts.queries.desk import days_to_cash
from openprm.payouts.queries.results import FileView, HeldView, ItemView, OwnPayout, PayoutRow, RunRow, RunView, StatementRow
from openprm.payouts.rules.netting import totals
from openprm.payouts.rules.states import OVER, Pay, RunState
from openprm.payouts.wording import METHOD, PAY_STATE, RUN_STATE
from openprm.ui.paging import PageRequest, Slice, slice_of

RUN_SORTS = {"number": "number", "state": "state", "pay_on": "pay_on", "prepared": "prepared_at"}
PAYOUT_SORTS = {"number": "number", "state": "state", "partner": "partner__name", "amount": "amount_minor", "created": "created_at", "sent": "sent_at"}


def runs(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the runs. Three queries."""
    found = slice_of(_runs(actor, search, filters), page, order_by=RUN_SORTS)
    return found.map(_namer(found.rows))


def export_runs(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[RunRow]:
    rows = list(_runs(actor, search, filters).order_by("-prepared_at", "pk"))
    return map(_namer(rows), rows)


def newest_runs(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    return _runs(actor, "", filters)


def run_rows(rows: Any) -> list[RunRow]:
    rows = list(rows)
    return list(map(_namer(rows), rows))


def _runs(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_runs(actor).prefetch_related(Prefetch("payouts", Payout.objects.order_by("number")))
    if wanted := filters.get("state"):
        rows = rows.filter(state__in=wanted if isinstance(wanted, tuple) else (wanted,))
    return rows.filter(number__icontains=search) if search else rows


def _namer(rows: Any):
    names = identity.names_of({one for row in rows for one in (row.prepared_by_id, row.approved_by_id) if one})

    def made(row: Run) -> RunRow:
        label, tone = RUN_STATE[row.state]
        live = [one for one in row.payouts.all() if one.state != Pay.CANCELED]
        return RunRow(
            id=row.pk, number=row.number, state=row.state, state_label=label, state_tone=tone, pay_on=row.pay_on, payments=len(live), totals=_totals(live),
            prepared_at=row.prepared_at, prepared_by=names.get(row.prepared_by_id, ""), approved_by=names.get(row.approved_by_id, ""),
            created_at=row.created_at, version=row.version,
        )  # fmt: skip

    return made


def _totals(rows: Any) -> tuple[Money, ...]:
    return tuple(Money(minor, currency) for currency, minor in totals((one.currency, one.amount_minor) for one in rows).items())


def run(actor: Actor, run_id: UUID, at: datetime) -> RunView:
    """A run with its payments, what it held back, its files and the checks. Raises NotFound."""
    row = policies.reach_runs(actor).one(run_id)
    payouts = list(_payouts(actor, "", {}).filter(run=row).order_by("number").prefetch_related(_items()))
    problems = {one.pk: sentence for one, sentence in problems_of(row, at)} if row.state in (RunState.PREPARED, RunState.APPROVED) else {}
    approver = approver_of(row, at)
    names = identity.names_of({one for one in (row.prepared_by_id, row.approved_by_id) if one})
    label, tone = RUN_STATE[row.state]
    return RunView(
        id=row.pk, number=row.number, state=row.state, state_label=label, state_tone=tone, pay_on=row.pay_on, note=row.note, reason=row.reason,
        conversions=tuple(row.conversions.items()), prepared_at=row.prepared_at, prepared_by=names.get(row.prepared_by_id, ""), approved_at=row.approved_at,
        approved_by=names.get(row.approved_by_id, ""), sent_at=row.sent_at, settled_at=row.settled_at,
        totals=_totals([one for one in payouts if one.state != Pay.CANCELED]),
        payouts=tuple(payout_row(actor, one, problem=problems.get(one.pk, "")) for one in payouts), held=_held(row), files=_files(row),
        checks=_checks(row, payouts, problems), approver=approver, why_not_approve=policies.why_not_approve(actor, row, approver),
        why_not_work=policies.why_not_prepare(actor), created_at=row.created_at, version=row.version,
    )  # fmt: skip


def _checks(row: Run, payouts: list[Payout], problems: Mapping[UUID, str]) -> tuple[tuple[Any, bool, str], ...]:
    """(what is checked, whether it holds, what is wrong) for the checker."""
    live = [one for one in payouts if one.state != Pay.CANCELED]
    sums = all(sum(item.amount_minor for item in one.items.all()) == one.owed_minor for one in live)
    seen: dict[str, list[str]] = {}
    for one in live:
        if one.bank_account:
            seen.setdefault(one.bank_account.fingerprint, []).append(one.payee_name)
    shared = [", ".join(dict.fromkeys(names)) for names in seen.values() if len(set(names)) > 1]
    return (
        (_("Every payment is the sum of its lines"), sums, ""),
        (_("Every payee is verified and has its papers"), not problems, " ".join(problems.values())),
        (_("No two payees share a bank account"), not shared, "; ".join(shared)),
        (_("Prepared and approved by two people"), row.approved_by_id != row.prepared_by_id, ""),
    )


def _held(row: Run) -> tuple[HeldView, ...]:
    return tuple(
        HeldView(
            partner_id=one.partner_id, partner=one.partner.name, money=Money(one.amount_minor, one.currency), lines=one.lines, code=one.code,
            reason=one.reason, cure=one.cure,
        )
        for one in row.held.select_related("partner").order_by("partner__name", "currency")
    )  # fmt: skip


def _files(row: Run) -> tuple[FileView, ...]:
    return tuple(
        FileView(
            id=one.pk, name=one.name, kind_label=METHOD[one.kind], count=one.count, total=Money(one.total_minor, one.currency), sha256=one.sha256,
            made_at=one.made_at, handed_at=one.handed_at,
        )
        for one in row.files.order_by("name")
    )  # fmt: skip


def payouts(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of payments: rows of the vendor's kind or of the partner's. Two queries."""
    return slice_of(_payouts(actor, search, filters), page, order_by=PAYOUT_SORTS).map(lambda row: payout_of(actor, row))


def export_payouts(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[PayoutRow | OwnPayout]:
    for row in _payouts(actor, search, filters).order_by("-created_at", "pk").iterator(chunk_size=1000):
        yield payout_of(actor, row)


def newest_payouts(actor: Actor, filters: Mapping[str, Any]) -> QuerySet:
    return _payouts(actor, "", filters)


def payout_of(actor: Actor, row: Payout) -> PayoutRow | OwnPayout:
    return payout_row(actor, row) if actor.sees_all_partners else own_payout(row)


def _items() -> Prefetch:
    return Prefetch("items", Item.objects.order_by("approved_at", "pk"))


def _payouts(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_payouts(actor).select_related("partner", "bank_account")
    rows = rows.select_related("run") if actor.sees_all_partners else rows
    for name, column in {"state": "state", "currency": "currency", "method": "method", "partner": "partner_id", "run": "run_id"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    return rows.filter(number__icontains=search) | rows.filter(payee_name__icontains=search) if search else rows


def payout(actor: Actor, payout_id: UUID) -> PayoutRow:
    """One payment with its lines, for the vendor. Raises NotFound."""
    row = _payouts(actor, "", {}).prefetch_related(_items()).one(payout_id)
    return payout_row(actor, row)


def partner_payout(actor: Actor, payout_id: UUID) -> OwnPayout:
    """One payment with its lines, for its partner. Raises NotFound."""
    return own_payout(_payouts(actor, "", {}).prefetch_related(_items()).one(payout_id))


def payout_row(actor: Actor, row: Payout, *, problem: str = "") -> PayoutRow:
    label, tone = PAY_STATE[row.state]
    why = policies.why_not_prepare(actor)
    return PayoutRow(
        id=row.pk, run_id=row.run_id, run=row.run.number, partner_id=row.partner_id, partner=row.partner.name, number=row.number, payee_name=row.payee_name,
        money=Money(row.amount_minor, row.currency), owed=Money(row.owed_minor, row.owed_currency), fx_rate=row.fx_rate, fx_date=row.fx_date, method=row.method,
        method_label=METHOD[row.method], account=_account(row), state=row.state, state_label=label, state_tone=tone, reason=row.reason,
        transfer_ref=row.transfer_ref, payout_ref=row.payout_ref, sent_at=row.sent_at, completed_at=row.completed_at, failed_at=row.failed_at,
        days=days_to_cash(row), created_at=row.created_at, version=row.version, items=_lines(row), problem=problem,
        why_not_move=why or (_("The payment provider tells us what became of it.") if row.method == "stripe" else None if row.state not in OVER else "-"),
    )  # fmt: skip


def own_payout(row: Payout) -> OwnPayout:
    label, tone = PAY_STATE[row.state]
    return OwnPayout(
        id=row.pk, number=row.number, money=Money(row.amount_minor, row.currency), owed=Money(row.owed_minor, row.owed_currency), fx_rate=row.fx_rate,
        fx_date=row.fx_date, method_label=METHOD[row.method], account=_account(row), state=row.state, state_label=label, state_tone=tone, reason=row.reason,
        sent_at=row.sent_at, completed_at=row.completed_at, failed_at=row.failed_at, created_at=row.created_at, version=row.version, items=_lines(row),
    )  # fmt: skip


def _account(row: Payout) -> str:
    return f"•••• {row.bank_account.last4}" if row.bank_account else row.provider_account


def _lines(row: Payout) -> tuple[ItemView, ...]:
    """The lines, when they were read with the payment."""
    if "items" not in getattr(row, "_prefetched_objects_cache", {}):
        return ()
    return tuple(
        ItemView(number=one.number, about=one.about, source=one.source, url=one.url, money=Money(one.amount_minor, one.currency), approved_at=one.approved_at)
        for one in row.items.all()
    )


def run_of_file(actor: Actor, file_id: UUID) -> UUID:
    """Raises NotFound."""
    return policies.reach_files(actor).one(file_id).run_id


def statements(actor: Actor) -> tuple[StatementRow, ...]:
    rows = list(policies.reach_statements(actor).order_by("-read_at")[:50])
    names = identity.names_of({row.read_by_id for row in rows if row.read_by_id})
    return tuple(
        StatementRow(
            id=row.pk, name=row.name, format=row.format, entries=row.entries, settled=row.settled, returned=row.returned, unmatched=tuple(row.unmatched),
            read_at=row.read_at, read_by=names.get(row.read_by_id, ""),
        )
        for row in rows
    )  # fmt: skip
