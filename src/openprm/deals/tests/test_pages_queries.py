"""How many queries each page may ask: the number is kept, and does not grow with the rows.

Write the numbers anew with: OPENPRM_TEST_WRITE_QUERIES=1 .venv/bin/pytest src/openprm/deals/tests/test_pages_queries.py -n0
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openprm.deals.testing import make_approved, make_catalogue, make_registration

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parents[1] / "query_counts.json"
PAGES = {
    "vendor list": ("vendor_admin", "deals:registrations"),
    "vendor pipeline": ("vendor_admin", "pipeline:pipeline"),
    "vendor opportunities": ("vendor_admin", "deals:opportunities"),
    "vendor registration": ("partner_manager", "deals:registration"),
    "vendor catalogue": ("vendor_admin", "deals:catalogue_home"),
    "portal list": ("partner_rep", "deals:portal_registrations"),
    "portal board": ("partner_rep", "deals:portal_board"),
    "portal register": ("partner_rep", "deals:portal_register"),
    "portal precheck": ("partner_rep", "deals:portal_precheck"),
    "portal registration": ("partner_rep", "deals:portal_registration"),
    "api list": ("partner_rep", "/api/v1/registrations"),
    "api registration": ("partner_rep", "/api/v1/registrations/{id}"),
    "api people": ("partner_rep", "/api/v1/registrations/{id}/collaborators"),
    "api protections": ("partner_rep", "/api/v1/protections"),
}


def _address(name: str, registration_id: Any) -> str:
    if name.startswith("/"):
        return name.replace("{id}", str(registration_id))
    return reverse(name, args=[registration_id] if name.endswith(("_registration", ":registration")) else [])


def _count(client: Any, address: str) -> int:
    """The queries of a warm page: what is remembered for a moment may be asked anew in one of the rounds."""
    return min(_asked(client, address) for _round in range(3))


def _asked(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len([one for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))])


def _deals(cast: Any, catalogue: Any, at: Any, numbers: range) -> Any:
    for number in numbers:
        name = {"customer_name": f"Customer {number} Oy", "customer_domain": f"customer{number}.example"}
        make = make_approved if number % 2 else make_registration
        made = make(cast.partner_rep, *((cast.vendor_admin,) if number % 2 else ()), catalogue, at=at, **name)
    return getattr(made, "registration_id", made)


def test_pages_ask_as_often_as_is_kept_however_many_rows(cast, at, monkeypatch):
    monkeypatch.setattr("openprm.kernel.http.now", lambda: at)
    monkeypatch.setattr("openprm.kernel.api.pipeline.now", lambda: at)
    catalogue = make_catalogue()
    registration_id = _deals(cast, catalogue, at, range(4))
    clients = {person: cast.client(person) for person, _name in PAGES.values()}

    few = {page: _count(clients[person], _address(name, registration_id)) for page, (person, name) in PAGES.items()}
    _deals(cast, catalogue, at, range(4, 12))
    many = {page: _count(clients[person], _address(name, registration_id)) for page, (person, name) in PAGES.items()}

    if os.environ.get("OPENPRM_TEST_WRITE_QUERIES"):
        KEPT.write_text(json.dumps(many, indent=2) + "\n")
    assert {page: many[page] - few[page] for page in PAGES if many[page] > few[page]} == {}
    kept = json.loads(KEPT.read_text())
    assert {page: (count, kept.get(page)) for page, count in many.items() if count > kept.get(page, 0)} == {}
