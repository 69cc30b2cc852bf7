from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.jobs import decode, defer_all, encode, job
from openprm.kernel.registry import Subscription, Wiring, registry
from openprm.kernel.scope import current_actor, system_scope
from openprm.kernel.testing import queued_jobs


class Tone(StrEnum):
    OK = "ok"


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (UUID, UUID(int=7)),
        (UUID | None, None),
        (UUID | None, UUID(int=7)),
        (datetime, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        (date, date(2026, 11, 23)),
        (Decimal, Decimal("0.10")),
        (Tone, Tone.OK),
        (tuple[UUID, ...], (UUID(int=1), UUID(int=2))),
        (str, "text"),
        (int, 3),
    ],
)
def test_a_value_survives_the_queue(hint, value):
    assert decode(hint, encode(value)) == value


def test_a_job_runs_in_the_scope_of_the_system_at_a_given_moment(db):
    seen = []

    @job(name="kernel.note_who")
    def note_who(*, thing_id: UUID, at: datetime) -> None:
        seen.append((thing_id, at.tzinfo, current_actor().is_system))

    note_who.run({"thing_id": str(UUID(int=5))})

    assert seen == [(UUID(int=5), UTC, True)]


@dataclass(frozen=True)
class ThingHappened:
    thing_id: UUID
    at: datetime


def test_publishing_queues_one_job_for_each_subscriber_in_the_same_transaction(db, monkeypatch):
    @job(name="kernel.first")
    def first(*, thing_id: UUID, at: datetime) -> None: ...

    @job(name="kernel.second")
    def second(*, thing_id: UUID, at: datetime) -> None: ...

    wiring = Wiring(domain="kernel", subscriptions=(Subscription(ThingHappened, first), Subscription(ThingHappened, second)))
    monkeypatch.setitem(registry.__dict__, "wirings", (wiring,))
    monkeypatch.delitem(registry.__dict__, "_subscribers", raising=False)
    event = ThingHappened(thing_id=new_id(), at=datetime(2026, 11, 23, tzinfo=UTC))

    with system_scope():
        publish(event)

    payload = {"thing_id": str(event.thing_id), "at": "2026-11-23T00:00:00+00:00"}
    assert queued_jobs() == [("kernel.first", payload), ("kernel.second", payload)]
    registry.__dict__.pop("_subscribers", None)


def test_a_job_queued_in_a_transaction_that_rolls_back_is_gone(db):
    @job(name="kernel.never")
    def never(*, at: datetime) -> None: ...

    with pytest.raises(ZeroDivisionError), system_scope():
        defer_all([(never, {})])
        raise ZeroDivisionError

    assert queued_jobs() == []
