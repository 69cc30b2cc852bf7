"""What a command says when it fails for a reason we know."""

from __future__ import annotations

from dataclasses import dataclass

from openprm.config.archive import BadArchive, NotEmpty
from openprm.config.embedded.errors import EmbeddedPostgresError
from openprm.config.environment import BadEnvironment
from openprm.config.external import UnfitDatabase

FAILED, WRONG_INPUT = 1, 2


@dataclass(frozen=True)
class Told:
    message: str
    exit_code: int


def explain(error: BaseException) -> Told | None:
    """The message and exit code for a failure we can name; None for a defect, whose traceback is wanted."""
    if isinstance(error, BadEnvironment):
        return Told("\n".join(error.problems), WRONG_INPUT)
    if isinstance(error, EmbeddedPostgresError | UnfitDatabase):
        return Told(str(error), FAILED)
    if isinstance(error, BadArchive | NotEmpty):
        return Told(str(error), WRONG_INPUT)
    return _explain_refusal(error) or _explain_database(error)


def _explain_refusal(error: BaseException) -> Told | None:
    from openprm.kernel.errors import Invalid, Refusal

    if not isinstance(error, Refusal):
        return None
    return Told(str(error), WRONG_INPUT if isinstance(error, Invalid) else FAILED)


def _explain_database(error: BaseException) -> Told | None:
    import psycopg
    from django.db import NotSupportedError, OperationalError, ProgrammingError

    if isinstance(error, OperationalError | NotSupportedError | psycopg.OperationalError):
        return Told(f"The database cannot be used: {str(error).strip()}", FAILED)
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, psycopg.errors.UndefinedTable):
        return Told("The database lacks tables of this version: run `openprm migrate` first.", FAILED)
    return None
