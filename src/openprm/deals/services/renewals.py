"""Terms that end: who is reminded when, who has the first right, and what came of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.events import RenewalClosed, RenewalOpened
from openprm.deals.models import Line, ProtectionGrant, Registration, Renewal
from openprm.deals.rules.lifecycle import DealType, Status
from openprm.deals.rules.renewals import RenewalTerms, Right, State, first_right_until, opens_on
from openprm.deals.services import booking, customers, routing
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, as_system, load
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import refuse_if, refused_by
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook

AT_ONCE = 500
LONGEST_NOTICE = timedelta(days=400)
GRANT = ProtectionGrant.Status


def open_renewals(*, at: datetime) -> int:
    """Begin the renewal of each won deal whose term ends within the published days; gives how many. Safe to run twice."""
    return sum(_open_one(registration_id, at) for registration_id in _ending(at))


def _ending(at: datetime) -> list[UUID]:
    """Won deals with a term that ends in the next months and has no renewal yet, the nearest end first."""
    known = Renewal.objects.filter(registration=OuterRef("registration"), term_ends_on=OuterRef("term_ends_on"))
    span = (at.date(), at.date() + LONGEST_NOTICE)
    lines = Line.objects.filter(~Exists(known), term_ends_on__range=span, registration__status=Status.CLOSED_WON)
    return list(dict.fromkeys(lines.order_by("term_ends_on", "registration_id").values_list("registration_id", flat=True)))


def _open_one(registration_id: UUID, at: datetime) -> int:
    registration = Registration.objects.select_related("territory").filter(pk=registration_id, status=Status.CLOSED_WON).locked().first()
    if registration is None:
        return 0
    terms, ruling = terms_of(registration, at)
    opened = 0
    for term_ends_on, lines in sorted(_terms_left(registration, at).items()):
        if opens_on(term_ends_on, terms) <= at.date():
            opened += _begin(registration, term_ends_on, lines, terms, ruling, at)
    return opened


def _terms_left(registration: Registration, at: datetime) -> dict[Any, list[Line]]:
    known = set(registration.renewals.values_list("term_ends_on", flat=True))
    found: dict[Any, list[Line]] = {}
    for line in registration.lines.filter(term_ends_on__gte=at.date()):
        if line.term_ends_on not in known:
            found.setdefault(line.term_ends_on, []).append(line)
    return found


def terms_of(registration: Registration, at: datetime) -> tuple[RenewalTerms, Any]:
    """What the published rule says for this deal; a partner that may not sell now has no first right."""
    standing = routing.standing_of(registration.partner_id, registration.program_id, at)
    amount = Money(registration.base_amount_minor, booking.base_currency())
    inputs = {"amount": amount, "tier_rank": standing.tier_rank, "tier": standing.tier_code}
    ruling = rulebook.evaluate(kind="deals.renewal", program_id=registration.program_id, inputs=inputs, at=at)
    outcome = ruling.outcome or {}
    right = Right(outcome.get("right") or Right.NOBODY)
    if partners.why_closed(registration.partner_id, "deals", at):
        right = Right.NOBODY
    return RenewalTerms(right, int(outcome.get("remind_days") or 0), int(outcome.get("days_after") or 0)), ruling


def _begin(registration: Registration, term_ends_on: Any, lines: list[Line], terms: RenewalTerms, ruling: Any, at: datetime) -> int:
    customers.hold(registration.account_id)
    line_ids = sorted({line.product_line_id for line in lines})
    until = first_right_until(term_ends_on, terms)
    held = until is not None and until > at and _hold_first_right(registration, line_ids, until, at)
    renewal = Renewal.objects.create(
        registration=registration,
        partner_id=registration.partner_id,
        account_id=registration.account_id,
        product_line_ids=line_ids,
        term_ends_on=term_ends_on,
        opened_at=at,
        right=Right.INCUMBENT if held else Right.NOBODY,
        first_right_until=until if held else None,
        clause=ruling.clause,
        clause_text=ruling.clause_text,
        rule_version=ruling.version,
    )
    _record(SYSTEM, "deal.renewal_opened", renewal, "", at)
    announce(RenewalOpened, registration, SYSTEM, at, renewal_id=renewal.pk, term_ends_on=term_ends_on.isoformat(), right=str(renewal.right))
    return 1


def _hold_first_right(registration: Registration, line_ids: list[UUID], until: datetime, at: datetime) -> bool:
    """The first right is a protection like any other: nobody else is approved while it lasts. False when somebody holds the customer already."""
    try:
        with refused_by("one_live_protection", AccountAlreadyProtected()):
            for line_id in line_ids:
                _grant(registration, line_id, until, at)
    except AccountAlreadyProtected:
        return False
    return True


def _grant(registration: Registration, line_id: UUID, until: datetime, at: datetime) -> None:
    kind = ProtectionGrant.Kind.RENEWAL
    grant = registration.grants.filter(kind=kind, product_line_id=line_id).first() or ProtectionGrant(
        registration=registration,
        partner_id=registration.partner_id,
        account_id=registration.account_id,
        product_line_id=line_id,
        territory_id=registration.territory_id,
        kind=kind,
    )
    grant.status, grant.starts_at, grant.ends_at = GRANT.ACTIVE, at, until
    grant.ended_at, grant.ended_reason, grant.reminded_days = None, "", None
    grant.save()


def give_way(registration: Registration, line_ids: list[UUID], at: datetime) -> bool:
    """End the partner's own first right where its next deal takes the place; False when there was none."""
    return bool(
        ProtectionGrant.objects.filter(
            partner_id=registration.partner_id,
            account_id=registration.account_id,
            territory_id=registration.territory_id,
            product_line_id__in=line_ids,
            kind=ProtectionGrant.Kind.RENEWAL,
            status__in=ProtectionGrant.LIVE,
        ).update(status=GRANT.RELEASED, ended_at=at, ended_reason=_("Taken up by %(number)s") % {"number": registration.number}, updated_at=at)
    )


