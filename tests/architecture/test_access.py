"""Ring 2, swept: every page and every API operation, asked for by the whole cast.

Each domain lists its doors in `tests/access.py`:

    ACCESS = {"deals:registration": {"vendor": 200, "partner": 404, "stranger": 302}, ...}
    ARGS = {"deals:registration": lambda cast: {"registration_id": make_registration(...).id}}

Keys of a row are names of the cast or the groups `vendor`, `partner`, `other_partner`; the most
specific wins. A value is a status or a set of statuses. A door that no table lists fails the sweep.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from http.cookies import SimpleCookie
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from openprm.config.api import api
from openprm.kernel.ids import new_id
from openprm.kernel.memory import forget_everything
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.ui import shell
from tests.cast import OTHER_PEOPLE, PARTNER_PEOPLE, VENDOR_PEOPLE

pytestmark = pytest.mark.django_db

PEOPLE = (*VENDOR_PEOPLE, *PARTNER_PEOPLE, *OTHER_PEOPLE, "stranger")
AT_ONCE = 25


@cache
def _tables(name: str) -> dict:
    merged: dict = {}
    for domain in settings.OPENPRM_DOMAINS:
        if find_spec(f"openprm.{domain}.tests") and find_spec(f"openprm.{domain}.tests.access"):
            merged |= getattr(import_module(f"openprm.{domain}.tests.access"), name, {})
    return {_plain(door): row for door, row in merged.items()}


def _plain(door: str) -> str:
    """An operation's address without converters: how Ninja spells them depends on whether the addresses are loaded."""
    return re.sub(r"\{\w+:(\w+)\}", r"{\1}", door)


@cache
def _pages() -> dict[str, str]:
    return {f"{domain}:{page.name}": ("get" if "GET" in page.methods else page.methods[0].lower()) for domain, page in registry.pages()}


def _operations() -> list[str]:
    """Every operation of the API, as its published description lists them."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return sorted(f"{method.upper()} {path.rstrip('/')}" for path, methods in paths.items() for method in methods)


def _group(person: str) -> str:
    if person in VENDOR_PEOPLE:
        return "vendor"
    return "partner" if person in PARTNER_PEOPLE else "other_partner"


def _expected(row: dict, person: str) -> set[int]:
    value = row[person] if person in row else row[_group(person)]
    return value if isinstance(value, set) else {value}


@pytest.fixture(autouse=True)
def _no_navigation(monkeypatch) -> None:
    """The frame asks every room for its counts, on each of some sixteen thousand answers of which only the status matters here."""
    monkeypatch.setattr(shell, "_navigation", lambda actor, workspace, path: ())


def test_every_door_is_listed():
    doors = {*_pages(), *_operations()}

    assert doors - set(_tables("ACCESS")) == set()


def test_no_table_lists_a_door_that_is_gone():
    doors = {*_pages(), *_operations()}

    assert set(_tables("ACCESS")) - doors == set()


def _rooms() -> dict[str, list[str]]:
    """The doors in groups of one table and at most AT_ONCE, so that the cast is made once for each and not for each door."""
    groups: dict[str, list[str]] = {}
    for domain in settings.OPENPRM_DOMAINS:
        if find_spec(f"openprm.{domain}.tests") and find_spec(f"openprm.{domain}.tests.access"):
            doors = sorted(map(_plain, getattr(import_module(f"openprm.{domain}.tests.access"), "ACCESS", {})))
            groups |= {f"{domain} {start // AT_ONCE + 1}": doors[start : start + AT_ONCE] for start in range(0, len(doors), AT_ONCE)}
    return groups


@pytest.mark.parametrize("group", _rooms())
def test_every_person_gets_the_listed_answer(group, cast):
    cookies = {person: cast.client(person).cookies for person in PEOPLE}
    wrong = [said for door in _rooms()[group] for said in _undone(lambda door=door: _answers(door, cast, cookies))]

    assert not wrong, "\n".join(wrong)


def _undone(knock: Callable[[], list[str]]) -> list[str]:
    """Whatever was made for one door, and whatever a request did, is rolled back."""
    forget_everything()
    point = transaction.savepoint()
    try:
        return knock()
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)


def _answers(door: str, cast, cookies: dict[str, SimpleCookie]) -> list[str]:
    """What each person gets that is not listed."""
    row = _tables("ACCESS")[door]
    with system_scope():
        args = _tables("ARGS").get(door, lambda cast: {})(cast)
    statuses = {person: _knock(door, cookies[person], args) for person in PEOPLE}
    return [f"{door}: {one}: {got}, listed {sorted(_expected(row, one))}" for one, got in statuses.items() if got not in _expected(row, one)]


def _knock(door: str, cookies: SimpleCookie, args: dict) -> int:
    """The status that this person gets; whatever the request did is rolled back."""
    client = Client()
    client.cookies = SimpleCookie({name: one.value for name, one in cookies.items()})
    point = transaction.savepoint()
    try:
        if " " in door:
            return _call(door, client, args)
        return getattr(client, _pages()[door])(reverse(door, kwargs=args)).status_code
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)


def _call(door: str, client: Client, args: dict) -> int:
    method, path = door.split(" ", 1)
    values = dict(args)
    body = values.pop("body", {})
    headers = {"Idempotency-Key": str(new_id()), **values.pop("headers", {})}
    url = re.sub(r"\{(?:\w+:)?(\w+)\}", lambda found: str(values.get(found[1], new_id())), path)
    return client.generic(method, url, json.dumps(body), content_type="application/json", headers=headers).status_code
