"""Two-sided tier health: every requirement of the partner and every benefit promised by the vendor, with whose turn it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.partners.queries import EnrollmentView
from openprm.promises import queries as promises
from openprm.tiering import policies
from openprm.tiering.models import BenefitNote
from openprm.tiering.ports import BenefitFinding
from openprm.tiering.queries.progress import progress_of
from openprm.tiering.queries.results import CriterionView, Health, HealthItem, Progress

CHECKS = "tiering.benefit_checks"
OWED_DAYS = 365
GOOD_RATE = 0.9


def health_of(actor: Actor, partner_id: UUID, at: datetime) -> tuple[Health, ...]:
    """Both sides of each tier that the partner holds. Raises NotFound, also for another partner's."""
    enrollments = {one.program_id: one for one in partners.enrollments_of(actor, partner_id)}
    return tuple(_health(actor, one, enrollments[one.program_id], at) for one in progress_of(actor, partner_id, at))


def _health(actor: Actor, progress: Progress, enrollment: EnrollmentView, at: datetime) -> Health:
    notes = _newest_notes(actor, progress.partner_id, progress.program_id)
    benefits = [(code, value) for code, value in enrollment.benefits.items() if value not in (None, 0, "")]
    return Health(
        partner_id=progress.partner_id, program_id=progress.program_id, program=progress.program, tier=progress.tier,
        requirements=tuple(_requirement(one, progress) for one in (progress.held.criteria if progress.held else ())),
        benefits=tuple(_benefit(actor, code, value, progress, notes.get(code), at) for code, value in benefits),
    )  # fmt: skip


def _requirement(one: CriterionView, progress: Progress) -> HealthItem:
    severity = "info" if one.is_met and not one.warning else "blocker" if progress.grace_until and not one.is_met else "warning"
    detail = one.warning or (_("%(have)s of %(need)s") % {"have": one.have, "need": one.need} if one.need else one.words)
    state = "met" if one.is_met else "pending" if progress.state == "exempt" else "not_met"
    return HealthItem(
        kind="requirement", code=one.criterion.fact, label=one.label, promised=one.words, state=state, severity=severity, owner="partner", detail=detail
    )


def _benefit(actor: Actor, code: str, value: Any, progress: Progress, note: BenefitNote | None, at: datetime) -> HealthItem:
    found = _measured(actor, code, value, progress, at)
    said = note.said if note and (found is None or found.state == "pending" or note.by_partner) else None
    state = str(said or (found.state if found else "pending"))
    severity = {"met": "info", "pending": "info"}.get(state) or ("blocker" if note and note.by_partner and at - note.at > timedelta(days=14) else "warning")
    return HealthItem(
        kind="benefit", code=code, label=partners.benefit_label(code), promised=partners.benefit_words(code, value), state=state, severity=severity,
        owner="vendor", detail=note.note if note and said else str(found.detail) if found else _("Nothing is measured yet; either side can say how it is."),
        by_name=note.by_name if note and said else "", at=note.at if note and said else None, url=found.url if found else "",
    )  # fmt: skip


def _measured(actor: Actor, code: str, value: Any, progress: Progress, at: datetime) -> BenefitFinding | None:
    for check in registry.filling(CHECKS):
        if check.benefit == code:
            found = check.check(partner_id=progress.partner_id, program_id=progress.program_id, value=value, at=at)
            if found is not None:
                return found
    return _promises_kept(actor, progress.partner_id, at) if code == "promise_class" else None


def _promises_kept(actor: Actor, partner_id: UUID, at: datetime) -> BenefitFinding:
    """The promise class is given when the vendor's promises to this partner were kept in nine of ten cases over a year."""
    asked = None if actor.is_partner else partner_id
    records = [one for one in promises.record(actor, asked, since=at - timedelta(days=OWED_DAYS), at=at) if one.owed_by == "vendor"]
    kept, total = sum(one.kept for one in records), sum(one.total for one in records)
    if not total:
        return BenefitFinding(state="pending", detail=_("Nothing was due yet."))
    words = _("%(kept)d of %(total)d promises kept in 12 months") % {"kept": kept, "total": total}
    return BenefitFinding(state="met" if kept / total >= GOOD_RATE else "not_met", detail=words)


def _newest_notes(actor: Actor, partner_id: UUID, program_id: UUID) -> Mapping[str, BenefitNote]:
    rows = policies.reach_notes(actor).filter(partner_id=partner_id, program_id=program_id).order_by("at", "id")
    return {row.benefit: row for row in rows}
