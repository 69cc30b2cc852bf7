"""Who sees what at each door, cell by cell: pages, files, the API, the search, panels beside a deal and a customer, letters."""

import io
import json

import pytest
from openpyxl import load_workbook

from openprm.accounts.models import Account
from openprm.inbox.models import Notification
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries, services
from openprm.mapping.models import Entry, Match
from openprm.mapping.testing import connect, run_match

pytestmark = pytest.mark.django_db

LEVELS = ("hidden", "counts", "overlaps", "all")
COMMON = ["Abloom", "Birkdale", "Cortenna", "Dovrekraft", "Elvestad", "Fjordtech", "Granlund"]
OTHERS = [
    "Hemsedal",
    "Iskender",
    "Jarlsberg",
    "Kvaerner",
    "Lofotsild",
    "Mjosplast",
    "Nordkapp",
    "Orkanger",
    "Polarlys",
    "Quistgaard",
    "Rjukan",
    "Setesdal",
    "Tysfjord",
]
SECRETS = ("mail@hidden-", "HIDDENSTAGE")


def _rows(side: str) -> list[services.Row]:
    """Companies whose names say whose list they stand in: "both" those that the other side has too, "only" the others."""
    told = [(f"{name} {side}both", f"{name.lower()}.com") for name in COMMON] + [(f"{name} {side}only", f"{name.lower()}-{side}.com") for name in OTHERS]
    return [
        services.Row(
            key=f"{side}-{number}",
            name=name,
            domain=domain,
            country="FI",
            owner="Aino",
            email=f"mail@hidden-{side}.example",
            deals=((f"{side}{number}", 100_00, "EUR", "HIDDENSTAGE"),),
        )
        for number, (name, domain) in enumerate(told)
    ]


def _list(actor, side: str, level: str, at):
    with scope(actor):
        made = services.create_list(actor=actor, draft=services.ListDraft(name=f"{side} list", kind="customers", source="upload"), at=at)
        services.replace_rows(actor=actor, population_id=made, rows=_rows(side), at=at)
        services.set_terms(actor=actor, population_id=made, terms=services.read_terms(level=level), at=at)
    return made


def _world(cast, at, vendor_level: str, partner_level: str):
    lists = _list(cast.vendor_admin, "vend", vendor_level, at), _list(cast.partner_admin, "part", partner_level, at)
    connect(cast.vendor_admin, cast.partner_admin, at=at)
    run_match(cast.partner_id, at=at)
    return lists


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").endswith("sheet"):
        return "\n".join(str(cell) for row in load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True) for cell in row)
    return body.decode()


def _pages(cast, side: str, mine, theirs) -> list[str]:
    across = f"/app/account-mapping/partners/{cast.partner_id}/" if side == "vend" else "/portal/account-mapping/vendor/"
    room = "/app/account-mapping/" if side == "vend" else "/portal/account-mapping/"
    cell, white = f"{across}cells/{mine}/{theirs}/", f"{across}whitespace/{theirs}/"
    search = "/app/search/?q=both" if side == "vend" else "/portal/search/?q=both"
    files = [f"{one}?export={kind}" for one in (cell, white) for kind in ("csv", "xlsx")]
    own = [room, across, f"{room}sharing/", f"{room}targets/", f"{room}looks/", f"{across}review/", f"{across}join/?own=a&other=a", f"{room}lists/{theirs}/"]
    return [*own, cell, white, *files, search]


def _operations(cast, mine, theirs) -> list[str]:
    across = f"/api/v1/account-mapping/{cast.partner_id}"
    asked = f"mine_id={mine}&theirs_id={theirs}"
    more = [f"{across}/{name}" for name in ("worth", "review", "requests", "targets")]
    room = [f"/api/v1/account-mapping/{name}" for name in ("grants", "looks", "recommendations")]
    return [across, f"{across}/overlaps?{asked}", f"{across}/whitespace?theirs_id={theirs}", *more, *room, f"/api/v1/account-lists/{theirs}/companies"]


def _everything(cast, person: str, side: str, mine, theirs) -> str:
    client = cast.client(person)
    return "\n".join(_text(client.get(address)) for address in (*_pages(cast, side, mine, theirs), *_operations(cast, mine, theirs)))


@pytest.mark.parametrize("vendor_level", LEVELS)
@pytest.mark.parametrize("partner_level", LEVELS)
def test_every_door_shows_what_its_level_shows_and_no_more(cast, at, vendor_level, partner_level):
    mine, theirs = _world(cast, at, vendor_level, partner_level)
    for person, side, own, other, level in (
        ("vendor_admin", "part", mine, theirs, partner_level),
        ("partner_admin", "vend", theirs, mine, vendor_level),
    ):
        said = _everything(cast, person, "vend" if side == "part" else "part", own, other)
        assert (f"{side}both" in said) is (level in ("overlaps", "all")), (person, level)
        assert (f"{side}only" in said) is (level == "all"), (person, level)
        assert f"mail@hidden-{side}" not in said
        assert (f"{side} list" in said) is (level != "hidden"), (person, level)


