"""The pages of tiers, by the people who open them; and the news both sides get."""

import pytest
from django.urls import reverse

from openprm.inbox.models import Notification
from openprm.kernel.scope import system_scope
from openprm.rulebook import queries as rulebook_queries
from openprm.tiering import jobs, queries, services
from openprm.tiering.models import Standing, TierMove
from openprm.tiering.testing import LADDER, enter, make_showcase

pytestmark = pytest.mark.django_db


def test_the_portal_says_what_is_missing_and_what_the_next_tier_adds(cast):
    make_showcase(cast)

    page = cast.client("partner_rep").get("/portal/tier/").content.decode()

    for words in ("of the way to Platinum", "What Platinum adds", "4 more", "Certified people", "We did not get this", "The last order confirmation"):
        assert words in page
    assert "At stake" not in page


def test_the_home_of_a_partner_begins_with_its_tier(cast):
    make_showcase(cast)

    assert "of the way to Platinum" in cast.client("partner_rep").get("/portal/").content.decode()


def test_a_pending_move_is_decided_on_its_page(cast):
    make_showcase(cast)
    with system_scope():
        move_id = TierMove.objects.get(state="pending").pk
    client = cast.client("partner_manager")

    page = client.get(reverse("tiering:move", args=[move_id])).content.decode()
    assert "Sintra Systems: Silver to Gold" in page
    assert "If the number of certified people is at least 4" in page
    assert client.post(reverse("tiering:decline_move", args=[move_id]), {"reason": ""}).status_code == 422
    assert client.post(reverse("tiering:approve_move", args=[move_id]), {"reason": "Well done."}).status_code == 303

    with system_scope():
        assert TierMove.objects.get(pk=move_id).state == "done"


def test_a_pending_move_waits_in_the_decision_queue(cast):
    make_showcase(cast)

    assert "Promote Sintra Systems to Gold?" in cast.client("partner_manager").get("/app/decisions/").content.decode()


def test_lists_export_what_is_filtered(cast):
    make_showcase(cast)

    answer = cast.client("vendor_reader").get("/app/tiers/?state=at_risk&export=csv")

    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert "Kallio Digital" in text
    assert "Sintra Systems" not in text


def test_the_partner_page_of_the_vendor_shows_the_tier(cast):
    make_showcase(cast)

    page = cast.client("vendor_reader").get(f"/app/partners/{cast.partner_id}/").content.decode()

    assert "of the way to Platinum" in page
    assert "Certified people falls to 3" in page


def test_a_script_in_a_reason_is_shown_as_text(cast):
    make_showcase(cast)
    with system_scope():
        move_id = TierMove.objects.get(state="pending").pk
    client = cast.client("partner_manager")
    client.post(reverse("tiering:decline_move", args=[move_id]), {"reason": "<script>alert(1)</script>"})

    page = client.get(reverse("tiering:move", args=[move_id])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_the_publish_page_asks_for_the_what_if_first(cast, at):
    from openprm.rulebook import services as rulebook

    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="tiering.tier", program_id=cast.program.pk, at=at)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=LADDER, at=at)
    client = cast.client("vendor_admin")

    refused = client.post(f"/app/rules/drafts/{draft_id}/publish/", {"note": ""})
    assert refused.status_code == 422
    assert "Run the what-if first" in refused.content.decode()
    begun = client.post(f"/app/rules/drafts/{draft_id}/replay/")
    assert begun.status_code == 303
    assert "0 of 2 replayed" in client.get(begun.url).content.decode()
    with system_scope():
        replay_id = rulebook_queries.newest_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at).id
        rulebook.advance_replay(replay_id=replay_id, at=at)
    result = client.get(begun.url).content.decode()
    assert "Would move down today" in result
    assert "Kallio Digital" in result
    assert client.post(f"/app/rules/drafts/{draft_id}/publish/", {"note": ""}).status_code == 303


def titles(kind):
    with system_scope():
        return sorted(Notification.objects.filter(kind=kind).values_list("title", flat=True).distinct())


def test_both_sides_hear_of_a_move(cast, at):
    with system_scope():
        jobs.on_tier_changed(partner_id=cast.partner_id, program_id=cast.program.pk, before="silver", after="gold", at=at)
        jobs.on_tier_changed(partner_id=cast.partner_id, program_id=cast.program.pk, before="silver", after="gold", at=at)

    assert titles("tiering.promoted") == ["Kallio Digital is Gold now", "You are Gold now"]
    with system_scope():
        assert Notification.objects.filter(kind="tiering.promoted", title="You are Gold now").count() == 2


def test_a_grace_clock_is_told_to_both_sides(cast, rules, at):
    [found] = services.refresh(partner_id=cast.partner_id, at=at)
    with system_scope():
        standing = Standing.objects.get(partner_id=cast.partner_id)
        jobs.on_grace_started(partner_id=cast.partner_id, program_id=cast.program.pk, at=at, tier="Gold", until=standing.grace_until)

    assert found.step.value == "begin_grace"
    assert titles("tiering.grace") == ["Kallio Digital may lose Gold on 22 January 2027", "You may lose Gold on 22 January 2027"]


def test_the_night_measures_everybody(cast, rules, at):
    enter(partner_id=cast.partner_id, metric="certifications", amount=2)

    with system_scope():
        parts = list(queries.to_refresh(at=at, at_once=1))
        jobs.refresh_part(program_id=parts[0][0], partner_ids=parts[0][1], at=at)

    assert sorted(len(ids) for program_id, ids in parts if program_id == cast.program.pk) == [1, 1]
    with system_scope():
        assert Standing.objects.count() == 1
