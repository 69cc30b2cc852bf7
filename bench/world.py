"""A throw-away server, filled by plain SQL to the size a benchmark asks for.

    with fresh_database() as admin:            # a migrated, installed database; Django is set up on it
        fill = Fill(admin)
        people = fill.people(partners=5_000)
        fill.accounts(1_000_000)
        fill.registrations(500_000)

Rows are made by the database itself, with triggers and foreign keys off and indexes built last.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

SOURCE = Path(__file__).resolve().parents[1] / "src"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def fresh_database() -> Iterator[psycopg.Connection]:
    """A server in a temporary folder with the tables and defaults of OpenPRM; Django connects to it as the app role."""
    folder = Path(tempfile.mkdtemp(prefix="openprm-bench-"))
    folder.chmod(0o755)
    os.environ.update({"OPENPRM_DATA": str(folder), "OPENPRM_LOG_LEVEL": "error", "DJANGO_SETTINGS_MODULE": "openprm.config.settings"})
    os.environ.setdefault("OPENPRM_DB_POOL", "0")
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(SOURCE))
    import django

    django.setup()
    from django.conf import settings

    from openprm.config.database import embedded

    server = embedded(settings.ENVIRONMENT)
    server.lease()
    try:
        _migrate(server)
        with psycopg.connect(**server.parameters(user="postgres"), autocommit=True) as admin:
            yield admin
    finally:
        from django.db import connections

        connections.close_all()
        server.release()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(server: Any) -> None:
    from django.core.management import call_command
    from django.db import connections

    from openprm.kernel.registry import registry
    from openprm.kernel.scope import system_scope

    settings = connections["default"].settings_dict
    app = settings["USER"]
    settings["USER"] = server.parameters(user="openprm_owner")["user"]
    call_command("migrate", verbosity=0, interactive=False)
    connections["default"].close()
    settings["USER"] = app
    with system_scope():
        for install in registry.filling("install"):
            install(at=datetime(2024, 1, 1, tzinfo=UTC))


class Fill:
    """Bulk rows by INSERT ... SELECT; columns that are not named get the model's own defaults."""

    def __init__(self, admin: psycopg.Connection):
        self.admin = admin
        admin.execute("set session_replication_role = replica")
        admin.execute("set maintenance_work_mem = '1GB'")
        admin.execute("set synchronous_commit = off")

    def insert(self, model: Any, source: str, /, **columns: str) -> int:
        """Insert one row of `model` for each row of `source` (SQL after FROM); `columns` are SQL expressions."""
        values = {**self._defaults(model), **columns}
        started = time.monotonic()
        with self._indexes_later(model._meta.db_table):
            names, expressions = ", ".join(values), ", ".join(values.values())
            count = self.admin.execute(f"insert into {model._meta.db_table} ({names}) select {expressions} from {source}").rowcount
        self.admin.execute(f"analyze {model._meta.db_table}")
        say(f"  {count:>9,} {model._meta.verbose_name} rows in {time.monotonic() - started:.1f} s")
        return count

    def _defaults(self, model: Any) -> dict[str, str]:
        from django.db.models import GeneratedField

        found = {}
        for field in model._meta.concrete_fields:
            if isinstance(field, GeneratedField) or field.has_db_default():
                continue
            found[field.column] = self._default(field)
        return found

    def _default(self, field: Any) -> str:
        kind = field.get_internal_type()
        if field.primary_key and kind == "UUIDField":
            return "uuidv7()"
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            return "now()"
        if field.null:
            return "null"
        default = field.get_default()
        if kind in ("JSONField",):
            return psycopg.sql.Literal(psycopg.types.json.Jsonb(default)).as_string(self.admin)
        if kind == "ArrayField":
            return f"'{{}}'::{field.db_type(_django_connection())}"
        if isinstance(default, bool | int):
            return str(default).lower()
        return psycopg.sql.Literal("" if default is None else str(default)).as_string(self.admin)

    @contextmanager
    def _indexes_later(self, table: str) -> Iterator[None]:
        found = self.admin.execute(
            "select indexname, indexdef from pg_indexes where tablename = %s and indexname not in (select conname from pg_constraint)", [table]
        ).fetchall()
        for name, _definition in found:
            self.admin.execute(f'drop index "{name}"')
        yield
        for _name, definition in found:
            self.admin.execute(definition)

    # -- what the benchmarks share ---------------------------------------------------------------

    def people(self, partners: int) -> dict[str, Any]:
        """The vendor, `partners` partner organizations in one program, and one person for each; gives the ids that matter."""
        from openprm.identity.models import Membership, Organization, User
        from openprm.partners.models import Enrollment, Partner, Program, Tier

        self.insert(Organization, "(values ('Halden Software')) v(name)", name="name", kind="'vendor'", domain="'halden.example'", country="'NO'")
        self.insert(
            Organization,
            f"generate_series(1, {partners}) n",
            name="'Partner ' || lpad(n::text, 5, '0')",
            kind="'partner'",
            domain="'partner' || n || '.example'",
            country="(array['DE','FR','ES','FI','SE','NO','GB','US'])[1 + n % 8]",
        )
        self.insert(User, "identity_organization o", email="'person@' || o.domain", name="'Person of ' || o.name", password="'!'")
        self.insert(
            Membership,
            "identity_organization o join identity_user u on u.email = 'person@' || o.domain",
            user_id="u.id",
            organization_id="o.id",
            side="o.kind",
            role="case o.kind when 'vendor' then 'vendor_admin' else 'partner_admin' end",
        )
        self.insert(Program, "(values (1)) v", code="'resell'", name="'Halden Resell'", motion="'transact'")
        self.insert(
            Tier,
            "(values ('silver', 1), ('gold', 2)) v(code, level) cross join partners_program p",
            program_id="p.id",
            code="v.code",
            name="initcap(v.code)",
            rank="v.level",
        )
        self.insert(
            Partner,
            "identity_organization o where kind = 'partner'",
            id="o.id",
            organization_id="o.id",
            manager_id="(select id from identity_user where email = 'person@halden.example')",
        )
        self.insert(
            Enrollment,
            "partners_partner p cross join partners_tier t where t.code = 'gold'",
            partner_id="p.id",
            program_id="t.program_id",
            tier_id="t.id",
            status="'approved'",
            since="now() - interval '1 year'",
        )
        return self._ids("select email, id from identity_user where email in ('person@halden.example', 'person@partner1.example')")

    def catalogue(self) -> None:
        from openprm.deals.models import Product, ProductLine, Territory

        self.insert(ProductLine, "generate_series(1, 8) n", code="'line-' || n", name="'Product line ' || n", position="n")
        self.insert(
            Product,
            "deals_productline l cross join generate_series(1, 3) n",
            line_id="l.id",
            code="l.code || '-' || n",
            name="l.name || ', edition ' || n",
            list_price_minor="n * 1000000",
            currency="'EUR'",
        )
        self.insert(Territory, "(values ('world')) v(code)", code="v.code", name="'World'", is_default="true")

    def accounts(self, count: int) -> None:
        """`count` companies with names of two words and a number, each with a domain of its own."""
        from openprm.accounts.models import Account

        stem = "(array['atrium','lumen','pelican','brightwater','northwind','vega','corvin','ribera','castell','ostrava','alder','beacon','birch','calder','cedar','cobalt'])[1 + n % 16]"
        kind = "(array['steelworks','hotels','foods','logistics','clinics','energy','insurance','machinery','retail','timber','media','freight'])[1 + (n / 16) % 12]"
        key = f"{stem} || ' ' || {kind} || ' ' || to_hex(n * 2654435761 % 4294967296)"
        self.insert(
            Account,
            f"generate_series(1::bigint, {count}) n",
            name=f"initcap({key})",
            name_normal=key,
            name_key=f"replace({key}, ' ', '')",
            domain="'customer' || n || '.example'",
            country="(array['DE','FR','ES','FI','SE','NO','GB','US'])[1 + n % 8]",
            created_at="now() - (n % 700) * interval '1 day'",
        )

    def _ids(self, sql: str) -> dict[str, Any]:
        return dict(self.admin.execute(sql).fetchall())


def _django_connection() -> Any:
    from django.db import connection

    return connection
