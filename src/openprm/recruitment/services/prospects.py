"""Prospects: added, moved, given up, taken up again, made partners."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import queries as people
from openprm.identity import services as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partner_queries
from openprm.partners import services as partners
from openprm.recruitment import policies
from openprm.recruitment.events import ProspectAssigned, ProspectConverted
from openprm.recruitment.models import Company, Prospect
from openprm.recruitment.rules.stages import Stage, can_move
from openprm.recruitment.services import checks, companies
from openprm.recruitment.services.referrals import joined_by_company
from openprm.recruitment.wording import STAGE


class ForbiddenStage(Conflict):
    """A prospect does not go from that stage to this one."""


@transaction.atomic
def add_prospect(
    *,
    actor: Actor,
    name: str,
    at: datetime,
    domain: str = "",
    country: str = "",
    program_id: UUID | None = None,
    owner_id: UUID | None = None,
    source: str = "",
    next_step: str = "",
    next_step_date: date | None = None,
    contact_name: str = "",
    contact_email: str = "",
    facts: Mapping[str, Any] | None = None,
) -> UUID:
    """Put a new company into the pipeline. Raises NotAllowed, NotFound, Invalid, CompanyIsKnown (with the place it is known from)."""
    refuse_if(policies.why_not_manage(actor))
    contact = {"name": contact_name, "email": contact_email} if contact_name or contact_email else None
    company = companies.new_company(
        actor, name=name, domain=domain, country=country, source=source or "manual", facts=facts or {}, contact=contact, at=at
    )  # fmt: skip
    values = {"program_id": program_id, "owner_id": owner_id, "source": source, "next_step": next_step, "next_step_date": next_step_date}
    return _open(actor, company, values, at).pk


@transaction.atomic
def take_up(*, actor: Actor, company_id: UUID, at: datetime, program_id: UUID | None = None, owner_id: UUID | None = None) -> UUID:
    """Move a discovered company into the pipeline; one that was given up begins anew. Raises NotFound, NotAllowed, Conflict."""
    company = companies.locked(actor, company_id)
    if company.partner_id:
        raise companies.CompanyIsKnown(_("%(name)s is a partner already.") % {"name": company.name}, partner_id=company.partner_id)
    known = Prospect.objects.filter(company=company).first()
    if known is None:
        return _open(actor, company, {"program_id": program_id, "owner_id": owner_id, "source": company.source}, at).pk
    if known.stage == Stage.LOST:
        move_stage(actor=actor, prospect_id=known.pk, stage=Stage.IDENTIFIED, at=at)
        return known.pk
    raise companies.CompanyIsKnown(_("%(name)s is in the pipeline already.") % {"name": company.name}, company_id=company.pk)


def _open(actor: Actor, company: Company, values: Mapping[str, Any], at: datetime) -> Prospect:
    prospect = Prospect(company=company, stage_since=at)
    for field, value in _checked(actor, values).items():
        setattr(prospect, field, value)
    if prospect.owner_id is None and actor.user_id in _owners():
        prospect.owner_id = actor.user_id
    with refused_by("recruitment_prospect_company_id_key", companies.CompanyIsKnown(_("Somebody added this company just now. Reload the page."))):
        prospect.save()
    _record(actor, "prospect.added", prospect, None, at)
    _tell_owner(actor, prospect, None, at)
    return prospect


@transaction.atomic
def update_prospect(*, actor: Actor, prospect_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None) -> None:
    """Change owner, program, source or next step. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    prospect = _locked(actor, prospect_id, version)
    if reason := policies.why_not_work_on(prospect):
        raise Conflict(reason)
    before = prospect.snapshot()
    for field, value in _checked(actor, {"next_step": prospect.next_step, "next_step_date": prospect.next_step_date, **changes}).items():
        setattr(prospect, field, value)
    if prospect.snapshot() == before:
        return
    _save(prospect)
    _record(actor, "prospect.changed", prospect, before, at)
    _tell_owner(actor, prospect, before["owner_id"], at)


