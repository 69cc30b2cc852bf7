"""Who acts: a person, a token or the system, with what it may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openprm.kernel.registry import registry


class Side(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"
    SYSTEM = "system"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one value that every service and query takes first.

    `roles` are the role names of the acting organization; `token_scopes` is None for a person
    and the granted scopes for an API token; `read_only` marks a vendor person who views the
    portal as a partner, and `viewing_as` then names that partner organization.
    """

    side: Side
    name: str
    user_id: UUID | None = None
    email: str = ""
    organization_id: UUID | None = None
    partner_ids: tuple[UUID, ...] = ()
    roles: frozenset[str] = frozenset()
    token_scopes: frozenset[str] | None = None
    token_id: UUID | None = None
    read_only: bool = False
    viewing_as: UUID | None = None
    time_zone: str = "UTC"
    locale: str = "en"

    @property
    def is_vendor(self) -> bool:
        return self.side is Side.VENDOR

    @property
    def is_partner(self) -> bool:
        return self.side is Side.PARTNER

    @property
    def is_system(self) -> bool:
        return self.side is Side.SYSTEM

    @property
    def is_public(self) -> bool:
        return self.side is Side.PUBLIC

    @property
    def sees_all_partners(self) -> bool:
        return self.is_vendor or self.is_system

    @property
    def partner_id(self) -> UUID | None:
        """The partner organization this actor acts for; None on the vendor's side."""
        return self.partner_ids[0] if self.partner_ids else None

    @property
    def is_collaborator_only(self) -> bool:
        return self.is_partner and self.roles == frozenset({"partner_collaborator"})

    def can(self, permission: str) -> bool:
        """Whether a role grants `permission` ("domain.verb") and no token scope or read-only view takes it away."""
        if self.is_system:
            return True
        if self.read_only and not _only_reads(permission):
            return False
        if self.token_scopes is not None and scope_needed(permission) not in self.token_scopes:
            return False
        return not self.roles.isdisjoint(registry.roles_with(permission))


def _only_reads(permission: str) -> bool:
    return permission.partition(".")[2].startswith("view")


def scope_needed(permission: str) -> str:
    """The token scope that a permission asks for: "deals.view" needs "deals:read", any other verb "deals:write"."""
    domain = permission.partition(".")[0]
    return f"{domain}:read" if _only_reads(permission) else f"{domain}:write"


SYSTEM = Actor(side=Side.SYSTEM, name="OpenPRM")
PUBLIC = Actor(side=Side.PUBLIC, name="Visitor")
