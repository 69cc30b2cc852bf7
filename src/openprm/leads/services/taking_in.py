"""The one way into the room: consent first, then points, then the lead itself.

A lead without the ground that the published rule asks for is refused with the clause, and nothing is written. Whatever
comes in leaves an `Arrival`: the ground with its words, their version and the moment, and the points with their clauses.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.countries import country_codes, country_name
from openprm.kernel.domains import is_free_mail
from openprm.kernel.errors import Conflict, Invalid, Problem, Refusal, write_down
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.leads.intake_rulekinds import CONSENT, CURRENCY, SCORE
from openprm.leads.models import Arrival, Lead
from openprm.leads.rules import consent as rules
from openprm.leads.rules import scoring
from openprm.leads.rules.consent import ConsentGiven, Ground, Need
from openprm.leads.rules.intake_draft import LeadDraft, tidy
from openprm.leads.rules.lifecycle import Status
from openprm.leads.services.receiving import checked, receive_lead, receive_leads
from openprm.leads.services.results import Received
from openprm.leads.services.routing import route_leads
from openprm.rulebook import services as rulebook
from openprm.rulebook.services import NoRulesInForce

_log = logging.getLogger("openprm.leads")
NO_CONSENT = ConsentGiven(ground=Ground.NONE)


class ConsentMissing(Invalid):
    """The law where the person lives asks for more than what came with the lead."""


class ConsentUnusable(Invalid):
    """What came as consent proves nothing: words, version or moment are missing."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the published rule asked for, and the clause that said so."""

    need: Need
    clause: str
    clause_text: str
    version_id: UUID | None
    version: int | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A lead that came in. `received.was_known` says that it joined an older one."""

    received: Received
    arrival_id: UUID
    points: int
    grade: str
    ruled: Ruled


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A lead with its consent, for `take_in_many`."""

    draft: LeadDraft
    consent: ConsentGiven | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    draft: LeadDraft
    consent: ConsentGiven
    ruled: Ruled
    score: scoring.Score


@transaction.atomic
def take_in(
    *, actor: Actor, draft: LeadDraft, consent: ConsentGiven | None = None, points: int | None = None, route: bool = True, at: datetime
) -> TakenIn:  # fmt: skip
    """Take a lead in: refuse it without the consent that is asked for, give it its points, join it to an older one or open it.

    Raises NotAllowed, Invalid, ConsentUnusable, ConsentMissing.
    """
    with written_down(actor, draft, at):
        ready = _ready(Incoming(draft=draft, consent=consent, points=points), at)
    received = receive_lead(actor=actor, draft=ready.draft, route=route, at=at)
    return _kept(actor, [(ready, received)], at)[0]


@transaction.atomic
def take_in_many(*, actor: Actor, incoming: Sequence[Incoming], route: bool = False, at: datetime) -> tuple[TakenIn, ...]:
    """Take several leads in at once and route them together. One bad lead refuses all, named by its place ("leads[3].country")."""
    ready, problems, records = [], [], []
    for place, one in enumerate(incoming):
        try:
            with written_down(actor, one.draft, at):
                ready.append(_ready(one, at))
        except Refusal as refusal:
            problems += named(refusal, f"leads[{place}]")
            records += [refusal.record] if refusal.record else []
    if problems:
        refused = Invalid(problems=problems)
        refused.record = lambda: [record() for record in records]
        raise refused
    received = receive_leads(actor=actor, drafts=tuple(one.draft for one in ready), route=route, at=at)
    return _kept(actor, list(zip(ready, received, strict=True)), at)


def take_in_each(*, actor: Actor, incoming: Sequence[Incoming], route: bool = True, at: datetime) -> tuple[TakenIn | Refusal, ...]:
    """Take leads in, each for itself: the answer holds what came of every one, or its refusal, in the same order."""
    told = tuple(_one_of_many(actor, one, at) for one in incoming)
    new = [one.received.lead_id for one in told if isinstance(one, TakenIn) and one.received.status == Status.NEW and not one.received.was_known]
    if route and new:
        route_leads(actor=actor, lead_ids=new, at=at)
    return told


def _one_of_many(actor: Actor, one: Incoming, at: datetime) -> TakenIn | Refusal:
    try:
        with transaction.atomic():
            return take_in(actor=actor, draft=one.draft, consent=one.consent, points=one.points, route=False, at=at)
    except (Invalid, Conflict) as refusal:
        write_down(refusal)
        return refusal


def check_incoming(incoming: Incoming, *, at: datetime) -> None:
    """Say what would refuse this lead, and write nothing. Raises ConsentUnusable, ConsentMissing, Invalid."""
    _ready(incoming, at)
    checked(incoming.draft)


