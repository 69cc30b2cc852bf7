"""Private comparisons are the vendor's alone. Secrets, points and the making of names are for the system: no person's scope reaches them."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

SYSTEM = "(select mapping_system())"
BOTH_AGREED = f"{SYSTEM} and exists (select 1 from mapping_psirun r where r.id = run_id and r.mode = 'reveal' and r.state = 'finished')"


def _of_the_system(table: str, *, check: str = SYSTEM, vendor_reads: bool) -> migrations.RunSQL:
    made = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy owner on {table} to openprm_owner using (true) with check (true)",
        f"create policy system on {table} to openprm_vendor using ({SYSTEM}) with check ({check})",
    ]
    if vendor_reads:
        made.append(f"create policy vendor_reads on {table} for select to openprm_vendor using (true)")
    undo = [f"drop policy if exists {name} on {table}" for name in ("owner", "system", "vendor_reads")]
    undo += [f"alter table {table} no force row level security", f"alter table {table} disable row level security"]
    return migrations.RunSQL(";\n".join(made), reverse_sql=";\n".join(undo))


class Migration(migrations.Migration):
    dependencies = [("mapping", "0005_private_comparisons")]

    operations = [
        *(RowLevelSecurity(f"mapping_{table}") for table in ("psikey", "psipeer", "psirun", "psiprogress")),
        *(_of_the_system(f"mapping_{table}", vendor_reads=False) for table in ("psiwork", "psipiece")),
        *(_of_the_system(f"mapping_{table}", vendor_reads=True) for table in ("psimessage", "psipast")),
        _of_the_system("mapping_psirow", check=BOTH_AGREED, vendor_reads=True),
        CompositeForeignKey("mapping_psirow", ("run_id", "mode"), "mapping_psirun", ("id", "mode")),
        AppendOnly("mapping_psipast"),
    ]
