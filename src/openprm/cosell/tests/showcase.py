"""Three companies in one room, with known ids, for pictures and browser walks."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openprm.cosell import services
from openprm.cosell.models import Engagement, Invitation
from openprm.cosell.tests.builders import invited, joined, make_engagement, make_partner
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

ROOM, INVITED, LIMITED = UUID(int=1), UUID(int=2), UUID(int=3)
INVITATION = UUID(int=101)


class _known_ids:
    """The next rows of a model get these ids."""

    def __init__(self, model: Any, *ids: UUID):
        self.field, self.ids = model._meta.get_field("id"), iter(ids)

    def __enter__(self) -> None:
        self.field.__dict__["_get_default"] = lambda: next(self.ids)

    def __exit__(self, *exc: object) -> None:
        self.field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at = now() - timedelta(days=9)
    host, kallio = cast.partner_manager, cast.partner_rep
    isv, integrator = make_partner("Lumio Software", "isv"), make_partner("Brückner Systems", "si")
    with _known_ids(Engagement, ROOM, INVITED, LIMITED):
        make_engagement(host, at=at)
        make_engagement(host, at=at, title="Pelican, cold store", customer_name="Pelican Foods", amount_minor=72_000_00)
        make_engagement(host, at=at, title="Northwind, yard control", customer_name="Northwind Freight", amount_minor=121_000_00)
    joined(host, ROOM, kallio, "reseller", at=at)
    joined(host, ROOM, isv.rep, "software", visibility="limited", at=at)
    joined(host, ROOM, integrator.rep, "services", hidden=True, at=at)
    with _known_ids(Invitation, INVITATION, UUID(int=109)):
        invited(host, INVITED, cast.partner.pk, "reseller", at=now(), message="You know their plant manager. Shall we go there together?")
    joined(host, LIMITED, kallio, "reseller", visibility="limited", at=at)
    _work(cast, at)


def _work(cast: Any, at: Any) -> None:
    host, kallio = cast.partner_manager, cast.partner_rep
    with scope(host):
        services.set_shares(actor=host, engagement_id=ROOM, shares={cast.partner.pk: 6000, cast.vendor.pk: 2500}, at=at)
        services.add_task(actor=host, engagement_id=ROOM, title="Size the three plants", owner_id=cast.partner.pk, due_date=date(2026, 12, 2), at=at)
        services.add_task(actor=host, engagement_id=ROOM, title="Draft the frame contract", assignee_id=host.user_id, due_date=date(2026, 12, 9), at=at)
        services.add_note(actor=host, engagement_id=ROOM, body="Petra wants one contact for all three plants. Kallio leads on site.", at=at)
        services.add_note(actor=host, engagement_id=ROOM, body="We can go down to 12 % if phase two is signed this year.", audience="private", at=at)
        services.add_next_step(actor=host, engagement_id=ROOM, text="Pricing workshop with the plant managers, 2 December", at=at)
    with scope(kallio):
        services.ask(
            actor=kallio, engagement_id=ROOM, asked_id=cast.vendor.pk, need="pricing_help", detail="A price for 300 seats in two phases, please.", at=now()
        )
        services.add_note(actor=kallio, engagement_id=ROOM, body="The site survey is done. Two of three plants can start in February.", audience="full", at=at)
        services.attach_document(actor=kallio, engagement_id=ROOM, name="Site survey.pdf", content=b"%PDF-1.7 survey" + b"x" * 90_000, audience="full", at=at)
        services.add_next_step(actor=kallio, engagement_id=ROOM, text="Send the survey to Petra", at=at + timedelta(hours=3))
        services.save_record(
            actor=kallio,
            engagement_id=ROOM,
            system="Salesforce",
            values={"record_id": "006-44871", "stage": "Proposal", "owner": "Aino Laine", "probability": "60 %", "budget": "€ 260,000"},
            fields_out=["stage", "owner", "probability"],
            at=at,
        )
