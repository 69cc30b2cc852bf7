"""The database roles of OpenPRM and what each may do, as SQL that can be run again and again.

openprm_owner    owns the tables; migrations run as it
openprm_app      what web, worker and commands are; owns nothing, so row-level security binds it.
                 On an external server it is a group that the login of DATABASE_URL belongs to
openprm_vendor   not a login: entered by the app for one transaction on behalf of the vendor's people
openprm_partner  the same, on behalf of a partner's people
"""

from __future__ import annotations

import hashlib

OWNER, APP, VENDOR, PARTNER = "openprm_owner", "openprm_app", "openprm_vendor", "openprm_partner"
SCOPES = (VENDOR, PARTNER)
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "citext")
EMBEDDED_EXTENSIONS = (*EXTENSIONS, "vector")  # not every managed server has the last, and nothing needs it yet

_USERS = ", ".join((APP, *SCOPES))
_RIGHTS = ("select, insert, update, delete on tables", "usage, select on sequences", "execute on functions")

LOGIN = "login nosuperuser nobypassrls"
GROUP = "nologin nosuperuser nobypassrls"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def create_role(name: str, attributes: str) -> str:
    return f"do $$ begin if not exists (select from pg_roles where rolname = '{name}') then create role {quoted(name)} {attributes}; end if; end $$"


def enter_scopes(login: str) -> list[str]:
    """Let a login enter the scopes.

    INHERIT FALSE: otherwise the scopes' policies would apply to every query outside a scope as well.
    """
    return [f"grant {scope} to {quoted(login)} with inherit false, set true" for scope in SCOPES]


def create_extensions(names: tuple[str, ...]) -> list[str]:
    return [f"create extension if not exists {name}" for name in names]


def grant_rights(owner: str) -> list[str]:
    """Give the app and the scopes what the owner will make in this database."""
    return [f"grant usage on schema public to {_USERS}", *(f"{_future(owner)} grant {right} to {_USERS}" for right in _RIGHTS)]


def withhold_rights(owner: str) -> list[str]:
    """Take the future rights back, while a restore grants each table what it had."""
    return [f"{_future(owner)} revoke {right} from {_USERS}" for right in _RIGHTS]


def _future(owner: str) -> str:
    return f"alter default privileges for role {quoted(owner)} in schema public"


def embedded_server_statements() -> list[str]:
    """What the administrator of a new embedded server runs once in it."""
    return [
        create_role(OWNER, f"{LOGIN} createdb"),
        create_role(APP, LOGIN),
        *(create_role(scope, GROUP) for scope in SCOPES),
        *enter_scopes(OWNER),
        *enter_scopes(APP),
    ]


def embedded_database_statements() -> list[str]:
    """The same in each database, and in template1 for those to come."""
    return [*create_extensions(EMBEDDED_EXTENSIONS), *grant_rights(OWNER)]


def fingerprint() -> str:
    """Changes when a statement above does: then an existing server gets the new ones."""
    return hashlib.sha256("\n".join(embedded_server_statements() + embedded_database_statements()).encode()).hexdigest()
