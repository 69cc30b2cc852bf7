"""Migration operations for what the database itself must refuse: foreign rows, edits to history, mixed tenants."""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

PARTNERS = "any ((select openprm_partners())::uuid[])"


class RowLevelSecurity(RunSQL):
    """Force row-level security on a table, with one policy per role and never an OR across scopes.

    The vendor role works on every row. The partner role works on rows whose `partner` column is in
    its partner set, or for which `partner_sql` holds, or sees nothing when both are None.
    `partner_read` gives the partner role SELECT alone, by a condition of its own ("true" for catalogues).
    `app_read` lets the login role itself read before a scope exists (sign-in, tokens).
    """

    def __init__(self, table: str, *, partner: str | None = None, partner_sql: str | None = None, partner_read: str | None = None, app_read: str | None = None):
        self.table = table
        self.options = {"partner": partner, "partner_sql": partner_sql, "partner_read": partner_read, "app_read": app_read}
        condition = f"{partner} = {PARTNERS}" if partner else partner_sql
        policies = [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy owner on {table} to openprm_owner using (true) with check (true)",
            f"create policy vendor on {table} to openprm_vendor using (true) with check (true)",
        ]
        if condition:
            policies.append(f"create policy partner on {table} to openprm_partner using ({condition}) with check ({condition})")
        if partner_read:
            policies.append(f"create policy partner_read on {table} for select to openprm_partner using ({partner_read})")
        if app_read:
            policies.append(f"create policy app_read on {table} for select to openprm_app using ({app_read})")
        undo = [f"drop policy if exists {name} on {table}" for name in ("owner", "vendor", "partner", "partner_read", "app_read")]
        undo += [f"alter table {table} no force row level security", f"alter table {table} disable row level security"]
        super().__init__(";\n".join(policies), reverse_sql=";\n".join(undo))

    def deconstruct(self):
        return type(self).__name__, [self.table], {name: value for name, value in self.options.items() if value is not None}

    def describe(self) -> str:
        return f"Force row-level security on {self.table}"


class AppendOnly(RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table, for everybody, with SQLSTATE OP001."""

    def __init__(self, table: str):
        self.table = table
        super().__init__(
            f"create trigger append_only before update or delete or truncate on {table} for each statement execute function openprm_refuse_change()",
            reverse_sql=f"drop trigger if exists append_only on {table}",
        )

    def deconstruct(self):
        return type(self).__name__, [self.table], {}

    def describe(self) -> str:
        return f"Make {self.table} append-only"


class CompositeForeignKey(RunSQL):
    """Tie two columns at once, so that a row can never name things of two tenants. The target needs a unique constraint on them."""

    def __init__(self, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str], *, on_delete: str = "no action"):
        self.arguments = (table, tuple(columns), target, tuple(target_columns))
        self.on_delete = on_delete
        name = f"{table}_{'_'.join(columns)}_same_tenant"[:63]
        super().__init__(
            f"alter table {table} add constraint {name} foreign key ({', '.join(columns)}) "
            f"references {target} ({', '.join(target_columns)}) on delete {on_delete} deferrable initially deferred",
            reverse_sql=f"alter table {table} drop constraint if exists {name}",
        )

    def deconstruct(self):
        return type(self).__name__, list(self.arguments), {"on_delete": self.on_delete}

    def describe(self) -> str:
        return f"Tie {self.arguments[0]}{self.arguments[1]} to {self.arguments[2]}"
