"""Why the engine refuses: sentences, with the row where there is one."""


class BadInput(ValueError):
    """The file cannot be read as journeys. `row` is the row as a spreadsheet counts it: the header is row 1."""

    def __init__(self, reason: str, *, row: int | None = None, column: str = "") -> None:
        where = ", ".join(part for part in (f"row {row}" if row else "", f"column {column}" if column else "") if part)
        super().__init__(f"{where}: {reason}" if where else reason)
        self.row, self.column = row, column


class CannotCompute(ValueError):
    """The model needs what the journeys do not have."""
