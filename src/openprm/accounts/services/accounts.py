"""Accounts: made, changed, shared with partners, taken back. The functions on many rows serve imports and the demo."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from openprm.accounts import policies
from openprm.accounts.events import AccountCreated
from openprm.accounts.models import Account, AccountAccess, with_normal_forms
from openprm.accounts.services import checks
from openprm.audit import services as audit
from openprm.identity import queries as people
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id


class AccountIsKnown(Conflict):
    """An account with this id of the source is already there."""


class AccountIsInUse(Conflict):
    """Something hangs on the account, so it cannot be taken back."""


@transaction.atomic
def create_account(*, actor: Actor, name: str, at: datetime, **values: Any) -> UUID:
    """Add a company. Whether it is one that is known already is the caller's question (`queries.duplicate_candidates`).

    Raises NotAllowed, Invalid, AccountIsKnown.
    """
    refuse_if(policies.why_not_manage(actor))
    found = checks.account({"name": name, **values})
    _refuse_strangers(actor, found)
    account = Account().assign(found)
    with refused_by("one_account_per_external_id", AccountIsKnown(_("An account with this id of that source is already there."), field="external_id")):
        account.save()
    audit.record(actor, "account.created", account, refs=(account.pk,), at=at)
    publish(AccountCreated(account_id=account.pk, at=at))
    return account.pk


@transaction.atomic
def create_accounts(*, actor: Actor, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[UUID]:
    """Add many companies with one insert; each has its audit event. Raises like create_account, for the whole batch."""
    refuse_if(policies.why_not_manage(actor))
    accounts = [Account().assign(checks.account(row)) for row in rows]
    with refused_by("one_account_per_external_id", AccountIsKnown(_("An account with this id of that source is already there."))):
        Account.objects.bulk_create(accounts)
    audit.record_many(actor, "account.created", [audit.Entry(account, refs=(account.pk,)) for account in accounts], at=at)
    return [account.pk for account in accounts]


@transaction.atomic
def update_account(*, actor: Actor, account_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None) -> None:
    """Change a company. Raises NotFound, NotAllowed, Invalid, Stale."""
    account = policies.reach(actor).locked().one(account_id)
    refuse_if(policies.why_not_manage(actor))
    if version is not None and version != account.version:
        raise Stale()
    found = checks.account(changes, present_currency=account.currency)
    _refuse_strangers(actor, found, account)
    _write(actor, account, found, at)


@transaction.atomic
def update_accounts(*, actor: Actor, changes: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    """Change many companies. Raises like update_account, for the whole batch."""
    refuse_if(policies.why_not_manage(actor))
    for account in policies.reach(actor).filter(pk__in=list(changes)).locked():
        found = checks.account(changes[account.pk], present_currency=account.currency)
        _refuse_circle(account, found.get("parent_id"))
        _write(actor, account, found, at)


@transaction.atomic
def grant_access(*, actor: Actor, account_id: UUID, partner_id: UUID, at: datetime, reason: str = "shared") -> None:
    """Let a partner see an account; once is enough. Raises NotFound, NotAllowed."""
    account = policies.reach(actor).one(account_id)
    refuse_if(policies.why_not_manage(actor))
    checks.choice("reason", reason, AccountAccess.Reason.values)
    if _insert_access(account_id=account.pk, partner_id=partner_id, reason=reason, at=at):
        data = {"reason": reason}
        audit.record(actor, "account.shared", account, after={}, refs=(account.pk, partner_id), visible_to=(partner_id,), data=data, note=account.name, at=at)


@transaction.atomic
def grant_many(*, actor: Actor, pairs: Iterable[tuple[UUID, UUID]], at: datetime, reason: str = "shared") -> int:
    """Let partners see accounts, (account, partner) each; gives how many are new. For imports: the import's own events tell it. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    checks.choice("reason", reason, AccountAccess.Reason.values)
    wanted = [AccountAccess(account_id=account_id, partner_id=partner_id, reason=reason) for account_id, partner_id in dict.fromkeys(pairs)]
    before = AccountAccess.objects.count()
    AccountAccess.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1_000)
    return AccountAccess.objects.count() - before


def _insert_access(*, account_id: UUID, partner_id: UUID, reason: str, at: datetime) -> bool:
    """Whether the row is new. One statement instead of look, savepoint and insert: every submitted deal comes through here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_accountaccess (id, created_at, updated_at, account_id, partner_id, reason) "
            "values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            [new_id(), at, at, account_id, partner_id, reason],
        )
        return cursor.rowcount == 1


@transaction.atomic
def revoke_access(*, actor: Actor, account_id: UUID, partner_id: UUID, at: datetime) -> None:
    """Take a partner's sight of an account away. Raises NotFound, NotAllowed."""
    account = policies.reach(actor).one(account_id)
    refuse_if(policies.why_not_manage(actor))
    gone, _rows = AccountAccess.objects.filter(account=account, partner_id=partner_id).delete()
    if not gone:
        raise NotFound(_("This partner does not see this account."))
    audit.record(actor, "account.unshared", account, after={}, refs=(account.pk, partner_id), visible_to=(partner_id,), note=account.name, at=at)


@transaction.atomic
def remove_accounts(*, actor: Actor, account_ids: Iterable[UUID], at: datetime) -> None:
    """Take back accounts that an import made and nothing hangs on. Raises NotAllowed, AccountIsInUse."""
    refuse_if(policies.why_not_manage(actor))
    for account in policies.reach(actor).filter(pk__in=list(account_ids)).locked():
        in_use = AccountIsInUse(_("“%(name)s” has deals, contacts or shares by now.") % {"name": account.name})
        if account.contacts.exists() or account.access.exists():
            raise in_use
        audit.record(actor, "account.removed", account, before=account.snapshot(), after={}, refs=(account.pk,), at=at)
        try:
            account.delete()
        except ProtectedError:
            raise in_use from None


def _refuse_strangers(actor: Actor, found: Mapping[str, Any], account: Account | None = None) -> None:
    if parent_id := found.get("parent_id"):
        policies.reach(actor).one(parent_id)
        _refuse_circle(account, parent_id)
    if (owner_id := found.get("owner_id")) and owner_id not in {person.id for person in people.holders_of("accounts.view")}:
        raise Invalid(_("Choose a person of the vendor as owner."), field="owner_id")


def _refuse_circle(account: Account | None, parent_id: UUID | None) -> None:
    """A company cannot be its own ancestor. Walks up; chains of companies are short."""
    seen = {account.pk} if account else set()
    while parent_id:
        if parent_id in seen:
            raise Invalid(_("A company cannot belong to itself. Choose another parent."), field="parent_id")
        seen.add(parent_id)
        parent_id = Account.objects.filter(pk=parent_id).values_list("parent_id", flat=True).first()


def _write(actor: Actor, account: Account, values: Mapping[str, Any], at: datetime) -> None:
    before = account.snapshot()
    changed = {name: value for name, value in values.items() if getattr(account, name) != value}
    if not changed:
        return
    account.assign(changed)
    account.version += 1
    columns = [_column(name) for name in changed]
    account.save(update_fields=with_normal_forms([*columns, "version"]))
    audit.record(actor, "account.updated", account, before=before, refs=(account.pk,), at=at)


def _column(name: str) -> str:
    field = next(field for field in Account._meta.concrete_fields if name in (field.name, field.attname))
    assert isinstance(field, models.Field)
    return field.name
