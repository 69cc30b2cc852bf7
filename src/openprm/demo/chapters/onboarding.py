"""Onboarding: old partners that walked their plans, newcomers on their way, two that stand still, kits, questions, pilots."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import queries, services
from openprm.partners import services as partners

OLD_HANDS = 3
STANDS_STILL = 1
NEWCOMERS = (  # name, web name, country, type, motion, program, days ago, tasks done, days to the first registration and win
    ("Nordlys Rådgivning", "nordlys", "NO", "consultant", "influence", "refer", 172, 99, 31, 88),
    ("Brisa Cloud", "brisacloud", "PT", "reseller", "transact", "resell", 164, 99, 44, 103),
    ("Karst Systems", "karst", "SI", "si", "solution", "services", 151, 99, 58, 121),
    ("Lindqvist & Åberg IT", "lindqvist-aberg", "SE", "reseller", "transact", "resell", 118, 99, 27, 79),
    ("Vantage Retail Tech", "vantageretail", "GB", "var", "transact", "resell", 101, 16, 63, None),
    ("Opaline Services", "opaline", "FR", "msp", "retain", "success", 84, 99, 40, 76),
    ("Tessellate Labs", "tessellate", "NL", "isv", "solution", "build", 66, 5, None, None),
    ("Weser Datentechnik", "weser", "DE", "reseller", "transact", "resell", 47, 12, 22, None),
    ("Aragón Integra", "aragonintegra", "ES", "reseller", "transact", "resell", 33, 2, None, None),
    ("Puffin Analytics", "puffin", "IE", "referral", "influence", "refer", 19, 99, None, None),
    ("Skagen Netværk", "skagen", "DK", "msp", "retain", "success", 6, 2, None, None),
)
PEOPLE = (
    "Signe Holm",
    "Tiago Matos",
    "Nika Kovač",
    "Elsa Åberg",
    "Priya Shah",
    "Luc Besnard",
    "Femke de Wit",
    "Jonas Harms",
    "Irene Lobo",
    "Aoife Byrne",
    "Mads Krogh",
)
MESSAGE = (
    "We are glad that you are here. The first 90 days decide whether a partnership works, so we put somebody next to you and a plan in front of you.\n\n"
    "Begin with three things: meet your partner manager, bring two colleagues in, and read how we decide. The rest follows one task at a time.\n\n"
    "When something is unclear, ask under the task itself. Both sides read it, and nobody has to search a mailbox."
)
MILESTONE_OF = {
    "kit": "onboarding.kit_opened",
    "team": "partner.team_of_three",
    "agreement": "agreements.accepted",
    "compliance": "compliance.cleared",
    "profile": "directory.profile_published",
    "first-registration": "deals.first_registration",
    "first-introduction": "deals.first_registration",
    "first-approved": "deals.first_approved",
    "first-win": "deals.first_won",
}
ANSWER = "Three manufacturers of our region with more than 200 people; each runs two systems that do not talk to each other."


def tell(stage: Stage) -> None:
    _kits(stage)
    with stopped(stage.until), system_scope():
        services.catch_up(partner_ids=[one.partner_id for one in stage.partners], at=stage.until)
    for number, partner in enumerate(stage.partners[:OLD_HANDS]):
        _old_hand(stage, partner, days_ago=330 - 34 * number)
    _applicants(stage)
    for number, line in enumerate(NEWCOMERS):
        _newcomer(stage, PEOPLE[number], *line)
    _pilots(stage)
    _newer_version(stage)
    with stopped(stage.until), system_scope():
        services.mark_stuck(at=stage.until)


def _kits(stage: Stage) -> None:
    for code, program_id in stage.programs.items():
        values = {
            "title": "Welcome to Halden",
            "message": MESSAGE,
            "logins": "Portal: sign in with your mail address.\nTest environment: your partner manager sends the key in the first week.",
            "course_title": "Halden in 40 minutes",
            "course_about": "What our products do, for whom, and where they do not fit.",
            "course_url": f"https://academy.halden.example/{code}/basics",
            "links": [
                {"label": "Price list", "url": "https://files.halden.example/prices"},
                {"label": "Logos and pictures", "url": "https://brand.halden.example"},
            ],
            "contacts": [{"user_id": str(manager.user_id), "about": "Questions on prices"} for manager in stage.managers[:1]],
            "is_active": True,
        }
        moment = stage.at(days_ago=720, hour=9)
        with stage.acting(stage.admin, moment):
            services.save_kit(actor=stage.admin, program_id=program_id, values=values, at=moment)


def _old_hand(stage: Stage, partner: PartnerOnStage, *, days_ago: int) -> None:
    """A partner from the first days, that walked its plan to the end."""
    moment = stage.at(days_ago=days_ago, hour=9)
    with stopped(moment), system_scope():
        plan_id = services.start_for_segment(partner_id=partner.partner_id, program_id=partner.program_id, at=moment)
        services.deliver_kit(partner_id=partner.partner_id, program_id=partner.program_id, at=moment)
    if plan_id:
        _walk(stage, plan_id, partner.partner_id, moment, tasks=99)


def _applicants(stage: Stage) -> None:
    """Those that came through an application have plans already: most have walked far, one stands still."""
    known = {partner.partner_id for partner in stage.partners}
    with system_scope():
        begun = [row for row in queries.export_plans(SYSTEM, filters={"state": "running"}, at=stage.until) if row.partner_id not in known]
    for number, row in enumerate(sorted(begun, key=lambda row: row.started_at)):
        _walk(stage, row.id, row.partner_id, row.started_at, tasks=0 if number == STANDS_STILL else 99, deals={})


def _newcomer(
    stage: Stage,
    person: str,
    name: str,
    web: str,
    country: str,
    type: str,
    motion: str,
    program: str,
    days_ago: int,
    tasks: int,
    registered: int | None,
    won: int | None,
) -> None:
    """A partner that joined lately: enrolled, welcomed, and as far as `tasks` finished tasks."""
    moment, program_id = stage.at(days_ago=days_ago, hour=9), stage.programs[program]
    with stage.acting(stage.admin, moment):
        profile = {"country": country, "type": type, "motion": motion, "domain": f"{web}.example"}
        partner_id = partners.create_partner(actor=stage.admin, name=name, program_id=program_id, at=moment, **profile)
        for role, first in (("partner_admin", person), ("partner_sales", f"{person.split()[-1]} Junior")):
            mail = f"{role.removeprefix('partner_')}@{web}.example"
            identity.add_person(actor=SYSTEM, organization_id=partner_id, email=mail, name=first, role=role, at=moment)
    with stopped(moment), system_scope():
        services.begin_first_deal(partner_id=partner_id, program_id=program_id, at=moment)
        plan_id = services.start_for_segment(partner_id=partner_id, program_id=program_id, at=moment)
        services.deliver_kit(partner_id=partner_id, program_id=program_id, at=moment)
    days = {"deals.first_registration": registered, "deals.first_approved": registered and registered + 3, "deals.first_won": won}
    deals = {code: moment + timedelta(days=after) for code, after in days.items() if after and moment + timedelta(days=after) < stage.until}
    if plan_id:
        _walk(stage, plan_id, partner_id, moment, tasks=tasks, deals=deals)
    for code, reached in deals.items():
        _note(stage, partner_id, code, reached)
    if registered is None and days_ago < 40:
        _question(stage, plan_id, max(moment, stage.at(days_ago=0.2 if days_ago > 20 else 3)))


def _note(stage: Stage, partner_id: UUID, code: str, at: datetime) -> None:
    with stage.acting(stage.managers[0], at) as manager:
        services.note_milestone(actor=manager, partner_id=partner_id, code=code, evidence=f"Opportunity {stage.chance.randint(4000, 9900)} in the CRM", at=at)


def _walk(stage: Stage, plan_id: UUID, partner_id: UUID, started: datetime, *, tasks: int, deals: Mapping[str, datetime] | None = None) -> None:
    """Do the first tasks in order, each on its side, a little before or after it is due; what happens by itself happens in between.

    `deals` says when the deals came; without it they came before they were kept here, and are waived.
    """
    people, left = _people(partner_id), tasks
    while left > 0:
        with system_scope():
            plan = queries.plan_for_vendor(SYSTEM, plan_id, stage.until)
        waiting = [task for level in plan.levels if level.state == "open" for task in level.tasks if task.state == "open"]
        for task in waiting[:left]:
            if task.due_at - timedelta(days=6) > stage.until:
                return
            moment = max(started, min(task.due_at - timedelta(days=stage.chance.choice((1, 1, 2, 4, -1))), stage.until - timedelta(hours=2)))
            if task.kind != "milestone":
                _do(stage, task, stage.managers[0] if task.side == "vendor" else people.get(task.owner_id) or stage.managers[0], moment)
            elif not _happen(stage, task, partner_id, moment, deals):
                return
        left = left - len(waiting) if waiting else 0


def _happen(stage: Stage, task: Any, partner_id: UUID, at: datetime, deals: Mapping[str, datetime] | None) -> bool:
    """Let the milestone of a task happen; False when it has not happened yet."""
    code = MILESTONE_OF[task.key]
    if not code.startswith("deals."):
        with stopped(at), system_scope():
            services.reach_milestone(partner_id=partner_id, code=code, at=at)
        return True
    if deals is None:
        with stage.acting(stage.managers[0], at) as manager:
            services.waive_task(actor=manager, task_id=task.id, reason="Came before deals were kept here", at=at)
        return True
    if code in deals:
        _note(stage, partner_id, code, deals[code])
    return code in deals


def _do(stage: Stage, task: Any, actor: Actor, at: datetime) -> None:
    with stage.acting(actor, at):
        if task.needs_evidence:
            services.add_evidence(actor=actor, task_id=task.id, name="certificate.txt", content=b"Certificate: passed with 87 of 100 points.\n", at=at)
        try:
            services.complete_task(actor=actor, task_id=task.id, answer=ANSWER if task.kind == "fill" else "", at=at)
        except Refusal:
            return


def _people(partner_id: UUID) -> dict[UUID | None, Actor]:
    from openprm.identity import queries as people

    with system_scope():
        return {person.id: people.actor_of(person.id) for person in people.people(SYSTEM, partner_id) if person.is_active and person.id}


def _question(stage: Stage, plan_id: UUID | None, at: datetime) -> None:
    if plan_id is None:
        return
    with system_scope():
        people = _people(queries.plan_for_vendor(SYSTEM, plan_id, at).partner_id)
    asker = next(iter(people.values()))
    with stopped(at), scope(asker):
        services.ask_for_help(actor=asker, question="A customer of ours asks for a test system before it signs. Is that possible, and who sets it up?", at=at)


def _pilots(stage: Stage) -> None:
    """One that worked and was rolled out, one that runs."""
    chosen = [one for one in stage.partners if one.program_code == "resell"][:6]
    old, new = stage.at(days_ago=260, hour=10), stage.at(days_ago=34, hour=10)
    first = _pilot(
        stage,
        "Answers on prices by chat",
        "Questions on prices are answered in a shared chat instead of by mail.",
        old,
        ("Hours until a price is confirmed", 30, 6),
        chosen[:4],
    )
    _answer(stage, first, chosen[:4], old + timedelta(days=2))
    end = old + timedelta(days=92)
    with stage.acting(stage.managers[0], end) as manager:
        goal = queries.pilot(manager, first).goals[0]
        services.measure_goal(actor=manager, pilot_id=first, goal_id=goal.id, measured=Decimal(5), note="Median of 140 questions", at=end)
        services.close_pilot(
            actor=manager, pilot_id=first, result="Five hours instead of thirty. Three of four partners asked to keep it.", roll_out=True, at=end
        )
    second = _pilot(
        stage,
        "Deal reviews every second Friday",
        "Half an hour with a presales colleague on every open deal above 50,000 euro.",
        new,
        ("Won of decided deals, per cent", 31, 40),
        chosen,
    )
    _answer(stage, second, chosen[:-1], new + timedelta(days=3))
    with stage.acting(stage.managers[0], stage.at(days_ago=4, hour=11)) as manager:
        goal = queries.pilot(manager, second).goals[0]
        services.measure_goal(
            actor=manager, pilot_id=second, goal_id=goal.id, measured=Decimal(35), note="After 11 decided deals", at=stage.at(days_ago=4, hour=11)
        )


def _pilot(stage: Stage, name: str, about: str, at: datetime, goal: tuple[str, int, int], chosen: list[PartnerOnStage]) -> UUID:
    title, baseline, target = goal
    with stage.acting(stage.managers[0], at) as manager:
        dates = {"starts_date": at.date(), "ends_date": (at + timedelta(days=90)).date()}
        pilot_id = services.create_pilot(actor=manager, name=name, about=about, kind="feature", at=at, **dates)
        services.add_goal(actor=manager, pilot_id=pilot_id, name=title, baseline=Decimal(baseline), target=Decimal(target), at=at)
        services.invite_partners(actor=manager, pilot_id=pilot_id, partner_ids=[one.partner_id for one in chosen], at=at)
        services.start_pilot(actor=manager, pilot_id=pilot_id, at=at)
    return pilot_id


def _answer(stage: Stage, pilot_id: UUID, chosen: list[PartnerOnStage], at: datetime) -> None:
    for number, partner in enumerate(chosen):
        with stage.acting(partner.people["partner_admin"][0], at) as admin:
            services.answer_invitation(actor=admin, pilot_id=pilot_id, accept=number != 2, note="" if number != 2 else "Too busy this quarter", at=at)


def _newer_version(stage: Stage) -> None:
    """The resale template has a newer version, so that running plans can be moved to it."""
    at = stage.at(days_ago=21, hour=14)
    with stage.acting(stage.admin, at) as admin:
        template = next(one for one in queries.templates(admin) if one.code == "resell-90")
        services.begin_draft(actor=admin, template_id=template.id, at=at)
        values = {
            "title": "Sit in on a support day",
            "about": "Half a day with our support team: the fastest way to know the product.",
            "side": "partner",
            "role": "partner_technical",
            "offset_days": 55,
            "is_required": False,
        }
        services.put_task(actor=admin, template_id=template.id, level_key="learn", values=values, at=at)
        services.publish_draft(actor=admin, template_id=template.id, notice="A day with support was added", at=at)
