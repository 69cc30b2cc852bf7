"""The pages, the API, files in and out, mails, offboarding."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from openprm.audit.models import Event
from openprm.cosell import correspondence, jobs, offboarding, services
from openprm.cosell.models import Engagement, Invitation, Note
from openprm.cosell.tests.builders import invited, joined, make_engagement, make_partner, make_room, nothing_changes, seen, stored
from openprm.cosell.transfer import EngagementExporter, EngagementImporter
from openprm.kernel.errors import Conflict, NotAllowed, NotFound
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _client(company) -> Client:
    client = Client()
    client.force_login(company.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _api(client, method, path, body=None, **headers):
    headers = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def test_a_refused_invitation_is_answered_with_the_reason_and_kept_in_the_log(cast, at, monkeypatch):
    from openprm.cosell.services import invitations

    said: list[str] = []
    monkeypatch.setattr(invitations._log, "warning", lambda text, message, **_more: said.append(message))
    gone = make_partner("Gone Oy", "reseller", status="offboarded")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    client = cast.client("partner_manager")
    with nothing_changes(Invitation):
        page = client.post(
            reverse("cosell:invite", args=[engagement_id]),
            {"receiver": str(cast.partner.pk), "role": "msp", "involvement": "co_sell", "visibility": "full"},
        )
        answer = _api(client, "POST", f"engagements/{engagement_id}/invitations", {"receiver_id": str(gone.id), "role": "reseller"})
    with system_scope():
        logged = sorted(Event.objects.filter(verb="cosell.invitation_refused").values_list("note", flat=True))

    assert page.status_code == 422
    assert "cannot hold the role Managed services" in page.content.decode()
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_take_part")
    assert [one[:9] for one in logged] == ["Gone Oy h", "Kallio Di"]
    assert ["Gone Oy has left" in one for one in said] == [False, True]


def test_a_script_in_a_note_is_shown_as_text(cast, at):
    room = make_room(cast)
    client = cast.client("partner_manager")
    client.post(reverse("cosell:note", args=[room.id]), {"body": "<script>alert(1)</script>", "audience": "shared"})
    text = _client(room.isv).get(reverse("cosell:portal_engagement", args=[room.id])).content.decode()

    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_opening_on_a_registration_takes_what_it_knows_and_strangers_cannot(cast, at):
    from openprm.deals.testing import make_catalogue, make_registration

    registration_id = make_registration(cast.partner_rep, make_catalogue()).registration_id
    answer = cast.client("partner_rep").get(reverse("cosell:portal_open") + f"?registration={registration_id}")
    with scope(cast.partner_rep):
        opened = services.open_engagement(actor=cast.partner_rep, registration_id=registration_id, at=at)
    room = seen(cast.partner_rep, opened.engagement_id)

    assert "Ostrava Steelworks a.s." in answer.content.decode()
    assert (room.customer_name, room.contact_email, room.amount.minor, room.registration_id) == (
        "Ostrava Steelworks a.s.", "petra.mala@ostravasteel.example", 40_000_00, registration_id,
    )  # fmt: skip
    assert cast.client("other_partner_rep").get(reverse("cosell:portal_open") + f"?registration={registration_id}").status_code == 404


def test_opening_on_a_lead_takes_its_company_and_not_its_person(cast, at):
    from openprm.leads.testing import make_lead

    lead = make_lead(route=False)
    with scope(cast.partner_manager):
        opened = services.open_engagement(actor=cast.partner_manager, lead_id=lead.lead_id, at=at)
    room = seen(cast.partner_manager, opened.engagement_id)

    assert room.customer_name
    assert (room.contact_name, room.contact_email, room.contact_phone) == ("", "", "")
    assert cast.client("partner_manager").get(reverse("cosell:open") + f"?lead={lead.lead_id}").status_code == 200
    with scope(cast.partner_rep), pytest.raises(NotFound):
        services.open_engagement(actor=cast.partner_rep, lead_id=lead.lead_id, at=at)


def test_the_api_asks_for_the_version_and_refuses_an_old_one(cast, at):
    opened = make_engagement(cast.partner_manager)
    client = cast.client("partner_manager")
    path = f"engagements/{opened.engagement_id}"
    missing = _api(client, "PATCH", path, {"title": "New"})
    fresh = _api(client, "PATCH", path, {"title": "New"}, **{"If-Match": client.get(f"/api/v1/{path}")["ETag"]})
    stale = _api(client, "PATCH", path, {"title": "Lost"}, **{"If-Match": f'"{opened.version}"'})

    assert (missing.status_code, fresh.status_code, stale.status_code) == (428, 200, 412)
    assert stored(opened.engagement_id).title == "New"


def test_the_whole_way_over_the_api(cast, at):
    isv = make_partner("Lumio Software", "isv")
    host, guest = cast.client("partner_manager"), _client(isv)
    made = _api(host, "POST", "engagements", {"title": "Plant", "customer_name": "Ostrava", "amount_minor": 100, "currency": "EUR"}).json()
    sent = _api(host, "POST", f"engagements/{made['id']}/invitations", {"domain": "lumio.example", "role": "software", "visibility": "limited"})
    found = guest.get("/api/v1/engagement-invitations").json()["items"]
    tag = guest.get(f"/api/v1/engagement-invitations/{found[0]['id']}")["ETag"]
    accepted = _api(guest, "POST", f"engagement-invitations/{found[0]['id']}/accept", **{"If-Match": tag})
    body = guest.get(f"/api/v1/engagements/{made['id']}").json()

    assert (sent.status_code, accepted.status_code, accepted.json()["id"]) == (201, 200, made["id"])
    assert (body["level"], body["state"], "amount_minor" in body, [one["name"] for one in body["members"]]) == (
        "limited", "accepted", False, ["Halden Software", "Lumio Software"],
    )  # fmt: skip
    assert guest.get("/api/v1/engagements").json()["items"][0]["amount_minor"] is None


def test_an_answer_by_mail_is_a_shared_note_and_a_link_accepts(cast, at):
    isv = make_partner("Lumio Software", "isv")
    engagement_id = make_engagement(cast.partner_manager).engagement_id
    invitation_id = invited(cast.partner_manager, engagement_id, isv.id, "software")
    with scope(isv.rep):
        about = correspondence.about_invitation(actor=isv.rep, subject_id=invitation_id, at=at)
        correspondence.accept(actor=isv.rep, subject_id=invitation_id, at=at)
        with pytest.raises(NotAllowed):
            correspondence.about_invitation(actor=isv.rep, subject_id=invitation_id, at=at)
        correspondence.receive(actor=isv.rep, subject_id=engagement_id, text="By mail", files=(), at=at)
        services.add_task(actor=isv.rep, engagement_id=engagement_id, title="Demo", due_date=at.date(), at=at)
        due = correspondence.dates(actor=isv.rep, since=at - timedelta(days=1), until=at + timedelta(days=1), at=at)

    assert about.facts[0] == ("From", "Halden Software")
    assert [one.body for one in seen(cast.partner_manager, engagement_id).notes] == ["By mail"]
    assert [one.title for one in due] == ["Demo"]


def test_a_file_opens_engagements_and_invites_and_can_be_taken_back(cast, at):
    isv = make_partner("Lumio Software", "isv")
    importer, manager = EngagementImporter(), cast.partner_manager
    row = {
        "external_id": "OP-1",
        "title": "Plant",
        "customer_name": "Ostrava",
        "partner_id": isv.id,
        "role": "software",
        "amount_minor": 500,
        "currency": "EUR",
    }
    with scope(manager):
        assert [one.field for one in importer.check(actor=manager, rows=[{**row, "stage": "nowhere", "role": ""}], found=[None])[0]] == ["stage", "role"]
        (made,) = importer.create(actor=manager, rows=[row], source="crm", at=at)
        assert importer.find(actor=manager, rows=[row], source="crm") == [made]
        assert importer.current(actor=manager, ids=[made])[made]["amount_minor"] == 500
        exported = list(EngagementExporter().rows(actor=manager, filters={}, at=at))
        importer.remove(actor=manager, ids=[made], at=at)
    with system_scope():
        assert Engagement.objects.count() == 0
    assert [(one[2], one[9]) for one in exported] == [("Plant", 500)]


def test_an_import_that_somebody_joined_is_not_taken_back(cast, at):
    isv = make_partner("Lumio Software", "isv")
    manager = cast.partner_manager
    with scope(manager):
        (made,) = EngagementImporter().create(actor=manager, rows=[{"external_id": "1", "title": "A", "customer_name": "B"}], source="crm", at=at)
    joined(manager, made, isv.rep, "software")
    with scope(manager), pytest.raises(Conflict, match="joined"):
        EngagementImporter().remove(actor=manager, ids=[made], at=at)


def test_a_leaving_partner_takes_along_what_it_could_read_and_nothing_of_hidden_ones(cast, at):
    room = make_room(cast)
    for actor, body in ((room.vendor, "for all"), (room.hidden.rep, "hidden words")):
        with scope(actor):
            services.add_note(actor=actor, engagement_id=room.id, body=body, at=at)
    with scope(room.isv.rep):
        parts = {part.code: list(part.rows(room.isv.rep)) for part in offboarding.PORTS["offboarding.export"]}
    with system_scope():
        left = services.step_out_everywhere(partner_id=room.isv.id, at=at)
        services.forget_people(partner_id=room.isv.id, people=(room.isv.user.pk,), at=at)

    assert [(one["members"], one["amount_minor"]) for one in parts["engagements"]] == [("Halden Software, Brückner Systems, Lumio Software", None)]
    assert [one["body"] for one in parts["engagement_notes"]] == ["for all"]
    assert left == 1
    assert next(one for one in seen(room.vendor, room.id).members if one.party_id == room.isv.id).left_at == at


def test_the_news_of_a_partner_that_is_gone_takes_it_out(cast, at):
    room = make_room(cast)
    with system_scope():
        jobs.on_partner_status(partner_id=room.integrator.id, before="active", after="offboarded", at=at)
        jobs.on_partner_status(partner_id=room.isv.id, before="active", after="suspended", at=at)

    assert {one.name for one in seen(room.vendor, room.id).present} == {"Halden Software", "Lumio Software", "Vantaa Consulting"}


def test_every_button_of_the_room_does_what_it_says(cast, at):
    room = make_room(cast)
    host, guest = cast.client("partner_manager"), _client(room.integrator)
    me = str(room.integrator.id)

    def post(client, name, data, *args, side=""):
        return client.post(reverse(f"cosell:{side}{name}", args=[room.id, *args]), data).status_code

    assert post(host, "task", {"title": "Size it", "owner_id": me, "audience": "shared"}) == 303
    assert post(host, "ask", {"asked_id": me, "need": "deal_support"}) == 303
    assert post(host, "stage", {"stage": "qualified"}) == 303
    assert post(host, "next_step", {"text": "Workshop"}) == 303
    assert post(host, "member_act", {"role": "services", "involvement": "co_sell", "visibility": "full", "share": "40"}, me) == 303
    assert post(host, "edit", {"title": "Two plants", "customer_name": "Ostrava", "amount": "1000", "currency": "EUR"}) == 303
    found = seen(room.vendor, room.id)
    task, need = found.tasks[0].id, found.needs[0].id
    assert post(guest, "task_act", {"do": "accept"}, task, side="portal_") == 303
    assert post(guest, "task_act", {"do": "done"}, task, side="portal_") == 303
    assert post(guest, "need_act", {"do": "answer", "answer": "Yes"}, need, side="portal_") == 303
    assert post(guest, "record", {"system": "CRM", "value_stage": "Best", "fields_out": ["stage"]}, side="portal_") == 303
    assert post(guest, "invite", {"domain": "corvo.example", "role": "reseller", "involvement": "co_sell", "visibility": "full"}, side="portal_") == 403
    assert post(guest, "leave", {"reason": ""}, side="portal_") == 422
    assert post(host, "close", {"outcome": "won"}) == 303
    found = seen(room.vendor, room.id)

    assert (found.state, found.title, found.stage, found.amount.minor, found.tasks[0].state, found.needs[0].state) == (
        "won", "Two plants", "qualified", 100_000, "done", "answered",
    )  # fmt: skip
    assert next(one.share_bp for one in found.members if str(one.party_id) == me) == 4000


def test_lists_and_panels_are_drawn_for_both_sides(cast, at):
    room = make_room(cast)
    for client, side in ((cast.client("partner_manager"), ""), (_client(room.isv), "portal_")):
        for name in ("engagements", "closed", "invitations", "open"):
            assert client.get(reverse(f"cosell:{side}{name}")).status_code == 200, name
    with scope(room.vendor):
        from openprm.cosell.pages import panels

        assert [one.number for one in panels.partner(room.vendor, room.isv.id, at)["rows"]] == [stored(room.id).number]
        assert panels.registration(room.vendor, UUID(int=1), at)["rows"] == []
    with system_scope():
        assert Note.objects.count() == 0
