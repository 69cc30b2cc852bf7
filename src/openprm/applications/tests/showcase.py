"""Applications in every state, with known ids, and a public page with words: for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.applications import links, services
from openprm.applications.models import Application
from openprm.applications.testing import make_application, make_draft, make_finished
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.partners.testing import make_program
from openprm.recruitment.testing import make_profile

WAITING, RETURNED, REJECTED, HELD, APPROVED, DRAFT, UNCONFIRMED = (UUID(int=number) for number in range(0xA1, 0xA8))
GENERATIONS = {WAITING: 1, RETURNED: 1, REJECTED: 1, HELD: 1, APPROVED: 1, DRAFT: 0, UNCONFIRMED: 0}
PAGE = {
    "headline": "Sell the software that factories run on",
    "for_whom": "You bring software into plants: you plan, sell, install or look after it. You know how a shop floor works, and your customers ask you first.\n\nOne person who sells and one who installs is enough to begin.",
    "types": ["reseller", "var", "si", "msp"],
    "requirements": [
        "A company with at least two people who work in industry",
        "One certified engineer within the first six months",
        "Registered deals kept up to date: the next step and its date",
        "Agreement to our charter and the rules of engagement",
    ],
    "faq": [
        {"question": "Does it cost anything?", "answer": "No. There is no fee, and no minimum order in the first year."},
        {"question": "Can we sell other makers too?", "answer": "Yes. We ask for no exclusivity and give none; a registered deal is protected instead."},
    ],
    "contact_email": "partners@halden.example",
}


@contextmanager
def _known_ids(*ids: UUID) -> Iterator[None]:
    field = Application._meta.get_field("id")
    numbers = iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers)
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def own_url(application_id: UUID) -> str:
    """The link of an application of this showcase."""
    return links.open_url(Application(pk=application_id, link_generation=GENERATIONS[application_id]))


def make_showcase(cast: Any) -> None:
    at, manager = now(), cast.partner_manager
    make_profile(cast.program.pk, at=at - timedelta(days=60))
    make_program(
        code="refer", name="Halden Refer", about="You know a company that needs us. Tell us, and earn when it buys.", tiers=("member",), motion="influence"
    )
    make_program(
        code="build",
        name="Halden Build",
        about="You build on our platform and bring the result to the customers we share.",
        tiers=("registered", "certified"),
        motion="solution",
    )
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes=PAGE, at=at - timedelta(days=50))
    with _known_ids(WAITING, RETURNED, REJECTED, HELD, APPROVED, DRAFT, UNCONFIRMED, *(UUID(int=number) for number in range(0xC0, 0xE0))):
        make_application(at=at - timedelta(hours=20), source="hannover-fair", employees="84")
        asked = make_application(at=at - timedelta(days=2), **_company("Brightwater Systems", "brightwater", "FI"), source="newsletter")
        refused = make_application(at=at - timedelta(days=9), **_company("Corner IT Kiosk", "kiosk", "SE"), employees="2")
        make_application(at=at - timedelta(hours=3), **_company("Kallio Digital Oy", "kallio", "FI"), source="direct")
        welcome = make_application(at=at - timedelta(days=12), **_company("Ostwind Automation GmbH", "ostwind", "DE"), source="hannover-fair")
        make_draft(at=at - timedelta(hours=1), **_company("Pelican Works", "pelican", "PT"))
        make_finished(at=at - timedelta(hours=2), **_company("Lumen Partners", "lumen", "ES"))
        for number, name in enumerate(("Aurora Consulting", "Bergen Data", "Castell Integration", "Drava Solutions", "Elbe Software", "Fjell Systems")):
            make_application(
                at=at - timedelta(days=number, hours=5),
                **_company(name, name.split()[0].lower(), ("NO", "DE", "PL")[number % 3]),
                source=("newsletter", "direct")[number % 2],
            )
    with scope(manager):
        services.ask_for_more(
            actor=manager,
            application_id=asked,
            fields=["plan", "company_number"],
            message="Which of your customers would you bring first? And your company number, please: we could not find the company.",
            at=at - timedelta(days=1),
        )
        services.reject(
            actor=manager,
            application_id=refused,
            reason="does_not_meet_requirements",
            message="Two people cannot install and sell at the same time. Come back when a third one is on board; we would like to hear from you.",
            at=at - timedelta(days=7),
        )
        services.approve(
            actor=manager,
            application_id=welcome,
            message="Good to have you. Erik calls you this week about the first three plants.",
            at=at - timedelta(days=10),
        )
        services.add_note(
            actor=manager, application_id=WAITING, body="Met Siri at the fair in spring. They know the paper industry inside out.", at=at - timedelta(hours=2)
        )
    for number in range(60):
        services.count_visit(
            program_id=cast.program.pk,
            source=("direct", "hannover-fair", "newsletter")[number % 3],
            network_address=f"192.0.2.{number}",
            browser="x",
            at=at - timedelta(days=number % 20),
        )


def _company(name: str, host: str, country: str) -> dict[str, str]:
    return {"company_name": name, "website": f"{host}.example", "country": country, "contact_name": "Alex Lind", "email": f"alex@{host}.example"}
