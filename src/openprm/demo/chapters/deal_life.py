"""What becomes of deals after their approval: stages that ask for something, changes, a split, standstills, lost reasons, renewals."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.deals import queries, services
from openprm.deals.queries import Filters
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.deals.rules.stages import Criterion, LostReason, Process, StageDef
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import SYSTEM

RENEWING = (  # customer, web domain, city, country, contact, days since it was won
    ("Lindqvist Papier AB", "lindqvist-papier.example", "Karlstad", "SE", "Elsa Lindqvist", 318),
    ("Brandtner Getriebe GmbH", "brandtner-getriebe.example", "Linz", "AT", "Jonas Brandtner", 300),
    ("Caldera Foods S.p.A.", "caldera-foods.example", "Parma", "IT", "Giulia Caldera", 286),
)
SERVICES = Process(
    stages=(
        StageDef("prospect", "First talk", 10),
        StageDef("qualified", "Qualified", 25),
        StageDef("technical_validation", "Proof of concept", 50, (Criterion("field", "contact_phone"),)),
        StageDef("business_validation", "Offer", 70, (Criterion("next_step"), Criterion("amount", "1000000"))),
        StageDef("committed", "Verbal yes", 90, (Criterion("document"), Criterion("activity", "meeting"), Criterion("days", "5"))),
    ),
    entry="qualified",
    lost_reasons=(
        LostReason("competitor", "Lost to a competitor", needs_competitor=True),
        LostReason("price", "Too expensive"),
        LostReason("no_budget", "No budget"),
        LostReason("skills", "We lacked the people"),
        LostReason("other", "Another reason", needs_comment=True),
    ),
)


def tell(stage: Stage) -> None:
    """Renewals first, because they began a year ago; then what happened lately to deals that still run."""
    selling = [one for one in stage.partners if "partner_sales" in one.people]
    _renewals(stage, selling[:3])
    _stages(stage)
    _changes(stage, selling)
    _losses(stage, selling)
    _quiet(stage, selling)


def _stages(stage: Stage) -> None:
    """The service program asks for more before an offer is called one."""
    at = stage.at(days_ago=12, hour=9)
    with stage.acting(stage.admin, at) as actor:
        note = "An offer needs an amount, a yes needs a meeting and a file."
        services.publish_process(actor=actor, program_id=stage.programs["services"], process=SERVICES, note=note, at=at)


def _running(stage: Stage, partner: PartnerOnStage, at: datetime) -> list[Any]:
    """The partner's approved deals that were booked before `at`, the largest first."""
    with stage.acting(partner.people["partner_sales"][0], at) as actor:
        rows = queries.listed(actor, Filters(status=("approved",), closes_from=(at + timedelta(days=10)).date()))
        return [row for row in rows.order_by("-base_amount_minor")[:6] if row.booked_at and row.booked_at < at - timedelta(days=2)]


