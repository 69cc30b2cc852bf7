"""The answer to an application: a partner from an approval, in one transaction with everything that hangs on it, or a rejection."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from openprm.applications import rules
from openprm.applications.events import ApplicationApproved, ApplicationRejected
from openprm.applications.models import Application, ProgramPage
from openprm.applications.promisekinds import DECISION
from openprm.applications.rules import REAPPLY, REASONS, State
from openprm.applications.services import surroundings
from openprm.applications.services.facts import facts_of
from openprm.applications.services.unit import move, record, refuse_unless
from openprm.identity import queries as people
from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Invalid, Problem
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.partners import services as partnering
from openprm.promises import services as promises


class CompanyIsPartner(Conflict):
    """A partner with this web domain is there already."""


def admit(*, actor: Actor, application: Application, message: str, at: datetime, into_partner_id: UUID | None = None) -> UUID:
    """Make the applicant a partner, enroll it, invite its person, keep the promise and tell everybody; gives the partner's id.

    Everything or nothing: the caller's transaction holds it together. Raises AlreadyAnswered, CompanyIsPartner, Invalid, Conflict.
    """
    refuse_unless(application, State.APPROVED)
    _hold_company(application.domain)
    before = application.snapshot()
    partner_id = _enroll_known(actor, application, into_partner_id, at) if into_partner_id else _make_partner(actor, application, at)
    _close(application, actor, at)
    application.partner_id, application.message = partner_id, message
    move(application, State.APPROVED, "partner", "message", *CLOSING)
    promises.keep(application.pk, DECISION, at)
    record(
        actor, "application.approved", application, before=before, refs=(partner_id,), visible_to=(partner_id,), note=message, data=_told(application), at=at
    )
    surroundings.welcome(actor=SYSTEM, application=application, facts=facts_of(application), at=at)
    publish(
        ApplicationApproved(
            application_id=application.pk, program_id=application.program_id, partner_id=partner_id, automatic=application.decided_by_rule, at=at
        )
    )
    return partner_id


def turn_down(*, actor: Actor, application: Application, reason: str, message: str, reapply: str, at: datetime) -> None:
    """Say no, with a reason and when the company may come again. Raises AlreadyAnswered, Invalid."""
    _refuse_bad_answer(reason, message, reapply, is_rule=actor.is_system)
    refuse_unless(application, State.REJECTED)
    before = application.snapshot()
    _close(application, actor, at)
    page = ProgramPage.objects.filter(program=application.program_id).first() or ProgramPage()
    application.reason, application.message, application.reapply = reason, message, reapply
    application.reapply_from_date = rules.reapply_from(decided_at=at, reapply=reapply, days=page.reapply_days)
    move(application, State.REJECTED, "reason", "message", "reapply", "reapply_from_date", *CLOSING)
    promises.keep(application.pk, DECISION, at)
    record(actor, "application.rejected", application, before=before, note=message, at=at)
    surroundings.declined(application, at)
    publish(ApplicationRejected(application_id=application.pk, program_id=application.program_id, reason=reason, automatic=application.decided_by_rule, at=at))


CLOSING = ("decided_at", "decided_by", "decided_by_rule", "asked_fields", "asked_message")


def _close(application: Application, actor: Actor, at: datetime) -> None:
    application.decided_at, application.decided_by_id, application.decided_by_rule = at, actor.user_id, actor.is_system
    application.asked_fields, application.asked_message = [], ""


def _hold_company(domain: str) -> None:
    """Let two approvals of one company wait for each other, whichever applications they come from."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"applications.company:{domain}"])


def _make_partner(actor: Actor, application: Application, at: datetime) -> UUID:
    _refuse_partner(application)
    partner_id = partnering.create_partner(
        actor=actor,
        name=application.company_name,
        domain=application.domain,
        country=application.country,
        type=application.type,
        motion=application.program.motion,
        website=application.website,
        manager_id=_manager(actor),
        program_id=application.program_id,
        at=at,
    )
    identity.invite_person(actor=actor, organization_id=partner_id, email=application.email, role="partner_admin", name=application.contact_name, at=at)
    return partner_id


def _enroll_known(actor: Actor, application: Application, partner_id: UUID, at: datetime) -> UUID:
    """Let a partner that is there already into the program; its own administrators invite its people."""
    partners.partner(actor, partner_id)
    partnering.enroll(actor=actor, partner_id=partner_id, program_id=application.program_id, at=at)
    return partner_id


def _refuse_partner(application: Application) -> None:
    rows = people.organizations(SYSTEM, kind="partner").filter(domain__iendswith=application.domain) if application.domain else []
    for row in rows:
        if normal_domain(row.domain) == application.domain:
            raise CompanyIsPartner(
                _("%(name)s has the web domain %(domain)s and is a partner already. Enroll it in the program instead of adding it twice.")
                % {"name": row.name, "domain": application.domain}
            )


def _manager(actor: Actor) -> UUID | None:
    """Whoever takes the partner in looks after it first; nobody when a rule did."""
    holders = {person.id for person in people.holders_of("partners.manage")}
    return actor.user_id if actor.user_id in holders else None


def _told(application: Application) -> dict[str, object]:
    """What the partner's timeline keeps of the application."""
    told = {"application": application.number, "program": application.program.name, "applied_at": application.submitted_at, "clause": application.clause}
    return {name: value for name, value in told.items() if value}


def _refuse_bad_answer(reason: str, message: str, reapply: str, *, is_rule: bool) -> None:
    problems = []
    if reason not in REASONS:
        problems.append(Problem("reason", _("Choose a reason."), "required"))
    if reapply not in REAPPLY:
        problems.append(Problem("reapply", _("Say when the company may apply again."), "required"))
    if not message.strip() and not is_rule:
        problems.append(Problem("message", _("Write a sentence to the applicant: what was missing, and what would help."), "required"))
    if len(message) > 2000:
        problems.append(Problem("message", _("The message is longer than 2,000 characters. Shorten it.")))
    if problems:
        raise Invalid(problems=problems)
