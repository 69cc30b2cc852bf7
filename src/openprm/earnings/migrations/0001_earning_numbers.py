"""The sequences behind "E-000123" and "ADJ-000123"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence earnings_number;
create function openprm_next_earning_number() returns text language sql volatile as
$$ select 'E-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('earnings_number') as n $$;
create sequence earnings_adjustment_number;
create function openprm_next_adjustment_number() returns text language sql volatile as
$$ select 'ADJ-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('earnings_adjustment_number') as n $$;
"""
UNDO = """
drop function openprm_next_earning_number();
drop sequence earnings_number;
drop function openprm_next_adjustment_number();
drop sequence earnings_adjustment_number;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(NUMBERS, reverse_sql=UNDO)]
