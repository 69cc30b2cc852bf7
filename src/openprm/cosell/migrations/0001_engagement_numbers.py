"""The sequence behind "CS-000123"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence cosell_engagement_number;
create function openprm_next_engagement_number() returns text language sql volatile as
$$ select 'CS-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('cosell_engagement_number') as n $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(NUMBERS, reverse_sql="drop function openprm_next_engagement_number(); drop sequence cosell_engagement_number"),
    ]
