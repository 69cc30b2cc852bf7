"""The proof of a line as it is downloaded."""

from typing import Any

from openprm.earnings.models import Earning
from openprm.earnings.rules.proof import sealed
from openprm.earnings.rules.states import CALCULATED, Kind


def proof_of(row: Earning) -> dict[str, Any]:
    """Everything that a line was calculated from. The row comes with its terms; a clawback carries the proof of its line."""
    parts: dict[str, Any] = {"line": _line(row)}
    if row.kind in CALCULATED and row.terms is not None:
        parts |= {"plan": row.terms.content, "event": row.inputs["event"], "spent": row.inputs["spent"]}
    if row.kind == Kind.CLAWBACK and row.corrects is not None:
        parts["original"] = proof_of(row.corrects)
        parts["line"] |= {"corrects": row.corrects.number, "given_minor": _given(row.corrects)}
    return sealed(parts)


def _line(row: Earning) -> dict[str, Any]:
    return {
        "number": row.number, "kind": str(row.kind), "partner_id": str(row.partner_id), "user_id": str(row.user_id) if row.user_id else None,
        "plan_version_id": str(row.terms.version_id) if row.terms else None, "plan_number": row.terms.number if row.terms else None,
        "line_key": row.line_key, "source_key": row.source_key, "revision": row.revision, "before_minor": row.before_minor, "label": row.label,
        "about": row.about, "occurred_on": row.occurred_on.isoformat(), "amount_minor": row.amount_minor, "currency": row.currency,
        "basis_minor": row.basis_minor, "basis_currency": row.basis_currency, "rate": format(row.rate.normalize(), "f") if row.rate is not None else None,
        "capped_by": row.capped_by, "steps": row.steps, "reason": row.reason,
    }  # fmt: skip


def _given(row: Earning) -> int:
    """What the line and its corrections gave together."""
    corrections = row.followers.filter(kind=Kind.CORRECTION).exclude(state__in=("declined", "clawed_back"))
    return row.amount_minor + sum(one.amount_minor for one in corrections)
