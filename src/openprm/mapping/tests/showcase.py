"""The vendor and a partner with lists in common, for pictures."""

from typing import Any

from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.mapping import services
from openprm.mapping.testing import connect, make_list, run_match
from openprm.mapping.tests.test_sharing import COMMON, NAMES, ONLY_PARTNER, ONLY_VENDOR


def make_showcase(cast: Any) -> None:
    at = now()
    make_list(cast.vendor_admin, ONLY_VENDOR, level="all", minor=12_500_00, fields=("deals",), at=at)
    make_list(cast.vendor_admin, NAMES[3:12], name="Open deals", kind="open_deals", level="overlaps", minor=40_000_00, fields=("deals",), at=at)
    make_list(cast.partner_admin, ONLY_PARTNER, level="overlaps", minor=8_000_00, fields=("deals",), at=at)
    make_list(cast.partner_admin, COMMON[2:], name="Prospects", kind="prospects", level="counts", at=at)
    connect(cast.vendor_admin, cast.partner_admin, at=at)
    run_match(cast.partner_id, at=at)
    with scope(cast.vendor_admin):
        services.ask(
            actor=cast.vendor_admin, partner_id=cast.partner_id, terms=services.read_terms(level="all"), kind="customers", message="For the Nordic plan", at=at
        )
