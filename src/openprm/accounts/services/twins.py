"""Two accounts that are one company: merged, and the merge undone; or kept apart because a person said so."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.accounts import policies
from openprm.accounts.events import AccountsMerged, MergeUndone
from openprm.accounts.models import Account, AccountAccess, Contact, Distinction, Merge, with_normal_forms
from openprm.accounts.ports import AccountHolder
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.registry import registry

FILLED_WHEN_EMPTY = ("legal_name", "domain", "country", "region", "city", "industry", "employees", "founded_year", "owner_id", "parent_id")


class AlreadyUndone(Conflict):
    """A merge is undone once."""


@transaction.atomic
def merge_accounts(*, actor: Actor, kept_id: UUID, merged_id: UUID, at: datetime) -> UUID:
    """Fold one account into another: everything that hangs on it moves, empty fields are filled, the old one disappears.

    Returns the id of the merge, with which it can be undone. Raises NotFound, NotAllowed, Invalid, and the refusal of a
    domain whose rows cannot move (two live protections of one product).
    """
    kept, merged = _both(actor, kept_id, merged_id)
    refuse_if(policies.why_not_manage(actor))
    before = kept.snapshot()
    moved = _moved(actor, merged, kept, at)
    filled = _fill(kept, merged)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into", "updated_at"])
    merge = Merge(kept=kept, merged=merged, moved=moved, filled=filled, decided_by_id=actor.user_id)
    merge.save()
    data = {"merged": merged.name, "moved": {kind: len(ids) for kind, ids in moved.items()}}
    audit.record(actor, "account.merged", kept, before=before, refs=(kept.pk, merged.pk), data=data, at=at)
    publish(AccountsMerged(kept_id=kept.pk, merged_id=merged.pk, merge_id=merge.pk, at=at))
    return merge.pk


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: UUID, at: datetime) -> UUID:
    """Take a merge back: what moved and is still there returns, filled fields are emptied unless changed since.

    Returns the id of the account that stands again. Raises NotFound, NotAllowed, AlreadyUndone.
    """
    merge = policies.reach_merges(actor).locked().one(merge_id)
    refuse_if(policies.why_not_manage(actor))
    if merge.undone_at:
        raise AlreadyUndone(_("This merge was undone before."))
    kept, merged = Account.objects.get(pk=merge.kept_id), Account.objects.get(pk=merge.merged_id)
    before = kept.snapshot()
    _move_back(actor, merge, at)
    _empty(kept, merge.filled)
    merged.merged_into = None
    merged.save(update_fields=["merged_into", "updated_at"])
    merge.undone_at = at
    merge.save(update_fields=["undone_at", "updated_at"])
    audit.record(actor, "account.merge_undone", kept, before=before, refs=(kept.pk, merged.pk), data={"merged": merged.name}, at=at)
    publish(MergeUndone(kept_id=kept.pk, merged_id=merged.pk, merge_id=merge.pk, at=at))
    return merged.pk


@transaction.atomic
def keep_apart(*, actor: Actor, account_id: UUID, other_id: UUID, at: datetime, note: str = "") -> None:
    """Note that two accounts are not the same company, so that nobody is asked again. Raises NotFound, NotAllowed, Invalid."""
    account, other = _both(actor, account_id, other_id)
    refuse_if(policies.why_not_manage(actor))
    first, second = sorted((account.pk, other.pk))
    _row, is_new = Distinction.objects.get_or_create(first_id=first, second_id=second, defaults={"decided_by_id": actor.user_id, "note": note[:500]})
    if is_new:
        audit.record(actor, "account.kept_apart", account, after={}, refs=(account.pk, other.pk), data={"other": other.name}, note=note[:500], at=at)


@transaction.atomic
def forget_distinction(*, actor: Actor, account_id: UUID, other_id: UUID, at: datetime) -> None:
    """Take the note back that two accounts differ. Raises NotFound, NotAllowed."""
    account, other = _both(actor, account_id, other_id)
    refuse_if(policies.why_not_manage(actor))
    first, second = sorted((account.pk, other.pk))
    gone, _rows = Distinction.objects.filter(first_id=first, second_id=second).delete()
    if gone:
        audit.record(actor, "account.not_kept_apart", account, after={}, refs=(account.pk, other.pk), data={"other": other.name}, at=at)


def _both(actor: Actor, account_id: UUID, other_id: UUID) -> tuple[Account, Account]:
    if str(account_id) == str(other_id):
        raise Invalid(_("These are the same account. Choose another one."), field="other_id")
    for one in (account_id, other_id):
        policies.reach(actor).one(one)
    rows = {str(row.pk): row for row in policies.reach(actor).filter(pk__in=(account_id, other_id)).locked()}
    return rows[str(account_id)], rows[str(other_id)]


def _holders() -> dict[str, AccountHolder]:
    return {holder.kind: holder for holder in registry.filling("accounts.holders")}


def _moved(actor: Actor, source: Account, target: Account, at: datetime) -> dict[str, list[str]]:
    """Move everything from one account to the other; gives the ids by kind."""
    moved = {"contacts": _ids(source.contacts), "subsidiaries": _ids(source.subsidiaries), "access": _ids(_access_to_move(source, target))}
    _hang(moved, target)
    if target.parent_id == source.pk:
        target.parent_id = None
    for kind, holder in _holders().items():
        ids = list(holder.held(actor=actor, account_id=source.pk))
        if ids:
            holder.move(actor=actor, ids=ids, to_account_id=target.pk, at=at)
            moved[kind] = [str(one) for one in ids]
    return {kind: ids for kind, ids in moved.items() if ids}


def _hang(moved: dict[str, Any], account: Account) -> None:
    Contact.objects.filter(pk__in=moved.get("contacts", ())).update(account=account)
    Account.objects.filter(pk__in=moved.get("subsidiaries", ())).exclude(pk=account.pk).update(parent=account)
    AccountAccess.objects.filter(pk__in=moved.get("access", ())).update(account=account)


def _move_back(actor: Actor, merge: Merge, at: datetime) -> None:
    merged, moved = merge.merged, merge.moved
    Contact.objects.filter(pk__in=moved.get("contacts", ()), account=merge.kept_id).update(account=merged)
    Account.objects.filter(pk__in=moved.get("subsidiaries", ()), parent=merge.kept_id).update(parent=merged)
    AccountAccess.objects.filter(pk__in=moved.get("access", ()), account=merge.kept_id).update(account=merged)
    for kind, holder in _holders().items():
        still = set(holder.held(actor=actor, account_id=merge.kept_id))
        ids = [UUID(one) for one in moved.get(kind, ()) if UUID(one) in still]
        if ids:
            holder.move(actor=actor, ids=ids, to_account_id=merged.pk, at=at)


def _access_to_move(source: Account, target: Account) -> Any:
    return source.access.exclude(partner__in=target.access.values("partner"))


def _ids(rows: Any) -> list[str]:
    return [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]


def _fill(kept: Account, merged: Account) -> dict[str, Any]:
    """Take over what the kept account does not know; gives the fields with the values taken."""
    taken = {name: getattr(merged, name) for name in FILLED_WHEN_EMPTY if getattr(kept, name) in (None, "") and getattr(merged, name) not in (None, "")}
    taken = {name: value for name, value in taken.items() if not (name == "parent_id" and value == kept.pk)}
    _save(kept, taken)
    return {name: str(value) if isinstance(value, UUID) else value for name, value in taken.items()}


def _empty(kept: Account, filled: dict[str, Any]) -> None:
    untouched = {name for name, value in filled.items() if str(getattr(kept, name)) == str(value)}
    _save(kept, {name: None if isinstance(filled[name], int) or name.endswith("_id") else "" for name in untouched})


def _save(account: Account, values: dict[str, Any]) -> None:
    account.assign(values)
    account.version += 1
    account.save(update_fields=with_normal_forms([*(name.removesuffix("_id") for name in values), "parent", "version"]))
