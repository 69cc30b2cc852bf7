"""The settings of the books, who changed them, and all of them in one piece."""

from datetime import datetime
from typing import Any

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.profitability import policies
from openprm.profitability.models import Book, Change, Group, Rate
from openprm.profitability.queries.entries import newest, views
from openprm.profitability.queries.results import BookView, ChangeView, GroupView, RateView
from openprm.profitability.rules.facts import rate_in_force
from openprm.profitability.wording import WHAT


def book(actor: Actor, at: datetime) -> BookView | None:
    """The books' settings; None while they are not opened. Raises NotAllowed. Three queries."""
    policies.refuse_outsider(actor)
    row = policies.reach(actor, Book).first()
    if row is None:
        return None
    return BookView(
        currency=row.currency,
        margin_bp=row.margin_bp,
        training_group_id=row.training_group_id,
        version=row.version,
        groups=groups(actor, row.currency, at),
    )


def groups(actor: Actor, currency: str, at: datetime) -> tuple[GroupView, ...]:
    rates: dict[Any, list[tuple[Any, int]]] = {}
    for group_id, since, minor in policies.reach(actor, Rate).order_by("since").values_list("group_id", "since", "hourly_minor"):
        rates.setdefault(group_id, []).append((since, minor))
    return tuple(_group(row, rates.get(row.pk, []), currency, at) for row in policies.reach(actor, Group))


def _group(row: Group, rates: list[tuple[Any, int]], currency: str, at: datetime) -> GroupView:
    now = rate_in_force(rates, at.date())
    return GroupView(
        id=row.pk,
        name=row.name,
        rates=tuple(RateView(since=since, hourly=Money(minor, currency)) for since, minor in rates),
        now=None if now is None else Money(now, currency),
    )


def journal(actor: Actor, limit: int = 20) -> tuple[ChangeView, ...]:
    """Who changed the books, newest first. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    return tuple(_change(row) for row in policies.reach(actor, Change).order_by("-created_at", "-id")[:limit])


def _change(row: Change) -> ChangeView:
    return ChangeView(at=row.created_at, person=row.person, what=row.what, what_label=str(WHAT.get(row.what, row.what)), about=row.about)


def everything(actor: Actor, at: datetime) -> dict[str, Any]:
    """All that stands in the books as plain values, for a file of the partner's own. Raises NotAllowed."""
    found = book(actor, at)
    kept = views(actor, newest(actor).order_by("-month", "-id")) if found else ()
    return {
        "settings": {"currency": found.currency, "margin_percent": str(found.margin_percent) if found.margin_bp is not None else None} if found else None,
        "groups": [
            {"name": group.name, "rates": [{"since": rate.since.isoformat(), "hourly_minor": rate.hourly.minor} for rate in group.rates]}
            for group in (found.groups if found else ())
        ],
        "entries": [_plain(one) for one in kept],
        "changes": [{"at": one.at.isoformat(), "person": one.person, "what": one.what, "about": one.about} for one in journal(actor, 100_000)],
    }


def _plain(one: Any) -> dict[str, Any]:
    same = ("kind", "minutes", "group", "deal", "program", "product_line", "note", "author", "source", "external_id")
    return {name: getattr(one, name) for name in same} | {
        "id": str(one.id),
        "month": one.month.isoformat(),
        "amount_minor": one.amount.minor,
        "currency": one.amount.currency,
        "created_at": one.created_at.isoformat(),
    }
