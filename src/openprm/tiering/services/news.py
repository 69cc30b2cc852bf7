"""Telling both sides of a tier: what was gained or lost, what is in danger, what waits. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners
from openprm.rulebook.rules.language import date_words
from openprm.tiering.models import Standing, TierMove

CAUSE = {
    "expiring": gettext_lazy("something that counts ends soon"),
    "trend": gettext_lazy("what counts is going down"),
    "below": gettext_lazy("a criterion is not met"),
}


def tell_of_tier(*, partner_id: UUID, program_id: UUID, before: str, after: str, at: datetime) -> None:
    """The tier changed, by rule or by hand: both sides hear of it, and what waited for a decision is dropped by the next refresh."""
    if not before:
        return
    tiers = {tier.code: tier for tier in partners.program(SYSTEM, program_id).tiers}
    if after not in tiers or before not in tiers:
        return
    is_up = tiers[after].rank > tiers[before].rank
    kind = "tiering.promoted" if is_up else "tiering.demoted"
    name = tiers[after].name
    title = _("You are %(tier)s now") % {"tier": name} if is_up else _("Your tier is %(tier)s now") % {"tier": name}
    body = _("It was %(before)s. See what it gives you.") % {"before": tiers[before].name}
    _to_partner(partner_id, kind, title, body, at, key=f"{program_id}:{after}", urgent=not is_up)
    _to_vendor(partner_id, kind, _("%(partner)s is %(tier)s now") % {"partner": _name(partner_id), "tier": name}, body, at, key=f"{program_id}:{after}")


def tell_of_proposal(*, move_id: UUID, at: datetime) -> None:
    """A move waits for a person."""
    move = TierMove.objects.select_related("before", "after").get(pk=move_id)
    words = {"partner": _name(move.partner_id), "after": move.after.name}
    title = _("Promote %(partner)s to %(after)s?") if move.direction == "up" else _("Move %(partner)s down to %(after)s?")
    url = reverse("tiering:move", args=[move_id])
    _to_vendor(move.partner_id, "tiering.proposed", title % words, move.clause_text, at, key=str(move_id), url=url)


def tell_of_move(*, move_id: UUID, at: datetime) -> None:
    """A move was declined: the partner reads why."""
    move = TierMove.objects.select_related("before", "after").get(pk=move_id)
    if move.direction == "up":
        title = _("You stay %(tier)s for now") % {"tier": move.before.name}
        _to_partner(move.partner_id, "tiering.declined", title, move.reason, at, key=str(move_id))
    else:
        title = _("You keep %(tier)s") % {"tier": move.before.name}
        _to_partner(move.partner_id, "tiering.recovered", title, move.reason, at, key=str(move_id))


def tell_of_grace(*, partner_id: UUID, program_id: UUID, tier: str, until: datetime, at: datetime) -> None:
    """The clock runs: what is missing, and until when."""
    standing = Standing.objects.filter(partner_id=partner_id, program_id=program_id).first()
    if standing is None:
        return
    title = _("You may lose %(tier)s on %(day)s") % {"tier": tier, "day": date_words(until.date())}
    body = _("A criterion of your tier is no longer met. You keep the tier until then; here is what is missing.")
    _to_partner(partner_id, "tiering.grace", title, body, at, key=f"{program_id}:{until.date()}", urgent=True)
    words = {"partner": _name(partner_id), "tier": tier, "day": date_words(until.date())}
    _to_vendor(partner_id, "tiering.grace", _("%(partner)s may lose %(tier)s on %(day)s") % words, "", at, key=f"{program_id}:{until.date()}")


def tell_of_recovery(*, partner_id: UUID, program_id: UUID, tier: str, at: datetime) -> None:
    title = _("%(tier)s is safe again") % {"tier": tier}
    body = _("Every criterion of your tier is met.")
    _to_partner(partner_id, "tiering.recovered", title, body, at, key=f"{program_id}:{at.date()}")


def tell_of_risk(*, partner_id: UUID, program_id: UUID, tier: str, causes: Iterable[str], at: datetime) -> None:
    """Nothing is lost yet: the early warning."""
    said = "; ".join(str(CAUSE[cause]) for cause in causes if cause in CAUSE)
    key = f"{program_id}:{at.year}-{at.month}:{said}"
    _to_partner(partner_id, "tiering.at_risk", _("%(tier)s is at risk") % {"tier": tier}, _sentence(said), at, key=key)
    words = {"partner": _name(partner_id), "tier": tier}
    _to_vendor(partner_id, "tiering.at_risk", _("%(partner)s may fall below %(tier)s") % words, _sentence(said), at, key=key)


def tell_of_report(*, partner_id: UUID, program_id: UUID, benefit: str, at: datetime) -> None:
    """A partner did not get what its tier promises: its manager hears of it."""
    words = {"partner": _name(partner_id), "benefit": partners.benefit_label(benefit)}
    _to_vendor(partner_id, "tiering.benefit_missing", _("%(partner)s did not get: %(benefit)s") % words, "", at, key=f"{program_id}:{benefit}:{at.isoformat()}")


def _to_partner(partner_id: UUID, kind: str, title: str, body: str, at: datetime, *, key: str, urgent: bool = False) -> None:
    people = [person.id for person in identity.holders_of("tiering.report", partner_id)]
    _send(people, kind, title, body, reverse("tiering:portal_tier"), partner_id, key, urgent, at)


def _to_vendor(partner_id: UUID, kind: str, title: str, body: str, at: datetime, *, key: str, url: str = "") -> None:
    manager_id = partners.manager_of(partner_id)
    people = [manager_id] if manager_id else [person.id for person in identity.holders_of("tiering.decide")]
    _send(people, kind, title, body, url or reverse("tiering:partner", args=[partner_id]), partner_id, f"v:{key}", False, at)


def _send(people: list[UUID], kind: str, title: str, body: str, url: str, partner_id: UUID, key: str, urgent: bool, at: datetime) -> None:
    inbox.notify(
        to=people,
        kind=kind,
        title=title[:200],
        body=body,
        url=url,
        refs=(partner_id,),
        urgent=urgent,
        key=f"{kind}:{partner_id}:{key}:{at.date()}"[:120],
        at=at,
    )


def _name(partner_id: UUID) -> str:
    return identity.organization(SYSTEM, partner_id).name


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "." if text else ""
