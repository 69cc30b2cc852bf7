"""Signals: the list to look through, and those of one company, each with its doubts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.recruitment import policies
from openprm.recruitment.models import Signal
from openprm.recruitment.queries.facts import facts_of
from openprm.recruitment.rules import signals as rules
from openprm.recruitment.wording import FACT_LABEL, SIGNAL, SIGNAL_STATE, value_words
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """One signal. `says` is its value in words; `against` is the known value it contradicts, `feeds` the fact it can become, both in words."""

    id: UUID
    company_id: UUID
    company: str
    domain: str
    kind: str
    kind_label: str
    value: str
    says: str
    source: str
    observed_at: datetime
    confidence: int
    state: str
    state_label: str
    feeds: str
    against: str
    is_stale: bool
    is_weak: bool
    is_news: bool
    decided_by: str
    decided_at: datetime | None
    created_at: datetime

    @property
    def is_doubtful(self) -> bool:
        return bool(self.is_stale or self.is_weak or self.against)


SORTS = {"observed_at": "observed_at", "confidence": "confidence", "company": "company__name", "kind": "kind"}


def list_signals(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """A page of signals with their doubts. Four queries."""
    found = slice_of(signal_rows(actor, search=search, filters=filters, at=at), page, order_by=SORTS)
    views = {row.id: row for row in signal_views(found.rows, at)}
    return found.map(lambda row: views[row.pk])


def export_signals(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[SignalRow]:
    chunk: list[Signal] = []
    for row in signal_rows(actor, search=search, filters=filters, at=at).order_by("-observed_at", "-pk").iterator(chunk_size=500):
        chunk.append(row)
        if len(chunk) == 500:
            yield from signal_views(chunk, at)
            chunk = []
    yield from signal_views(chunk, at)


def signal_rows(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> ScopedQuerySet:
    """Rows that `signal_views` reads."""
    rows = policies.reach_signals(actor).select_related("company", "decided_by")
    for name in ("state", "kind", "source", "company"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value if isinstance(value, tuple) else (value,)})
    doubts = {"stale": Q(observed_at__lt=at - rules.STALE_AFTER), "weak": Q(confidence__lt=rules.LOW_CONFIDENCE)}
    for name in filters.get("doubt", ()):
        rows = rows.filter(doubts[name])
    if search:
        rows = rows.filter(Q(company__name__icontains=search) | Q(company__domain__icontains=search) | Q(value__icontains=search))
    return rows


def signals_of(actor: Actor, company_id: UUID, at: datetime) -> tuple[SignalRow, ...]:
    rows = list(signal_rows(actor, filters={"company": company_id}, at=at).order_by("-observed_at", "-pk")[:60])
    return tuple(sorted(signal_views(rows, at), key=lambda row: row.state != "new"))


def signal_views(rows: Iterable[Signal], at: datetime) -> tuple[SignalRow, ...]:
    found = list(rows)
    known = facts_of({row.company_id for row in found}) if found else {}
    return tuple(_view(row, known[row.company_id], at) for row in found)


def _view(row: Signal, known: Mapping[str, Any], at: datetime) -> SignalRow:
    doubt = rules.doubt(row.kind, row.value, confidence=row.confidence, observed_at=row.observed_at, known=known, at=at)
    feeds = rules.FEEDS.get(row.kind, "")
    is_new = row.state == Signal.State.NEW
    return SignalRow(
        id=row.pk,
        company_id=row.company_id,
        company=row.company.name,
        domain=row.company.domain,
        kind=row.kind,
        kind_label=str(SIGNAL[row.kind]),
        value=row.value,
        says=_in_words(row, feeds),
        source=row.source,
        observed_at=row.observed_at,
        confidence=row.confidence,
        state=row.state,
        state_label=str(SIGNAL_STATE[row.state][0]),
        feeds=str(FACT_LABEL[feeds]) if feeds else "",
        against=value_words(feeds, doubt.against) if is_new and doubt.against is not None else "",
        is_stale=doubt.is_stale,
        is_weak=doubt.is_weak,
        is_news=rules.is_news(row.kind, row.value, known),
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        created_at=row.created_at,
    )


def _in_words(row: Signal, feeds: str) -> str:
    value = rules.fed_value(row.kind, row.value) if feeds else None
    return row.value if value is None else value_words(feeds, value)


def signal_of(actor: Actor, signal_id: UUID, at: datetime) -> SignalRow:
    """Raises NotFound."""
    row = policies.reach_signals(actor).select_related("company", "decided_by").one(signal_id)
    return signal_views([row], at)[0]


def waiting_signals(actor: Actor) -> int:
    return policies.reach_signals(actor).filter(state=Signal.State.NEW).count()


def signal_sources(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach_signals(actor).order_by("source").values_list("source", flat=True).distinct()[:50]
    return tuple((source, source) for source in found)
