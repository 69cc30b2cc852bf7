"""A partner refers a company: its code, the introduction, and the time in which it is rewarded."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import queries as people
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Stale, TooMany, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.promises import queries as clocks
from openprm.promises import services as promises
from openprm.recruitment import policies
from openprm.recruitment.events import ReferralDeclined, ReferralJoined, ReferralMade, ReferralQualified
from openprm.recruitment.models import Company, Prospect, Referral, ReferralCode, ReferralTerms
from openprm.recruitment.rules import referral as rules
from openprm.recruitment.rules.referral import ReferralState
from openprm.recruitment.rules.stages import Stage
from openprm.recruitment.services import checks, companies

PROMISE = "recruitment.introduction"
A_DAY = 20
REWARD_PERCENT, WINDOW_DAYS = 10, 365
"""The terms of a program that has none of its own."""
ANSWERS = (ReferralState.APPLIED, ReferralState.JOINED, ReferralState.DECLINED)


class SelfReferral(Conflict):
    """A partner cannot refer itself."""

    def default_message(self) -> str:
        return _("This is your own company, or one of your group. A referral brings somebody new.")


class AlreadyReferred(Conflict):
    """The company is a partner, or somebody referred it first."""


def referral_code(*, actor: Actor) -> str:
    """The partner's own code, made on first use. Raises NotAllowed."""
    refuse_if(policies.why_not_refer(actor))
    held = ReferralCode.objects.filter(partner=actor.partner_id).first()
    if held:
        return held.code
    code = "".join(secrets.choice(rules.ALPHABET) for _letter in range(rules.CODE_LENGTH))
    return ReferralCode.objects.get_or_create(partner_id=actor.partner_id, defaults={"code": code})[0].code


@transaction.atomic
def introduce(
    *, actor: Actor, company: str, domain: str, at: datetime, contact_name: str = "", contact_email: str = "", note: str = ""
) -> UUID:  # fmt: skip
    """Introduce a company to the vendor, who answers in the promised time; it becomes a prospect.

    Raises NotAllowed, Invalid, SelfReferral, AlreadyReferred, TooMany.
    """
    refuse_if(policies.why_not_refer(actor))
    row = Referral(
        partner_id=actor.partner_id,
        company_name=checks.line("company", company, longest=200, required=True),
        domain=checks.domain("domain", domain, required=True),
        contact_name=checks.line("contact_name", contact_name, longest=120),
        contact_email=checks.email("contact_email", contact_email),
        note=checks.line("note", note, longest=500),
    )
    if Referral.objects.filter(partner=actor.partner_id, created_at__gt=at - timedelta(days=1)).count() >= A_DAY:
        raise TooMany(_("You introduced %(count)d companies today. Go on tomorrow.") % {"count": A_DAY}, retry_after=3600)
    with system_scope():
        _refuse_own(row.partner_id, row.domain, row.contact_email)
        _refuse_taken(row.domain)
        row.company_id = _prospect_of(row, at)
    _save_new(row)
    _record(actor, "referral.made", row, None, at)
    promises.start(actor=actor, code=PROMISE, subject=row, partner_id=row.partner_id, refs=(row.company_id,) if row.company_id else (), at=at)
    publish(ReferralMade(referral_id=row.pk, partner_id=row.partner_id, at=at))
    return row.pk


def _prospect_of(row: Referral, at: datetime) -> UUID:
    """The company of an introduction, in the pipeline; one that was only discovered is taken up."""
    known = Company.objects.filter(domain=row.domain).first()
    contact = {"name": row.contact_name, "email": row.contact_email} if row.contact_name or row.contact_email else None
    company = known or companies.new_company(
        SYSTEM, name=row.company_name, domain=row.domain, country="", source="referral", facts={}, contact=contact, at=at
    )  # fmt: skip
    if not Prospect.objects.filter(company=company).exists():
        manager = partners.manager_of(row.partner_id)
        prospect = Prospect.objects.create(company=company, stage_since=at, source="referral", owner_id=manager)
        audit.record(SYSTEM, "prospect.added", prospect, refs=(company.pk,), at=at)
    return company.pk


