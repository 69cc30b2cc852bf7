"""The kinds of news that the domains contribute."""

from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry


def kind_of(code: str) -> NotificationKind:
    """Raises KeyError for a kind that no domain declares."""
    return {kind.code: kind for kind in registry.all("notification_kinds")}[code]


def known_kind(code: str) -> NotificationKind | None:
    return next((kind for kind in registry.all("notification_kinds") if kind.code == code), None)


def kinds_for(actor: Actor) -> list[NotificationKind]:
    """The kinds that can reach somebody on this actor's side, grouped as their domains said."""
    side = "vendor" if actor.is_vendor else "partner"
    return [kind for kind in registry.all("notification_kinds") if kind.side in (side, "both")]
