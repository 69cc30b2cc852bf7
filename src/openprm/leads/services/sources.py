"""Systems that send signed events: a CRM creates leads, and says when a person withdrew its consent there.

A source's secret is computed from the installation's key and the source's generation. Rotating begins a new generation;
the one before is good for a day more, so that nothing is lost while the CRM is told.
"""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, refuse_if, refused_by
from openprm.kernel.scope import system_scope
from openprm.leads import intake_policies as policies
from openprm.leads.models import EventSource, Lead, SourceEvent
from openprm.leads.rules import signatures as rules
from openprm.leads.rules.signatures import Verdict
from openprm.leads.services import checks
from openprm.leads.services.incoming import consent_of, lead_of, points_of
from openprm.leads.services.taking_in import take_in
from openprm.leads.services.withdrawals import withdraw_consent

OLD_SECRET_LASTS = timedelta(days=1)
KINDS = ("lead.created", "lead.consent_withdrawn")


class BadSignature(NotAllowed):
    """The event was not signed by whom it says, or is too old."""


class EventReused(Conflict):
    """The id of an event was used for another one."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event: created, known, erased or refused (with the sentence)."""

    event_id: str
    outcome: str
    lead_id: UUID | None = None
    number: str = ""
    message: str = ""
    is_repeated: bool = False
    problems: tuple[Any, ...] = ()


@transaction.atomic
def create_source(*, actor: Actor, code: str, name: str, at: datetime) -> UUID:
    """A system that may send events. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_intake(actor))
    made = EventSource(code=checks.code("code", code), name=checks.line("name", name, longest=120, required=True))
    with refused_by("leads_eventsource_code_key", Conflict(_("Another system has this word. Choose another one."), field="code")):
        made.save()
    audit.record(actor, "lead_source.created", made, at=at)
    return made.pk


@transaction.atomic
def rotate_secret(*, actor: Actor, source_id: UUID, version: int | None = None, at: datetime) -> None:
    """Begin a new secret; the old one works for a day more. Raises NotFound, NotAllowed, Stale."""
    source = _load(actor, source_id, version)
    source.generation, source.rotated_at = source.generation + 1, at
    _save(source, actor, "lead_source.rotated", at)


@transaction.atomic
def switch_source(*, actor: Actor, source_id: UUID, is_active: bool, version: int | None = None, at: datetime) -> None:
    """Stop a system from sending, or let it send again. Raises NotFound, NotAllowed, Stale."""
    source = _load(actor, source_id, version)
    source.is_active = is_active
    _save(source, actor, "lead_source.switched", at)


def secret_of(source: EventSource, generation: int | None = None) -> str:
    """The secret that a system signs with."""
    made = salted_hmac("openprm.leads.source", f"{source.pk}:{generation or source.generation}", algorithm="sha256").digest()
    return "whsec_" + b32encode(made).decode().rstrip("=").lower()


def secret_for(*, actor: Actor, source_id: UUID) -> str:
    """The secret of a system, for whoever may manage it. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_manage_intake(actor))
    return secret_of(policies.reach_sources(actor).one(source_id))


def receive_event(*, code: str, header: str, body: bytes, event: Mapping[str, Any], at: datetime) -> Handled:
    """Take one signed event: once per id, whatever the network repeats. A lead that is refused is written down as refused.

    Raises NotFound, BadSignature, Invalid, EventReused.
    """
    with system_scope():
        source = _sender(code, header, body, at)
        event_id, kind = _head(event)
        digest = hashlib.sha256(body).hexdigest()
        if done := SourceEvent.objects.select_related("lead").filter(source=source, event_id=event_id).first():
            return _again(done, digest)
        row = SourceEvent(source=source, event_id=event_id, kind=kind, body_hash=digest, received_at=at)
        handled = _handle(source, event_id, kind, event, at)
        row.outcome, row.message, row.lead_id = handled.outcome, handled.message[:500], handled.lead_id
        with refused_by("one_event_per_id", EventReused(_("This event is being taken in right now. Send it again in a minute."))):
            row.save()
        if handled.outcome == "refused":
            audit.record(SYSTEM, "lead.refused", source, after={}, data={"event": event_id, "why": handled.message[:500]}, at=at)
        return handled


