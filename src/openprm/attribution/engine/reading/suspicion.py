"""Which row it was: a second, slower look at a file in which something is wrong."""

from openprm.attribution.engine.errors import BadInput
from openprm.attribution.engine.reading import cells
from openprm.attribution.engine.reading.table import Table

OTHERWISE = "something in the file cannot be understood"


def first_fault(table: Table) -> BadInput:
    """The first row that cannot be understood by itself, else the first that does not fit the others of its journey."""
    found = table.first(_of_rows(table)) or table.first(_of_journeys(table))
    if not found:
        return BadInput(OTHERWISE)
    row, column, reason = found
    return BadInput(reason, row=row, column=column)


def _of_rows(table: Table) -> str:
    return _first_case([(column, condition, reason) for column, condition, reason in _checks(table)], "rows")


def _checks(table: Table) -> list[tuple[str, str, str]]:
    types = table.types
    at, value, won = cells.moment("at", types["at"]), cells.number("value", types["value"]), cells.truth("converted", types["converted"])
    checks = [
        ("journey_id", "journey_id is null", "'the journey has no id'"),
        ("partner", "partner is null or trim(partner::varchar) = ''", "'the touch has no partner'"),
        ("at", f"{at} is null", f"{_shown('at')} || ' is no time; write it as 2026-03-31 or 2026-03-31T14:05:00Z'"),
        ("value", f"{value} is null or not isfinite({value})", f"{_shown('value')} || ' is no number'"),
        ("value", f"{value} < 0", f"{_shown('value')} || ' is negative'"),
        ("value", f"{value} > {cells.LARGEST}", f"{_shown('value')} || ' is too large'"),
        ("converted", f"{won} = 2", f"{_shown('converted')} || ' is neither true nor false'"),
    ]
    if "closed_at" in types:
        closed = cells.moment("closed_at", types["closed_at"])
        checks += [
            ("closed_at", f"closed_at is not null and {closed} is null", f"{_shown('closed_at')} || ' is no time'"),
            ("at", f"{at} > {closed}", _late("closed_at::varchar")),
        ]
    return checks


def _of_journeys(table: Table) -> str:
    types = table.types
    at, value, won = cells.moment("at", types["at"]), cells.number("value", types["value"]), cells.truth("converted", types["converted"])
    whole = f"""(select *, max({at}) filter ({won} = 1) over journey as close, max({value}) over journey as worth
        from rows window journey as (partition by journey_id))"""
    checks = [
        ("at", f"{at} > close", _late("make_timestamp(close)::varchar")),
        (
            "value",
            f"{value} <> 0 and {value} <> worth",
            f"""{_shown("value")} || ' and ' || worth || ' are both given as the value of journey ' || journey_id""",
        ),
    ]
    return _first_case(checks, whole)


def _first_case(checks: list[tuple[str, str, str]], rows: str) -> str:
    columns = " ".join(f"when {condition} then '{column}'" for column, condition, _ in checks)
    reasons = " ".join(f"when {condition} then {reason}" for _, condition, reason in checks)
    found = f"select row, case {columns} end as column_, case {reasons} end as reason from {rows}"
    return f"select row, column_, reason from ({found}) where reason is not null order by row limit 1"


def _late(close: str) -> str:
    return f"""'a touch of journey ' || journey_id || ' at ' || "at"::varchar || ', after it closed at ' || {close}"""


def _shown(column: str) -> str:
    return f"""coalesce('"' || left("{column}"::varchar, 60) || '"', 'an empty cell')"""
