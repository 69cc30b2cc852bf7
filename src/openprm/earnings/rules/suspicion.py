"""What fraud rules look at (G12), worked out from plain values. Which of it raises an alert is a published table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

PAID_TRAFFIC = frozenset({"cpc", "ppc", "cpm", "paid", "ads", "adwords", "sem", "display", "retargeting", "paidsearch", "paidsocial", "sponsored"})
"""Words by which a campaign says that its visitors were bought."""
FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.de", "web.de"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is known of the partner: its web domain, its names and its people's addresses."""

    name: str
    domain: str
    emails: frozenset[str] = field(default_factory=frozenset)
    is_banned: bool = False
    is_banned_elsewhere: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """Its own web and mail domains; those of everybody are none."""
        mail = {email.rpartition("@")[2] for email in self.emails}
        return frozenset({self.domain.casefold(), *mail} - FREE_MAIL - {""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What is known of the customer and of how the deal came to be; `came_by` are the words of its lead: source, form, campaign."""

    customer: str = ""
    domain: str = ""
    email: str = ""
    submitted_on: date | None = None
    won_on: date | None = None
    earlier_partner: bool = False
    referred_by_holder: bool = False
    has_duplicate: bool = False
    domain_is_banned: bool = False
    came_by: tuple[str, ...] = ()
    source_is_banned: bool = False


def facts(party: Party, sale: Sale) -> dict[str, object]:
    """The inputs of the rule kind "earnings.fraud"."""
    days = (sale.won_on - sale.submitted_on).days if sale.won_on and sale.submitted_on else None
    return {
        "same_email": sale.email.casefold() in party.emails if sale.email else False,
        "same_company": _same_company(party, sale),
        "self_referral": sale.referred_by_holder,
        "duplicate_account": sale.has_duplicate,
        "banned": party.is_banned or sale.domain_is_banned,
        "banned_elsewhere": party.is_banned_elsewhere,
        "paid_traffic": any(set(_split(word)) & PAID_TRAFFIC for word in sale.came_by),
        "banned_source": sale.source_is_banned,
        "source": " ".join(sale.came_by).casefold() or None,
        "days_to_won": days,
    }


def _same_company(party: Party, sale: Sale) -> bool:
    own = {party.domain.casefold()} - FREE_MAIL - {""}
    mail = sale.email.casefold().rpartition("@")[2]
    return bool(own & {sale.domain.casefold(), mail}) or (bool(sale.customer) and _plain([sale.customer]) == _plain([party.name]))


def hosts_in(came_by: Iterable[str]) -> set[str]:
    """What looks like a web address among the words of a source."""
    return {part for word in came_by for part in word.casefold().replace("/", " ").replace("@", " ").split() if "." in part.strip(".")}


def _split(word: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in word.casefold().replace("paid-", "paid").replace("paid_", "paid")).split()


def _plain(words: Iterable[str]) -> str:
    return "".join(sign for word in words for sign in word.casefold() if sign.isalnum())
