"""Touches out of files, as the importer asks for them."""

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from uuid import UUID

from openprm.attribution import policies
from openprm.attribution.rules.months import start_of
from openprm.attribution.rules.words import Source
from openprm.kernel.actor import Actor

ToldInFile = tuple[UUID, UUID, str, date, str]  # partner, customer, kind, day, summary


def import_key(source: str, external_id: str) -> str:
    """What an imported touch is known by: its id in its source."""
    return f"{source.replace(':', ' ')[:59]}:{external_id}"[:160]


def touches_by_external_ids(actor: Actor, source: str, ids: Sequence[str]) -> dict[str, UUID]:
    """Imported touches of one source that count, by their ids there."""
    keys = {import_key(source, one): one for one in ids}
    rows = policies.reach_touches(actor).filter(source=Source.IMPORT, source_key__in=list(keys), struck_at=None)
    return {keys[key]: pk for key, pk in rows.values_list("source_key", "pk")}


def same_imported_touches(actor: Actor, rows: Sequence[ToldInFile]) -> dict[ToldInFile, UUID]:
    """Imported touches that count and say the same as these rows: for files without ids."""
    if not rows:
        return {}
    partners, customers, kinds, days, _words = (set(column) for column in zip(*rows, strict=True))
    known = policies.reach_touches(actor).filter(
        source=Source.IMPORT, struck_at=None, partner__in=partners, account__in=customers, kind__in=kinds, occurred_at__in=[start_of(day) for day in days]
    )
    wanted = set(rows)
    found = {(row.partner_id, row.account_id, row.kind, row.occurred_at.astimezone(UTC).date(), row.summary): row.pk for row in known.order_by("-id")}
    return {told: pk for told, pk in found.items() if told in wanted}


def imported_touches(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Imported touches that count, in the words of the importer."""
    return {
        row.pk: {
            "external_id": row.source_key.partition(":")[2], "partner": row.partner_id, "account": row.account_id, "kind": row.kind,
            "occurred_date": row.occurred_at.astimezone(UTC).date(), "summary": row.summary,
        }
        for row in policies.reach_touches(actor).filter(pk__in=list(ids), source=Source.IMPORT, struck_at=None)
    }  # fmt: skip
