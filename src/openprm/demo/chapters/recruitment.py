"""How the demo's vendor recruits: profiles per program, what is known of everybody, a pipeline, signals, and partners that bring partners."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import SYSTEM, Actor
from openprm.recruitment import queries, services

SKILLS = ("MES Core", "Edge Gateway", "Data Platform", "Observability", "Data Residency")
INDUSTRIES = ("Manufacturing", "Energy", "Logistics", "Food and drink", "Life sciences", "Retail")
TECHNOLOGIES = ("OPC UA", "MQTT", "Azure", "AWS", "Kubernetes", "SAP", "Siemens S7", "Grafana", "Python", "PostgreSQL")
CERTIFICATIONS = ("ISO 27001", "ISO 9001", "IEC 62443", "Azure Solutions Architect", "Edge Gateway installer")
OWNERSHIPS = ("private", "family", "private_equity")
SIZES = (12, 35, 60, 110, 180, 320, 640)

FIRST_PROFILE = (
    {"fact": "employees", "operator": "between", "value": [30, 800], "weight": 25},
    {"fact": "industries", "operator": "contains_any", "value": ["Manufacturing", "Energy", "Food and drink"], "weight": 30},
    {"fact": "technologies", "operator": "contains_any", "value": ["OPC UA", "MQTT", "Siemens S7"], "weight": 25},
    {"fact": "founded", "operator": "at_most", "value": 2021, "weight": 10},
)
PROFILES = {
    "resell": (*FIRST_PROFILE, {"fact": "certifications", "operator": "contains_any", "value": ["ISO 27001", "IEC 62443"], "weight": 10}),
    "services": (
        {"fact": "skills", "operator": "contains_all", "value": ["MES Core", "Data Platform"], "weight": 35},
        {"fact": "industries", "operator": "contains_any", "value": ["Manufacturing", "Life sciences"], "weight": 25},
        {"fact": "technologies", "operator": "contains_any", "value": ["Azure", "Kubernetes", "SAP"], "weight": 20},
        {"fact": "employees", "operator": "at_least", "value": 60, "weight": 20},
    ),
    "build": (
        {"fact": "technologies", "operator": "contains_all", "value": ["Python", "Kubernetes"], "weight": 50},
        {"fact": "certifications", "operator": "exists", "value": None, "weight": 20},
        {"fact": "ownership", "operator": "one_of", "value": ["private", "family"], "weight": 30},
    ),
}
PROSPECTS = (  # name, country, program, stage, next step, employees, industries, technologies, months ago
    ("Northgate Automation", "GB", "resell", "identified", "Call the managing director", 85, ("Manufacturing",), (), 1),
    ("Polaris Feltbus", "NO", "resell", "identified", "", None, (), (), 1),
    ("Vistula Control", "PL", "services", "identified", "Read their case studies", 140, ("Energy",), ("SAP",), 1),
    ("Ferrum Consulting", "FI", "services", "contacted", "Send the fact sheet", 240, ("Manufacturing",), ("Azure", "SAP"), 2),
    ("Atelier Capteurs", "FR", "build", "contacted", "", 28, (), ("Python",), 2),
    ("Maasland Process IT", "NL", "resell", "contacted", "Second call with Jeroen", 110, ("Food and drink",), ("OPC UA",), 2),
    ("Harbour Edge", "GB", "resell", "engaged", "Workshop with their engineers", 150, ("Energy", "Logistics"), ("MQTT", "AWS"), 3),
    ("Rioja Sistemas", "ES", "resell", "engaged", "Agree on a first customer", 64, ("Food and drink",), ("Siemens S7",), 3),
    ("Blue Mesa Data", "US", "build", "engaged", "Technical deep dive", 45, ("Manufacturing",), ("Python", "Kubernetes"), 4),
    ("Lumia Integrators", "SE", "services", "qualified", "Agree on the plan", 410, ("Manufacturing", "Energy"), ("Azure", "Kubernetes"), 5),
    ("Sachsen Prozess", "DE", "resell", "qualified", "Invite to the program", 190, ("Manufacturing",), ("OPC UA", "Siemens S7"), 5),
    ("Osier Analytics", "CA", "build", "invited", "Wait for the application", 60, ("Retail",), ("Python", "Kubernetes"), 4),
    ("Adriatica Impianti", "IT", "resell", "invited", "Remind them of the invitation", 320, ("Energy",), ("OPC UA",), 6),
    ("Orrin Hosting", "GB", "success", "lost", "They sell a competing product.", 900, ("Retail",), ("AWS",), 8),
    ("Dunaj Soft", "CZ", "services", "lost", "No answer after four calls.", 20, (), (), 9),
)
DISCOVERED = (  # name, country, kind, employees, industries, technologies, mark
    ("Aurora Controls", "NO", "si", 130, ("Manufacturing",), ("OPC UA", "Azure"), "starred"),
    ("Brightwater Systems", "GB", "reseller", 95, ("Energy",), ("MQTT",), "starred"),
    ("Kestrel Networks", "DE", "msp", 2100, (), ("Kubernetes", "Grafana"), ""),
    ("Taiga Instruments", "FI", "var", 48, ("Manufacturing", "Energy"), ("Siemens S7",), ""),
    ("Cote Bleue Data", "FR", "consultant", 14, ("Retail",), (), ""),
    ("Meridiano Tech", "ES", "isv", 75, ("Logistics",), ("Python",), ""),
    ("Alder Grove Software", "US", "isv", 32, (), ("Python", "Kubernetes", "AWS"), ""),
    ("Havel Automatizace", "CZ", "si", 260, ("Manufacturing",), ("SAP", "OPC UA"), "starred"),
    ("Solent Plant Care", "GB", "msp", 55, ("Food and drink",), (), ""),
    ("Fjordlys Drift", "NO", "msp", None, ("Energy",), ("Grafana",), ""),
    ("Porto Digital Works", "PT", "reseller", 40, (), ("Azure",), ""),
    ("Wattle Creek Metering", "US", "var", 18, ("Energy",), (), "ignored"),
    ("Pinewood Resale", "CA", "reseller", 6, ("Retail",), (), "ignored"),
    ("Oderland Technik", "DE", "var", 88, ("Manufacturing",), ("Siemens S7", "MQTT"), ""),
    ("Lago Maggiore ICT", "IT", "consultant", 22, (), ("SAP",), ""),
)
SIGNALS = (  # company, kind, value, source, days ago, confidence, decision
    ("Aurora Controls", "technology", "Kubernetes", "Stack survey", 12, 85, "accept"),
    ("Aurora Controls", "hiring", "Two OPC UA engineers wanted in Bergen", "job advertisements", 6, 80, ""),
    ("Aurora Controls", "certification", "IEC 62443", "certificate register", 30, 95, "accept"),
    ("Brightwater Systems", "headcount", "140", "company register", 9, 80, ""),
    ("Brightwater Systems", "funding", "Bank loan of 2 million for a service centre", "trade press", 20, 70, ""),
    ("Kestrel Networks", "certification", "ISO 27001", "certificate register", 500, 90, ""),
    ("Kestrel Networks", "skill", "Observability", "company web site", 15, 45, ""),
    ("Taiga Instruments", "technology", "OPC UA", "Stack survey", 12, 75, ""),
    ("Taiga Instruments", "social", "Talk about edge computing at a trade fair, 400 likes", "social media", 3, 60, ""),
    ("Meridiano Tech", "technology", "Kubernetes", "Stack survey", 12, 82, "accept"),
    ("Alder Grove Software", "ownership", "private_equity", "trade press", 25, 65, ""),
    ("Havel Automatizace", "certification", "ISO 9001", "certificate register", 40, 95, "accept"),
    ("Havel Automatizace", "founded", "2004", "company register", 9, 95, "accept"),
    ("Fjordlys Drift", "headcount", "70", "company register", 9, 85, ""),
    ("Porto Digital Works", "technology", "MQTT", "Stack survey", 12, 50, ""),
    ("Oderland Technik", "skill", "Edge Gateway", "company web site", 18, 78, ""),
    ("Solent Plant Care", "news", "Opened a second office in Bristol", "trade press", 7, 90, "dismiss"),
    ("Lumia Integrators", "certification", "Azure Solutions Architect", "certificate register", 21, 95, "accept"),
    ("Harbour Edge", "technology", "OPC UA", "Stack survey", 12, 88, ""),
    ("Sachsen Prozess", "revenue", "24000000", "company register", 9, 85, "accept"),
    ("Ferrum Consulting", "headcount", "310", "company register", 9, 60, ""),
)
INTRODUCED = (  # referrer's place among the partners, company, days ago, answer
    (0, "Vireo Automation", 2, ""),
    (7, "Nordhavn Sensorer", 4, ""),
    (12, "Cascade Metering", 60, "taken up"),
    (20, "Tamarind Foods IT", 90, "declined"),
)


def tell(stage: Stage) -> None:
    """Profiles first, then what is known, then the pipeline, the finds and the introductions."""
    *recruited, brought = [one for one in stage.partners if one.program_code in ("resell", "services")][-3:]
    _recruit(stage, recruited)
    _bring(stage, brought)
    _know_partners(stage)
    _write_profiles(stage)
    prospects = _fill_pipeline(stage)
    found = _discover(stage)
    _hear_signals(stage, {**prospects, **found})
    _introduce(stage)
    with stage.acting(SYSTEM, stage.until):
        for program_id in stage.programs.values():
            services.rescore_program(program_id=program_id, at=stage.until)
        services.compare(None, stage.until)


def _write_profiles(stage: Stage) -> None:
    admin = stage.admin
    for days, code, criteria, note in (
        (560, "resell", FIRST_PROFILE, "First version, from the ten resellers that sell most"),
        (210, "services", PROFILES["services"], "Written with the delivery team"),
        (150, "resell", PROFILES["resell"], "Security certificates count from now on"),
        (120, "build", PROFILES["build"], ""),
    ):
        at = stage.at(days_ago=days, hour=10)
        with stage.acting(admin, at):
            services.save_draft(actor=admin, program_id=stage.programs[code], criteria=criteria, note=note, at=at)
            services.publish_profile(actor=admin, program_id=stage.programs[code], at=at)
    at = stage.at(days_ago=300, hour=11)
    with stage.acting(admin, at):
        for code, percent, days in (("resell", 10, 365), ("services", 8, 365), ("refer", 15, 180)):
            services.save_terms(actor=admin, program_id=stage.programs[code], reward_percent=percent, window_days=days, is_open=True, at=at)


def _recruit(stage: Stage, recruited: list[PartnerOnStage]) -> None:
    """Partners of today whose way through the pipeline is on the books."""
    for number, partner in enumerate(recruited):
        owner = stage.managers[number % len(stage.managers)]
        with stage.acting(owner, start := stage.at(days_ago=430 - 40 * number, hour=9)):
            prospect_id = services.add_prospect(
                actor=owner, name=partner.name, country=partner.country, program_id=partner.program_id, source="Hannover fair", at=start
            )  # fmt: skip
        for step, stage_name in enumerate(("contacted", "engaged", "qualified", "invited"), start=1):
            with stage.acting(owner, at := start + timedelta(days=9 * step)):
                services.move_stage(actor=owner, prospect_id=prospect_id, stage=stage_name, at=at)
        with stage.acting(owner, at := start + timedelta(days=48)):
            services.convert_to(actor=owner, prospect_id=prospect_id, partner_id=partner.partner_id, at=at)


def _bring(stage: Stage, brought: PartnerOnStage) -> None:
    """A partner of today that another one introduced, and whose first commission opened the reward time."""
    owner, person = stage.managers[0], _seller(stage, 12)
    with stage.acting(person, at := stage.at(days_ago=400, hour=11)):
        services.referral_code(actor=person)
        domain = f"{brought.name.split()[0].lower()}-introduced.example"
        referral_id = services.introduce(actor=person, company=brought.name, domain=domain, note="We install together since 2019.", at=at)
    with stage.acting(owner, at + timedelta(days=3)):
        services.accept_referral(actor=owner, referral_id=referral_id, at=at + timedelta(days=3))
        found = queries.find_prospect(domain=domain)
        if found:
            services.convert_to(actor=owner, prospect_id=found.prospect_id, partner_id=brought.partner_id, at=at + timedelta(days=40))
    with stage.acting(SYSTEM, first := stage.at(days_ago=210, hour=9)):
        services.note_commission(partner_id=brought.partner_id, at=first)


def _seller(stage: Stage, place: int) -> Actor:
    """Somebody of the partner in this place who may introduce companies."""
    people = stage.partners[place % len(stage.partners)].people
    return stage.person(next(iter(people.get("partner_sales") or people["partner_admin"])))


def _know_partners(stage: Stage) -> None:
    """What the partners said of themselves when the vendor asked, two months ago."""
    chance, at = stage.chance, stage.at(days_ago=64, hour=8)
    with stage.acting(SYSTEM, at):
        for number, partner in enumerate(stage.partners):
            facts: dict[str, Any] = {"country": partner.country, "motions": [partner.motion], "employees": chance.choice(SIZES)}
            if chance.random() < 0.9:
                facts |= {"skills": chance.sample(SKILLS, k=1 + number % 3), "industries": chance.sample(INDUSTRIES, k=1 + number % 3)}
            if chance.random() < 0.75:
                facts |= {"technologies": chance.sample(TECHNOLOGIES, k=2 + number % 3), "founded": chance.randint(1974, 2022)}
            if chance.random() < 0.5:
                facts |= {
                    "certifications": chance.sample(CERTIFICATIONS, k=1 + number % 2),
                    "ownership": chance.choice(OWNERSHIPS),
                }
            services.remember_company(
                actor=SYSTEM, name=partner.name, domain="", facts=facts, source="partner survey", partner_id=partner.partner_id, at=at
            )  # fmt: skip


def _fill_pipeline(stage: Stage) -> dict[str, UUID]:
    found = {}
    for number, (name, country, program, stage_name, step, employees, industries, technologies, months) in enumerate(PROSPECTS):
        owner = stage.managers[number % len(stage.managers)]
        facts = {"employees": employees, "industries": list(industries), "technologies": list(technologies)}
        slug = name.split()[0].lower()
        with stage.acting(owner, at := stage.at(days_ago=30 * months, hour=9)):
            prospect_id = services.add_prospect(
                actor=owner, name=name, domain=f"{slug}-{number}.example", country=country, program_id=stage.programs[program], owner_id=owner.user_id,
                source=("Trade fair", "Web site", "Recommendation")[number % 3], contact_name=("Ida Holm", "Paul Maier", "Nina Costa")[number % 3],
                contact_email=f"hello@{slug}-{number}.example", facts=facts, at=at,
            )  # fmt: skip
            found[name] = queries.company_of_prospect(owner, prospect_id)
        if stage_name != "identified":
            with stage.acting(owner, at := stage.at(days_ago=max(3, 20 * months - 10), hour=14)):
                reason = step if stage_name == "lost" else ""
                services.move_stage(actor=owner, prospect_id=prospect_id, stage=stage_name, reason=reason, at=at)
                services.add_note(actor=owner, company_id=found[name], body="They know two of our customers and asked about the margins.", at=at)
        if step and stage_name != "lost":
            with stage.acting(owner, at := stage.at(days_ago=2 + number % 6, hour=15)):
                due = (stage.until + timedelta(days=number % 9 - 2)).date()
                services.update_prospect(actor=owner, prospect_id=prospect_id, changes={"next_step": step, "next_step_date": due}, at=at)
    return found


def _discover(stage: Stage) -> dict[str, UUID]:
    found, manager = {}, stage.managers[0]
    for number, (name, country, kind, employees, industries, technologies, mark) in enumerate(DISCOVERED):
        facts = {"type": kind, "employees": employees, "industries": list(industries), "technologies": list(technologies)}
        with stage.acting(manager, at := stage.at(days_ago=45 - number, hour=10)):
            domain = f"{name.replace(' ', '').lower()}.example"
            found[name] = services.add_company(actor=manager, name=name, domain=domain, country=country, source="market study", facts=facts, at=at)
            if mark:
                services.mark(actor=manager, company_ids=[found[name]], mark=mark, at=at + timedelta(minutes=20))
    return found


def _hear_signals(stage: Stage, companies: dict[str, UUID]) -> None:
    manager = stage.managers[-1]
    for name, kind, value, source, days, confidence, decision in SIGNALS:
        at = stage.at(days_ago=min(days, 12), hour=8)
        with stage.acting(manager, at):
            signal_id = services.record_signal(
                actor=manager, company_id=companies[name], kind=kind, value=value, source=source, observed_at=stage.until - timedelta(days=days),
                confidence=confidence, at=stage.until,
            )  # fmt: skip
            if decision:
                decide = services.accept_signal if decision == "accept" else services.dismiss_signal
                decide(actor=manager, signal_id=signal_id, at=at + timedelta(hours=2))


def _introduce(stage: Stage) -> None:
    manager = stage.managers[0]
    for place, company, days, answer in INTRODUCED:
        person = _seller(stage, place)
        with stage.acting(person, at := stage.at(days_ago=days, hour=11)):
            services.referral_code(actor=person)
            referral_id = services.introduce(
                actor=person, company=company, domain=f"{company.replace(' ', '').lower()}.example", note="They asked us about your product twice.", at=at
            )  # fmt: skip
        with stage.acting(manager, later := at + timedelta(days=2)):
            if answer == "declined":
                services.decline_referral(actor=manager, referral_id=referral_id, reason="They sell to our competitors' customers only.", at=later)
            if answer == "taken up":
                services.accept_referral(actor=manager, referral_id=referral_id, at=later)
