"""Ring 1 and ring 4 of the isolation: every request, job and command runs in one transaction that
tells both Python and PostgreSQL for whom it runs. Outside a scope the managers raise and row-level
security returns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from openprm.kernel.actor import SYSTEM, Actor, Side

_current: ContextVar[Actor | None] = ContextVar("openprm_actor", default=None)

_ROLE = {Side.VENDOR: "openprm_vendor", Side.SYSTEM: "openprm_vendor", Side.PARTNER: "openprm_partner", Side.PUBLIC: "none"}
_SET = "select set_config('role', %s, true), set_config('openprm.partners', %s, true), set_config('openprm.actor', %s, true)"


class NoScope(RuntimeError):
    """A scoped row was asked for outside a scope: a defect, never a person's mistake."""


def current_actor() -> Actor | None:
    return _current.get()


@contextmanager
def scope(actor: Actor) -> Iterator[Actor]:
    """Run the block as `actor`, in one transaction; an exception rolls all of it back.

    The outermost scope is a real transaction. A scope inside another (SYSTEM work on behalf of a
    person) is a savepoint, and the outer actor is restored when it ends.
    """
    outer = _current.get()
    with transaction.atomic(durable=outer is None):
        _tell_database(actor)
        token = _current.set(actor)
        try:
            yield actor
        finally:
            _current.reset(token)
        if connection.savepoint_ids and not connection.needs_rollback:
            _tell_database(outer)


def _tell_database(actor: Actor | None) -> None:
    role = _ROLE[actor.side] if actor else "none"
    partners = ",".join(map(str, actor.partner_ids)) if actor else ""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [role, partners, str(actor.user_id or "") if actor else ""])


@contextmanager
def system_scope() -> Iterator[Actor]:
    with scope(SYSTEM) as actor:
        yield actor
