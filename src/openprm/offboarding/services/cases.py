"""A leaving is asked for, opened, called off, finished, taken back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.offboarding import policies, rules
from openprm.offboarding.events import OffboardingClosed, OffboardingOpened, OffboardingRequested, PartnerReinstated
from openprm.offboarding.models import Offboarding
from openprm.offboarding.queries.terms import notice_days_of
from openprm.offboarding.services import checks
from openprm.offboarding.services.steps import GATE, close_gates, lay_out
from openprm.offboarding.services.unit import NotNow, as_system, load, move, need, record, save
from openprm.offboarding.wording import FAREWELL
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.promises import services as promises

ANSWER = "offboarding.answer"
LEAVES_FROM = ("applicant", "pending", "active", "suspended", "deactivated", "banned")


class AlreadyLeaving(Conflict):
    """A partner has one running offboarding at most."""


@transaction.atomic
def request_offboarding(*, actor: Actor, reason: str, last_day: datetime | None = None, at: datetime) -> UUID:
    """A partner's administrator asks to leave; the vendor answers within its promise. Raises NotAllowed, Invalid, AlreadyLeaving."""
    refuse_if(policies.why_not_request(actor))
    partner_id = actor.partner_id
    assert partner_id is not None, "a person of a partner acts for one"
    reason = checks.text("reason", reason, longest=1000, required=True)
    last_day = _ahead(last_day, at)
    with as_system(actor):
        row = Offboarding(
            partner_id=partner_id, kind="partner", status="requested", reason=reason, notice_days=notice_days_of(partner_id, at),
            requested_at=at, requested_by_id=actor.user_id, access_ends_at=last_day,
        )  # fmt: skip
        _insert(row)
        record(actor, "offboarding.requested", row, before={}, at=at, note=reason)
        promises.start(actor=SYSTEM, code=ANSWER, subject=row, partner_id=partner_id, refs=(row.pk, partner_id), at=at)
        publish(OffboardingRequested(offboarding_id=row.pk, partner_id=partner_id, at=at))
    return row.pk


@transaction.atomic
def open_offboarding(
    *, actor: Actor, partner_id: UUID, kind: str, reason: str, at: datetime, access_ends_at: datetime | None = None, farewell: str = ""
) -> UUID:
    """Begin a partner's leaving, or take up its own request: the checklist is laid out, what would start something new closes on the last day.

    Without a last day it is the end of the notice that the agreement names. Raises NotFound, NotAllowed, Invalid, AlreadyLeaving, NotNow.
    """
    partner = partners.partner(actor, partner_id)
    refuse_if(policies.why_not_manage(actor))
    if partner.status not in LEAVES_FROM:
        raise NotNow(_("%(partner)s is not in the program, so it cannot leave it.") % {"partner": partner.name})
    row = Offboarding.objects.filter(partner=partner_id, status="requested").locked().first() or Offboarding(partner_id=partner_id, status="requested")
    before = row.snapshot() if not row._state.adding else {}
    row.kind = checks.choice("kind", kind, rules.KINDS)
    row.reason = checks.text("reason", reason, longest=1000, required=True)
    row.farewell = checks.text("farewell", farewell, longest=2000) or str(FAREWELL)
    row.notice_days = 0 if kind == "cause" else notice_days_of(partner_id, at)
    row.opened_at, row.opened_by_id = at, actor.user_id
    row.access_ends_at = _last_moment(row, access_ends_at, at)
    row.status = "open"
    _insert(row)
    lay_out(row)
    close_gates(actor, row, at)
    promises.keep(subject_id=row.pk, code=ANSWER, at=at)
    record(actor, "offboarding.opened", row, before=before, at=at, note=row.reason)
    publish(OffboardingOpened(offboarding_id=row.pk, partner_id=partner_id, access_ends_at=row.access_ends_at, at=at))
    return row.pk


@transaction.atomic
def move_last_day(*, actor: Actor, offboarding_id: UUID, access_ends_at: datetime, reason: str, at: datetime, version: int | None = None) -> None:
    """Choose another moment at which access ends. Raises NotFound, NotAllowed, Invalid, Stale, NotNow."""
    row = load(actor, offboarding_id, version=version)
    refuse_if(policies.why_not_manage(actor))
    need(row, "open")
    if row.access_ended_at:
        raise NotNow(_("Access has ended already."))
    reason = checks.text("reason", reason, longest=1000, required=True)
    before = row.snapshot()
    row.access_ends_at = _last_moment(row, access_ends_at, at)
    save(row)
    close_gates(actor, row, at)
    record(actor, "offboarding.last_day_moved", row, before=before, at=at, note=reason)


