"""Touches out of the audit log, the activities, and the rooms above that know of some. What was read before is known by its key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.activities import queries as activities
from openprm.attribution.models import Collected, Touch
from openprm.attribution.ports import ToldTouch, TouchSource
from openprm.attribution.rules.words import Kind, Source
from openprm.attribution.services.unit import as_system, in_batches, one_at_a_time
from openprm.audit import queries as audit
from openprm.audit.queries import Happening
from openprm.cosell import queries as cosell
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.batches import insert_all
from openprm.kernel.registry import registry

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(hours=6)
BATCH = 500
BEGUN = ("deal.submitted", "deal.imported", "deal.taken_over", "opportunity.imported", "opportunity.changed")
LEADS = ("lead.converted", "lead.referral_taken_up")
COSELL = ("cosell.invitation_accepted", "cosell.task_done", "cosell.need_answered")
WORKED = ("activity.recorded", "activity.struck", "activity.confirmed")


def collect(*, at: datetime) -> int:
    """Read every source from where it was left, a little earlier for what committed late; gives how many touches are new."""
    with as_system():
        one_at_a_time("collect")
        since = _until("log")
        found = sum(_from_log(batch, at) for batch in in_batches(audit.happenings((*BEGUN, *LEADS, *COSELL, *WORKED), since=since, until=at), BATCH))
        _read("log", at)
        return found + sum(_from_source(source, at) for source in registry.filling("attribution.touches"))


def _until(source: str) -> datetime:
    known = Collected.objects.filter(source=source).first()
    return known.until - OVERLAP if known else BEGINNING


def _read(source: str, at: datetime) -> None:
    Collected.objects.update_or_create(source=source, defaults={"until": at})


def _from_log(events: list[Happening], at: datetime) -> int:
    rows = [*_begun(events), *_led(events), *_engaged(events), *_worked(events)]
    new = _add(rows, at)
    _correct(events, at)
    return new


def _begun(events: list[Happening]) -> Iterator[dict[str, Any]]:
    """A registration is the introduction of its partner; an opportunity of a CRM may name one."""
    mine = [one for one in events if one.verb in BEGUN]
    facts = deals.begun_deals(one.subject_id for one in mine)
    for one in mine:
        deal = facts.get(one.subject_id)
        if deal is None or deal.partner_id is None:
            continue
        kind = Kind.REGISTRATION if deal.kind == "registration" and one.verb != "deal.taken_over" else Kind.NAMED
        then = deal.began_at if kind == Kind.REGISTRATION or deal.kind == "opportunity" else one.at
        key = f"{kind}:{deal.id}:{deal.partner_id}"
        yield _row(one, Source.LOG, key, deal.partner_id, kind, then, about=deal.id, account_id=deal.account_id, verified_at=one.at)


def _led(events: list[Happening]) -> Iterator[dict[str, Any]]:
    """A lead that a partner turned into a deal, and one that it passed on. Both know each other by the lead."""
    for one in events:
        if one.verb == "lead.converted" and one.told:
            yield _row(one, Source.LOG, f"lead:{one.subject_id}", one.told[0], Kind.LEAD, one.at, about=one.refs[-1], via=one.subject_id, verified_at=one.at)
        elif one.verb == "lead.referral_taken_up" and one.told and len(one.refs) > 1:
            yield _row(one, Source.LOG, f"referral:{one.subject_id}", one.told[0], Kind.REFERRAL, one.at, via=one.refs[1], verified_at=one.at)


def _engaged(events: list[Happening]) -> Iterator[dict[str, Any]]:
    """A partner that joined an engagement, and what it finished there. Only engagements that are about a deal count."""
    mine = [one for one in events if one.verb in COSELL and one.by and len(one.refs) > 1]
    about = cosell.deals_of({ref for one in mine for ref in one.refs})
    vendor = identity.vendor_organization().id if mine else None
    for one in mine:
        engagement = next((ref for ref in one.refs if ref in about), None)
        if engagement is None or one.by == vendor:
            continue
        kind = Kind.COSELL if one.verb == "cosell.invitation_accepted" else Kind.COSELL_WORK
        yield _row(one, Source.LOG, f"{kind}:{one.subject_id}", one.by, kind, one.at, about=about[engagement], via=engagement, verified_at=one.at)


def _worked(events: list[Happening]) -> Iterator[dict[str, Any]]:
    """What the vendor's people logged is verified when they log it; what a partner logged of itself, when the vendor confirms it."""
    by_id = {one.subject_id: one for one in events if one.verb == "activity.recorded"}
    for told in activities.told_of_partners(by_id):
        one = by_id[told.id]
        verified_at = told.verified_at if one.by == told.partner_id else one.at
        yield _row(
            one, Source.ACTIVITY, str(told.id), told.partner_id, told.kind, told.occurred_at, about=told.about, account_id=told.account_id,
            summary=told.summary[:300], verified_at=verified_at,
        )  # fmt: skip


def _correct(events: list[Happening], at: datetime) -> None:
    """A struck activity does not count from now on; a confirmed one does."""
    told = activities.told_of_partners({one.subject_id for one in events if one.verb in WORKED})
    for one in told:
        rows = Touch.objects.filter(source=Source.ACTIVITY, source_key=str(one.id))
        if one.struck_at:
            rows.filter(struck_at=None).update(struck_at=at, struck_reason="struck where it was logged", updated_at=at)
        elif one.verified_at:
            rows.filter(verified_at=None).update(verified_at=at, updated_at=at)


def _from_source(source: TouchSource, at: datetime) -> int:
    told = source.touches(since=_until(source.name), until=at)
    new = sum(_add([_told(source, one) for one in batch], at) for batch in in_batches(told, BATCH))
    _read(source.name, at)
    return new


def _told(source: TouchSource, one: ToldTouch) -> dict[str, Any]:
    kind = one.kind if one.kind in list(Kind) else Kind.CAMPAIGN
    return {
        "partner_id": one.partner_id, "account_id": one.account_id, "about": one.about, "via": None, "kind": str(kind), "source": str(Source.CAMPAIGN),
        "source_key": f"{source.name}:{one.key}"[:160], "evidence": None, "summary": one.summary[:300], "occurred_at": one.occurred_at,
        "verified_at": one.occurred_at,
    }  # fmt: skip


def _row(
    event: Happening, source: Source, key: str, partner_id: UUID, kind: str, then: datetime, *, about: UUID | None = None, via: UUID | None = None,
    account_id: UUID | None = None, summary: str = "", verified_at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "partner_id": partner_id, "account_id": account_id, "about": about, "via": via, "kind": str(kind), "source": str(source), "source_key": key,
        "evidence": event.id, "summary": summary, "occurred_at": then, "verified_at": verified_at,
    }  # fmt: skip


def _add(rows: list[dict[str, Any]], at: datetime) -> int:
    """Write what is not known yet; the first telling of a key counts. What lies ahead of `at` waits for the next time."""
    first = {(row["source"], row["source_key"]): row for row in reversed(rows) if row["occurred_at"] <= at}
    known = set(Touch.objects.filter(source_key__in=[key for _source, key in first]).values_list("source", "source_key"))
    new = [row | {"recorded_at": at} for key, row in first.items() if key not in known]
    insert_all(Touch, new)
    return len(new)
