"""What accounts asks of the domains above it, contributed as `Wiring(ports={"accounts.holders": (...)})`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from openprm.kernel.actor import Actor


class AccountHolder(Protocol):
    """Rows of another domain that hang on an account and go along when it is merged: registrations, opportunities, protections."""

    kind: str  # stable name in the record of the merge: "deals.registrations"

    def held(self, *, actor: Actor, account_id: UUID) -> Sequence[UUID]:
        """The rows that hang on the account."""

    def move(self, *, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
        """Hang the rows on another account; ids that are gone are passed over. Raises a Refusal when they cannot go there."""