def _changes(stage: Stage, selling: list[PartnerOnStage]) -> None:
    """A small change that applied at once, a large one that waits, one that was refused, and a split."""
    at = stage.at(days_ago=3, hour=11)
    plans = ((1.1, "The customer adds a test line."), (1.6, "Both plants are in now."), (1.5, "A longer first phase."))
    done = 0
    for partner in selling[3:]:
        deals = _running(stage, partner, at)
        if done == len(plans):
            break
        if not deals:
            continue
        seller = partner.people["partner_sales"][0]
        with stage.acting(seller, at) as actor:
            factor, reason = plans[done]
            base = queries.draft_of(actor, deals[0].pk)
            lines = tuple(replace(line, amount_minor=int(line.amount_minor * factor) // 100 * 100) for line in base.lines)
            asked = services.propose_amendment(actor=actor, registration_id=deals[0].pk, changes={"lines": lines}, reason=reason, at=at)
        if done == 2 and asked.state == "proposed":
            _refuse(stage, asked.amendment_id, at)
        done += 1
    _split(stage, selling[4], at)


def _refuse(stage: Stage, amendment_id: UUID, at: datetime) -> None:
    later = at + timedelta(hours=4)
    with stage.acting(stage.managers[0], later) as actor:
        reason = "The second phase is a deal of its own. Register it as an expansion."
        services.reject_amendment(actor=actor, amendment_id=amendment_id, reason=reason, at=later)


def _split(stage: Stage, partner: PartnerOnStage, at: datetime) -> None:
    """A deal with two product lines whose second one gets a budget of its own; the split waits for its answer."""
    asked, seller = stage.at(days_ago=20, hour=10), partner.people["partner_sales"][0]
    with stage.acting(seller, asked) as actor:
        by_line = {one.line_id: one for one in queries.products(actor)}
        lines = tuple(LineDraft(product_id=one.id, quantity=1, amount_minor=26_000_00) for one in list(by_line.values())[:2])
        draft = _draft("Hallberg Mekanik AB", "hallberg-mekanik.example", "Gävle", "SE", "Sven Hallberg", lines=lines, closes=stage.until + timedelta(days=45))
        made = services.register(actor=actor, draft=draft, at=asked)
    _approve(stage, made, asked + timedelta(hours=3))
    with stage.acting(seller, at) as actor:
        going = [list(by_line)[1]]
        services.split_registration(actor=actor, registration_id=made.registration_id, product_line_ids=going, reason="Two budgets, two decisions.", at=at)


def _losses(stage: Stage, selling: list[PartnerOnStage]) -> None:
    """Three deals are lost for three reasons; one of them is taken up again."""
    at = stage.at(days_ago=8, hour=15)
    why: tuple[dict[str, str], ...] = (
        {"code": "competitor", "competitor": "Rivalis MES"},
        {"code": "price", "reason": "Ten percent above the budget."},
        {"code": "no_budget", "reason": "The group stopped all projects until spring."},
    )
    lost: list[tuple[UUID, UUID]] = []
    for partner in selling[6:]:
        deals = _running(stage, partner, at)
        if len(lost) == len(why):
            break
        if deals:
            seller = partner.people["partner_sales"][0]
            with stage.acting(seller, at) as actor:
                services.mark_lost(actor=actor, registration_id=deals[-1].pk, at=at, **why[len(lost)])
            lost.append((deals[-1].pk, seller))
    if lost:
        registration_id, seller = lost[-1]
        back = stage.at(days_ago=2, hour=10)
        with stage.acting(seller, back) as actor:
            services.reopen(actor=actor, registration_id=registration_id, reason="The plant pays for the first phase itself.", at=back)


def _quiet(stage: Stage, selling: list[PartnerOnStage]) -> None:
    """What stands still is told by itself; one seller asks for quiet over the holidays."""
    at = stage.at(days_ago=1, hour=7)
    with stage.acting(SYSTEM, at):
        services.alert_stalled(at=at)
    for partner in selling:
        with stage.acting(partner.people["partner_sales"][0], at) as actor:
            still = queries.listed(actor, Filters(stalled=True)).order_by("-base_amount_minor").first()
            if still is not None:
                until = (at + timedelta(days=12)).date()
                services.snooze_stall(actor=actor, registration_id=still.pk, until=until, reason="Their plant is closed until the holidays are over.", at=at)
                return


def _renewals(stage: Stage, partners: list[PartnerOnStage]) -> None:
    """Three terms of a year that end soon: one is renewed already, one is given up, one is open."""
    with stage.acting(stage.admin, stage.at(days_ago=340)) as actor:
        product = queries.products(actor)[0]
    sold = [_sell(stage, partner, product.id, *one) for partner, one in zip(partners, RENEWING, strict=False)]
    at = stage.at(days_ago=6, hour=8)
    with stage.acting(SYSTEM, at):
        services.open_renewals(at=at)
    if len(sold) == len(RENEWING):
        _renew(stage, partners[0], sold[0])
        _give_up(stage, partners[1], sold[1])


def _sell(stage: Stage, partner: PartnerOnStage, product_id: UUID, name: str, domain: str, city: str, country: str, contact: str, days: int) -> UUID:
    lines = (LineDraft(product_id=product_id, quantity=2, amount_minor=18_400_00, term_months=12),)
    draft = _draft(name, domain, city, country, contact, lines=lines, closes=stage.at(days_ago=days))
    seller, asked = partner.people["partner_sales"][0], stage.at(days_ago=days + 14, hour=10)
    with stage.acting(seller, asked) as actor:
        made = services.register(actor=actor, draft=draft, at=asked)
    _approve(stage, made, asked + timedelta(hours=3))
    won = stage.at(days_ago=days, hour=15)
    with stage.acting(seller, won) as actor:
        services.mark_won(actor=actor, registration_id=made.registration_id, at=won)
    return made.registration_id


def _draft(name: str, domain: str, city: str, country: str, contact: str, *, lines: tuple[LineDraft, ...], closes: datetime) -> RegistrationDraft:
    return RegistrationDraft(
        title=f"{name}, first plant", customer_name=name, customer_domain=domain, customer_city=city, customer_country=country, contact_name=contact,
        contact_email=f"{contact.split()[0].lower()}@{domain}", lines=lines, expected_close_date=closes.date(), next_step="Contract",
    )  # fmt: skip


def _approve(stage: Stage, made: services.Submitted, at: datetime) -> None:
    if made.status == "approved":
        return
    for who in (*stage.managers, stage.admin):
        with stage.acting(who, at) as actor:
            mine = queries.registration_for_vendor(actor, made.registration_id, at).why_not_approve is None
            if mine and services.approve(actor=actor, registration_id=made.registration_id, reason="A clear case.", at=at).final:
                return


def _renew(stage: Stage, partner: PartnerOnStage, registration_id: UUID) -> None:
    at = stage.at(days_ago=4, hour=11)
    with stage.acting(partner.people["partner_sales"][0], at) as actor:
        draft = queries.follow_up_draft(actor, registration_id, "renewal", at)
        made = services.register(actor=actor, draft=draft, at=at)
    _approve(stage, made, at + timedelta(hours=2))


def _give_up(stage: Stage, partner: PartnerOnStage, registration_id: UUID) -> None:
    at = stage.at(days_ago=2, hour=14)
    with stage.acting(partner.people["partner_sales"][0], at) as actor:
        for one in queries.renewals_of(actor, registration_id, at):
            services.decline_renewal(actor=actor, renewal_id=one.id, reason="The customer moves to its group's own system.", at=at)
