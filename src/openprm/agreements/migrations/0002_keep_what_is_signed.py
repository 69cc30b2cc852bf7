"""Who may read which row, what a publication fixes, and what only a partner's own person may do: sign."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

PARTNERS = "any ((select openprm_partners())::uuid[])"
MINE = f"program_id is null or exists (select 1 from partners_enrollment e where e.program_id = agreements_document.program_id and e.partner_id = {PARTNERS})"

NOTICE = """
alter table agreements_version add constraint agreements_notice_is_kept
  check (state = 'draft' or number = 1 or effective_at >= published_at + notice_days * interval '24 hours');
"""
NOTICE_UNDO = "alter table agreements_version drop constraint agreements_notice_is_kept"

KEEP = """
create function agreements_keep_published() returns trigger language plpgsql as
$$
declare
  was agreements_version;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'published agreements are history: they cannot be removed' using errcode = 'OP001';
  end if;
  if old.state = 'draft' then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' or old.state = 'withdrawn' then
    raise exception 'agreement version % is history: it cannot be changed or removed', old.id using errcode = 'OP001';
  end if;
  was := new;
  was.state := old.state;
  was.updated_at := old.updated_at;
  if was is distinct from old or new.state = 'draft' then
    raise exception 'agreement version % is published: it cannot be changed', old.id using errcode = 'OP001';
  end if;
  if new.state = 'withdrawn' and exists (select 1 from agreements_acceptance where version_id = old.id and status = 'accepted') then
    raise exception 'agreement version % is signed: it cannot be withdrawn', old.id using errcode = 'OP001';
  end if;
  return new;
end
$$;
create trigger keep_published before update or delete on agreements_version for each row execute function agreements_keep_published();
create trigger keep_published_all before truncate on agreements_version for each statement execute function agreements_keep_published();
"""
KEEP_UNDO = """
drop trigger keep_published on agreements_version; drop trigger keep_published_all on agreements_version; drop function agreements_keep_published()
"""

SIGN = """
create function agreements_guard_signature() returns trigger language plpgsql as
$$
declare
  was agreements_acceptance;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'signatures are history: they cannot be removed' using errcode = 'OP001';
  end if;
  if tg_op = 'DELETE' then
    if old.status = 'accepted' then
      raise exception 'acceptance % is signed: it cannot be removed', old.id using errcode = 'OP001';
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' then
    if new.status <> 'sent' or new.signed_at is not null or current_user = 'openprm_partner' then
      raise exception 'an acceptance begins unsigned, and the vendor begins it' using errcode = 'OP001';
    end if;
    return new;
  end if;
  was := new;
  was.updated_at := old.updated_at;
  if old.status = 'accepted' then
    was.countersigned_at := old.countersigned_at;
    was.countersigned_by := old.countersigned_by;
    was.countersigned_name := old.countersigned_name;
    was.countersigned_title := old.countersigned_title;
    was.countersign_event_id := old.countersign_event_id;
    if was is distinct from old or old.countersigned_at is not null then
      raise exception 'acceptance % is signed: it cannot be changed', old.id using errcode = 'OP001';
    end if;
    if current_user = 'openprm_partner' then
      raise exception 'the vendor alone countersigns' using errcode = 'OP001';
    end if;
    return new;
  end if;
  if (new.document_id, new.version_id, new.partner_id) is distinct from (old.document_id, old.version_id, old.partner_id) then
    raise exception 'acceptance % stays with its version and its partner', old.id using errcode = 'OP001';
  end if;
  if new.status = 'accepted' then
    if current_user <> 'openprm_partner'
      or new.partner_id <> all ((select openprm_partners())::uuid[])
      or new.signed_by::text is distinct from nullif(current_setting('openprm.actor', true), '')
    then
      raise exception 'only a person of the partner can sign for it, as that person' using errcode = 'OP001';
    end if;
    if old.status not in ('sent', 'declined') then
      raise exception 'acceptance % is no longer open', old.id using errcode = 'OP001';
    end if;
    if not exists (select 1 from agreements_version v where v.id = new.version_id and v.state = 'published' and v.sha256 = new.sha256) then
      raise exception 'what is signed is not the published text' using errcode = 'OP001';
    end if;
    return new;
  end if;
  if current_user = 'openprm_partner' then
    was.status := old.status;
    was.declined_at := old.declined_at;
    was.declined_by_name := old.declined_by_name;
    was.decline_reason := old.decline_reason;
    if was is distinct from old or new.status <> 'declined' or old.status not in ('sent', 'declined') then
      raise exception 'a partner accepts or declines; the rest is the vendor''s' using errcode = 'OP001';
    end if;
  elsif new.signed_at is not null then
    raise exception 'only a person of the partner can sign for it' using errcode = 'OP001';
  end if;
  return new;
end
$$;
create trigger guard_signature before insert or update or delete on agreements_acceptance for each row execute function agreements_guard_signature();
create trigger guard_signature_all before truncate on agreements_acceptance for each statement execute function agreements_guard_signature();
"""
SIGN_UNDO = """
drop trigger guard_signature on agreements_acceptance; drop trigger guard_signature_all on agreements_acceptance; drop function agreements_guard_signature()
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("partners", "0001_initial"), ("identity", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        CompositeForeignKey("agreements_acceptance", ("version_id", "document_id"), "agreements_version", ("id", "document_id")),
        RowLevelSecurity("agreements_document", partner_read=MINE, app_read="is_public"),
        RowLevelSecurity(
            "agreements_version",
            partner_read="state <> 'draft' and exists (select 1 from agreements_document d where d.id = document_id)",
            app_read="state = 'published' and exists (select 1 from agreements_document d where d.id = document_id and d.is_public)",
        ),
        RowLevelSecurity("agreements_acceptance", partner="partner_id"),
        RowLevelSecurity("agreements_signatory", partner="partner_id"),
        migrations.RunSQL(NOTICE, reverse_sql=NOTICE_UNDO),
        migrations.RunSQL(KEEP, reverse_sql=KEEP_UNDO),
        migrations.RunSQL(SIGN, reverse_sql=SIGN_UNDO),
    ]
