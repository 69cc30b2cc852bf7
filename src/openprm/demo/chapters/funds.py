"""A year of development funds: one budget over two regions, funds for eight partners, requests in every state, and the money."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from openprm.demo.chapters.funds_proof import Told, tell_catalogue, tell_more
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.funds import queries, services
from openprm.funds.services import ActivityDraft, BudgetDraft, FundDraft, Part, RequestDraft
from openprm.funds.services.proofs import add_proof
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Refusal
from openprm.kernel.money import Money

NORDIC = {"NO", "SE", "FI", "DK", "IS"}
ACTS = ("paid", "claimed", "approved", "partial", "pending", "rejected", "paid", "declined")
"""How far the request of each partner came."""
REFUSED = {
    "rejected": (services.reject_request, "Please name the venue and the date."),
    "declined": (services.decline_request, "We do not pay for the same fair twice."),
}
PLANS = (
    ("Case study of a dairy", "A film of four minutes", "Case study", 2_900, 100),
    ("Webinar on batch records", "Sixty guests, ten talks after it", "Webinar", 1_900, 75),
    ("Autumn fair with a stand", "Two days, forty talks with plant managers", "Trade fair", 9_000, 50),
)
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n% "


def tell(stage: Stage) -> None:
    catalogue = tell_catalogue(stage)
    regions = _budgets(stage)
    told: list[Told] = []
    for place, (act, one) in enumerate(zip(ACTS, stage.still_here().partners, strict=False)):
        marketer = next(iter((*one.people.get("partner_marketer", ()), *one.people.get("partner_admin", ()))), None)
        fund_id = _fund(stage, regions["nordics" if one.country in NORDIC else "others"], one, place)
        if marketer and fund_id:
            with suppress(Refusal):  # a gate may have closed meanwhile
                told.append(Told(one, marketer, _story(stage, marketer, fund_id, catalogue, act, place), act))
    tell_more(stage, told)


def _budgets(stage: Stage) -> dict[str, UUID]:
    at = stage.at(days_ago=320, hour=9)
    year = {"starts_on": date(at.year, 1, 1), "ends_on": (stage.until + timedelta(days=120)).date()}
    with stage.acting(stage.admin, at) as actor:
        root = services.create_budget(actor=actor, draft=BudgetDraft(name="Partner marketing", currency="EUR", amount_minor=400_000_00, **year), at=at).id
        parts = {"nordics": ("Nordics", 150_000_00), "others": ("Continental Europe and beyond", 180_000_00)}
        return {
            code: services.create_budget(actor=actor, draft=BudgetDraft(name=name, parent_id=root, amount_minor=minor, **year), at=at).id
            for code, (name, minor) in parts.items()
        }


def _fund(stage: Stage, budget_id: UUID, one: PartnerOnStage, place: int) -> UUID | None:
    at = stage.at(days_ago=300 - place, hour=10)
    draft = FundDraft(
        budget_id=budget_id, partner_id=one.partner_id, amount_minor=(8_000 + 1_000 * (place % 5)) * 100, name="Marketing fund",
        plan_by=(stage.until + timedelta(days=24 + place)).date(), ends_on=(stage.until + timedelta(days=90)).date(),
    )  # fmt: skip
    with stage.acting(stage.admin, at) as actor, suppress(Refusal):
        return services.allocate(actor=actor, draft=draft, at=at).id
    return None


def _story(stage: Stage, marketer: UUID, fund_id: UUID, catalogue: Mapping[str, UUID], act: str, place: int) -> UUID:
    """One request of this partner, as far as its act goes."""
    plan = PLANS[place % 2 if act in ("paid", "partial", "claimed") else 2]
    days_ago = 3 + place / 4 if act == "pending" else 150 - 6 * place if act in ("paid", "partial") else 30 - place
    request_id = _ask(stage, marketer, fund_id, plan, catalogue, stage.at(days_ago=days_ago, hour=9))
    if act == "pending":
        return request_id
    answered = stage.at(days_ago=days_ago - 2, hour=11)
    if act in REFUSED:
        refuse, reason = REFUSED[act]
        with stage.acting(SYSTEM, answered) as actor:
            refuse(actor=actor, request_id=request_id, reason=reason, at=answered)
        return request_id
    _approve(stage, request_id, answered)
    if act != "approved":
        _claim(stage, marketer, request_id, act, days_ago)
    return request_id


def _ask(stage: Stage, marketer: UUID, fund_id: UUID, plan: tuple, catalogue: Mapping[str, UUID], at: datetime) -> UUID:
    title, expected, kind, cost, percent = plan
    start = (at + timedelta(days=6)).date()
    activity = ActivityDraft(
        activity_type_id=catalogue[kind], title=title, starts_on=start, ends_on=start + timedelta(days=2), planned_minor=cost * 100, asked_minor=cost * percent
    )
    with stage.acting(marketer, at) as actor:
        draft = RequestDraft(allocation_id=fund_id, title=title, expected=expected, activities=(activity,))
        made = services.save_request(actor=actor, draft=draft, at=at)
        return services.submit_request(actor=actor, request_id=made.id, at=at).id


def _approve(stage: Stage, request_id: UUID, at: datetime) -> None:
    with stage.acting(SYSTEM, at) as actor:
        while not services.approve_request(actor=actor, request_id=request_id, at=at).final:
            pass


def _claim(stage: Stage, marketer: UUID, request_id: UUID, act: str, days_ago: float) -> None:
    """Claimed with its papers; finance answers in three days, the bank in another twelve."""
    at = stage.at(days_ago=max(1.0, days_ago - 12), hour=14)
    with stage.acting(marketer, at) as actor:
        activity = queries.request_for_partner(actor, request_id, at).activities[0]
        for rule in ("invoice", "report-of-the-agency" if activity.kind == "Webinar" else "the-story"):
            add_proof(actor=actor, activity_id=activity.id, rule=rule, name=f"{rule}.pdf", content=PAPER + rule.encode(), dated_on=activity.ends_on, at=at)
        claim_id = services.submit_claim(actor=actor, activity_id=activity.id, spent=Money(activity.planned.minor - 150_00, "EUR"), at=at).id
    if act != "claimed":
        _pay(stage, claim_id, act, stage.at(days_ago=max(0.8, days_ago - 15), hour=10), stage.at(days_ago=max(0.5, days_ago - 27), hour=15))


def _pay(stage: Stage, claim_id: UUID, act: str, approved: datetime, paid: datetime) -> None:
    """At once, or one of two instalments: the other is due in a month."""
    with stage.acting(SYSTEM, approved) as actor:
        while not services.approve_claim(actor=actor, claim_id=claim_id, at=approved).final:
            pass
        owed = queries.claim_for_vendor(actor, claim_id, approved).approved
        if act == "partial":
            later = Part(amount_minor=owed.minor // 2, payable_from=(stage.until + timedelta(days=30)).date())
            parts = (Part(amount_minor=owed.minor - later.amount_minor, payable_from=approved.date()), later)
            services.schedule_instalments(actor=actor, claim_id=claim_id, parts=parts, at=approved)
    with stage.acting(SYSTEM, paid) as actor:
        due = [one for one in queries.claim_for_vendor(actor, claim_id, paid).instalments if one.state == "due" and one.payable_from <= paid.date()]
        for one in due:
            services.record_payment(actor=actor, settlement_id=one.id, paid_on=paid.date(), reference="Bank transfer", at=paid)
