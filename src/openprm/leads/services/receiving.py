"""A lead comes in: checked, compared with what is known, written down, and handed to routing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.accounts import rules as account_rules
from openprm.deals import queries as deals
from openprm.deals.rules import fx
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.domains import is_free_mail
from openprm.kernel.errors import Invalid, Problem, refuse_if
from openprm.kernel.money import currencies, minor_units
from openprm.kernel.names import name_key
from openprm.leads import policies
from openprm.leads.events import LeadReceived
from openprm.leads.models import Lead, LeadPerson
from openprm.leads.rules import likeness
from openprm.leads.rules.intake_draft import OPEN, PERSONAL, LeadDraft, problems, tidy
from openprm.leads.rules.lifecycle import FINAL, Status
from openprm.leads.services import routing
from openprm.leads.services.results import Received
from openprm.leads.services.unit import announce, as_system, record

SAME_ACCOUNT = 96
"""From this likeness on (or by its own web domain) a company is the known account; below, the conflict check of a registration asks."""
ALIKE = 50
"""So many open leads are compared, the oldest first."""


@transaction.atomic
def receive_lead(*, actor: Actor, draft: LeadDraft, route: bool = True, at: datetime) -> Received:
    """Take a lead in and, unless told otherwise, offer it to the partner whom the rules choose.

    A lead that is known (by its key in the other system, or as the same person or company in an open lead) is not written again.
    A customer that did not agree to be passed on is kept for the vendor's own marketing. Raises NotAllowed, NotFound, Invalid.
    """
    refuse_if(policies.why_not_create(actor))
    draft = checked(draft)
    with as_system(actor):
        _hold(draft)
        if known := _known(draft, at):
            return _repeated(actor, known, draft, at)
        lead = _create(actor, draft, at)
        if not lead.may_share:
            routing.set_aside(actor, lead, _("The customer did not agree to be passed on to a partner."), at)
        offered = routing.route_new([lead], actor=actor, at=at).get(lead.pk, ()) if route and lead.may_share else ()
        return _received(lead, offered_to=offered)


def receive_leads(*, actor: Actor, drafts: Sequence[LeadDraft], route: bool = False, at: datetime) -> tuple[Received, ...]:
    """Take many leads in, one after the other; with `route`, they are routed together at the end. Raises what `receive_lead` raises."""
    with as_system(actor):
        taken = tuple(receive_lead(actor=actor, draft=draft, route=False, at=at) for draft in drafts)
        if route:
            routing.route_leads(actor=actor, lead_ids=[one.lead_id for one in taken if not one.was_known and one.status == Status.NEW], at=at)
    return taken


def checked(draft: LeadDraft) -> LeadDraft:
    """The draft in its stored spelling. Raises Invalid with everything that can never be right."""
    entered, draft = draft, tidy(draft)
    found = [Problem(field, _sentence(code, most)) for field, code, most in problems(draft)]
    domain = account_rules.normal_domain(draft.company_domain) if draft.company_domain else ""
    if draft.company_domain and "." not in domain:
        found.append(
            Problem("company_domain", _("“%(text)s” is no web domain. Add the ending, for example kallio.fi.") % {"text": entered.company_domain[:60]})
        )
    if draft.currency not in currencies():
        found.append(Problem("currency", _("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": draft.currency[:10]}))
    if found:
        raise Invalid(problems=found)
    return _with_domain(draft, domain)


def _with_domain(draft: LeadDraft, domain: str) -> LeadDraft:
    """The company's own web domain; the one of its mail when none was given and it is not that of a mail provider."""
    mail = draft.contact_email.rpartition("@")[2]
    return replace(draft, company_domain=domain or ("" if not mail or is_free_mail(mail) else account_rules.normal_domain(mail)))


def _sentence(code: str, most: int) -> str:
    said = {
        "too_long": _("This is longer than %(most)d characters. Shorten it."),
        "required": _("This cannot be empty."),
        "country": _("Use the two letters of the country, for example FI."),
        "email": _("This is no e-mail address. It needs a name, an @ and a domain."),
        "choice": _("This is not one of the choices."),
        "amount": _("The amount cannot be negative or that large. Check the digits."),
        "number": _("This is a whole number from 0 to 10,000,000."),
        "coordinates": _("Give both: a latitude from -90 to 90 and a longitude from -180 to 180."),
        "too_many": _("At most %(most)d are kept."),
        "skill": _("A skill is one or a few words of at most 40 letters, digits and signs."),
    }
    return said[code] % {"most": most}


def _hold(draft: LeadDraft) -> None:
    """Wait until nobody else takes in the same company or person, so that twins do not pass each other."""
    keys = [f"lead:{key}" for key in (draft.contact_email, draft.company_domain or draft.company_name.casefold()) if key]
    db.rows("select pg_advisory_xact_lock(k) from (select distinct hashtextextended(x, 11) as k from unnest(%s::text[]) as x order by 1) as keys", [keys])


