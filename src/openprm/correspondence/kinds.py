"""What the domains contribute: threads, actions, sources of dates; and the two values that the operator sets."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from openprm.correspondence.ports import ActionKind, DateSource, ThreadKind
from openprm.kernel.registry import registry


def threads() -> tuple[ThreadKind, ...]:
    return registry.filling("correspondence.threads")


def actions() -> tuple[ActionKind, ...]:
    return registry.filling("correspondence.actions")


def sources() -> tuple[DateSource, ...]:
    return registry.filling("correspondence.dates")


def find_thread(code: str) -> ThreadKind | None:
    return next((kind for kind in threads() if kind.code == code), None)


def find_action(code: str) -> ActionKind | None:
    return next((kind for kind in actions() if kind.code == code), None)


def thread_of(news: str, refs: Sequence[UUID]) -> tuple[ThreadKind, UUID] | None:
    """The thread that a piece of news belongs to, the first that claims it."""
    return next(((kind, found) for kind in threads() if (found := kind.subject_of(news, refs))), None)


def actions_of(news: str, refs: Sequence[UUID]) -> list[tuple[ActionKind, UUID]]:
    return [(kind, found) for kind in actions() if (found := kind.subject_of(news, refs))]


def reply_domain() -> str:
    """Empty when mails cannot be answered."""
    return settings.ENVIRONMENT.reply_domain


def authserv() -> str:
    """The name under which a trusted mail server says what it found out about a sender; empty when nobody does."""
    return settings.ENVIRONMENT.mail_authserv


def signing_key() -> bytes:
    """Whoever changes the secret key also ends every reply address."""
    return salted_hmac("openprm.correspondence.reply_address", "1", algorithm="sha256").digest()
