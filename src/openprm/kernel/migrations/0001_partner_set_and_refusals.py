"""The two functions that the guards stand on."""

from django.db import migrations

FUNCTIONS = """
create function openprm_partners() returns uuid[] language sql stable parallel safe as
$$ select string_to_array(nullif(current_setting('openprm.partners', true), ''), ',')::uuid[] $$;

create function openprm_refuse_change() returns trigger language plpgsql as
$$ begin
  raise exception 'rows of % are history: they cannot be changed or removed', tg_table_name using errcode = 'OP001';
end $$;

create function openprm_unaccent(text) returns text language sql immutable strict parallel safe as
$$ select public.unaccent('public.unaccent'::regdictionary, $1) $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            reverse_sql="drop function openprm_partners(); drop function openprm_refuse_change(); drop function openprm_unaccent(text)",
        )
    ]