def consent_asked_for(*, country: str, person: bool, source: str, at: datetime) -> Ruled:
    """What the published rule asks for at this moment; where no rule is in force, an opt-in. A code that is no country is an unknown one."""
    inputs = {"country": country if country in country_codes() else None, "person": person, "source": source}
    try:
        with system_scope():
            verdict = rulebook.evaluate(kind=CONSENT, program_id=None, inputs=inputs, at=at)
    except NoRulesInForce:
        return Ruled(Need.OPT_IN, "", _("No rules on consent are in force, so an opt-in is asked for."), None, None)
    need = Need((verdict.outcome or {}).get("needs") or Need.OPT_IN)
    return Ruled(need, verdict.clause or "", verdict.clause_text or "", verdict.version_id, verdict.version)


def named(refusal: Refusal, place: str) -> list[Problem]:
    """The problems of a refusal with the place they are at in front of each field."""
    found = refusal.problems or (Problem("", str(refusal.message), refusal.code),)
    return [Problem(f"{place}.{one.field}" if one.field else place, one.message, one.code) for one in found]


def log_refusal(*, source: str, detail: str = "", country: str = "", refusal: Refusal) -> None:
    """Write to the system's log that a lead was refused and why, without a word about the person."""
    said = {"source": source, "source_detail": detail[:120], "country": country[:2], "code": refusal.code, "why": str(refusal.message)[:300]}
    _log.warning("lead refused: %s", ", ".join(f"{name}={value}" for name, value in said.items()), extra=said)


@contextmanager
def written_down(actor: Actor, draft: LeadDraft, at: datetime) -> Iterator[None]:
    """A lead that is refused for want of consent stands in the log, for the vendor and for the partner that sent it, without a word about
    the person. What the system takes in, a form or a CRM, is written down with its source there."""
    try:
        yield
    except (ConsentMissing, ConsentUnusable) as refusal:
        if not actor.is_system:
            refusal.record = partial(_record_refusal, actor, draft.source, draft.country, refusal, at)
        raise


def _record_refusal(actor: Actor, source: str, country: str, refusal: Refusal, at: datetime) -> None:
    sender = identity.organizations(SYSTEM).one(actor.organization_id)
    shown = (actor.partner_id,) if actor.is_partner else ()
    told = {"source": source[:20], "country": country[:2], "code": refusal.code}
    audit.record(actor, "lead.refused", sender, after={}, visible_to=shown, data=told, note=str(refusal.message)[:500], at=at)


def _ready(incoming: Incoming, at: datetime) -> _Ready:
    """What is decided before anything is written. Raises ConsentUnusable, ConsentMissing, Invalid."""
    draft, given = tidy(incoming.draft), incoming.consent or NO_CONSENT
    ruled = consent_asked_for(country=draft.country, person=_names_a_person(draft), source=draft.source, at=at)
    try:
        _refuse_unusable(given, at)
        _refuse_missing(given, ruled, draft.country)
    except Refusal as refusal:
        log_refusal(source=draft.source, detail=draft.source_detail, country=draft.country, refusal=refusal)
        raise
    score = _score(draft, incoming.points, at)
    grade = draft.grade or scoring.grade_of(score.points)
    return _Ready(replace(draft, grade=grade, may_share=given.may_share and draft.may_share), given, ruled, score)


def _names_a_person(draft: LeadDraft) -> bool:
    return bool(draft.contact_name or draft.contact_email or draft.contact_phone)


def _refuse_unusable(given: ConsentGiven, at: datetime) -> None:
    problems = [Problem(flaw.field, _flaw_in_words(flaw.code), flaw.code) for flaw in rules.flaws(given, at=at)]
    problems += _too_long(given)
    if given.network_address and not _is_address(given.network_address):
        problems.append(Problem("consent.network_address", _("This is no IP address.")))
    if problems:
        raise ConsentUnusable(problems=problems)


def _too_long(given: ConsentGiven) -> Iterable[Problem]:
    for name, longest in (("text", rules.LONGEST_TEXT), ("text_version", rules.LONGEST_VERSION), ("source", rules.LONGEST_SOURCE)):
        if len(getattr(given, name)) > longest:
            yield Problem(f"consent.{name}", _("This is too long: at most %(longest)d characters.") % {"longest": longest}, "too_long")


def _flaw_in_words(code: str) -> str:
    return {
        "no_text": _("Send the words that the person agreed to: without them the consent proves nothing."),
        "no_version": _("Send the version of the words that the person agreed to."),
        "no_moment": _("Send the moment at which the person agreed."),
        "in_the_future": _("This consent was given in the future. Check the clock and the time zone of the sending system."),
        "no_source": _("Say where the ground is written down, for example the contract or the balance of interests."),
    }[code]


