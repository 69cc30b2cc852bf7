"""Requests: written, sent, decided level by level, reserved in the fund, withdrawn."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.events import FundsApproved, FundsRefused, FundsRequested, FundsStepTaken
from openprm.funds.models import Activity, Allocation, FundRequest
from openprm.funds.models.request import MOST_ACTIVITIES
from openprm.funds.promisekinds import REQUEST
from openprm.funds.rules.lifecycle import ActivityStatus, RequestStatus
from openprm.funds.services import books, chain, drafting
from openprm.funds.services.refusals import FundTooSmall, WrongCurrency
from openprm.funds.services.results import Changed, RequestDraft
from openprm.funds.services.unit import amount, as_system, load, record, refusing, save, text
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.money import Money, format_money
from openprm.partners import queries as partners
from openprm.promises import services as promises


@transaction.atomic
def save_request(*, actor: Actor, draft: RequestDraft, request_id: UUID | None = None, version: int | None = None, at: datetime) -> Changed:
    """Keep a request as a draft, or change a rejected one before it is sent again.

    Raises NotFound (fund, activity type), NotAllowed, Stale, Invalid, WrongCurrency; then nothing changes.
    """
    refuse_if(policies.why_not_request(actor))
    fund = policies.reach_allocations(actor).one(draft.allocation_id)
    request = policies.reach_requests(actor).one(request_id) if request_id else None
    if request:
        refuse_if(policies.why_not_edit(actor, request))
    values = _clean(draft, fund)
    with as_system(actor):
        begun = FundRequest(partner_id=fund.partner_id, requested_by_id=actor.user_id, version=0)
        request = load(FundRequest.objects, request.pk, version) if request else begun
        before = request.snapshot() if request.version else None
        _write(request, fund, values)
        drafting.write_activities(request, draft.activities, at.date())
        request.refresh_from_db()
        record(actor, "fund.request_saved", request, before=before, shared=True, refs=(fund.pk,), at=at)
    return _changed(request)


def _clean(draft: RequestDraft, fund: Allocation) -> dict[str, str]:
    currency = (draft.currency or fund.currency).upper()
    if currency != fund.currency:
        raise WrongCurrency(
            _("%(fund)s is in %(expected)s, so this request cannot be in %(found)s. Ask in %(expected)s.")
            % {"fund": fund, "expected": fund.currency, "found": currency},
            field="currency",
        )
    if len(draft.activities) > MOST_ACTIVITIES:
        raise Invalid(_("A request has %(most)d activities at most. Make two requests of it.") % {"most": MOST_ACTIVITIES}, field="activities")
    return {
        "title": text("title", draft.title, longest=160),
        "purpose": text("purpose", draft.purpose, longest=2000, required=False, lines=True),
        "expected": text("expected", draft.expected, longest=500, required=False, lines=True),
        "currency": currency,
    }


def _write(request: FundRequest, fund: Allocation, values: Mapping[str, str]) -> None:
    is_new = request._state.adding
    if not is_new and request.allocation_id != fund.pk:
        if request.status != RequestStatus.DRAFT or fund.partner_id != request.partner_id:
            raise Invalid(_("%(number)s stays with its fund. Make a new request for another fund.") % {"number": request.number}, field="allocation_id")
        Activity.objects.filter(request=request).delete()
    request.allocation = fund
    for name, value in values.items():
        setattr(request, name, value)
    request.version += 1
    if is_new:
        request.save(force_insert=True)
        request.refresh_from_db()
    else:
        request.save(update_fields=["allocation", *values, "version", "updated_at"])


@transaction.atomic
def submit_request(*, actor: Actor, request_id: UUID, version: int | None = None, at: datetime) -> Changed:
    """Send a request: its terms are frozen, the levels of its decision laid out, and the promise to answer begins.

    Raises NotFound, NotAllowed, Stale, Invalid with what is missing; NoRate; then nothing changes.
    """
    request = policies.reach_requests(actor).one(request_id)
    refuse_if(policies.why_not_submit(actor, request))
    refuse_if(partners.why_closed(request.partner_id, "funds", at))
    with as_system(actor):
        request = load(FundRequest.objects.select_related("allocation__budget"), request_id, version)
        refuse_if(policies.why_not_submit(actor, request))
        before, fund = request.snapshot(), request.allocation
        _refuse_late(fund, at.date())
        count = drafting.freeze(request, at)
        if request.status == RequestStatus.REJECTED:
            request.round += 1
        request.status, request.submitted_at, request.decided_at, request.answer = RequestStatus.PENDING, at, None, ""
        save(request, "status", "submitted_at", "decided_at", "answer", "round")
        money = Money(request.asked_minor, request.currency)
        steps = chain.lay_out(request, money, program_id=fund.budget.program_id, kind=fund.kind, activities=count, at=at)
        promises.start(
            actor=actor, code=REQUEST, subject=request, partner_id=request.partner_id, program_id=fund.budget.program_id,
            refs=(request.pk, request.partner_id, fund.pk), at=at,
        )  # fmt: skip
        record(actor, "fund.request_submitted", request, before=before, refs=(fund.pk,), at=at)
        announce(FundsRequested, request, actor, at, request.asked_minor)
        if not steps:
            grant(actor, request, {}, "", at)
    return _changed(request)


def _refuse_late(fund: Allocation, today: date) -> None:
    if fund.is_closed or fund.ends_on < today:
        raise Conflict(_("%(fund)s has ended. Choose another fund, or ask your partner manager.") % {"fund": fund})
    if fund.plan_by and fund.plan_by < today:
        raise Conflict(
            _("The last day to ask for money of %(fund)s was %(day)s. Ask for a later deadline first.") % {"fund": fund, "day": fund.plan_by.isoformat()}
        )


@transaction.atomic
def approve_request(
    *, actor: Actor, request_id: UUID, amounts: Mapping[UUID, int] | None = None, note: str = "", version: int | None = None, at: datetime
) -> Changed:  # fmt: skip
    """Take this person's level; the last one reserves the money. `amounts` gives less than asked to an activity, or 0: not approved.

    The fund's row is locked, and the database refuses a fund below zero whoever comes first.
    Raises NotFound, NotAllowed, Stale, AboveLimit, FundTooSmall, Invalid; then nothing changes.
    """
    request = load(policies.reach_requests(actor).select_related("allocation__budget"), request_id, version)
    refuse_if(partners.why_closed(request.partner_id, "funds", at))
    granted = _granted(request, amounts or {})
    said = text("note", note, longest=1000, required=False, lines=True)
    money = Money(sum(granted.values()), request.currency)
    before = request.snapshot()
    following = chain.take(actor, request, money, said, at)
    if following is None:
        grant(actor, request, granted, said, at)
        return _changed(request)
    if amounts:
        raise Invalid(_("Only the last level changes amounts. Approve as asked, or reject with what to change."), field="amounts")
    save(request)
    record(actor, "fund.step_taken", request, before=before, note=said, data={"next": following.role}, refs=(request.allocation_id,), at=at)
    publish(FundsStepTaken(**_told(request, actor, at, request.asked_minor), role=following.role))
    return _changed(request, following.role)


def _granted(request: FundRequest, amounts: Mapping[UUID, int]) -> dict[UUID, int]:
    """Activity -> what it gets: as asked, unless named. Raises Invalid."""
    asked = dict(request.activities.values_list("pk", "asked_minor"))
    for activity_id, minor in amounts.items():
        if activity_id not in asked:
            raise Invalid(_("%(number)s has no such activity.") % {"number": request.number}, field="amounts")
        if amount("amounts", minor, least=0) > asked[activity_id]:
            raise Invalid(_("An activity cannot get more than was asked for it: %(most)s.") % {
                "most": format_money(Money(asked[activity_id], request.currency)),
            }, field="amounts")  # fmt: skip
    granted = {pk: amounts.get(pk, minor) for pk, minor in asked.items()}
    if not any(granted.values()):
        raise Invalid(_("Approve at least one activity, or decline the request."), field="amounts")
    return granted


def grant(actor: Actor, request: FundRequest, granted: Mapping[UUID, int], said: str, at: datetime) -> None:
    """Make an approval true: amounts, reservation, deadlines, books, news. The caller checked that it may be."""
    fund = Allocation.objects.filter(pk=request.allocation_id).locked().get()
    granted = granted or dict(request.activities.values_list("pk", "asked_minor"))
    total, before = sum(granted.values()), request.snapshot()
    if total > fund.left_minor:
        raise _too_small(fund, total)
    request.status, request.decided_at, request.answer = RequestStatus.APPROVED, at, said
    save(request, "status", "decided_at", "answer")
    with refusing({"fund_never_below_zero": lambda: _too_small(fund, total)}):
        drafting.approve_activities(request, fund, granted)
    request.refresh_from_db()
    books.reserved(actor, request, total, at)
    promises.keep(subject_id=request.pk, code=REQUEST, at=at)
    told = {"amount_minor": total, "currency": request.currency}
    record(actor, "fund.request_approved", request, before=before, note=said, refs=(fund.pk,), data=told, at=at)
    announce(FundsApproved, request, actor, at, total)


def _too_small(fund: Allocation, wanted: int) -> FundTooSmall:
    return FundTooSmall(
        _("%(fund)s has %(left)s left; approving %(wanted)s would take it below zero. Approve less, or raise the fund first.")
        % {"fund": fund, "left": format_money(Money(max(0, fund.left_minor), fund.currency)), "wanted": format_money(Money(wanted, fund.currency))}
    )


def reject_request(*, actor: Actor, request_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """Say no for now: the partner may change it and send it again. Raises NotFound, NotAllowed, Stale, Invalid."""
    return _refuse(actor, request_id, RequestStatus.REJECTED, reason, version, at)


def decline_request(*, actor: Actor, request_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """Say no for good. Raises NotFound, NotAllowed, Stale, Invalid."""
    return _refuse(actor, request_id, RequestStatus.DECLINED, reason, version, at)


@transaction.atomic
def _refuse(actor: Actor, request_id: UUID, status: RequestStatus, reason: str, version: int | None, at: datetime) -> Changed:
    said = text("reason", reason, longest=1000, lines=True)
    request = load(policies.reach_requests(actor), request_id, version)
    before = request.snapshot()
    chain.refuse(actor, request, said, at)
    request.status, request.decided_at, request.answer = status, at, said
    save(request, "status", "decided_at", "answer")
    promises.keep(subject_id=request.pk, code=REQUEST, at=at)
    final = status == RequestStatus.DECLINED
    record(actor, "fund.request_declined" if final else "fund.request_rejected", request, before=before, note=said, refs=(request.allocation_id,), at=at)
    announce(FundsRefused, request, actor, at, request.asked_minor, final=final, reason=said)
    return _changed(request)


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: UUID, version: int | None = None, at: datetime) -> Changed:
    """The partner takes a request back before it is decided. Raises NotFound, NotAllowed, Stale."""
    request = policies.reach_requests(actor).one(request_id)
    refuse_if(policies.why_not_withdraw(actor, request))
    with as_system(actor):
        request = load(FundRequest.objects, request_id, version)
        refuse_if(policies.why_not_withdraw(actor, request))
        before = request.snapshot()
        chain.skip_open(request, at)
        request.status, request.ended_at = RequestStatus.WITHDRAWN, at
        save(request, "status", "ended_at")
        promises.cancel(subject_id=request.pk, code=REQUEST, at=at)
        record(actor, "fund.request_withdrawn", request, before=before, refs=(request.allocation_id,), at=at)
    return _changed(request)


def move_claim_by(*, actor: Actor, request_row: FundRequest, activity_ids: tuple[UUID, ...] | None = None, claim_by: date, at: datetime) -> int:
    """A later day to claim the open activities of a request; gives how many were moved. In the house's scope; the caller decided it."""
    rows = Activity.objects.filter(request=request_row, status=ActivityStatus.APPROVED)
    rows = rows.filter(pk__in=activity_ids) if activity_ids is not None else rows
    for activity in rows.locked():
        before = activity.snapshot()
        activity.claim_by, activity.warned_days = claim_by, 0
        activity.save(update_fields=["claim_by", "warned_days", "updated_at"])
        record(actor, "fund.deadline_moved", activity, before=before, refs=(request_row.pk,), at=at)
    return len(rows)


def _told(request: FundRequest, actor: Actor, at: datetime, minor: int) -> dict[str, object]:
    return {
        "partner_id": request.partner_id, "actor_id": actor.user_id, "at": at, "request_id": request.pk, "number": request.number, "amount_minor": minor,
        "currency": request.currency,
    }  # fmt: skip


def announce(event: type, request: FundRequest, actor: Actor, at: datetime, minor: int, **values: object) -> None:
    publish(event(**_told(request, actor, at, minor), **values))


def _changed(request: FundRequest, next_role: str = "") -> Changed:
    return Changed(
        id=request.pk, number=request.number, status=str(request.status), version=request.version, final=not next_role, next_role=next_role
    )  # fmt: skip
