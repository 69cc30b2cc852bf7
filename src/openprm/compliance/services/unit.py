"""What every use case shares: load it, save it, write it down, keep its promise; and clean input."""

import unicodedata
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.compliance.models import CaseDecision, Flag, ReferenceCheck, Reply, RiskCase
from openprm.compliance.rules import cases
from openprm.compliance.rules.cases import State
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.models import Model
from openprm.kernel.scope import scope
from openprm.promises import services as promises

DECISION, ANSWERS, VERIFICATION, CERTIFICATE = "compliance.decision", "compliance.answers", "compliance.verification", "compliance.certificate"


class ForbiddenMove(Conflict):
    """A case, a reply or a paper does not go from that state to this one."""


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Reads and writes that a partner's role may not do itself. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def load(rows: Any, row_id: UUID, version: int | None = None) -> Any:
    """The row, locked. Raises NotFound, and Stale when it is not the version the person saw."""
    row = rows.locked().one(row_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def save(row: Any, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])


def move(case: RiskCase, state: str, *fields: str) -> None:
    """Take a case to its next state. Raises ForbiddenMove."""
    if not cases.can_move(case.state, state):
        raise ForbiddenMove(_("A case that is “%(before)s” cannot become “%(after)s”.") % {"before": case.state, "after": state})
    case.state = state
    save(case, "state", *fields)


def record(
    actor: Actor,
    verb: str,
    subject: Any,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    shared: bool = True,
    note: str = "",
    data: dict[str, Any] | None = None,
    refs: tuple[UUID, ...] = (),
) -> None:
    """One audit event on the timelines of the subject and its partner; `shared` lets the partner read it."""
    partner_id = subject.partner_id
    audit.record(
        actor,
        verb,
        subject,
        before=before,
        after=after,
        refs=(subject.pk, partner_id, *refs),
        visible_to=(partner_id,) if shared else (),
        note=note,
        data=data,
        at=at,
    )


def start_clock(code: str, subject: Model, partner_id: UUID, at: datetime) -> None:
    promises.start(actor=SYSTEM, code=code, subject=subject, partner_id=partner_id, refs=(subject.pk, partner_id), at=at)


def case_of(partner_id: UUID) -> RiskCase | None:
    return RiskCase.objects.filter(partner_id=partner_id).locked().first()


def work_on(case: RiskCase) -> cases.Work:
    """What was done on the case in this round."""
    return cases.Work(
        answered=Reply.objects.filter(case=case, cycle=case.cycle, state__in=(Reply.State.SUBMITTED, Reply.State.ACCEPTED)).exists(),
        screened=case.screened_at is not None and case.screened_at >= case.cycle_started_at,
        references=ReferenceCheck.objects.filter(case=case, cycle=case.cycle, outcome=ReferenceCheck.Outcome.POSITIVE).count(),
        open_flags=Flag.objects.filter(case=case, state=Flag.State.OPEN).count(),
    )


def resolvers_of(case: RiskCase) -> set[UUID | None]:
    return set(Flag.objects.filter(case=case, cycle=case.cycle, resolved_by__isnull=False).values_list("resolved_by_id", flat=True))


def was_approved(case: RiskCase) -> bool:
    return CaseDecision.objects.filter(case=case, outcome="approved").exists()


def text(field: str, value: Any, *, longest: int, required: bool = True, lines: bool = False) -> str:
    """Text without control signs, trimmed and capped. Raises Invalid naming the field."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" or (lines and sign in "\n\t") else " " for sign in str(value or ""))
    clean = kept.strip() if lines else " ".join(kept.split())
    if required and not clean:
        raise Invalid(_("This cannot be empty."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": longest}, field=field)
    return clean


def choice(field: str, value: Any, allowed: Any) -> str:
    if value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, allowed))}, field=field)
    return str(value)


def country(field: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid(_("A country is two letters, for example FI."), field=field)
    return code


def end_of(day: date, partner_id: UUID) -> datetime:
    """The moment a day is over where the partner is."""
    zone = ZoneInfo(identity.organization(SYSTEM, partner_id).time_zone or "UTC")
    return datetime.combine(day + timedelta(days=1), day_time(), tzinfo=zone).astimezone(UTC)


def is_decidable(case: RiskCase) -> bool:
    return case.state in (State.ANSWERED, State.SCREENING)