def _refuse_missing(given: ConsentGiven, ruled: Ruled, country: str) -> None:
    if rules.satisfies(given.ground, ruled.need):
        return
    message = _("We cannot take this lead%(place)s. %(clause)s (rule %(number)s of “Consent of the people behind leads”), and %(came)s. %(cure)s") % {
        "place": _(" from %(country)s") % {"country": country_name(country)} if country else "",
        "clause": ruled.clause_text.rstrip("."),
        "number": ruled.clause or "-",
        "came": _came(given.ground),
        "cure": _cure(ruled.need),
    }
    raise ConsentMissing(message, field="consent")


def _came(ground: Ground) -> str:
    return {
        Ground.DOUBLE_OPT_IN: _("a confirmed opt-in came with it"),
        Ground.OPT_IN: _("only an opt-in that was never confirmed came with it"),
        Ground.CUSTOMER: _("an existing customer came with it"),
        Ground.INTEREST: _("only a legitimate interest came with it"),
        Ground.PENDING: _("the person has not answered the mail that asks for it"),
        Ground.NONE: _("no consent came with it"),
    }[ground]


def _cure(need: Need) -> str:
    if need is Need.DOUBLE_OPT_IN:
        return _("Send it through a web form that mails a confirmation, or with the consent “double_opt_in”: its text, version and moment.")
    if need is Need.OPT_IN:
        return _("Ask the person, and send the consent “opt_in” with its text, version and moment.")
    return _("Send the consent “legitimate_interest” with the source in which the balance of interests is written down.")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _score(draft: LeadDraft, points: int | None, at: datetime) -> scoring.Score:
    """The points that came with the lead, or those of the published clauses. Raises Invalid."""
    if points is not None:
        try:
            return scoring.given(points)
        except ValueError:
            raise Invalid(_("A score is a whole number from 0 to 100."), field="score") from None
    try:
        with system_scope():
            verdict = rulebook.evaluate(kind=SCORE, program_id=None, inputs=_score_facts(draft), at=at)
    except NoRulesInForce:
        return scoring.computed(())
    return scoring.computed(scoring.Points(match.clause, match.text, int(match.outcome["points"])) for match in verdict.matches)


def _score_facts(draft: LeadDraft) -> dict[str, Any]:
    knows_amount = draft.amount_minor is not None and draft.currency == CURRENCY
    return {
        "employees": draft.employees,
        "amount": Money(draft.amount_minor, draft.currency) if knows_amount else None,
        "need_length": len(draft.message),
        "country": draft.country or None,
        "free_mail": is_free_mail(draft.contact_email) if draft.contact_email else None,
        "phone": bool(draft.contact_phone),
        "product": draft.product_line_id is not None,
        "source": draft.source,
    }


def _kept(actor: Actor, taken: Sequence[tuple[_Ready, Received]], at: datetime) -> tuple[TakenIn, ...]:
    with system_scope():
        arrivals = Arrival.objects.bulk_create([_arrival(actor, ready, received, at) for ready, received in taken])
        leads = Lead.objects.in_bulk([received.lead_id for _ready, received in taken])
    entries = [
        audit.Entry(leads[received.lead_id], after={}, data=_data(ready, received), refs=(arrival.pk,))
        for (ready, received), arrival in zip(taken, arrivals, strict=True)
    ]
    audit.record_many(actor, "lead.consent_kept", entries, at=at)
    return tuple(
        TakenIn(received, arrival.pk, ready.score.points, ready.draft.grade, ready.ruled) for (ready, received), arrival in zip(taken, arrivals, strict=True)
    )


def _data(ready: _Ready, received: Received) -> dict[str, Any]:
    return {
        "ground": str(ready.consent.ground),
        "needs": str(ready.ruled.need),
        "clause": ready.ruled.clause,
        "points": ready.score.points,
        "known": received.was_known,
    }


def _arrival(actor: Actor, ready: _Ready, received: Received, at: datetime) -> Arrival:
    given, ruled, score = ready.consent, ready.ruled, ready.score
    return Arrival(
        lead_id=received.lead_id,
        source=ready.draft.source,
        source_detail=ready.draft.source_detail,
        received_at=at,
        was_known=received.was_known,
        ground=given.ground,
        consent_text=given.text.strip(),
        text_version=given.text_version.strip(),
        given_at=given.given_at,
        network_address=given.network_address or None,
        proof=given.source.strip(),
        may_share=given.may_share,
        needs=ruled.need,
        clause=ruled.clause,
        clause_text=ruled.clause_text,
        rule_version_id=ruled.version_id,
        rule_version=ruled.version,
        points=score.points,
        points_given=score.is_given,
        points_detail=[{"clause": part.clause, "text": part.text, "points": part.points} for part in score.parts],
        entered_by_id=actor.user_id,
    )
