"""Who is bound to a case, and who could judge it. In the system's scope or the vendor's."""

from collections import Counter
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.conflicts.models import ConflictCase, Ruling, Statement
from openprm.conflicts.rules.impartiality import Candidate, Ties, weigh
from openprm.conflicts.rules.lifecycle import DECISION, LIVE, Origin
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.partners import queries as partners

REVIEW = "conflicts.review"


def ties_of(case: ConflictCase) -> Ties:
    """Everything that ties people to this case."""
    facts = accounts.sales_facts([case.account_id]).get(case.account_id) if case.account_id else None
    return Ties(
        parties=frozenset(filter(None, (case.rep_id,))),
        earlier_judges=frozenset(Ruling.objects.filter(case=case, kind=DECISION).values_list("by_id", flat=True)),
        deal_deciders=_deciders(case),
        speakers=frozenset(filter(None, Statement.objects.filter(case=case, partner=None).values_list("author_id", flat=True))),
        opener=case.opened_by_id if case.origin == Origin.VENDOR else None,
        account_owner=facts.owner_id if facts else None,
        managers=frozenset(filter(None, map(partners.manager_of, case.party_ids))),
    )


def _deciders(case: ConflictCase) -> frozenset[UUID]:
    ids = filter(None, (case.registration_id, case.other_registration_id))
    return frozenset[UUID]().union(*(deals.deciders_of(one) for one in ids))


def candidates_for(case: ConflictCase, ties: Ties | None = None) -> tuple[Candidate, ...]:
    """Everybody who may review cases, those without ties first; the first is the system's proposal."""
    live = ConflictCase.objects.filter(state__in=LIVE, reviewer__isnull=False).exclude(pk=case.pk)
    load = Counter(live.values_list("reviewer_id", flat=True))
    people = [Candidate(user_id=one.id, name=one.name, load=load[one.id]) for one in identity.holders_of(REVIEW) if one.id]
    return weigh(people, ties or ties_of(case))