@transaction.atomic
def move_stage(*, actor: Actor, prospect_id: UUID, stage: str, at: datetime, version: int | None = None, reason: str = "") -> None:
    """Move a prospect along; giving up needs a reason, and becoming a partner is a conversion.

    Raises NotFound, NotAllowed, Invalid, ForbiddenStage, Stale.
    """
    prospect = _locked(actor, prospect_id, version)
    checks.choice("stage", stage, tuple(str(one) for one in Stage))
    if stage == prospect.stage:
        return
    forbidden = ForbiddenStage(_("A prospect that is “%(before)s” cannot become “%(after)s”.") % _stages(prospect.stage, stage), field="stage")
    if stage == Stage.CONVERTED:
        raise ForbiddenStage(_("Use “Make a partner”: it creates the partner and invites the contact."), field="stage")
    if not can_move(prospect.stage, stage):
        raise forbidden
    before, prospect.lost_reason = prospect.snapshot(), checks.line("reason", reason, longest=300, required=stage == Stage.LOST)
    prospect.stage, prospect.stage_since = stage, at
    with refused_by("prospect_way", forbidden):
        _save(prospect)
    verb = "prospect.lost" if stage == Stage.LOST else "prospect.taken_up" if before["stage"] == Stage.LOST else "prospect.moved"
    _record(actor, verb, prospect, before, at)


def _stages(before: str, after: str) -> dict[str, Any]:
    return {"before": STAGE[before][0], "after": STAGE[after][0]}


@transaction.atomic
def convert(
    *,
    actor: Actor,
    prospect_id: UUID,
    at: datetime,
    type: str = "reseller",
    motion: str = "transact",
    program_id: UUID | None = None,
    tier_id: UUID | None = None,
    invite: bool = True,
    version: int | None = None,
) -> UUID:
    """Make the prospect a partner: the organization, its enrollment and the invitation of its main contact; gives the partner's id.

    Raises NotFound, NotAllowed, Invalid, Conflict, CompanyIsKnown, Stale.
    """
    prospect = _locked(actor, prospect_id, version)
    if reason := policies.why_not_work_on(prospect):
        raise Conflict(reason)
    company = prospect.company
    _refuse_partner_with(company)
    contact = company.contacts.filter(is_main=True).exclude(email="").first() if invite else None
    if invite and contact is None:
        raise Invalid(_("Nobody can be invited: add a main contact with an e-mail address, or convert without an invitation."), field="invite")
    owner = prospect.owner_id if prospect.owner_id in _owners() else None
    partner_id = partners.create_partner(
        actor=actor, name=company.name, domain=company.domain, country=company.country, type=type, motion=motion, status="active",
        program_id=program_id or prospect.program_id, tier_id=tier_id, manager_id=owner, at=at,
    )  # fmt: skip
    if contact:
        identity.invite_person(actor=actor, organization_id=partner_id, email=contact.email, name=contact.name, role="partner_admin", at=at)
    _converted(actor, prospect, partner_id, at)
    return partner_id


@transaction.atomic
def convert_to(*, actor: Actor, prospect_id: UUID, partner_id: UUID, at: datetime) -> None:
    """Say that a prospect became this partner, which another way (an application) has made. Safe to call twice.

    Raises NotFound, NotAllowed, Conflict.
    """
    prospect = _locked(actor, prospect_id, None)
    if prospect.company.partner_id == partner_id and prospect.stage == Stage.CONVERTED:
        return
    if prospect.stage == Stage.CONVERTED:
        raise Conflict(_("%(name)s became another partner already.") % {"name": prospect.company.name})
    partner_queries.partner(actor, partner_id)
    _converted(actor, prospect, partner_id, at)


