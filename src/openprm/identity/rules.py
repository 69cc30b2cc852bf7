"""What identity decides without a database: roles and sides, secrets, expiries, scopes, colours."""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

VENDOR_ROLES = ("vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader")
PARTNER_ROLES = ("partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator")
ADMIN_ROLES = ("vendor_admin", "partner_admin")

ORGANIZATION_STATES = ("invited", "applicant", "pending", "declined", "active", "suspended", "deactivated", "banned", "offboarded", "archived")
STATES_LET_IN = ("invited", "applicant", "pending", "active", "deactivated")
"""The states of an organization whose people can sign in. A deactivated partner looks and starts nothing: gates see to that."""
STATES_TAKE_PEOPLE = (*STATES_LET_IN, "suspended")

INVITATION_LASTS = timedelta(days=14)
INVITATION_SENDS = 6
OPEN_INVITATIONS = 200
LINK_LASTS = timedelta(minutes=15)
DEMO_LINK_LASTS = timedelta(days=30)
LINKS_PER_ADDRESS = 5
LINKS_PER_NETWORK_ADDRESS = 20
LINKS_WINDOW = timedelta(hours=1)
VIEW_AS_LASTS = timedelta(minutes=30)
TOKEN_TOUCH_AFTER = timedelta(minutes=1)
TOKEN_LONGEST_DAYS = 365
TOKENS_PER_PERSON = 20
SAVED_VIEWS_PER_LIST = 50
QUERY_LONGEST = 2000

TOKEN_PATTERN = re.compile(r"oprm_([0-9a-z]{12})_([0-9A-Za-z_-]{43})")
COLOR_PATTERN = re.compile(r"#[0-9a-f]{6}")
EMAIL_LONGEST = 254
FORGOTTEN_HOST = "forgotten.invalid"


@dataclass(frozen=True, slots=True)
class Secret:
    """A fresh secret: `raw` is shown once, `digest` is what is stored."""

    raw: str
    digest: str


@dataclass(frozen=True, slots=True)
class TokenSecret:
    raw: str
    prefix: str
    digest: str


def roles_of(kind: str) -> tuple[str, ...]:
    """The roles that an organization of this kind can give: a partner can never make a vendor administrator."""
    return VENDOR_ROLES if kind == "vendor" else PARTNER_ROLES


def admin_role(kind: str) -> str:
    return "vendor_admin" if kind == "vendor" else "partner_admin"


def default_role(kind: str) -> str:
    return "vendor_reader" if kind == "vendor" else "partner_reader"


def normal_email(email: str) -> str:
    """The one spelling in which an address is stored and compared."""
    return email.strip().lower()


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()


def new_secret() -> Secret:
    raw = secrets.token_urlsafe(32)
    return Secret(raw=raw, digest=digest(raw))


def new_token() -> TokenSecret:
    """An API token: a prefix to find it by and recognise it in a list, and a secret of 256 bits."""
    prefix = "".join(secrets.choice("0123456789abcdefghijklmnopqrstuvwxyz") for _ in range(12))
    raw = f"oprm_{prefix}_{secrets.token_urlsafe(32)}"
    return TokenSecret(raw=raw, prefix=prefix, digest=digest(raw))


def token_prefix(raw: str) -> str | None:
    """The prefix of a well-formed token, None for anything else: rubbish never reaches the database."""
    match = TOKEN_PATTERN.fullmatch(raw)
    return match[1] if match else None


def same_secret(raw: str, stored_digest: str) -> bool:
    return secrets.compare_digest(digest(raw), stored_digest)


def invitation_state(*, accepted_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, at: datetime) -> str:
    if accepted_at:
        return "accepted"
    if revoked_at:
        return "revoked"
    return "open" if at < expires_at else "expired"


def token_state(*, revoked_at: datetime | None, expires_at: datetime, at: datetime) -> str:
    if revoked_at:
        return "revoked"
    return "active" if at < expires_at else "expired"


def link_is_usable(*, used_at: datetime | None, expires_at: datetime, at: datetime) -> bool:
    return used_at is None and at < expires_at


def needs_touch(*, last_used_at: datetime | None, at: datetime) -> bool:
    """Whether a token's last use is worth a write: once a minute is enough for a person to read."""
    return last_used_at is None or at - last_used_at >= TOKEN_TOUCH_AFTER


def pseudonym(row_id: object) -> tuple[str, str]:
    """The name and the address that stand for somebody who was forgotten: stable, and leading nowhere."""
    mark = digest(str(row_id))[:10]
    return f"Former person {mark}", f"{mark}@{FORGOTTEN_HOST}"


def is_forgotten(email: str) -> bool:
    return email.endswith(f"@{FORGOTTEN_HOST}")


def scopes_of(permissions: Iterable[str]) -> tuple[str, ...]:
    """The token scopes that cover these permissions: any "deals.view..." gives "deals:read", any other verb "deals:write"."""
    scopes = {scope_of(permission) for permission in permissions}
    return tuple(sorted(scopes))


def scope_of(permission: str) -> str:
    domain, _, verb = permission.partition(".")
    return f"{domain}:read" if verb.startswith("view") else f"{domain}:write"


def leaves_no_admin(*, admin_ids: Collection[object], losing: object) -> bool:
    """Whether taking the administrator role from `losing` leaves the organization without one."""
    return set(admin_ids) == {losing}


def is_color(text: str) -> bool:
    return bool(COLOR_PATTERN.fullmatch(text))
