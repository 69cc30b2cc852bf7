"""Refusals: what the system will not do, said so that a person knows what to do next.

A refusal carries a sentence (what, where, what to do), an HTTP status for the edges and, for
bad input, the field it is about. Anything else that rises is a defect and stays loud.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from openprm.kernel.scope import system_scope

_log = logging.getLogger("openprm.refusals")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field. `field` is a path as the API spells it: "lines[0].amount_minor"."""

    field: str
    message: str
    code: str = "invalid"


class Refusal(Exception):
    """Base of every refusal. `code` defaults to the class name in snake_case and is stable for API users.

    `record`, when a service sets it, writes the refusal into the audit log. Where the refusal ends, `write_down` calls it: the
    edges do so after everything else was rolled back.
    """

    status = 400
    record: Callable[[], object] | None = None

    def __init__(self, message: str = "", *, field: str | None = None, code: str | None = None, problems: Iterable[Problem] = ()):
        self.message = str(message) or self.default_message()
        self.code = code or _snake(type(self).__name__)
        self.field = field
        self.problems = tuple(problems) or ((Problem(field, self.message, self.code),) if field else ())
        super().__init__(self.message)

    def default_message(self) -> str:
        return _("This cannot be done.")


class NotFound(Refusal):
    """There is no such row, or this person may not know of it: the two answers are the same."""

    status = 404

    def default_message(self) -> str:
        return _("There is nothing here that you can see. Check the link, or ask the person who sent it.")


class NotAllowed(Refusal):
    status = 403

    def default_message(self) -> str:
        return _("Your role does not allow this. Ask an administrator of your team.")


class Invalid(Refusal):
    """Input that cannot be used; `problems` says which fields and how to mend them."""

    status = 422

    def default_message(self) -> str:
        return " ".join(str(problem.message) for problem in getattr(self, "problems", ())) or _("Some fields need another look.")

    def __init__(self, message: str = "", *, field: str | None = None, code: str | None = None, problems: Iterable[Problem] = ()):
        problems = tuple(problems)
        if not message and problems:
            message = " ".join(str(problem.message) for problem in problems)
        super().__init__(message, field=field, code=code, problems=problems)


class Conflict(Refusal):
    """The request is sound, but what stands now refuses it."""

    status = 409


class Stale(Refusal):
    status = 412

    def default_message(self) -> str:
        return _("Somebody changed this since you opened it. Reload, look at the change, and try again.")


class TooMany(Refusal):
    """A limit was reached; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str = "", *, retry_after: int = 60, **kwargs):
        self.retry_after = retry_after
        super().__init__(message, **kwargs)


def refuse_if(reason: str | None) -> None:
    """Raise NotAllowed with the reason that a policy's `why_not_...` gave, or do nothing."""
    if reason:
        raise NotAllowed(reason)


def write_down(refusal: Refusal) -> None:
    """Let a refusal write itself into the log, once, in a scope of its own. It was refused all the same when that fails."""
    record, refusal.record = refusal.record, None
    if record is None:
        return
    try:
        with system_scope():
            record()
    except Exception:
        _log.exception("a refusal could not be written down", extra={"code": refusal.code})


@contextmanager
def refused_by(constraint: str, refusal: Refusal) -> Iterator[None]:
    """Run a write in a savepoint; a violation of `constraint` becomes `refusal`, any other error rises."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if violated_constraint(error) != constraint:
            raise
        raise refusal from None


def violated_constraint(error: DatabaseError) -> str | None:
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
