"""Saved dashboards, and dashboards by e-mail: to each person its own numbers under its own rights."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail

from openprm.dashboards import queries, services
from openprm.dashboards.models import Letter, Mailing, Saved
from openprm.dashboards.testing import make_saved
from openprm.deals.testing import make_opportunity
from openprm.identity.models import Membership
from openprm.inbox import services as inbox
from openprm.inbox.queries import unsubscribe_url
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


def make_due(at: datetime) -> list[tuple[UUID, UUID, datetime]]:
    """The letters of a moment, as the job queues them."""
    with system_scope():
        found = [(row.pk, one.user_id, row.next_at) for row in Mailing.objects.filter(next_at__lte=at) for one in row.recipients.filter(left_at=None)]
        services.send_due(at=at)
    return found


def sent(mailing_id: UUID, user_id: UUID, due_at: datetime, at: datetime) -> str:
    with system_scope():
        return services.send(mailing_id=mailing_id, user_id=user_id, due_at=due_at, at=at)


def test_a_saved_dashboard_of_another_person_is_not_there(cast, at):
    mine = make_saved(cast.vendor_admin, at=at)
    with scope(cast.finance_manager) as actor:
        assert queries.saved(actor) == ()
        for ask in (lambda: queries.one_saved(actor, mine), lambda: services.remove(actor=actor, saved_id=mine, at=at)):
            with pytest.raises(NotFound):
                ask()
    assert cast.client("finance_manager").get(f"/app/dashboards/saved/{mine}/").status_code == 404
    assert cast.client("finance_manager").delete(f"/api/v1/dashboards/saved/{mine}").status_code == 404
    with system_scope():
        assert Saved.objects.filter(pk=mine).exists()


def test_a_shared_one_is_read_by_the_team_and_changed_by_nobody_else(cast, at):
    shared = make_saved(cast.vendor_admin, at=at, is_shared=True)
    with scope(cast.finance_manager) as actor:
        assert [one.name for one in queries.saved(actor)] == ["Monday numbers"]
        with pytest.raises(NotAllowed):
            services.remove(actor=actor, saved_id=shared, at=at)
        with pytest.raises(NotAllowed):
            services.change(actor=actor, saved_id=shared, name="Mine now", is_shared=False, version=1, at=at)
    with scope(cast.vendor_admin) as actor:
        assert queries.one_saved(actor, shared).name == "Monday numbers"


def test_a_partners_saved_dashboards_are_its_own(cast, at):
    theirs = make_saved(cast.partner_rep, dashboard="partner", at=at, is_shared=True)
    for other in (cast.other_partner_rep, cast.vendor_admin):
        with scope(other) as actor, pytest.raises(NotFound):
            queries.one_saved(actor, theirs)
    with scope(cast.partner_admin) as actor:
        assert queries.one_saved(actor, theirs).owner_name == "Aino Laine"
        with pytest.raises(NotFound):
            services.save(actor=actor, name="Board", dashboard="executive", words={}, at=at)


def test_only_filters_that_can_be_read_are_saved(cast, at):
    with scope(cast.vendor_admin) as actor:
        with pytest.raises(Invalid) as refused:
            services.save(actor=actor, name="Odd", dashboard="executive", words={"motion": "sideways", "as_of": "soon"}, at=at)
        assert {one.field for one in refused.value.problems} == {"motion", "as_of"}
        kept = services.save(actor=actor, name=" Resale  here ", dashboard="executive", words={"motion": "transact", "period": "12m"}, at=at)
        assert queries.one_saved(actor, kept).asked == {"motion": "transact"}
        assert queries.one_saved(actor, kept).name == "Resale here"
        with pytest.raises(Conflict):
            services.save(actor=actor, name="Resale here", dashboard="executive", words={}, at=at)
        with pytest.raises(Stale):
            services.change(actor=actor, saved_id=kept, name="Other", is_shared=False, version=9, at=at)
        for name in ("", "x" * 81):
            with pytest.raises(Invalid):
                services.save(actor=actor, name=name, dashboard="executive", words={}, at=at)


def test_a_mailing_goes_to_people_who_may_see_it(cast, at):
    kept = make_saved(cast.vendor_admin, at=at)
    strange = {"every": "weekly", "day": 0, "hour": 8, "time_zone": "UTC", "recipients": (cast.partner_rep.user_id,)}
    broken = {"every": "hourly", "day": 40, "hour": 30, "time_zone": "Mars/Base", "recipients": ()}
    with scope(cast.vendor_admin) as actor:
        for plan, fields in ((strange, {"recipients"}), (broken, {"every", "hour", "time_zone", "recipients"})):
            with pytest.raises(Invalid) as refused:
                services.change(actor=actor, saved_id=kept, name="Monday numbers", is_shared=False, mailing=services.Rhythm(**plan), version=1, at=at)
            assert {one.field for one in refused.value.problems} == fields
        assert queries.one_saved(actor, kept).mailing is None


def test_each_gets_its_own_numbers_once_in_text_and_html(cast, at):
    make_opportunity(name="Direct talks", status="won", closed_at=at, base_amount_minor=10_000_00, base_currency="EUR")
    make_saved(cast.vendor_admin, recipients=(cast.vendor_admin, cast.finance_manager), at=at, words={"compare": "none"})
    (first, second) = make_due(MONDAY)

    assert [sent(*first, MONDAY), sent(*second, MONDAY), sent(*first, MONDAY)] == ["sent", "sent", ""]
    assert make_due(MONDAY) == []
    assert sorted(one.to[0] for one in mail.outbox) == [
        '"Ingrid Solberg" <vendor.admin@halden.example>', '"Olav Moen" <finance.manager@halden.example>',
    ]  # fmt: skip
    letter = mail.outbox[0]
    assert letter.subject == "Monday numbers, as of 2026-11-30"
    lines = letter.body.splitlines()
    assert lines[0] == "Monday numbers"
    assert lines[2] == "Last 12 months, 1 Dec 2025 to 30 Nov 2026"
    assert next(line.split() for line in lines if line.startswith("Revenue won"))[-2:] == ["€10k", "1"]
    assert next(line.split() for line in lines if line.startswith("Sourced revenue"))[-2:] == ["€0", "0"]
    assert any("/app/dashboards/executive/?as_of=2026-11-30&compare=none" in line for line in lines)
    html = letter.alternatives[0][0]
    assert "Revenue won</th>" in html
    assert 'scope="col"' in html
    assert "List-Unsubscribe" in letter.extra_headers
    with system_scope():
        assert Letter.objects.filter(outcome="sent").count() == 2
        assert Mailing.objects.get().next_at == MONDAY + timedelta(days=7)


def test_a_partners_mail_has_its_own_rows_alone(cast, at):
    make_opportunity(name="Direct talks", status="won", closed_at=at, base_amount_minor=10_000_00, base_currency="EUR")
    make_saved(cast.partner_admin, dashboard="partner", name="Ours", recipients=(cast.partner_rep,), at=at)
    ((mailing_id, user_id, due_at),) = make_due(MONDAY)

    assert sent(mailing_id, user_id, due_at, MONDAY) == "sent"
    body = mail.outbox[0].body
    assert "/portal/dashboard/?as_of=2026-11-30" in body
    assert "Revenue won" not in body
    assert "€10k" not in body
    assert next(line.split() for line in body.splitlines() if line.startswith("Sourced revenue"))[2] == "€0"


def test_who_lost_the_right_left_or_switched_off_gets_nothing(cast, at):
    kept = make_saved(cast.vendor_admin, recipients=(cast.vendor_admin, cast.finance_manager, cast.vendor_reader), at=at, is_shared=True)
    with system_scope():
        Membership.objects.filter(user=cast.users["finance_manager"]).update(state="disabled")
    inbox.unsubscribe_from(token=unsubscribe_url(cast.vendor_reader.user_id, "dashboards.mailed").rstrip("/").rpartition("/")[2])
    due = {one[1]: one for one in make_due(MONDAY)}
    with scope(cast.vendor_admin) as actor:
        services.leave(actor=actor, saved_id=kept, at=at)
        with pytest.raises(NotFound):
            services.leave(actor=actor, saved_id=kept, at=at)

    outcomes = {name: sent(*due[cast.users[name].pk], MONDAY) for name in ("vendor_admin", "finance_manager", "vendor_reader")}

    assert outcomes == {"vendor_admin": "left", "finance_manager": "no_access", "vendor_reader": "switched_off"}
    assert mail.outbox == []
    # Who left is asked no more; of the others the next Monday asks again.
    assert {one[1] for one in make_due(MONDAY + timedelta(days=7))} == {cast.users[name].pk for name in ("finance_manager", "vendor_reader")}


def test_the_form_saves_changes_and_tells_what_is_wrong(cast, at):
    client = cast.client("vendor_admin")
    made = client.post("/app/dashboards/saved/new/", {"name": "Quarter", "dashboard": "executive", "period": "quarter"})
    address = made["Location"]
    assert made.status_code == 303
    assert "Not at all" in client.get(address).content.decode()

    plan = {"name": "Quarter", "every": "monthly", "weekday": "0", "month_day": "3", "hour": "7", "time_zone": "Europe/Oslo", "version": "1"}
    refused = client.post(address, plan)
    assert refused.status_code == 422
    assert "Choose one person at least" in refused.content.decode()
    assert client.post(address, {**plan, "recipients": [str(cast.vendor_admin.user_id)]}).status_code == 303
    listed = " ".join(client.get("/app/dashboards/saved/").content.decode().split())
    assert "Day 3 of each month, 07:00 Europe/Oslo" in listed
    assert client.post(f"{address}delete/").status_code == 303
    assert "Nothing is saved yet" in client.get("/app/dashboards/saved/").content.decode()


def test_the_api_keeps_changes_and_deletes(cast, at):
    client = cast.client("vendor_admin")
    made = client.post("/api/v1/dashboards/saved", {"name": "Board", "dashboard": "manager", "asked": {"whose": "all"}}, content_type="application/json")
    one = f"/api/v1/dashboards/saved/{made.json()['id']}"
    mailing = {"every": "weekly", "day": 4, "hour": 9, "time_zone": "Europe/Oslo", "recipients": [str(cast.finance_manager.user_id)]}
    changed = client.put(one, {"name": "Fridays", "version": 1, "is_shared": True, "mailing": mailing}, content_type="application/json")

    assert (made.status_code, changed.status_code) == (201, 200)
    told = client.get(one).json()
    assert (told["name"], told["asked"], told["version"]) == ("Fridays", {"whose": "all"}, 2)
    assert (told["mailing"]["day"], [person["name"] for person in told["mailing"]["recipients"]]) == (4, ["Olav Moen"])
    assert [row["name"] for row in client.get("/api/v1/dashboards/saved").json()["items"]] == ["Fridays"]
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
