"""How long routing takes beside the bare SQL of the same decisions, written by hand.

    .venv/bin/python bench/route_leads.py [--leads 100000] [--partners 5000]

Fills a throw-away server with partners (country, place, skills, tier, weight) and new leads of all kinds that the default
rule tells apart: geography with weights, skill and tier, first claim. Then everything is routed by `leads.services.route_leads`,
commit included: rule, candidates, reasons, offers, audit log, queue. Then the leads are made new again, and a function in
PL/pgSQL takes the decisions: per lead one look at the partners of the country, the same scores, the same draw. It writes the
same rows: the decision with its inputs, terms, clause and ten best candidates, each offer with its reasons, clause and time to
open, the lead's own columns, the partners' turns; committed every 500 leads. It evaluates no rule (the terms are written into
it), counts nobody that was left out, keeps no audit log and tells nobody; ours does all of that within the ratio. At last both
must have chosen the same partners for every lead.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
COUNTRIES = "(array['DE','FR','ES','FI','SE','NO','GB','US'])"
SKILLS = "(array['mes','sap','edge','iot','erp','cloud','ot','bi'])"
IN_ONE_COMMIT = 500

FIELD = """
create unlogged table bench_field with (fillfactor = 40) as
select r.partner_id, r.countries[1] as country, r.skills, r.latitude, r.longitude, r.weight, 2 as tier_rank, 0 as open_leads, 0::bigint as turn
  from leads_receiver r join identity_organization o on o.id = r.partner_id where o.status = 'active' and not r.is_paused;
create unique index on bench_field (partner_id);
create index on bench_field (country);
analyze bench_field;
grant select, update on bench_field to openprm_vendor;
"""

BY_HAND = """
create function bench_route(batch uuid[], moment timestamptz) returns void language plpgsql as $$
declare
  lead record; how text; clause text; most int; decision uuid; chosen uuid[]; scores int[]; table_ jsonb; inputs jsonb; terms jsonb; said text;
  opens timestamptz := moment + interval '2 days'; asked uuid[] := '{}';
