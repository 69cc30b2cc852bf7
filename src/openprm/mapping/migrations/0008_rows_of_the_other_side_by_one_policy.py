"""What is shown of the other side's rows, by one policy that asks the cheapest question first; and statistics after much was written.

Three policies asked for every row of a list shown whole whether it had matches. A query that joins rows with matches is planned
by counts that the database takes anew on its own time only: a comparison that has just written 100,000 matches says so itself.
"""

from django.db import migrations

ME = "any ((select mapping_me())::uuid[])"
SHOWN = "population_id = any ((select mapping_shown({}))::uuid[])"
SIDES = {"vendor": "right", "partner": "left"}  # whose rows a side reads of the other

COUNTS = """
create function mapping_take_counts() returns void language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  analyze (skip_locked) mapping_entry;
  analyze (skip_locked) mapping_detail;
  analyze (skip_locked) mapping_match;
end $$
"""


def _met(side: str) -> str:
    word = (
        f"exists (select 1 from mapping_verdict v where v.{side}_population_id = mapping_entry.population_id and v.{side}_key = mapping_entry.key"
        f" and not v.is_same and v.undone_at is null and v.decider_id = {ME})"
    )
    return f"exists (select 1 from mapping_match m where m.{side}_id = mapping_entry.id and (m.state <> 'split' or {word}))"


def _old() -> str:
    made = []
    for role in SIDES:
        conditions = {"all": SHOWN.format(3)} | {side: f"{SHOWN.format(2)} and {_met(side)}" for side in ("left", "right")}
        made += [f"create policy {role}_shown_{name} on mapping_entry for select to openprm_{role} using ({said})" for name, said in conditions.items()]
        made.append(f"drop policy {role}_shown on mapping_entry")
    return ";\n".join(made)


def _new() -> str:
    made = []
    for role, side in SIDES.items():
        made += [f"drop policy {role}_shown_{name} on mapping_entry" for name in ("all", "left", "right")]
        said = f"{SHOWN.format(3)} or ({SHOWN.format(2)} and {_met(side)})"
        made.append(f"create policy {role}_shown on mapping_entry for select to openprm_{role} using ({said})")
    return ";\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("mapping", "0007_who_split_a_pair_goes_on_seeing_it")]

    operations = [
        migrations.RunSQL(_new(), reverse_sql=_old()),
        migrations.RunSQL(COUNTS, reverse_sql="drop function mapping_take_counts()"),
    ]
