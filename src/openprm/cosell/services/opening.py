"""Opening an engagement on a registration, an opportunity, a lead or a bare customer, and changing what it says."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import EngagementMoved, EngagementOpened
from openprm.cosell.models import Detail, Engagement, Invitation, Member
from openprm.cosell.rules.words import Audience, DealType, Involvement, Role
from openprm.cosell.services import checks
from openprm.cosell.services.unit import acting_party, as_system, clean, load, locked, one_of, record, save
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_codes
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.leads import queries as leads

LARGEST_MINOR = 10**15
LONGEST = {"title": 160, "customer_name": 200, "customer_domain": 253, "contact_name": 120, "contact_email": 254, "contact_phone": 40, "competitor": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person says about the deal."""

    title: str = ""
    customer_name: str = ""
    customer_country: str = ""
    customer_domain: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    description: str = ""
    competitor: str = ""
    stage: str = "prospect"
    expected_close_date: date | None = None
    amount_minor: int = 0
    currency: str = "EUR"


ON_ENGAGEMENT = ("title", "customer_name", "customer_country", "stage", "expected_close_date")
ON_DETAIL = tuple(field.name for field in fields(Draft) if field.name not in ON_ENGAGEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    engagement_id: UUID
    number: str
    version: int


def open_engagement(
    *,
    actor: Actor,
    draft: Draft | None = None,
    deal_type: str = DealType.CO_SELL,
    role: str = "",
    registration_id: UUID | None = None,
    opportunity_id: UUID | None = None,
    lead_id: UUID | None = None,
    external_source: str = "",
    external_id: str = "",
    at: datetime,
) -> Opened:
    """Open an engagement with the actor's company as its host. What a registration or an opportunity knows fills what the draft
    leaves empty. Raises NotFound, NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_open(actor))
    host = acting_party(actor)
    deal_type = _fit_type(actor, deal_type)
    known = _known(actor, registration_id, opportunity_id, lead_id, at)
    draft = checked(_filled(draft or Draft(), known))
    with as_system(actor):
        mine = checks.company(host)
        checks.refuse_unfit(mine, reader_is_vendor=True, at=at)
        role = one_of(role or _usual_role(mine), Role, "role")
        checks.refuse_role(mine, [role], at)
        engagement = Engagement(
            host_id=host,
            deal_type=deal_type,
            registration_id=registration_id,
            opportunity_id=opportunity_id,
            lead_id=lead_id,
            opened_by_id=actor.user_id,
            opened_at=at,
            external_source=external_source,
            external_id=external_id,
            **{name: getattr(draft, name) for name in ON_ENGAGEMENT},
        )
        engagement.save(force_insert=True)
        engagement.refresh_from_db()
        Member.objects.create(
            engagement=engagement,
            party_id=host,
            is_vendor=mine.is_vendor,
            is_host=True,
            role=role,
            responsibilities=[role],
            contact_id=actor.user_id,
            joined_at=at,
        )
        engagement.refresh_from_db()
        detail = Detail.objects.create(engagement=engagement, **{name: getattr(draft, name) for name in ON_DETAIL})
        record(actor, "cosell.opened", engagement, party=host, at=at)
        record(actor, "cosell.detailed", engagement, party=host, audience=Audience.FULL, subject=detail, at=at)
        publish(EngagementOpened(engagement_id=engagement.pk, host_id=host, registration_id=registration_id, actor_id=actor.user_id, at=at))
    return Opened(engagement_id=engagement.pk, number=engagement.number, version=engagement.version)


def _fit_type(actor: Actor, deal_type: str) -> str:
    deal_type = one_of(deal_type, DealType, "deal_type")
    if actor.is_vendor and deal_type != DealType.CO_SELL:
        raise Invalid(_("An engagement that the vendor opens is a co-sell deal. Private and partner-led deals are opened by partners."), field="deal_type")
    return deal_type


def _usual_role(mine: checks.Company) -> str:
    return {"vendor": "software", "isv": "software", "si": "services", "consultant": "services", "distributor": "distributor", "msp": "msp"}.get(
        mine.type, "reseller" if mine.type in {"reseller", "var"} else "facilitator"
    )


def _known(actor: Actor, registration_id: UUID | None, opportunity_id: UUID | None, lead_id: UUID | None, at: datetime) -> dict[str, Any]:
    """What stands already, as far as the actor may see it. Raises NotFound, and Invalid for an opportunity that is not its own."""
    if registration_id:
        query = deals.registration_for_partner if actor.is_partner else deals.registration_for_vendor
        return _of_registration(query(actor, registration_id, at))
    if opportunity_id:
        return _of_opportunity(deals.opportunity(actor, opportunity_id))
    if lead_id:
        return _of_lead((leads.lead_for_partner if actor.is_partner else leads.lead_for_vendor)(actor, lead_id, at))
    return {}


def _of_lead(found: Any) -> dict[str, Any]:
    """The company of a lead. Its person stays in the lead: who gave an address to one company did not give it to others."""
    if found.customer is None:
        raise Conflict(_("%(number)s is not opened yet. Open the lead first; then invite others to it.") % {"number": found.number})
    company = found.customer.company_name
    values = {
        "title": found.customer.title or company,
        "customer_name": company,
        "customer_country": found.country,
        "customer_domain": found.customer.company_domain,
    }
    return values | ({"amount_minor": found.amount.minor, "currency": found.amount.currency} if found.amount else {})


def _of_registration(found: Any) -> dict[str, Any]:
    if found.status not in {"submitted", "under_review", "pending_approval", "approved", "returned"}:
        raise Conflict(_("%(number)s is not an open deal. Engagements begin on open deals.") % {"number": found.number})
    names = ("customer_name", "customer_country", "customer_domain", "contact_name", "contact_email", "contact_phone", "description", "competitor", "stage")
    values = {name: getattr(found, name, "") or "" for name in names}
    return values | {
        "title": found.title or found.customer_name,
        "expected_close_date": found.expected_close_date,
        "amount_minor": found.amount.minor,
        "currency": found.amount.currency,
    }


def _of_opportunity(found: Any) -> dict[str, Any]:
    amount = found.amount
    return {
        "title": found.name,
        "customer_name": getattr(found, "account", "") or found.name,
        "expected_close_date": found.close_date,
        "amount_minor": amount.minor if amount else 0,
        "currency": amount.currency if amount else "EUR",
    }


def _filled(draft: Draft, known: dict[str, Any]) -> Draft:
    usual = Draft()
    said = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    kept = {name: value for name, value in known.items() if said[name] == getattr(usual, name) and value not in (None, "")}
    if "amount_minor" not in kept:
        kept.pop("currency", None)
    return Draft(**{**said, **kept})


def checked(draft: Draft) -> Draft:
    """The draft as it is stored. Raises Invalid, which names the field."""
    texts = {name: clean(getattr(draft, name), name, most, required=name in {"title", "customer_name"}) for name, most in LONGEST.items()}
    texts["description"] = clean(draft.description, "description", 4000, required=False)
    texts["stage"] = clean(draft.stage, "stage", 24, required=False)
    if draft.customer_domain:
        texts["customer_domain"] = normal_domain(texts["customer_domain"]) or texts["customer_domain"]
    if draft.customer_country and draft.customer_country.upper() not in country_codes():
        raise Invalid(_("This is no country. Write its two letters, like FI."), field="customer_country")
    if not 0 <= draft.amount_minor <= LARGEST_MINOR:
        raise Invalid(_("The amount is not below zero and has a sensible number of digits."), field="amount_minor")
    if not (len(draft.currency) == 3 and draft.currency.isascii() and draft.currency.isupper()):
        raise Invalid(_("Write the currency as three capital letters, like EUR."), field="currency")
    rest = {"expected_close_date": draft.expected_close_date, "amount_minor": draft.amount_minor, "currency": draft.currency}
    return Draft(customer_country=draft.customer_country.upper(), **texts, **rest)


def update_engagement(
    *, actor: Actor, engagement_id: UUID, changes: dict[str, Any], deal_type: str | None = None, version: int | None = None, at: datetime
) -> int:
    """Change what the engagement says; the host alone. Gives the new version. Raises NotFound, NotAllowed, Stale, Invalid, Conflict."""
    engagement = load(actor, engagement_id, version=version)
    refuse_if(policies.why_not_host(actor, engagement))
    with as_system(actor):
        engagement = locked(engagement, version=version)
        detail = Detail.objects.get(engagement=engagement)
        before, before_detail = engagement.snapshot(), detail.snapshot()
        stands = {name: getattr(engagement, name) for name in ON_ENGAGEMENT} | {name: getattr(detail, name) for name in ON_DETAIL}
        draft = checked(Draft(**{**stands, **changes}))
        for name in ON_ENGAGEMENT:
            setattr(engagement, name, getattr(draft, name))
        for name in ON_DETAIL:
            setattr(detail, name, getattr(draft, name))
        if deal_type is not None:
            _retype(actor, engagement, deal_type)
        save(engagement, *ON_ENGAGEMENT, "deal_type")
        detail.save(update_fields=[*ON_DETAIL, "updated_at"])
        record(actor, "cosell.changed", engagement, party=engagement.host_id, before=before, at=at)
        if detail.snapshot() != before_detail:
            record(actor, "cosell.detailed", engagement, party=engagement.host_id, audience=Audience.FULL, subject=detail, before=before_detail, at=at)
    return engagement.version


def _retype(actor: Actor, engagement: Engagement, deal_type: str) -> None:
    deal_type = _fit_type(actor, deal_type)
    if deal_type == DealType.PRIVATE and engagement.vendor_in:
        raise Conflict(_("The vendor takes part in %(number)s; it leaves before the deal can be private.") % {"number": engagement.number}, field="deal_type")
    engagement.deal_type = deal_type
    if deal_type == DealType.PARTNER_LED:
        Member.objects.filter(engagement=engagement, is_vendor=True).update(involvement=Involvement.VISIBILITY)


def remove_imported(*, actor: Actor, engagement_id: UUID, at: datetime) -> None:
    """Take back an engagement that an import opened and that nobody has joined. Raises NotFound, NotAllowed, Conflict."""
    engagement = load(actor, engagement_id)
    refuse_if(None if actor.can("cosell.import") else _("Your role cannot take back an import."))
    with as_system(actor):
        engagement = locked(engagement)
        if engagement.activated_at or not engagement.external_id:
            raise Conflict(_("Somebody has joined %(number)s: it cannot be taken back, only closed.") % {"number": engagement.number})
        Invitation.objects.filter(engagement=engagement).delete()
        record(actor, "cosell.import_removed", engagement, party=engagement.host_id, after={}, at=at)
        engagement.delete()


def move_stage(*, actor: Actor, engagement_id: UUID, stage: str, expected_close_date: date | None = None, version: int | None = None, at: datetime) -> int:
    """Say how far the deal is; the host and full members that co-sell may. Raises NotFound, NotAllowed, Stale, Invalid."""
    engagement = load(actor, engagement_id, version=version)
    refuse_if(policies.why_not_move(actor, engagement))
    if stage not in {one.code for one in deals.stage_lanes()}:
        raise Invalid(_("Choose one of the open stages. Won and lost have their own buttons."), field="stage")
    with as_system(actor):
        engagement = locked(engagement, version=version)
        before = engagement.snapshot()
        engagement.stage, engagement.expected_close_date = stage, expected_close_date or engagement.expected_close_date
        if engagement.snapshot() == before:
            return engagement.version
        save(engagement, "stage", "expected_close_date")
        record(actor, "cosell.stage_moved", engagement, party=acting_party(actor), before=before, at=at)
        publish(EngagementMoved(engagement_id=engagement.pk, before=str(before["stage"]), after=stage, actor_id=actor.user_id, at=at))
    return engagement.version
