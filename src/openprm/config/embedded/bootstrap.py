"""What a new cluster gets: the roles, their rights, the extensions and the database."""

from __future__ import annotations

import psycopg

from openprm.config import roles
from openprm.config.embedded.cluster import Cluster

ADMINISTRATOR = "postgres"


def bootstrap(cluster: Cluster, *, database: str) -> None:
    """Make what this version of OpenPRM needs, unless that was done. Safe to repeat after a crash half way."""
    marker = cluster.root / "bootstrapped"
    done = roles.fingerprint()
    if marker.exists() and marker.read_text() == done:
        return
    with _connect(cluster, "postgres") as connection:
        for statement in roles.embedded_server_statements():
            connection.execute(statement)
        if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            connection.execute(f"create database {database} owner {roles.OWNER}")
    for name in ("template1", database):  # template1 too: every database made later has them from its first moment
        with _connect(cluster, name) as connection:
            for statement in roles.embedded_database_statements():
                connection.execute(statement)
    marker.write_text(done)


def _connect(cluster: Cluster, database: str) -> psycopg.Connection:
    return psycopg.connect(**cluster.parameters(user=ADMINISTRATOR, database=database), autocommit=True)
