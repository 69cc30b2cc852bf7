"""Sanctions lists: read in, and looked up for every partner and the people behind it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.compliance import policies
from openprm.compliance.events import SanctionsListImported
from openprm.compliance.models import Owner, RiskCase, SanctionsEntry, SanctionsList, ScreeningRun
from openprm.compliance.rules import sanctions
from openprm.compliance.rules.cases import State
from openprm.compliance.rules.matching import THRESHOLD, Hit, Index, Listed, Subject
from openprm.compliance.services import cases, flags
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import choice, load, move, record, save, text
from openprm.compliance.wording import BAD_LIST, reason
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope

AT_ONCE = 2000
RESCREEN_AT_ONCE = 100
COVERED = (State.APPROVED, State.RENEWAL, State.LAPSED, State.ANSWERED, State.SCREENING, State.CLEARED)


class ListIsKnown(Conflict):
    """This very file was read in before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """A name that is like one on a list. Nothing is stored."""

    asked: str
    name: str
    source: str
    ref: str
    score: int
    reasons: tuple[str, ...]


@transaction.atomic
def import_list(
    *, actor: Actor, source: str, file_name: str, content: bytes, aliases: bytes = b"", name: str = "", list_date: date | None = None, at: datetime
) -> UUID:
    """Read a list in; it takes the place of the last one of its source and name, and all approved partners are screened again.

    Raises NotAllowed, Invalid (what is wrong, in which line), ListIsKnown.
    """
    refuse_if(policies.why_not_configure(actor))
    source = choice("source", source, sanctions.SOURCES)
    name = text("name", name, longest=80, required=source == "own") if source == "own" else ""
    parsed = _read(source, content, aliases)
    sha256 = hashlib.sha256(content + aliases).hexdigest()
    SanctionsList.objects.filter(source=source, name=name, is_current=True).update(is_current=False)
    with refused_by("list_file_once", ListIsKnown(_("This very file was read in before. Nothing was changed."), field="file")):
        stored = SanctionsList.objects.create(
            source=source, name=name, list_date=list_date or parsed.list_date or at.date(), sha256=sha256, file_name=text("file", file_name, longest=200),
            size=len(content) + len(aliases), entries_count=len(parsed.entries), names_count=sum(len(one.names) for one in parsed.entries), imported_at=at,
            imported_by_id=actor.user_id,
        )  # fmt: skip
    _store(stored, parsed.entries)
    audit.record(actor, "compliance.list_imported", stored, at=at)
    publish(SanctionsListImported(list_id=stored.pk, source=source, at=at))
    return stored.pk


def _read(source: str, content: bytes, aliases: bytes) -> sanctions.Parsed:
    try:
        return sanctions.read(source, content, aliases)
    except sanctions.BadList as bad:
        raise Invalid(str(BAD_LIST[bad.code]) % {"line": bad.line}, field="file", code=f"list_{bad.code}") from None


def _store(stored: SanctionsList, entries: Iterable[sanctions.Entry]) -> None:
    rows = (
        SanctionsEntry(
            sanctions_list=stored, ref=one.ref, kind=one.kind, names=list(one.names), countries=list(one.countries), birth_years=list(one.birth_years),
            programs=list(one.programs), remarks=one.remarks,
        )
        for one in entries
    )  # fmt: skip
    while batch := list(islice(rows, AT_ONCE)):
        SanctionsEntry.objects.bulk_create(batch)


def index_of(list_ids: Sequence[UUID]) -> Index:
    """The names of these lists, kept in this process: a list never changes once it is read in."""
    return _index(tuple(sorted(list_ids, key=str)))


@lru_cache(maxsize=2)
def _index(list_ids: tuple[UUID, ...]) -> Index:
    rows = SanctionsEntry.objects.filter(sanctions_list__in=list_ids).order_by("id")
    values = rows.values_list("pk", "sanctions_list__source", "ref", "kind", "names", "countries", "birth_years").iterator(chunk_size=5000)
    return Index(
        Listed(id=pk, source=source, ref=ref, kind=kind, names=tuple(names), countries=tuple(countries), birth_years=tuple(years))
        for pk, source, ref, kind, names, countries, years in values
    )


def _current() -> list[SanctionsList]:
    return list(SanctionsList.objects.filter(is_current=True).order_by("source", "name"))