@pytest.mark.parametrize("level", LEVELS)
def test_panels_and_letters_say_what_the_level_shows(cast, at, run_jobs, level):
    with scope(cast.vendor_admin):
        account = Account(name="Abloom vendboth", domain="abloom.com", country="FI", is_customer=True).normalise()
        account.save()
    _mine, _theirs = _world(cast, at, "hidden", level)
    run_jobs()
    with scope(cast.vendor_admin):
        known = queries.partners_at(cast.vendor_admin, account.pk, at, "abloom.com")
        told = [one for deal in queries.recommended(cast.vendor_admin, at) for one in deal.partners]
    assert bool(known) is (level in ("overlaps", "all"))
    assert told == []
    page = cast.client("vendor_admin").get(f"/app/accounts/{account.pk}/").content.decode()
    assert ("Partners that know this company" in page) is (level in ("overlaps", "all"))
    with system_scope():
        letters = [f"{one.title} {one.body}" for one in Notification.objects.filter(kind="mapping.overlaps")]
    assert bool(letters) is (level != "hidden")
    assert not any("part" in one for one in letters)
    assert all(one.startswith("5 " if level == "counts" else "7 ") for one in letters)


def test_the_other_partner_finds_nothing_at_any_door(cast, at):
    mine, theirs = _world(cast, at, "all", "all")
    said = _everything(cast, "other_partner_admin", "part", theirs, mine)
    assert not any(word in said for word in ("vendboth", "vendonly", "partboth", "partonly", "vend list", "part list"))


def test_granted_fields_stand_in_the_file_and_the_api_others_do_not(cast, at):
    mine, theirs = _world(cast, at, "hidden", "overlaps")
    with scope(cast.partner_admin):
        terms = services.read_terms(level="overlaps", fields=("people",))
        services.set_terms(actor=cast.partner_admin, population_id=theirs, terms=terms, at=at)
    said = _everything(cast, "vendor_admin", "vend", mine, theirs)
    assert "mail@hidden-part.example" in said
    assert "HIDDENSTAGE" not in said


def test_every_look_through_a_door_is_read_by_the_owner(cast, at):
    mine, theirs = _world(cast, at, "hidden", "all")
    across = f"/app/account-mapping/partners/{cast.partner_id}/"
    client = cast.client("vendor_admin")
    client.get(across)
    _text(client.get(f"{across}cells/{mine}/{theirs}/?export=csv"))
    client.get(f"{across}whitespace/{theirs}/")
    client.get(f"{across}join/?other=part")
    with system_scope():
        match = Match.objects.first().pk
    client.get(f"/app/account-mapping/matches/{match}/")
    client.post(f"/app/account-mapping/matches/{match}/target/")
    with scope(cast.partner_admin):
        found = queries.looks(cast.partner_admin)
    assert sorted((look.what, look.rows) for look in found) == [("counts", 0), ("export", 7), ("overlaps", 0), ("whitespace", 13), ("whitespace", 20)]
    assert {look.person for look in found} == {cast.vendor_admin.name}


def test_a_file_holds_every_row_however_many_and_nothing_a_spreadsheet_runs(cast, at):
    with scope(cast.vendor_admin):
        made = services.create_list(actor=cast.vendor_admin, draft=services.ListDraft(name="Many", kind="own", source="upload"), at=at)
        rows = [services.Row(key=f"{number}", name=f"=cmd|{number}", domain=f"c{number}.com") for number in range(2_500)]
        services.replace_rows(actor=cast.vendor_admin, population_id=made, rows=rows, at=at)
    client = cast.client("vendor_admin")
    lines = _text(client.get(f"/app/account-mapping/lists/{made}/?export=csv")).splitlines()
    assert len(lines) == 2_501
    assert "'=cmd|0" in lines[1]
    assert _text(client.get(f"/app/account-mapping/lists/{made}/?export=xlsx")).count("'=cmd|") == 2_500


def test_the_api_refuses_what_is_odd_and_changes_nothing(cast, at):
    client = cast.client("vendor_admin")

    def send(path: str, body: dict):
        return client.post(f"/api/v1/{path}", json.dumps(body), "application/json", headers={"Idempotency-Key": str(new_id())})

    made = send("account-lists", {"name": "Mine", "kind": "customers"}).json()["id"]
    address = f"account-lists/{made}/companies"
    odd = [{"id": "1", "name": "Acme"}, {"id": "2", "name": ""}, {"id": "1", "name": "Again"}, {"id": "3", "name": "X", "domain": "p\u0430ypal.com"}]
    answer = send(address, {"items": odd})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["rows[1]", "rows[2]", "rows[3]"]
    dry = send(address, {"items": odd[:1], "dry_run": True})
    assert (dry.status_code, dry.json()["added"]) == (200, 1)
    with scope(cast.vendor_admin):
        assert Entry.objects.filter(population=made).count() == 0
