"""When the terms of a plan may take effect: never in the past, and a change only after it was announced."""

from __future__ import annotations

from datetime import date, timedelta

from openprm.rulebook.rules.language import gettext as _

NOTICE_DAYS = 14


def earliest_start(today: date, *, is_change: bool) -> date:
    """A first version may begin today; partners are told of a change ahead."""
    return today + timedelta(days=NOTICE_DAYS) if is_change else today


def why_too_soon(day: date, *, today: date, is_change: bool) -> str | None:
    """The reason why terms cannot take effect on `day`; None when they can."""
    if day < today:
        return _("%(day)s is in the past: nobody can be told of it any more. Choose today or later.") % {"day": day.isoformat()}
    earliest = earliest_start(today, is_change=is_change)
    if day < earliest:
        return _("Partners are told of a change %(days)d days ahead, so the earliest day is %(earliest)s.") % {
            "days": NOTICE_DAYS, "earliest": earliest.isoformat(),
        }  # fmt: skip
    return None
