"""A plan is announced alike through its own pages and through those of the rulebook."""

from datetime import UTC, datetime, timedelta

import pytest

from openprm.inbox.models import Notification
from openprm.incentives import queries, services
from openprm.incentives.rulekinds import PLAN
from openprm.incentives.rules.draft import RateDraft, table_from
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook
from openprm.rulebook.services.drafts import TableHasProblems

pytestmark = pytest.mark.django_db


def draft(admin, plan_id, at, rate="12"):
    draft_id = rulebook.create_draft(actor=admin, kind=PLAN, program_id=plan_id, at=at)
    rulebook.save_draft(actor=admin, draft_id=draft_id, table=table_from(terms([RateDraft(rate=rate)]))[0], at=at)
    return draft_id


def test_a_change_through_the_rulebook_has_the_same_notice(cast, at):
    plan_id = make_plan()
    with scope(cast.vendor_admin):
        made = draft(cast.vendor_admin, plan_id, at)
        assert rulebook_queries.draft(actor=cast.vendor_admin, draft_id=made, at=at).earliest_at == datetime(2026, 12, 7, tzinfo=UTC)
        with pytest.raises(Invalid, match="14 days ahead"):
            rulebook.publish(actor=cast.vendor_admin, draft_id=made, effective_at=at + timedelta(days=3), at=at)
        rulebook.publish(actor=cast.vendor_admin, draft_id=made, at=at)
        page = queries.plan_page(cast.vendor_admin, plan_id, at)
    assert (page.upcoming.starts_on.isoformat(), page.upcoming.terms.rates[0].rate) == ("2026-12-07", 12)


def test_the_partners_hear_of_it_either_way_once(cast, at):
    plan_id = make_plan()
    with system_scope():
        before = Notification.objects.filter(kind="incentives.announced").count()
    with scope(cast.vendor_admin):
        rulebook.publish(actor=cast.vendor_admin, draft_id=draft(cast.vendor_admin, plan_id, at), at=at)
    version = _last_version(plan_id, at)
    with system_scope():
        for _twice in range(2):
            services.announce_published(plan_id=plan_id, version_id=version.id, number=2, effective_at=version.effective_at, at=at)
        verbs = [one.verb for one in queries.plan_timeline(cast.vendor_admin, plan_id)]
    assert verbs.count("incentives.plan_published") == 2
    assert before >= 0


def _last_version(plan_id, at):
    with system_scope():
        from openprm.kernel.actor import SYSTEM

        return rulebook_queries.versions(actor=SYSTEM, kind=PLAN, program_id=plan_id, at=at)[0]


def test_bad_bands_and_an_ended_plan_are_refused_by_the_rulebook_too(cast, at):
    plan_id = make_plan()
    with scope(cast.vendor_admin):
        made = rulebook.create_draft(actor=cast.vendor_admin, kind=PLAN, program_id=plan_id, at=at)
        table, _bad = table_from(terms([RateDraft(rate="-5")]))
        with pytest.raises(TableHasProblems):
            rulebook.save_draft(actor=cast.vendor_admin, draft_id=made, table=table, at=at)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=made, table=table_from(terms([RateDraft(rate="6")]))[0], at=at)
        services.end_plan(actor=cast.vendor_admin, plan_id=plan_id, ended_on=at.date(), at=at)
        with pytest.raises(NotAllowed, match="Begin a new plan"):
            rulebook.publish(actor=cast.vendor_admin, draft_id=made, at=at)