begin
  for lead in select * from leads_lead where id = any(batch) order by id for update loop
    if coalesce(lead.base_amount_minor, 0) >= 25000000 then how := 'fit'; clause := 'L1'; most := 10;
    elsif lead.skills <> '{}' then how := 'fit'; clause := 'L2'; most := 10;
    elsif lead.grade in ('C', 'D') then how := 'claim'; clause := 'L3'; most := 20;
    else how := 'geography'; clause := 'L4'; most := 10;
    end if;
    inputs := jsonb_build_object('source', lead.source, 'country', lead.country, 'region', nullif(lead.region, ''), 'industry', nullif(lead.industry, ''),
      'employees', lead.employees, 'grade', lead.grade, 'amount', (lead.base_amount_minor / 100.0)::text, 'product_line', null,
      'asks_skills', lead.skills <> '{}', 'known_customer', lead.account_id is not null);
    terms := jsonb_build_object('method', how, 'min_tier', 0, 'skills', 'any', 'reach', 'country', 'max_open', most, 'width', 10, 'open_days', 2, 'pace', 'standard');
    said := format('By clause %%s the lead goes by %%s to partners of its country with fewer than %%s open leads, and is opened within 2 days.', clause, how, most);
    if how = 'geography' then
      with free as (
        select partner_id, weight, case
            when abs(latitude - lead.latitude) <= 2 and least(abs(longitude - lead.longitude), 360 - abs(longitude - lead.longitude)) <= 1.5 then 1
            when abs(latitude - lead.latitude) <= 4 and least(abs(longitude - lead.longitude), 360 - abs(longitude - lead.longitude)) <= 3 then 2
            when abs(latitude - lead.latitude) <= 8 and least(abs(longitude - lead.longitude), 360 - abs(longitude - lead.longitude)) <= 8 then 3
            else 4 end as ring
          from bench_field where country = lead.country and open_leads < most),
      inside as (select * from free where ring = (select min(ring) from free)),
      summed as (select *, sum(weight) over (order by partner_id) as upto, sum(weight) over () as all_weights from inside),
      won as (select * from summed
               where upto > ('x' || substr(md5(lead.id::text || ':1'), 1, 8))::bit(32)::bigint %% all_weights order by upto limit 1)
      select array[won.partner_id], array[(1000 * won.weight / won.all_weights)::int],
             (select jsonb_agg(jsonb_build_object('partner', partner_id, 'score', 1000 * weight / all_weights, 'why_not', '', 'tier', 2, 'skills', 0,
                                                  'most', most, 'ring', ring, 'weight', weight))
                from (select * from summed order by partner_id <> won.partner_id, -weight, partner_id limit 10) as best)
        into chosen, scores, table_ from won;
    else
      with ranked as (
        select partner_id, (case when lead.skills = '{}' then 600
              else 600 * cardinality(array(select unnest(skills) intersect select unnest(lead.skills))) / cardinality(lead.skills) end)
            + 250 * tier_rank / 2 + 150 * (1000 * (most - open_leads) / most) / 1000 as score, turn, open_leads
          from bench_field
         where country = lead.country and open_leads < most and (how = 'claim' or lead.skills = '{}' or skills && lead.skills)
         order by score desc, turn, partner_id limit 10)
      select array_agg(partner_id order by score desc, turn, partner_id), array_agg(score order by score desc, turn, partner_id),
             jsonb_agg(jsonb_build_object('partner', partner_id, 'score', score, 'why_not', '', 'tier', 2, 'open', open_leads, 'most', most)
                       order by score desc, turn, partner_id)
        into chosen, scores, table_ from ranked;
      if how = 'fit' then chosen := chosen[1:1]; scores := scores[1:1]; end if;
    end if;
    decision := uuidv7();
    insert into leads_routing (id, created_at, updated_at, lead_id, round, method, by_name, reason, seed, clause, clause_text, rule_version, inputs, terms,
                               candidates, tallies, chosen, at)
      values (decision, moment, moment, lead.id, 1, how, '', '', lead.id::text || ':1', clause, said, 1, inputs, terms, coalesce(table_, '[]'), '{}',
              coalesce(chosen, '{}'), moment);
    if chosen is null then
      update leads_lead set status = 'unrouted', method = how, rounds = 1, routed_at = moment, version = version + 1 where id = lead.id;
      continue;
    end if;
    insert into leads_offer (id, created_at, updated_at, lead_id, partner_id, routing_id, method, state, position, score, reasons, clause, clause_text,
                             rule_version, pace, offered_at, open_by, decline_reason, comment)
      select uuidv7(), moment, moment, lead.id, partner_id, decision, how, 'offered', place, score, table_ -> (place - 1)::int, clause, said, 1, 'standard', moment, opens, '', ''
        from unnest(chosen, scores) with ordinality as c(partner_id, score, place);
    update bench_field set turn = extract(epoch from moment)::bigint * 1000000, open_leads = open_leads + (how <> 'claim')::int
     where partner_id = any(chosen);
    asked := asked || chosen;
    update leads_lead set status = 'offered', method = how, rounds = 1, routed_at = moment, version = version + 1 where id = lead.id;
  end loop;
  update leads_receiver set last_offered_at = moment where partner_id = any(asked);