def claim_referral(*, code: str, company: str, domain: str, application_id: UUID, at: datetime, email: str = "") -> UUID | None:
    """Tie an application to the partner whose code it carries; None for an unknown code or a company that came by itself before.

    Works in the system's scope. Raises SelfReferral.
    """
    with system_scope():
        held = ReferralCode.objects.filter(code=str(code).strip().upper()[:12]).first()
        if held is None or partners.partner(SYSTEM, held.partner_id).status != "active":
            return None
        if known := Referral.objects.filter(application_id=application_id).first():
            return known.pk
        own = normal_domain(domain)
        _refuse_own(held.partner_id, own, email)
        row = Referral.objects.filter(domain=own).exclude(state=ReferralState.DECLINED).locked().first() if own else None
        if row is None:
            row = Referral(partner_id=held.partner_id, company_name=checks.line("company", company, longest=200, required=True), domain=own)
            row.contact_email = checks.email("email", email)
            row.state, row.application_id = ReferralState.APPLIED, application_id
            _save_new(row)
            _record(SYSTEM, "referral.applied", row, None, at)
            return row.pk
        if row.partner_id != held.partner_id or row.state != ReferralState.INTRODUCED:
            return None
        _move(SYSTEM, row, ReferralState.APPLIED, "referral.applied", at, application_id=application_id)
        return row.pk


def referral_joined(*, application_id: UUID, partner_id: UUID, at: datetime, program_id: UUID | None = None) -> UUID | None:
    """The referred company is a partner now; None when nobody referred it. Safe to call twice."""
    return _joined(partner_id, program_id, at, application_id=application_id)


def joined_by_company(*, company_id: UUID, partner_id: UUID, at: datetime, program_id: UUID | None = None) -> UUID | None:
    return _joined(partner_id, program_id, at, company_id=company_id)


def _joined(partner_id: UUID, program_id: UUID | None, at: datetime, **which: UUID) -> UUID | None:
    """The terms of the day it joins are frozen onto the referral."""
    with system_scope():
        open_states = (ReferralState.INTRODUCED, ReferralState.APPLIED)
        row = Referral.objects.filter(**which, state__in=open_states).exclude(partner=partner_id).locked().first()
        if row is None or Referral.objects.filter(referred=partner_id).exists():
            return None
        program_id = program_id or _program_of(partner_id)
        terms = ReferralTerms.objects.filter(program=program_id).first() if program_id else None
        percent, days = (terms.reward_percent, terms.window_days) if terms else (REWARD_PERCENT, WINDOW_DAYS)
        if terms and not terms.is_open:
            percent = 0
        values = {"referred_id": partner_id, "program_id": program_id, "reward_percent": percent, "window_days": days, "joined_at": at}
        _move(SYSTEM, row, ReferralState.JOINED, "referral.joined", at, **values)
        publish(ReferralJoined(referral_id=row.pk, partner_id=row.partner_id, referred_id=partner_id, at=at))
        return row.pk


def _program_of(partner_id: UUID) -> UUID | None:
    """The program that a new partner is in, the oldest when there are several."""
    return next((one.program_id for one in partners.enrollments_of(SYSTEM, partner_id) if one.status == "approved"), None)


def referral_declined(*, application_id: UUID, at: datetime, reason: str = "") -> None:
    """The application of a referred company was turned down. Safe to call twice."""
    with system_scope():
        row = Referral.objects.filter(application_id=application_id, state=ReferralState.APPLIED).locked().first()
        if row is not None:
            _decline(SYSTEM, row, reason or _("The application was not accepted."), at)


@transaction.atomic
def decline_referral(*, actor: Actor, referral_id: UUID, reason: str, at: datetime) -> None:
    """Say no to an introduction; the partner reads the reason. Raises NotFound, NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    row = policies.reach_referrals(actor).locked().one(referral_id)
    if not rules.can_move(row.state, ReferralState.DECLINED):
        raise Conflict(_("This referral was answered already."))
    _decline(actor, row, checks.line("reason", reason, longest=300, required=True), at)


def _decline(actor: Actor, row: Referral, reason: str, at: datetime) -> None:
    _move(actor, row, ReferralState.DECLINED, "referral.declined", at, declined_reason=reason[:300])
    _give_up_prospect(actor, row, at)
    publish(ReferralDeclined(referral_id=row.pk, partner_id=row.partner_id, at=at))


def _give_up_prospect(actor: Actor, row: Referral, at: datetime) -> None:
    """The prospect that only this introduction made, and that nobody took further, goes with it."""
    prospect = Prospect.objects.filter(company=row.company_id, source="referral", stage=Stage.IDENTIFIED).locked().first() if row.company_id else None
    if prospect is None:
        return
    before = prospect.snapshot()
    prospect.stage, prospect.stage_since, prospect.lost_reason, prospect.version = Stage.LOST, at, row.declined_reason, prospect.version + 1
    prospect.save()
    audit.record(actor, "prospect.lost", prospect, before=before, refs=(row.company_id,), note=row.declined_reason, at=at)


@transaction.atomic
def accept_referral(*, actor: Actor, referral_id: UUID, at: datetime) -> UUID | None:
    """Say that the introduction is taken up: the promise is kept, the company stays in the pipeline. Raises NotFound, NotAllowed, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    row = policies.reach_referrals(actor).locked().one(referral_id)
    clock = clocks.clock(row.pk, PROMISE, at)
    if row.state != ReferralState.INTRODUCED or (clock and clock.answered_at):
        raise Conflict(_("This referral was answered already."))
    promises.keep(subject_id=row.pk, code=PROMISE, at=at)
    _record(actor, "referral.taken_up", row, row.snapshot(), at)
    return row.company_id


