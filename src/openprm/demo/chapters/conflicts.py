"""Direct contacts that the sentinel saw, a rejection that was disputed, an appeal that was heard, and what others learned from it."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.activities import services as activities
from openprm.conflicts import queries, services
from openprm.conflicts.queries.touches import touch_of
from openprm.conflicts.rules.draft import CaseDraft
from openprm.deals import queries as deals
from openprm.deals.queries.protections import protections
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import system_scope
from openprm.ui.paging import PageRequest

CLAUSE, REASONS = (
    "conflicts.sentinel|T5",
    ("The contact was outbound and about a new product line. Neither a support case nor a word of the customer explains it, and the protection ran."),
)
TOLD = 6
CHANGE = "An open support case on that day, or a word of the partner before."
OURS, THEIRS = "The customer had written to our general address. I took it for a direct lead.", "We heard of it from the customer. Nobody had asked us."


def tell(stage: Stage) -> None:
    """Six cases in every state, two of them precedents."""
    rep = _rep()
    told = iter(_protected(stage))
    _false_alarm(stage, rep, next(told), 38)
    _decided(stage, rep, next(told), 35, appeals=False)
    _decided(stage, rep, next(told), 29, appeals=True)
    _heard(stage, rep, next(told), 5)
    _decided(stage, rep, next(told), 9, appeals=False, becomes_final=False)
    _touched(stage, rep, next(told), 1)
    _disputed(stage)


def _rep() -> Actor:
    """Our person who calls too soon: of marketing, so that no partner is managed by it."""
    with system_scope():
        people = identity.people(SYSTEM, identity.vendor_organization().id)
        return identity.actor_of(next(one.id for one in people if one.role == "marketing_manager" and one.id))


def _protected(stage: Stage) -> list[tuple[PartnerOnStage, deals.Dossier]]:
    """Deals whose protection runs longest, one of each partner, as many as are told about."""
    page = PageRequest(key="demo.conflicts", sort="created", limit=200)
    with system_scope():
        rows = protections(SYSTEM, page, live=True, at=stage.until).rows
        known = {one.partner_id: one for one in stage.partners}
        first = {row.partner_id: row for row in sorted(rows, key=lambda row: row.starts_at, reverse=True) if row.partner_id in known}
        longest = sorted(first.values(), key=lambda row: row.starts_at)[:TOLD]
        return [(known[row.partner_id], deals.dossier(row.registration_id, stage.until)) for row in longest]


def _seller(partner: PartnerOnStage) -> UUID:
    return next(iter((*partner.people.get("partner_sales", ()), *partner.people.get("partner_admin", ()))))


def _touched(stage: Stage, rep: Actor, told, days_ago: float) -> UUID | None:
    """Our person at a protected customer; the case that the worker makes of it for this partner, of those protected there."""
    partner, deal = told
    at = max(stage.at(days_ago=days_ago, hour=10), deal.grants[0].starts_at + timedelta(hours=2))
    with stage.acting(rep, at) as actor:
        activity_id = activities.record(
            actor=actor, account_id=deal.account_id, kind=stage.chance.choice(("call", "email", "meeting")), occurred_at=at,
            summary="Spoke about the next release.", at=at,
        )  # fmt: skip
    with stage.acting(SYSTEM, at):
        touch, summary = touch_of(activity_id, author_id=rep.user_id)
        cases = services.heed(touch, summary=summary, at=at)
        return next((one for one in cases if queries.case_for_vendor(SYSTEM, one, at).partner_id == partner.partner_id), None)


def _false_alarm(stage: Stage, rep: Actor, told, days_ago: float) -> None:
    case_id = _touched(stage, rep, told, days_ago)
    if case_id and (judge := _judge(stage, case_id, stage.at(days_ago=days_ago - 1))):
        at = stage.at(days_ago=days_ago - 2)
        with stage.acting(judge, at) as actor:
            services.dismiss(actor=actor, case_id=case_id, reason="The call was about an open support case; it is on file.", at=at)


def _judge(stage: Stage, case_id: UUID, at: datetime) -> UUID | None:
    """Whom the system proposes; nobody when all are tied to the case."""
    try:
        with stage.acting(stage.admin, at) as actor:
            services.assign(actor=actor, case_id=case_id, at=at)
            return queries.case_for_vendor(actor, case_id, at).reviewer_id
    except Refusal:
        return None


def _heard(stage: Stage, rep: Actor, told, days_ago: float) -> tuple[UUID, UUID] | None:
    """Both sides spoke, and somebody without ties took the case."""
    partner, _deal = told
    case_id = _touched(stage, rep, told, days_ago)
    if case_id is None:
        return None
    for who, text, later in ((_seller(partner), THEIRS, 0.5), (rep, OURS, 0.8)):
        at = stage.at(days_ago=days_ago - later)
        with stage.acting(who, at) as actor:
            services.give_statement(actor=actor, case_id=case_id, text=text, at=at)
    judge = _judge(stage, case_id, stage.at(days_ago=days_ago - 1))
    return (case_id, judge) if judge else None


def _decided(stage: Stage, rep: Actor, told, days_ago: float, *, appeals: bool, becomes_final: bool = True) -> None:
    found = _heard(stage, rep, told, days_ago)
    if found is None:
        return
    case_id, judge = found
    _decide(stage, judge, case_id, days_ago - 3, "unfounded" if appeals else "founded")
    if appeals:
        _appeal(stage, told[0], case_id, days_ago - 6)
    if becomes_final:
        _publish(stage, case_id, days_ago - 20)


def _decide(stage: Stage, judge: UUID, case_id: UUID, days_ago: float, finding: str) -> None:
    at = stage.at(days_ago=days_ago)
    reasons = REASONS if finding == "founded" else "The customer had asked for us in writing, two weeks before the contact."
    with stage.acting(judge, at) as actor:
        services.decide(actor=actor, case_id=case_id, finding=finding, reasons=reasons, would_change=CHANGE, clause=CLAUSE, at=at)


def _appeal(stage: Stage, partner: PartnerOnStage, case_id: UUID, days_ago: float) -> None:
    """The partner disagrees, and a second reviewer sees it as the partner does."""
    at, later = stage.at(days_ago=days_ago), stage.at(days_ago=days_ago - 3)
    with stage.acting(_seller(partner), at) as actor:
        services.appeal(actor=actor, case_id=case_id, text="The customer asked about something else; its mail is on the case.", at=at)
    with stage.acting(stage.admin, later) as actor:
        second = queries.second_reviewer_of(actor, case_id)
    if second:
        with stage.acting(second, later) as actor:
            services.answer_appeal(
                actor=actor, case_id=case_id, result="changed", finding="founded", reasons=REASONS, would_change=CHANGE, clause=CLAUSE, at=later
            )  # fmt: skip


def _publish(stage: Stage, case_id: UUID, days_ago: float) -> None:
    at = stage.at(days_ago=max(days_ago, 0.2))
    with stage.acting(SYSTEM, at):
        services.close_due(at=at)
    with stage.acting(stage.admin, at) as actor:
        try:
            precedent_id = services.prepare(actor=actor, case_id=case_id, at=at)
            services.save_draft(actor=actor, precedent_id=precedent_id, texts={"title": "A direct contact without a word to the partner"}, at=at)
            services.publish_precedent(actor=actor, precedent_id=precedent_id, at=at)
        except Refusal:
            return


def _disputed(stage: Stage) -> None:
    """A partner does not accept a rejection."""
    page = PageRequest(key="demo.disputes", sort="created", limit=20)
    with system_scope():
        rows = deals.registrations(stage.admin, deals.Filters(status=("rejected",)), page, stage.until).rows
    known = {one.partner_id: one for one in stage.partners}
    row = next((one for one in rows if one.partner_id in known), None)
    if row:
        at = stage.at(days_ago=2, hour=11)
        draft = CaseDraft(type="rejection", claim="The plant stands in our territory; its address is on the deal.", registration_id=row.id)
        with stage.acting(_seller(known[row.partner_id]), at) as actor:
            services.open_case(actor=actor, draft=draft, at=at)
