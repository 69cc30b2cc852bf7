"""The vendor's view of a conflict check: names, evidence, a suggestion. Nothing in here is for a partner."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.deals import policies
from openprm.deals.models import Decision, Finding, Registration
from openprm.deals.queries.pieces import line_names, status_words
from openprm.deals.queries.results import CandidateView, FindingView, Similar, Suggestion
from openprm.deals.rules.conflict import BLOCKING_KINDS, FindingKind, Verdict
from openprm.deals.rules.evidence import Likeness, Side, compare
from openprm.deals.rules.lifecycle import Status
from openprm.deals.wording import vendor_sentence
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


def for_vendor(row: Registration) -> tuple[FindingView, ...]:
    """The findings in sentences with names, each with what the two deals have in common."""
    found = list(Finding.objects.filter(registration=row).select_related("other_partner", "other_registration", "opportunity"))
    ids = {row.pk, *(one.other_registration_id for one in found if one.other_registration_id)}
    about = line_names(ids, products=True)
    return tuple(_view(row, one, about) for one in found)


def _view(row: Registration, finding: Finding, about: dict[UUID, str]) -> FindingView:
    other = finding.other_registration
    return FindingView(
        kind=finding.kind,
        blocks=row.account_id is not None and FindingKind(finding.kind) in BLOCKING_KINDS,
        sentence=vendor_sentence(finding.kind, _names(row, finding)),
        other_registration_id=finding.other_registration_id,
        other_number=other.number if other else "",
        other_partner=finding.other_partner.name if finding.other_partner else "",
        until=finding.until,
        evidence=_evidence(row, other, about) if other else (),
    )


def _names(row: Registration, finding: Finding) -> dict[str, Any]:
    names = {"customer": row.customer_name, **finding.values}
    if finding.other_partner:
        names["partner"] = finding.other_partner.name
    if finding.other_registration:
        names["number"] = finding.other_registration.number
    if finding.opportunity:
        names["opportunity"] = finding.opportunity.name
    if finding.until:
        names["until"] = date_format(finding.until, "j M Y")
    return names


def _evidence(row: Registration, other: Registration, about: dict[UUID, str]) -> tuple[Likeness, ...]:
    return compare(_side(row, about), _side(other, about))


def _side(row: Registration, about: dict[UUID, str]) -> Side:
    products = tuple(filter(None, about.get(row.pk, "").split(", ")))
    return Side(company=row.customer_name, domain=row.customer_domain, products=products, contact=row.contact_name)


def candidates(actor: Actor, row: Registration) -> tuple[CandidateView, ...]:
    draft = accounts.AccountDraft(name=row.customer_name, domain=row.customer_domain, country=row.customer_country)
    return tuple(
        CandidateView(
            account_id=one.account_id,
            name=one.name,
            domain=one.domain,
            country=one.country,
            score=one.score,
            reasons=tuple((str(reason.text), reason.percent) for reason in one.reasons),
        )
        for one in accounts.duplicate_candidates(actor, draft, 5)
    )


def compared_with() -> int:
    """About how many registrations a check looks among: the planner's estimate, never a count."""
    return max(0, int(db.value("select reltuples::bigint from pg_class where oid = 'deals_registration'::regclass") or 0))


def suggestion(row: Registration, found: Iterable[FindingView], decisions: Iterable[Decision]) -> Suggestion:
    """What the facts speak for, with the clause that routed the deal. A person decides."""
    routed = next((one for one in decisions if one.kind == Decision.Kind.ROUTED), None)
    clause, text = (routed.clause, routed.clause_text) if routed else ("", "")
    blocking = next((one for one in found if one.blocks), None)
    if blocking:
        return Suggestion(action="reject", sentence=blocking.sentence, clause=clause, clause_text=text)
    if row.verdict == Verdict.NONE and row.account_id:
        return Suggestion(action="approve", sentence=_("No other claim stands on this customer and product line."), clause=clause, clause_text=text)
    return Suggestion(action="look", sentence=_("Compare the findings before you decide."), clause=clause, clause_text=text)


def similar(actor: Actor, registration_id: UUID, limit: int = 20) -> tuple[Similar, ...]:
    """Other registrations for the same customer with a product line in common (D2). Raises NotFound; the vendor's side only."""
    if not actor.sees_all_partners:
        raise NotFound()
    row = policies.reach(actor).one(registration_id)
    if row.account_id is None and not row.customer_domain:
        return ()
    same = {"account_id": row.account_id} if row.account_id else {"customer_domain": row.customer_domain}
    line_ids = list(row.lines.values_list("product_line_id", flat=True))
    rows = (
        policies.reach(actor)
        .filter(**same, lines__product_line_id__in=line_ids)
        .exclude(pk=row.pk)
        .exclude(status=Status.DRAFT)
        .select_related("partner")
        .distinct()
        .order_by("-created_at", "-id")[:limit]
    )
    rows = list(rows)
    about = line_names(one.pk for one in rows)
    return tuple(_similar(one, about.get(one.pk, "")) for one in rows)


def _similar(row: Registration, about: str) -> Similar:
    words = status_words(row)
    return Similar(
        id=row.pk,
        number=row.number,
        partner=row.partner.name,
        customer_name=row.customer_name,
        status=row.status,
        status_label=words["status_label"],
        status_tone=words["status_tone"],
        product_lines=about,
        submitted_at=row.submitted_at,
        protected_until=row.protected_until,
    )


def fact_label(name: str) -> str:
    fact = _facts().get(name)
    return str(fact.label) if fact else name


def fact_words(name: str, value: Any) -> str:
    """The value of a rule's input as a person reads it."""
    fact = _facts().get(name)
    option = fact.option(str(value).lower() if isinstance(value, bool) else str(value)) if fact else None
    if option:
        return option.words
    return f"{value} {fact.unit}".strip() if fact and value is not None else str(value)


def _facts() -> dict[str, Any]:
    from openprm.deals.rulekinds import RULE_KINDS

    return {fact.name: fact for kind in RULE_KINDS for fact in kind.inputs}
