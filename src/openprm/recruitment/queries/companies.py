"""Companies: the discovered list, and everything that is known of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.recruitment import policies
from openprm.recruitment.models import Company, CompanyScore, Contact, IdealProfile, Note, Outreach, Prospect
from openprm.recruitment.ports import Learned
from openprm.recruitment.queries.facts import FactGroup, groups_of, known_of
from openprm.recruitment.queries.scores import Score, criteria_of, score_of
from openprm.recruitment.queries.signals import SignalRow, signals_of
from openprm.recruitment.rules.likeness import PARTS
from openprm.recruitment.rules.stages import is_open
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The partner a company is most like, and the parts of the likeness in per cent; None is a part that nobody can tell."""

    partner_id: UUID
    partner: str
    category: int | None
    profile: int | None
    performance: int | None
    total: int
    at: datetime

    @property
    def parts(self) -> tuple[tuple[str, int | None, int], ...]:
        """(part, per cent, weight)"""
        return tuple((name, getattr(self, name), weight) for name, weight in PARTS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRow:
    """One line of the discovered list."""

    id: UUID
    name: str
    domain: str
    country: str
    source: str
    points: int | None
    could_reach: int | None
    fit: str
    missing_percent: int | None
    alike: Alike | None
    mark: str
    invited_at: datetime | None
    messaged_at: datetime | None
    new_signals: int
    stage: str
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramScore:
    program_id: UUID
    program: str
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    id: UUID
    name: str
    email: str
    title: str
    phone: str
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    author: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachView:
    kind: str
    email: str
    subject: str
    body: str
    sender: str
    at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectPart:
    """The pipeline's side of a company."""

    id: UUID
    stage: str
    stage_since: datetime
    program_id: UUID | None
    program: str
    owner_id: UUID | None
    owner: str
    source: str
    next_step: str
    next_step_date: date | None
    lost_reason: str
    is_open: bool
    is_late: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyView:
    """Everything about a company that is, or may become, a partner."""

    id: UUID
    name: str
    domain: str
    country: str
    source: str
    partner_id: UUID | None
    mark: str
    invited_at: datetime | None
    messaged_at: datetime | None
    facts: tuple[FactGroup, ...]
    scores: tuple[ProgramScore, ...]
    alike: Alike | None
    learned: Learned | None
    is_learning: bool
    signals: tuple[SignalRow, ...]
    contacts: tuple[ContactView, ...]
    notes: tuple[NoteView, ...]
    outreach: tuple[OutreachView, ...]
    prospect: ProspectPart | None
    created_at: datetime
    version: int


SORTS = {"name": "name", "alike": "alike_total", "score": "score_points", "created_at": "created_at", "country": "country"}
MARKS = {"starred": Q(starred_at__isnull=False), "ignored": Q(ignored_at__isnull=False), "none": Q(starred_at=None, ignored_at=None)}


def list_companies(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the discovered list: companies that are no partners and not in the pipeline. Two queries."""
    return slice_of(company_rows(actor, search=search, filters=filters), page, order_by=SORTS).map(company_row)


def export_companies(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[CompanyRow]:
    for row in company_rows(actor, search=search, filters=filters).order_by("name", "pk").iterator(chunk_size=1000):
        yield company_row(row)


def company_rows(actor: Actor, *, search: str = "", filters: Mapping[str, Any], everyone: bool = False) -> ScopedQuerySet:
    """Rows that `company_row` reads; `everyone` brings also prospects and partners."""
    scores = CompanyScore.objects.filter(company=OuterRef("pk")).order_by("-points", "pk")
    best = {f"score_{name}": Subquery(scores.values(name)[:1]) for name in ("points", "could_reach", "fit", "missing_percent")}
    rows = policies.reach_companies(actor).select_related("alike_partner__organization", "prospect")
    rows = rows.annotate(**best, new_signals=Count("signals", filter=Q(signals__state="new")))
    if not everyone:
        rows = rows.filter(partner=None, prospect=None)
    if marks := filters.get("mark"):
        wanted = Q(pk__in=[])
        for name in marks:
            wanted |= MARKS[name]
        rows = rows.filter(wanted)
    elif not everyone:
        rows = rows.filter(ignored_at=None)
    for name, column in (("country", "country"), ("source", "source"), ("fit", "score_fit")):
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value})
    if "invited" in filters:
        rows = rows.filter(invited_at__isnull=not filters["invited"])
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(domain__icontains=search))
    return rows


def company_row(row: Any) -> CompanyRow:
    prospect = getattr(row, "prospect", None)
    return CompanyRow(
        id=row.pk,
        name=row.name,
        domain=row.domain,
        country=row.country,
        source=row.source,
        points=row.score_points,
        could_reach=row.score_could_reach,
        fit=row.score_fit or "",
        missing_percent=row.score_missing_percent,
        alike=_alike(row),
        mark=_mark(row),
        invited_at=row.invited_at,
        messaged_at=row.messaged_at,
        new_signals=row.new_signals,
        stage="converted" if row.partner_id else prospect.stage if prospect else "",
        created_at=row.created_at,
        version=row.version,
    )


def _mark(row: Company) -> str:
    return "starred" if row.starred_at else "ignored" if row.ignored_at else "none"


def _alike(row: Company) -> Alike | None:
    if row.alike_partner is None or row.alike_total is None or row.alike_at is None:
        return None
    return Alike(
        partner_id=row.alike_partner_id, partner=row.alike_partner.organization.name, category=row.alike_category, profile=row.alike_profile,
        performance=row.alike_performance, total=row.alike_total, at=row.alike_at,
    )  # fmt: skip


def company(actor: Actor, company_id: UUID, at: datetime) -> CompanyView:
    """One company. Raises NotFound."""
    row = policies.reach_companies(actor).select_related("alike_partner__organization").one(company_id)
    sources = registry.filling("recruitment.lookalike")
    return CompanyView(
        id=row.pk,
        name=row.name,
        domain=row.domain,
        country=row.country,
        source=row.source,
        partner_id=row.partner_id,
        mark=_mark(row),
        invited_at=row.invited_at,
        messaged_at=row.messaged_at,
        facts=groups_of(row, at),
        scores=_scores(row),
        alike=_alike(row),
        learned=sources[0].score([row.pk], at).get(row.pk) if sources else None,
        is_learning=bool(sources),
        signals=signals_of(actor, row.pk, at),
        contacts=tuple(_contact(one) for one in row.contacts.order_by("-is_main", "name", "pk")),
        notes=tuple(NoteView(author=one.author_name, body=one.body, at=one.at) for one in Note.objects.filter(company=row)[:50]),
        outreach=tuple(_outreach(one) for one in Outreach.objects.filter(company=row)[:20]),
        prospect=_prospect(Prospect.objects.filter(company=row).select_related("program", "owner").first(), at),
        created_at=row.created_at,
        version=row.version,
    )


def _scores(row: Company) -> tuple[ProgramScore, ...]:
    """Against every profile in force, computed now from the facts as they are."""
    profiles = IdealProfile.objects.filter(state=IdealProfile.State.PUBLISHED).select_related("program").order_by("program__name", "pk")
    facts = known_of(row.pk)
    return tuple(
        ProgramScore(
            program_id=one.program_id, program=one.program.name, score=score_of(criteria_of(one), facts, profile_id=one.pk, profile_version=one.number)
        )
        for one in profiles
    )


def _contact(row: Contact) -> ContactView:
    return ContactView(id=row.pk, name=row.name, email=row.email, title=row.title, phone=row.phone, is_main=row.is_main)


def _outreach(row: Outreach) -> OutreachView:
    return OutreachView(kind=row.kind, email=row.email, subject=row.subject, body=row.body, sender=row.sender_name, at=row.at, sent_at=row.sent_at)


def _prospect(row: Prospect | None, at: datetime) -> ProspectPart | None:
    if row is None:
        return None
    return ProspectPart(
        id=row.pk,
        stage=row.stage,
        stage_since=row.stage_since,
        program_id=row.program_id,
        program=row.program.name if row.program else "",
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        source=row.source,
        next_step=row.next_step,
        next_step_date=row.next_step_date,
        lost_reason=row.lost_reason,
        is_open=is_open(row.stage),
        is_late=is_open(row.stage) and row.next_step_date is not None and row.next_step_date < at.date(),
        version=row.version,
    )


def company_of_prospect(actor: Actor, prospect_id: UUID) -> UUID:
    """Raises NotFound."""
    return policies.reach(actor).one(prospect_id).company_id


def company_of_partner(actor: Actor, partner_id: UUID) -> UUID | None:
    """The company a partner was recruited as, or None."""
    partners.partner(actor, partner_id)
    return policies.reach_companies(actor).filter(partner=partner_id).values_list("pk", flat=True).first()


def countries(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach_companies(actor).exclude(country="").order_by("country").values_list("country", flat=True).distinct()
    return tuple((code, code) for code in found)


def may_manage(actor: Actor) -> bool:
    return policies.why_not_manage(actor) is None


def may_configure(actor: Actor) -> bool:
    return policies.why_not_configure(actor) is None


def search_companies(actor: Actor, text: str, limit: int) -> list[CompanyRow]:
    rows = company_rows(actor, search=text, filters={}, everyone=True).filter(partner=None).order_by("name", "pk")[:limit]
    return [company_row(row) for row in rows]
