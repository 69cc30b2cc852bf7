"""Settling approved claims: in instalments, through the payout runs or outside of them, with the rates of the day on each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.events import ClaimPaid
from openprm.funds.models import Allocation, Claim, Settlement
from openprm.funds.promisekinds import PAYMENT
from openprm.funds.rules.lifecycle import InstalmentState, status_of_claim
from openprm.funds.services import books, releases
from openprm.funds.services.claims import announce
from openprm.funds.services.results import Changed, Part
from openprm.funds.services.unit import amount, load, near, record, refusing, save, text
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.money import Money, format_money
from openprm.ledger import services as ledger
from openprm.promises import services as promises

MOST_PARTS = 36
OPEN = (InstalmentState.DUE, InstalmentState.IN_PAYOUT)
LONGEST_WAIT = timedelta(days=3 * 366)


@transaction.atomic
def schedule_instalments(*, actor: Actor, claim_id: UUID, parts: Sequence[Part], version: int | None = None, at: datetime) -> Changed:
    """Pay what is still due of a claim in these parts: their sum is exactly what is due.

    Raises NotFound, NotAllowed, Stale, Invalid, Conflict (a part is in a payout already); then nothing changes.
    """
    refuse_if(policies.why_not_settle(actor))
    claim = load(policies.reach_claims(actor), claim_id, version)
    before = claim.snapshot()
    due = list(Settlement.objects.filter(claim=claim, state=InstalmentState.DUE).locked())
    _check_parts(claim, parts, sum(one.fund_minor for one in due), at.date())
    for one in due:
        one.state = InstalmentState.REPLACED
        one.save(update_fields=["state", "updated_at"])
    _lay_out(claim, parts)
    save(claim)
    told = {"parts": [[part.amount_minor, part.payable_from.isoformat()] for part in parts], "currency": claim.fund_currency}
    record(actor, "fund.instalments_set", claim, before=before, after={}, data=told, refs=(claim.request_id,), at=at)
    return _changed(claim)


def _check_parts(claim: Claim, parts: Sequence[Part], due: int, today: date) -> None:
    if not due:
        raise Conflict(_("Nothing of %(number)s is due: it is paid, or on its way.") % {"number": claim.number})
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Invalid(_("Name between 1 and %(most)d instalments.") % {"most": MOST_PARTS}, field="parts")
    for part in parts:
        amount("parts", part.amount_minor)
        if not today <= part.payable_from <= today + LONGEST_WAIT:
            raise Invalid(_("An instalment is paid on a day from today on, within three years."), field="parts")
    total = sum(part.amount_minor for part in parts)
    if total != due:
        said = {"total": format_money(Money(total, claim.fund_currency)), "due": format_money(Money(due, claim.fund_currency))}
        raise Invalid(_("The instalments sum to %(total)s, but %(due)s is due. Make them equal to the cent.") % said, field="parts")


def _lay_out(claim: Claim, parts: Sequence[Part]) -> None:
    last = Settlement.objects.filter(claim=claim).order_by("-position").values_list("position", flat=True).first() or 0
    for position, part in enumerate(sorted(parts, key=lambda one: one.payable_from), start=last + 1):
        with refusing({"fund_instalments_within_claim": lambda: Conflict(_("The instalments exceed what was approved."))}):
            Settlement.objects.create(
                claim=claim, partner_id=claim.partner_id, position=position, fund_currency=claim.fund_currency, fund_minor=part.amount_minor,
                currency=claim.fund_currency, amount_minor=part.amount_minor, payable_from=part.payable_from,
            )  # fmt: skip


@transaction.atomic
def record_payment(*, actor: Actor, settlement_id: UUID, paid_on: date, reference: str, currency: str = "", at: datetime) -> Changed:
    """Write down an instalment that was paid outside of the payout runs, in any currency that has a rate on the day.

    Raises NotFound, NotAllowed, Invalid, NoRate, Conflict (paid, or in a payout); then nothing changes.
    """
    refuse_if(policies.why_not_settle(actor))
    said = text("reference", reference, longest=120)
    if paid_on > at.date():
        raise Invalid(_("A payment cannot be written down before its day."), field="paid_on")
    near("paid_on", paid_on, at.date())
    claim_id = Settlement.objects.one(settlement_id).claim_id
    claim = load(policies.reach_claims(actor), claim_id)
    settlement = Settlement.objects.filter(pk=settlement_id).locked().get()
    if settlement.state != InstalmentState.DUE:
        raise Conflict(_("This instalment is paid, replaced or in a payout already."))
    moved = ledger.convert(Money(settlement.fund_minor, settlement.fund_currency), to=(currency or settlement.fund_currency).upper(), on=paid_on)
    settlement.reference = said
    _pay(settlement, claim, moved.money, paid_on, at)
    books.paid(actor, settlement, claim, moved.rate.used() if moved.money.currency != claim.fund_currency else None, at)
    _follow(actor, claim, settlement, at)
    return _changed(claim)


def _pay(settlement: Settlement, claim: Claim, moved: Money, paid_on: date, at: datetime) -> None:
    """Keep what moved, and both rates as they stood that day."""
    to_claim = ledger.rate(currency=moved.currency, to=claim.currency, on=paid_on)
    to_budget = ledger.rate(currency=moved.currency, to=settlement.fund_currency, on=paid_on)
    settlement.currency, settlement.amount_minor = moved.currency, moved.minor
    settlement.fx_to_claim, settlement.fx_to_budget, settlement.fx_date = to_claim.rate, to_budget.rate, min(to_claim.rate_date, to_budget.rate_date)
    settlement.state, settlement.paid_at = InstalmentState.PAID, at
    settlement.save()


def _follow(actor: Actor, claim: Claim, settlement: Settlement, at: datetime) -> None:
    """What a payment changes above it: the claim, the promise, the request, the news."""
    claim.refresh_from_db()
    before = claim.snapshot()
    claim.status = status_of_claim(approved=claim.approved_minor, paid=claim.paid_minor)
    rest = claim.approved_minor - claim.paid_minor
    claim.paid_at = at if not rest else None
    save(claim, "status", "paid_at")
    if not rest:
        promises.keep(subject_id=claim.pk, code=PAYMENT, at=at)
    told = {
        "paid_minor": settlement.amount_minor, "currency": settlement.currency, "fx_to_claim": str(settlement.fx_to_claim),
        "fx_to_budget": str(settlement.fx_to_budget), "reference": settlement.reference,
    }  # fmt: skip
    record(actor, "fund.claim_paid", claim, before=before, data=told, refs=(claim.request_id,), at=at)
    announce(ClaimPaid, claim, claim.request, actor, at, settlement.fund_minor, rest_minor=rest)
    releases.refresh(claim.request_id, at)


@transaction.atomic
def take(line_ids: Iterable[UUID], run_id: UUID, at: datetime) -> None:
    """Instalments went into a payout run. In the system's scope; again changes nothing. Raises Conflict when one is not due (any more)."""
    wanted = set(line_ids)
    rows = list(Settlement.objects.filter(pk__in=wanted).select_related("claim").locked())
    wrong = [str(row) for row in rows if row.state != InstalmentState.DUE and (row.state, row.run_id) != (InstalmentState.IN_PAYOUT, run_id)]
    if wrong or len(rows) != len(wanted):
        names = ", ".join(wrong) or _("some are gone")
        raise Conflict(_("These instalments are not due any more: %(names)s. Take them out of the run.") % {"names": names})
    Settlement.objects.filter(pk__in=wanted, state=InstalmentState.DUE).update(
        state=InstalmentState.IN_PAYOUT, run_id=run_id, released_because="", updated_at=at
    )