end $$;
"""


def main() -> None:
    asked = _arguments()
    with fresh_database() as admin:
        _fill(admin, asked)
        found = _measure(admin, asked)
        print(json.dumps(found) if asked.format == "json" else _in_words(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--profile", help="write a profile of our part to this file")
    return parser.parse_args()


def _in_words(found: dict[str, Any]) -> str:
    return (
        f"{found['leads']:,} leads over {found['partners']:,} partners: {found['seconds']} s ({found['each_ms']} ms each, {found['statements']} statements), "
        f"bare SQL {found['floor_seconds']} s ({found['floor_each_ms']} ms each): ratio {found['ratio']}; "
        f"{found['offers']:,} offers, {found['unrouted']:,} leads for a person, the same partners in {found['same']:,} of {found['leads']:,} decisions"
    )


def _fill(admin: psycopg.Connection, asked: argparse.Namespace) -> None:
    from openprm.leads.models import Lead, LeadPerson, Receiver

    fill = Fill(admin)
    fill.people(partners=asked.partners)
    fill.catalogue()
    fill.insert(
        Receiver,
        "(select row_number() over (order by p.id) as n, p.id, o.country from partners_partner p join identity_organization o on o.id = p.id) s",
        partner_id="s.id",
        countries="array[s.country]",
        skills=f"array[{SKILLS}[1 + s.n % 8], {SKILLS}[1 + (s.n / 8) % 8]]",
        latitude="36 + (s.n * 7919 % 3400) / 100.0",
        longitude="-10 + (s.n * 104729 % 4000) / 100.0",
        weight="1 + s.n % 5",
    )
    fill.insert(
        Lead,
        f"generate_series(1::bigint, {asked.leads}) n",
        number="'LD-' || lpad(n::text, 8, '0')",
        country=f"{COUNTRIES}[1 + n % 8]",
        latitude="36 + (n * 15485863 % 3400) / 100.0",
        longitude="-10 + (n * 32452843 % 4000) / 100.0",
        skills=f"case when n % 10 in (1, 2, 3) then array[{SKILLS}[1 + n % 8], {SKILLS}[1 + n % 7]]::varchar[] else '{{}}' end",
        grade="case when n % 20 = 4 then 'C' else 'B' end",
        amount_minor="(5 + n % 200) * 100000 + case when n % 50 = 5 then 25000000 else 0 end",
        base_amount_minor="(5 + n % 200) * 100000 + case when n % 50 = 5 then 25000000 else 0 end",
        received_at="now() - interval '1 hour'",
    )
    fill.insert(LeadPerson, "leads_lead l", lead_id="l.id", company_name="'Customer ' || l.number")
    admin.execute("set session_replication_role = origin")
    admin.execute("vacuum analyze")
    admin.execute("checkpoint")


def _measure(admin: psycopg.Connection, asked: argparse.Namespace) -> dict[str, Any]:
    seconds, statements, made = _ours(asked)
    admin.execute("create table bench_ours as select lead_id, array_agg(partner_id order by position) as partners from leads_offer group by lead_id")
    _make_new(admin)
    floor = _floor(admin)
    same = admin.execute(
        "select count(*) from leads_lead l left join bench_ours o on o.lead_id = l.id "
        "left join (select lead_id, array_agg(partner_id order by position) as partners from leads_offer group by lead_id) f on f.lead_id = l.id "
        "where o.partners is not distinct from f.partners"
    ).fetchone()[0]
    return {
        "leads": asked.leads,
        "partners": asked.partners,
        "seconds": round(seconds, 2),
        "each_ms": round(1000 * seconds / asked.leads, 3),
        "statements": statements,
        "floor_seconds": round(floor, 2),
        "floor_each_ms": round(1000 * floor / asked.leads, 3),
        "ratio": round(seconds / floor, 2),
        "offers": made.offers,
        "unrouted": made.unrouted,
        "same": same,
    }


def _ours(asked: argparse.Namespace) -> tuple[float, int, Any]:
    import cProfile
    from contextlib import nullcontext

    from django.db import connection

    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.leads import services

    counted = [0]

    def count(execute: Any, *arguments: Any) -> Any:
        counted[0] += 1
        return execute(*arguments)

    connection.ensure_connection()
    profile = cProfile.Profile() if asked.profile else nullcontext()
    with connection.execute_wrapper(count), profile:
        began = time.perf_counter()
        with system_scope():
            made = services.route_leads(actor=SYSTEM, at=AT)
        seconds = time.perf_counter() - began
    if asked.profile:
        profile.dump_stats(asked.profile)
    say(f"  ours: {seconds:.1f} s")
    return seconds, counted[0], made


def _make_new(admin: psycopg.Connection) -> None:
    admin.execute("set session_replication_role = replica")
    admin.execute("truncate leads_offer, leads_routing")
    admin.execute("update leads_lead set status = 'new', rounds = 0, method = '', status_reason = '', routed_at = null, version = 1")
    admin.execute("set session_replication_role = origin")
    admin.execute(FIELD)
    admin.execute(BY_HAND.replace("%%", "%"))
    admin.execute("vacuum full leads_lead")
    admin.execute("vacuum analyze")
    admin.execute("checkpoint")


def _floor(admin: psycopg.Connection) -> float:
    from django.db import connection

    ids = [row[0] for row in admin.execute("select id from leads_lead order by id").fetchall()]
    with psycopg.connect(connection.connection.info.dsn, autocommit=False) as bare:
        bare.execute("set role openprm_vendor")
        bare.commit()
        began = time.perf_counter()
        for start in range(0, len(ids), IN_ONE_COMMIT):
            bare.execute("select bench_route(%s, %s)", [ids[start : start + IN_ONE_COMMIT], AT])
            bare.commit()
        return time.perf_counter() - began


if __name__ == "__main__":
    say("filling a throw-away server; this takes a minute at full size")
    main()
