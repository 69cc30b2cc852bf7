"""The pages of this room ask the database as often for many rows, lists and partners as for few."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openprm.kernel import memory
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries
from openprm.mapping.models import Match
from openprm.mapping.testing import connect, make_list, run_match
from openprm.mapping.tests.test_sharing import NAMES

pytestmark = pytest.mark.django_db


def _asked(client, address: str) -> list[str]:
    """What the page asks, by the beginnings of the statements."""

    def once() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, address
        return [one["sql"][:80] for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]

    return min((once() for _round in range(2)), key=len)


def _addresses(cast, mine, theirs) -> list[str]:
    across = f"/app/account-mapping/partners/{cast.partner_id}/"
    room = "/app/account-mapping/"
    cell = [f"{across}cells/{mine}/{theirs}/", f"{across}whitespace/{theirs}/", f"{across}review/"]
    return [room, f"{room}targets/", f"{room}sharing/", f"{room}looks/", f"{room}lists/{mine}/", across, *cell]


def test_pages_ask_a_fixed_number_of_times(cast, at, monkeypatch):
    monkeypatch.setattr(memory, "SECONDS", 3600.0)  # a page of a busy machine may take longer than facts are remembered
    mine = make_list(cast.vendor_admin, NAMES[:3], level="all")
    theirs = make_list(cast.partner_admin, NAMES[:4], level="all")
    connect(cast.vendor_admin, cast.partner_admin)
    run_match(cast.partner_id)
    client = cast.client("vendor_admin")
    few = {address: _asked(client, address) for address in _addresses(cast, mine, theirs)}

    for number in range(4):
        make_list(cast.vendor_admin, NAMES, name=f"More {number}", kind="own", level="all")
        make_list(cast.partner_admin, NAMES, name=f"More {number}", kind="own", level="all")
        make_list(cast.other_partner_admin, NAMES, name=f"More {number}", level="all")
    connect(cast.vendor_admin, cast.other_partner_admin)
    for partner in (cast.partner_id, cast.other_partner_id):
        run_match(partner)
    with scope(cast.vendor_admin):
        big = {one.name: one.id for one in queries.lists(cast.vendor_admin)}["More 0"]
        other = next(one.id for one in queries.shown(cast.vendor_admin, cast.partner_id, at) if one.name == "More 0")
    with system_scope():
        assert Match.objects.count() > 400
    many = {address: _asked(client, address) for address in _addresses(cast, big, other)}

    grown = {address: Counter(many[address]) - Counter(few[small]) for small, address in zip(few, many, strict=True) if len(many[address]) > len(few[small])}
    assert grown == {}
    assert max(map(len, many.values())) <= 40
