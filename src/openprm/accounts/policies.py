"""Which accounts and contacts an actor sees, and why it may not change them."""

from django.utils.translation import gettext as _

from openprm.accounts.models import Account, AccountAccess, Contact, Merge
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def reach(actor: Actor) -> ScopedQuerySet:
    """The accounts this actor sees: all for the vendor, those it was given access to for a partner; merged ones never."""
    if not actor.can("accounts.view"):
        return Account.objects.none()
    rows = Account.objects.filter(merged_into=None)
    return rows if actor.sees_all_partners else rows.filter(pk__in=AccountAccess.objects.filter(partner__in=actor.partner_ids).values("account"))


def reach_contacts(actor: Actor) -> ScopedQuerySet:
    """The contacts at accounts within reach; a partner sees only those that it brought itself."""
    rows = Contact.objects.filter(account__in=reach(actor).values("pk"))
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def reach_merges(actor: Actor) -> ScopedQuerySet:
    return Merge.objects.all() if actor.sees_all_partners and actor.can("accounts.view") else Merge.objects.none()


def why_not_manage(actor: Actor) -> str | None:
    """A reason why this actor may not add or change accounts, or None."""
    if actor.sees_all_partners and actor.can("accounts.manage"):
        return None
    return _("Only administrators and partner managers of the vendor can add or change accounts.")


def why_not_add_contact(actor: Actor) -> str | None:
    return None if actor.can("accounts.add_contacts") else _("Your role cannot add contacts. Ask an administrator of your team.")


def why_not_change_contact(actor: Actor, contact: Contact) -> str | None:
    """The vendor's managers change every contact, a partner's people those that their company brought."""
    if actor.can("accounts.add_contacts") and (actor.sees_all_partners or contact.partner_id in actor.partner_ids):
        return None
    return _("This contact belongs to somebody else. Ask its owner to change it.")
