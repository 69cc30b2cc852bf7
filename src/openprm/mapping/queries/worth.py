"""What overlaps are worth, and whether both sides give alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.mapping import policies, ports
from openprm.mapping.models import Entry
from openprm.mapping.queries.lists import open_deals
from openprm.mapping.queries.overlaps import matrix, met
from openprm.mapping.queries.results import Overview, Potential
from openprm.mapping.queries.sharing import connection, given
from openprm.mapping.rules.scores import WITHIN_DAYS, Evidence, Given, Reciprocity, Score, reciprocity, score
from openprm.mapping.rules.sharing import Kind


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
    """The distinct open deals at companies that both have. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    found = met(actor, partner_id, at)
    mine, theirs = ("left", "right") if actor.is_vendor else ("right", "left")
    own = open_deals(actor, at, found.values(mine), own=True)
    told = open_deals(actor, at, found.values(theirs), own=False)
    return Potential(deals=len(own), amounts=_sums(own.values()), with_theirs=_sums((told | own).values()))


def _sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """By currency, the largest first."""
    found: dict[str, int] = {}
    for money in amounts:
        found[money.currency] = found.get(money.currency, 0) + money.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items(), key=lambda one: (-one[1], one[0])))


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


def partner_score(actor: Actor, partner_id: UUID, at: datetime) -> Score:
    """How much better the vendor's deals go at this partner's customers, as far as the partner shows them. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    theirs = met(actor, partner_id, at).filter(right_population__kind=Kind.CUSTOMERS)
    here = set(Entry.objects.filter(pk__in=theirs.values("left")).values_list("key", flat=True))
    with system_scope():
        rows = ports.deals(None)
    since = at - timedelta(days=WITHIN_DAYS)
    decided = [row for row in rows if row.account_id and row.decided_at and since <= row.decided_at <= at]
    tally = {
        (state, is_here): sum(row.state == state and (str(row.account_id) in here) == is_here for row in decided)
        for state in ("won", "lost")
        for is_here in (True, False)
    }
    opened = {str(row.account_id) for row in rows if row.state == "open" and row.account_id}
    return score(
        Evidence(
            won_here=tally["won", True],
            lost_here=tally["lost", True],
            won_elsewhere=tally["won", False],
            lost_elsewhere=tally["lost", False],
            open_here=len(opened & here),
            open_total=len(opened),
        )
    )
