"""Builders for the tests of this and of higher domains."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.promises import catalog, services, terms
from openprm.promises.models import PromiseClock, TargetVersion
from openprm.promises.ports import PromiseKind, Target
from openprm.promises.services import ALWAYS

DECIDE = PromiseKind(
    code="tests.decide",
    vendor_name="Decide in %(target)s",
    partner_name="We decide in %(target)s",
    default_target=Target(2, "business_days"),
    order=1,
)
INFORM = PromiseKind(
    code="tests.inform",
    vendor_name="Partner answers in %(target)s",
    partner_name="Answer us in %(target)s",
    default_target=Target(5, "days"),
    owed_by="partner",
    order=2,
)


@dataclass
class Subject:
    """Something a promise can be about."""

    pk: UUID
    label: str = "DR-000123 Ostrava Steelworks"

    class _meta:
        label_lower = "tests.subject"

    def __str__(self) -> str:
        return self.label


def make_subject(label: str = "DR-000123 Ostrava Steelworks") -> Subject:
    return Subject(pk=new_id(), label=label)


def make_clock(partner_id: UUID, *, at: datetime, code: str = DECIDE.code, subject: Any = None, **values: Any) -> PromiseClock:
    """A running promise. `subject` defaults to one of its own."""
    return services.start(actor=SYSTEM, code=code, subject=subject or make_subject(), partner_id=partner_id, at=at, **values)


def make_target(code: str, amount: int | None, unit: str = "business_days", *, effective_at: datetime = ALWAYS, **values: Any) -> TargetVersion:
    """Publish a target without asking the rules of notice."""
    first = TargetVersion.objects.filter(code=code).order_by("number").first()
    last = TargetVersion.objects.filter(code=code).order_by("-number").first()
    assert first is not None
    assert last is not None
    terms.TARGETS.forget()
    return TargetVersion.objects.create(
        code=code, number=last.number + 1, amount=amount, unit=unit if amount else "", calendar=first.calendar, effective_at=effective_at,
        published_by="Ingrid Solberg", published_at=effective_at, **values,
    )  # fmt: skip


def make_showcase(cast: Any) -> None:
    """Half a year of promises to look at: most kept, some late, some open, a change that comes."""
    at, pick = now(), random.Random(7)  # noqa: S311  the same picture every time
    code = next(kind.code for kind in catalog.kinds() if kind.owed_by == "vendor")
    for number in range(160):
        started = at - timedelta(days=pick.uniform(0.1, 180))
        subject, partner = make_subject(f"DR-{1000 + number:06} Ostrava Steelworks"), pick.choice([cast.partner, cast.partner, cast.other_partner])
        clock = make_clock(partner.pk, code=code, subject=subject, at=started)
        answered = started + (clock.due_at - started) * pick.choice([0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 0.9, 0.95, 1.3])
        if answered < at:
            services.keep(subject.pk, code, answered)
    services.mark_overdue(at=at)
    services.publish_target(actor=cast.vendor_admin, code=code, amount=1, program_id=cast.program.pk, tier_code="gold", notice="Gold goes first.", at=at)
    services.publish_target(actor=cast.vendor_admin, code=code, amount=3, effective_at=at + timedelta(days=20), notice="During our move in December.", at=at)
