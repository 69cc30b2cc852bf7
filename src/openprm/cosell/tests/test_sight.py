"""Who sees what, cell by cell: the vendor's rep, the integrator with full view, the software vendor with limited view, the hidden
participant and a stranger; on the page, in the API, in the export, in the search, in the timeline, in mails, and with raw SQL."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from openprm.audit import queries as audit
from openprm.cosell import queries, services
from openprm.cosell.queries import Filters, FullRoom, LimitedRoom
from openprm.cosell.rules.sight import Standing, may_read, sees
from openprm.cosell.tests.builders import make_room, seen
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db

VENDOR, FULL, LIMITED, HIDDEN = "Halden Software", "Brückner Systems", "Lumio Software", "Vantaa Consulting"
EVERYBODY = ("vendor", "integrator", "isv", "hidden", "stranger")
COMPANIES = {
    "vendor": {VENDOR, FULL, LIMITED, HIDDEN},
    "integrator": {VENDOR, FULL, LIMITED},
    "isv": {VENDOR, FULL, LIMITED},
    "hidden": {VENDOR, HIDDEN},
}
SAID = ("shared", "full", "private")
WRITERS = ("vendor", "integrator", "isv", "hidden")


def _reads(reader: str, writer: str, audience: str) -> bool:
    """The expectation in one sentence each: own always; private never; the hidden one and the partners never each other; full not for the limited."""
    if reader == writer:
        return True
    if audience == "private" or reader == "stranger" or {reader, writer} in ({"hidden", "integrator"}, {"hidden", "isv"}):
        return False
    return audience == "shared" or reader != "isv"


def _busy(cast, at):
    """A room in which everybody wrote everything for every audience."""
    room = make_room(cast, at)
    for name, actor in room.actors().items():
        if name == "stranger":
            continue
        with scope(actor):
            for audience in SAID:
                text = f"{name} says {audience}"
                services.add_note(actor=actor, engagement_id=room.id, body=f"note {text}", audience=audience, at=at)
                services.add_task(actor=actor, engagement_id=room.id, title=f"task {text}", audience=audience, at=at)
                services.attach_document(actor=actor, engagement_id=room.id, name=f"file {text}.txt", content=text.encode(), audience=audience, at=at)
            services.add_next_step(actor=actor, engagement_id=room.id, text=f"step of {name}", at=at)
            services.save_record(
                actor=actor,
                engagement_id=room.id,
                system="CRM",
                values={"stage": f"stage of {name}", "budget": f"secret of {name}"},
                fields_out=["stage"],
                at=at,
            )
    with scope(room.vendor):
        services.set_shares(actor=room.vendor, engagement_id=room.id, shares={room.integrator.id: 5000, room.isv.id: 1000, room.hidden.id: 2000}, at=at)
    return room


def _texts(name: str) -> set[str]:
    return {f"{writer} says {audience}" for writer in WRITERS for audience in SAID if _reads(name, writer, audience)}


def _client(cast, room, name: str) -> Client:
    if name == "vendor":
        return cast.client("partner_manager")
    client = Client()
    client.force_login(
        getattr(room, {"integrator": "integrator", "isv": "isv", "hidden": "hidden", "stranger": "stranger"}[name]).user,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def test_notes_tasks_files_and_companies_cell_by_cell(cast, at):
    room = _busy(cast, at)

    for name in WRITERS:
        found = seen(room.actors()[name], room.id)
        assert {one.name for one in found.members} == COMPANIES[name], name
        assert {one.body.removeprefix("note ") for one in found.notes} == _texts(name), name
        assert {one.title.removeprefix("task ") for one in found.tasks} == _texts(name), name
        assert {one.name.removeprefix("file ").removesuffix(".txt") for one in found.documents} == _texts(name), name
        steps = {writer for writer in WRITERS if _reads(name, writer, "shared")}
        assert {one.text.removeprefix("step of ") for one in found.next_steps} == steps, name
        assert {one.party for one in (*found.notes, *found.documents, *found.next_steps)} <= COMPANIES[name], name
    with pytest.raises(NotFound):
        seen(room.stranger.rep, room.id)


def test_a_limited_member_gets_a_type_without_what_it_must_never_know(cast, at):
    room = _busy(cast, at)
    full, limited = seen(room.integrator.rep, room.id), seen(room.isv.rep, room.id)

    assert (type(full), type(limited)) == (FullRoom, LimitedRoom)
    assert (full.amount.minor, full.contact_email) == (240_000_00, "petra.mala@ostravasteel.example")
    never = {"amount", "contact_name", "contact_email", "contact_phone", "customer_domain", "description", "competitor", "mirrors", "share_left_bp"}
    assert never & set(dir(limited)) == set()
    assert {one.share_bp for one in full.members} == {None, 5000, 1000}
    assert [hasattr(one, "share_bp") for one in limited.members] == [False, False, False]
    assert (limited.own_share_bp, limited.title, limited.customer_name) == (1000, "Ostrava, plant rollout", "Ostrava Steelworks a.s.")


def test_mirrors_give_the_shared_fields_of_known_companies_alone_and_keep_their_readers(cast, at):
    room = _busy(cast, at)
    mirrored = {name: {one.party: one.values for one in getattr(seen(room.actors()[name], room.id), "mirrors", ())} for name in WRITERS}

    assert mirrored == {
        "vendor": {FULL: {"stage": "stage of integrator"}, LIMITED: {"stage": "stage of isv"}, HIDDEN: {"stage": "stage of hidden"}},
        "integrator": {VENDOR: {"stage": "stage of vendor"}, LIMITED: {"stage": "stage of isv"}},
        "isv": {},
        "hidden": {VENDOR: {"stage": "stage of vendor"}},
    }
    later = at + timedelta(minutes=5)
    for name in ("integrator", "hidden", "isv"):
        _client(cast, room, name).get(reverse("cosell:portal_engagement", args=[room.id]))
    with scope(room.vendor):
        reads = queries.room(room.vendor, room.id, later).record.reads
    assert sorted((one.party, one.fields) for one in reads) == [(FULL, ("Stage",)), (HIDDEN, ("Stage",))]
    with scope(room.isv.rep):
        assert {one.party for one in queries.room(room.isv.rep, room.id, later).record.reads} == {FULL}


SECRETS = {
    "amount": ("240,000", "240.000", "24000000", "240 000"),
    "contact": ("petra.mala@ostravasteel.example", "Petra Mal"),
    "story": ("Three plants in two phases", "Rival Works"),
}


def _page(cast, room, name):
    workspace = "" if name == "vendor" else "portal_"
    return _client(cast, room, name).get(reverse(f"cosell:{workspace}engagement", args=[room.id]))


def _api(cast, room, name):
    return _client(cast, room, name).get(f"/api/v1/engagements/{room.id}")


def _json(answer) -> str:
    return json.dumps(answer.json(), ensure_ascii=False) if answer.status_code == 200 else ""


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("door", ["page", "api"])
def test_the_page_and_the_api_show_exactly_what_is_known(cast, at, name, door):
    room = _busy(cast, at)
    answer = _page(cast, room, name) if door == "page" else _api(cast, room, name)
    if name == "stranger":
        assert answer.status_code == 404
        return
    text = answer.content.decode() if door == "page" else _json(answer)
    every = {f"{writer} says {audience}" for writer in WRITERS for audience in SAID}

    assert answer.status_code == 200
    assert {one for one in every if one in text} == _texts(name)
    companies = {one for one in (FULL, LIMITED, HIDDEN) if one in text}
    assert companies == COMPANIES[name] - {VENDOR}
    shown = {kind for kind, signs in SECRETS.items() if any(sign in text for sign in signs)}
    assert shown == (set() if name == "isv" else set(SECRETS))
    assert not any(f"secret of {writer}" in text for writer in WRITERS if writer != name)


@pytest.mark.parametrize("name", EVERYBODY)
def test_lists_counts_exports_search_and_pipeline_know_no_more(cast, at, name):
    room = _busy(cast, at)
    actor = room.actors()[name]
    with scope(actor):
        rows = list(queries.export_engagements(actor, Filters(), at))
        pipeline = queries.pipeline_rows(actor, at=at)
        hits = queries.search(actor, "Ostrava, plant")
        by_company = queries.search(actor, "Vantaa")
    workspace = "" if name == "vendor" else "portal_"
    csv = _client(cast, room, name).get(reverse(f"cosell:{workspace}engagements") + "?" + urlencode({"export": "csv"})).content.decode()

    if name == "stranger":
        assert (rows, list(pipeline), hits) == ([], [], [])
        assert "Ostrava" not in csv
        return
    assert [set(row.members) for row in rows] == [COMPANIES[name]] == [set(row.members) for row in pipeline]
    assert [row.amount and row.amount.minor for row in rows] == [None if name == "isv" else 240_000_00] == [row.amount and row.amount.minor for row in pipeline]
    assert (len(hits), by_company) == (1, [])
    assert (HIDDEN in csv, "240" in csv) == (name in ("vendor", "hidden"), name != "isv")


@pytest.mark.parametrize("name", WRITERS)
def test_the_timeline_and_the_invitations_name_nobody_hidden(cast, at, name):
    room = _busy(cast, at)
    actor = room.actors()[name]
    with scope(room.vendor):
        services.update_engagement(actor=room.vendor, engagement_id=room.id, changes={"competitor": "Rival Two"}, at=at)
    with scope(actor):
        said = " ".join(str(entry) for entry in audit.timeline(actor, room.id, limit=200))
        invitations = {one.receiver for one in queries.invitation_views(actor, queries.invited(actor), at)}

    for writer in WRITERS:
        assert (f"step of {writer}" in said) == _reads(name, writer, "shared"), writer
        assert (f"note {writer} says private" in said) is (writer == "vendor" and name == "vendor")
    assert ("Rival Two" in said) is (name != "isv")
    assert invitations == {"vendor": {FULL, LIMITED, HIDDEN}, "integrator": {FULL}, "isv": {LIMITED}, "hidden": {HIDDEN}}[name]


def test_mails_and_news_go_to_those_alone_who_may_know_of_the_writer(cast, at, run_jobs, outbox):
    from openprm.inbox.models import Notification

    room = make_room(cast, at)
    run_jobs()
    with system_scope():
        Notification.objects.all().delete()
    with scope(room.hidden.rep):
        services.add_note(actor=room.hidden.rep, engagement_id=room.id, body="hello", audience="shared", at=at)
    with scope(room.vendor):
        services.add_note(actor=room.vendor, engagement_id=room.id, body="figures", audience="full", at=at)
        services.add_note(actor=room.vendor, engagement_id=room.id, body="mine", audience="private", at=at)
    run_jobs()
    with system_scope():
        told = sorted((one.title.split(" wrote")[0], one.user_id) for one in Notification.objects.filter(kind="cosell.noted"))

    assert told == sorted([
        (HIDDEN, cast.users["partner_manager"].pk), (VENDOR, room.integrator.user.pk), (VENDOR, room.hidden.user.pk),
    ])  # fmt: skip


TABLES = ("engagement", "detail", "member", "share", "note", "task", "document", "nextstep", "record", "mirror", "mirrorread", "sight", "invitation", "need")


def test_row_level_security_gives_the_same_with_raw_sql(cast, at):
    room = _busy(cast, at)
    counts = {}
    for name in ("integrator", "isv", "hidden", "stranger"):
        with scope(room.actors()[name]), connection.cursor() as cursor:
            found = {}
            for table in TABLES:
                cursor.execute(f"select count(*) from cosell_{table}")
                found[table] = cursor.fetchone()[0]
            counts[name] = found

    works = {name: len(_texts(name)) for name in WRITERS}
    assert set(counts["stranger"].values()) == {0}
    assert {name: found["detail"] for name, found in counts.items()} == {"integrator": 1, "isv": 0, "hidden": 1, "stranger": 0}
    assert {name: found["member"] for name, found in counts.items()} == {"integrator": 3, "isv": 3, "hidden": 2, "stranger": 0}
    assert {name: found["share"] for name, found in counts.items()} == {"integrator": 2, "isv": 1, "hidden": 1, "stranger": 0}
    assert {name: found["mirror"] for name, found in counts.items()} == {"integrator": 3, "isv": 0, "hidden": 2, "stranger": 0}
    assert {name: found["record"] for name, found in counts.items()} == {"integrator": 1, "isv": 1, "hidden": 1, "stranger": 0}
    assert {name: found["invitation"] for name, found in counts.items()} == {"integrator": 1, "isv": 1, "hidden": 1, "stranger": 0}
    for name in ("integrator", "isv", "hidden"):
        assert [counts[name][table] for table in ("note", "task", "document")] == [works[name]] * 3, name
        with scope(room.actors()[name]), connection.cursor() as cursor:
            cursor.execute("update cosell_note set body = 'x'")
            assert cursor.rowcount == 0


def test_hiding_later_takes_what_was_said_away_and_showing_gives_it_back(cast, at):
    room = _busy(cast, at)
    with scope(room.vendor):
        services.change_view(actor=room.vendor, engagement_id=room.id, party_id=room.integrator.id, visibility="limited", hidden=True, at=at)
    found = seen(room.isv.rep, room.id)
    assert {one.name for one in found.members} == {VENDOR, LIMITED}
    assert not any("integrator" in one.body for one in found.notes)
    assert isinstance(seen(room.integrator.rep, room.id), LimitedRoom)

    with scope(room.vendor):
        services.change_view(actor=room.vendor, engagement_id=room.id, party_id=room.integrator.id, visibility="full", hidden=False, at=at)
    assert {one.name for one in seen(room.isv.rep, room.id).members} == COMPANIES["isv"]


def test_whoever_looks_at_a_portal_as_its_partner_reads_nothing_private(cast, at):
    from dataclasses import replace

    room = _busy(cast, at)
    looking = replace(room.integrator.rep, read_only=True, viewing_as=room.integrator.id)
    found = seen(looking, room.id)

    assert not any(one.audience == "private" for one in (*found.notes, *found.tasks, *found.documents))
    assert (found.record, found.mirrors) == (None, ())


@pytest.mark.parametrize(
    ("viewer", "other", "expected"),
    [
        (Standing("a"), Standing("b"), True),
        (Standing("a", hidden=True), Standing("b"), False),
        (Standing("a"), Standing("b", hidden=True), False),
        (Standing("a", is_host=True), Standing("b", hidden=True), True),
        (Standing("a", hidden=True), Standing("b", is_host=True), True),
        (Standing("a", is_vendor=True), Standing("b", hidden=True), True),
        (Standing("a", hidden=True), Standing("a", hidden=True), True),
        (Standing("a", left=True), Standing("b", is_host=True), False),
        (Standing("a"), Standing("b", left=True), True),
    ],
)
def test_the_rule_of_sight(viewer, other, expected):
    assert sees(viewer, other) is expected
    assert may_read(viewer, other, "private") is (viewer.party == other.party)
    assert may_read(Standing("a", full=False), Standing("b"), "full") is False
