import random, time
from collections import Counter
from datetime import UTC, datetime, timedelta
import pytest
from openprm.demo.founding import found
from openprm.demo.stage import stage_of
from openprm.demo.chapters import onboarding
from openprm.kernel import jobs
from openprm.kernel.clock import stopped
from openprm.kernel.scope import system_scope, scope
from openprm.onboarding import queries
from openprm.kernel.actor import SYSTEM

def test_chapter(committed_db):
    at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC); chance = random.Random(3)
    start = (at - timedelta(days=737)).replace(hour=6)
    with stopped(start), system_scope(), jobs.only(lambda _n: False):
        ground = found(at=start, until=at, customers=20, chance=chance)
    stage = stage_of(ground, start=start, until=at, chance=chance)
    t = time.process_time(); w = time.time()
    onboarding.tell(stage)
    print("CPU", time.process_time() - t, "wall", time.time() - w)
    with system_scope():
        found_ = queries.overview(SYSTEM, at)
        print(found_.running, found_.on_track, found_.stuck, found_.completed, found_.registration, found_.win)
        for one in found_.cohorts: print(one)
        for row in found_.stuck_plans: print(row.partner, row.percent, row.stuck_why)
        from openprm.onboarding.models import Plan
        for plan in Plan.objects.order_by("started_at"): print(plan.partner, plan.state, plan.started_at.date(), plan.ended_at)
        from openprm.kernel.testing import queued_jobs
        print(Counter(name for name, _ in queued_jobs()).most_common(12))
