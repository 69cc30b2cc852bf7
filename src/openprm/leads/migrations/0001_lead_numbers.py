"""The sequence behind "LD-000123"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence leads_lead_number;
create function openprm_next_lead_number() returns text language sql volatile as
$$ select 'LD-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('leads_lead_number') as n $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(NUMBERS, reverse_sql="drop function openprm_next_lead_number(); drop sequence leads_lead_number"),
    ]
