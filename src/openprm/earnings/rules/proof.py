"""The proof of a line (X20): everything it was calculated from in one JSON value, and the calculation made again without a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openprm.incentives.rules.calculate import judge
from openprm.incentives.rules.model import EarnEvent, PlanLine, PlanTerms, Spent
from openprm.rulebook.rules.language import gettext as _

FORMAT = "openprm-commission-proof/1"
PARTS = ("line", "plan", "event", "spent", "original")
BY_HAND = ("adjustment", "opening")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a recalculation. `difference` names the first thing that is not equal; `stated` and `found` are its two values."""

    equal: bool
    line: Mapping[str, Any]
    difference: str = ""
    stated: str = ""
    found: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    by_hand: bool = False


class Unreadable(ValueError):
    """The file is no proof of a line."""


def sealed(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The proof with a digest of each part and one of the whole, which the statement repeats."""
    kept = {name: parts[name] for name in PARTS if parts.get(name) is not None}
    digests = {name: digest(value) for name, value in kept.items()}
    return {"format": FORMAT, **kept, "digests": digests, "sha256": digest(digests)}


def digest(value: Any) -> str:
    """SHA-256 of a JSON value in one fixed spelling."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def check(proof: Any) -> Checked:
    """Calculate the line again from what the proof carries and compare to the cent. Raises Unreadable for what is no proof."""
    line = _line_of(proof)
    steps: tuple[tuple[str, str], ...] = ()
    try:
        found, steps, by_hand = _found(proof, line)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as odd:
        if isinstance(odd, Unreadable):
            raise
        raise Unreadable(_("The plan, the event or the line cannot be read: %(why)s") % {"why": str(odd)[:200]}) from None
    for what, stated, value in found:
        if stated != value:
            return Checked(False, line, what, _text(stated), _text(value), steps)
    for what, stated, value in _digests(proof):
        if stated != value:
            return Checked(False, line, what, stated, value, steps)
    return Checked(True, line, steps=steps, by_hand=by_hand)


def _line_of(proof: Any) -> Mapping[str, Any]:
    if not isinstance(proof, Mapping) or proof.get("format") != FORMAT:
        raise Unreadable(_("This is no proof of a commission line: its format is not %(format)s.") % {"format": FORMAT})
    line = proof.get("line")
    if not isinstance(line, Mapping) or not {"number", "kind", "amount_minor", "currency"} <= line.keys():
        raise Unreadable(_("The proof carries no line."))
    return line


Compared = Iterator[tuple[str, Any, Any]]


def _found(proof: Mapping[str, Any], line: Mapping[str, Any]) -> tuple[list[tuple[str, Any, Any]], tuple[tuple[str, str], ...], bool]:
    """(what, stated, found) in the order in which a reader looks, and the steps of the calculation."""
    if line["kind"] == "clawback":
        return list(_taken_back(proof, line)), (), False
    if line["kind"] in BY_HAND:
        return [], (), True
    plan, event, spent = PlanTerms.from_json(proof["plan"]), EarnEvent.from_json(proof["event"]), Spent.from_json(proof["spent"])
    judged = judge(plan, event, spent)
    made = next((one for one in judged.lines if one.line_key == line["line_key"]), None)
    steps = tuple((step.label, step.value) for step in made.steps) if made else ()
    return list(_compared(line, plan, event, made)), steps, False


def _compared(line: Mapping[str, Any], plan: PlanTerms, event: EarnEvent, made: PlanLine | None) -> Compared:
    yield _("plan version"), (line["plan_version_id"], line["plan_number"]), (str(plan.version_id), plan.number)
    yield _("partner"), line["partner_id"], str(event.partner_id)
    yield _("event"), line["source_key"], event.source_key
    before = int(line.get("before_minor", 0))
    yield _("amount"), line["amount_minor"], (made.amount.minor if made else 0) - before
    if made is None:
        return
    yield _("currency"), line["currency"], made.amount.currency
    yield _("basis"), line["basis_minor"], made.basis.minor
    yield _("rate"), line["rate"], None if made.rate is None else format(made.rate.normalize(), "f")
    yield _("cap"), line["capped_by"], made.capped_by
    yield _("recipient"), line["user_id"], str(made.user_id) if made.user_id else None
    yield _("steps"), [list(step) for step in line["steps"]], [[step.label, step.value] for step in made.steps]


def _taken_back(proof: Mapping[str, Any], line: Mapping[str, Any]) -> Compared:
    original = proof["original"]
    if not isinstance(original, Mapping) or "line" not in original:
        raise Unreadable(_("The proof of a clawback carries the proof of the line that it takes back."))
    inner = check(original)
    yield _("line that is taken back, %(what)s") % {"what": inner.difference}, inner.stated, inner.found
    given = inner.line
    yield _("line that is taken back"), line["corrects"], given["number"]
    yield _("currency"), line["currency"], given["currency"]
    within = 0 < -int(line["amount_minor"]) <= int(line["given_minor"])
    yield _("amount"), line["amount_minor"], line["amount_minor"] if within else -int(line["given_minor"])


def _digests(proof: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    stated = proof.get("digests")
    if not isinstance(stated, Mapping):
        raise Unreadable(_("The proof carries no digests."))
    for name in PARTS:
        if name in proof or name in stated:
            yield _("digest of the %(part)s") % {"part": name}, str(stated.get(name)), digest(proof.get(name))
    yield _("digest of the proof"), str(proof.get("sha256")), digest(dict(stated))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
