"""What changes accounts: `from openprm.accounts import services as accounts`."""

from openprm.accounts.services.accounts import (
    AccountIsKnown,
    create_account,
    create_accounts,
    grant_access,
    grant_many,
    remove_accounts,
    revoke_access,
    update_account,
    update_accounts,
)
from openprm.accounts.services.contacts import create_contact, create_contacts, remove_contact, remove_contacts, update_contact, update_contacts
from openprm.accounts.services.twins import forget_distinction, keep_apart, merge_accounts, undo_merge

__all__ = [
    "AccountIsKnown",
    "create_account",
    "create_accounts",
    "create_contact",
    "create_contacts",
    "forget_distinction",
    "grant_access",
    "grant_many",
    "keep_apart",
    "merge_accounts",
    "remove_accounts",
    "remove_contact",
    "remove_contacts",
    "revoke_access",
    "undo_merge",
    "update_account",
    "update_accounts",
    "update_contact",
    "update_contacts",
]
