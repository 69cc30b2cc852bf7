"""Help until the first deal: somebody to ask, a flag that raises promises, questions and answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.events import HelpAnswered, HelpAsked
from openprm.onboarding.models import FirstDeal, Help, ReachedMilestone
from openprm.onboarding.promisekinds import HELP
from openprm.onboarding.rules.segment import ManagerLoad, least_loaded
from openprm.onboarding.services.milestones import FIRST_WON, catch_up
from openprm.onboarding.services.unit import as_system, record, text
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.promises import services as promises

OPEN_QUESTIONS = 20


class AlreadyAnswered(Conflict):
    """Somebody answered this question."""


class TooManyQuestions(Conflict):
    """The partner waits for many answers already."""


def begin_first_deal(*, partner_id: UUID, program_id: UUID | None = None, at: datetime) -> None:
    """Raise the first-deal flag and make sure that somebody looks after the partner. Safe to repeat."""
    with system_scope():
        catch_up(partner_ids=(partner_id,), at=at)
        won_at = ReachedMilestone.objects.filter(partner=partner_id, code=FIRST_WON).values_list("reached_at", flat=True).first()
        row, is_new = FirstDeal.objects.get_or_create(partner_id=partner_id, defaults={"since": at, "won_at": won_at})
        if partners.manager_of(partner_id) is None and _assign_manager(partner_id, program_id, at) and is_new:
            FirstDeal.objects.filter(pk=row.pk).update(manager_was_assigned=True)


def _assign_manager(partner_id: UUID, program_id: UUID | None, at: datetime) -> UUID | None:
    manager_id = least_loaded(loads(partner_id, program_id))
    if manager_id:
        partner_services.assign_manager(actor=SYSTEM, partner_id=partner_id, manager_id=manager_id, at=at)
    return manager_id


def loads(partner_id: UUID, program_id: UUID | None) -> list[ManagerLoad]:
    """The partner managers with what they look after already, as a newcomer's region and program see it."""
    region = partners.partner(SYSTEM, partner_id).region
    managers = [person for person in identity.holders_of("partners.manage") if person.role == "partner_manager"]
    found = _counted([person.id for person in managers if person.id], region, program_id)
    return [ManagerLoad(user_id=person.id, name=person.name, **found[person.id]) for person in managers if person.id]


def _counted(manager_ids: list[UUID], region: str, program_id: UUID | None) -> dict[UUID, dict[str, int]]:
    cared_for = partners.newest_partners(SYSTEM, filters={"status": "active", "manager": tuple(manager_ids)})
    in_program = set(partners.newest_partners(SYSTEM, filters={"program": (program_id,)}).values_list("pk", flat=True)) if program_id else set()
    found = {manager_id: {"partners": 0, "in_region": 0, "in_program": 0} for manager_id in manager_ids}
    for pk, manager_id, where in cared_for.values_list("pk", "manager_id", "region"):
        found[manager_id]["partners"] += 1
        found[manager_id]["in_region"] += bool(region) and where == region
        found[manager_id]["in_program"] += pk in in_program
    return found


def ask_for_help(*, actor: Actor, question: str, at: datetime) -> UUID:
    """Ask the partner manager. An answer is promised while the first deal is not won. Raises NotAllowed, Invalid, TooManyQuestions."""
    refuse_if(policies.why_not_ask(actor))
    question = text("question", question, longest=2000)
    assert actor.partner_id is not None, "the policy lets only partners ask"
    with as_system(actor):
        if Help.objects.filter(partner=actor.partner_id, answered_at=None).count() >= OPEN_QUESTIONS:
            raise TooManyQuestions(_("You wait for %(count)d answers already. Write to your partner manager instead.") % {"count": OPEN_QUESTIONS})
        row = Help.objects.create(partner_id=actor.partner_id, question=question, asked_by_id=actor.user_id, asked_by_name=actor.name[:120], asked_at=at)
        record(actor, "onboarding.help_asked", row, partner_id=row.partner_id, after={}, note=str(row), at=at)
        promises.start(actor=SYSTEM, code=HELP, subject=row, partner_id=row.partner_id, refs=(row.partner_id,), at=at)
        publish(HelpAsked(help_id=row.pk, partner_id=row.partner_id, at=at))
    return row.pk


@transaction.atomic
def answer_help(*, actor: Actor, help_id: UUID, answer: str, at: datetime) -> None:
    """Raises NotFound, NotAllowed, Invalid, AlreadyAnswered."""
    row = policies.reach_help(actor).locked().one(help_id)
    refuse_if(policies.why_not_manage(actor))
    if row.answered_at:
        raise AlreadyAnswered(_("%(name)s has answered this question.") % {"name": row.answered_by_name})
    row.answer, row.answered_at = text("answer", answer, longest=4000), at
    row.answered_by_id, row.answered_by_name = actor.user_id, actor.name[:120]
    row.save()
    promises.keep(subject_id=row.pk, code=HELP, at=at)
    record(actor, "onboarding.help_answered", row, partner_id=row.partner_id, after={}, note=str(row), at=at)
    publish(HelpAnswered(help_id=row.pk, partner_id=row.partner_id, at=at))
