"""The promises around a registration: the vendor decides in time, the partner answers a question in time."""

from datetime import datetime
from typing import Any

from openprm.deals.models import Registration
from openprm.deals.services.routing import Standing, pace_of
from openprm.kernel.actor import SYSTEM
from openprm.promises import services as promises

DECISION, INFORMATION = "deals.decision", "deals.information"


def begin(registration: Registration, standing: Standing, at: datetime) -> Any:
    """Start the vendor's clock, or let it go on after the partner answered."""
    if registration.resubmit_count:
        promises.keep(subject_id=registration.pk, code=INFORMATION, at=at)
        return promises.resume(subject_id=registration.pk, code=DECISION, at=at)
    pace = pace_of(registration.partner_id, standing, at)
    return _start(DECISION, registration, at, tier_code=standing.tier_code, pace=pace)


def answer(registration: Registration, at: datetime) -> None:
    promises.keep(subject_id=registration.pk, code=DECISION, at=at)


def hand_over(registration: Registration, at: datetime, reason: str) -> Any:
    """The partner has the ball: the vendor's clock rests, the partner's runs."""
    promises.pause(subject_id=registration.pk, code=DECISION, at=at, reason=reason)
    return _start(INFORMATION, registration, at)


def stop(registration: Registration, at: datetime) -> None:
    for code in (DECISION, INFORMATION):
        promises.cancel(subject_id=registration.pk, code=code, at=at)


def _start(code: str, registration: Registration, at: datetime, **terms: str) -> Any:
    return promises.start(
        actor=SYSTEM,
        code=code,
        subject=registration,
        partner_id=registration.partner_id,
        program_id=registration.program_id,
        refs=(registration.pk, registration.partner_id),
        at=at,
        **terms,
    )
