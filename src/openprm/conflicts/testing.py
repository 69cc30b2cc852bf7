"""Builders for tests and showcases: cases made through the services, so that facts, promises and news are true."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.activities import services as activities
from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.queries.touches import touch_of
from openprm.conflicts.rules.draft import CaseDraft
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_registration, stored
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope

PDF = b"%PDF-1.4\n% made for a test\n"
CLAUSE = "conflicts.sentinel|T5"
REASONS = "The touch was not announced, and none of the published exceptions holds."
WOULD_CHANGE = "An invitation of the partner, or a support case, on file before the call."


def make_rejected(rep: Actor, reviewer: Actor, catalogue: Any, *, at: datetime, **changes: Any) -> UUID:
    """A registration that was rejected."""
    made = make_registration(rep, catalogue, at=at, **changes)
    with scope(reviewer):
        deals.reject(actor=reviewer, registration_id=made.registration_id, reason="We sell there ourselves.", at=at + timedelta(hours=2))
    return made.registration_id


def make_case(opener: Actor, registration_id: UUID, at: datetime, *, type: str = "rejection", claim: str = "We were there first.", **values: Any) -> UUID:
    with scope(opener):
        return services.open_case(actor=opener, draft=CaseDraft(type=type, claim=claim, registration_id=registration_id, **values), at=at).case_id


def touch(rep: Actor, account_id: UUID, at: datetime, **values: Any) -> UUID:
    """Our own person does something at a customer; gives the activity."""
    given: dict[str, Any] = {"kind": "call", "summary": "Called the buyer about the renewal.", "occurred_at": at, **values}
    with scope(rep):
        return activities.record(actor=rep, account_id=account_id, at=at, **given)


def heed(activity_id: UUID, rep: Actor, at: datetime, *, purpose: str = "") -> tuple[UUID, ...]:
    """What the worker does with a recorded activity."""
    with system_scope():
        found, summary = touch_of(activity_id, author_id=rep.user_id, purpose=purpose)
        return services.heed(found, summary=summary, at=at)


def make_alarm(cast: Any, catalogue: Any, at: datetime, *, rep: Actor | None = None) -> tuple[UUID, UUID]:
    """A protected deal of the partner, touched by our own person: (case, registration)."""
    who = rep or cast.marketing_manager
    registration_id = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=10))
    activity_id = touch(who, stored(registration_id).account_id, at)
    (case_id,) = heed(activity_id, who, at)
    return case_id, registration_id


def speak(who: Actor, case_id: UUID, text: str, at: datetime) -> None:
    with scope(who):
        services.give_statement(actor=who, case_id=case_id, text=text, at=at)


def take_up(who: Actor, case_id: UUID, at: datetime) -> None:
    with scope(who):
        services.take_up(actor=who, case_id=case_id, at=at)


def decide(who: Actor, case_id: UUID, at: datetime, **values: Any) -> services.Decided:
    given: dict[str, Any] = {"finding": "founded", "reasons": REASONS, "would_change": WOULD_CHANGE, "clause": CLAUSE, **values}
    with scope(who):
        return services.decide(actor=who, case_id=case_id, at=at, **given)


def answer(who: Actor, case_id: UUID, at: datetime, **values: Any) -> services.Decided:
    given: dict[str, Any] = {"result": "upheld", "reasons": "The first decision is right.", "would_change": WOULD_CHANGE, "clause": CLAUSE, **values}
    with scope(who):
        return services.answer_appeal(actor=who, case_id=case_id, at=at, **given)


def make_decided(cast: Any, catalogue: Any, at: datetime, **values: Any) -> UUID:
    """An alarm that was heard on both sides and decided by the administrator."""
    case_id, _registration = make_alarm(cast, catalogue, at)
    speak(cast.marketing_manager, case_id, "I returned a call of the buyer.", at + timedelta(hours=2))
    speak(cast.partner_rep, case_id, "Nobody told us, and the buyer did not call.", at + timedelta(hours=3))
    take_up(cast.vendor_admin, case_id, at + timedelta(hours=4))
    decide(cast.vendor_admin, case_id, at + timedelta(days=1), **values)
    return case_id


def made(case_id: UUID) -> ConflictCase:
    """The case as it stands now."""
    with system_scope():
        return ConflictCase.objects.get(pk=case_id)


def pass_time(at: datetime) -> None:
    """What the periodic jobs do."""
    with system_scope():
        services.reveal_due(at=at)
        services.close_due(at=at)
