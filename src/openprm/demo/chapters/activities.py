"""One program publishes windows that reflect work; its sellers log what they do, one forgets, one entry is struck, one customer leaves."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.activities import services as activities
from openprm.deals import queries as deals
from openprm.deals import services
from openprm.deals.queries.results import Filters
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

PROGRAM = "resell"
DEALS = 6
TERMS = {
    "window": '"work"', "days_call": "2", "days_email": "1", "days_meeting": "5", "days_demo": "7", "days_visit": "7", "days_proposal": "10",
    "days_stage": "10", "days_document": "3", "self_percent": "50", "self_most": "15", "logged_within": "14", "most_added": "45", "most_days": "180",
    "quiet_days": "21", "week_days": "5", "floor_days": "45", "notice_days": "7",
}  # fmt: skip
WORK = (
    ("call", "Asked what the budget round decided.", "They have money from January on."),
    ("visit", "Half a day on the shop floor.", "Two more lines came into scope."),
    ("demo", "Showed the module with their own data.", "The plant manager wants a pilot."),
    ("meeting", "Pricing workshop with purchasing.", ""),
    ("proposal", "Sent the offer for both phases.", "An answer is promised for next week."),
)


def tell(stage: Stage) -> None:
    """Published a year ago; the newest protected deals of the program are worked on, the nights settle them."""
    _publish(stage)
    sellers = {one.partner_id: one for one in stage.partners if one.program_code == PROGRAM}
    found = _protected(stage, sellers)
    for place, (deal_id, account_id, partner_id, approved_at) in enumerate(found[:DEALS]):
        _open(deal_id, approved_at)
        _work(stage, sellers[partner_id], deal_id, account_id, approved_at, WORK[: 5 - place] if place < 5 else ())
    _vendor_calls(stage, [account_id for _deal, account_id, _partner, _at in found[:3]])
    if len(found) > DEALS:
        _leave(stage, found[DEALS][0])


def _publish(stage: Stage) -> None:
    """Announced with its notice right after the beginning, so that every deal of the last year stands under it."""
    at = stage.start + timedelta(days=40)
    with stage.acting(stage.admin, at) as actor:
        draft_id = rulebook.create_draft(actor=actor, kind="deals.evidence", program_id=stage.programs[PROGRAM], at=at)
        table = Table(inputs=(), outputs=tuple(TERMS), rows=(Row("W1", then=TERMS, note="Who works on a customer keeps it longer."),))
        rulebook.save_draft(actor=actor, draft_id=draft_id, table=table, at=at)
        rulebook.publish(actor=actor, draft_id=draft_id, at=at)


def _protected(stage: Stage, sellers: dict[UUID, PartnerOnStage]) -> list[tuple[UUID, UUID, UUID, datetime]]:
    """Live deals of the program that were approved some weeks ago, the oldest first."""
    filters = Filters(status=("approved",), program_id=stage.programs[PROGRAM])
    with system_scope():
        rows = deals.listed(SYSTEM, filters).filter(protected_until__gt=stage.until, account__isnull=False, decided_at__lt=stage.until - timedelta(days=20))
        found = list(rows.order_by("decided_at", "pk").values_list("pk", "account_id", "partner_id", "decided_at"))
    return [row for row in found if row[2] in sellers]


def _open(deal_id: UUID, at: datetime) -> None:
    with system_scope():
        services.open_window(registration_id=deal_id, at=at)


def _work(stage: Stage, partner: PartnerOnStage, deal_id: UUID, account_id: UUID, since: datetime, work: tuple[tuple[str, str, str], ...]) -> None:
    """Every few days something is done and logged; the vendor confirms the visit; the last night settles what was quiet."""
    seller = next(iter(partner.people.get("partner_sales", ()) or partner.people["partner_admin"]))
    span = (stage.until - since) / (len(work) + 1)
    for number, (kind, summary, outcome) in enumerate(work, 1):
        at = since + span * number
        with stage.acting(seller, at) as actor:
            told = {"kind": kind, "summary": summary, "outcome": outcome, "occurred_at": at - timedelta(hours=2), "about": deal_id}
            made = activities.record(actor=actor, account_id=account_id, at=at, **told)
        if kind == "visit":
            with stage.acting(stage.managers[0], at + timedelta(hours=3)) as actor:
                activities.confirm(actor=actor, activity_id=made, at=at + timedelta(hours=3))
        _settle(deal_id, at + timedelta(hours=4))
    _settle(deal_id, stage.until - timedelta(hours=12))


def _settle(deal_id: UUID, at: datetime) -> None:
    with system_scope():
        services.settle_window(registration_id=deal_id, at=at)


def _vendor_calls(stage: Stage, account_ids: list[UUID]) -> None:
    """What the vendor's CRM pushed; one entry was about another company, and is struck."""
    at = stage.at(days_ago=9, hour=10)
    with stage.acting(stage.managers[0], at) as actor:
        made = [
            activities.record(
                actor=actor, account_id=account_id, kind="call", direction="in", occurred_at=at - timedelta(hours=1), summary="They asked about support.",
                source="crm", external_id=f"call-{number}", at=at,
            )
            for number, account_id in enumerate(account_ids, 1)
        ]  # fmt: skip
        if made:
            activities.strike(actor=actor, activity_id=made[-1], reason="It was another company of that name.", at=at + timedelta(hours=1))


def _leave(stage: Stage, deal_id: UUID) -> None:
    """A customer wrote that it wants somebody nearer; the notice runs."""
    at = stage.at(days_ago=4, hour=11)
    letter = ("letter.txt", b"Dear team, we want to work with a partner that has people on site. Kind regards")
    with stage.acting(stage.managers[0], at) as actor:
        services.record_choice(
            actor=actor, registration_id=deal_id, contact_name="Purchasing", reason="We want a partner with people on site.", letter=letter, at=at
        )
