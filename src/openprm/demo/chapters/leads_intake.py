"""How leads came in: a form on the web site, the CRM, referrals in every direction. The chapter of leads calls it."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.leads import services
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import LeadDraft
from openprm.leads.rules.signatures import sign
from openprm.leads.rules.webform import FormField
from openprm.leads.services import FormContent, FormSettings, Sender

CODE = "plant-on-one-screen"
OWN = "https://prm.halden.example"
CONTENT = FormContent(
    title="See your plant run on one screen",
    intro="Tell us what you make and where. A partner near you, who knows plants like yours, calls within two working days.",
    points=("No sales script: an engineer who has done it before", "A first look at your own data, free of charge", "One partner, not five calls"),
    fields=(
        FormField("contact_phone"),
        FormField("contact_title"),
        FormField("employees"),
        FormField("message"),
        FormField("", False, "When would you like to begin?", ("This quarter", "This year", "Later")),
    ),
    button="Ask for a call",
    consent_text="The vendor and one of its partners may write to me and call me about this request. I can take this back by a link in every mail.",
    asks_confirmation=False,
    thanks_title="Thank you, we are on it",
    thanks_text="Somebody who knows plants like yours gets in touch within two working days.",
)
ASKED = (
    ("Lahti Packaging", "lahtipack.example", "Sari Niemi", "FI", "320", "We run two lines for cartons and plan the shifts on paper.", 52),
    ("Bergen Fisk", "bergenfisk.example", "Tor Haugen", "NO", "140", "Traceability from the boat to the box, and an audit in spring.", 44),
    ("Ateliers du Rhône", "ateliersrhone.example", "Claire Faure", "FR", "75", "Machines of four makers, no figures in common.", 37),
    ("Leeds Castings", "leedscastings.example", "Owen Price", "GB", "210", "Scrap is too high on nights and nobody can say why.", 29),
    ("Kraków Glass", "krakowglass.example", "Ewa Nowak", "PL", "480", "A second plant opens next year and should report like the first.", 21),
    ("Malmö Dairy", "malmodairy.example", "Lena Ek", "SE", "90", "Energy per batch, for the report that our customers ask for.", 12),
    ("Schwarzwald Pumpen", "schwarzwaldpumpen.example", "Jonas Keller", "DE", "260", "Wartung nach Zustand statt nach Kalender.", 2),
)
SENT = (
    ("00Q7A1", "Delta Feeds", "deltafeeds.example", "Marijke Bos", "NL", "opt_in", 41),
    ("00Q7B4", "Elbe Kabel", "elbekabel.example", "Ute Brandt", "DE", "opt_in", 26),
    ("00Q7C9", "Porto Cork", "portocork.example", "Inês Lopes", "PT", "legitimate_interest", 9),
)
REFERRED = (
    ("Tatra Springs", "tatrasprings.example", "Marek Hruška", "FI", "They ask for a system that we do not sell.", 33),
    ("Vaasa Marine", "vaasamarine.example", "Petri Laakso", "FI", "A good customer of ours; MES is not our field.", 15),
    ("Gotland Lime", "gotlandlime.example", "Ida Berg", "SE", "We have nobody on the island.", 1),
)


def tell_intake(stage: Stage) -> None:
    """One form, one CRM, three referrals of partners and one of the vendor: about 20 calls."""
    source_id = _make_doors(stage)
    for company, domain, name, country, employees, need, days_ago in ASKED:
        _ask(stage, company, domain, name, country, employees, need, stage.at(days_ago=days_ago))
    _send_events(stage, source_id)
    _refer(stage)


def _make_doors(stage: Stage) -> UUID:
    at = stage.at(days_ago=60, hour=9)
    with stage.acting(stage.admin, at) as admin:
        settings = FormSettings(name="Plant on one screen", campaign="Spring campaign", allowed_origins=("https://www.halden.example",))
        services.create_form(actor=admin, code=CODE, settings=settings, content=CONTENT, at=at)
        return services.create_source(actor=admin, code="crm", name="Sales CRM", at=at)


def _ask(stage: Stage, company: str, domain: str, name: str, country: str, employees: str, need: str, at: datetime) -> None:
    """Who lives where a confirmation is asked for has not answered the mail yet."""
    given = {
        "company_name": company,
        "contact_name": name,
        "contact_email": f"{name.split()[0].lower()}@{domain}".encode("ascii", "ignore").decode(),
        "country": country,
        "employees": employees,
        "message": need,
        "question_1": "This year",
        "consent": "on",
    }
    with stage.acting(stage.admin, at):
        services.submit(code=CODE, given=given, sender=Sender(own_origin=OWN), at=at)


def _send_events(stage: Stage, source_id: UUID) -> None:
    """The second one lacks the confirmation that Germany asks for, so it stands there refused."""
    with stage.acting(stage.admin, stage.at(days_ago=59)) as admin:
        secret = services.secret_for(actor=admin, source_id=source_id)
    for external_id, company, domain, name, country, ground, days_ago in SENT:
        at = stage.at(days_ago=days_ago)
        consent = {
            "ground": ground,
            "text": "A partner may call me.",
            "text_version": "fair-2026",
            "given_at": (at - timedelta(days=1)).isoformat(),
            "source": "Fair list",
        }
        lead = {"external_id": external_id, "company_name": company, "company_domain": domain, "country": country, "contact_name": name, "consent": consent}
        event = {"id": f"evt-{external_id}", "type": "lead.created", "lead": lead}
        body = json.dumps(event).encode()
        with stage.acting(stage.admin, at):
            services.receive_event(code="crm", header=sign(body, secret=secret, at=at), body=body, event=event, at=at)


def _refer(stage: Stage) -> None:
    """The oldest referral was taken up, the next one declined, the newest waits."""
    referrers = [partner for partner in stage.partners if partner.people.get("partner_sales")][: len(REFERRED)]
    made = [_refer_one(stage, partner, *row) for partner, row in zip(referrers, REFERRED, strict=False)]
    taken_at, declined_at = stage.at(days_ago=32), stage.at(days_ago=14)
    with stage.acting(stage.managers[0], taken_at) as manager:
        services.take_up_referral(actor=manager, referral_id=made[0], at=taken_at)
    with stage.acting(stage.managers[0], declined_at) as manager:
        reason = "They signed with us directly in March; their account manager will thank you."
        services.decline_referral(actor=manager, referral_id=made[1], reason=reason, at=declined_at)


def _refer_one(stage: Stage, partner: PartnerOnStage, company: str, domain: str, name: str, country: str, note: str, days_ago: int) -> UUID:
    at = stage.at(days_ago=days_ago)
    draft = LeadDraft(company_name=company, company_domain=domain, country=country, contact_name=name, title="MES", message=note, amount_minor=60_000_00)
    consent = ConsentGiven(ground=Ground.INTEREST, source="Customer of ours; balance of interests on file")
    with stage.acting(partner.people["partner_sales"][0], at) as rep:
        return services.refer_lead(actor=rep, draft=draft, consent=consent, note=note, at=at).referral_id
