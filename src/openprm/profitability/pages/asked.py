"""From the address of the statement to what it asks, and back: the choices that a person has on the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners
from openprm.profitability import queries
from openprm.profitability.rules.kinds import Basis
from openprm.profitability.wording import BASIS, BY, PERIOD


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: Any
    url: str
    is_chosen: bool


def asked_of(values: Mapping[str, Any], hourly: Mapping[UUID, int] | None = None) -> queries.Asked:
    """What was asked; what nobody offers is taken as not asked."""
    basis = values.get("basis", "")
    return queries.Asked(
        period=_one_of(values.get("period"), PERIOD, "12m"),
        by=_one_of(values.get("by"), BY, "month"),
        basis=Basis(basis) if basis in [one.value for one in Basis] else Basis.EARNED,
        program_id=_id(values.get("program")),
        product_line_id=_id(values.get("line")),
        hourly=hourly,
    )


def pairs_of(asked: queries.Asked) -> dict[str, str]:
    """The asked values as an address or a form carries them; what is the default is left out."""
    found = {
        "period": asked.period if asked.period != "12m" else "",
        "by": asked.by if asked.by != "month" else "",
        "basis": asked.basis.value if asked.basis is not Basis.EARNED else "",
        "program": str(asked.program_id or ""),
        "line": str(asked.product_line_id or ""),
    }
    return {name: value for name, value in found.items() if value}


def choices_of(actor: Actor, asked: queries.Asked, url: str) -> dict[str, Any]:
    """The choices of the page as links, and the asked values as hidden fields."""
    now = pairs_of(asked)

    def link(name: str, value: str) -> str:
        query = urlencode({key: one for key, one in {**now, name: value}.items() if one})
        return f"{url}?{query}" if query else url

    programs = [("", None), *((str(one.id), one.name) for one in partners.programs(actor))]
    lines = [("", None), *((str(one.id), one.name) for one in deals.product_lines(actor))]
    return {
        "period": [Choice(key, label, link("period", key), key == asked.period) for key, label in PERIOD.items()],
        "by": [Choice(key, label, link("by", key), key == asked.by) for key, label in BY.items()],
        "basis": [Choice(key, label, link("basis", key), key == asked.basis) for key, label in BASIS.items()],
        "program": [Choice(key, label, link("program", key), key == str(asked.program_id or "")) for key, label in programs],
        "line": [Choice(key, label, link("line", key), key == str(asked.product_line_id or "")) for key, label in lines],
        "csv": link("export", "csv"),
        "xlsx": link("export", "xlsx"),
        "hidden": now,
    }


def _one_of(value: Any, known: Mapping[str, Any], default: str) -> str:
    return value if value in known else default


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
