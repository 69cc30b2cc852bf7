"""The evidence for partners' scores, counted by the system after comparisons and every night, so that no page reads all deals."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from openprm.mapping import ports
from openprm.mapping.models import Consent, Entry, Grant, Match, Standing
from openprm.mapping.rules.scores import WITHIN_DAYS, Evidence
from openprm.mapping.rules.sharing import Kind, Level


def count_standings(*, partner_ids: Iterable[UUID] | None = None, at: datetime) -> int:
    """Count the evidence anew, of everybody who agreed to compare or of some partners; gives how many. The deals are read once."""
    live = Consent.objects.filter(ended_at=None)
    wanted = sorted(set(live.values_list("partner", flat=True) if partner_ids is None else partner_ids))
    deals = [row for row in ports.deals(None) if row.account_id or row.domain] if wanted else []
    since = at - timedelta(days=WITHIN_DAYS)
    recent = [row for row in deals if row.state == "open" or (row.decided_at and since <= row.decided_at <= at)]
    for partner_id in wanted:
        found = evidence(recent, *_customers_of(partner_id, at))
        values = {name: getattr(found, name) for name in Evidence.__slots__}
        Standing.objects.update_or_create(partner_id=partner_id, defaults=values | {"counted_at": at})
    return len(wanted)


def _customers_of(partner_id: UUID, at: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Keys and domains of the vendor's companies that are customers of this partner, as far as the partner shows them."""
    shown = Grant.objects.filter(owner=partner_id, revoked_at=None, expires_at__gt=at, level__gte=int(Level.OVERLAPS), population__kind=Kind.CUSTOMERS)
    met = Match.objects.filter(partner=partner_id, right_population__in=shown.values("population")).exclude(state="split")
    rows = list(Entry.objects.filter(pk__in=met.values("left")).values_list("key", "domain"))
    return frozenset(key for key, _domain in rows), frozenset(domain for _key, domain in rows if domain)


def evidence(deals: Sequence[ports.DealRow], keys: frozenset[str], domains: frozenset[str]) -> Evidence:
    """Decided deals and open companies, at customers of a partner and elsewhere."""
    here = [str(row.account_id) in keys or row.domain in domains for row in deals]

    def counted(state: str, is_here: bool) -> int:
        return sum(row.state == state and found == is_here for row, found in zip(deals, here, strict=True))

    opened = {str(row.account_id or row.domain): found for row, found in zip(deals, here, strict=True) if row.state == "open"}
    return Evidence(
        won_here=counted("won", True),
        lost_here=counted("lost", True),
        won_elsewhere=counted("won", False),
        lost_elsewhere=counted("lost", False),
        open_here=sum(opened.values()),
        open_total=len(opened),
    )
