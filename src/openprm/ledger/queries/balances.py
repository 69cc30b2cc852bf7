"""Balances: one row for each account, kept by the database, so that none is ever summed."""

from collections.abc import Iterable
from uuid import UUID

from openprm.ledger.models import Account

Place = tuple[UUID | None, UUID | None, str]


def balance(account: str, owner_id: UUID | None = None, subject_id: UUID | None = None, currency: str | None = None) -> int:
    """The balance of one account in minor units, debit positive; zero for one that nothing was posted to.

    Without a currency the account must have one at most: amounts of two currencies are never added.
    """
    rows = Account.objects.filter(kind=account, partner_id=owner_id, subject_id=subject_id)
    if currency is not None:
        rows = rows.filter(currency=currency)
    found = list(rows.values_list("currency", "balance_minor"))
    if len(found) > 1:
        raise ValueError(f"{account} has {len(found)} currencies: say which one")
    return found[0][1] if found else 0


def balances(account: str, owner_ids: Iterable[UUID] | None = None) -> dict[Place, int]:
    """(owner, subject, currency) -> minor units, debit positive, of every account of a kind; of these owners alone when given."""
    rows = Account.objects.filter(kind=account)
    if owner_ids is not None:
        rows = rows.filter(partner_id__in=list(owner_ids))
    return {(owner, subject, currency): minor for owner, subject, currency, minor in rows.values_list("partner_id", "subject_id", "currency", "balance_minor")}
