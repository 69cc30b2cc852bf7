"""The vendor and a partner with lists in common, for pictures."""

from typing import Any

from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.mapping import queries, services
from openprm.mapping.testing import connect, make_list, run_match
from openprm.mapping.tests.test_sharing import COMMON, NAMES, ONLY_PARTNER, ONLY_VENDOR


def make_showcase(cast: Any) -> None:
    at = now()
    make_list(cast.vendor_admin, ONLY_VENDOR, level="all", minor=12_500_00, fields=("deals",), at=at)
    make_list(cast.vendor_admin, NAMES[3:12], name="Open deals", kind="open_deals", level="overlaps", minor=40_000_00, fields=("deals",), at=at)
    theirs = make_list(cast.partner_admin, ONLY_PARTNER, level="all", minor=8_000_00, fields=("deals",), at=at)
    make_list(cast.partner_admin, COMMON[2:], name="Prospects", kind="prospects", level="counts", at=at)
    make_list(cast.other_partner_admin, NAMES[5:], level="counts", at=at)
    for partner in (cast.partner_admin, cast.other_partner_admin):
        connect(cast.vendor_admin, partner, at=at)
        run_match(partner.partner_id, at=at)
    me = cast.vendor_admin
    with scope(me):
        found = list(queries.newest_matches(me, queries.lists(me)[0].id, theirs, at)[:3])
        services.decide(actor=me, match_id=found[0].pk, is_same=True, note="They told us on the phone", at=at)
        services.decide(actor=me, match_id=found[1].pk, is_same=False, at=at)
        services.choose_match(actor=me, match_id=found[2].pk, note="For the spring plan", at=at)
        services.choose_company(actor=me, partner_id=cast.partner_id, entry_id=queries.whitespace(me, theirs, at)[0].pk, at=at)
        services.ask(actor=me, partner_id=cast.partner_id, terms=services.read_terms(level="all"), kind="customers", message="For the Nordic plan", at=at)
    with scope(cast.partner_admin):
        services.set_terms(actor=cast.partner_admin, population_id=queries.lists(cast.partner_admin)[1].id, terms=services.read_terms(level="hidden"), at=at)
        services.ask(
            actor=cast.partner_admin,
            partner_id=cast.partner_id,
            terms=services.read_terms(level="all", fields=("deals",)),
            kind="prospects",
            message="To plan our fair",
            at=at,
        )
