"""Web domains that more than one account has."""

from collections.abc import Iterable

from django.db.models import Count

from openprm.accounts.models import Account


def twins_by_domain(domains: Iterable[str]) -> set[str]:
    """Those of the domains that several accounts have which were not merged. One query; in the system's scope."""
    rows = Account.objects.filter(domain__in=list(domains), merged_into=None).values("domain").annotate(n=Count("pk")).filter(n__gt=1)
    return set(rows.values_list("domain", flat=True))