def screen_names(*, names: Sequence[str], country: str = "", at: datetime) -> tuple[NameHit, ...]:
    """Look names up in the lists of today. Runs as the system and stores nothing; at most 20 names."""
    with system_scope():
        lists = _current()
        index = index_of([one.pk for one in lists])
        hits = [hit for name in list(names)[:20] for hit in index.search(Subject(name=name[:200], country=country))]
    return tuple(
        NameHit(
            asked=hit.subject.name, name=hit.name, source=hit.entry.source, ref=hit.entry.ref, score=hit.score,
            reasons=tuple(reason({"code": one.code, "points": one.points, "value": one.value}) for one in hit.reasons),
        )
        for hit in hits
    )  # fmt: skip


@transaction.atomic
def screen_case(*, actor: Actor, case_id: UUID, version: int | None = None, at: datetime) -> int:
    """Look the partner and the people behind it up now; gives how many hits are new. Raises NotFound, NotAllowed, Stale."""
    case = load(policies.reach(actor), case_id, version)
    refuse_if(policies.why_not_screen(actor, case))
    if not SanctionsList.objects.filter(is_current=True).exists():
        raise Conflict(_("No sanctions list was read in yet. Read one in first: screening against nothing proves nothing."))
    fields = cases.take_up(case, at)
    if fields:
        save(case, *fields)
    found = screen(actor, case, "person", at)
    if case.state == State.SCREENING:
        cases.wait_for_decision(case, at)
    cases.settle(case, at)
    refresh_gates(partner_id=case.partner_id, at=at)
    return found


def screen(actor: Actor, case: RiskCase, trigger: str, at: datetime) -> int:
    """Screen a case, prove it, raise what is new. Without any list nothing is proved and the case waits."""
    lists = _current()
    if not lists:
        return 0
    subjects = subjects_of(case.partner_id)
    index = index_of([one.pk for one in lists])
    hits = [hit for subject in subjects for hit in index.search(subject)]
    case.screened_at = at
    if trigger != "list" and case.state in (State.OPEN, State.ANSWERED, State.RENEWAL, State.LAPSED):
        move(case, State.SCREENING, "screened_at")
    else:
        save(case, "screened_at")
    found = flags.raise_from_screening(case, hits, at)
    _prove(actor, case, trigger, lists, subjects, hits, found, at)
    return found


def _prove(
    actor: Actor, case: RiskCase, trigger: str, lists: list[SanctionsList], subjects: Sequence[Subject], hits: Sequence[Hit], found: int, at: datetime
) -> None:
    run = ScreeningRun.objects.create(
        partner_id=case.partner_id,
        case=case,
        cycle=case.cycle,
        at=at,
        by_id=actor.user_id,
        trigger=trigger,
        threshold=THRESHOLD,
        hits=len(hits),
        new_hits=found,
        lists=[{"list": str(one), "date": one.list_date.isoformat(), "sha256": one.sha256, "entries": one.entries_count} for one in lists],
        names=[{"name": subject.name, "kind": subject.kind, "role": subject.role} for subject in subjects],
    )
    record(actor, "compliance.screened", run, after={}, shared=False, data={"hits": len(hits), "new": found}, refs=(case.pk,), at=at)


def subjects_of(partner_id: UUID) -> tuple[Subject, ...]:
    """The names to look up: the company under both its names, its owners and directors."""
    company = identity.organization(SYSTEM, partner_id)
    own = [Subject(name=name, country=company.country, role="company") for name in dict.fromkeys((company.name, company.legal_name)) if name]
    behind = Owner.objects.filter(partner_id=partner_id).order_by("id")
    return (*own, *(Subject(name=one.name, kind=one.kind, country=one.country, birth_year=one.birth_year, role=one.role) for one in behind))


def rescreen(*, after: UUID | None = None, at: datetime, limit: int = RESCREEN_AT_ONCE) -> UUID | None:
    """Screen the next partners whose approval stands or is being worked on; gives where to go on, None at the end."""
    rows = RiskCase.objects.filter(state__in=COVERED)
    batch = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:limit])
    for case in batch:
        screen(SYSTEM, RiskCase.objects.locked().one(case.pk), "list", at)
    return batch[-1].pk if len(batch) == limit else None
