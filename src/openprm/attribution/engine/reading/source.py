"""A file as a source of journeys, whichever of the two forms it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from openprm.attribution.engine.journeys import Source
from openprm.attribution.engine.reading.long import Touchpoints
from openprm.attribution.engine.reading.paths import Paths
from openprm.attribution.engine.reading.spill import BUDGET
from openprm.attribution.engine.reading.table import opened
from openprm.attribution.engine.running import Tell, silent


@contextmanager
def journeys_in(path: Path, *, tell: Tell = silent, budget: int = BUDGET) -> Iterator[Source]:
    """The journeys of a CSV (`,` or `;`) or Parquet file. What does not fit into `budget` bytes waits in a folder that is then removed.

    Raises BadInput, with the row.
    """
    with TemporaryDirectory(prefix="openprm-attribute-") as folder, opened(path, Path(folder)) as table:
        room = Path(folder) / "pile"
        room.mkdir()
        yield Paths(table, tell) if "path" in table.types else Touchpoints(table, room, tell, budget=budget)