@transaction.atomic
def close_offboarding(*, actor: Actor, offboarding_id: UUID, reason: str, at: datetime, version: int | None = None) -> None:
    """The partner stays: the vendor declines a request or calls an offboarding off; a partner takes its own request back.

    Not after access has ended: then finish, and take the partner back. Raises NotFound, NotAllowed, Invalid, Stale, NotNow.
    """
    row = policies.reach(actor).one(offboarding_id)
    refuse_if(policies.why_not_request(actor) if actor.is_partner else policies.why_not_manage(actor))
    reason = checks.text("reason", reason, longest=1000, required=True)
    with as_system(actor):
        row = load(SYSTEM, offboarding_id, version=version)
        need(row, "requested") if actor.is_partner else need(row, "requested", "open")
        if row.access_ended_at:
            raise NotNow(_("Access has ended already. Finish the steps; then the partner can be taken back."))
        before = row.snapshot()
        move(row, "declined" if row.status == "requested" and not actor.is_partner else "canceled")
        row.closed_at, row.closed_reason = at, reason
        save(row)
        partner_services.lift_gate(actor=SYSTEM, partner_id=row.partner_id, **GATE, at=at)
        _enroll_again(SYSTEM, row, at)
        _answer_request(row, actor, at)
        record(actor, f"offboarding.{row.status}", row, before=before, at=at, note=reason)
        publish(OffboardingClosed(offboarding_id=row.pk, partner_id=row.partner_id, status=row.status, at=at))


@transaction.atomic
def reinstate(*, actor: Actor, offboarding_id: UUID, reason: str, at: datetime, version: int | None = None) -> None:
    """Take a partner back while its people are not forgotten: people get in again, memberships go on in their old tier, gates open.

    What other partners were given stays theirs; tokens are made anew. Raises NotFound, NotAllowed, Invalid, Stale, NotNow.
    """
    row = load(actor, offboarding_id, version=version)
    refuse_if(policies.why_not_manage(actor))
    why_not = rules.why_not_reinstate(status=row.status, erase_at=row.erase_at, erased_at=row.erased_at, at=at)
    if why_not == "erased":
        raise NotNow(_("The retention time is over and the people of this partner are forgotten. Let it apply anew."))
    need(row, "done")
    reason = checks.text("reason", reason, longest=1000, required=True)
    before = row.snapshot()
    move(row, "reinstated")
    row.closed_at, row.closed_reason, row.link_ends_at = at, reason, min(row.link_ends_at, at) if row.link_ends_at else None
    save(row)
    partner_services.take_back(actor=actor, partner_id=row.partner_id, at=at, reason=reason)
    partner_services.lift_gate(actor=actor, partner_id=row.partner_id, **GATE, at=at)
    people = identity.reopen_ways_in(actor=actor, organization_id=row.partner_id, membership_ids=row.closed_memberships, at=at)
    _enroll_again(actor, row, at)
    record(actor, "offboarding.reinstated", row, before=before, at=at, note=reason, data={"people": people})
    publish(PartnerReinstated(partner_id=row.partner_id, offboarding_id=row.pk, at=at))


def _insert(row: Offboarding) -> None:
    refusal = AlreadyLeaving(_("An offboarding of this partner is running already. Open that one."))
    with refused_by("one_running_offboarding", refusal):
        save(row)


def _ahead(moment: datetime | None, at: datetime) -> datetime | None:
    if moment is not None and not at <= moment <= at + timedelta(days=2 * rules.NOTICE_DAYS_MOST):
        raise Invalid(_("Choose a day that lies ahead, within two years."), field="access_ends_at")
    return moment


def _last_moment(row: Offboarding, asked: datetime | None, at: datetime) -> datetime:
    """The asked moment, or the end of the notice. The vendor alone cannot cut the notice short."""
    begun = row.opened_at or at
    moment = _ahead(asked, at) or row.access_ends_at or rules.notice_ends(begun, kind=row.kind, notice_days=row.notice_days)
    if rules.is_too_early(kind=row.kind, ends_at=moment, opened_at=begun, notice_days=row.notice_days):
        said = {"days": row.notice_days}
        raise Invalid(_("The notice is %(days)d days. Choose a later day, or agree with the partner and say so.") % said, field="access_ends_at")
    return moment


def _answer_request(row: Offboarding, actor: Actor, at: datetime) -> None:
    (promises.cancel if actor.is_partner else promises.keep)(subject_id=row.pk, code=ANSWER, at=at)


def _enroll_again(actor: Actor, row: Offboarding, at: datetime) -> None:
    for ended in row.ended_enrollments:
        program_id, tier_id = UUID(ended["program_id"]), UUID(ended["tier_id"])
        held = {one.program_id for one in partners.enrollments_of(actor, row.partner_id) if one.status == "approved"}
        if program_id not in held:
            partner_services.enroll(actor=actor, partner_id=row.partner_id, program_id=program_id, tier_id=tier_id, at=at)
