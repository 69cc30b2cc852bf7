"""The library of precedents, what resembles a case, and the published figures."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from openprm.conflicts import policies
from openprm.conflicts.models import Appeal, ConflictCase, Precedent
from openprm.conflicts.queries.results import PrecedentRow, PrecedentView
from openprm.conflicts.rules import figures as rules
from openprm.conflicts.rules.lifecycle import CaseType, Ending, State
from openprm.conflicts.wording import APPEAL_RESULT, FINDING, TYPE_SHORT, label_of, tone_of
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"published": "published_at", "type": "type", "finding": "finding", "days": "days", "clause": "clause", "number": "number"}
SIMILAR = 3
EXCERPT = 220


def precedents(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice[PrecedentRow]:
    """A page of the library. Two queries."""
    return slice_of(_filtered(actor, search, filters), page, order_by=SORTS).map(precedent_row)


def export_precedents(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[PrecedentRow]:
    for row in _filtered(actor, search, filters).order_by("-published_at", "-pk").iterator(chunk_size=500):
        yield precedent_row(row)


def newest_precedents(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> QuerySet:
    """For the API: rows that `precedent_row` reads."""
    return _filtered(actor, search, filters)


def precedent(actor: Actor, precedent_id: UUID) -> PrecedentView:
    """One precedent. Raises NotFound."""
    row = policies.reach_precedents(actor).one(precedent_id)
    inside = actor.sees_all_partners and actor.can("conflicts.review")
    return PrecedentView(
        row=precedent_row(row), what_happened=row.what_happened, reasons=row.reasons, would_change=row.would_change, clause_text=row.clause_text,
        case_id=row.case_id if inside else None, case_number=_number_of(row.case_id) if inside else "",
        checked_by=identity.names_of([row.checked_by_id]).get(row.checked_by_id, "") if row.checked_by_id and inside else "",
        why_not_edit=None if inside and row.state == Precedent.State.DRAFT else "-",
    )  # fmt: skip


def _number_of(case_id: UUID) -> str:
    return ConflictCase.objects.values_list("number", flat=True).get(pk=case_id)


def similar_to(case: ConflictCase, clause: str = "") -> tuple[PrecedentRow, ...]:
    """Published precedents of the same type, those on the same clause first, then the newest: shown beside a case."""
    rows = Precedent.objects.filter(state=Precedent.State.PUBLISHED, type=case.type).exclude(case=case)
    same = Case(When(clause=clause, then=Value(1)), default=Value(0), output_field=IntegerField())
    return tuple(precedent_row(row) for row in rows.annotate(same_clause=same).order_by("-same_clause", "-published_at", "-pk")[:SIMILAR])


def similar_of_type(actor: Actor, type_: str) -> tuple[PrecedentRow, ...]:
    """What was decided before in cases of one type: shown before a case is opened."""
    rows = policies.reach_precedents(actor).filter(type=type_, state=Precedent.State.PUBLISHED).order_by("-published_at", "-pk")[:SIMILAR]
    return tuple(map(precedent_row, rows))


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_precedents(actor)
    for name in ("type", "finding", "clause", "state", "appeal_result"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value if isinstance(value, tuple) else (value,)})
    if not filters.get("state"):
        rows = rows.filter(state=Precedent.State.PUBLISHED)
    if not search:
        return rows
    query = SearchQuery(search, config="simple", search_type="websearch")
    return rows.annotate(rank=SearchRank(F("words"), query)).filter(Q(words=query) | Q(number__icontains=search) | Q(title__icontains=search))


def clauses(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The clauses that precedents rest on, for a filter."""
    found = policies.reach_precedents(actor).filter(state=Precedent.State.PUBLISHED).order_by("clause").values_list("clause", flat=True).distinct()[:100]
    return tuple((clause, clause) for clause in found)


def precedent_row(row: Precedent) -> PrecedentRow:
    return PrecedentRow(
        id=row.pk, number=row.number or "", title=row.title, type=row.type, type_label=label_of(TYPE_SHORT, row.type), finding=row.finding,
        finding_label=label_of(FINDING, row.finding), finding_tone=tone_of(FINDING, row.finding), clause=row.clause, clause_source=row.clause_source,
        region=row.region, amount_band=row.amount_band, remedies=tuple(row.remedies), appeal_result=row.appeal_result,
        appeal_result_label=label_of(APPEAL_RESULT, row.appeal_result) if row.appeal_result else "", decided_month=row.decided_month, days=row.days,
        published_at=row.published_at, created_at=row.created_at, version=row.version, state=row.state,
        excerpt=row.reasons if len(row.reasons) <= EXCERPT else f"{row.reasons[:EXCERPT].rsplit(' ', 1)[0]} …",
    )  # fmt: skip


def figures(actor: Actor, at: datetime) -> tuple[rules.Figure, ...]:
    """How all cases ended, over everybody: the same figures for both sides, small groups left out for partners. Three queries."""
    with system_scope():
        return rules.figures(_settled(), [str(type_) for type_ in CaseType], for_partners=not actor.sees_all_partners)


def _settled() -> list[rules.Settled]:
    results = dict(Appeal.objects.values_list("case_id", "result"))
    rows = ConflictCase.objects.filter(Q(state=State.CLOSED) | Q(state=State.DECIDED)).exclude(ending=Ending.WITHDRAWN)
    columns = ("pk", "type", "ending", "finding", "opened_at", "decided_at", "closed_at")
    return [
        rules.Settled(
            type=type_, ending=ending or str(Ending.DECIDED), finding=finding, appealed=pk in results,
            appeal_result=results.get(pk, ""), opened_at=opened, settled_at=decided or closed,
        )
        for pk, type_, ending, finding, opened, decided, closed in rows.values_list(*columns)
    ]  # fmt: skip
