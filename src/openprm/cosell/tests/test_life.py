"""From the first invitation to the end of an engagement."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from openprm.cosell import services
from openprm.cosell.models import Engagement, Invitation, Member
from openprm.cosell.tests.builders import invited, joined, make_engagement, make_partner, make_room, nothing_changes, seen, stored
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def test_an_engagement_goes_from_invited_over_opened_to_active_and_won(cast, at):
    isv = make_partner("Lumio Software", "isv")
    opened = make_engagement(cast.partner_manager)
    invitation_id = invited(cast.partner_manager, opened.engagement_id, isv.id, "software")
    assert stored(opened.engagement_id).state == "pending"

    with scope(isv.rep):
        services.open_invitation(actor=isv.rep, invitation_id=invitation_id, at=at)
    assert stored(opened.engagement_id).state == "received"
    with scope(isv.rep):
        services.accept_invitation(actor=isv.rep, invitation_id=invitation_id, at=at)
    assert stored(opened.engagement_id).state == "accepted"
    with scope(cast.partner_manager):
        services.close_engagement(actor=cast.partner_manager, engagement_id=opened.engagement_id, outcome="won", at=at)
    row = stored(opened.engagement_id)

    assert (row.number[:3], row.state, row.closed_at, row.vendor_in) == ("CS-", "won", at, True)


def test_a_new_engagement_is_not_won_and_an_active_one_is_not_declined(cast, at):
    isv = make_partner("Lumio Software", "isv")
    host = cast.partner_manager
    new, active = make_engagement(host).engagement_id, make_engagement(host).engagement_id
    joined(host, active, isv.rep, "software")

    with scope(host):
        with pytest.raises(Conflict, match="Nobody has joined"):
            services.close_engagement(actor=host, engagement_id=new, outcome="won", at=at)
        with pytest.raises(Conflict, match="ends as won or lost"):
            services.close_engagement(actor=host, engagement_id=active, outcome="declined", reason="No", at=at)

    assert (stored(new).state, stored(active).state) == ("pending", "accepted")


@pytest.mark.parametrize(
    ("before", "after"), [("pending", "won"), ("accepted", "declined"), ("won", "accepted"), ("expired", "pending"), ("accepted", "expired")]
)
def test_the_database_refuses_a_jump(cast, before, after):
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    path = {"accepted": ["accepted"], "won": ["accepted", "won"], "expired": ["expired"]}.get(before, [])
    with system_scope():
        for state in path:
            Engagement.objects.filter(pk=engagement_id).update(state=state)

        with pytest.raises(DatabaseError, match="cannot go from"), transaction.atomic():
            Engagement.objects.filter(pk=engagement_id).update(state=after)

    assert stored(engagement_id).state == before


def test_whoever_saw_an_older_version_is_refused_and_nothing_changes(cast, at):
    host = cast.partner_manager
    opened = make_engagement(host)
    with scope(host):
        version = services.update_engagement(actor=host, engagement_id=opened.engagement_id, changes={"title": "New"}, version=opened.version, at=at)
        with pytest.raises(Stale):
            services.update_engagement(actor=host, engagement_id=opened.engagement_id, changes={"title": "Lost"}, version=opened.version, at=at)

    assert (stored(opened.engagement_id).title, version) == ("New", opened.version + 1)


def test_a_rejection_by_the_only_one_asked_declines_the_engagement(cast, at):
    isv = make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    invitation_id = invited(cast.partner_manager, engagement_id, isv.id, "software")

    with scope(isv.rep):
        with pytest.raises(Invalid, match="Write something"):
            services.reject_invitation(actor=isv.rep, invitation_id=invitation_id, reason=" ", at=at)
        services.reject_invitation(actor=isv.rep, invitation_id=invitation_id, reason="No capacity", at=at)
        with pytest.raises(NotAllowed, match="does not wait"):
            services.accept_invitation(actor=isv.rep, invitation_id=invitation_id, at=at)

    assert stored(engagement_id).state == "declined"


def test_an_invitation_without_an_answer_expires_when_its_promise_ends(cast, at):
    isv = make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    invitation_id = invited(cast.partner_manager, engagement_id, isv.id, "software")
    with system_scope():
        due = Invitation.objects.get(pk=invitation_id).expires_at
        assert services.expire_due(at=due - timedelta(minutes=1)) == 0
        assert services.expire_due(at=due) == 1
        assert services.expire_due(at=due) == 0
        state = Invitation.objects.get(pk=invitation_id).state

    assert (state, stored(engagement_id).state, due.date().isoformat()) == ("expired", "expired", "2026-12-07")
    with scope(isv.rep), pytest.raises(NotAllowed):
        services.accept_invitation(actor=isv.rep, invitation_id=invitation_id, at=due)


@pytest.mark.parametrize("status", ["offboarded", "banned", "suspended", "archived", "pending", "deactivated"])
def test_a_partner_that_is_not_active_is_not_invited(cast, at, status):
    gone = make_partner("Gone Oy", "reseller", status=status)
    engagement_id = make_engagement(cast.partner_manager).engagement_id

    with nothing_changes(Invitation, Member), pytest.raises(services.CannotTakePart, match="Gone Oy"):
        invited(cast.partner_manager, engagement_id, gone.id, "reseller")


@pytest.mark.parametrize(("kind", "role"), [("referral", "reseller"), ("reseller", "software"), ("isv", "distributor"), ("affiliate", "services")])
def test_a_role_that_the_type_of_partner_cannot_hold_is_refused_with_the_clause(cast, kind, role):
    partner = make_partner("Lumio Software", kind)
    engagement_id = make_engagement(cast.partner_manager).engagement_id

    with nothing_changes(Invitation), pytest.raises(services.RoleNotHeld, match="clause R9"):
        invited(cast.partner_manager, engagement_id, partner.id, role)
    with nothing_changes(Invitation), pytest.raises(services.RoleNotHeld, match="clause R9"):
        invited(cast.partner_manager, engagement_id, partner.id, "facilitator", responsibilities=[role])


def test_a_partner_that_is_offboarded_meanwhile_cannot_accept(cast, at):
    isv = make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    invitation_id = invited(cast.partner_manager, engagement_id, isv.id, "software")
    with system_scope():
        from openprm.identity.models import Organization

        Organization.objects.filter(pk=isv.id).update(status="offboarded")

    with scope(isv.rep), pytest.raises(services.CannotTakePart):
        services.accept_invitation(actor=isv.rep, invitation_id=invitation_id, at=at)
    assert stored(engagement_id).state == "pending"


def test_partners_invite_each_other_without_the_vendor_which_then_sees_nothing(cast, at):
    integrator, isv = make_partner("Brückner Systems", "si"), make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(integrator.rep, deal_type="private").engagement_id
    with scope(integrator.rep):
        invitation_id = services.invite(actor=integrator.rep, engagement_id=engagement_id, domain="LUMIO.example", role="software", at=at)
        with pytest.raises(Conflict, match="is private"):
            services.invite(actor=integrator.rep, engagement_id=engagement_id, receiver_id=cast.vendor.pk, role="software", at=at)
    with scope(isv.rep):
        services.accept_invitation(actor=isv.rep, invitation_id=invitation_id, at=at)

    assert [one.name for one in seen(isv.rep, engagement_id).members] == ["Brückner Systems", "Lumio Software"]
    for person in (cast.partner_manager, cast.vendor_admin):
        with pytest.raises(NotFound):
            seen(person, engagement_id)
    with system_scope(), pytest.raises(DatabaseError), transaction.atomic():
        Member.objects.create(engagement_id=engagement_id, party=cast.vendor, is_vendor=True, role="software", joined_at=at)


def test_in_a_partner_led_deal_the_vendor_is_in_at_once_and_only_looks_on(cast, at):
    integrator = make_partner("Brückner Systems", "si")
    engagement_id = make_engagement(integrator.rep, deal_type="partner_led").engagement_id
    invited(integrator.rep, engagement_id, cast.vendor.pk, "software")
    room = seen(cast.partner_manager, engagement_id)

    assert (stored(engagement_id).state, room.own_involvement) == ("accepted", "visibility")
    with scope(cast.partner_manager), pytest.raises(Conflict, match="partner-led"):
        services.change_involvement(
            actor=cast.partner_manager, engagement_id=engagement_id, party_id=cast.vendor.pk, involvement="co_sell", reason="We help", at=at
        )


@pytest.mark.parametrize(
    ("mode", "exceptions", "passes"), [("allow_all", False, True), ("deny_all", False, False), ("allow_except", True, False), ("allow_except", False, True)]
)
def test_a_partner_decides_whose_invitations_it_takes(cast, at, mode, exceptions, passes):
    host, isv = make_partner("Brückner Systems", "si"), make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(host.rep).engagement_id
    admin = cast.partner_admin
    with scope(admin):
        services.save_connection_rule(actor=admin, mode=mode, exceptions=[host.id] if exceptions else [isv.id] if mode == "allow_except" else [], at=at)

    if passes:
        assert invited(host.rep, engagement_id, cast.partner.pk, "reseller")
    else:
        with nothing_changes(Invitation), pytest.raises(services.DoesNotConnect, match="takes no invitations from your company"):
            invited(host.rep, engagement_id, cast.partner.pk, "reseller")
    vendors = make_engagement(cast.partner_manager).engagement_id
    assert invited(cast.partner_manager, vendors, cast.partner.pk, "reseller")


def test_shares_never_exceed_the_whole(cast, at):
    room = make_room(cast)
    host = room.vendor
    with scope(host):
        services.set_shares(actor=host, engagement_id=room.id, shares={room.integrator.id: 6000, room.isv.id: 1500}, at=at)
        with pytest.raises(services.SharesTooHigh, match=r"100.01 %"):
            services.set_shares(actor=host, engagement_id=room.id, shares={room.hidden.id: 2501}, at=at)
        services.set_shares(actor=host, engagement_id=room.id, shares={room.hidden.id: 2500}, at=at)
        services.set_shares(actor=host, engagement_id=room.id, shares={room.integrator.id: 2500, room.hidden.id: 6000}, at=at)

    assert {one.name: one.share_bp for one in seen(host, room.id).members if one.share_bp is not None} == {
        "Brückner Systems": 2500, "Lumio Software": 1500, "Vantaa Consulting": 6000,
    }  # fmt: skip
    with scope(room.integrator.rep), pytest.raises(NotAllowed, match="Only the company that opened"):
        services.set_shares(actor=room.integrator.rep, engagement_id=room.id, shares={room.integrator.id: 9000}, at=at)


def test_whoever_only_looks_on_loses_its_share_and_takes_no_tasks(cast, at):
    room = make_room(cast)
    me = room.integrator
    with scope(room.vendor):
        services.set_shares(actor=room.vendor, engagement_id=room.id, shares={me.id: 6000}, at=at)
    with scope(me.rep):
        with pytest.raises(Invalid):
            services.change_involvement(actor=me.rep, engagement_id=room.id, party_id=me.id, involvement="visibility", reason="", at=at)
        services.change_involvement(actor=me.rep, engagement_id=room.id, party_id=me.id, involvement="visibility", reason="No people free", at=at)
    mine = next(one for one in seen(room.vendor, room.id).members if one.party_id == me.id)

    assert (mine.share_bp, mine.involvement, mine.involvement_reason) == (None, "visibility", "No people free")
    with scope(room.vendor), pytest.raises(Invalid, match="only looks on"):
        services.add_task(actor=room.vendor, engagement_id=room.id, title="Size it", owner_id=me.id, at=at)


def test_a_member_that_leaves_sees_nothing_any_more_and_what_it_wrote_stays(cast, at):
    room = make_room(cast)
    me = room.integrator
    with scope(me.rep):
        services.add_note(actor=me.rep, engagement_id=room.id, body="We were here", at=at)
        services.leave(actor=me.rep, engagement_id=room.id, reason="Other work", at=at)

    with pytest.raises(NotFound):
        seen(me.rep, room.id)
    assert [note.body for note in seen(room.vendor, room.id).notes] == ["We were here"]


def test_a_partner_that_leaves_the_program_steps_out_and_hands_over(cast, at):
    host, isv = make_partner("Brückner Systems", "si"), make_partner("Lumio Software", "isv")
    alone, shared = make_engagement(host.rep).engagement_id, make_engagement(host.rep).engagement_id
    joined(host.rep, shared, isv.rep, "software")
    with system_scope():
        assert services.open_of(host.id) == 2
        assert services.step_out_everywhere(partner_id=host.id, at=at) == 2
        assert services.step_out_everywhere(partner_id=host.id, at=at) == 0

    assert stored(alone).state == "declined"
    assert (stored(shared).state, stored(shared).host_id) == ("accepted", isv.id)
