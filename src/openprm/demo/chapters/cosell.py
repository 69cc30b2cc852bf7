"""Deals that several companies sell together: one with an integrator and a software vendor, one among partners, some that ended."""

from datetime import timedelta
from uuid import UUID

from openprm.cosell import services as cosell
from openprm.cosell.services import Draft
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.money import Money

SELLING = ("partner_sales", "partner_admin")
ROLE_OF = {"isv": "software", "si": "services", "consultant": "services", "distributor": "distributor", "msp": "msp", "reseller": "reseller", "var": "reseller"}
SURVEY = b"Site survey, three plants\n\nHall A and B can start in February. Hall C waits for its new power line.\n"


def tell(stage: Stage) -> None:
    """The last two months. Partners in their notice take no part: they are the lowest tiers."""
    active = [one for one in stage.partners if one.tier_code not in ("registered", "member") and _seller(one)]
    integrators, makers, resellers = (
        [one for one in active if one.type in kinds] for kinds in (("si", "consultant", "var"), ("isv",), ("reseller", "msp", "distributor"))
    )
    if len(integrators) < 2 or not resellers:
        return
    maker = (makers or resellers)[0]
    _three_of_us(stage, integrators[0], maker, resellers[0])
    _among_partners(stage, integrators[1], resellers[-1])
    _won(stage, resellers[0])
    _invited(stage, integrators[0], resellers[-1])


def _seller(one: PartnerOnStage) -> UUID | None:
    return next((people[0] for role in SELLING if (people := one.people.get(role))), None)


def _open(stage: Stage, days_ago: float, title: str, customer: str, country: str, value: Money, closes_in: int, **more: str) -> UUID:
    at = stage.at(days_ago=days_ago, hour=9)
    draft = Draft(
        title=title,
        customer_name=customer,
        customer_country=country,
        amount_minor=value.minor,
        currency=value.currency,
        expected_close_date=(stage.until + timedelta(days=closes_in)).date(),
        **more,
    )
    with stage.acting(stage.managers[0], at) as actor:
        return cosell.open_engagement(actor=actor, draft=draft, at=at).engagement_id


def _invite(stage: Stage, engagement_id: UUID, one: PartnerOnStage, days_ago: float, **terms: object) -> UUID:
    at = stage.at(days_ago=days_ago, hour=10)
    with stage.acting(stage.managers[0], at) as actor:
        role = ROLE_OF.get(one.type, "facilitator")
        return cosell.invite(actor=actor, engagement_id=engagement_id, receiver_id=one.partner_id, role=role, at=at, **terms)  # type: ignore[arg-type]


def _join(stage: Stage, engagement_id: UUID, one: PartnerOnStage, days_ago: float, **terms: object) -> None:
    invitation_id, at = _invite(stage, engagement_id, one, days_ago, **terms), stage.at(days_ago=days_ago - 1, hour=14)
    with stage.acting(_person(one), at) as actor:
        cosell.accept_invitation(actor=actor, invitation_id=invitation_id, at=at)


def _person(one: PartnerOnStage) -> UUID:
    found = _seller(one)
    assert found is not None
    return found


