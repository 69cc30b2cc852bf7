"""Two refreshes of one partner at the same moment move it once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from openprm.kernel.scope import system_scope
from openprm.rulebook.ports import Row, Table
from openprm.tiering import services
from openprm.tiering.models import Standing, TierMove
from openprm.tiering.testing import enter, publish_rules


def in_parallel(*work):
    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in work]]


@pytest.mark.usefixtures("committed_db")
def test_two_refreshes_at_once_move_once(cast, at):
    table = Table(("certifications",), ("tier",), (Row("T1", {"certifications": ">= 2"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))
    publish_rules(program_id=cast.program.pk, table=table)
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)

    found = in_parallel(*[lambda: services.refresh(partner_id=cast.other_partner_id, at=at)] * 4)

    assert sorted(one[0].step.value for one in found) == ["promote", "stay", "stay", "stay"]
    with system_scope():
        assert (TierMove.objects.count(), Standing.objects.get(partner_id=cast.other_partner_id).held_rank) == (1, 2)
