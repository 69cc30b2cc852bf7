from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from openprm.agreements import services
from openprm.agreements.testing import SOME_DAY, acceptance_of, make_document, make_version, sign
from openprm.audit.models import Event
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.usefixtures("committed_db")


def test_of_ten_signatures_at_once_one_stands(cast):
    version = make_version(make_document(signer_roles=["partner_admin", "partner_sales"]), blocks=("deals",))

    def attempt(number):
        try:
            sign(cast.partner_admin if number % 2 else cast.partner_rep, version)
            return "signed"
        except services.AlreadySigned:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=5) as pool:
        results = list(pool.map(attempt, range(10)))

    assert sorted(results) == ["late"] * 9 + ["signed"]
    assert acceptance_of(version, cast.partner_id).status == "accepted"
    with system_scope():
        assert Event.objects.filter(verb="agreement.accepted").count() == 1


def test_two_workers_that_ask_at_once_ask_once(cast):
    version = make_version(make_document(), ask=False)

    def attempt(_number):
        try:
            with system_scope():
                return len(services.settle(partner_id=cast.partner_id, at=SOME_DAY))
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        results = list(pool.map(attempt, range(8)))

    assert sum(results) == 1
    assert acceptance_of(version, cast.partner_id).status == "sent"
