"""The one way in which a configuration and a result are written, so that equal things have equal bytes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.attribution.rules.journeys import Settled


def written(value: Any) -> bytes:
    """JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def configuration(values: Mapping[str, Any]) -> str:
    """The hash of a configuration: of what it decides, not of its name or its day."""
    return sha256(written(dict(values)))


def result(settled: Iterable[Settled]) -> bytes:
    """The file of a run: a line for every deal in the order of closing, with its parts and the touches they rest on."""
    return b"".join(line(one) + b"\n" for one in sorted(settled, key=place))


def place(one: Settled) -> tuple[datetime, UUID]:
    """Where a deal stands in the file."""
    return one.deal.closed_at, one.deal.id


def line(one: Settled) -> bytes:
    """One deal, without the end of the line."""
    parts = [
        {
            "partner": part.partner_id, "outcome": str(part.outcome), "basis_points": part.points, "credit_minor": part.minor,
            "evidence": [{"touch": judged.touch.id, "counts": str(judged.counts), "clause": judged.clause} for judged in part.evidence],
        }
        for part in one.parts
    ]  # fmt: skip
    late = [{"touch": judged.touch.id, "partner": judged.touch.partner_id, "clause": judged.clause} for judged in one.late]
    deal = {
        "deal": one.deal.id, "kind": one.deal.kind, "won": one.deal.is_won, "opened_at": moment(one.deal.opened_at), "closed_at": moment(one.deal.closed_at),
        "base_minor": one.deal.base_minor, "outcome": str(one.outcome), "parts": parts, "late": late,
    }  # fmt: skip
    return written(deal)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
