"""What speaks against inviting or letting in a company: its status, its gates, its own rule, the role (L1, L2, L9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.cosell.models import ConnectionRule
from openprm.cosell.rules.connections import takes_invitations
from openprm.cosell.rules.words import Role
from openprm.cosell.wording import PARTNER_TYPE, ROLE
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook

GONE = {
    "offboarded": "left",
    "archived": "left",
    "banned": "closed",
    "suspended": "rests",
    "deactivated": "rests",
}


class CannotTakePart(Conflict):
    """The company may not be invited or let in: it left, it is banned, it rests, or it is closed to deals."""


class DoesNotConnect(Conflict):
    """The company's own rule takes no invitation from this sender."""


class RoleNotHeld(Invalid):
    """The published rule does not give the role to this type of partner."""


@dataclass(frozen=True, slots=True)
class Company:
    """What the checks know of a company."""

    id: UUID
    name: str
    type: str
    status: str
    is_vendor: bool


def company(party_id: UUID) -> Company:
    """The vendor or a partner. Raises NotFound. System scope."""
    vendor = identity.vendor_organization()
    if party_id == vendor.id:
        return Company(vendor.id, vendor.name, "vendor", "active", True)
    found = partners.partner(SYSTEM, party_id)
    return Company(found.id, found.name, found.type, found.status, False)


def find_company(*, party_id: UUID | None, domain: str) -> Company:
    """By id, or exactly by web domain or name: a partner cannot leaf through the others. Raises Invalid."""
    try:
        return company(party_id) if party_id else company(_named(domain))
    except NotFound:
        raise Invalid(_("No company is known by that. Ask for the exact web domain."), field="receiver") from None


def _named(text: str) -> UUID:
    text = text.strip().casefold()
    if not text:
        raise Invalid(_("Say whom you invite: a company or its web domain."), field="receiver", code="required")
    bare = text.removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]
    rows = identity.organizations(SYSTEM)
    found = list(rows.filter(domain__iexact=bare).values_list("pk", flat=True)[:2]) or list(rows.filter(name__iexact=text).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise NotFound()
    return found[0]


def refuse_unfit(found: Company, *, reader_is_vendor: bool, at: datetime) -> None:
    """Refuse a company that left, is banned, rests or is closed to deals. A partner is not told the vendor's reasons. System scope."""
    if found.is_vendor:
        return
    if found.status != "active":
        raise CannotTakePart(_not_active(found), field="receiver")
    if reason := partners.why_closed(found.id, "deals", at):
        said = {"name": found.name, "reason": reason if reader_is_vendor else ""}
        raise CannotTakePart((_("%(name)s cannot take part in deals at present. %(reason)s") % said).strip(), field="receiver")


def _not_active(found: Company) -> str:
    words = {
        "left": _("%(name)s has left the partner program and cannot be invited. Choose another partner."),
        "closed": _("%(name)s is banned from the partner program and cannot be invited. Choose another partner."),
        "rests": _("%(name)s is suspended and cannot be invited until it is active again."),
    }
    text = words.get(GONE.get(found.status, ""), _("%(name)s is not an active partner yet and cannot be invited."))
    return text % {"name": found.name}


def refuse_unwanted(found: Company, sender: Company) -> None:
    """Refuse a sender that the receiver's own rule keeps out. The vendor is a partner of everybody. System scope."""
    if sender.is_vendor or found.is_vendor:
        return
    rule = ConnectionRule.objects.filter(party_id=found.id).first()
    if rule and not takes_invitations(rule.mode, rule.exceptions, sender.id):
        raise DoesNotConnect(
            _("%(name)s takes no invitations from your company. Ask the vendor to bring you together.") % {"name": found.name}, field="receiver"
        )


def refuse_role(found: Company, roles: Iterable[str], at: datetime) -> None:
    """Refuse a role that the published rule does not give to this type of partner, with the clause."""
    for role in roles:
        verdict = rulebook.evaluate(kind="cosell.roles", program_id=None, inputs={"role": str(role), "partner_type": found.type}, at=at)
        if not (verdict.outcome or {}).get("allowed"):
            said = {"name": found.name, "type": PARTNER_TYPE.get(found.type, found.type), "role": ROLE[Role(role)], "clause": verdict.clause}
            raise RoleNotHeld(_("%(name)s (%(type)s) cannot hold the role %(role)s by the published rules, clause %(clause)s.") % said, field="role")
