"""What is known of companies and partners, gathered from every source. Runs in the caller's scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.recruitment.models import Company, Fact
from openprm.recruitment.rules.facts import FACT, FACTS, Kind, clean_facts
from openprm.recruitment.rules.signals import LOW_CONFIDENCE, STALE_AFTER
from openprm.recruitment.wording import FACT_LABEL, source_words, value_words


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """One line of what is known: the value, who says so, since when, and whether that is old or weak."""

    name: str
    label: str
    value: Any
    words: str
    source: str
    observed_at: datetime | None
    confidence: int
    signal_id: UUID | None
    is_stale: bool
    is_weak: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGroup:
    """All that is known under one name; empty when nothing is."""

    name: str
    label: str
    known: tuple[KnownFact, ...]
    is_words: bool


def facts_of(company_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The known facts by company. What is kept here wins over what the partner record and other domains say."""
    ids = list(company_ids)
    found: dict[UUID, dict[str, Any]] = {one: {} for one in ids}
    for company_id, name, value in Fact.objects.filter(company__in=ids).order_by("name", "item").values_list("company_id", "name", "value"):
        _put(found[company_id], name, value)
    members = dict(Company.objects.filter(pk__in=ids).exclude(partner=None).values_list("pk", "partner_id"))
    if members:
        records = records_of(members.values())
        for company_id, partner_id in members.items():
            found[company_id] = {**records.get(partner_id, {}), **found[company_id]}
    return {company_id: clean_facts(values) for company_id, values in found.items()}


def partner_facts(at: datetime) -> dict[UUID, dict[str, Any]]:
    """The known facts of every active partner: its record, what other domains know, what was gathered here."""
    records = records_of(None, at)
    gathered: dict[UUID, dict[str, Any]] = defaultdict(dict)
    rows = Fact.objects.filter(company__partner__in=list(records)).order_by("name", "item")
    for partner_id, name, value in rows.values_list("company__partner_id", "name", "value"):
        _put(gathered[partner_id], name, value)
    return {partner_id: clean_facts({**record, **gathered.get(partner_id, {})}) for partner_id, record in records.items()}


def records_of(partner_ids: Iterable[UUID] | None, at: datetime | None = None) -> dict[UUID, dict[str, Any]]:
    """What the partner records say, joined with the port `recruitment.facts`; None means every active partner."""
    rows = partners.newest_partners(SYSTEM, filters={"status": "active"} if partner_ids is None else {})
    if partner_ids is not None:
        rows = rows.filter(pk__in=list(partner_ids))
    columns = rows.order_by().values_list("pk", "type", "motion", "region", "organization__country")
    found = {pk: {"type": type, "motions": [motion], "region": region, "country": country} for pk, type, motion, region, country in columns}
    for source in registry.filling("recruitment.facts") if at else ():
        for partner_id, values in source(tuple(found), at).items():
            if partner_id in found:
                found[partner_id] |= clean_facts(values)
    return found


def groups_of(company: Company, at: datetime) -> tuple[FactGroup, ...]:
    """Everything that can be known of a company, in the order of the catalogue, also what is not known yet."""
    rows: dict[str, list[KnownFact]] = defaultdict(list)
    for name, alike in _told_together(company):
        rows[name].append(_known(alike, at))
    if company.partner_id:
        for name, value in clean_facts(records_of([company.partner_id]).get(company.partner_id, {})).items():
            if not rows[name]:
                rows[name].append(_recorded(name, value))
    return tuple(FactGroup(name=fact.name, label=str(FACT_LABEL[fact.name]), known=tuple(rows[fact.name]), is_words=fact.kind is Kind.WORDS) for fact in FACTS)


def _told_together(company: Company) -> list[tuple[str, list[Fact]]]:
    """Facts by name; the words that one source told at one time stand together."""
    told: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    for row in company.facts.order_by("item"):
        told[(row.name, row.source, row.observed_at, row.confidence, row.signal_id)].append(row)
    return [(key[0], rows) for key, rows in told.items()]


def _known(told: list[Fact], at: datetime) -> KnownFact:
    row = told[0]
    words = [one.value for one in told] if FACT[row.name].kind is Kind.WORDS else row.value
    return KnownFact(
        name=row.name,
        label=str(FACT_LABEL[row.name]),
        value=words,
        words=value_words(row.name, words),
        source=source_words(row.source),
        observed_at=row.observed_at,
        confidence=row.confidence,
        signal_id=row.signal_id,
        is_stale=at - row.observed_at > STALE_AFTER,
        is_weak=row.confidence < LOW_CONFIDENCE,
    )


def _recorded(name: str, value: Any) -> KnownFact:
    return KnownFact(
        name=name, label=str(FACT_LABEL[name]), value=value, words=value_words(name, value), source=source_words("partner"),
        observed_at=None, confidence=100, signal_id=None, is_stale=False, is_weak=False,
    )  # fmt: skip


def _put(held: dict[str, Any], name: str, value: Any) -> None:
    if FACT[name].kind is Kind.WORDS:
        held.setdefault(name, []).append(value)
    else:
        held[name] = value


def known_of(company_id: UUID) -> Mapping[str, Any]:
    return facts_of([company_id])[company_id]
