"""One routing run: the partners as they stand, what the rule says of each lead, and what is planned for it before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.leads.models import Lead, Receiver
from openprm.leads.queries import candidates
from openprm.leads.rulekinds import ROUTING
from openprm.leads.rules.clocks import open_by
from openprm.leads.rules.lifecycle import Status
from openprm.leads.rules.routing import MOST_OPEN, Decision, Field, Method, Reach, Scored, Skills, Terms
from openprm.leads.wording import why_not_label
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook

AT_ONCE = 2000
BY_HAND = Terms(method=Method.MANUAL)


@dataclass(slots=True)
class Planned:
    """What routing will write of one lead."""

    lead: Lead
    routing: dict[str, Any]
    offers: list[dict[str, Any]]
    status: Status
    reason: str = ""

    @property
    def partner_ids(self) -> tuple[UUID, ...]:
        return tuple(offer["partner_id"] for offer in self.offers)


@dataclass(slots=True)
class Desk:
    """One routing run: the partners as they stand, and each rule asked once for each set of facts."""

    at: datetime
    field: Field
    lines: Mapping[UUID, str]
    asked: dict[tuple, tuple[Terms, Any]] = field(default_factory=dict)
    programs: dict[UUID, str] = field(default_factory=dict)

    def terms_for(self, lead: Lead) -> tuple[Terms, Any]:
        inputs = _inputs(lead, self.lines, self.program_of(lead))
        key = tuple(inputs.values())
        if key not in self.asked:
            verdict = rulebook.evaluate(kind=ROUTING, program_id=None, inputs=inputs, at=self.at)
            self.asked[key] = (_terms(verdict.outcome or {}), verdict)
        return self.asked[key]

    def program_of(self, lead: Lead) -> str | None:
        """The code of the program of its form, looked up once for each."""
        if lead.program_id and lead.program_id not in self.programs:
            self.programs[lead.program_id] = partners.program(SYSTEM, lead.program_id).code
        return self.programs.get(lead.program_id) if lead.program_id else None


def desk_at(at: datetime) -> Desk:
    ensure_receivers()
    return Desk(at=at, field=candidates.field_at(at), lines={line.id: line.code for line in deals.product_lines(SYSTEM)})


def ensure_receivers() -> None:
    """Every partner has its row of what it takes; one that came without the news of it gets it now."""
    known = candidates.known_receivers()
    ids = [UUID(partner_id) for partner_id, _name in partners.partner_choices(SYSTEM) if UUID(partner_id) not in known]
    if ids:
        Receiver.objects.bulk_create((Receiver(partner_id=one) for one in ids), ignore_conflicts=True)
        made = list(Receiver.objects.filter(partner_id__in=ids).select_related("partner__organization"))
        for receiver in made:
            country = receiver.partner.organization.country
            receiver.countries = [country] if country else []
        Receiver.objects.bulk_update(made, ["countries"], batch_size=AT_ONCE)


def _inputs(lead: Lead, lines: Mapping[UUID, str], program: str | None) -> dict[str, Any]:
    base = lead.base_amount_minor
    return {
        "source": lead.source,
        "country": lead.country or None,
        "region": lead.region or None,
        "industry": lead.industry or None,
        "employees": lead.employees,
        "grade": lead.grade or None,
        "amount": None if base is None else Money(base, deals.base_currency()),
        "product_line": lines.get(lead.product_line_id) if lead.product_line_id else None,
        "program": program,
        "wish": lead.wish or None,
        "asks_skills": bool(lead.skills),
        "known_customer": lead.account_id is not None,
    }


def _terms(outcome: Mapping[str, Any]) -> Terms:
    """The rule's answer; what it leaves open is a person's decision, never a guess."""
    if not outcome:
        return BY_HAND
    return Terms(
        method=Method(outcome.get("method") or Method.MANUAL),
        min_tier=int(outcome.get("min_tier") or 0),
        skills=Skills(outcome.get("skills") or Skills.ANY),
        reach=Reach(outcome.get("reach") or Reach.COUNTRY),
        max_open=MOST_OPEN if outcome.get("max_open") is None else int(outcome["max_open"]),
        width=min(50, max(1, int(outcome.get("width") or 1))),
        open_days=min(60, max(1, int(outcome.get("open_days") or 2))),
        pace=str(outcome.get("pace") or "standard"),
    )


def routing_row(lead: Lead, desk: Desk, actor: Actor, terms: Terms, verdict: Any, decision: Decision, seed: str, reason: str) -> dict[str, Any]:
    """The row of the decision, by the names of its attributes."""
    person = None if actor.is_system else actor
    return {
        "id": new_id(),
        "lead_id": lead.pk,
        "round": lead.rounds + 1,
        "method": terms.method.value,
        "by_id": person.user_id if person else None,
        "by_name": person.name[:120] if person else "",
        "reason": reason[:1000],
        "seed": seed,
        "clause": verdict.clause if verdict else "",
        "clause_text": verdict.clause_text if verdict else "",
        "rule_version_id": verdict.version_id if verdict else None,
        "rule_version": verdict.version if verdict else None,
        "inputs": _plain(verdict.inputs) if verdict else {},
        "terms": _plain_terms(terms),
        "candidates": [scored.plain() for scored in decision.kept],
        "tallies": {str(code): count for code, count in decision.tallies.items()} | {"eligible": decision.eligible},
        "chosen": [scored.partner_id for scored in decision.chosen],
        "at": desk.at,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | bool | type(None)) else str(value) for name, value in values.items()}


def _plain_terms(terms: Terms) -> dict[str, Any]:
    return {
        "method": terms.method.value,
        "min_tier": terms.min_tier,
        "skills": terms.skills.value,
        "reach": terms.reach.value,
        "max_open": terms.max_open,
        "width": terms.width,
        "open_days": terms.open_days,
        "pace": terms.pace,
    }


def planned_of(desk: Desk, lead: Lead, routing: dict[str, Any], chosen: Sequence[Scored], terms: Terms, nobody: Status, decision: Decision) -> Planned:
    turn, until = candidates.turn_of(desk.at), open_by(desk.at, terms.open_days)
    opens = 0 if terms.method == Method.CLAIM else 1
    shared = {
        "lead_id": lead.pk,
        "routing_id": routing["id"],
        "method": terms.method.value,
        "clause": routing["clause"],
        "clause_text": routing["clause_text"],
        "rule_version": routing["rule_version"],
        "pace": terms.pace,
        "offered_at": desk.at,
        "open_by": until,
    }
    offers = []
    for place, scored in enumerate(chosen, start=1):
        desk.field.take(scored.partner_id, turn, opens=opens)
        offers.append(
            shared | {"partner_id": scored.partner_id, "position": place, "score": scored.score, "reasons": {**scored.facts, "of": decision.eligible}}
        )
    if offers:
        return Planned(lead, routing, offers, Status.OFFERED)
    return Planned(lead, routing, offers, nobody, _why_nobody(terms, decision))


def _why_nobody(terms: Terms, decision: Decision) -> str:
    """Why nobody got it, in a sentence for the vendor."""
    if terms.method == Method.MANUAL:
        return _("The rule leaves this lead to a person.")
    most = max(decision.tallies.items(), key=lambda pair: (pair[1], pair[0]), default=None)
    if most is None:
        return _("There is no partner yet.")
    return _("No partner fits. Most often: %(why)s (%(count)d).") % {"why": why_not_label(most[0]).lower(), "count": most[1]}
