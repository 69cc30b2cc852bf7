"""The sequence behind "AP-000123"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence applications_number;
create function openprm_next_application_number() returns text language sql volatile as
$$ select 'AP-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('applications_number') as n $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(NUMBERS, reverse_sql="drop function openprm_next_application_number(); drop sequence applications_number"),
    ]
