"""The sequences behind "PR-000123" (runs) and "PY-000123" (payments)."""

from django.db import migrations

NUMBERS = """
create sequence payouts_run_number;
create function openprm_next_run_number() returns text language sql volatile as
$$ select 'PR-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('payouts_run_number') as n $$;
create sequence payouts_payout_number;
create function openprm_next_payout_number() returns text language sql volatile as
$$ select 'PY-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('payouts_payout_number') as n $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            NUMBERS,
            reverse_sql="drop function openprm_next_payout_number(); drop sequence payouts_payout_number; "
            "drop function openprm_next_run_number(); drop sequence payouts_run_number",
        ),
    ]
