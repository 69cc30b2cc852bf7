import pytest

from openprm.accounts import queries, services
from openprm.accounts.queries import AccountDraft
from openprm.accounts.testing import make_account
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def reasons(candidate):
    return [(reason.kind, reason.percent) for reason in candidate.reasons]


def test_a_candidate_says_why_with_percents(cast):
    account_id = make_account(name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ")

    with scope(cast.vendor_admin):
        found = queries.duplicate_candidates(
            cast.vendor_admin, AccountDraft("Ostrava Steelworks a.s.", domain="https://www.ostravasteel.example/kontakt", country="cz")
        )

    assert [candidate.account_id for candidate in found] == [account_id]
    assert reasons(found[0]) == [("domain", 100), ("name", 96), ("country", 100)]
    assert found[0].score == 99


@pytest.mark.parametrize("name", ["Ostrava Stelworks", "OSTRAVA STEEL-WORKS, A.S.", "Steelworks Ostrava", "stravaO Steelworks", "Ostrava Steelworkz"])
def test_misspelt_and_turned_names_are_found(cast, name):
    account_id = make_account(name="Ostrava Steelworks")

    with scope(cast.vendor_admin):
        found = queries.duplicate_candidates(cast.vendor_admin, AccountDraft(name))

    assert [candidate.account_id for candidate in found] == [account_id]


def test_another_company_of_the_same_town_and_country_is_no_candidate(cast):
    make_account(name="Ostrava Bakery", domain="bakery.example", country="CZ")

    with scope(cast.vendor_admin):
        assert queries.duplicate_candidates(cast.vendor_admin, AccountDraft("Ostrava Steelworks", domain="ostravasteel.example", country="CZ")) == []


def test_a_free_mail_domain_matches_nobody(cast):
    make_account(name="Alpha", domain="alpha.example")

    with scope(cast.vendor_admin):
        assert queries.duplicate_candidates(cast.vendor_admin, AccountDraft("Beta Tools", domain="anna@gmail.com")) == []


def test_the_legal_name_is_compared_too(cast):
    account_id = make_account(name="Steely", legal_name="Ostrava Steelworks a.s.")

    with scope(cast.vendor_admin):
        found = queries.duplicate_candidates(cast.vendor_admin, AccountDraft("Ostrava Steelworks"))

    assert [(candidate.account_id, candidate.score) for candidate in found] == [(account_id, 92)]


def test_a_partner_finds_only_what_it_may_see(cast):
    make_account(name="Ostrava Steelworks", partner_id=cast.other_partner_id)

    with scope(cast.partner_rep):
        assert queries.duplicate_candidates(cast.partner_rep, AccountDraft("Ostrava Steelworks")) == []


def test_the_candidates_cost_one_query(cast, django_assert_num_queries):
    make_account(name="Ostrava Steelworks")

    with system_scope() as system, django_assert_num_queries(1):
        queries.duplicate_candidates(system, AccountDraft("Ostrava Steel Works Group", domain="a.example", country="CZ"))


def test_accounts_kept_apart_are_not_asked_about_again(cast, at):
    here, there = make_account(name="Nordwind Energie"), make_account(name="Nordwind Energie GmbH")

    with scope(cast.partner_manager):
        assert [candidate.account_id for candidate in queries.duplicates_of(cast.partner_manager, here)] == [there]
        services.keep_apart(actor=cast.partner_manager, account_id=there, other_id=here, note="Two towns", at=at)
        assert queries.duplicates_of(cast.partner_manager, here) == []
        services.forget_distinction(actor=cast.partner_manager, account_id=here, other_id=there, at=at)
        assert [candidate.account_id for candidate in queries.duplicates_of(cast.partner_manager, here)] == [there]


def test_a_stranger_to_an_account_gets_not_found(cast):
    account_id = make_account()

    with scope(cast.partner_rep), pytest.raises(NotFound):
        queries.account_for_partner(cast.partner_rep, account_id)
