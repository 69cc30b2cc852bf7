"""Builders for tests: plain and typed, made as the system; and a small history for pictures."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.recruitment import services

SOME_DAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CRITERIA = (
    {"fact": "employees", "operator": "between", "value": [50, 500], "weight": 30},
    {"fact": "industries", "operator": "contains_any", "value": ["Manufacturing", "Energy"], "weight": 30},
    {"fact": "skills", "operator": "contains_all", "value": ["SAP", "Azure"], "weight": 20},
    {"fact": "country", "operator": "one_of", "value": ["FI", "SE", "NO"], "weight": 20},
)
FACTS = {"employees": 120, "industries": ["Manufacturing"], "skills": ["SAP"], "country": "FI"}


def make_profile(program_id: UUID, *, criteria: Any = CRITERIA, at: datetime = SOME_DAY) -> UUID:
    """A profile in force, with the companies scored by it."""
    with system_scope():
        services.save_draft(actor=SYSTEM, program_id=program_id, criteria=criteria, at=at)
        profile_id = services.publish_profile(actor=SYSTEM, program_id=program_id, at=at)
        services.rescore_program(program_id=program_id, at=at)
    return profile_id


def make_company(*, name: str = "Brightwater Systems", domain: str = "brightwater.example", at: datetime = SOME_DAY, **values: Any) -> UUID:
    with system_scope():
        return services.add_company(actor=SYSTEM, name=name, domain=domain, at=at, **values)


def make_prospect(*, name: str = "Northgate IT", domain: str = "northgate.example", at: datetime = SOME_DAY, **values: Any) -> UUID:
    with system_scope():
        return services.add_prospect(actor=SYSTEM, name=name, domain=domain, at=at, **values)


def make_signal(*, domain: str = "brightwater.example", at: datetime = SOME_DAY, **values: Any) -> UUID:
    said = {"kind": "technology", "value": "Kubernetes", "source": "job advertisements", "observed_at": at - timedelta(days=3), "confidence": 80, **values}
    with system_scope():
        return services.record_signal(actor=SYSTEM, domain=domain, at=at, **said)


def make_showcase(cast: Any) -> None:
    """A pipeline in every stage, discovered companies with signals, a profile, and referrals: for pictures."""
    at, manager = now(), cast.partner_manager
    make_profile(cast.program.pk, at=at - timedelta(days=40))
    with scope(manager):
        for number, (name, stage, facts, step) in enumerate(_PIPELINE):
            prospect_id = services.add_prospect(
                actor=manager, name=name, domain=f"{name.split()[0].lower()}.example", country=facts.get("country", ""), program_id=cast.program.pk,
                contact_name="Sanna Heikkinen", contact_email=f"sanna@{name.split()[0].lower()}.example", source="Hannover fair", next_step=step,
                next_step_date=(at + timedelta(days=number - 2)).date() if step else None, facts=facts, at=at - timedelta(days=30 - number),
            )  # fmt: skip
            if stage != "identified":
                services.move_stage(actor=manager, prospect_id=prospect_id, stage=stage, at=at - timedelta(days=12 - number))
        for name, facts in _DISCOVERED:
            services.add_company(actor=manager, name=name, domain=f"{name.split()[0].lower()}.example", facts=facts, at=at - timedelta(days=9))
        for domain, kind, value, days, sure in _SIGNALS:
            services.record_signal(
                actor=manager, domain=domain, kind=kind, value=value, source="Stack survey", observed_at=at - timedelta(days=days), confidence=sure, at=at
            )  # fmt: skip
    with system_scope():
        services.compare(None, at)
    with scope(cast.partner_rep):
        services.referral_code(actor=cast.partner_rep)
        services.introduce(actor=cast.partner_rep, company="Vireo Automation", domain="vireo.example", note="They asked us for your product twice.", at=at)


_PIPELINE = (
    ("Northgate IT", "identified", {"employees": 80, "country": "SE"}, "Call the managing director"),
    ("Polar Systems", "identified", {}, ""),
    ("Ferrum Consulting", "contacted", {"employees": 240, "industries": ["Manufacturing"], "skills": ["SAP", "Azure"], "country": "FI"}, "Send the fact sheet"),
    ("Tallinn Data", "contacted", {"employees": 35, "country": "EE", "industries": ["Energy"]}, ""),
    ("Harbour Cloud", "engaged", {"employees": 150, "industries": ["Energy"], "skills": ["Azure"], "country": "NO"}, "Workshop with their engineers"),
    (
        "Lumia Integrators",
        "qualified",
        {"employees": 410, "industries": ["Manufacturing", "Energy"], "skills": ["SAP", "Azure"], "country": "SE"},
        "Agree on the plan",
    ),
    ("Osier Partners", "invited", {"employees": 60, "industries": ["Retail"], "skills": ["SAP"], "country": "NO"}, "Wait for the application"),
)
_DISCOVERED = (
    ("Brightwater Systems", {"employees": 95, "country": "FI", "industries": ["Energy"], "type": "reseller", "motions": ["transact"]}),
    ("Kestrel Networks", {"country": "DE", "employees": 2100}),
    ("Aurora Controls", {"country": "NO", "industries": ["Manufacturing"], "skills": ["SAP", "Azure"], "employees": 130, "type": "si"}),
)
_SIGNALS = (
    ("brightwater.example", "technology", "Kubernetes", 4, 85),
    ("brightwater.example", "headcount", "140", 6, 80),
    ("kestrel.example", "certification", "ISO 27001", 500, 90),
    ("kestrel.example", "skill", "Azure", 3, 40),
    ("aurora.example", "hiring", "Three SAP consultants wanted in Oslo", 2, 75),
)
