"""Grants brought in line with what both sides agreed to and what each wants to show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.events import SharingChanged
from openprm.mapping.models import Consent, Grant, Population, Term
from openprm.mapping.rules.sharing import NOTHING, Level, Terms, ends_at, same_promise


@dataclass(frozen=True, slots=True)
class _Wanted:
    population: Population
    viewer_id: UUID
    terms: Terms


def settle(actor: Actor, partner_id: UUID, at: datetime, population_id: UUID | None = None, *, renew: bool = False) -> int:
    """Revoke the grants that are no longer wanted and give those that are missing; gives how many changed.

    Without the agreement of both sides every grant ends. Nothing is shown that its owner did not say. A grant that ran out
    hides the list from its viewer until the owner says anew what is shown (`renew`).
    """
    with system_scope():
        rows = Grant.objects.filter(partner=partner_id, revoked_at=None)
        live = {(grant.population_id, grant.viewer_id): grant for grant in _only(rows, population_id).locked().select_related("population")}
        wanted = {(one.population.pk, one.viewer_id): one for one in _wanted(partner_id, population_id)} if policies.connected(partner_id) else {}
        changed = 0
        for key in sorted({*live, *wanted}):
            changed += _bring_in_line(actor, partner_id, live.get(key), wanted.get(key), renew, at)
        if changed:
            publish(SharingChanged(partner_id=partner_id, at=at))
    return changed


def _only(rows, population_id: UUID | None):
    return rows.filter(population=population_id) if population_id else rows


def _wanted(partner_id: UUID, population_id: UUID | None) -> list[_Wanted]:
    """What each side wants to show of each of its lists to the other."""
    between = {row.giver_id: row.receiver_id for row in Consent.objects.filter(partner=partner_id, ended_at=None)}
    lists = list(_only_id(Population.objects.filter(owner__in=between, archived_at=None), population_id))
    said = {(term.population_id, term.viewer_id): _terms(term) for term in Term.objects.filter(population__in=[one.pk for one in lists])}
    found = [_Wanted(one, between[one.owner_id], said.get((one.pk, between[one.owner_id])) or said.get((one.pk, None)) or NOTHING) for one in lists]
    return [one for one in found if one.terms.level]


def _only_id(rows, population_id: UUID | None):
    return rows.filter(pk=population_id) if population_id else rows


def _terms(term: Term) -> Terms:
    return Terms(level=Level(term.level), fields=tuple(term.fields), purpose=term.purpose, days=term.days)


def _bring_in_line(actor: Actor, partner_id: UUID, live: Grant | None, wanted: _Wanted | None, renew: bool, at: datetime) -> int:
    ended = live is not None and live.expires_at <= at and not renew
    if live and wanted and not ended and not renew and same_promise(live.level, live.fields, live.purpose, wanted.terms):
        return 0
    if live:
        _revoke(actor, live, "expired" if ended else _reason(live, wanted), at)
    if ended:
        hidden = {"owner_id": live.owner_id, "level": int(Level.HIDDEN), "fields": []}
        Term.objects.update_or_create(population_id=live.population_id, viewer_id=live.viewer_id, defaults=hidden)
    elif wanted:
        _give(actor, partner_id, wanted, at)
    return 1


def _reason(live: Grant, wanted: _Wanted | None) -> str:
    if wanted:
        return "replaced"
    return "revoked" if policies.connected(live.partner_id) else "ended"


def _revoke(actor: Actor, grant: Grant, reason: str, at: datetime) -> None:
    """End a grant; the row becomes the receipt that both sides read, with how often and how much was looked at."""
    seen = grant.looks.aggregate(looks=Count("pk"), rows=Sum("rows"))
    grant.revoked_at, grant.end_reason, grant.ended_by = at, reason, "" if actor.is_system else actor.name[:120]
    grant.look_count, grant.rows_seen = seen["looks"], seen["rows"] or 0
    grant.save(update_fields=["revoked_at", "end_reason", "ended_by", "look_count", "rows_seen", "updated_at"])
    _record(actor, "mapping.revoked", grant, at, {"looks": grant.look_count, "rows": grant.rows_seen, "reason": reason})


def _give(actor: Actor, partner_id: UUID, wanted: _Wanted, at: datetime) -> None:
    terms = wanted.terms
    grant = Grant(
        partner_id=partner_id,
        owner_id=wanted.population.owner_id,
        viewer_id=wanted.viewer_id,
        population=wanted.population,
        level=terms.level,
        fields=list(terms.fields),
        purpose=terms.purpose,
        granted_at=at,
        expires_at=ends_at(terms, at),
    )
    grant.save(force_insert=True)
    _record(actor, "mapping.granted", grant, at, {})


def _record(actor: Actor, verb: str, grant: Grant, at: datetime, more: dict) -> None:
    data = {
        "list": grant.population.name,
        "level": Level(grant.level).code,
        "fields": list(grant.fields),
        "purpose": grant.purpose,
        "until": grant.expires_at.isoformat(),
    }
    audit.record(actor, verb, grant, after={}, refs=[grant.partner_id], visible_to=[grant.partner_id], data=data | more, at=at)
