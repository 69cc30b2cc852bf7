"""Two months of leads: they come in by form, file, CRM and by hand, go to partners by the published rule, and become deals, or come back."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from openprm.deals import queries as deals
from openprm.deals.rules.draft import LineDraft
from openprm.demo.chapters.leads_intake import tell_intake
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.identity import queries as identity
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import system_scope
from openprm.leads import queries, services
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import LeadDraft

WORDS = "A partner of Halden Software may call me about my request."
PLACES = {
    "NO": ("Bergen", 60.39, 5.32), "SE": ("Göteborg", 57.71, 11.97), "FI": ("Tampere", 61.50, 23.76), "DE": ("Stuttgart", 48.78, 9.18),
    "FR": ("Lyon", 45.76, 4.84), "ES": ("Valencia", 39.47, -0.38), "GB": ("Leeds", 53.80, -1.55), "US": ("Columbus", 39.96, -83.00),
    "PT": ("Porto", 41.15, -8.61), "NL": ("Eindhoven", 51.44, 5.48), "PL": ("Łódź", 51.77, 19.46), "IT": ("Torino", 45.07, 7.69),
}  # fmt: skip
COMPANIES = (
    ("Holmen Press", "Karin Dahlberg", "Plant manager", "Paper machine with fewer stops", "manufacturing", 420, 68_000_00, "B", "web_form", 58),
    ("Vela Dairy", "Jonas Keller", "Head of IT", "Traceability for two dairies", "food", 260, 41_000_00, "B", "web_form", 51),
    ("Kestrel Couriers", "Maya Osei", "Operations", "Better planning of routes", "logistics", 90, 14_000_00, "C", "csv", 44),
    ("Aurum Clinics", "Beatriz Sousa", "Director", "Data of eight clinics in one place", "health", 640, 92_000_00, "B", "crm", 40),
    ("Fjordline Cement", "Ola Nygaard", "Engineer", "Sensors for the kiln", "manufacturing", 310, 55_000_00, "B", "web_form", 33),
    ("Marlow Insurance", "Sophie Reed", "Project lead", "Replacing a system of thirty years", "insurance", 1200, 310_000_00, "A", "crm", 29),
    ("Tessera Tiles", "Luca Ferri", "Owner", "Small plant, first steps", "manufacturing", 45, 9_000_00, "C", "web_form", 24),
    ("Blue Harbour Foods", "Ines Prado", "Purchasing", "Cold chain with proof", "food", 180, 37_000_00, "B", "manual", 19),
    ("Corda Textiles", "Henrik Vik", "Plant manager", "Energy per metre of cloth", "manufacturing", 150, 26_000_00, "B", "web_form", 14),
    ("Lattice Robotics", "Amara Lind", "Chief engineer", "Edge gateways for test cells", "manufacturing", 75, 48_000_00, "B", "crm", 9),
    ("Quarry & Stone", "Tom Hale", "Manager", "Weighing without paper", "mining", 60, 12_000_00, "D", "csv", 5),
    ("Sable Logistics", "Mira Novak", "Head of IT", "Yard management", "logistics", 330, 61_000_00, "B", "web_form", 2),
    ("Nimbus Hotels", "Paul Girard", "Director", "Energy of forty houses", "hospitality", 900, 74_000_00, "B", "web_form", 1),
)
ACTS = ("won", "convert", "claim", "decline", "convert", "accept", "claim", "ignore", "spam", "accept", "offer", "open", "offer")


def tell(stage: Stage) -> None:
    tell_intake(stage)
    _work_through(stage)
    _takes(stage)
    countries = [country for country in dict.fromkeys(one.country for one in stage.partners) if country in PLACES]
    for place, (company, act) in enumerate(zip(COMPANIES, ACTS, strict=True)):
        _one(stage, company, countries[place % len(countries)], act)


def _work_through(stage: Stage) -> None:
    """The sellers take what came in by form, CRM and referral within its time: most accept, some open and think."""
    for one in stage.partners[:20]:
        seller = _seller(stage, (one.partner_id,))
        with system_scope():
            waits = queries.waiting(identity.actor_of(seller), stage.until) if seller else ()
        for place, row in enumerate(waits):
            at = min(row.since + timedelta(hours=5), stage.until)
            take = services.open_lead if place % 3 == 2 else services.accept_lead
            with suppress(Refusal), stage.acting(seller, at) as actor:  # a gate may have closed meanwhile
                take(actor=actor, lead_id=row.id, at=at)


def _takes(stage: Stage) -> None:
    """Where the partners are and what they can: the first ones say so themselves, the vendor weighs."""
    skills = {"si": ["mes", "integration"], "isv": ["edge", "integration"], "msp": ["operations", "cloud"], "var": ["mes", "edge"]}
    weights = {"platinum": 4, "gold": 3, "silver": 2}
    with stage.acting(stage.managers[0], stage.at(days_ago=62, hour=9)) as actor:
        for one in stage.partners[:12]:
            _city, latitude, longitude = PLACES.get(one.country, ("", None, None))
            changes = {"latitude": latitude, "longitude": longitude, "skills": skills.get(one.type, []), "weight": weights.get(one.tier_code, 1)}
            services.save_receiver(actor=actor, partner_id=one.partner_id, changes=changes, at=stage.at(days_ago=62, hour=9))


def _one(stage: Stage, company: tuple, country: str, act: str) -> None:
    name, contact, role, title, industry, employees, amount, grade, source, days_ago = company
    city, latitude, longitude = PLACES[country]
    domain = name.lower().replace(" & ", "-").replace(" ", "-") + ".example"
    came = stage.at(days_ago=days_ago, hour=9)
    draft = LeadDraft(
        company_name=name, company_domain=domain, country=country, city=city, latitude=latitude, longitude=longitude, contact_name=contact,
        contact_email=f"{contact.split()[0].lower()}@{domain}", contact_title=role, title=title, industry=industry, employees=employees,
        amount_minor=amount, grade=grade, source=source, campaign="Autumn 2026" if source == "web_form" else "",
    )  # fmt: skip
    consent = ConsentGiven(ground=Ground.DOUBLE_OPT_IN, text=WORDS, text_version="contact/1", given_at=came, source="Form on the web")
    with stage.acting(stage.managers[0], came) as actor:
        taken = services.take_in(actor=actor, draft=draft, consent=consent, at=came)
    if taken.received.offered_to:
        _answer(stage, taken.received.lead_id, taken.received.offered_to, act, days_ago)


def _answer(stage: Stage, lead_id: UUID, offered_to: tuple[UUID, ...], act: str, days_ago: int) -> None:
    """What the first partner with a seller does with it."""
    seller = _seller(stage, offered_to)
    soon, later = stage.at(days_ago=max(0.1, days_ago - 1), hour=11), stage.at(days_ago=max(0.1, days_ago - 6), hour=15)
    if act == "ignore":
        with system_scope():
            services.pull_back(lead_id=lead_id, why="unopened", at=later)
    if seller is None or act in ("offer", "ignore"):
        return
    with stage.acting(seller, soon) as actor:
        if act == "decline":
            services.decline_lead(actor=actor, lead_id=lead_id, reason="no_capacity", was_contacted=False, comment="Full until spring.", at=soon)
            return
        if act == "spam":
            services.decline_lead(actor=actor, lead_id=lead_id, reason="spam", was_contacted=True, comment="The number does not exist.", at=soon)
            return
        if act == "open":
            services.open_lead(actor=actor, lead_id=lead_id, at=soon)
            return
        services.accept_lead(actor=actor, lead_id=lead_id, at=soon)
    if act == "accept":
        _talk(stage, seller, lead_id, soon, later)
    if act == "convert":
        _convert(stage, seller, lead_id, later)
    if act == "won":
        with stage.acting(seller, later) as actor:
            services.close_won(actor=actor, lead_id=lead_id, note="Two days of training, invoiced by us. Nothing to register.", at=later)


def _talk(stage: Stage, seller: UUID, lead_id: UUID, asked_at: datetime, answered_at: datetime) -> None:
    """A question of the partner, the answer, and what the partner keeps for itself."""
    with stage.acting(seller, asked_at) as actor:
        services.add_note(actor=actor, lead_id=lead_id, body="They ask for a visit. Which of your engineers knows such a plant?", at=asked_at)
        services.add_note(actor=actor, lead_id=lead_id, body="Offer the small edition first.", audience="private", at=asked_at)
    with stage.acting(stage.managers[0], answered_at) as actor:
        services.add_note(actor=actor, lead_id=lead_id, body="Mika does. He is free on Thursday and brings the demo kit.", at=answered_at)


def _convert(stage: Stage, seller: UUID, lead_id: UUID, at: datetime) -> None:
    with stage.acting(seller, at) as actor:
        product = next(one for one in deals.products(actor) if one.is_active)
        draft = services.draft_of(actor=actor, lead_id=lead_id, at=at)
        line = LineDraft(product_id=product.id, quantity=1, amount_minor=5_000_000)
        services.convert_lead(actor=actor, lead_id=lead_id, draft=replace(draft, lines=(line,)), at=at)


def _seller(stage: Stage, partner_ids: tuple[UUID, ...]) -> UUID | None:
    """Somebody who may work on leads, of the first of these partners that has one."""
    by_id: dict[UUID, PartnerOnStage] = {one.partner_id: one for one in stage.partners}
    for partner_id in partner_ids:
        one = by_id.get(partner_id)
        people = (*one.people.get("partner_sales", ()), *one.people.get("partner_admin", ())) if one else ()
        if people:
            return people[0]
    return None
