"""Who may not come back: companies that were banned. Runs in a scope that sees all partners."""

from collections.abc import Iterable

from openprm.partners import rules
from openprm.partners.models import Partner


def is_banned_domain(domain: str) -> bool:
    """Whether this web or mail domain, or one above it, belongs to a partner that was banned. One query."""
    return bool(banned_domains([domain]))


def banned_domains(domains: Iterable[str]) -> set[str]:
    """Those of the given domains that belong to a banned partner, by its web domain or its website. One query."""
    asked = {domain: set(rules.domain_and_above(domain)) for domain in domains}
    wanted = set().union(*asked.values())
    rows = Partner.objects.filter(banned_at__isnull=False).values_list("organization__domain", "website") if wanted else ()
    banned = {host for domain, website in rows for host in (rules.host_of(domain), rules.host_of(website)) if host}
    return {domain for domain, names in asked.items() if names & banned}
