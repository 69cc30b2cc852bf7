"""The sequences behind "CC-000123" and "PR-0012"."""

from django.db import migrations

NUMBERS = """
create sequence conflicts_case_number;
create function openprm_next_case_number() returns text language sql volatile as
$$ select 'CC-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('conflicts_case_number') as n $$;
create sequence conflicts_precedent_number;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            NUMBERS,
            reverse_sql="drop sequence conflicts_precedent_number; drop function openprm_next_case_number(); drop sequence conflicts_case_number",
        ),
    ]
