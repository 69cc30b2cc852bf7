"""Where overlaps alone are shown, a pair that somebody split was hidden from that very side, which then could not take its word back.

Who split a pair goes on seeing the row that it saw; a pair that the row's owner split is gone for the other side as before.
"""

from django.db import migrations

ME = "any ((select mapping_me())::uuid[])"
SHOWN = "population_id = any ((select mapping_shown(2))::uuid[])"


def _condition(side: str, *, with_own_word: bool) -> str:
    word = (
        f" or exists (select 1 from mapping_verdict v where v.{side}_population_id = mapping_entry.population_id and v.{side}_key = mapping_entry.key"
        f" and not v.is_same and v.undone_at is null and v.decider_id = {ME})"
    )
    met = f"m.state <> 'split'{word if with_own_word else ''}"
    return f"{SHOWN} and exists (select 1 from mapping_match m where m.{side}_id = mapping_entry.id and ({met}))"


def _all(*, with_own_word: bool) -> str:
    return ";\n".join(
        f"alter policy {role}_shown_{side} on mapping_entry using ({_condition(side, with_own_word=with_own_word)})"
        for role in ("vendor", "partner")
        for side in ("left", "right")
    )


class Migration(migrations.Migration):
    dependencies = [("mapping", "0006_private_isolation")]

    operations = [
        migrations.RunSQL(_all(with_own_word=True), reverse_sql=_all(with_own_word=False)),
        migrations.RunSQL(
            "create index mapping_verdict_right on mapping_verdict (right_population_id, right_key) where undone_at is null",
            reverse_sql="drop index mapping_verdict_right",
        ),
    ]