def _known(draft: LeadDraft, at: datetime) -> Lead | None:
    if draft.external_id:
        same = Lead.objects.filter(external_source=draft.external_source, external_id=draft.external_id).first()
        if same:
            return same
    alike = _alike(draft)
    if not alike:
        return None
    rows = Lead.objects.filter(alike, received_at__gt=at - likeness.WINDOW, erased_at=None).exclude(status__in=sorted(FINAL)).select_related("person")
    new = _likely(draft)
    return next((row for row in rows.order_by("received_at", "pk")[:ALIKE] if likeness.why_same(new, _likely_of(row))), None)


def _likely(draft: LeadDraft) -> likeness.Likely:
    return likeness.Likely(
        email=draft.contact_email,
        phone=likeness.phone_key(draft.contact_phone),
        domain=draft.company_domain,
        name_key=name_key(draft.company_name),
        country=draft.country,
        product_lines=frozenset(filter(None, [draft.product_line_id])),
    )


def _likely_of(lead: Lead) -> likeness.Likely:
    person = lead.person
    return likeness.Likely(
        email=person.contact_email,
        phone=likeness.phone_key(person.contact_phone),
        domain=person.company_domain,
        name_key=name_key(person.company_name),
        country=lead.country,
        product_lines=frozenset(filter(None, [lead.product_line_id])),
    )


def _alike(draft: LeadDraft) -> Q:
    """The same person, or the same company by its domain, else by name and country."""
    found = Q(person__contact_email=draft.contact_email) if draft.contact_email else Q()
    if draft.company_domain:
        return found | Q(person__company_domain=draft.company_domain)
    return found | Q(person__company_name__iexact=draft.company_name, country=draft.country, person__company_domain="")


def _repeated(actor: Actor, lead: Lead, draft: LeadDraft, at: datetime) -> Received:
    told = {"source": draft.source, "source_detail": draft.source_detail, "campaign": draft.campaign}
    reasons = [reason.kind for reason in likeness.why_same(_likely(draft), _likely_of(lead))]
    record(actor, "lead.repeated", lead, after={}, private={**told, "reasons": reasons, "message": draft.message[:500]}, at=at)
    return _received(lead, was_known=True)


def _create(actor: Actor, draft: LeadDraft, at: datetime) -> Lead:
    lead = Lead(
        **{name: getattr(draft, name) for name in OPEN if name != "skills"},
        skills=list(draft.skills),
        product_line_id=_product_line(draft),
        referrer_id=draft.referrer_partner_id,
        kept_from=list(dict.fromkeys(draft.exclude_partner_ids)),
        base_amount_minor=_in_base_currency(draft, at),
        account_id=_account(draft),
        received_at=at,
    )
    lead.save(force_insert=True)
    LeadPerson.objects.create(lead=lead, **{name: getattr(draft, name) for name in PERSONAL})
    record(actor, "lead.received", lead, after={}, data={"source": lead.source, "campaign": lead.campaign, "country": lead.country}, at=at)
    announce(LeadReceived, lead, actor, at, source=lead.source)
    return lead


def _product_line(draft: LeadDraft) -> UUID | None:
    if draft.product_line_id and not any(one.id == draft.product_line_id for one in deals.product_lines(SYSTEM)):
        raise Invalid(_("This product line is not on offer. Choose one from the list."), field="product_line_id")
    return draft.product_line_id


def _in_base_currency(draft: LeadDraft, at: datetime) -> int | None:
    """The expected amount in the reporting currency by the newest rate; None where no rate is known."""
    base = deals.base_currency()
    if draft.amount_minor is None or draft.currency == base:
        return draft.amount_minor
    rates = [fx.Rate(one.currency, one.rate, one.rate_date) for one in deals.exchange_rates(SYSTEM, limit=1000) if one.base == base]
    rate = fx.rate_on(rates, draft.currency, at.date())
    if rate is None:
        return None
    return fx.convert_minor(draft.amount_minor, rate=rate.rate, places=minor_units(draft.currency), base_places=minor_units(base))


def _account(draft: LeadDraft) -> UUID | None:
    """The known customer that this must be: its own web domain, or a name that leaves no doubt. The same comparison as for registrations."""
    asked = accounts.AccountDraft(name=draft.company_name, domain=draft.company_domain, country=draft.country)
    for found in accounts.duplicate_candidates(SYSTEM, asked, 1):
        if found.score >= SAME_ACCOUNT or any(reason.kind == "domain" for reason in found.reasons):
            return found.account_id
    return None


def _received(lead: Lead, *, was_known: bool = False, offered_to: Iterable[UUID] = ()) -> Received:
    return Received(lead_id=lead.pk, number=lead.number, version=lead.version, status=str(lead.status), was_known=was_known, offered_to=tuple(offered_to))
