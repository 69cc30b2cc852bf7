"""Who applied to the demo's vendor: what strangers read, what was asked, and what became of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.applications import queries, services
from openprm.applications.testing import make_application, make_draft, make_finished
from openprm.demo.stage import Stage
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

CONTACT = "partners@halden.example"
PAGES: dict[str, dict[str, Any]] = {
    "resell": {
        "headline": "Sell the software that factories run on",
        "for_whom": "You bring software into plants: you plan, sell, install or look after it. You know a shop floor, and customers ask you first.\n\n"
        "One person who sells and one who installs is enough to begin.",
        "types": ["reseller", "distributor", "var", "msp", "si"],
        "requirements": [
            "At least two people who work in industry",
            "One certified engineer within the first six months",
            "Registered deals kept up to date: the next step and its date",
            "Our charter and the rules of engagement, accepted by somebody who may sign",
        ],
        "faq": [
            {"question": "Does it cost anything?", "answer": "No. There is no fee, and no minimum order in the first year."},
            {"question": "Can we sell other makers too?", "answer": "Yes. We ask for no exclusivity and give none. A registered deal is protected instead."},
            {"question": "Who answers my application?", "answer": "A partner manager, or a published rule. Either way you read the reason and the clause."},
        ],
    },
    "services": {
        "headline": "Build the plants of your customers on our platform",
        "for_whom": "You design and integrate manufacturing systems, and stay with the customer. Our people stay out of the projects you register.",
        "types": ["si", "msp", "consultant", "var"],
        "requirements": ["Two delivery references in industry", "Three certified consultants within the first year", "A named person for quality"],
        "faq": [{"question": "Do you send your own consultants?", "answer": "Only when you ask for them, at the price list."}],
    },
    "refer": {
        "headline": "You know who needs us. Tell us, and earn when they buy",
        "for_whom": "Consultants, advisers and software makers who hear of projects early and do not want to sell software themselves.",
        "types": ["referral", "consultant", "isv", "affiliate"],
        "requirements": ["The customer knows that you introduce us"],
        "faq": [{"question": "When am I paid?", "answer": "After the customer has paid its first invoice."}],
    },
    "build": {
        "headline": "Put your product where the machines are",
        "for_whom": "Makers of software and devices that run beside ours in a plant, and want to reach the customers we share.",
        "types": ["isv", "reseller", "si"],
        "requirements": ["A product that runs on our platform, or will within a year", "Somebody on call for the customers we share"],
        "faq": [{"question": "Do you certify products?", "answer": "Yes. The checks are published, and a failed one says what to change."}],
    },
    "success": {"is_public": False},
}
MORE_QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "resell": [
        {"code": "technologies", "kind": "choices", "label": "Which technologies do you work with?", "page": "Working together", "fact": "technologies",
         "choices": "OPC UA\nMQTT\nSiemens S7\nAzure\nAWS\nKubernetes\nSAP"},
        {"code": "certifications", "kind": "choices", "label": "Which certificates do you hold?", "page": "Working together", "fact": "certifications",
         "choices": "ISO 27001\nISO 9001\nIEC 62443\nNone"},
    ],
    "build": [
        {"code": "product", "kind": "text", "label": "What is your product called?", "page": "Your business", "required": True},
        {"code": "technologies", "kind": "choices", "label": "What is it built with?", "page": "Working together", "fact": "technologies",
         "choices": "Python\nKubernetes\nAzure\nAWS\nOPC UA\nMQTT"},
        {"code": "ownership", "kind": "choice", "label": "Who owns the company?", "page": "Your business", "fact": "ownership",
         "choices": "private = Private persons\nfamily = A family\npublic = Listed\nprivate_equity = An investor\nstate = The state"},
    ],
}  # fmt: skip
REFER_RULES = Table(
    inputs=("duplicate", "free_mail", "risk", "type"),
    outputs=("decision", "decider"),
    rows=(
        Row("F1", {"risk": '"high"'}, {"decision": '"review"', "decider": '"vendor_admin"'}, "Where the compliance risk is high, an administrator looks."),
        Row("F2", {"type": '"affiliate"'}, {"decision": '"reject_fit"', "decider": '"nobody"'}, "We pay for introductions, not for clicks."),
        Row(
            "F3",
            {"duplicate": '"none"', "free_mail": "false", "risk": '"low"'},
            {"decision": '"approve"', "decider": '"nobody"'},
            "Who only introduces customers need not wait.",
        ),
        Row("F4", {}, {"decision": '"review"', "decider": '"partner_manager"'}, "Everything else is read by a person."),
    ),
)
# name, host, country, type, contact, program, employees, industries, skills, technologies, source, days ago, what became of it
APPLICANTS = (
    ("Halvorsen Prosess AS", "halvorsen-prosess", "NO", "si", "Ida Halvorsen", "services",
     140, ("manufacturing", "energy"), ("integration",), (), "newsletter", 410, "detail"),
    ("Kupferberg Software GmbH", "kupferberg", "DE", "reseller", "Jonas Kupfer", "resell",
     18, ("retail",), ("resale",), (), "direct", 330, "requirements"),
    ("Loire Automatismes", "loire-auto", "FR", "var", "Camille Roy", "resell",
     75, ("manufacturing",), ("integration", "resale"), ("OPC UA",), "direct", 290, "other"),
    ("Web Traffic Boosters", "boosters", "CY", "affiliate", "Max Payne", "refer", 3, ("retail",), ("resale",), (), "direct", 200, ""),
    ("Brennero Consulting", "brennero", "IT", "consultant", "Giulia Conti", "refer",
     9, ("manufacturing",), ("consulting",), (), "partnerweekly.example", 160, "yes"),
    ("Mälar Advisory AB", "malar-advisory", "SE", "referral", "Elin Ek", "refer", 14, ("energy",), ("consulting",), (), "newsletter", 95, ""),
    ("Tessel Data BV", "tessel", "NL", "isv", "Sanne Bakker", "build",
     32, ("technology",), ("development",), ("Python", "Kubernetes"), "direct", 120, "fit"),
    ("Saimaa Controls Oy", "saimaa-controls", "FI", "si", "Jari Salmi", "resell",
     96, ("manufacturing", "energy"), ("integration", "support"), ("OPC UA", "MQTT"), "hannover-fair", 74, "yes"),
    ("Vltava Robotics", "vltava-robotics", "CZ", "var", "Petr Holub", "resell",
     54, ("manufacturing",), ("implementation",), ("Siemens S7",), "hannover-fair", 60, "yes"),
    ("Ribera Ingenieria", "ribera", "ES", "reseller", "Lucia Prat", "resell", 8, ("retail",), ("resale",), (), "direct", 52, "requirements"),
    ("Glen Orchy Systems", "glenorchy", "GB", "msp", "Fiona Reid", "services",
     210, ("energy", "public"), ("managed services", "support"), ("Azure",), "newsletter", 41, "yes"),
    ("Osier Analytics", "osier", "CA", "isv", "Noah Tremblay", "build",
     60, ("retail",), ("development",), ("Python", "Kubernetes"), "direct", 19, "yes"),
    ("Danube Plant Services", "danube-plant", "AT", "si", "Lukas Gruber", "services",
     130, ("manufacturing",), ("integration", "support"), (), "hannover-fair", 12, "asked"),
    ("Iberia Machine Cloud", "iberia-cloud", "PT", "reseller", "Rita Lopes", "resell",
     26, ("manufacturing",), ("resale", "support"), ("MQTT",), "direct", 6, "asked"),
    ("Sverdrup Industri IT", "sverdrup", "NO", "si", "Leif Sverdrup", "resell",
     88, ("manufacturing", "energy"), ("integration", "implementation"), ("OPC UA", "Azure"), "hannover-fair", 2, ""),
    ("Lahn Automation", "lahn-automation", "DE", "var", "Nele Brandt", "resell",
     47, ("manufacturing",), ("implementation", "resale"), ("Siemens S7", "MQTT"), "partnerweekly.example", 2, ""),
    ("Calder Valley IT", "caldervalley", "GB", "msp", "Owen Hughes", "services",
     35, ("public", "healthcare"), ("managed services",), ("AWS",), "newsletter", 2, ""),
    ("Piave Software", "piave", "IT", "isv", "Marco Zen", "build", 22, ("manufacturing",), ("development",), ("Python",), "direct", 1, ""),
    ("Bosphorus Otomasyon", "bosphorus", "TR", "distributor", "Deniz Aksoy", "resell",
     310, ("manufacturing", "logistics"), ("resale",), ("Siemens S7",), "direct", 1, ""),
)  # fmt: skip
NUMBERS = {"detail": "needs_more_detail", "requirements": "does_not_meet_requirements", "fit": "not_the_right_fit"}
SENTENCES = {
    "detail": "We could not see which customers you would bring. Name two or three, and send it again whenever you like.",
    "requirements": "The program asks for people who work in industry. Come back when your first industrial project is done; we would like to hear from you.",
    "fit": "Your product competes with a part of ours. The Data Platform team would still like to talk about an interface.",
    "yes": "Good to have you. Your partner manager calls you this week.",
}


def tell(stage: Stage) -> None:
    """Pages and forms first, then rules, visitors and applicants, the oldest first."""
    _write_pages(stage)
    _ask_more(stage)
    _publish_rules(stage)
    _count_visitors(stage)
    for number, applicant in enumerate(APPLICANTS):
        _apply(stage, number, applicant)
    _leave_unfinished(stage)
    _known_company(stage)


def _write_pages(stage: Stage) -> None:
    at = stage.at(days_ago=430, hour=9)
    with stage.acting(stage.admin, at):
        for code, words in PAGES.items():
            services.update_program_page(actor=stage.admin, program_id=stage.programs[code], changes={"contact_email": CONTACT, **words}, at=at)


def _ask_more(stage: Stage) -> None:
    at = stage.at(days_ago=428, hour=10)
    with stage.acting(stage.admin, at):
        for code, questions in MORE_QUESTIONS.items():
            for question in questions:
                services.save_field(actor=stage.admin, program_id=stage.programs[code], values=question, at=at)
            services.publish_form(actor=stage.admin, program_id=stage.programs[code], at=at)


def _publish_rules(stage: Stage) -> None:
    at = stage.at(days_ago=426, hour=11)
    with stage.acting(stage.admin, at):
        draft_id = rulebook.create_draft(actor=stage.admin, kind="applications.decision", program_id=stage.programs["refer"], at=at)
        rulebook.save_draft(actor=stage.admin, draft_id=draft_id, table=REFER_RULES, at=at)
        rulebook.publish(actor=stage.admin, draft_id=draft_id, effective_at=at, note="Referral partners are let in at once", at=at)


def _count_visitors(stage: Stage) -> None:
    sources = ("direct", "direct", "hannover-fair", "newsletter", "partnerweekly.example")
    with stage.acting(SYSTEM, stage.until):
        for number in range(130):
            code = ("resell", "resell", "services", "refer", "build")[number % 5]
            at = stage.until - timedelta(days=stage.chance.randint(0, 85), hours=2)
            services.count_visit(
                program_id=stage.programs[code], source=stage.chance.choice(sources), network_address=f"198.51.100.{number}", browser="demo", at=at
            )


def _apply(stage: Stage, number: int, applicant: tuple[Any, ...]) -> None:
    name, host, country, type, contact, code, employees, industries, skills, technologies, source, days, ending = applicant
    at = stage.at(days_ago=days, hour=9 + number % 7)
    with stage.acting(SYSTEM, at):
        application_id = make_application(
            code,
            at=at,
            source=source,
            company_name=name,
            website=f"{host}.example",
            country=country,
            type=type,
            contact_name=contact,
            email=f"{contact.split()[0].lower().replace('ä', 'a')}@{host}.example",
            employees=str(employees),
            founded=str(1988 + number),
            industries=list(industries),
            skills=list(skills),
            technologies=[one.lower() for one in technologies],
            product=f"{name.split()[0]} Connect",
            ownership="private",
            plan=f"We have worked with makers of machines for {3 + number % 9} years and would bring your software into the next two projects.",
        )
    _answer(stage, number, application_id, ending, days)


def _answer(stage: Stage, number: int, application_id: UUID, ending: str, days: int) -> None:
    """What a manager did with it, a day or two later."""
    if not ending:
        return
    manager, later = stage.managers[number % len(stage.managers)], stage.at(days_ago=days - 1 - number % 2, hour=16)
    with stage.acting(manager, later):
        shared: dict[str, Any] = {"actor": manager, "application_id": application_id, "at": later}
        if not queries.application(manager, application_id, later).can_answer:
            return
        if ending == "yes":
            services.add_note(**shared, body="Called them: two engineers, both know the platform. References are good.")
            services.approve(**shared, message=SENTENCES["yes"])
        elif ending == "asked":
            services.ask_for_more(
                **shared, fields=["plan", "company_number"], message="Which two customers would you start with? And please add your company number."
            )
        elif ending == "other":
            services.reject(**shared, reason="other", message="You told us on the phone that you go another way. All the best.", reapply="instant")
        else:
            services.reject(**shared, reason=NUMBERS[ending], message=SENTENCES[ending], reapply="instant" if ending == "detail" else "standard")


def _leave_unfinished(stage: Stage) -> None:
    """Two forms that somebody stopped filling in: the funnel knows them, the list does not."""
    at = stage.at(days_ago=4, hour=15)
    with stage.acting(SYSTEM, at):
        make_draft("resell", at=at, source="newsletter", company_name="Aller Systeme", website="aller.example", country="DE", email="t@aller.example")
        make_finished("services", at=at, source="direct", company_name="Nemunas IT", website="nemunas.example", country="LT", email="r@nemunas.example")


def _known_company(stage: Stage) -> None:
    """A colleague of a partner applies without knowing: held, and nobody outside learns why."""
    partner = next(one for one in stage.partners if one.program_code == "resell")
    at = stage.at(days_ago=1, hour=11)
    with stage.acting(SYSTEM, at):
        domain = partners.partner(SYSTEM, partner.partner_id).domain
        if domain:
            make_application(
                "services", at=at, company_name=partner.name, website=domain, country=partner.country, contact_name="Alex Berg", email=f"alex.berg@{domain}"
            )