def settle_won(registration: Registration, at: datetime) -> None:
    """A won renewal settles what it renews. In the system's or the vendor's scope."""
    if registration.follows_id is None or registration.deal_type != DealType.RENEWAL:
        return
    for renewal in _open_of(registration.follows_id):
        renewal.renewed_by_id = registration.pk
        _close(SYSTEM, renewal, State.RENEWED, registration.number, at)


def _open_of(registration_id: UUID) -> list[Renewal]:
    return list(Renewal.objects.select_related("registration").filter(registration_id=registration_id, state=State.OPEN).locked())


def decline_renewal(*, actor: Actor, renewal_id: UUID, reason: str, at: datetime) -> None:
    """The customer or the partner does not renew: the customer is free for others at once. Raises NotFound, NotAllowed, Invalid."""
    seen = policies.reach_renewals(actor).one(renewal_id)
    registration = load(actor, seen.registration_id)
    with system_scope():  # the partner's role reads renewals and may not lock them
        renewal = Renewal.objects.locked().one(renewal_id)
    refuse_if(policies.why_not_decline_renewal(actor, renewal))
    reason = required_reason(reason)
    with as_system(actor):
        renewal.registration = registration
        _close(actor, renewal, State.DECLINED, reason, at)


def lapse_renewals(*, at: datetime) -> int:
    """Close the renewals whose term and first right are over without a new deal; gives how many. Safe to run twice."""
    rows = Renewal.objects.select_related("registration").filter(state=State.OPEN, term_ends_on__lt=at.date()).order_by("term_ends_on", "id")
    due = [row.pk for row in rows[:AT_ONCE] if row.first_right_until is None or row.first_right_until <= at]
    found = list(Renewal.objects.select_related("registration").filter(pk__in=due, state=State.OPEN).locked())
    for renewal in found:
        _close(SYSTEM, renewal, State.LAPSED, _("The term ended without a new deal."), at)
    return len(found)


def release_all(partner_id: UUID, reason: str, at: datetime) -> int:
    """A partner that leaves keeps no first right. In the vendor's scope."""
    found = list(Renewal.objects.select_related("registration").filter(partner_id=partner_id, state=State.OPEN).locked())
    for renewal in found:
        _close(SYSTEM, renewal, State.DECLINED, reason, at)
    return len(found)


VERBS = {State.RENEWED: "deal.renewed", State.DECLINED: "deal.renewal_declined", State.LAPSED: "deal.renewal_lapsed"}


def _close(actor: Actor, renewal: Renewal, state: State, reason: str, at: datetime) -> None:
    renewal.state, renewal.closed_at = state, at
    renewal.save(update_fields=["state", "closed_at", "renewed_by", "updated_at"])
    held = ProtectionGrant.objects.filter(registration_id=renewal.registration_id, kind=ProtectionGrant.Kind.RENEWAL, status__in=ProtectionGrant.LIVE)
    held.filter(product_line_id__in=renewal.product_line_ids).update(status=GRANT.RELEASED, ended_at=at, ended_reason=reason[:500], updated_at=at)
    _record(actor, VERBS[state], renewal, reason, at)
    announce(RenewalClosed, renewal.registration, actor, at, renewal_id=renewal.pk, state=str(state), reason=reason)


def _record(actor: Actor, verb: str, renewal: Renewal, note: str, at: datetime) -> None:
    refs = tuple(filter(None, (renewal.registration_id, renewal.partner_id, renewal.account_id, renewal.renewed_by_id)))
    audit.record(actor, verb, renewal, refs=refs, visible_to=(renewal.partner_id,), note=note, at=at)
