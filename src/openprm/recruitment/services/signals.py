"""Signals: recorded from outside, looked at by a person, and only then a fact."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.recruitment import policies
from openprm.recruitment.models import Company, Signal
from openprm.recruitment.queries.facts import facts_of
from openprm.recruitment.rules import signals as rules
from openprm.recruitment.services import checks, companies

MOST_AT_ONCE = 500


class SignalDecided(Conflict):
    """Somebody has accepted or dismissed the signal already."""


@transaction.atomic
def record_signal(
    *, actor: Actor, kind: str, value: str, source: str, observed_at: datetime, confidence: int, at: datetime, domain: str = "", company: str = "",
    company_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Keep what a source says of a company, named by its id, its domain, or its exact name; an unknown domain with a name adds it.

    The same observation twice is kept once. Raises NotAllowed, NotFound, Invalid.
    """
    refuse_if(policies.why_not_manage(actor))
    values = checked(kind=kind, value=value, source=source, observed_at=observed_at, confidence=confidence, at=at)
    subject = policies.reach_companies(actor).one(company_id) if company_id else _subject(actor, domain, company, source, at)
    row, created = Signal.objects.get_or_create(
        company=subject, **{name: values[name] for name in ("kind", "value", "source", "observed_at")}, defaults={"confidence": values["confidence"]}
    )
    if created:
        audit.record(actor, "signal.recorded", row, refs=(subject.pk,), at=at)
    return row.pk


def checked(*, kind: Any, value: Any, source: Any, observed_at: datetime, confidence: Any, at: datetime) -> dict[str, Any]:
    """A signal's own values. Raises Invalid naming the field."""
    found = {
        "kind": checks.choice("kind", kind, tuple(str(one) for one in rules.SignalKind)),
        "value": checks.line("value", value, longest=300, required=True),
        "source": checks.line("source", source, longest=80, required=True),
        "confidence": checks.share("confidence", confidence),
        "observed_at": observed_at,
    }
    if observed_at > at:
        raise Invalid(_("A signal cannot be observed in the future."), field="observed_at")
    if kind in rules.FEEDS and rules.fed_value(kind, found["value"]) is None:
        raise Invalid(_("“%(value)s” cannot be read as this kind of signal.") % {"value": found["value"][:60]}, field="value")
    return found


def _subject(actor: Actor, domain: str, name: str, source: str, at: datetime) -> Company:
    if not domain and not name:
        raise Invalid(_("Say which company: its web domain, or its name as it is on the books."), field="domain")
    own = checks.domain("domain", domain)
    rows = Company.objects.filter(domain=own) if own else Company.objects.filter(name__iexact=name.strip())
    found = list(rows.order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    if found or not own:
        raise Invalid(_("The name alone does not tell which company this is. Give its web domain."), field="company")
    if partner := companies.partner_with(own):
        return Company.objects.one(companies.remember_company(actor=actor, name=partner[1], domain=own, partner_id=partner[0], source="partner", at=at))
    return companies.new_company(actor, name=name or own, domain=own, country="", source=source[:60], facts={}, at=at)


@transaction.atomic
def accept_signal(*, actor: Actor, signal_id: UUID, at: datetime) -> None:
    """Take the signal's word: the fact it feeds names the signal, its source and its date. A person who accepts has
    seen the doubts. Raises NotFound, NotAllowed, SignalDecided, Conflict for a kind that feeds no fact."""
    signal = _waiting(actor, signal_id)
    fact = rules.FEEDS.get(signal.kind)
    if fact is None:
        raise Conflict(_("This kind of signal is for people to read; it feeds no fact. Dismiss it when you have seen it."))
    company = Company.objects.locked().one(signal.company_id)
    before = facts_of([company.pk])[company.pk].get(fact)
    companies.write_facts(
        company, {fact: rules.fed_value(signal.kind, signal.value)}, source=signal.source, observed_at=signal.observed_at,
        confidence=signal.confidence, actor=actor, signal=signal,
    )  # fmt: skip
    _decide(actor, signal, Signal.State.ACCEPTED, at)
    data = {"fact": fact, "before": _words(before), "after": signal.value, "source": signal.source}
    refs = (company.pk, company.partner_id) if company.partner_id else (company.pk,)
    audit.record(actor, "signal.accepted", signal, after={}, refs=refs, data=data, at=at)
    companies.learned(company, at)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


@transaction.atomic
def dismiss_signal(*, actor: Actor, signal_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed, SignalDecided."""
    signal = _waiting(actor, signal_id)
    _decide(actor, signal, Signal.State.DISMISSED, at)
    audit.record(actor, "signal.dismissed", signal, after={}, refs=(signal.company_id,), at=at)


def decide_signals(*, actor: Actor, signal_ids: Iterable[UUID], accept: bool, at: datetime) -> tuple[int, Mapping[str, int]]:
    """Decide many at once. Accepting takes only those without a doubt and leaves the others, said by reason; gives both counts."""
    refuse_if(policies.why_not_manage(actor))
    done, left = 0, {"doubt": 0, "decided": 0, "feeds_nothing": 0}
    for signal in _asked(actor, signal_ids):
        reason = _why_left(signal, accept, at)
        if reason:
            left[reason] += 1
            continue
        (accept_signal if accept else dismiss_signal)(actor=actor, signal_id=signal.pk, at=at)
        done += 1
    return done, left


def _asked(actor: Actor, signal_ids: Iterable[UUID]) -> Sequence[Signal]:
    return list(policies.reach_signals(actor).filter(pk__in=list(signal_ids)[:MOST_AT_ONCE]).order_by("observed_at", "pk"))


def _why_left(signal: Signal, accept: bool, at: datetime) -> str:
    if signal.state != Signal.State.NEW:
        return "decided"
    if not accept:
        return ""
    if signal.kind not in rules.FEEDS:
        return "feeds_nothing"
    known = facts_of([signal.company_id])[signal.company_id]
    doubt = rules.doubt(signal.kind, signal.value, confidence=signal.confidence, observed_at=signal.observed_at, known=known, at=at)
    return "" if doubt.is_none else "doubt"


def _waiting(actor: Actor, signal_id: UUID) -> Signal:
    signal = policies.reach_signals(actor).locked().one(signal_id)
    refuse_if(policies.why_not_manage(actor))
    if signal.state != Signal.State.NEW:
        raise SignalDecided(_("Somebody has decided on this signal already. Reload the page."))
    return signal


def _decide(actor: Actor, signal: Signal, state: str, at: datetime) -> None:
    signal.state, signal.decided_by_id, signal.decided_at = state, actor.user_id, at
    signal.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])


@transaction.atomic
def remove_signal(*, actor: Actor, signal_id: UUID, at: datetime) -> None:
    """Take back a signal that an import brought and nobody has decided on. Raises NotFound, NotAllowed, SignalDecided."""
    signal = _waiting(actor, signal_id)
    audit.record(actor, "signal.removed", signal, after={}, refs=(signal.company_id,), at=at)
    signal.delete()
