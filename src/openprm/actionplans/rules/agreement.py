"""What both sides agreed to, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AGREED_FIELDS = ("title", "about", "side", "owner", "customer_contact", "due_date", "waits_for", "skipped")
Content = Mapping[str, Any]
"""A signed plan as plain values: {"close_date": "2027-03-31", "steps": {"<id>": {field: value}}}."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference to what was signed. `kind` is added, removed, changed or close_date."""

    kind: str
    title: str
    field: str = ""
    before: str = ""
    after: str = ""


def changes(signed: Content, now: Content) -> tuple[Change, ...]:
    """What differs from the signed plan: the close date first, then steps that were added, removed and changed, by title."""
    found: list[Change] = []
    if signed.get("close_date") != now.get("close_date"):
        found.append(Change("close_date", "", "close_date", str(signed.get("close_date") or ""), str(now.get("close_date") or "")))
    before, after = signed.get("steps", {}), now.get("steps", {})
    found += sorted((Change("added", after[key]["title"]) for key in after.keys() - before.keys()), key=_by_title)
    found += sorted((Change("removed", before[key]["title"]) for key in before.keys() - after.keys()), key=_by_title)
    both = sorted(before.keys() & after.keys(), key=lambda key: (after[key]["title"], key))
    return (*found, *(change for key in both for change in _changed(before[key], after[key])))


def _by_title(change: Change) -> str:
    return change.title


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for field in AGREED_FIELDS:
        if before.get(field) != after.get(field):
            yield Change("changed", str(after["title"]), field, _plain(before.get(field)), _plain(after.get(field)))


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Signed:
    side: str
    revision: int


def state(signed: Sequence[Signed], revision: int) -> str:
    """ "agreed" when both sides signed this revision, "waits_vendor" or "waits_partner" when one did,
    "changed" when an earlier one was agreed, else "open"."""
    here = {one.side for one in signed if one.revision == revision}
    if here >= {"vendor", "partner"}:
        return "agreed"
    if here:
        return "waits_partner" if "vendor" in here else "waits_vendor"
    return "changed" if last_agreed(signed) else "open"


def last_agreed(signed: Iterable[Signed]) -> int:
    """The newest revision that both sides signed, 0 for none."""
    sides: dict[int, set[str]] = {}
    for one in signed:
        sides.setdefault(one.revision, set()).add(one.side)
    return max((revision for revision, held in sides.items() if held >= {"vendor", "partner"}), default=0)