def _three_of_us(stage: Stage, integrator: PartnerOnStage, maker: PartnerOnStage, rival: PartnerOnStage) -> None:
    """A vendor rep, an integrator and a software vendor on one deal; a second integrator is asked quietly and hidden from the first."""
    deal = _open(
        stage, 46, "Vltava Glass, furnace line", "Vltava Glass a.s.", "CZ", Money(410_000_00, "EUR"), 75,
        customer_domain="vltavaglass.example", contact_name="Petr Beran", contact_email="petr.beran@vltavaglass.example",
        description="Two furnaces now, a third in summer. They want one contract and one person to call.", competitor="Orrin Controls",
    )  # fmt: skip
    _join(stage, deal, integrator, 45, message="You built their first line. Shall we do the second together?")
    _join(stage, deal, maker, 44, visibility="limited")
    _join(stage, deal, rival, 40, hidden=True, involvement="co_sell")
    manager = stage.managers[0]
    at = stage.at(days_ago=38, hour=11)
    with stage.acting(manager, at) as actor:
        cosell.set_shares(actor=actor, engagement_id=deal, shares={integrator.partner_id: 5500, stage.vendor_id: 3000}, at=at)
        task = cosell.add_task(actor=actor, engagement_id=deal, title="Size the furnace control", owner_id=integrator.partner_id, at=at)
        cosell.add_note(actor=actor, engagement_id=deal, body="Petr decides with his plant manager. Both come to the workshop.", at=at)
        cosell.add_note(actor=actor, engagement_id=deal, body="We can go to 11 % if the third furnace is in the contract.", audience="private", at=at)
        cosell.add_next_step(actor=actor, engagement_id=deal, text="Workshop in Ostrava with both plant managers", at=at)
    at = stage.at(days_ago=36, hour=15)
    with stage.acting(_person(integrator), at) as actor:
        cosell.decide_task(actor=actor, task_id=task, accept=True, at=at)
        cosell.attach_document(actor=actor, engagement_id=deal, name="Site survey.txt", content=SURVEY, audience="full", at=at)
        need = cosell.ask(
            actor=actor, engagement_id=deal, asked_id=stage.vendor_id, need="pricing_help", detail="A price for 300 seats in two phases, please.", at=at
        )
        values = {"record_id": "006-44871", "stage": "Proposal", "owner": actor.name, "probability": "60 %", "budget": "€ 430,000"}
        cosell.save_record(actor=actor, engagement_id=deal, system="Salesforce", values=values, fields_out=["stage", "owner", "probability"], at=at)
    at = stage.at(days_ago=35, hour=10)
    with stage.acting(manager, at) as actor:
        cosell.answer_need(actor=actor, need_id=need, answer="€ 790 a seat in phase one, € 720 in phase two, valid until the end of the quarter.", at=at)
        cosell.move_stage(actor=actor, engagement_id=deal, stage="qualified", at=at)
    at = stage.at(days_ago=9, hour=13)
    with stage.acting(_person(integrator), at) as actor:
        cosell.finish_task(actor=actor, task_id=task, at=at)
        cosell.add_next_step(actor=actor, engagement_id=deal, text="Offer for two furnaces goes out on Thursday", at=at)
        cosell.ask(
            actor=actor, engagement_id=deal, asked_id=stage.vendor_id, need="executive_sponsor", detail="A call with their board.", at=stage.at(days_ago=1)
        )


def _among_partners(stage: Stage, host: PartnerOnStage, guest: PartnerOnStage) -> None:
    """Two partners sell together; the vendor is not in it."""
    at = stage.at(days_ago=30, hour=9)
    draft = Draft(title="Harbour yard control", customer_name="Nordhaven Docks AS", customer_country="NO", amount_minor=88_000_00, currency="EUR")
    with stage.acting(_person(host), at) as actor:
        deal = cosell.open_engagement(actor=actor, draft=draft, deal_type="private", at=at).engagement_id
        role = ROLE_OF.get(guest.type, "facilitator")
        invitation = cosell.invite(actor=actor, engagement_id=deal, receiver_id=guest.partner_id, role=role, at=at)
    at = stage.at(days_ago=28, hour=9)
    with stage.acting(_person(guest), at) as actor:
        cosell.accept_invitation(actor=actor, invitation_id=invitation, at=at)
        cosell.add_note(actor=actor, engagement_id=deal, body="We take first-line support, you the crane terminals.", at=at)


def _won(stage: Stage, partner: PartnerOnStage) -> None:
    deal = _open(stage, 60, "Bergen Cold Store, scanners", "Bergen Cold Store AS", "NO", Money(64_000_00, "EUR"), -20)
    _join(stage, deal, partner, 58)
    at = stage.at(days_ago=20, hour=16)
    with stage.acting(stage.managers[0], at) as actor:
        cosell.close_engagement(actor=actor, engagement_id=deal, outcome="won", at=at)


def _invited(stage: Stage, first: PartnerOnStage, second: PartnerOnStage) -> None:
    """An invitation that waits, and one that was rejected."""
    deal = _open(stage, 6, "Lund Dairy, traceability", "Lund Mejeri AB", "SE", Money(132_000_00, "EUR"), 110)
    rejected = _invite(stage, deal, second, 6)
    at = stage.at(days_ago=4, hour=12)
    with stage.acting(_person(second), at) as actor:
        cosell.reject_invitation(actor=actor, invitation_id=rejected, reason="No people free before April.", at=at)
    waiting = _open(stage, 3, "Kvarken Paper, yield dashboard", "Kvarken Paper Oy", "FI", Money(205_000_00, "EUR"), 130)
    _invite(stage, waiting, first, 3, message="They asked for you by name.")
