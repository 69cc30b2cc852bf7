"""Forms, a sending system, referrals and offers to look at, with known ids: for pictures and browser walks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.leads import services
from openprm.leads.models import EventSource, Referral, WebForm
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.signatures import sign
from openprm.leads.rules.webform import FormField
from openprm.leads.services import FormContent, FormSettings
from openprm.leads.testing import make_draft, make_lead, offer_lead
from openprm.partners.testing import make_partner

FORM, SOURCE, WAITING, TAKEN_UP = (UUID(int=number) for number in range(0xB1, 0xB5))
CONTENT = FormContent(
    title="See your plant run on one screen",
    intro="Tell us what you make and where. A partner near you, who knows plants like yours, calls within two working days.",
    points=("No sales script: an engineer who has done it before", "A first look at your own data, free of charge", "One partner, not five calls"),
    fields=(
        FormField("contact_phone"),
        FormField("contact_title"),
        FormField("employees"),
        FormField("message"),
        FormField("", True, "When would you like to begin?", ("This quarter", "This year", "Later")),
    ),
    button="Ask for a call",
    consent_text="Halden Software and one of its partners may write to me and call me about this request. I can take this back at any time, by a link in every mail.",
    asks_confirmation=True,
    thanks_title="Thank you, we are on it",
    thanks_text="Somebody who knows plants like yours gets in touch within two working days.",
)


@contextmanager
def _known_id(model: Any, row_id: UUID) -> Iterator[None]:
    field = model._meta.get_field("id")
    field.__dict__["_get_default"] = lambda: row_id
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    """One open form, one system with events, a referral in each state, and offers for the fairness report."""
    at = now()
    settings = FormSettings(name="Plant on one screen", allowed_origins=("https://www.halden.example",))
    with _known_id(WebForm, FORM):
        services.create_form(actor=SYSTEM, code="plant-on-one-screen", settings=settings, content=CONTENT, at=at)
    with _known_id(EventSource, SOURCE):
        services.create_source(actor=SYSTEM, code="salesforce", name="Salesforce", at=at)
    _events(at)
    _offers(cast, at)
    _referrals(cast, at)


def _events(at: Any) -> None:
    secret = services.secret_for(actor=SYSTEM, source_id=SOURCE)
    consent = {"ground": "opt_in", "text": "You may call me.", "text_version": "2026-03", "given_at": (at - timedelta(days=2)).isoformat()}
    for number, country in enumerate(("FI", "DE", "NO")):
        lead = {
            "external_id": f"00Q{number}",
            "company_name": f"Works {number}",
            "country": country,
            "contact_email": f"a@works{number}.example",
            "consent": consent,
        }
        event = {"id": f"evt_{number}", "type": "lead.created", "lead": lead}
        body = json.dumps(event).encode()
        services.receive_event(code="salesforce", header=sign(body, secret=secret, at=at), body=body, event=event, at=at)


def _offers(cast: Any, at: Any) -> None:
    partners = [
        cast.partner.pk,
        cast.other_partner.pk,
        *(make_partner(name=name, at=at) for name in ("Fjord Automasjon", "Elbe Werke", "Baltic MES", "Tatra Systems")),
    ]
    for number in range(14):
        before = at - timedelta(days=number * 9 + 1)
        made = make_lead(
            at=before,
            route=False,
            amount_minor=(number % 5 + 1) * 18_000_00,
            company_name=f"Plant {number}",
            company_domain=f"plant{number}.example",
            contact_email=f"a@plant{number}.example",
        )
        offer_lead(made.lead_id, partners[number * number % len(partners)], at=before)


def _referrals(cast: Any, at: Any) -> None:
    consent = ConsentGiven(ground=Ground.INTEREST, source="Balance of interests of 3 March")
    for row_id, name in ((WAITING, "Ostrava Steelworks"), (TAKEN_UP, "Nordkapp Seafood")):
        domain = f"{name.split()[0].lower()}.example"
        draft = make_draft(company_name=name, company_domain=domain, contact_email=f"petra@{domain}")
        with _known_id(Referral, row_id), scope(cast.partner_rep):
            services.refer_lead(actor=cast.partner_rep, draft=draft, consent=consent, note="They asked us for a system that we do not sell.", at=at)
    services.take_up_referral(actor=SYSTEM, referral_id=TAKEN_UP, at=at)
