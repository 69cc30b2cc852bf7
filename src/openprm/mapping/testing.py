"""Builders for tests: made through the services, in the scope of who acts."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import services

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def rows_of(names: Iterable[str], *, minor: int = 0, prefix: str = "") -> list[services.Row]:
    """A company for each name, with a domain made of it; with `minor` each has an open deal of so much, in euros."""
    return [
        services.Row(
            key=f"{prefix}{name.lower()}",
            name=f"{name} Oy",
            domain=f"{name.lower()}.com",
            country="FI",
            owner="Aino Laine",
            email="aino@kallio.example",
            duns="",
            deals=((f"{prefix}deal-{name.lower()}", minor, "EUR", "proposal"),) if minor else (),
        )
        for name in names
    ]


def make_list(
    actor: Actor, names: Iterable[str] = (), *, name: str = "Customers", kind: str = "customers", level: str = "hidden", at: datetime = SOME_DAY, **terms: Any
) -> UUID:
    """A list from a file with these companies, shown to everybody at `level`."""
    minor = terms.pop("minor", 0)
    with scope(actor):
        draft = services.ListDraft(name=name, kind=kind, source="upload")
        made = services.create_list(actor=actor, draft=draft, at=at)
        services.replace_rows(actor=actor, population_id=made, rows=rows_of(names, minor=minor, prefix=f"{actor.side}-"), at=at)
        if level != "hidden":
            services.set_terms(actor=actor, population_id=made, terms=services.read_terms(level=level, **terms), at=at)
    return made


def connect(vendor: Actor, partner: Actor, *, at: datetime = SOME_DAY) -> None:
    """Both sides agree to compare."""
    for actor in (vendor, partner):
        with scope(actor):
            services.agree(actor=actor, partner_id=partner.partner_id, at=at)


def run_match(partner_id: UUID, *, at: datetime = SOME_DAY) -> int:
    with system_scope():
        return services.match(partner_id=partner_id, at=at)
