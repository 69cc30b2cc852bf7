"""Builders for the tests of this and of higher domains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.ids import new_id
from openprm.promises import services, terms
from openprm.promises.models import PromiseClock, TargetVersion
from openprm.promises.ports import PromiseKind, Target
from openprm.promises.services import ALWAYS

DECIDE = PromiseKind(
    code="tests.decide", vendor_name="Decide in %(target)s", partner_name="We decide in %(target)s", default_target=Target(2, "business_days"), order=1
)
INFORM = PromiseKind(
    code="tests.inform", vendor_name="Partner answers in %(target)s", partner_name="Answer us in %(target)s", default_target=Target(5, "days"), owed_by="partner",
    order=2,
)  # fmt: skip


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
