"""Ring 2, swept: every page and every API operation, asked for by the whole cast.

Each domain lists its doors in `tests/access.py`:

    ACCESS = {"deals:registration": {"vendor": 200, "partner": 404, "stranger": 302}, ...}
    ARGS = {"deals:registration": lambda cast: {"registration_id": make_registration(...).id}}

Keys of a row are names of the cast or the groups `vendor`, `partner`, `other_partner`; the most
specific wins. A value is a status or a set of statuses. A door that no table lists fails the sweep.
"""

import json
import re
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from openprm.config.api import api
from openprm.kernel.ids import new_id
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.ui import shell
from tests.cast import OTHER_PEOPLE, PARTNER_PEOPLE, VENDOR_PEOPLE

pytestmark = pytest.mark.django_db

PEOPLE = (*VENDOR_PEOPLE, *PARTNER_PEOPLE, *OTHER_PEOPLE, "stranger")


def _tables(name: str) -> dict:
    merged: dict = {}
    for domain in settings.OPENPRM_DOMAINS:
        if find_spec(f"openprm.{domain}.tests") and find_spec(f"openprm.{domain}.tests.access"):
            merged |= getattr(import_module(f"openprm.{domain}.tests.access"), name, {})
    return {_plain(door): row for door, row in merged.items()}


def _plain(door: str) -> str:
    """An operation's address without converters: how Ninja spells them depends on whether the addresses are loaded."""
    return re.sub(r"\{\w+:(\w+)\}", r"{\1}", door)


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


@pytest.mark.parametrize("door", sorted(_tables("ACCESS")))
def test_every_person_gets_the_listed_answer(door, cast):
    row, wrong = _tables("ACCESS")[door], []
    with system_scope():
        args = _tables("ARGS").get(door, lambda cast: {})(cast)

    for person in PEOPLE:
        status = _knock(door, cast, person, args)
        if status not in _expected(row, person):
            wrong.append(f"{person}: {status}, listed {sorted(_expected(row, person))}")

    assert not wrong, f"{door}\n" + "\n".join(wrong)


def _knock(door: str, cast, person: str, args: dict) -> int:
    """The status that this person gets; whatever the request did is rolled back."""
    point = transaction.savepoint()
    try:
        if " " in door:
            return _call(door, cast, person, args)
        client = cast.client(person)
        return getattr(client, _pages()[door])(reverse(door, kwargs=args)).status_code
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)


def _call(door: str, cast, person: str, args: dict) -> int:
    method, path = door.split(" ", 1)
    values = dict(args)
    body = values.pop("body", {})
    headers = {"Idempotency-Key": str(new_id()), **values.pop("headers", {})}
    url = re.sub(r"\{(?:\w+:)?(\w+)\}", lambda found: str(values.get(found[1], new_id())), path)
    client = cast.client(person)
    return client.generic(method, url, json.dumps(body), content_type="application/json", headers=headers).status_code
