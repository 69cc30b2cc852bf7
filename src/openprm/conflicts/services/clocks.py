"""The promises around a case: who owes whom a word by when."""

from datetime import datetime
from typing import Any

from openprm.conflicts.models import ConflictCase, Party
from openprm.conflicts.promisekinds import ANSWER, APPEAL, DECISION, EXPLANATION, STATEMENT
from openprm.kernel.actor import SYSTEM
from openprm.kernel.models import Model
from openprm.promises import services as promises


def begin(case: ConflictCase, parties: dict[str, Party], at: datetime) -> datetime:
    """Start what runs from the opening; gives the moment when everybody has had the time to speak."""
    _start(ANSWER, case, case.partner_id, case, at)
    _start(DECISION, case, case.partner_id, case, at)
    ends = [listen(case, party, at).due_at for party in parties.values() if party.spoke_at is None]
    return max(ends, default=at)


def listen(case: ConflictCase, party: Party, at: datetime) -> Any:
    """One side is asked: the vendor's explains, a partner tells its side."""
    code = STATEMENT if party.partner_id else EXPLANATION
    return _start(code, party, party.partner_id or case.partner_id, case, at)


def heard(party: Party, at: datetime) -> None:
    promises.keep(subject_id=party.pk, code=STATEMENT if party.partner_id else EXPLANATION, at=at)


def taken_up(case: ConflictCase, at: datetime) -> None:
    promises.keep(subject_id=case.pk, code=ANSWER, at=at)


def decided(case: ConflictCase, parties: dict[str, Party], at: datetime) -> None:
    promises.keep(subject_id=case.pk, code=ANSWER, at=at)
    promises.keep(subject_id=case.pk, code=DECISION, at=at)
    _stop_listening(parties, at)


def appealed(case: ConflictCase, at: datetime) -> None:
    _start(APPEAL, case, case.partner_id, case, at)


def answered(case: ConflictCase, at: datetime) -> None:
    promises.keep(subject_id=case.pk, code=APPEAL, at=at)


def again(case: ConflictCase, at: datetime) -> None:
    """A case that was sent back is taken up and decided within the same times."""
    _start(ANSWER, case, case.partner_id, case, at)
    _start(DECISION, case, case.partner_id, case, at)


def stop(case: ConflictCase, parties: dict[str, Party], at: datetime) -> None:
    for code in (ANSWER, DECISION, APPEAL):
        promises.cancel(subject_id=case.pk, code=code, at=at)
    _stop_listening(parties, at)


def _stop_listening(parties: dict[str, Party], at: datetime) -> None:
    for party in parties.values():
        promises.cancel(subject_id=party.pk, code=STATEMENT if party.partner_id else EXPLANATION, at=at)


def _start(code: str, subject: Model, partner_id: Any, case: ConflictCase, at: datetime) -> Any:
    return promises.start(
        actor=SYSTEM, code=code, subject=subject, partner_id=partner_id, program_id=case.program_id, refs=(case.pk, partner_id), at=at
    )  # fmt: skip
