from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.accounts.testing import make_account
from openprm.activities import queries, services
from openprm.activities.models import Activity
from openprm.activities.testing import make_activity, stored
from openprm.audit.models import Event
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _count() -> int:
    with system_scope():
        return Activity.objects.count()


def test_what_a_partner_logs_is_its_own_and_self_reported(cast, at):
    account_id = make_account(partner_id=cast.partner_id)

    row = stored(make_activity(cast.partner_rep, account_id, at=at, outcome="A demo is wanted."))

    assert (row.side, row.partner_id, row.self_reported, row.author_name) == ("partner", cast.partner_id, True, "Aino Laine")
    with system_scope():
        event = Event.objects.get(verb="activity.recorded")
    assert event.visible_to == [cast.partner_id]
    assert set(event.refs) == {row.pk, account_id, cast.partner_id}


def test_what_the_vendor_logs_is_verified_and_no_partner_reads_of_it(cast, at):
    account_id = make_account(partner_id=cast.partner_id)

    row = stored(make_activity(cast.partner_manager, account_id, at=at, partner_id=cast.partner_id))

    assert (row.side, row.self_reported) == ("vendor", False)
    with system_scope():
        assert Event.objects.get(verb="activity.recorded").visible_to == []
    with scope(cast.partner_rep) as actor:
        assert queries.of_account(actor, account_id) == ()
        assert Activity.objects.count() == 0


