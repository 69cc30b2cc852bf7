"""The sequences behind "FB-000123", "FA-", "FR-" and "FC-"; numbers grow longer after a million instead of being cut."""

from django.db import migrations

NUMBERS = """
create sequence funds_fb_number; create sequence funds_fa_number; create sequence funds_fr_number; create sequence funds_fc_number;
create function openprm_next_fund_number(prefix text) returns text language sql volatile as
$$ select prefix || '-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval(('funds_' || lower(prefix) || '_number')::regclass) as n $$;
"""
UNDO = """
drop function openprm_next_fund_number(text);
drop sequence funds_fb_number; drop sequence funds_fa_number; drop sequence funds_fr_number; drop sequence funds_fc_number;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(NUMBERS, reverse_sql=UNDO)]
