"""An external PostgreSQL: what OpenPRM needs of it, made when we may, told as SQL when we may not.

The four roles of config.roles exist there too. openprm_owner and openprm_app are groups: the login of
OPENPRM_OWNER_DATABASE_URL may become the first (migrations do), the login of DATABASE_URL belongs to
the second. One login may be both: it then owns nothing until it becomes the owner on purpose.
"""

from __future__ import annotations

import psycopg
from psycopg import errors

from openprm.config import roles
from openprm.config.database import connection_parameters
from openprm.config.environment import Environment

OLDEST = 160000


class UnfitDatabase(Exception):
    """The external server cannot be used as it is; the message says why and what to do."""


def prepare_external(environment: Environment) -> None:
    """Make the roles, rights and extensions that are missing. Raises UnfitDatabase with the SQL to run when we may not."""
    with _owner(environment) as connection:
        _refuse_unfit(connection, environment)
        for statement in _missing(connection, environment):
            _run_or_tell(connection, environment, statement)


def statements_missing(environment: Environment) -> list[str]:
    """The SQL that still has to be run on the external server; nothing for the embedded one."""
    if environment.is_embedded:
        return []
    with _owner(environment) as connection:
        _refuse_unfit(connection, environment)
        return [f"{statement};" for statement in _missing(connection, environment)]


def _owner(environment: Environment) -> psycopg.Connection:
    return psycopg.connect(**connection_parameters(environment, role="owner"), autocommit=True, connect_timeout=10)


def _run_or_tell(connection: psycopg.Connection, environment: Environment, statement: str) -> None:
    try:
        connection.execute(statement)
    except (errors.InsufficientPrivilege, errors.UndefinedFile, errors.FeatureNotSupported) as error:
        missing = "\n".join(f"  {line};" for line in _missing(connection, environment))
        raise UnfitDatabase(
            f"The login {connection.info.user} may not prepare the database ({str(error).strip().splitlines()[0]}). Nothing else was "
            f"changed. Let an administrator run this in the database {connection.info.dbname}, then run `openprm migrate` again:\n{missing}"
        ) from error


# -- what must hold --------------------------------------------------------------------------------------


def _refuse_unfit(connection: psycopg.Connection, environment: Environment) -> None:
    refuse_old_server(connection)
    with psycopg.connect(**connection_parameters(environment, role="app"), autocommit=True, connect_timeout=10) as app:
        refuse_unbound_login(app)
        if app.info.dbname != connection.info.dbname:
            raise UnfitDatabase(
                f"DATABASE_URL names the database {app.info.dbname}, OPENPRM_OWNER_DATABASE_URL names {connection.info.dbname}: make them the same."
            )


def refuse_old_server(connection: psycopg.Connection) -> None:
    """Raises UnfitDatabase for a server older than PostgreSQL 16."""
    if connection.info.server_version < OLDEST:
        number = connection.info.parameter_status("server_version")
        raise UnfitDatabase(f"The server is PostgreSQL {number}; OpenPRM needs 16 or newer. Upgrade it, or name another one in DATABASE_URL.")


def refuse_unbound_login(connection: psycopg.Connection) -> None:
    """Raises UnfitDatabase for a login that row-level security does not bind: partners would not be kept apart."""
    name, unbound = connection.execute("select rolname, rolsuper or rolbypassrls from pg_roles where rolname = session_user").fetchone()
    if unbound:
        raise UnfitDatabase(
            f"DATABASE_URL signs in as {name}, a superuser or a role with BYPASSRLS, whom row-level security does not bind. "
            f"Let an administrator make a login without these rights, and name it in DATABASE_URL "
            f"({name} may stay in OPENPRM_OWNER_DATABASE_URL):\n"
            f"  create role openprm_web login password '...' nosuperuser nobypassrls;"
        )


# -- what is missing -------------------------------------------------------------------------------------


def _missing(connection: psycopg.Connection, environment: Environment) -> list[str]:
    owner = connection.info.user
    app = connection_parameters(environment, role="app").get("user", owner)
    return [
        *_missing_roles(connection),
        *_missing_memberships(connection, owner=owner, app=app),
        *_missing_extensions(connection),
        *_missing_rights(connection),
    ]


def _missing_roles(connection: psycopg.Connection) -> list[str]:
    found = {name for (name,) in connection.execute("select rolname from pg_roles")}
    return [roles.create_role(name, roles.GROUP) for name in (roles.OWNER, roles.APP, *roles.SCOPES) if name not in found]


def _missing_memberships(connection: psycopg.Connection, *, owner: str, app: str) -> list[str]:
    wanted = {(app, roles.APP): True, (owner, roles.OWNER): False}
    wanted |= {(login, scope): False for login in (app, owner) for scope in roles.SCOPES}
    found = set(
        connection.execute(
            "select m.rolname, g.rolname, bool_or(inherit_option), bool_or(set_option) from pg_auth_members "
            "join pg_roles m on m.oid = member join pg_roles g on g.oid = roleid group by 1, 2"
        ).fetchall()
    )
    return [
        f"grant {group} to {roles.quoted(login)} with inherit {str(inherit).lower()}, set true"
        for (login, group), inherit in wanted.items()
        if login != group and (login, group, inherit, True) not in found
    ]


def _missing_extensions(connection: psycopg.Connection) -> list[str]:
    found = {name for (name,) in connection.execute("select extname from pg_extension")}
    return roles.create_extensions(tuple(name for name in roles.EXTENSIONS if name not in found))


def _missing_rights(connection: psycopg.Connection) -> list[str]:
    if not connection.execute("select 1 from pg_roles where rolname = %s", [roles.OWNER]).fetchone():
        return _right_statements()
    has = connection.execute(
        "select has_schema_privilege(%(owner)s, 'public', 'create') and exists (select from pg_default_acl d "
        "join pg_roles r on r.oid = defaclrole where r.rolname = %(owner)s and defaclnamespace = 'public'::regnamespace and defaclobjtype = 'r')",
        {"owner": roles.OWNER},
    ).fetchone()[0]
    return [] if has else _right_statements()


def _right_statements() -> list[str]:
    return [
        f"grant usage, create on schema public to {roles.OWNER}",
        f"grant usage on schema public to {', '.join((roles.APP, *roles.SCOPES))}",
        f"set role {roles.OWNER}",
        *roles.grant_rights(roles.OWNER)[1:],
        "reset role",
    ]
