"""What overlaps are worth, and whether both sides give alike."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openprm.identity import queries as identity
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Detail, Standing
from openprm.mapping.queries.lists import lists
from openprm.mapping.queries.overlaps import matrix, met, warmth
from openprm.mapping.queries.results import Heat, HeatRow, Overview, Potential
from openprm.mapping.queries.sharing import connection, given
from openprm.mapping.rules.scores import Evidence, Given, Reciprocity, Score, reciprocity, score
from openprm.mapping.rules.sharing import MASKED, Group, Kind, Level

NONE_GIVEN = Given(companies=0, values={})


def overview(actor: Actor, partner_id: UUID, at: datetime) -> Overview:
    """Everything between the own side and one partner (for a partner: the vendor). Raises NotAllowed."""
    policies.refuse_outsider(actor)
    return Overview(
        connection=connection(actor, partner_id),
        matrix=matrix(actor, partner_id, at),
        potential=potential(actor, partner_id, at),
        reciprocity=balance(actor, partner_id),
        score=partner_score(actor, partner_id, at) if actor.is_vendor else None,
        given=[grant for grant in given(actor, at, partner_id) if grant.is_live],
    )


def potential(actor: Actor, partner_id: UUID, at: datetime) -> Potential:
    """The distinct open deals at companies that both have. Raises NotAllowed. Two queries, summed by the database."""
    policies.refuse_outsider(actor)
    mine, theirs = ("left", "right") if actor.is_vendor else ("right", "left")
    found = met(actor, partner_id, at)
    own = _deals(policies.own(actor, Detail).filter(entry__in=found.values(mine)))
    told = _deals(policies.reach_told(actor, at).filter(entry__in=found.values(theirs)))
    both = {currency: told.get(currency, {}) | own.get(currency, {}) for currency in {*own, *told}}
    return Potential(deals=sum(map(len, own.values())), amounts=_sums(own), with_theirs=_sums(both))


def _deals(rows: QuerySet) -> dict[str, dict[str, int]]:
    """The open deals in rows of details, each once, by currency and id."""
    found: dict[str, dict[str, int]] = {}
    for told in rows.filter(section=Group.DEALS).values_list("told", flat=True).iterator(chunk_size=5_000):
        for key, minor, currency, _stage in told.get("deals", ()):
            found.setdefault(currency, {})[str(key)] = minor
    return found


def _sums(deals: Mapping[str, Mapping[str, int]]) -> tuple[Money, ...]:
    """By currency, the largest first."""
    found = [Money(sum(one.values()), currency) for currency, one in deals.items()]
    return tuple(sorted(found, key=lambda money: (-money.minor, money.currency)))


def balance(actor: Actor, partner_id: UUID) -> Reciprocity:
    """What we show to the other side, and it to us: companies in whole fives, and the open deals told with them. Raises NotAllowed."""
    home = policies.refuse_outsider(actor)
    companies, values = {True: 0, False: 0}, {True: {}, False: {}}
    for row in db.rows("select owner_id, companies, currency, minor from mapping_given(%s)", [partner_id]):
        is_mine = row["owner_id"] == home
        companies[is_mine] = row["companies"]
        if row["currency"]:
            values[is_mine][row["currency"]] = int(row["minor"])
    sides = {mine: Given(companies=companies[mine], values=values[mine]) for mine in (True, False)}
    return reciprocity(sides[True], sides[False])


def heat(actor: Actor, at: datetime) -> Heat:
    """Every partner against the vendor's own lists, with what is given in both directions. Raises NotAllowed. Six queries."""
    home = policies.refuse_outsider(actor)
    own = lists(actor)
    counted: dict[UUID, dict[UUID, int]] = {}
    for row in db.rows("select partner, mine, companies from mapping_heat()"):
        counted.setdefault(row["partner"], {})[row["mine"]] = row["companies"]
    given = _balances(home)
    with system_scope():
        names = identity.organization_names(counted)
    most = max((count for row in counted.values() for count in row.values()), default=0)
    rows = [
        HeatRow(
            partner_id=pk,
            partner=names.get(pk, ""),
            counts=tuple(None if counts.get(one.id, 0) == MASKED else counts.get(one.id, 0) for one in own),
            heats=tuple(warmth(counts.get(one.id, 0), most) for one in own),
            balance=given.get(pk) or reciprocity(NONE_GIVEN, NONE_GIVEN),
        )
        for pk, counts in counted.items()
    ]
    return Heat(lists=own, rows=tuple(sorted(rows, key=lambda row: (-max((count or 0 for count in row.counts), default=0), row.partner))), most=most)


def _balances(home: UUID) -> dict[UUID, Reciprocity]:
    told: dict[UUID, dict[bool, tuple[int, dict[str, int]]]] = {}
    for row in db.rows("select partner, owner, companies, currency, minor from mapping_balance()"):
        sides = told.setdefault(row["partner"], {})
        _companies, values = sides.setdefault(row["owner"] == home, (row["companies"], {}))
        if row["currency"]:
            values[row["currency"]] = int(row["minor"])
    return {pk: reciprocity(*(_given(sides.get(mine)) for mine in (True, False))) for pk, sides in told.items()}


def _given(told: tuple[int, dict[str, int]] | None) -> Given:
    return Given(companies=told[0], values=told[1]) if told else NONE_GIVEN


def partner_score(actor: Actor, partner_id: UUID, at: datetime) -> Score:
    """How much better the vendor's deals go at this partner's customers, as far as the partner shows them. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    return scores(actor, [partner_id], at)[partner_id]


def scores(actor: Actor, partner_ids: Iterable[UUID], at: datetime) -> dict[UUID, Score]:
    """The score of each partner, as counted last; nothing is said of one that shows no list of customers now. Two queries."""
    wanted = list(partner_ids)
    shows = policies.live_grants(actor, at, Level.OVERLAPS).filter(partner__in=wanted, population__kind=Kind.CUSTOMERS)
    rows = {row.partner_id: row for row in Standing.objects.filter(partner__in=shows.values("partner"))}
    return {pk: score(_evidence(rows.get(pk))) for pk in wanted}


def grades(actor: Actor, partner_ids: Iterable[UUID], at: datetime) -> dict[UUID, str]:
    return {pk: found.grade.value for pk, found in scores(actor, partner_ids, at).items()}


def _evidence(row: Standing | None) -> Evidence:
    return Evidence(**{name: getattr(row, name) if row else 0 for name in Evidence.__slots__})