def test_a_partner_reads_nothing_of_another_partner(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    activity_id = make_activity(cast.partner_rep, account_id, at=at)

    with scope(cast.other_partner_rep) as actor:
        assert Activity.objects.count() == 0
        with pytest.raises(NotFound):
            queries.activity(actor, activity_id)


def test_an_account_that_a_partner_does_not_see_is_answered_like_one_that_is_not_there(cast, at):
    hidden = make_account(name="Hidden Works")
    said = []

    for account_id in (hidden, new_id()):
        with pytest.raises(NotFound) as refusal:
            make_activity(cast.partner_rep, account_id, at=at)
        said.append(refusal.value.message)

    assert said[0] == said[1]
    assert _count() == 0


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"kind": "lunch"}, "kind", "Choose one of"),
        ({"summary": "  "}, "summary", "Say in a sentence"),
        ({"summary": "x" * 2001}, "summary", "longer than 2000"),
        ({"person_email": "petra"}, "person_email", "is no e-mail address"),
        ({"direction": "up"}, "direction", "Choose one of"),
        ({"proof": ("x.exe", b"MZ\x00\x01")}, "proof", "Only PDF"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(cast, at, values, field, words):
    account_id = make_account(partner_id=cast.partner_id)

    with pytest.raises(Invalid, match=words) as refusal:
        make_activity(cast.partner_rep, account_id, at=at, **values)

    assert refusal.value.field == field
    assert _count() == 0


def test_the_future_is_refused_and_a_clock_that_is_a_little_ahead_is_not(cast, at):
    account_id = make_account(partner_id=cast.partner_id)

    with pytest.raises(Invalid, match="lies in the future"):
        make_activity(cast.partner_rep, account_id, at=at, occurred_at=at + timedelta(minutes=6))
    row = stored(make_activity(cast.partner_rep, account_id, at=at, occurred_at=at + timedelta(minutes=4)))

    assert row.occurred_at == at
    assert _count() == 1


def test_a_partner_does_not_log_for_the_vendor_or_for_another_partner(cast, at):
    account_id = make_account(partner_id=cast.partner_id)

    for values in ({"side": "vendor"}, {"partner_id": cast.other_partner_id}):
        with pytest.raises(NotAllowed):
            make_activity(cast.partner_rep, account_id, at=at, **values)

    assert _count() == 0


def test_a_source_tells_the_same_thing_once_and_two_partners_may_use_the_same_ids(cast, at):
    mine, theirs = make_account(partner_id=cast.partner_id), make_account(name="Other Works", partner_id=cast.other_partner_id)

    first = make_activity(cast.partner_rep, mine, at=at, source="crm", external_id="1")
    again = make_activity(cast.partner_rep, mine, at=at, source="crm", external_id="1", summary="Other words.")
    other = make_activity(cast.other_partner_rep, theirs, at=at, source="crm", external_id="1")

    assert first == again != other
    assert stored(first).summary == "Talked about the rollout."
    assert _count() == 2


def test_many_are_told_each_for_itself(cast, at):
    account_id = make_account()
    good = services.Entry(account_id=account_id, kind="call", occurred_at=at, summary="One", source="crm", external_id="1")
    bad = services.Entry(account_id=account_id, kind="call", occurred_at=at + timedelta(days=1), summary="Two")

    with scope(cast.partner_manager) as actor:
        told = services.record_many(actor=actor, entries=[good, bad, good], at=at)

    assert [one.state for one in told] == ["recorded", "refused", "known"]
    assert (told[1].field, told[2].activity_id) == ("occurred_at", told[0].activity_id)
    assert _count() == 1


class TestStriking:
    def test_keeps_the_words_and_says_why(self, cast, at):
        account_id = make_account(partner_id=cast.partner_id)
        activity_id = make_activity(cast.partner_rep, account_id, at=at)

        with scope(cast.partner_rep) as actor:
            services.strike(actor=actor, activity_id=activity_id, reason="It was another customer.", at=at)
            assert queries.of_account(actor, account_id) == ()
            assert queries.activity(actor, activity_id).struck_reason == "It was another customer."
        assert stored(activity_id).summary == "Talked about the rollout."

    def test_is_for_its_author_an_administrator_and_the_vendors_managers(self, cast, at):
        activity_id = make_activity(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)

        with scope(cast.partner_technical) as actor, pytest.raises(NotAllowed):
            services.strike(actor=actor, activity_id=activity_id, reason="No", at=at)
        with scope(cast.marketing_manager) as actor, pytest.raises(NotAllowed):
            services.strike(actor=actor, activity_id=activity_id, reason="No", at=at)

        assert stored(activity_id).struck_at is None

    def test_happens_once(self, cast, at):
        activity_id = make_activity(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)

        with scope(cast.partner_admin) as actor:
            services.strike(actor=actor, activity_id=activity_id, reason="Wrong day.", at=at)
            with pytest.raises(NotAllowed, match="struck already"):
                services.strike(actor=actor, activity_id=activity_id, reason="Again.", at=at)

        assert stored(activity_id).struck_reason == "Wrong day."


class TestConfirming:
    def test_makes_a_self_report_verified(self, cast, at):
        activity_id = make_activity(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)

        with scope(cast.partner_manager) as actor:
            assert queries.activity(actor, activity_id).is_verified is False
            services.confirm(actor=actor, activity_id=activity_id, at=at)
            assert queries.activity(actor, activity_id).is_verified is True

    def test_is_not_for_partners(self, cast, at):
        activity_id = make_activity(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)

        with scope(cast.partner_admin) as actor, pytest.raises(NotAllowed):
            services.confirm(actor=actor, activity_id=activity_id, at=at)

        assert stored(activity_id).confirmed_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "update activities_activity set summary = 'other'",
        "update activities_activity set occurred_at = now()",
        "update activities_activity set confirmed_at = now()",
        "delete from activities_activity",
    ],
)
def test_the_database_keeps_what_a_partner_logged(cast, at, statement):
    activity_id = make_activity(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)

    with scope(cast.partner_rep), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert stored(activity_id).summary == "Talked about the rollout."


def test_the_database_refuses_a_partner_that_writes_for_another(cast, at):
    account_id = make_account(partner_id=cast.partner_id)

    with scope(cast.partner_rep), pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.create(
            account_id=account_id, partner_id=cast.other_partner_id, kind="call", side="partner", occurred_at=at, summary="x", self_reported=True
        )

    assert _count() == 0


def test_why_it_was_done_is_kept_filtered_by_and_never_changed(cast, at):
    account = make_account()
    helped = make_activity(cast.partner_manager, account, purpose="support", at=at)
    make_activity(cast.partner_manager, account, at=at)

    with scope(cast.partner_manager):
        found = list(queries.export(cast.partner_manager, queries.Filters(purpose="support")))
    assert [(one.id, one.purpose, one.purpose_label) for one in found] == [(helped, "support", "Support")]
    with pytest.raises(Invalid) as odd:
        make_activity(cast.partner_manager, account, purpose="because", at=at)
    assert odd.value.field == "purpose"
    with pytest.raises(DatabaseError), system_scope():
        Activity.objects.filter(pk=helped).update(purpose="sales")
    assert stored(helped).purpose == "support"
