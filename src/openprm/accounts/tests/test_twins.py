"""Merging two accounts that are one company, and taking it back."""

import pytest

from openprm.accounts import queries, services
from openprm.accounts.models import Account, AccountAccess, Contact
from openprm.accounts.testing import make_account, make_contact
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(cast):
    kept = make_account(name="Ostrava Steelworks", partner_id=cast.partner_id)
    merged = make_account(name="Ostrava Steelworks a.s.", domain="ostravasteel.example", city="Ostrava", partner_id=cast.other_partner_id)
    with system_scope():
        AccountAccess.objects.create(account_id=merged, partner_id=cast.partner_id, reason="shared")
    make_contact(account_id=merged, name="Petra Malá")
    make_account(name="Ostrava Rolling", parent_id=merged)
    return kept, merged


def test_a_merge_moves_what_hangs_on_it_and_fills_what_is_unknown(cast, twins, at):
    kept, merged = twins
    with scope(cast.partner_manager) as actor:
        services.merge_accounts(actor=actor, kept_id=kept, merged_id=merged, at=at)

        account = queries.account(actor, kept)
        assert (account.name, account.domain, account.city) == ("Ostrava Steelworks", "ostravasteel.example", "Ostrava")
        assert [name for _id, name in account.subsidiaries] == ["Ostrava Rolling"]
        assert [contact.name for contact in queries.contacts_of(actor, kept)] == ["Petra Malá"]
        assert {one.partner for one in queries.shared_with(actor, kept)} == {"Kallio Digital", "Sintra Systems"}
        with pytest.raises(NotFound):
            queries.account(actor, merged)


def test_a_merge_is_undone_as_if_it_had_not_been(cast, twins, at):
    kept, merged = twins
    with system_scope():
        before = list(Account.objects.order_by("pk").values("pk", "domain", "city", "parent", "merged_into"))
    with scope(cast.partner_manager) as actor:
        merge = services.merge_accounts(actor=actor, kept_id=kept, merged_id=merged, at=at)

        assert services.undo_merge(actor=actor, merge_id=merge, at=at) == merged
        assert list(Account.objects.order_by("pk").values("pk", "domain", "city", "parent", "merged_into")) == before
        assert Contact.objects.get().account_id == merged
        assert AccountAccess.objects.filter(account=merged).count() == 2
        with pytest.raises(Conflict, match="was undone before"):
            services.undo_merge(actor=actor, merge_id=merge, at=at)


def test_what_was_changed_since_the_merge_stays(cast, twins, at):
    kept, merged = twins
    with scope(cast.partner_manager) as actor:
        merge = services.merge_accounts(actor=actor, kept_id=kept, merged_id=merged, at=at)
        services.update_account(actor=actor, account_id=kept, changes={"city": "Brno"}, at=at)

        services.undo_merge(actor=actor, merge_id=merge, at=at)

        account = queries.account(actor, kept)
        assert (account.city, account.domain) == ("Brno", "")


def test_an_account_is_not_merged_into_itself(cast, twins, at):
    with scope(cast.partner_manager) as actor, pytest.raises(Invalid, match="the same account"):
        services.merge_accounts(actor=actor, kept_id=twins[0], merged_id=twins[0], at=at)


def test_a_reader_merges_nothing(cast, twins, at):
    with scope(cast.vendor_reader) as actor, pytest.raises(NotAllowed):
        services.merge_accounts(actor=actor, kept_id=twins[0], merged_id=twins[1], at=at)

    with system_scope():
        assert Account.objects.exclude(merged_into=None).count() == 0
