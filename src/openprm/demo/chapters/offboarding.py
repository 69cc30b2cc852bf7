"""Partners come and go: yearly terms with renewals, one partner that left, one in its notice, one that asks, one that rests."""

from datetime import datetime, timedelta

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import SYSTEM
from openprm.offboarding import queries as leavings
from openprm.offboarding import services as offboarding
from openprm.partners import services as partner_services

RENEWED = 12
ENDS_IN = (5, 12, 21, 27, 34, 41, 48, 55, 64, 75, 88, 110, 140, 170)


def tell(stage: Stage) -> None:
    """The last months of memberships and of those who leave. Partners in the lowest tiers leave, so that stories told elsewhere go on."""
    _terms(stage)
    quiet = [one for one in stage.partners if one.tier_code in ("registered", "member")] or list(stage.partners)
    gone, leaving, asking, resting = quiet[-1], quiet[-2], quiet[-3], quiet[-4]
    _left(stage, gone)
    _in_notice(stage, leaving)
    _asks(stage, asking)
    _rests(stage, resting)


def _terms(stage: Stage) -> None:
    """Memberships last a year. Most end far ahead, some soon; a few were renewed by hand last month."""
    at = stage.at(days_ago=100, hour=9)
    with stage.acting(stage.admin, at) as actor:
        for program_id in stage.programs.values():
            partner_services.update_program(actor=actor, program_id=program_id, changes={"term_months": 12}, at=at)
        for place, one in enumerate(stage.partners):
            _ends(stage, actor, one, ENDS_IN[place % len(ENDS_IN)] + 30 * (place // len(ENDS_IN)), at)
    for one in stage.partners[:RENEWED:4]:
        moment = stage.at(days_ago=20, hour=10)
        with stage.acting(_manager(stage), moment) as actor:
            partner_services.renew_enrollment(actor=actor, partner_id=one.partner_id, program_id=one.program_id, months=12, at=moment)


def _ends(stage: Stage, actor, one: PartnerOnStage, days: int, at: datetime) -> None:
    until, reason = stage.until + timedelta(days=days), "Memberships last a year from now on."
    partner_services.set_enrollment_end(actor=actor, partner_id=one.partner_id, program_id=one.program_id, until=until, reason=reason, at=at)


def _left(stage: Stage, one: PartnerOnStage) -> None:
    """Asked in summer, left in autumn, said why."""
    opened, last = stage.at(days_ago=75, hour=10), stage.at(days_ago=24, hour=16)
    case = _opened(stage, one, opened, kind="partner", reason="The company was bought and moves to its new owner's product.", access_ends_at=last)
    with stage.acting(_manager(stage), last) as actor:
        offboarding.decide_step(actor=actor, offboarding_id=case, code="deals", choice="release", at=last)
        for code in ("deals", "money", "access", "membership", "retention"):
            offboarding.run_step(actor=actor, offboarding_id=case, code=code, at=last)
    with stage.acting(SYSTEM, last + timedelta(hours=1)):
        offboarding.make_export(offboarding_id=case, at=last + timedelta(hours=1))
    said = stage.at(days_ago=21, hour=11)
    with stage.acting(SYSTEM, said):
        text = "Good people, fair rules. Two answers on deals came late in spring, and that cost us a customer."
        offboarding.answer_survey(token=leavings.token_of(case), score=8, text=text, at=said)


def _in_notice(stage: Stage, one: PartnerOnStage) -> None:
    opened = stage.at(days_ago=14, hour=14)
    case = _opened(stage, one, opened, kind="mutual", reason="Their market moves to service providers that we do not serve.")
    later = stage.at(days_ago=6, hour=9)
    with stage.acting(_manager(stage), later) as actor:
        offboarding.run_step(actor=actor, offboarding_id=case, code="money", at=later)


def _asks(stage: Stage, one: PartnerOnStage) -> None:
    admins = one.people.get("partner_admin", ())
    if not admins:
        return
    at = stage.at(days_ago=2, hour=9)
    with stage.acting(admins[0], at) as actor:
        offboarding.request_offboarding(actor=actor, reason="Our last certified engineer retires, and we do not want to do half a job.", at=at)


def _rests(stage: Stage, one: PartnerOnStage) -> None:
    at = stage.at(days_ago=40, hour=15)
    with stage.acting(_manager(stage), at) as actor:
        reason = "They pause reselling for half a year while they rebuild their team."
        partner_services.change_status(actor=actor, partner_id=one.partner_id, status="deactivated", reason=reason, at=at)


def _opened(stage: Stage, one: PartnerOnStage, at: datetime, **values):
    with stage.acting(_manager(stage), at) as actor:
        return offboarding.open_offboarding(actor=actor, partner_id=one.partner_id, at=at, **values)


def _manager(stage: Stage):
    return stage.managers[0]
