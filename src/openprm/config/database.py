"""Which PostgreSQL OpenPRM talks to, and as whom.

Without DATABASE_URL it is the project's own server in the data folder (config.embedded), which the
database backend starts when the first connection is asked for.
"""

from __future__ import annotations

from typing import Any

from psycopg import conninfo

from openprm.config.embedded.server import EmbeddedPostgres
from openprm.config.environment import Environment
from openprm.config.roles import APP, OWNER

ENGINE = "openprm.config.postgres"
POOL_TIMEOUT_SECONDS = 30


def database_settings(environment: Environment) -> dict[str, Any]:
    """The value of DATABASES["default"]; starts nothing and connects to nothing."""
    if environment.db_role == "none":
        return {"ENGINE": "django.db.backends.dummy"}
    settings = _django_settings(connection_parameters(environment), pool=environment.db_pool)
    if environment.is_embedded:
        settings["OPTIONS"]["embedded"] = embedded(environment)  # config.postgres starts it when it is needed
    elif environment.db_role == "owner":
        settings["OPTIONS"]["assume_role"] = OWNER  # what migrations make belongs to the group, whoever logs in
    return settings


def connection_parameters(environment: Environment, *, role: str | None = None) -> dict[str, str]:
    """What libpq needs to connect as the app or as the owner; `role` overrules the environment's."""
    role = role or environment.db_role
    if environment.is_embedded:
        return embedded(environment).parameters(user=OWNER if role == "owner" else APP)
    url = environment.owner_database_url if role == "owner" else environment.database_url
    return {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items() if value is not None}


def embedded(environment: Environment) -> EmbeddedPostgres:
    """The server of this data folder; nothing is started yet."""
    return EmbeddedPostgres(
        environment.data / "postgres",
        keep=environment.pg_keep,
        test=not environment.pg_durable,
        os_user=environment.pg_os_user,
    )


def _django_settings(parameters: dict[str, str], *, pool: int) -> dict[str, Any]:
    rest = dict(parameters)
    named = {key: rest.pop(name, "") for key, name in _DJANGO_NAMES.items()}
    options: dict[str, Any] = {**rest, "pool": _pool(pool)} if pool else rest
    return {
        "ENGINE": ENGINE,
        **named,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,  # the pool keeps connections; without one each request opens its own
        "CONN_HEALTH_CHECKS": True,  # a server that was killed and came back must cost no request
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


_DJANGO_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def _pool(size: int) -> dict[str, Any]:
    return {"min_size": 1, "max_size": size, "timeout": POOL_TIMEOUT_SECONDS, "max_idle": 300}
