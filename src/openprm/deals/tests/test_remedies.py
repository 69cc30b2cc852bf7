"""What follows when we answer late (X13): a credit by the published rule, and what another table would have given."""

from datetime import timedelta

import pytest

from openprm.deals import services
from openprm.deals.late_history import LateAnswers
from openprm.deals.models import Decision
from openprm.deals.rulekinds import REMEDY
from openprm.deals.testing import make_catalogue, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid
from openprm.kernel.scope import scope, system_scope
from openprm.promises import services as promises
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CREDIT = {"remedy": '"credit"', "days": "0", "credit": "250"}


def remedies(*thens):
    return Table(inputs=("amount",), outputs=("remedy", "days", "credit"), rows=tuple(Row(f"R{place}", then=then) for place, then in enumerate(thens, start=1)))


def publish(cast, table, at):
    with scope(cast.vendor_admin) as actor:
        draft_id = rulebook.create_draft(actor=actor, kind="deals.remedy", at=at)
        rulebook.save_draft(actor=actor, draft_id=draft_id, table=table, at=at)
        rulebook.publish(actor=actor, draft_id=draft_id, effective_at=at + 14 * DAY, note="Our delay costs us.", at=at)


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def late(cast, catalogue, at):
    """Waits for a decision longer than promised; a clear case."""
    return make_registration(cast.partner_rep, catalogue, at=at).registration_id


def test_a_late_answer_credits_the_published_amount_once(cast, late, at, run_jobs):
    publish(cast, remedies(CREDIT), at - 30 * DAY)

    with system_scope():
        assert services.remedy_late_decision(registration_id=late, at=at + 5 * DAY) == "credit"
        assert services.remedy_late_decision(registration_id=late, at=at + 6 * DAY) == "none"
        run_jobs()

    row = stored(late)
    assert (row.status, row.bonus_days, row.remedied_at) == ("submitted", 0, at + 5 * DAY)
    with system_scope():
        decision = Decision.objects.get(registration=late, kind="remedied")
        told = set(Notification.objects.filter(kind="deals.credited").values_list("user_id", "body"))
    assert (decision.outcome, decision.clause) == ({"remedy": "credit", "days": 0, "credit_minor": 250_00, "currency": "EUR"}, "R1")
    assert told == {(cast.users[name].pk, f"By the published rule {cast.partner.name} is credited €250.00.") for name in ("partner_rep", "partner_manager")}


@pytest.mark.parametrize(
    ("then", "column"),
    [
        ({"remedy": '"credit"', "days": "0", "credit": "0"}, "credit"),
        ({"remedy": '"credit"', "days": "14", "credit": ""}, "credit"),
        ({"remedy": '"extend"', "days": "0", "credit": "50"}, "days"),
    ],
)
def test_a_remedy_that_gives_nothing_is_not_published(cast, at, then, column):
    assert [(place, found) for place, found, _sentence in REMEDY.check(remedies(then))] == [(0, column)]
    with scope(cast.vendor_admin) as actor:
        draft_id = rulebook.create_draft(actor=actor, kind="deals.remedy", at=at)
        with pytest.raises(Invalid):
            rulebook.save_draft(actor=actor, draft_id=draft_id, table=remedies(then), at=at)


def test_other_remedies_are_replayed_over_every_answer_that_came_late(cast, catalogue, late, at):
    in_time = make_registration(cast.partner_rep, catalogue, at=at, customer_name="Vega Works", customer_domain="vega.example").registration_id
    with scope(cast.vendor_admin) as actor:
        services.start_review(actor=actor, registration_id=in_time, at=at + timedelta(hours=1))
        services.approve(actor=actor, registration_id=in_time, at=at + timedelta(hours=2))
    with system_scope():
        promises.mark_overdue(at=at + 5 * DAY)
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="deals.remedy", at=at + 6 * DAY)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=remedies(CREDIT), at=at + 6 * DAY)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at + 6 * DAY)
        rulebook.advance_replay(replay_id=replay_id, at=at + 6 * DAY)
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at + 6 * DAY)
        subjects = LateAnswers().subjects(program_id=None, at=at + 6 * DAY)

    assert [key for key, _name in subjects] == [late]
    assert found.tally.subjects == 1
    ((before, after),) = found.tally.moves
    assert (before, after) == ("Approve", "Credit: 250.00")
    assert (found.cost_before.minor, found.cost_after.minor) == (0, 250_00)
