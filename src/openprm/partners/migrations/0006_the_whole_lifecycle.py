"""All moves of a partner's life and of a membership's, as `rules.py` has them. A partner's own role still changes neither."""

from django.db import migrations

PARTNER = """
create or replace function partners_check_lifecycle() returns trigger language plpgsql as
$$ begin
  if new.kind = 'partner' and old.status <> new.status and (
    current_user = 'openprm_partner' or (old.status, new.status) not in (%s))
  then raise exception 'a partner cannot go from %% to %%', old.status, new.status using errcode = 'check_violation', constraint = 'partner_lifecycle';
  end if;
  return new;
end $$;
"""
ENROLLMENT = """
create or replace function partners_check_enrollment() returns trigger language plpgsql as
$$ begin
  if old.status <> new.status and (old.status, new.status) not in (%s)
  then raise exception 'an enrollment cannot go from %% to %%', old.status, new.status using errcode = 'check_violation', constraint = 'enrollment_lifecycle';
  end if;
  return new;
end $$;
"""
PARTNER_MOVES = """
  invited>applicant invited>pending invited>active invited>declined invited>archived
  applicant>pending applicant>active applicant>declined applicant>banned applicant>offboarded
  pending>active pending>declined pending>banned pending>offboarded
  declined>applicant declined>banned declined>archived
  active>suspended active>deactivated active>banned active>offboarded
  suspended>active suspended>deactivated suspended>banned suspended>offboarded
  deactivated>active deactivated>banned deactivated>offboarded deactivated>archived
  banned>deactivated banned>offboarded
  offboarded>active offboarded>archived
  archived>applicant archived>active
"""
PARTNER_MOVES_BEFORE = """
  applicant>pending applicant>active applicant>offboarded pending>active pending>offboarded
  active>suspended active>offboarded suspended>active suspended>offboarded offboarded>active
"""
ENROLLMENT_MOVES = """
  draft>pending draft>approved pending>approved pending>rejected approved>terminated approved>expired rejected>pending
  terminated>approved expired>approved expired>terminated
"""
ENROLLMENT_MOVES_BEFORE = """
  draft>pending draft>approved pending>approved pending>rejected approved>terminated rejected>pending terminated>approved
"""


def pairs(moves: str) -> str:
    return ", ".join("('{}', '{}')".format(*move.split(">")) for move in moves.split())


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_memberships_end_and_renew"), ("identity", "0003_the_whole_life_of_an_organization")]

    operations = [
        migrations.RunSQL(PARTNER % pairs(PARTNER_MOVES), reverse_sql=PARTNER % pairs(PARTNER_MOVES_BEFORE)),
        migrations.RunSQL(ENROLLMENT % pairs(ENROLLMENT_MOVES), reverse_sql=ENROLLMENT % pairs(ENROLLMENT_MOVES_BEFORE)),
    ]
