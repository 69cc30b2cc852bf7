"""The end of a membership and its renewal: reminded of, renewed by a rule or a person, run out (C6)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.partners import policies, rules
from openprm.partners.events import EnrollmentExpired, EnrollmentExpiring, EnrollmentRenewed
from openprm.partners.models import Enrollment
from openprm.partners.queries.renewals import advice, why_not_renew
from openprm.partners.services import checks

AT_ONCE = 500


class CannotRenew(Conflict):
    """Something stands against the renewal; the sentence says what."""


@transaction.atomic
def renew_enrollment(*, actor: Actor, partner_id: UUID, program_id: UUID, at: datetime, months: int | None = None, version: int | None = None) -> datetime:
    """Let a membership go on for another term and give its new end. A person of the vendor or an administrator of the partner.

    The term is the program's own; only the vendor names another. Raises NotFound, NotAllowed, Invalid, Stale, CannotRenew.
    """
    policies.reach_enrollments(actor).filter(partner=partner_id, program=program_id).first() or _not_there()
    refuse_if(policies.why_not_renew(actor))
    if months is not None and not actor.sees_all_partners:
        raise Invalid(_("The program says how long a term is. Ask your partner manager for another one."), field="months")
    with system_scope():
        enrollment = _locked(partner_id, program_id, version)
        if reason := why_not_renew(enrollment, at, early_too=actor.sees_all_partners):
            raise CannotRenew(reason)
        return _renew(actor, enrollment, _term(enrollment, months), at, how="vendor" if actor.sees_all_partners else "partner")


@transaction.atomic
def set_enrollment_end(
    *, actor: Actor, partner_id: UUID, program_id: UUID, until: datetime | None, reason: str, at: datetime, version: int | None = None
) -> None:
    """Give a running membership another last day, or none, with a reason. Raises NotFound, NotAllowed, Invalid, Stale, CannotRenew."""
    refuse_if(policies.why_not_manage(actor))
    policies.reach(actor).one(partner_id)
    enrollment = _locked(partner_id, program_id, version)
    reason = checks.line("reason", reason, longest=500, required=True)
    if enrollment.status != Enrollment.Status.APPROVED:
        raise CannotRenew(_("Only a running membership has an end to move."))
    if until is not None and until <= at:
        raise Invalid(_("The end lies ahead. To take the partner out now, end the membership."), field="until")
    before = enrollment.snapshot()
    enrollment.until, enrollment.reminded_days = until, None
    _save(enrollment)
    _record(actor, "partner.enrollment_end_moved", enrollment, before, at, note=reason)


def remind_of_renewals(*, at: datetime) -> int:
    """Tell both sides 60, 30 and 7 days before a membership ends, each once; gives how many. Safe to repeat and to run twice at once."""
    horizon = at + timedelta(days=rules.REMINDER_DAYS[0])
    rows = Enrollment.objects.filter(status=Enrollment.Status.APPROVED, until__gt=at, until__lte=horizon).order_by("until", "id")
    return sum(_remind(row, at) for row in rows[:AT_ONCE])


def renew_by_rule(*, at: datetime) -> int:
    """Renew the memberships that end within a day and that the published rule renews; gives how many. Safe to repeat."""
    soon = at + rules.RENEWED_BY_RULE_BEFORE
    ids = list(Enrollment.objects.filter(status=Enrollment.Status.APPROVED, until__gt=at, until__lte=soon).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_renew_one_by_rule(enrollment_id, at) for enrollment_id in ids)


def expire_due(*, at: datetime) -> int:
    """End the memberships that ran out; gives how many. Safe to repeat and to run twice at once."""
    due = Enrollment.objects.filter(status=Enrollment.Status.APPROVED, until__lte=at)
    ids = list(due.order_by("until", "id").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_expire(enrollment, at) for enrollment in Enrollment.objects.filter(pk__in=ids, status=Enrollment.Status.APPROVED, until__lte=at).locked())


def _remind(row: Enrollment, at: datetime) -> bool:
    days = rules.reminder_due(until=row.until, at=at, reminded_days=row.reminded_days)
    if days is None or not Enrollment.objects.filter(pk=row.pk, reminded_days=row.reminded_days).update(reminded_days=days):
        return False
    publish(EnrollmentExpiring(partner_id=row.partner_id, program_id=row.program_id, until=row.until, days=days, at=at))
    return True


@transaction.atomic
def _renew_one_by_rule(enrollment_id: UUID, at: datetime) -> bool:
    enrollment = Enrollment.objects.filter(pk=enrollment_id).select_related("program").locked().first()
    if enrollment is None or not rules.is_ending(enrollment.status, enrollment.until, at):
        return False
    told = advice(enrollment, at)
    if told.decision != "renew" or why_not_renew(enrollment, at, early_too=True):
        return False
    _renew(SYSTEM, enrollment, told.months or _term(enrollment, None), at, how="rule", clause=told.clause, clause_text=told.clause_text)
    return True


def _renew(actor: Actor, enrollment: Enrollment, months: int, at: datetime, *, how: str, **data: str) -> datetime:
    before, ended = enrollment.snapshot(), enrollment.until
    enrollment.until = rules.renewed_until(until=ended, at=at, months=months)
    enrollment.status, enrollment.renewed_at, enrollment.reminded_days = Enrollment.Status.APPROVED, at, None
    enrollment.renewals += 1
    _save(enrollment)
    _record(actor, "partner.enrollment_renewed", enrollment, before, at, how=how, **data)
    publish(
        EnrollmentRenewed(
            partner_id=enrollment.partner_id, program_id=enrollment.program_id, before=ended, until=enrollment.until, how=how, at=at
        )
    )  # fmt: skip
    return enrollment.until


def _expire(enrollment: Enrollment, at: datetime) -> bool:
    before = enrollment.snapshot()
    enrollment.status = Enrollment.Status.EXPIRED
    _save(enrollment)
    _record(SYSTEM, "partner.enrollment_expired", enrollment, before, at)
    publish(EnrollmentExpired(partner_id=enrollment.partner_id, program_id=enrollment.program_id, until=enrollment.until, at=at))
    return True


def _locked(partner_id: UUID, program_id: UUID, version: int | None) -> Any:
    enrollment = Enrollment.objects.filter(partner=partner_id, program=program_id).select_related("program").locked().first() or _not_there()
    if version is not None and version != enrollment.version:
        raise Stale()
    return enrollment


def _not_there() -> Any:
    raise NotFound(_("This partner is not in that program."))


def _term(enrollment: Enrollment, months: int | None) -> int:
    months = months or enrollment.program.term_months or 12
    if not 1 <= months <= rules.TERM_MONTHS_MOST:
        raise Invalid(_("A term is 1 to %(most)d months.") % {"most": rules.TERM_MONTHS_MOST}, field="months")
    return months


def _save(enrollment: Enrollment) -> None:
    enrollment.version += 1
    enrollment.save()


def _record(actor: Actor, verb: str, enrollment: Enrollment, before: dict[str, Any], at: datetime, *, note: str = "", **data: str) -> None:
    told = {"program": enrollment.program.name, **data}
    refs = (enrollment.partner_id,)
    audit.record(actor, verb, enrollment, before=before, refs=refs, visible_to=refs, data=told, note=note, at=at)