def _sender(code: str, header: str, body: bytes, at: datetime) -> EventSource:
    source = EventSource.objects.filter(code=str(code)[:60], is_active=True).first()
    if source is None:
        raise NotFound()
    secrets = [secret_of(source)]
    if source.rotated_at and source.rotated_at + OLD_SECRET_LASTS > at:
        secrets.append(secret_of(source, source.generation - 1))
    verdict = rules.judge(header, body, secrets=tuple(secrets), at=at)
    if verdict is not Verdict.GOOD:
        raise BadSignature(_why_bad(verdict), code=f"signature_{verdict}")
    return source


def _why_bad(verdict: Verdict) -> str:
    return {
        Verdict.MALFORMED: _("Sign the event: X-OpenPRM-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of “t.body”>."),
        Verdict.OLD: _("The event was signed more than 5 minutes from now. Check the clock of the sending system, and sign again when you repeat."),
        Verdict.FORGED: _("The signature does not fit the body. Check the secret, and sign the bytes exactly as they are sent."),
    }[verdict]


def _head(event: Mapping[str, Any]) -> tuple[str, str]:
    event_id = checks.line("id", event.get("id"), longest=120, required=True)
    kind = checks.line("type", event.get("type"), longest=40, required=True)
    if kind not in KINDS:
        raise Invalid(_("Send one of the types %(kinds)s.") % {"kinds": ", ".join(KINDS)}, field="type")
    return event_id, kind


def _again(done: SourceEvent, digest: str) -> Handled:
    if done.body_hash != digest:
        raise EventReused(_("The id %(id)s was used for another event. Give each event its own id.") % {"id": done.event_id[:60]})
    return Handled(done.event_id, done.outcome, done.lead_id, done.lead.number if done.lead else "", done.message, is_repeated=True)


def _handle(source: EventSource, event_id: str, kind: str, event: Mapping[str, Any], at: datetime) -> Handled:
    try:
        with transaction.atomic():
            return _withdrawn(source, event_id, event, at) if kind == "lead.consent_withdrawn" else _created(source, event_id, event, at)
    except (Invalid, Conflict, NotFound) as refusal:
        return Handled(event_id, "refused", message=str(refusal.message), problems=refusal.problems)


def _created(source: EventSource, event_id: str, event: Mapping[str, Any], at: datetime) -> Handled:
    lead = event.get("lead")
    if not isinstance(lead, Mapping):
        raise Invalid(_("Send the lead as an object in “lead”."), field="lead")
    draft = lead_of(lead, source="crm", source_detail=event_id, external_source=source.code)
    taken = take_in(actor=SYSTEM, draft=draft, consent=consent_of(lead.get("consent")), points=points_of(lead.get("score")), at=at)
    return Handled(event_id, "known" if taken.received.was_known else "created", taken.received.lead_id, taken.received.number)


def _withdrawn(source: EventSource, event_id: str, event: Mapping[str, Any], at: datetime) -> Handled:
    lead = event.get("lead")
    external_id = checks.line("lead.external_id", lead.get("external_id") if isinstance(lead, Mapping) else "", longest=120, required=True)
    row = Lead.objects.filter(external_source=source.code, external_id=external_id).first()
    if row is None:
        raise NotFound(_("No lead of this system has the id %(id)s.") % {"id": external_id[:60]})
    if row.erased_at is None:
        withdraw_consent(lead_id=row.pk, note=_("The person withdrew its consent in %(system)s.") % {"system": source.name}, at=at)
    return Handled(event_id, "erased", row.pk, row.number)


def _load(actor: Actor, source_id: UUID, version: int | None) -> EventSource:
    refuse_if(policies.why_not_manage_intake(actor))
    source = policies.reach_sources(actor).locked().one(source_id)
    if version is not None and version != source.version:
        raise Stale()
    return source


def _save(source: EventSource, actor: Actor, verb: str, at: datetime) -> None:
    source.version += 1
    source.save()
    audit.record(actor, verb, source, after={}, at=at)