def _converted(actor: Actor, prospect: Prospect, partner_id: UUID, at: datetime) -> None:
    before, company = prospect.snapshot(), prospect.company
    if prospect.stage == Stage.LOST:
        prospect.stage = Stage.IDENTIFIED
        prospect.save(update_fields=["stage"])
    prospect.stage, prospect.stage_since, prospect.converted_at, prospect.lost_reason = Stage.CONVERTED, at, at, ""
    _save(prospect)
    twin = Company.objects.filter(partner=partner_id).exclude(pk=company.pk).locked().first()
    if twin:
        companies.absorb(actor, company, twin, at)
    company.partner_id = partner_id
    company.version += 1
    company.save()
    _record(actor, "prospect.converted", prospect, before, at)
    joined_by_company(company_id=company.pk, partner_id=partner_id, program_id=prospect.program_id, at=at)
    publish(
        ProspectConverted(prospect_id=prospect.pk, company_id=company.pk, partner_id=partner_id, program_id=prospect.program_id, at=at)
    )  # fmt: skip


@transaction.atomic
def remove_prospect(*, actor: Actor, prospect_id: UUID, at: datetime) -> None:
    """Take back a prospect that an import made and nobody has worked on. Raises NotFound, NotAllowed, Conflict."""
    prospect = _locked(actor, prospect_id, None)
    company = prospect.company
    if prospect.stage != Stage.IDENTIFIED or company.notes.exists() or company.outreach.exists() or company.signals.exists():
        raise Conflict(_("Somebody has worked on %(name)s by now.") % {"name": company.name})
    audit.record(actor, "prospect.removed", prospect, after={}, refs=(company.pk,), at=at)
    company.delete()


def _refuse_partner_with(company: Company) -> None:
    if company.domain and (known := companies.partner_with(company.domain)):
        raise companies.CompanyIsKnown(
            _("%(name)s is a partner already, with the same web domain. Open its partner page.") % {"name": known[1]}, partner_id=known[0]
        )


def _checked(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    readers = {
        "program_id": lambda value: _program(actor, value),
        "owner_id": _owner,
        "source": lambda value: checks.line("source", value, longest=80),
        "next_step": lambda value: checks.line("next_step", value, longest=200),
        "next_step_date": lambda value: checks.day("next_step_date", value),
    }
    for field in values:
        if field not in readers:
            raise Invalid(_("This field cannot be changed here."), field=field[:40])
    found = {field: readers[field](value) for field, value in values.items()}
    if found.get("next_step_date") and not found.get("next_step"):
        raise Invalid(_("Say what the next step is, then when."), field="next_step")
    return found


def _program(actor: Actor, program_id: UUID | None) -> UUID | None:
    return partner_queries.program(actor, program_id).id if program_id else None


def _owners() -> set[UUID]:
    return {person.id for person in people.holders_of("recruitment.manage")}


def _owner(owner_id: UUID | None) -> UUID | None:
    if owner_id and owner_id not in _owners():
        raise Invalid(_("Choose a person of the vendor who recruits partners."), field="owner_id")
    return owner_id


def _tell_owner(actor: Actor, prospect: Prospect, before: Any, at: datetime) -> None:
    if prospect.owner_id and str(prospect.owner_id) != str(before) and prospect.owner_id != actor.user_id:
        publish(ProspectAssigned(prospect_id=prospect.pk, owner_id=prospect.owner_id, actor_id=actor.user_id, at=at))


def _locked(actor: Actor, prospect_id: UUID, version: int | None) -> Prospect:
    prospect = policies.reach(actor).select_related("company").locked().one(prospect_id)
    refuse_if(policies.why_not_manage(actor))
    if version is not None and version != prospect.version:
        raise Stale()
    return prospect


def _save(prospect: Prospect) -> None:
    prospect.version += 1
    prospect.save()


def _record(actor: Actor, verb: str, prospect: Prospect, before: Mapping[str, Any] | None, at: datetime) -> None:
    company = prospect.company
    refs = (company.pk, company.partner_id) if company.partner_id else (company.pk,)
    audit.record(actor, verb, prospect, before=before, refs=refs, note=prospect.lost_reason, at=at)
