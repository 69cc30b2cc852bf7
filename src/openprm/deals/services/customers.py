"""Who the customer is: resolve first, create second (D15). And the locks that keep two claims from passing each other."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.accounts import services as account_services
from openprm.deals.models import Registration, Territory
from openprm.deals.rules.conflict import Candidate, Resolution, resolve
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.memory import Remembered

CANDIDATES = 5
TERRITORIES = Remembered("deals.territories")


def hold(*keys: object) -> None:
    """Wait until nobody else decides about these keys, in one order for all; held until the transaction ends."""
    db.rows(
        "select pg_advisory_xact_lock(k) from (select distinct hashtextextended(x, 7) as k from unnest(%s::text[]) as x order by 1) as keys",
        [[str(key) for key in keys]],
    )


def customer_key(name: str, domain: str) -> str:
    return f"customer:{domain or name.casefold()}"


def resolution_of(name: str, domain: str, country: str) -> Resolution:
    """The known account that this must be, or the ones it may be. Reads as the system: partners do not see all accounts."""
    draft = accounts.AccountDraft(name=name, legal_name="", domain=domain, country=country)
    found = accounts.duplicate_candidates(SYSTEM, draft, CANDIDATES)
    candidates = (Candidate(one.account_id, one.score, any(reason.kind == "domain" for reason in one.reasons)) for one in found)
    return resolve(candidates, has_domain=bool(domain))


def settle(actor: Actor, registration: Registration, at: datetime) -> None:
    """Tie the registration to its customer: the one account it must be, a new one when nothing resembles it, else left open."""
    found = resolution_of(registration.customer_name, registration.customer_domain, registration.customer_country)
    registration.candidate_ids = list(found.candidate_ids)
    registration.account_id = create_account(actor, registration, at) if found.is_new else found.account_id
    if registration.account_id:
        account_services.grant_access(actor=SYSTEM, account_id=registration.account_id, partner_id=registration.partner_id, reason="registration", at=at)


def account_of(registration_id: UUID) -> UUID | None:
    """The customer of an earlier deal: who follows it sells to the same one."""
    return Registration.objects.filter(pk=registration_id).values_list("account_id", flat=True).first()


def create_account(actor: Actor, registration: Registration, at: datetime) -> UUID:
    return account_services.create_account(
        actor=SYSTEM,
        name=registration.customer_name,
        domain=registration.customer_domain,
        country=registration.customer_country,
        city=registration.customer_city,
        motion="channel",
        at=at,
    )


def territory_for(country: str) -> Territory | None:
    """The territory a country leads to; the default one takes the rest."""
    rows: Iterable[Territory] = TERRITORIES.get(find=lambda: tuple(Territory.objects.filter(is_active=True)))
    by_country = [row for row in rows if country in row.countries]
    return next(iter(by_country), None) or next((row for row in rows if row.is_default), None)