@transaction.atomic
def put_back(line_ids: Iterable[UUID], reason: str, at: datetime) -> None:
    """Instalments are due again: their run was canceled, or the payment failed or bounced after it had arrived. Safe to repeat.

    What had arrived leaves the figures of claim, request and fund; the log keeps when it was paid and at which rates. The books are the desk's.
    """
    wanted = list(line_ids)
    rows = Settlement.objects.filter(pk__in=wanted, state=InstalmentState.IN_PAYOUT)
    rows.update(state=InstalmentState.DUE, run_id=None, released_because=reason[:300], updated_at=at)
    for settlement, claim in _held(wanted, (InstalmentState.PAID,)):
        if settlement.run_id:
            _bounce(settlement, claim, reason, at)


def _bounce(settlement: Settlement, claim: Claim, reason: str, at: datetime) -> None:
    was = settlement.snapshot()
    settlement.state, settlement.run_id, settlement.paid_at, settlement.released_because = InstalmentState.DUE, None, None, reason[:300]
    settlement.currency, settlement.amount_minor = settlement.fund_currency, settlement.fund_minor
    settlement.fx_to_claim = settlement.fx_to_budget = settlement.fx_date = None
    settlement.save()
    claim.refresh_from_db()
    before = claim.snapshot()
    claim.status, claim.paid_at = status_of_claim(approved=claim.approved_minor, paid=claim.paid_minor), None
    save(claim, "status", "paid_at")
    told = {name: str(was[name]) for name in ("fund_minor", "fund_currency", "paid_at", "fx_to_claim", "fx_to_budget")}
    record(SYSTEM, "fund.payment_bounced", claim, before=before, note=reason, data=told, refs=(claim.request_id,), at=at)
    releases.refresh(claim.request_id, at)


def _held(line_ids: Sequence[UUID], states: Sequence[str]) -> Iterator[tuple[Settlement, Claim]]:
    """These instalments with their claims, locked after their funds: the one order."""
    rows = Claim.objects.filter(settlements__pk__in=line_ids, settlements__state__in=states).select_related("request").distinct()
    claims = {row.pk: row for row in rows}
    list(Allocation.objects.filter(pk__in={claim.request.allocation_id for claim in claims.values()}).locked())
    for settlement in Settlement.objects.filter(pk__in=line_ids, state__in=states).locked():
        yield settlement, claims[settlement.claim_id]


@transaction.atomic
def mark_paid(line_ids: Iterable[UUID], at: datetime) -> None:
    """The money of these instalments arrived. Funds are locked in one order first; what was paid before stays."""
    for settlement, claim in _held(list(line_ids), OPEN):
        _pay(settlement, claim, Money(settlement.fund_minor, settlement.fund_currency), at.date(), at)
        _follow(SYSTEM, claim, settlement, at)


def _changed(claim: Claim) -> Changed:
    return Changed(id=claim.pk, number=claim.number, status=str(claim.status), version=claim.version)
