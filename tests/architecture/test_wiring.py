"""What the domains contribute fits together."""

from collections import Counter
from pathlib import Path

import pytest
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

import openprm
from openprm.identity.rules import PARTNER_ROLES, VENDOR_ROLES
from openprm.kernel.registry import registry


def test_permissions_are_granted_to_roles_that_exist():
    unknown = {name: registry.roles_with(name) - {*VENDOR_ROLES, *PARTNER_ROLES} for name in registry.permissions()}

    assert {name: roles for name, roles in unknown.items() if roles} == {}


def test_everything_that_asks_for_a_permission_names_one_that_exists():
    asked = {
        item.permission
        for kind in ("pages", "nav", "settings_pages", "home_panels", "object_panels", "partner_panels")
        for item in registry.all(kind)
        if item.permission
    }

    assert asked - registry.permissions() == set()


def test_page_names_are_unique_in_their_domain():
    names = Counter(f"{domain}:{page.name}" for domain, page in registry.pages())

    assert [name for name, count in names.items() if count > 1] == []


def test_page_addresses_are_unique():
    addresses = Counter((page.workspace, page.path) for _domain, page in registry.pages())

    assert [address for address, count in addresses.items() if count > 1] == []


def test_vendor_and_partner_pages_that_change_something_ask_for_a_permission():
    personal = {"identity", "inbox", "portal", "ui"}  # a person's own profile, notices and views need a sign-in only
    unguarded = [
        f"{domain}:{page.name}"
        for domain, page in registry.pages()
        if page.workspace != "public" and "POST" in page.methods and not page.permission and domain not in personal
    ]

    assert unguarded == []


def test_pages_of_partners_stand_in_the_frame_of_the_portal():
    pages = list(Path(openprm.__file__).parent.glob("*/templates/*/partner/**/*.html"))
    in_the_vendors_frame = [page.name for page in pages if 'extends "ui/shell.html"' in page.read_text()]

    assert len(pages) > 50
    assert in_the_vendors_frame == []


@pytest.mark.parametrize("kind", ["nav", "settings_pages"])
def test_navigation_leads_to_pages_that_exist(kind):
    broken = []
    for item in registry.all(kind):
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            broken.append(item.url_name)

    assert broken == []


def test_job_names_are_unique_and_belong_to_their_domain():
    names = [made.name for wiring in registry.wirings for made in wiring.jobs]
    strays = [made.name for wiring in registry.wirings for made in wiring.jobs if not made.name.startswith(f"{wiring.domain}.")]

    assert strays == []
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_every_periodic_job_can_run_on_an_empty_system_twice(cast):
    periodic = [made for made in registry.jobs() if made.every]
    assert periodic

    for made in [*periodic, *periodic]:
        made.run({})
