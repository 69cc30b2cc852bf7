import psycopg
import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    """Every test has a data folder, and so a signing key, of its own."""
    settings.OPENPRM_DATA = tmp_path / "data"


@pytest.fixture
def superuser(cluster):
    """Run SQL as the administrator of the server, in the database of the test, with every trigger and constraint check off."""

    def run(*statements: str) -> list[int]:
        where = cluster.server.parameters(database=connection.settings_dict["NAME"], user="postgres")
        with psycopg.connect(**where) as admin:
            admin.execute("set session_replication_role = replica")
            return [admin.execute(statement).rowcount for statement in statements]

    return run


@pytest.fixture(autouse=True)
def empty_log(request):
    """The log without what the domains recorded when they were installed. Runs before the test's own transaction begins."""
    names = request.fixturenames
    if "committed_db" in names:
        request.getfixturevalue("committed_db")
    elif "db" in names or "cast" in names or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("django_db_setup")
    else:
        return
    request.getfixturevalue("superuser")("truncate audit_event, audit_unsealed, audit_sealed, audit_seal, audit_key")
