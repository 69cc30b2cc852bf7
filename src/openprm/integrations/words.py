"""How steps, actions and findings are called in front of people."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.money import Money

STATUS = {
    "staged": (gettext_lazy("Waiting for its columns"), "info"),
    "checking": (gettext_lazy("Being tried"), "info"),
    "checked": (gettext_lazy("Tried"), "warn"),
    "running": (gettext_lazy("Running"), "info"),
    "done": (gettext_lazy("Done"), "ok"),
    "failed": (gettext_lazy("Refused"), "bad"),
    "undone": (gettext_lazy("Taken back"), ""),
}
ACTION = {
    "create": (gettext_lazy("Created"), "ok"),
    "update": (gettext_lazy("Changed"), "info"),
    "same": (gettext_lazy("The same"), ""),
    "refuse": (gettext_lazy("Refused"), "bad"),
}
FINDING = {
    "refused": gettext_lazy("Refused"),
    "unmatched": gettext_lazy("Not recognised, left empty"),
    "ambiguous": gettext_lazy("Could be several, left empty"),
    "repaired": gettext_lazy("Repaired"),
    "kept": gettext_lazy("Not on our list, kept as written"),
    "empty": gettext_lazy("Empty, kept so"),
    "unmapped": gettext_lazy("Columns that are not used"),
}
SHOWN = 4


def changes(found: Iterable[tuple[str, Any, Any]]) -> str:
    """The first changed fields of a row: "city: Ulm → Bonn"."""
    found = list(found)
    words = [f"{name}: {_shown(before)} → {_shown(after)}" if before not in (None, "") else f"{name}: {_shown(after)}" for name, before, after in found[:SHOWN]]
    more = [_("and %(count)d more") % {"count": len(found) - SHOWN}] if len(found) > SHOWN else []
    return ", ".join([*words, *more])


def total(one: dict[str, Any]) -> dict[str, Any]:
    """One line of the comparison of sums, with money as money."""
    return {
        "label": _("Sum") if one.get("is_sum") else one["label"] or _("(no partner)"),
        "is_sum": bool(one.get("is_sum")),
        "is_equal": one["is_equal"],
        "rows": one["rows_in_database"],
        "counted": one["counted_in_database"],
        "database": Money(one["database_minor"], one["currency"]) if one["currency"] else one["database_minor"],
        "file": Money(one["file_minor"], one["currency"]) if one["currency"] else one["file_minor"],
    }


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
