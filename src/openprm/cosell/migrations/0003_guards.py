"""What the database keeps by itself: who sees whom, foreign rows, jumps in the life of an engagement, shares above the whole.

The partner's role reads here and never writes: every write is a decision of a service, taken in the system's scope.
"""

from django.db import migrations

from openprm.kernel.guards import AppendOnly, RowLevelSecurity

MINE = "any ((select openprm_partners())::uuid[])"


def sees(table: str, column: str = "party_id", more: str = "") -> str:
    """Rows of a member whom the reader may know of."""
    sight = f"s.engagement_id = {table}.engagement_id and s.viewer_id = {MINE} and s.seen_id = {table}.{column}"
    return f"exists (select 1 from cosell_sight s where {sight}{more})"


def work(table: str, more: str = "") -> str:
    """Work of a member whom the reader may know of, as far as its audience goes. One's own is always readable."""
    meant = f"({table}.audience = 'shared' or ({table}.audience = 'full' and s.is_full) or s.seen_id = s.viewer_id)"
    return sees(table, more=f" and {meant}") + more


def takes_part(table: str, column: str, more: str = "") -> str:
    return f"exists (select 1 from cosell_sight s where s.engagement_id = {table}.{column} and s.viewer_id = {MINE} and s.seen_id = s.viewer_id{more})"


SIGHT = """
create function cosell_keep_sight() returns trigger language plpgsql as $$
declare changed uuid := coalesce(new.engagement_id, old.engagement_id);
begin
  delete from cosell_sight where engagement_id = changed;
  insert into cosell_sight (id, created_at, updated_at, engagement_id, viewer_id, seen_id, is_full, is_host)
  select gen_random_uuid(), now(), now(), v.engagement_id, v.party_id, s.party_id, v.visibility = 'full' or v.is_host, v.is_host
  from cosell_member v join cosell_member s on s.engagement_id = v.engagement_id
  where v.engagement_id = changed and v.left_at is null
    and (v.party_id = s.party_id or v.is_host or s.is_host or v.is_vendor or s.is_vendor or not (v.hidden or s.hidden));
  update cosell_engagement set vendor_in = exists (select 1 from cosell_member where engagement_id = changed and is_vendor and left_at is null)
  where id = changed and vendor_in is distinct from
    exists (select 1 from cosell_member where engagement_id = changed and is_vendor and left_at is null);
  return null;
end $$;
create trigger member_keeps_sight after insert or update or delete on cosell_member for each row execute function cosell_keep_sight();
"""
NO_SIGHT = "drop trigger member_keeps_sight on cosell_member; drop function cosell_keep_sight()"

LIFE = """
create function cosell_engagement_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'pending>received', 'pending>accepted', 'pending>declined', 'pending>expired',
    'received>accepted', 'received>declined', 'received>expired',
    'accepted>won', 'accepted>lost']) then
    raise exception 'engagement % cannot go from % to %', old.number, old.state, new.state
      using errcode = '23514', constraint = 'engagement_state_follows';
  end if;
  if old.state in ('won', 'lost', 'declined', 'expired')
     and (new.title, new.customer_name, new.stage, new.expected_close_date, new.deal_type, new.host_id)
       is distinct from (old.title, old.customer_name, old.stage, old.expected_close_date, old.deal_type, old.host_id) then
    raise exception 'engagement % is closed', old.number using errcode = '23514', constraint = 'engagement_closed_stays';
  end if;
  return new;
end $$;
create trigger engagement_life before update on cosell_engagement for each row execute function cosell_engagement_life();

create function cosell_engagement_start() returns trigger language plpgsql as $$
begin
  if new.state <> 'pending' then
    raise exception 'an engagement begins pending' using errcode = '23514', constraint = 'engagement_state_follows';
  end if;
  return new;
end $$;
create trigger engagement_start before insert on cosell_engagement for each row execute function cosell_engagement_start();

create function cosell_invitation_life() returns trigger language plpgsql as $$
begin
  if old.state <> 'pending' and new.state <> old.state then
    raise exception 'the invitation was answered already' using errcode = '23514', constraint = 'invitation_answered_once';
  end if;
  return new;
end $$;
create trigger invitation_life before update on cosell_invitation for each row execute function cosell_invitation_life();
"""
NO_LIFE = """
drop trigger invitation_life on cosell_invitation; drop function cosell_invitation_life();
drop trigger engagement_start on cosell_engagement; drop function cosell_engagement_start();
drop trigger engagement_life on cosell_engagement; drop function cosell_engagement_life();
"""

SHARES = """
create function cosell_share_sum() returns trigger language plpgsql as $$
declare total bigint;
begin
  perform 1 from cosell_engagement where id = new.engagement_id for update;
  select sum(basis_points) into total from cosell_share where engagement_id = new.engagement_id;
  if total > 10000 then
    raise exception 'the shares sum to % basis points', total using errcode = '23514', constraint = 'shares_within_the_whole';
  end if;
  return null;
end $$;
create trigger share_sum after insert or update on cosell_share for each row execute function cosell_share_sum();
"""
NO_SHARES = "drop trigger share_sum on cosell_share; drop function cosell_share_sum()"

INVITED = f"sender_id = {MINE} or receiver_id = {MINE} or {takes_part('cosell_invitation', 'engagement_id', ' and s.is_host')}"
FULL = " and s.is_full"
ASKED = f"party_id = {MINE} or asked_id = {MINE} or ({sees('cosell_need', more=FULL)} and {sees('cosell_need', 'asked_id')})"


class Migration(migrations.Migration):
    dependencies = [("cosell", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(SIGHT, reverse_sql=NO_SIGHT),
        migrations.RunSQL(LIFE, reverse_sql=NO_LIFE),
        migrations.RunSQL(SHARES, reverse_sql=NO_SHARES),
        RowLevelSecurity("cosell_sight", partner_read=f"viewer_id = {MINE}"),
        RowLevelSecurity("cosell_engagement", partner_read=takes_part("cosell_engagement", "id")),
        RowLevelSecurity("cosell_detail", partner_read=takes_part("cosell_detail", "engagement_id", FULL)),
        RowLevelSecurity("cosell_member", partner_read=sees("cosell_member")),
        RowLevelSecurity("cosell_share", partner_read=sees("cosell_share", more=" and (s.is_full or s.seen_id = s.viewer_id)")),
        RowLevelSecurity("cosell_invitation", partner_read=INVITED),
        RowLevelSecurity("cosell_connectionrule", partner_read=f"party_id = {MINE}"),
        RowLevelSecurity("cosell_note", partner_read=work("cosell_note")),
        RowLevelSecurity("cosell_task", partner_read=work("cosell_task", f" and {sees('cosell_task', 'owner_id')}")),
        RowLevelSecurity("cosell_document", partner_read=work("cosell_document")),
        RowLevelSecurity("cosell_nextstep", partner_read=sees("cosell_nextstep")),
        RowLevelSecurity("cosell_need", partner_read=ASKED),
        RowLevelSecurity("cosell_record", partner_read=f"party_id = {MINE}"),
        RowLevelSecurity("cosell_mirror", partner_read=sees("cosell_mirror", more=FULL)),
        RowLevelSecurity("cosell_mirrorread", partner_read=f"party_id = {MINE} or reader_party_id = {MINE}"),
        AppendOnly("cosell_nextstep"),
        AppendOnly("cosell_mirrorread"),
    ]
