"""What is shown to whom, in both directions, who looked, and what was asked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Ask, Consent, Grant, Look, Population
from openprm.mapping.queries.results import AskView, ConnectionView, GrantView, LookView
from openprm.mapping.rules.sharing import Level


def connections(actor: Actor, partner_ids: Iterable[UUID]) -> tuple[ConnectionView, ...]:
    """Where the own side stands with each of these partners. Raises NotAllowed."""
    home = policies.refuse_outsider(actor)
    wanted = list(partner_ids)
    rows: dict[UUID, list[Consent]] = {}
    for row in Consent.objects.filter(partner__in=wanted, ended_at=None):
        rows.setdefault(row.partner_id, []).append(row)
    names = _names(wanted)
    vendor = vendor_name() if actor.is_partner else ""
    return tuple(_connection(home, pk, names.get(pk, ""), vendor, rows.get(pk, [])) for pk in wanted)


def begun(actor: Actor) -> tuple[ConnectionView, ...]:
    """Everybody with whom one side at least has agreed, by name. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    found = connections(actor, set(Consent.objects.filter(ended_at=None).values_list("partner", flat=True)))
    return tuple(sorted(found, key=lambda one: (one.partner, one.partner_id)))


def connection(actor: Actor, partner_id: UUID) -> ConnectionView:
    return connections(actor, [partner_id])[0]


def vendor_name() -> str:
    with system_scope():
        return identity.vendor_organization().name


def _connection(home: UUID, partner_id: UUID, name: str, vendor: str, rows: list[Consent]) -> ConnectionView:
    return ConnectionView(
        partner_id=partner_id,
        partner=name,
        other=vendor or name,
        we_agreed=any(row.giver_id == home for row in rows),
        they_agreed=any(row.receiver_id == home for row in rows),
        since=max(row.given_at for row in rows) if len(rows) == 2 else None,
    )


def given(actor: Actor, at: datetime, partner_id: UUID | None = None) -> tuple[GrantView, ...]:
    """What the own side shows and showed, newest first. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    return _grants(policies.own(actor, Grant), at, partner_id, "viewer_id")


def received(actor: Actor, at: datetime, partner_id: UUID | None = None) -> tuple[GrantView, ...]:
    """What is and was shown to the own side, newest first; names of lists that are not shown any more are left out. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    return _grants(policies.reach_received(actor), at, partner_id, "owner_id")


def one_grant(actor: Actor, grant_id: UUID, at: datetime) -> GrantView:
    """A grant of the own side or to it: while it lives what may be seen, afterwards the receipt. Raises NotAllowed, NotFound."""
    home = policies.refuse_outsider(actor)
    row = Grant.objects.filter(Q(owner=home) | Q(viewer=home)).one(grant_id)
    other = row.viewer_id if row.owner_id == home else row.owner_id
    return _grant(row, _names([other]).get(other, ""), _lists([row]).get(row.population_id), at)


def newest_looks(actor: Actor, partner_id: UUID | None = None) -> QuerySet:
    """The access log of the own lists, for pages of it and for files; `look_views` makes views. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    rows = policies.reach_looks(actor).select_related("population", "grant")
    return rows.filter(partner=partner_id) if partner_id else rows


def look_views(rows: Iterable[Look]) -> tuple[LookView, ...]:
    """Two queries."""
    found = list(rows)
    names = _names(row.viewer_id for row in found)
    return tuple(_look(row, names.get(row.viewer_id, "")) for row in found)


def _look(row: Look, viewer: str) -> LookView:
    return LookView(
        id=row.pk, at=row.at, person=row.person, viewer=viewer, population=row.population.name, what=row.what, rows=row.rows, purpose=row.grant.purpose
    )


def _grants(rows: QuerySet, at: datetime, partner_id: UUID | None, other: str) -> tuple[GrantView, ...]:
    found = list((rows.filter(partner=partner_id) if partner_id else rows).order_by("-granted_at", "-id")[:500])
    names = _names(getattr(row, other) for row in found)
    lists = _lists(found)
    return tuple(_grant(row, names.get(getattr(row, other), ""), lists.get(row.population_id), at) for row in found)


def _lists(rows: list[Grant]) -> dict[UUID, tuple[str, str, int]]:
    found = Population.objects.filter(pk__in={row.population_id for row in rows}).values_list("pk", "name", "kind", "row_count")
    return {pk: (name, kind, count) for pk, name, kind, count in found}


def _grant(row: Grant, other: str, told: tuple[str, str, int] | None, at: datetime) -> GrantView:
    name, kind, count = told or ("", "", 0)
    return GrantView(
        id=row.pk,
        population_id=row.population_id,
        population=name,
        kind=kind,
        owner_id=row.owner_id,
        viewer_id=row.viewer_id,
        other=other,
        level=Level(row.level).code,
        fields=tuple(row.fields),
        purpose=row.purpose,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        row_count=count,
        is_live=row.revoked_at is None and row.expires_at > at,
        ended_by=row.ended_by,
        end_reason=row.end_reason or ("expired" if row.revoked_at is None and row.expires_at <= at else ""),
        look_count=row.look_count,
        rows_seen=row.rows_seen,
    )


def looks(actor: Actor, partner_id: UUID | None = None, limit: int = 100) -> tuple[LookView, ...]:
    """Who of the other side looked at the own lists, newest first. Raises NotAllowed."""
    return look_views(newest_looks(actor, partner_id)[:limit])


def asks(actor: Actor, partner_id: UUID | None = None) -> tuple[AskView, ...]:
    """Requests for data in both directions, newest first. Raises NotAllowed."""
    home = policies.refuse_outsider(actor)
    rows = policies.reach_asks(actor)
    found = list((rows.filter(partner=partner_id) if partner_id else rows)[:200])
    names = _names(pk for row in found for pk in (row.asker_id, row.owner_id))
    lists = dict(Population.objects.filter(pk__in={row.population_id for row in found if row.population_id}).values_list("pk", "name"))
    return tuple(_ask(row, home, names, lists.get(row.population_id, "")) for row in found)


def _ask(row: Ask, home: UUID, names: dict[UUID, str], population: str) -> AskView:
    is_mine = row.asker_id == home
    return AskView(
        id=row.pk,
        partner_id=row.partner_id,
        is_mine=is_mine,
        other=names.get(row.owner_id if is_mine else row.asker_id, ""),
        person=row.person,
        kind=row.kind,
        population_id=row.population_id,
        population=population,
        level=Level(row.level).code,
        fields=tuple(row.fields),
        purpose=row.purpose,
        message=row.message,
        state=row.state,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        created_at=row.created_at,
    )


def _names(ids: Iterable[UUID]) -> dict[UUID, str]:
    with system_scope():
        return identity.organization_names(set(ids))
