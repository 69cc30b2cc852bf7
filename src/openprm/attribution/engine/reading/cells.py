"""SQL that reads one cell: what it is worth, or null where it cannot be understood."""

LARGEST = 1e18  # sums of what a file may hold stay finite
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL")
YES = "'1', 'true', 'True', 'TRUE', 't', 'yes', 'Yes', 'YES', '1.0'"
NO = "'0', 'false', 'False', 'FALSE', 'f', 'no', 'No', 'NO', '0.0'"


def number(column: str, kind: str) -> str:
    """An empty cell is 0. Where it has a comma and no point, the comma is the decimal one."""
    if kind.startswith(NUMBERS):
        return f'coalesce("{column}"::double, 0)'
    otherwise = f"""case when "{column}" is null or trim("{column}") = '' then 0
        when contains("{column}", ',') and not contains("{column}", '.') then try_cast(replace("{column}", ',', '.') as double) end"""
    return f'coalesce(try_cast("{column}" as double), {otherwise})'


def moment(column: str, kind: str) -> str:
    """Microseconds since 1970; a time without a zone is UTC."""
    if kind.startswith("TIMESTAMP") and "ZONE" not in kind:
        return f'epoch_us("{column}"::timestamp)'
    return f'epoch_us(try_cast("{column}" as timestamptz))'


def truth(column: str, kind: str) -> str:
    """1, 0, or 2 for what is neither; an empty cell is 0."""
    if kind == "BOOLEAN":
        return f'coalesce("{column}"::utinyint, 0::utinyint)'
    if kind.startswith(NUMBERS):
        return f'(case when "{column}" is null or "{column}" = 0 then 0 when "{column}" = 1 then 1 else 2 end)::utinyint'
    return f'(case when "{column}" in ({YES}) then 1 when "{column}" is null or "{column}" in ({NO}) then 0 else 2 end)::utinyint'
