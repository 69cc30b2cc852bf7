"""Several workers at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from openprm.directory import queries, services
from openprm.directory.models import Badge, IssuerKey, StatusList
from openprm.kernel.scope import system_scope

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.usefixtures("committed_db")
def test_eight_workers_make_one_badge_each_under_one_key(cast, settings, tmp_path):
    settings.OPENPRM_DATA = tmp_path

    def work(number: int) -> None:
        try:
            services.sync_tier_badges(partner_id=(cast.partner_id, cast.other_partner_id)[number % 2], at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    with system_scope():
        assert (Badge.objects.count(), StatusList.objects.count(), IssuerKey.objects.count()) == (2, 1, 1)
        assert queries.public_badge(Badge.objects.first().pk, AT).verdict.state == "valid"
