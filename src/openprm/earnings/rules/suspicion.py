"""What fraud rules look at (G12), worked out from plain values. Which of it raises an alert is a published table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.de", "web.de"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is known of the partner: its web domain, its names and its people's addresses."""

    name: str
    domain: str
    emails: frozenset[str] = field(default_factory=frozenset)
    is_banned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What is known of the customer and of how the deal came to be."""

    customer: str = ""
    domain: str = ""
    email: str = ""
    submitted_on: date | None = None
    won_on: date | None = None
    earlier_partner: bool = False
    referred_by_holder: bool = False
    has_duplicate: bool = False
    domain_is_banned: bool = False


def facts(party: Party, sale: Sale) -> dict[str, object]:
    """The inputs of the rule kind "earnings.fraud"."""
    days = (sale.won_on - sale.submitted_on).days if sale.won_on and sale.submitted_on else None
    return {
        "same_email": sale.email.casefold() in party.emails if sale.email else False,
        "same_company": _same_company(party, sale),
        "self_referral": sale.referred_by_holder,
        "duplicate_account": sale.has_duplicate,
        "banned": party.is_banned or sale.domain_is_banned,
        "days_to_won": days,
    }


def _same_company(party: Party, sale: Sale) -> bool:
    own = {party.domain.casefold()} - FREE_MAIL - {""}
    mail = sale.email.casefold().rpartition("@")[2]
    return bool(own & {sale.domain.casefold(), mail}) or (bool(sale.customer) and _plain([sale.customer]) == _plain([party.name]))


def _plain(words: Iterable[str]) -> str:
    return "".join(sign for word in words for sign in word.casefold() if sign.isalnum())
