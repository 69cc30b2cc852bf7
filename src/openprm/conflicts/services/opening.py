"""Opening a case by hand: a partner about its own registration, lead or engagement; the vendor about any."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.events import CaseOpened
from openprm.conflicts.models import CaseNote, ConflictCase, Party
from openprm.conflicts.ports import Subject
from openprm.conflicts.queries import subjects
from openprm.conflicts.rules.draft import ON_AN_ENGAGEMENT, CaseDraft, may_open_on
from openprm.conflicts.rules.lifecycle import ABOUT_A_DEAL, LIVE, CaseType, Origin, Side
from openprm.conflicts.services import clocks, facts, statements
from openprm.conflicts.services.results import Opened
from openprm.conflicts.services.unit import announce, as_system, choice, record, words
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.scope import scope


class AlreadyDisputed(Conflict):
    """A live case of this type stands about this registration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a case is about, found and allowed. `rep_id` is whom the vendor's side asks first."""

    partner_id: UUID
    label: str
    program_id: UUID | None = None
    account_id: UUID | None = None
    registration_id: UUID | None = None
    lead_id: UUID | None = None
    engagement_id: UUID | None = None
    other_partner_id: UUID | None = None
    other_registration_id: UUID | None = None
    rep_id: UUID | None = None


def open_case(*, actor: Actor, draft: CaseDraft, at: datetime) -> Opened:
    """Open a case with the first word of who claims. The facts on file, the promises and the news follow by themselves.

    Raises NotFound, NotAllowed, Invalid, AlreadyDisputed; then nothing has changed.
    """
    refuse_if(policies.why_not_open(actor))
    type_ = choice("type", draft.type, CaseType)
    claim = words("claim", draft.claim, most=8000)
    found = _about(actor, draft, type_, at)
    with as_system(actor):
        case = _create(actor, type_, found, at)
        parties = create_parties(case)
        record(actor, "conflict.opened", case, at=at)
        _first_word(actor, case, parties, claim, draft, at)
        return begin(actor, case, parties, at)


def begin(actor: Actor, case: ConflictCase, parties: dict[str, Party], at: datetime) -> Opened:
    """What every new case gets: the facts, the clocks, the news."""
    facts.write_facts(case, at)
    case.statements_due_at = clocks.begin(case, parties, at)
    case.save(update_fields=["statements_due_at", "updated_at"])
    announce(CaseOpened, case, actor, at, type=case.type, origin=case.origin, rep_id=case.rep_id)
    return Opened(case_id=case.pk, number=case.number, version=case.version)


def create_parties(case: ConflictCase) -> dict[str, Party]:
    """Both sides of a case: who claims, and who answers."""
    partners = {Side.CLAIMANT: case.partner_id, Side.RESPONDENT: case.other_partner_id}
    rows = [Party(case=case, side=side, partner_id=partner_id) for side, partner_id in partners.items()]
    return {row.side: row for row in Party.objects.bulk_create(rows)}


def _first_word(actor: Actor, case: ConflictCase, parties: dict[str, Party], claim: str, draft: CaseDraft, at: datetime) -> None:
    """A partner's claim is its statement; what the vendor writes when it opens a case is an internal note."""
    if not actor.is_partner:
        CaseNote.objects.create(case=case, author_id=actor.user_id, author_name=actor.name[:120], text=claim[:4000], written_at=at)
        return
    statements.say(actor, case, parties[Side.CLAIMANT], claim, at)
    for file in draft.files:
        statements.keep_file(actor, case, parties[Side.CLAIMANT], file.name, file.content, at)


def _create(actor: Actor, type_: str, found: _About, at: datetime) -> ConflictCase:
    refusal = AlreadyDisputed(_("There is a case of this kind about %(number)s already. Open it and add what is new there.") % {"number": found.label})
    if found.registration_id is None and _stands(type_, found):
        raise refusal
    with refused_by("one_live_case_per_registration", refusal):
        case = ConflictCase.objects.create(
            type=type_, origin=Origin.PARTNER if actor.is_partner else Origin.VENDOR, partner_id=found.partner_id, other_partner_id=found.other_partner_id,
            program_id=found.program_id, registration_id=found.registration_id, other_registration_id=found.other_registration_id,
            lead_id=found.lead_id, engagement_id=found.engagement_id, account_id=found.account_id,
            subject_label=found.label[:200], rep_id=found.rep_id, opened_by_id=actor.user_id, opened_at=at,
            statements_due_at=at,
        )  # fmt: skip
    case.refresh_from_db()
    return case


