"""Where earnings come from: deals, referrals and usage as happenings. In the system's scope."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.accounts.queries.twins import twins_by_domain
from openprm.deals.queries.sold import SoldDeal, sold_deals, won_between
from openprm.earnings.models import SourceEvent
from openprm.earnings.queries.calculation import shares_of
from openprm.earnings.rules.suspicion import Party, Sale, facts, hosts_in
from openprm.earnings.services.accrual import Accrued, Happening, accrue_what_can
from openprm.earnings.services.clawback import take_back_all
from openprm.earnings.services.correction import correct, set_share
from openprm.identity import queries as identity
from openprm.incentives.rules.model import EarnEvent
from openprm.kernel.actor import SYSTEM
from openprm.leads.queries.referred_deals import PaidReferral, came_by, taken_up
from openprm.partners import queries as partners

GONE = frozenset({"banned"})


def won_key(registration_id: UUID) -> str:
    return f"deal_won:{registration_id}"


def accrue_won(*, registration_ids: Sequence[UUID], at: datetime) -> Accrued:
    """Earn what won deals pay: to their partners, to those who hold a share of the credit, and to those who referred them. Safe to repeat."""
    deals = [deal for deal in sold_deals(registration_ids).values() if deal.is_won]
    return accrue_what_can(actor=SYSTEM, happenings=(*_won(deals, at), *_referred(deals, at)), at=at)


def accrue_registered(*, registration_id: UUID, at: datetime) -> Accrued:
    """Earn what an approved registration pays."""
    deals = [deal for deal in sold_deals([registration_id]).values() if deal.is_decided]
    return accrue_what_can(actor=SYSTEM, happenings=[_happening(deal, "deal_registered", at, _known(deals, at)) for deal in deals], at=at)


def accrue_qualified(*, referral_id: UUID, at: datetime) -> Accrued:
    """Earn what a referred lead pays that was taken up."""
    return accrue_what_can(actor=SYSTEM, happenings=[_lead(one, at) for one in taken_up(referral_ids=[referral_id])], at=at)


def catch_up(*, at: datetime, days: int = 120) -> Accrued:
    """Earn what won deals of the last months have not earned yet, whatever the reason was."""
    ids = won_between(at - timedelta(days=days), at)
    known = set(SourceEvent.objects.filter(source_key__in=[won_key(one) for one in ids]).values_list("source_id", flat=True))
    return accrue_won(registration_ids=[one for one in ids if one not in known], at=at)


def follow_amendment(*, registration_id: UUID, why: str, at: datetime) -> tuple[UUID, ...]:
    """A won deal was changed: its lines are corrected by the difference. One that is no longer won is taken back."""
    deal, key = sold_deals([registration_id]).get(registration_id), won_key(registration_id)
    holders = list(SourceEvent.objects.filter(source_key=key, revision=0).values_list("partner_id", flat=True))
    if deal is None or not holders:
        return ()
    if not deal.is_won:
        take_back_all(source_key=key, reason=why, at=at)
        return ()
    changes = {"net": deal.net, "list": deal.list, "product_lines": deal.product_lines}
    return tuple(one for partner_id in holders for one in correct(actor=SYSTEM, partner_id=partner_id, source_key=key, changes=changes, why=why, at=at))


def share_credit(*, registration_id: UUID, to_partner_id: UUID, percent: int, reason: str, at: datetime) -> Accrued:
    """A conflict case gave part of a deal's credit to another partner (conflicts.events.CreditShareDecided)."""
    deal = sold_deals([registration_id]).get(registration_id)
    if deal is None or deal.partner_id == to_partner_id:
        return Accrued()
    other = _for_other(deal, to_partner_id, at) if deal.is_won else None
    return set_share(source_key=won_key(deal.id), holder_id=deal.partner_id, to_partner_id=to_partner_id, percent=percent, reason=reason, other=other, at=at)


def _won(deals: Sequence[SoldDeal], at: datetime) -> Iterable[Happening]:
    shares, known = shares_of([won_key(deal.id) for deal in deals]), _known(deals, at)
    for deal in deals:
        whole = _happening(deal, "deal_won", at, known)
        held = {partner: share for (key, partner), share in shares.items() if key == won_key(deal.id)}
        yield whole if deal.partner_id not in held else replace(whole, event=replace(whole.event, credited_share=held[deal.partner_id]))
        for partner_id, share in held.items():
            if partner_id != deal.partner_id and share:
                other = _for_other(deal, partner_id, at)
                yield replace(other, event=replace(other.event, credited_share=share, facts={**other.event.facts, "credit_only": True}))


def _for_other(deal: SoldDeal, partner_id: UUID, at: datetime) -> Happening:
    """The same deal as a happening of another partner: its program, its tier, nobody's rep."""
    enrollment = partners.enrollment(partner_id, at)
    program = enrollment.program_id if enrollment else None
    other = replace(deal, partner_id=partner_id, seller_id=None, program_id=program)
    return replace(_happening(other, "deal_won", at, _known([other], at)), doubts={})


