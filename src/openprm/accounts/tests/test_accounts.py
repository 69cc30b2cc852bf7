import pytest
from django.db import connection
from django.urls import reverse

from openprm.accounts import queries, services
from openprm.accounts.models import Account
from openprm.accounts.testing import make_account, make_contact
from openprm.kernel.errors import Invalid, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.ui.paging import PageRequest

pytestmark = pytest.mark.django_db
FIRST = PageRequest(key="accounts.accounts", sort="name", descending=False)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "  ", "This cannot be empty"),
        ("name", "x" * 201, "at most 200 characters"),
        ("domain", "ostravasteel", "Add the ending, for example kallio.fi"),
        ("domain", "anna@gmail.com", "a mail provider that anybody can use"),
        ("country", "Finland", "two letters"),
        ("employees", -1, "a whole number from 0"),
        ("currency", "XXQ", "is not a currency code"),
        ("motion", "sideways", "Choose one of"),
        ("version", 7, "cannot be changed here"),
    ],
)
def test_bad_input_is_refused_beside_its_field(cast, at, field, value, message):
    with scope(cast.vendor_admin), pytest.raises(Invalid, match=message) as refusal:
        services.create_account(actor=cast.vendor_admin, at=at, **{"name": "Alpha", field: value})

    assert [problem.field for problem in refusal.value.problems] == [field]
    with system_scope():
        assert Account.objects.count() == 0


def test_the_domain_is_stored_as_registered(cast, at):
    account_id = make_account(domain="https://www.Ostravasteel.example/kontakt")

    with scope(cast.vendor_reader):
        assert queries.account(cast.vendor_reader, account_id).domain == "ostravasteel.example"


def test_a_version_that_is_gone_is_refused(cast, at):
    account_id = make_account()
    with scope(cast.vendor_admin) as actor:
        services.update_account(actor=actor, account_id=account_id, changes={"city": "Ostrava"}, version=1, at=at)
        with pytest.raises(Stale):
            services.update_account(actor=actor, account_id=account_id, changes={"city": "Brno"}, version=1, at=at)
        assert queries.account(actor, account_id).city == "Ostrava"


def test_a_company_does_not_belong_to_itself(cast, at):
    parent = make_account(name="Parent")
    child = make_account(name="Child", parent_id=parent)
    with scope(cast.vendor_admin) as actor, pytest.raises(Invalid, match="cannot belong to itself"):
        services.update_account(actor=actor, account_id=parent, changes={"parent_id": child}, at=at)


def test_a_partner_sees_the_accounts_it_was_given_and_nothing_of_the_vendor_there(cast):
    shared = make_account(name="Shared", motion="direct", employees=70, partner_id=cast.partner_id)
    make_account(name="Hidden")

    with scope(cast.partner_rep) as actor:
        rows = queries.list_accounts(actor, filters={}, page=FIRST).rows
        assert [(row.id, row.motion, row.employees) for row in rows] == [(shared, "", None)]
        assert not hasattr(queries.account_for_partner(actor, shared), "motion")
    with scope(cast.other_partner_rep) as actor, pytest.raises(NotFound):
        queries.account_for_partner(actor, shared)


def test_the_database_shows_a_partner_no_other_account_and_no_other_contact(cast):
    shared = make_account(name="Shared", partner_id=cast.partner_id)
    make_account(name="Hidden")
    make_contact(account_id=shared, name="The vendor's")
    make_contact(account_id=shared, name="Its own", partner_id=cast.partner_id)

    with scope(cast.partner_rep), connection.cursor() as cursor:
        cursor.execute("select name from accounts_account union all select name from accounts_contact order by 1")
        assert [name for (name,) in cursor.fetchall()] == ["Its own", "Shared"]


@pytest.mark.parametrize(
    ("text", "found"), [("ostrava", True), ("STEEL", True), ("www.ostravasteel.example", True), ("Os", True), ("os!", True), ("bakery", False)]
)
def test_the_list_is_searched_by_name_and_domain(cast, text, found):
    make_account(name="Ostrava Steelworks", domain="ostravasteel.example")

    with scope(cast.vendor_reader) as actor:
        assert bool(queries.list_accounts(actor, search=text, filters={}, page=FIRST).rows) is found


def test_the_list_costs_two_queries(cast, django_assert_num_queries):
    for name in ("Alpha", "Beta", "Gamma"):
        make_account(name=name, owner_id=cast.users["partner_manager"].pk)

    with scope(cast.vendor_reader) as actor, django_assert_num_queries(2):
        queries.list_accounts(actor, filters={}, page=FIRST)


def test_adding_a_company_that_may_be_known_asks_first(cast):
    make_account(name="Ostrava Steelworks", domain="ostravasteel.example")
    client, url = cast.client("partner_manager"), reverse("accounts:new_account")
    typed = {"name": "Ostrava Steelworks a.s.", "domain": "ostravasteel.example", "motion": "shared"}

    asked = client.post(url, typed)
    added = client.post(url, {**typed, "anyway": "yes"})

    assert asked.status_code == 409
    assert "This may be an account that you have" in asked.content.decode()
    assert added.status_code == 303
    with system_scope():
        assert Account.objects.count() == 2


def test_a_list_is_exported_as_filtered_and_runs_in_no_spreadsheet(cast):
    make_account(name="=Alpha", country="CZ")
    make_account(name="Beta", country="FI")

    answer = cast.client("vendor_reader").get(reverse("accounts:accounts"), {"country": "CZ", "export": "csv"})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=Alpha,")


def test_a_partner_adds_a_contact_that_only_it_and_the_vendor_see(cast):
    account_id = make_account(partner_id=cast.partner_id)
    url = reverse("accounts:portal_add_contact", args=[account_id])

    answer = cast.client("partner_rep").post(url, {"name": "Petra Malá", "email": "petra@ostravasteel.example"})

    assert answer.status_code == 303
    with scope(cast.partner_reader) as actor:
        assert [one.name for one in queries.contacts_of(actor, account_id)] == ["Petra Malá"]
    with scope(cast.vendor_reader) as actor:
        assert [one.partner for one in queries.contacts_of(actor, account_id)] == ["Kallio Digital"]
