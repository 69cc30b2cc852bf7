from datetime import timedelta

import pytest

from openprm.audit.models import Event
from openprm.deals import services
from openprm.deals.rules.draft import merged
from openprm.deals.testing import make_catalogue, make_draft, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries as promise_queries
from openprm.promises import services as promises

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def asked(cast, catalogue, at):
    """Returned with a question that the partner promised to answer by Monday the 30th, 10:00."""
    made = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    ask(cast, made, at)
    return made


def ask(cast, registration_id, at):
    with scope(cast.partner_manager):
        services.return_for_information(
            actor=cast.partner_manager, registration_id=registration_id, fields=["contact_phone"], message="Whom can we call?", at=at
        )


def run(at) -> int:
    with system_scope():
        return services.withdraw_unanswered(at=at)


def news(kind):
    with system_scope():
        return {(row.user_id, row.title, row.body) for row in Notification.objects.filter(kind=kind)}


def test_an_unanswered_question_ends_the_registration_fourteen_days_after_the_missed_promise(cast, asked, at):
    ends_at = stored(asked).answer_due_at + 14 * DAY
    assert run(ends_at - SECOND) == 0
    assert stored(asked).status == "returned"

    assert run(ends_at) == 1

    row = stored(asked)
    assert (row.status, row.closed_at, row.answer_due_at) == ("withdrawn", ends_at, None)
    assert row.ended_reason == "No answer came within 14 days after the promised time (rule S1)."
    assert run(ends_at + DAY) == 0


def test_it_frees_the_capacity_and_keeps_the_missed_promise(cast, asked, at):
    from openprm.deals.services import routing

    with system_scope():
        promises.mark_overdue(at=at + 20 * DAY)
        standing = routing.standing_of(cast.partner_id, None, at)
        assert routing.capacity_of(cast.partner_id, standing, at)[0] == 1
    run(at + 40 * DAY)
    with system_scope():
        assert routing.capacity_of(cast.partner_id, standing, at)[0] == 0
        assert promise_queries.clock(asked, "deals.information", at + 40 * DAY).state == "broken"


def test_both_sides_hear_of_it_and_the_log_keeps_the_clause(cast, asked, at, run_jobs):
    run(at + 40 * DAY)
    with system_scope():
        run_jobs()

    number = stored(asked).number
    told = ("Ostrava Steelworks, MES rollout is withdrawn", f"{number}: No answer came within 14 days after the promised time (rule S1).")
    assert {person for person, *words in news("deals.lapsed") if tuple(words) == told} == {cast.users["partner_rep"].pk, cast.users["partner_manager"].pk}
    with system_scope():
        event = Event.objects.get(verb="deal.lapsed")
    assert (event.data["days"], event.data["clause"], event.note) == (14, "S1", stored(asked).ended_reason)


def test_the_partner_is_told_the_day_when_its_promise_breaks(cast, asked, at, run_jobs):
    ends_at = stored(asked).answer_due_at + 14 * DAY
    with system_scope():
        promises.mark_overdue(at=at + 20 * DAY)
        run_jobs()

    body = f"{stored(asked).number} is withdrawn on {ends_at.day} {ends_at:%b %Y} unless you answer: Whom can we call?"
    assert news("deals.unanswered") == {(cast.users["partner_rep"].pk, "Your answer on Ostrava Steelworks, MES rollout is overdue", body)}


def test_an_answered_question_starts_the_wait_anew(cast, catalogue, asked, at):
    with scope(cast.partner_rep):
        services.resubmit(
            actor=cast.partner_rep, registration_id=asked, draft=merged(make_draft(catalogue), {"contact_phone": "+420 555 0100"}), at=at + 6 * DAY
        )
    assert run(at + 40 * DAY) == 0
    ask(cast, asked, at + 40 * DAY)
    assert run(at + 50 * DAY) == 0
    assert stored(asked).status == "returned"
