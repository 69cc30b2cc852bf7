"""Program facts for everybody: computed from the KPIs, told only when the vendor published them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry as contributed
from openprm.kpis import policies
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.facts import Segment
from openprm.kpis.definitions.measuring import measure, rows_of
from openprm.kpis.models import PublicLabel
from openprm.kpis.queries.reading import Reading, reading
from openprm.kpis.rules import label
from openprm.kpis.rules.windows import Window, window
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.rulebook import queries as rulebook

VERSION = 1
FACTS = (
    "registration_acceptance",
    "registration_sla",
    "registration_decision_median",
    "registration_decision_p90",
    "register_to_win",
    "payment_cycle_median",
    "payment_cycle_p90",
    "claim_cycle_median",
    "lead_accept_rate",
    "time_to_first_revenue",
)
PROMISED = ("deals.decision", "deals.information", "funds.claim", "funds.payment", "payouts.payout")
ROWS_AT_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelView:
    """The public copy of one program."""

    code: str
    as_of: date
    body: Mapping[str, Any]
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelState:
    """One program and whether its facts are public, for those who decide it."""

    program_id: UUID
    code: str
    name: str
    is_published: bool
    least_cases: int
    version: int
    changed_by_name: str
    url: str
    public: LabelView | None


def public_labels() -> tuple[LabelView, ...]:
    """What visitors may read, by program."""
    return tuple(_view(row) for row in PublicLabel.objects.order_by("code")[:200])


def public_label(code: str) -> LabelView:
    """Raises NotFound for a program that does not exist or is not published."""
    row = PublicLabel.objects.filter(code=code).first()
    if row is None:
        raise NotFound()
    return _view(row)


def _view(row: PublicLabel) -> LabelView:
    return LabelView(code=row.code, as_of=row.as_of, body=row.body, sha256=row.sha256, made_at=row.made_at)


def labels(actor: Actor) -> tuple[LabelState, ...]:
    """Every running program with its setting."""
    known = {row.program_id: row for row in policies.reach_labels(actor)}
    public = {row.program_id: _view(row) for row in PublicLabel.objects.all()}
    return tuple(_state(one, known.get(one.id), public.get(one.id)) for one in partners.programs(actor, active_only=True))


def _state(program: Any, row: Any, public: LabelView | None) -> LabelState:
    return LabelState(
        program_id=program.id,
        code=program.code,
        name=program.name,
        is_published=bool(row and row.is_published),
        least_cases=row.least_cases if row else 20,
        version=row.version if row else 0,
        changed_by_name=row.changed_by_name if row else "",
        url=absolute("facts", program.code),
        public=public,
    )


def absolute(name: str, *args: str) -> str:
    """The public address of a page of the label."""
    return urljoin(settings.OPENPRM_URL + "/", reverse(f"kpis:{name}", args=args))


def last_month_end(day: date) -> date:
    """Facts change with the month, so that two readings do not tell what happened between them."""
    return day.replace(day=1) - timedelta(days=1)


def label_body(program_id: UUID, *, as_of: date, least_cases: int, at: datetime) -> dict[str, Any]:
    """What is told of a program, in English for machines. In the system's scope. Raises NotFound."""
    program = partners.program(SYSTEM, program_id)
    days = window("12m", as_of)
    with translation.override("en"):
        return {
            "@context": {"@vocab": absolute("facts_schema") + "#", "schema": "https://schema.org/"},
            "@type": "ProgramFacts",
            "@id": absolute("facts_json", program.code),
            "schemaVersion": VERSION,
            "vendor": {"@type": "schema:Organization", "schema:name": identity.branding().name},
            "program": {"code": program.code, "name": program.name, "motion": program.motion},
            "period": {"since": days.since.isoformat(), "until": days.as_of.isoformat()},
            "leastCases": least_cases,
            "leastPartners": label.LEAST_PARTNERS,
            "rules": _rules(program, at),
            "facts": _facts(program_id, days, least_cases),
        }


def digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _rules(program: Any, at: datetime) -> dict[str, Any]:
    """What is published of the program anyway: tiers, protection, promises."""
    return {
        "tiers": [{"name": tier.name, "rank": tier.rank} for tier in sorted(program.tiers, key=lambda tier: tier.rank)],
        "protectionDays": _protection(program.id, at),
        "promises": [{"about": name, "within": within} for name, within in _promises(program.id, at)],
        "termMonths": program.term_months,
    }


def _protection(program_id: UUID, at: datetime) -> dict[str, int] | None:
    """The shortest and the longest protection of the table in force."""
    table = rulebook.find_table(kind="deals.protection", program_id=program_id, at=at)
    days = [int(one["days"]) for one in table.outcomes.values() if one.get("days") is not None] if table else []
    return {"shortest": min(days), "longest": max(days)} if days else None


def _promises(program_id: UUID, at: datetime) -> list[tuple[str, str]]:
    known = {kind.code: kind for kind in contributed.all("promises")}
    told = [(str(known[code].vendor_name), promises.promised(code, program_id=program_id, at=at)) for code in PROMISED if code in known]
    return [(name % {"target": within}, within) for name, within in told if within]


def _facts(program_id: UUID, days: Window, least_cases: int) -> list[dict[str, Any]]:
    kpis = [registry.BY_NAME[name] for name in FACTS]
    with reading(SYSTEM, kpis) as read:
        return [_fact(name, read, program_id, days, least_cases) for name in FACTS]


def _fact(name: str, read: Reading, program_id: UUID, days: Window, least_cases: int) -> dict[str, Any]:
    kpi = registry.BY_NAME[name]
    about = {"name": name, "label": str(kpi.label), "unit": kpi.unit, "definition": str(kpi.formula), "configuration": read.configuration.hash}
    if registry.missing(kpi, read.known):
        return {**about, "status": "not_measured", "value": None, "bound": "exactly", "cases": 0}
    facts = read.facts(kpi, days, Segment(program=str(program_id)))
    found = measure(kpi, facts)
    behind = {row.get("partner_id") or row.get("id") for row in rows_of(kpi, facts, ROWS_AT_MOST)}
    said = label.told(found.value, unit=kpi.unit, cases=found.n, partners=len(behind), least_cases=least_cases)
    return {**about, "status": said.status, "value": said.value, "bound": said.bound, "cases": said.cases}
