"""The sequence behind "DR-000123"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence deals_registration_number;
create function openprm_next_deal_number() returns text language sql volatile as
$$ select 'DR-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('deals_registration_number') as n $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(NUMBERS, reverse_sql="drop function openprm_next_deal_number(); drop sequence deals_registration_number"),
    ]
