"""Earnings by hand, with four eyes: one person proposes, another approves."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.events import AdjustmentMoved
from openprm.earnings.models import Adjustment, Earning
from openprm.earnings.rules.states import Asked, Kind, State
from openprm.earnings.services.review import Ground, set_approved
from openprm.earnings.services.unit import book, clean, real_amount, record, record_lines, required, save
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.money import minor_units
from openprm.partners import queries as partners


@transaction.atomic
def propose_adjustment(*, actor: Actor, partner_id: UUID, amount_minor: int, currency: str, reason: str, about_id: UUID | None = None, at: datetime) -> UUID:
    """Ask for money to be given or (below zero) taken by hand. Raises NotFound, NotAllowed, Invalid."""
    refuse_if(policies.why_not_adjust(actor))
    partner = partners.partner(actor, partner_id)
    minor_units(currency)
    about = policies.reach(actor).filter(partner=partner_id).one(about_id) if about_id else None
    row = Adjustment(
        partner_id=partner.id, amount_minor=real_amount(amount_minor), currency=currency, reason=required(reason), about=about,
        proposed_by_id=actor.user_id, proposed_by_name=actor.name[:120], proposed_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    row.refresh_from_db(fields=["number"])
    record(actor, "earning.adjustment_proposed", row, at, shared=False, note=row.reason)
    _tell(row, actor, at)
    return row.pk


@transaction.atomic
def decide_adjustment(*, actor: Actor, adjustment_id: UUID, approve: bool, reason: str = "", version: int | None = None, at: datetime) -> UUID | None:
    """Approve somebody else's proposal (the line's id is given, owed at once) or reject it with a reason. Raises NotFound, NotAllowed, Stale, Invalid."""
    row = _locked(actor, adjustment_id, version)
    refuse_if(policies.why_not_decide_adjustment(actor, row))
    before = row.snapshot()
    row.decision_reason = clean(reason, "reason", 1000) if approve else required(reason)
    row.state, row.decided_at = (Asked.APPROVED if approve else Asked.REJECTED), at
    row.decided_by_id, row.decided_by_name = actor.user_id, actor.name[:120]
    row.earning = _line(actor, row, at) if approve else None
    save(row, "state", "decided_at", "decided_by", "decided_by_name", "decision_reason", "earning")
    record(actor, f"earning.adjustment_{row.state}", row, at, before=before, shared=approve, note=row.decision_reason or row.reason)
    _tell(row, actor, at)
    return row.earning_id


@transaction.atomic
def withdraw_adjustment(*, actor: Actor, adjustment_id: UUID, version: int | None = None, at: datetime) -> None:
    """Take one's own proposal back. Raises NotFound, NotAllowed, Stale."""
    row = _locked(actor, adjustment_id, version)
    refuse_if(policies.why_not_withdraw_adjustment(actor, row))
    before = row.snapshot()
    row.state, row.decided_at = Asked.WITHDRAWN, at
    save(row, "state", "decided_at")
    record(actor, "earning.adjustment_withdrawn", row, at, before=before, shared=False)
    _tell(row, actor, at)


def _locked(actor: Actor, adjustment_id: UUID, version: int | None) -> Adjustment:
    row: Adjustment = policies.reach_adjustments(actor).locked().one(adjustment_id)
    if version is not None and version != row.version:
        raise Stale()
    return row


def _line(actor: Actor, row: Adjustment, at: datetime) -> Earning:
    enrollment = partners.enrollment(row.partner_id, at)
    line = Earning(
        id=new_id(), partner_id=row.partner_id, program_id=enrollment.program_id if enrollment else None, kind=Kind.ADJUSTMENT, line_key="by_hand",
        source_key=f"adjustment:{row.pk}", label=row.reason[:200], about=row.number, occurred_on=at.date(), earned_on=at.date(),
        amount_minor=row.amount_minor, currency=row.currency, reason=row.reason,
    )  # fmt: skip
    set_approved(line, actor, Ground(reason=row.reason), at)
    return write(actor, line, "earning.adjusted", at)


def write(actor: Actor, line: Earning, verb: str, at: datetime, *, entry: str = "earnings.accrued") -> Earning:
    """Store a line that is owed from the start: earned (or brought in) and approved in the books in one go."""
    line.save(force_insert=True)
    line.refresh_from_db(fields=["number"])
    book(actor, entry, [line], line.occurred_on, at)
    book(actor, "earnings.approved", [line], line.occurred_on, at)
    record_lines(actor, verb, [(line, None)], at, note=line.reason)
    return line


def _tell(row: Adjustment, actor: Actor, at: datetime) -> None:
    publish(AdjustmentMoved(adjustment_id=row.pk, partner_id=row.partner_id, state=str(row.state), actor_id=actor.user_id, at=at))


@transaction.atomic
def bring_in(
    *, actor: Actor, partner_id: UUID, amount_minor: int, currency: str, label: str, occurred_on: date, paid_on: date | None = None, source: str = "",
    external_id: str = "", user_email: str = "", at: datetime,
) -> UUID:  # fmt: skip
    """A line of another system: paid there long ago, or still owed. What is owed opens the books: it is no cost of today.

    Raises NotAllowed, NotFound, Invalid.
    """
    refuse_if(None if actor.can("earnings.import") else policies.why_not_adjust(actor))
    partner = partners.partner(actor, partner_id)
    minor_units(currency)
    line = Earning(
        id=new_id(), partner_id=partner.id, user_id=_person(partner.id, user_email), kind=Kind.OPENING, line_key="opening", source_key=f"opening:{new_id()}",
        label=clean(label, "label", 200), occurred_on=occurred_on, earned_on=occurred_on, amount_minor=real_amount(amount_minor), currency=currency,
        external_source=source[:60] if external_id else "", external_id=external_id[:120],
    )  # fmt: skip
    set_approved(line, actor, Ground(), at)
    if paid_on is None:
        return write(actor, line, "earning.brought_in", at, entry="earnings.brought_in").pk
    line.state, line.paid_at, line.forfeits_on = State.PAID, datetime.combine(paid_on, time(12), tzinfo=UTC), None
    line.save(force_insert=True)
    line.refresh_from_db(fields=["number"])
    record_lines(actor, "earning.brought_in", [(line, None)], at)
    return line.pk


def _person(partner_id: UUID, email: str) -> UUID | None:
    if not email:
        return None
    found = next((one.id for one in identity.people(SYSTEM, partner_id) if one.email.casefold() == email.casefold()), None)
    if found is None:
        raise Invalid(_("Nobody of this partner has the address %(email)s. Leave it out or correct it.") % {"email": email[:100]}, field="user_email")
    return found
