"""The class under which a promise was given is part of what was promised."""

from django.db import migrations

KEEP = """
create function promises_keep_class() returns trigger language plpgsql as
$$ begin
  if new.pace is distinct from old.pace then
    raise exception 'what was promised cannot be changed' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger keep_class before update of pace on promises_clock for each row execute function promises_keep_class();
"""
KEEP_UNDO = "drop trigger keep_class on promises_clock; drop function promises_keep_class();"


class Migration(migrations.Migration):
    dependencies = [("promises", "0004_promise_classes")]

    operations = [migrations.RunSQL(KEEP, reverse_sql=KEEP_UNDO)]
