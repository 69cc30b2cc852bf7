"""Who may read which row, what the search reads, the moves that a partner cannot make alone, and the gazetteer."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from openprm.directory.rules.profile import key_of
from openprm.kernel.ids import new_id
from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

PLACES = Path(__file__).resolve().parents[1] / "data" / "places.csv"
COLUMNS = "id, created_at, updated_at, name, country, latitude, longitude, population, key, keys"

SEARCH = """
create function directory_index_listing() returns trigger language plpgsql as
$$ begin
  new.search := setweight(to_tsvector('simple', openprm_unaccent(new.name)), 'A') || setweight(to_tsvector('simple', openprm_unaccent(new.words)), 'B');
  return new;
end $$;
create trigger listing_search before insert or update of name, words on directory_listing for each row execute function directory_index_listing();
"""
SEARCH_UNDO = "drop trigger listing_search on directory_listing; drop function directory_index_listing();"

DECISIONS = """
create function directory_check_profile() returns trigger language plpgsql as
$$ begin
  if current_user = 'openprm_partner' and (
      new.approved is distinct from (case when tg_op = 'UPDATE' then old.approved end)
      or (tg_op = 'INSERT' and new.state <> 'draft')
      or (tg_op = 'UPDATE' and new.state <> old.state and new.state in ('approved', 'hidden', 'returned')))
  then raise exception 'only the vendor decides on a profile' using errcode = 'check_violation', constraint = 'profile_is_decided_by_the_vendor';
  end if;
  return new;
end $$;
create trigger profile_decisions before insert or update on directory_profile for each row execute function directory_check_profile();

create function directory_check_reference() returns trigger language plpgsql as
$$ begin
  if current_user = 'openprm_partner' and new.state in ('published', 'returned') and (tg_op = 'INSERT' or new.state <> old.state)
  then raise exception 'only the vendor decides on a reference' using errcode = 'check_violation', constraint = 'reference_is_decided_by_the_vendor';
  end if;
  return new;
end $$;
create trigger reference_decisions before insert or update on directory_reference for each row execute function directory_check_reference();

create function directory_check_badge() returns trigger language plpgsql as
$$ begin
  if (new.token, new.partner_id, new.achievement_id, new.status_list_id, new.status_index, new.issued_at, new.valid_until) is distinct from
     (old.token, old.partner_id, old.achievement_id, old.status_list_id, old.status_index, old.issued_at, old.valid_until)
     or (old.revoked_at is not null and new.revoked_at is null)
  then raise exception 'a badge cannot be changed or given back' using errcode = 'check_violation', constraint = 'badge_is_final';
  end if;
  return new;
end $$;
create trigger badge_is_final before update on directory_badge for each row execute function directory_check_badge();
"""
DECISIONS_UNDO = """
drop trigger profile_decisions on directory_profile; drop function directory_check_profile();
drop trigger reference_decisions on directory_reference; drop function directory_check_reference();
drop trigger badge_is_final on directory_badge; drop function directory_check_badge();
"""


def load_places(apps, schema_editor):
    """Towns of 15,000 people and more, from GeoNames (CC BY 4.0)."""
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    with schema_editor.connection.cursor() as cursor, cursor.copy(f"copy directory_place ({COLUMNS}) from stdin") as copy:
        for row in csv.DictReader(PLACES.open(encoding="utf-8", newline="")):
            key = key_of(row["name"])
            keys = [key, *filter(None, row["aliases"].split("|"))]
            values = (row["name"], row["country"], float(row["latitude"]), float(row["longitude"]), int(row["population"]), key, keys)
            copy.write_row((new_id(), moment, moment, *values))


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_profiles_and_badges"), ("identity", "0002_isolation"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunPython(load_places, migrations.RunPython.noop),
        CompositeForeignKey("directory_office", ("profile_id", "partner_id"), "directory_profile", ("id", "partner_id"), on_delete="cascade"),
        RowLevelSecurity("directory_profile", partner="partner_id"),
        RowLevelSecurity("directory_office", partner="partner_id"),
        RowLevelSecurity("directory_reference", partner="partner_id"),
        RowLevelSecurity("directory_message", partner="partner_id"),
        RowLevelSecurity("directory_settings", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_listing", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_listedoffice", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_place", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_achievement", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_issuerkey", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_statuslist", partner_read="true", app_read="true"),
        RowLevelSecurity("directory_badge", partner_read="true", app_read="true"),
        migrations.RunSQL(SEARCH, reverse_sql=SEARCH_UNDO),
        migrations.RunSQL(DECISIONS, reverse_sql=DECISIONS_UNDO),
    ]