def note_commission(*, partner_id: UUID, at: datetime) -> UUID | None:
    """The partner earned a commission: the first one opens the reward window of whoever referred it. Safe to call for each.

    Gives the referral that pays at this moment, or None. Works in the system's scope.
    """
    with system_scope():
        row = Referral.objects.filter(referred=partner_id).locked().first()
        if row is None:
            return None
        if row.state == ReferralState.JOINED:
            _qualify(row, at)
        return row.pk if rules.pays(row.first_commission_at, row.window_ends_at, at) else None


def _qualify(row: Referral, at: datetime) -> None:
    starts, ends = rules.window(at, row.window_days or WINDOW_DAYS)
    _move(SYSTEM, row, ReferralState.EARNING, "referral.qualified", at, first_commission_at=starts, window_ends_at=ends)
    publish(
        ReferralQualified(
            referral_id=row.pk, partner_id=row.partner_id, referred_id=row.referred_id, program_id=row.program_id,
            reward_percent=row.reward_percent or 0, window_starts_at=starts, window_ends_at=ends, at=at,
        )
    )  # fmt: skip


def end_windows(*, at: datetime) -> int:
    """Close the referrals whose reward time is over; gives how many."""
    rows = list(Referral.objects.filter(state=ReferralState.EARNING, window_ends_at__lte=at).locked()[:500])
    for row in rows:
        _move(SYSTEM, row, ReferralState.ENDED, "referral.ended", at)
    return len(rows)


@transaction.atomic
def save_terms(
    *, actor: Actor, program_id: UUID, reward_percent: int, window_days: int, is_open: bool, at: datetime, version: int | None = None
) -> UUID:  # fmt: skip
    """Say what a program gives for a referral from now on. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    program = partners.program(actor, program_id)
    terms = ReferralTerms.objects.filter(program=program.id).locked().first() or ReferralTerms(program_id=program.id, version=0)
    if version is not None and terms.version and version != terms.version:
        raise Stale()
    before = terms.snapshot() if terms.version else None
    terms.reward_percent, terms.is_open = checks.share("reward_percent", reward_percent), bool(is_open)
    terms.window_days, terms.version = checks.days("window_days", window_days), terms.version + 1
    terms.save()
    audit.record(actor, "referral.terms_set", terms, before=before, refs=(program.id,), at=at)
    return terms.pk


def _refuse_own(partner_id: UUID, domain: str, email: str) -> None:
    """Raises SelfReferral for the partner's own domain, its people's, its group's, or those of its people's addresses."""
    partner = partners.partner(SYSTEM, partner_id)
    family = [partner.parent_id, *(child for child, _name in partner.children)]
    group = partners.newest_partners(SYSTEM, filters={}).filter(pk__in=[one for one in family if one]).values_list("organization__domain", flat=True)
    own = {normal_domain(partner.domain), *(normal_domain(one) for one in group if one)}
    own |= {normal_domain(person.email) for person in people.people(SYSTEM, partner_id)}
    asked = {domain, normal_domain(email)}
    if rules.is_self_referral(referrer_domains=own, company_domains=asked):
        raise SelfReferral(field="domain")


def _refuse_taken(domain: str) -> None:
    """Raises AlreadyReferred without saying who it is that knows the company."""
    taken = Referral.objects.filter(domain=domain).exclude(state=ReferralState.DECLINED).exists()
    in_talks = Prospect.objects.filter(company__domain=domain).exclude(stage="lost").exists()
    if taken or in_talks or companies.partner_with(domain) or partners.is_banned_domain(domain):
        raise AlreadyReferred(_("We know this company already: it is a partner, or we are in touch with it."), field="domain")


def _save_new(row: Referral) -> None:
    with refused_by("one_referral_per_company", AlreadyReferred(_("This company was introduced just now."), field="domain")):
        row.save()


def _move(actor: Actor, row: Referral, state: str, verb: str, at: datetime, **values: Any) -> None:
    before, row.state = row.snapshot(), state
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    if state in ANSWERS:
        promises.keep(subject_id=row.pk, code=PROMISE, at=at)
    _record(actor, verb, row, before, at)


def _record(actor: Actor, verb: str, row: Referral, before: Mapping[str, Any] | None, at: datetime) -> None:
    refs = tuple(one for one in (row.partner_id, row.company_id, row.referred_id) if one)
    audit.record(actor, verb, row, before=before, refs=refs, visible_to=(row.partner_id,), note=row.declined_reason, at=at)