def _stands(type_: str, found: _About) -> bool:
    """Whether this partner has a live case of this kind about this lead or engagement. Two at once wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 4))", [f"conflicts:{type_}:{found.partner_id}:{found.lead_id or found.engagement_id}"]
        )
    same = ConflictCase.objects.filter(type=type_, partner_id=found.partner_id, state__in=sorted(LIVE))
    return same.filter(lead_id=found.lead_id, engagement_id=found.engagement_id).exists()


def _about(actor: Actor, draft: CaseDraft, type_: str, at: datetime) -> _About:
    named = [name for name in ("registration_id", "lead_id", "engagement_id") if getattr(draft, name)]
    if len(named) != 1:
        raise Invalid(_("Name one thing that the case is about: a registration, a lead or an engagement."), field="registration_id", code="required")
    if draft.registration_id is None:
        return _about_subject(actor, draft, type_)
    if type_ not in ABOUT_A_DEAL:
        raise Invalid(_("A case about a lead names the lead."), field="lead_id", code="required")
    _reachable(actor, draft.registration_id, at)
    with scope(SYSTEM):
        found = deals.dossier(draft.registration_id, at)
        if not may_open_on(type_, found.status):
            raise Invalid(_("%(number)s is not in a state in which this kind of case can be opened.") % {"number": found.number}, field="type")
        return _about_deal(actor, draft, type_, found, at)


def _reachable(actor: Actor, registration_id: UUID, at: datetime) -> None:
    """A stranger to a registration gets the answer of a missing one."""
    read = deals.registration_for_partner if actor.is_partner else deals.registration_for_vendor
    read(actor, registration_id, at)


def _about_deal(actor: Actor, draft: CaseDraft, type_: str, found: deals.Dossier, at: datetime) -> _About:
    rival = _rival(actor, draft, type_, found, at)
    return _About(
        partner_id=found.partner_id, label=found.number, program_id=found.program_id, account_id=found.account_id, registration_id=found.id,
        other_partner_id=rival.partner_id if rival else None, other_registration_id=rival.id if rival else None,
        rep_id=_rep(actor, draft, type_, found) if rival is None else None,
    )  # fmt: skip


def _rival(actor: Actor, draft: CaseDraft, type_: str, found: deals.Dossier, at: datetime) -> deals.Dossier | None:
    """The other partner of a case between two: as the vendor names it, or the one that stands longest at the customer."""
    if type_ not in (CaseType.PARTNERS, CaseType.CREDIT):
        return None
    if draft.other_registration_id and not actor.is_partner:
        rival = deals.dossier(draft.other_registration_id, at)
        if rival.partner_id == found.partner_id:
            raise Invalid(_("Both registrations are of one partner. Name one of another partner."), field="other_registration_id")
        return rival
    rival_id = deals.rival_of(found.account_id, found.partner_id) if found.account_id and type_ == CaseType.PARTNERS else None
    return deals.dossier(rival_id, at) if rival_id else None


def _rep(actor: Actor, draft: CaseDraft, type_: str, found: deals.Dossier) -> UUID | None:
    """Whom the vendor's side asks first: the person named, or for a rejection who decided it."""
    if draft.rep_id and not actor.is_partner:
        return _our_person(draft.rep_id)
    if type_ == CaseType.REJECTION:
        decided = next((one.by_id for one in reversed(found.decisions) if one.by_id), None)
        return decided or next(iter(sorted(found.deciders, key=str)), None)
    return None


def _our_person(user_id: UUID) -> UUID:
    if user_id not in {one.id for one in identity.people(SYSTEM, identity.vendor_organization().id)}:
        raise Invalid(_("Choose one of our own people."), field="rep_id")
    return user_id


def _about_subject(actor: Actor, draft: CaseDraft, type_: str) -> _About:
    code, subject_id = ("lead", draft.lead_id) if draft.lead_id else ("engagement", draft.engagement_id)
    if (code == "lead") is not (type_ == CaseType.LEAD):
        raise Invalid(_("A dispute about a lead names a lead, and nothing else does."), field="type")
    assert subject_id is not None
    found: Subject = subjects.find(actor, code, subject_id)
    refuse_if(found.why_not or None)
    if code == "engagement":
        return _about_engagement(actor, draft, type_, found)
    partner_id = found.partner_id or (actor.partner_id if actor.is_partner else None)
    if partner_id is None:
        raise Invalid(_("No partner stands behind %(label)s. A case needs one that claims.") % {"label": found.label}, field="lead_id")
    return _About(partner_id=partner_id, label=found.label, account_id=found.account_id, lead_id=draft.lead_id)


def _about_engagement(actor: Actor, draft: CaseDraft, type_: str, found: Subject) -> _About:
    """Who claims and who answers, of those that take part and that the actor may know of."""
    if type_ not in ON_AN_ENGAGEMENT:
        raise Invalid(_("A case about an engagement is about direct contact, another partner, or credit."), field="type")
    known = dict(found.partners)
    partner_id = found.partner_id or draft.partner_id
    if partner_id not in known:
        raise Invalid(_("Choose which partner claims, of those that take part in %(label)s.") % {"label": found.label}, field="partner_id")
    other = draft.other_partner_id if type_ != CaseType.DIRECT else None
    if (other or type_ == CaseType.PARTNERS) and (other not in known or other == partner_id):
        raise Invalid(_("Choose the other partner, of those that take part in %(label)s.") % {"label": found.label}, field="other_partner_id")
    return _About(
        partner_id=partner_id, label=found.label, account_id=found.account_id, engagement_id=draft.engagement_id, other_partner_id=other,
        rep_id=_our_person(draft.rep_id) if draft.rep_id and not actor.is_partner and other is None else None,
    )  # fmt: skip
