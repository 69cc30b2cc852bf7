"""The promises around a registration: the vendor decides in time, the partner answers a question in time."""

from datetime import datetime
from typing import Any

from openprm.deals.models import Registration
from openprm.kernel.actor import SYSTEM
from openprm.promises import services as promises

DECISION, INFORMATION = "deals.decision", "deals.information"


def begin(registration: Registration, at: datetime) -> Any:
    """Start the vendor's clock, or let it go on after the partner answered."""
    if registration.resubmit_count:
        promises.keep(registration.pk, INFORMATION, at)
        return promises.resume(registration.pk, DECISION, at)
    return _start(DECISION, registration, at)


def answer(registration: Registration, at: datetime) -> None:
    promises.keep(registration.pk, DECISION, at)


def hand_over(registration: Registration, at: datetime, reason: str) -> Any:
    """The partner has the ball: the vendor's clock rests, the partner's runs."""
    promises.pause(registration.pk, DECISION, at, reason)
    return _start(INFORMATION, registration, at)


def stop(registration: Registration, at: datetime) -> None:
    for code in (DECISION, INFORMATION):
        promises.cancel(registration.pk, code, at)


def _start(code: str, registration: Registration, at: datetime) -> Any:
    return promises.start(
        actor=SYSTEM,
        code=code,
        subject=registration,
        partner_id=registration.partner_id,
        program_id=registration.program_id,
        refs=(registration.pk, registration.partner_id),
        at=at,
    )
