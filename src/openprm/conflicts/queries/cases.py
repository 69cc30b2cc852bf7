"""Lists of cases, for both sides."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.conflicts import policies
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.promisekinds import APPEAL, DECISION
from openprm.conflicts.queries.results import CaseRow
from openprm.conflicts.rules.lifecycle import State
from openprm.conflicts.wording import ENDING, FINDING, ORIGIN, SIDE, STATE, TYPE_SHORT, label_of, tone_of
from openprm.kernel.actor import Actor
from openprm.promises import queries as promises
from openprm.ui.listspec import Range
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"opened": "opened_at", "number": "number", "state": "state", "type": "type", "decided": "decided_at", "partner": "partner__name"}
JOINED = ("partner", "other_partner", "rep", "reviewer", "account", "registration")
TABS = {
    "open": Q(state__in=(State.OPEN, State.IN_REVIEW)),
    "decided": Q(state=State.DECIDED),
    "appealed": Q(state=State.APPEALED),
    "closed": Q(state=State.CLOSED),
}


def cases(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice[CaseRow]:
    """A page of the list. Four queries."""
    found = slice_of(_filtered(actor, search, filters), page, order_by=SORTS)
    rows = case_rows(actor, found.rows, at)
    return found.map(lambda row: rows[row.pk])


def export_cases(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[CaseRow]:
    for row in _filtered(actor, search, filters).order_by("-opened_at", "-pk").iterator(chunk_size=1000):
        yield case_row(actor, row, None)


def newest_cases(actor: Actor, *, filters: Mapping[str, Any]) -> QuerySet:
    """For the API: rows that `case_rows` reads."""
    return _filtered(actor, "", filters)


def case_rows(actor: Actor, rows: Iterable[Any], at: datetime) -> dict[UUID, CaseRow]:
    rows = list(rows)
    ids = [row.pk for row in rows]
    clocks = promises.clocks(ids, DECISION, at) | promises.clocks([row.pk for row in rows if row.state == State.APPEALED], APPEAL, at)
    return {row.pk: case_row(actor, row, clocks.get(row.pk)) for row in rows}


def cases_of_registration(actor: Actor, registration_id: UUID, at: datetime) -> tuple[CaseRow, ...]:
    """The cases about one registration that this person may know of, newest first."""
    about = Q(registration=registration_id) | Q(other_registration=registration_id)
    rows = list(joined(actor).filter(about).order_by("-opened_at", "-pk")[:10])
    found = case_rows(actor, rows, at)
    return tuple(found[row.pk] for row in rows)


def cases_of_subject(actor: Actor, code: str, subject_id: UUID, at: datetime) -> tuple[CaseRow, ...]:
    """The cases about one lead or engagement that this person may know of, newest first."""
    column = {"lead": "lead_id", "engagement": "engagement_id"}[code]
    rows = list(joined(actor).filter(**{column: subject_id}).order_by("-opened_at", "-pk")[:10])
    found = case_rows(actor, rows, at)
    return tuple(found[row.pk] for row in rows)


def counts(actor: Actor) -> dict[str, int]:
    """How many cases stand in each tab."""
    states = list(policies.reach(actor).values_list("state", flat=True))
    return {
        "open": sum(state in (State.OPEN, State.IN_REVIEW) for state in states), "decided": states.count(State.DECIDED),
        "appealed": states.count(State.APPEALED), "closed": states.count(State.CLOSED),
    }  # fmt: skip


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = joined(actor)
    for name, column in {"state": "state", "type": "type", "origin": "origin", "finding": "finding", "ending": "ending"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if tab := TABS.get(filters.get("tab") or ""):
        rows = rows.filter(tab)
    if actor.sees_all_partners and (partner := filters.get("partner")):
        rows = rows.filter(Q(partner=partner) | Q(other_partner=partner))
    if actor.sees_all_partners and filters.get("mine"):
        rows = rows.filter(Q(reviewer=actor.user_id) | Q(appeal_reviewer=actor.user_id) | Q(rep=actor.user_id))
    if isinstance(span := filters.get("opened"), Range):
        rows = rows.filter(**{f"opened_at__date__{side}": day for side, day in (("gte", span.low), ("lte", span.high)) if day})
    return rows.filter(_holds(actor, search)) if search else rows


def joined(actor: Actor) -> QuerySet:
    """The reachable cases. A partner's own role cannot read the other side's rows, so they are not joined for it."""
    rows = policies.reach(actor)
    return rows.select_related(*JOINED) if actor.sees_all_partners else rows


def _holds(actor: Actor, text: str) -> Q:
    mine = Q(number__icontains=text)
    if not actor.sees_all_partners:
        return mine | (Q(subject_label__icontains=text) & Q(partner__in=actor.partner_ids))
    names = ("subject_label", "partner__name", "other_partner__name", "account__name")
    return reduce(or_, (Q(**{f"{name}__icontains": text}) for name in names), mine)


def case_row(actor: Actor, row: ConflictCase, clock: Any) -> CaseRow:
    side = policies.side_of(actor, row) if actor.is_partner else None
    return CaseRow(
        id=row.pk, number=row.number, type=row.type, type_label=label_of(TYPE_SHORT, row.type), state=row.state, state_label=label_of(STATE, row.state),
        state_tone=tone_of(STATE, row.state), origin=row.origin, origin_label=label_of(ORIGIN, row.origin), about=_about(actor, row),
        my_side=label_of(SIDE, side) if side else "", finding=row.finding, finding_label=label_of(FINDING, row.finding) if row.finding else "",
        finding_tone=tone_of(FINDING, row.finding), ending=row.ending, ending_label=label_of(ENDING, row.ending) if row.ending else "",
        opened_at=row.opened_at, due_at=clock.due_at if clock and clock.is_open else None, decided_at=row.decided_at, appeal_until=row.appeal_until,
        closed_at=row.closed_at, version=row.version, created_at=row.created_at, **(_names(row) if actor.sees_all_partners else {}),
    )  # fmt: skip


def _names(row: ConflictCase) -> dict[str, Any]:
    return {
        "partner_id": row.partner_id, "partner": row.partner.name, "other_partner_id": row.other_partner_id,
        "other_partner": row.other_partner.name if row.other_partner else "", "rep": row.rep.name if row.rep else "",
        "reviewer": row.reviewer.name if row.reviewer else "", "account": row.account.name if row.account else "",
    }  # fmt: skip


def _about(actor: Actor, row: ConflictCase) -> str:
    """The number of the thing; who answers reads the number of its own, or none."""
    if actor.sees_all_partners or row.partner_id in actor.partner_ids:
        return row.subject_label
    return own_number(row)


def own_number(row: ConflictCase) -> str:
    """What the answering partner knows the deal as: read with its own rights."""
    other = ConflictCase.objects.filter(pk=row.pk).values_list("other_registration__number", flat=True).first() if row.other_registration_id else ""
    return other or ""
