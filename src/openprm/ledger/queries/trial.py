"""The trial balance of any day, and the proof that what the database keeps agrees with itself."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from openprm.kernel import db
from openprm.kernel.money import Money
from openprm.ledger.queries.codes import code_rows
from openprm.ledger.queries.kinds import kinds, title_of
from openprm.ledger.queries.results import Proof, TrialBalance, TrialLine, TrialTotal
from openprm.ledger.rules.periods import last_day, month_of, next_month

_MOVED = """
select a.kind, a.currency, sum(m.debit)::bigint as debit, sum(m.credit)::bigint as credit, count(distinct a.id) as accounts
from (
  select account_id, debit_minor as debit, credit_minor as credit from ledger_turnover where month >= %(since)s and month < %(month)s
  union all
  select account_id, greatest(amount_minor, 0), greatest(-amount_minor, 0) from ledger_leg
    where %(part)s and value_date >= %(month)s and value_date <= %(on)s
) m join ledger_account a on a.id = m.account_id
group by a.kind, a.currency
"""
_WRONG = """
select count(*) as wrong from ledger_account a left join (
  select account_id, sum(debit_minor - credit_minor) as net, sum(leg_count) as legs from ledger_turnover group by account_id
) t on t.account_id = a.id
where a.balance_minor <> coalesce(t.net, 0) or a.leg_count <> coalesce(t.legs, 0)
"""
_RECOUNT = """
select currency, sum(net)::bigint as net, count(*) as n, sum(legs)::bigint as legs, count(*) filter (where net <> balance_minor or legs <> leg_count) as wrong
from (
  select a.id, a.currency, a.balance_minor, a.leg_count, coalesce(sum(l.amount_minor), 0) as net, count(l.id) as legs
  from ledger_account a left join ledger_leg l on l.account_id = a.id group by a.id
) s group by currency
"""
BEGINNING = date(1, 1, 1)


def trial_balance(on: date) -> TrialBalance:
    """Every kind of account in each currency at the end of a day: whole months from their turnovers, the last part from its legs."""
    rows = _moved(since=BEGINNING, until=on)
    codes = {row.kind: row.code("") for row in code_rows()}
    order = list(kinds())
    lines = sorted((_line(row, codes) for row in rows), key=lambda line: (order.index(line.kind) if line.kind in order else 999, line.debit.currency))
    return TrialBalance(on=on, lines=tuple(lines), totals=totals_of(rows))


def moved_in(since: date, until: date) -> tuple[TrialTotal, ...]:
    """Both sides of what was booked in whole months, by currency."""
    return totals_of(_moved(since=since, until=until))


def prove() -> Proof:
    """Compare every balance with its turnovers, and debits with credits. One pass over accounts and turnovers, none over legs."""
    accounts = db.rows("select currency, sum(balance_minor)::bigint as net, count(*) as n, sum(leg_count)::bigint as legs from ledger_account group by 1")
    wrong = db.value(_WRONG)
    return Proof(
        accounts=sum(row["n"] for row in accounts), legs=sum(row["legs"] for row in accounts), wrong_accounts=wrong,
        unbalanced=tuple(row["currency"] for row in accounts if row["net"]),
    )  # fmt: skip


def recount() -> Proof:
    """The same by reading every leg there is: for an auditor, and for `openprm ledger verify`."""
    found = db.rows(_RECOUNT)
    return Proof(
        accounts=sum(row["n"] for row in found), legs=sum(row["legs"] for row in found), wrong_accounts=sum(row["wrong"] for row in found),
        unbalanced=tuple(row["currency"] for row in found if row["net"]),
    )  # fmt: skip


def totals_of(rows: Iterable[dict[str, Any]]) -> tuple[TrialTotal, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        sums[row["currency"]][0] += row["debit"]
        sums[row["currency"]][1] += row["credit"]
    return tuple(TrialTotal(debit=Money(debit, currency), credit=Money(credit, currency)) for currency, (debit, credit) in sorted(sums.items()))


def _moved(*, since: date, until: date) -> list[dict[str, Any]]:
    is_whole = until == last_day(month_of(until))
    month = next_month(until) if is_whole else month_of(until)
    return db.rows(_MOVED, {"since": since, "month": month, "on": until, "part": not is_whole})


def _line(row: dict[str, Any], codes: dict[str, str]) -> TrialLine:
    kind = kinds().get(row["kind"])
    return TrialLine(
        kind=row["kind"], title=title_of(row["kind"]), group=kind.group if kind else "", code=codes.get(row["kind"], ""),
        debit=Money(row["debit"], row["currency"]), credit=Money(row["credit"], row["currency"]), accounts=row["accounts"], normal=kind.sign if kind else 1,
    )  # fmt: skip