class Known:
    """What is known of the partners and the customers of several deals, in a few queries."""

    def __init__(self, deals: Sequence[SoldDeal], at: datetime):
        ids = {deal.partner_id for deal in deals}
        self.enrollments = partners.enrollments(ids, at)
        self.parties = {partner_id: party_of(partner_id) for partner_id in ids}
        self.types = {partner_id: partners.partner(SYSTEM, partner_id).type for partner_id in ids}
        self.banned = partners.banned_domains({deal.customer_domain for deal in deals if deal.customer_domain})
        self.twins = twins_by_domain({deal.customer_domain for deal in deals if deal.customer_domain})
        self.came_by = came_by([deal.id for deal in deals])
        self.bad_sources = partners.banned_domains({host for words in self.came_by.values() for host in hosts_in(words)})
        self.referrers = {one.registration_id: one.referrer_id for one in taken_up(registration_ids=[deal.id for deal in deals])}


def _known(deals: Sequence[SoldDeal], at: datetime) -> Known:
    return Known(deals, at)


def doubts_about(deal: SoldDeal, at: datetime) -> dict[str, Any]:
    """What fraud rules ask about a won deal."""
    return dict(_happening(deal, "deal_won", at, _known([deal], at)).doubts)


def party_of(partner_id: UUID) -> Party:
    """The partner as fraud rules see it."""
    row = identity.organization(SYSTEM, partner_id)
    emails = frozenset(person.email.casefold() for person in identity.people(SYSTEM, partner_id) if person.email)
    found = Party(name=row.name, domain=row.domain, emails=emails, is_banned=row.status in GONE)
    return replace(found, is_banned_elsewhere=not found.is_banned and bool(partners.banned_domains(found.hosts)))


def _happening(deal: SoldDeal, code: str, at: datetime, known: Known) -> Happening:
    enrollment = known.enrollments.get(deal.partner_id)
    day = (deal.closed_on if code == "deal_won" else deal.decided_on) or at.date()
    event = EarnEvent(
        code=code, source_id=deal.id, source_key=f"{code}:{deal.id}", partner_id=deal.partner_id, occurred_on=day, user_id=deal.seller_id,
        program_id=deal.program_id, tier=enrollment.tier_code if enrollment else "", list=deal.list, net=deal.net, product_lines=deal.product_lines,
        facts=_facts(deal, known),
    )  # fmt: skip
    sale = Sale(
        customer=deal.customer, domain=deal.customer_domain, email=deal.contact_email, submitted_on=deal.submitted_on if code == "deal_won" else None,
        won_on=day if code == "deal_won" else None, referred_by_holder=known.referrers.get(deal.id) == deal.partner_id,
        has_duplicate=deal.customer_domain in known.twins, domain_is_banned=deal.customer_domain in known.banned,
        came_by=known.came_by.get(deal.id, ()), source_is_banned=bool(hosts_in(known.came_by.get(deal.id, ())) & known.bad_sources),
    )  # fmt: skip
    return Happening(event=event, about=f"{deal.number} {deal.customer}"[:200], customer_id=deal.account_id, doubts=facts(known.parties[deal.partner_id], sale))


def _facts(deal: SoldDeal, known: Known) -> dict[str, Any]:
    return {
        "number": deal.number,
        "customer": deal.customer,
        "deal_type": deal.deal_type,
        "new_customer": deal.deal_type == "new",
        "country": deal.customer_country,
        "partner_type": known.types.get(deal.partner_id, ""),
        "channel": "partner",
    }


def _referred(deals: Sequence[SoldDeal], at: datetime) -> Iterable[Happening]:
    """Referrals whose deals were sold; the referrer earns, on the value of the deal."""
    by_id = {deal.id: deal for deal in deals}
    for one in taken_up(registration_ids=list(by_id)):
        if one.registration_id in by_id and one.referrer_id:
            deal = by_id[one.registration_id]
            found = _lead(one, at)
            event = replace(
                found.event, code="referral_converted", source_key=f"referral_converted:{one.referral_id}", net=deal.net, list=deal.list,
                product_lines=deal.product_lines, occurred_on=deal.closed_on or at.date(),
            )  # fmt: skip
            yield replace(found, event=event, customer_id=deal.account_id, doubts=_referral_doubts(found, one, deal))


def _referral_doubts(found: Happening, one: PaidReferral, deal: SoldDeal) -> dict[str, Any]:
    sale = Sale(
        customer=deal.customer, domain=deal.customer_domain, email=deal.contact_email, referred_by_holder=one.referrer_id == deal.partner_id, **_source(one)
    )
    return facts(party_of(one.referrer_id), sale)


def _lead(one: PaidReferral, at: datetime) -> Happening:
    enrollment = partners.enrollment(one.referrer_id, at)
    event = EarnEvent(
        code="lead_qualified", source_id=one.lead_id, source_key=f"lead_qualified:{one.lead_id}", partner_id=one.referrer_id,
        occurred_on=one.answered_on or at.date(), user_id=one.person_id, program_id=enrollment.program_id if enrollment else None,
        tier=enrollment.tier_code if enrollment else "", net=one.value,
        facts={"number": one.number, "customer": one.company, "country": one.country, "channel": "referral",
               "partner_type": partners.partner(SYSTEM, one.referrer_id).type},
    )  # fmt: skip
    sale = Sale(customer=one.company, referred_by_holder=one.holder_id == one.referrer_id, **_source(one))
    return Happening(event=event, about=f"{one.number} {one.company}"[:200], doubts=facts(party_of(one.referrer_id), sale))


def _source(one: PaidReferral) -> dict[str, Any]:
    return {"came_by": one.came_by, "source_is_banned": bool(partners.banned_domains(hosts_in(one.came_by)))}
