"""What a precedent of a case must not tell: every name around it, with the words that stand for it. In the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.conflicts.models import Appeal, ConflictCase, Evidence, Ruling, Statement
from openprm.conflicts.rules.redaction import Known, region_of
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.countries import country_name
from openprm.partners import queries as partners


def known_of(case: ConflictCase, at: datetime) -> Known:
    """The companies, people and places of one case."""
    dossiers = [deals.dossier(one, at) for one in filter(None, (case.registration_id, case.other_registration_id))]
    account = accounts.account(SYSTEM, case.account_id) if case.account_id else None
    return Known(companies=_companies(case, dossiers, account), people=_people(case, dossiers), places=_places(case, dossiers, account))


def _companies(case: ConflictCase, dossiers: list[deals.Dossier], account: accounts.AccountView | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for partner_id, stand_in in ((case.partner_id, _("the partner")), (case.other_partner_id, _("the other partner"))):
        if partner_id:
            organization = identity.organization(SYSTEM, partner_id)
            found |= dict.fromkeys(_of(organization.name, organization.legal_name, organization.domain), stand_in)
    vendor = identity.vendor_organization()
    found |= dict.fromkeys(_of(vendor.name, vendor.legal_name, vendor.domain), _("the vendor"))
    for one in dossiers:
        found |= dict.fromkeys(_of(one.customer, one.customer_domain), _("the customer"))
    if account:
        found |= dict.fromkeys(_of(account.name, account.legal_name, account.domain), _("the customer"))
    return found


def _of(*names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _people(case: ConflictCase, dossiers: list[deals.Dossier]) -> dict[str, str]:
    """Everybody of both sides, who spoke, who judged, and the customer's contact."""
    ids = filter(None, (case.rep_id, case.opened_by_id, case.reviewer_id, case.first_reviewer_id, case.appeal_reviewer_id))
    found = dict.fromkeys(identity.names_of(ids).values(), _("a person"))
    for model in (Statement, Evidence, Appeal):
        found |= dict.fromkeys(model.objects.filter(case=case).values_list("author_name", flat=True), _("a person"))
    found |= dict.fromkeys(Ruling.objects.filter(case=case).values_list("by_name", flat=True), _("a reviewer"))
    for partner_id in case.party_ids:
        found |= dict.fromkeys((one.name for one in identity.people(SYSTEM, partner_id)), _("a person of the partner"))
    found |= dict.fromkeys((one.name for one in identity.people(SYSTEM, identity.vendor_organization().id)), _("a person of the vendor"))
    found |= dict.fromkeys((one.contact for one in dossiers), _("a person at the customer"))
    return {name: stand_in for name, stand_in in found.items() if name}


def _places(case: ConflictCase, dossiers: list[deals.Dossier], account: accounts.AccountView | None) -> dict[str, str]:
    pairs = [(one.country, one.city) for one in dossiers]
    pairs += [(account.country, account.city)] if account else []
    pairs += [(identity.organization(SYSTEM, partner_id).country, "") for partner_id in case.party_ids]
    found: dict[str, str] = {}
    for country, city in pairs:
        if country:
            found |= dict.fromkeys(_of(country_name(country), country_name(country, "en"), city), region_of(country))
    return found | {one.territory: _("the territory") for one in dossiers if one.territory}


def other_names(case: ConflictCase) -> Iterable[str]:
    """All other partners by name: a precedent names none of them either."""
    return [name for partner_id, name in partners.partner_choices(SYSTEM) if UUID(partner_id) not in case.party_ids]


def customers_named(texts: Iterable[str]) -> list[str]:
    """Customers whose whole name is one of these pieces of text."""
    found = accounts.named(SYSTEM, tuple(dict.fromkeys(texts)))
    return [candidate.name for candidates in found.values() for candidate in candidates if candidate.score >= SURELY]


SURELY = 96
