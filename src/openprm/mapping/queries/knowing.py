"""Who knows a company: partners for the vendor, the vendor's lists for a partner; and the partners recommended per open deal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.mapping import policies, ports
from openprm.mapping.models import Entry
from openprm.mapping.queries.results import KnownAs, PartnerAt, Recommended
from openprm.mapping.queries.worth import grades

_GRADES = ("high", "medium", "low", "none", "unknown")


@dataclass(slots=True)
class _Seen:
    kinds: set[str] = field(default_factory=set)
    lists: set[UUID] = field(default_factory=set)
    best: int = 0

    def add(self, kind: str, list_id: UUID, permille: int) -> None:
        self.kinds.add(kind)
        self.lists.add(list_id)
        self.best = max(self.best, permille)


def partners_at(actor: Actor, account_id: UUID, at: datetime, domain: str = "") -> tuple[PartnerAt, ...]:
    """The partners that know a company of the vendor's records, those that have it as a customer first. For rooms above, per open deal."""
    return partners_at_each(actor, {account_id: domain}, at).get(account_id, ())


def partners_at_each(actor: Actor, domains: dict[UUID, str], at: datetime) -> dict[UUID, tuple[PartnerAt, ...]]:
    """The same of many companies at once, by account with its domain. Five queries however many."""
    if not actor.is_vendor or policies.home_of(actor) is None or not domains:
        return {}
    by_entry = _own_entries(actor, domains)
    found: dict[UUID, dict[UUID, _Seen]] = {}
    rows = policies.reach_matches(actor, at).exclude(state="split").filter(left__in=list(by_entry))
    for left_id, partner_id, list_id, kind, permille in rows.values_list("left", "partner", "right_population", "right_population__kind", "permille"):
        for account_id in by_entry[left_id]:
            found.setdefault(account_id, {}).setdefault(partner_id, _Seen()).add(kind, list_id, permille)
    with system_scope():
        names = identity.organization_names({pk for partners in found.values() for pk in partners})
    told = grades(actor, names, at)
    return {account_id: _ranked(partners, names, told) for account_id, partners in found.items()}


def _own_entries(actor: Actor, domains: dict[UUID, str]) -> dict[UUID, list[UUID]]:
    """Rows of own lists that are one of these companies, by the account's id or by its domain."""
    keys = {str(account_id): account_id for account_id in domains}
    hosts: dict[str, list[UUID]] = {}
    for account_id, domain in domains.items():
        for host in _spellings(domain):
            hosts.setdefault(host, []).append(account_id)
    rows = policies.own(actor, Entry).filter(Q(key__in=keys) | Q(domain__in=hosts)).values_list("pk", "key", "domain")
    return {pk: sorted({*([keys[key]] if key in keys else []), *hosts.get(domain, [])}) for pk, key, domain in rows}


def _spellings(domain: str) -> tuple[str, ...]:
    """A domain as lists write it."""
    host = normal_domain(domain or "")
    return tuple(f"{before}{host}{after}" for before in ("", "www.", "https://", "https://www.", "http://www.") for after in ("", "/")) if host else ()


def _ranked(partners: dict[UUID, _Seen], names: dict[UUID, str], told: dict[UUID, str]) -> tuple[PartnerAt, ...]:
    views = [
        PartnerAt(
            partner_id=pk,
            partner=names.get(pk, ""),
            kinds=tuple(sorted(seen.kinds)),
            lists=tuple(sorted(seen.lists)),
            percent=round(seen.best / 10),
            grade=told.get(pk, "unknown"),
        )
        for pk, seen in partners.items()
    ]
    return tuple(sorted(views, key=lambda one: (not one.is_customer, _GRADES.index(one.grade), -one.percent, one.partner)))


def known_as(actor: Actor, account_id: UUID | None, object_id: UUID, domain: str, at: datetime) -> KnownAs | None:
    """For a partner: the vendor's lists, as far as they are shown, that hold the company of its own deal or lead. None where there is none."""
    if not actor.is_partner or policies.home_of(actor) is None:
        return None
    mine = Q(key__in=[str(one) for one in (account_id, object_id) if one]) | Q(domain__in=_spellings(domain))
    rows = policies.reach_matches(actor, at).exclude(state="split").filter(right__in=policies.own(actor, Entry).filter(mine).values("pk"))
    seen = _Seen()
    for list_id, kind, permille in rows.values_list("left_population", "left_population__kind", "permille"):
        seen.add(kind, list_id, permille)
    return KnownAs(kinds=tuple(sorted(seen.kinds)), lists=tuple(sorted(seen.lists)), percent=round(seen.best / 10)) if seen.lists else None


def recommended(actor: Actor, at: datetime, *, limit: int = 100, most: int = 3) -> tuple[Recommended, ...]:
    """The vendor's largest open deals at companies that partners know, with the partners to bring in. Raises NotAllowed.

    The port for intelligence (O6): the partner that has the deal is not recommended for it.
    """
    policies.refuse_outsider(actor)
    if not actor.is_vendor:
        return ()
    with system_scope():
        rows = [row for row in ports.deals(None) if row.state == "open" and row.account_id]
    known = partners_at_each(actor, {row.account_id: row.domain for row in rows if row.account_id}, at)
    made = [one for row in rows if (one := _recommended(row, known, most))]
    return tuple(sorted(made, key=lambda one: (-one.amount.minor, str(one.deal_id)))[:limit])


def _recommended(row: ports.DealRow, known: dict[UUID, Sequence[PartnerAt]], most: int) -> Recommended | None:
    partners = tuple(one for one in known.get(row.account_id, ()) if one.partner_id != row.partner_id)[:most] if row.account_id else ()
    if not partners:
        return None
    return Recommended(deal_id=UUID(row.id), account_id=row.account_id, company=row.name, amount=Money(row.minor, row.currency), partners=partners)


def in_lists(rows: Iterable[PartnerAt]) -> set[UUID]:
    """The partners' lists that told us."""
    return {pk for one in rows for pk in one.lists}
