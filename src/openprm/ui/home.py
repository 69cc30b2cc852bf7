"""What domains put on the two home pages besides panels: figures and actions."""

from dataclasses import dataclass
from typing import Any

from openprm.kernel.registry import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One figure of the strip. A HomePanel of slot "kpi" uses template "ui/kpis.html" and gives {"kpis": [Kpi, ...]}.

    `value` is written already ("93%"); `delta` with `tone` and `direction` ("up", "down") says how it moved;
    `spark` are 2 to 24 numbers; `about` explains the figure in a tooltip.
    """

    label: Any
    value: str
    unit: Any = ""
    delta: str = ""
    direction: str = ""
    tone: str = ""
    detail: Any = ""
    spark: tuple[float, ...] = ()
    about: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAction:
    """Something to begin from home, from the "New" menu and from the palette: Wiring(ports={"ui.home_actions": (HomeAction(...),)})."""

    label: Any
    url_name: str
    icon: str
    workspace: Workspace
    permission: str | None = None
    primary: bool = False
    order: int = 100
