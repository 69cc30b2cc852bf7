"""One application as the vendor's people judge it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from openprm.applications import letters, policies, rules
from openprm.applications.models import Application, Finding
from openprm.applications.promisekinds import DECISION
from openprm.applications.queries.results import CriterionView, FindingView, HitView, NoteView, OfPartner, VendorApplication
from openprm.applications.queries.wording import pages_in_words
from openprm.applications.rulekinds import KIND
from openprm.applications.rules import State
from openprm.applications.words import CORE, DECIDER, FIT, FOUND, LIKENESS, REASON, RISK, STATE, TYPE
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.domains import normal_domain
from openprm.promises import queries as promises

NOT_ASKED_AGAIN = ("email",)
PLACES = {"partner": "partners:partner", "application": "applications:application", "prospect": "recruitment:prospect"}


def application(actor: Actor, application_id: UUID, at: datetime) -> VendorApplication:
    """Raises NotFound. Seven queries, whatever was found."""
    row = policies.reach_sent(actor).one(application_id)
    label, tone = STATE[row.state]
    findings = tuple(_finding(one) for one in sorted(row.findings.all(), key=lambda one: (one.strength, one.name)))
    partner = next((one for one in row.findings.all() if one.kind == "partner" and one.strength == "certain"), None)
    why = policies.why_not_decide(actor, row)
    return VendorApplication(
        id=row.pk,
        number=row.number,
        version=row.version,
        program_id=row.program_id,
        program_name=row.program.name,
        program_code=row.program.code,
        form_number=row.form.number,
        state=row.state,
        state_label=label,
        tone=tone,
        company_name=row.company_name,
        website=row.website,
        domain=row.domain,
        country=country_name(row.country),
        type=row.type,
        type_label=TYPE[row.type],
        contact_name=row.contact_name,
        email=row.email,
        is_proven=normal_domain(rules.mail_domain(row.email)) == row.domain,
        source=row.source,
        ref_code=row.ref_code,
        is_referred=row.referral_id is not None,
        prospect_id=row.prospect_id,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        decider=row.decider,
        decider_label=DECIDER[row.decider],
        findings=findings,
        duplicate=row.duplicate,
        known_partner_id=partner.subject_id if partner else None,
        known_partner_name=partner.name if partner else "",
        clause=row.clause,
        clause_text=row.clause_text,
        rule_version=row.rule_version,
        rule_version_id=row.rule_version_id,
        inputs=_inputs(row),
        would_change=tuple(row.would_change),
        asked=_asked(row),
        asked_message=row.asked_message,
        asked_at=row.asked_at,
        reason=row.reason,
        reason_label=REASON.get(row.reason, ""),
        message=row.message,
        again=letters.again(row) if row.state == State.REJECTED else "",
        decided_by=row.decided_by.name if row.decided_by else "",
        by_rule=row.decided_by_rule,
        partner_id=row.partner_id,
        promise=promises.clock(row.pk, DECISION, at),
        pages=pages_in_words(row),
        notes=tuple(NoteView(author=note.author_name, body=note.body, at=note.at) for note in row.notes.all()),
        askable=tuple((field.code, str(field.label)) for field in (*CORE, *rules.fields_of(row.form.fields)) if field.code not in NOT_ASKED_AGAIN),
        why_not_decide=why,
        why_not_comment=policies.why_not_comment(actor),
        can_answer=not why and row.state in (State.SUBMITTED, State.RETURNED, State.HELD),
        **_score(row),
        **_risk(row),
    )


def of_partner(actor: Actor, partner_id: UUID) -> OfPartner | None:
    """The application that a partner came from, or None."""
    row = policies.reach(actor).filter(partner=partner_id, state=State.APPROVED).order_by("-decided_at").first()
    if row is None:
        return None
    return OfPartner(
        id=row.pk,
        number=row.number,
        program=row.program.name,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        by_rule=row.decided_by_rule,
        clause_text=row.clause_text,
        score=row.score,
        message=row.message,
    )


def _score(row: Application) -> dict[str, Any]:
    label, tone = FIT.get(row.score_detail.get("fit", ""), ("", ""))
    criteria = tuple(CriterionView(**one) for one in row.score_detail.get("criteria", ()))
    return {
        "score": row.score,
        "could_reach": row.could_reach,
        "missing_percent": row.missing_percent,
        "fit_label": label,
        "fit_tone": tone,
        "criteria": criteria,
    }


def _risk(row: Application) -> dict[str, Any]:
    label, tone = RISK.get(row.risk, ("", ""))
    hits = tuple(HitView(asked=hit["asked"], name=hit["name"], source=hit["source"], score=round(hit["score"])) for hit in row.risk_detail.get("hits", ()))
    return {
        "risk": row.risk,
        "risk_label": label,
        "risk_tone": tone,
        "risk_clause": row.risk_detail.get("clause", ""),
        "risk_text": row.risk_detail.get("clause_text", ""),
        "risk_reasons": tuple(row.risk_detail.get("reasons", ())),
        "hits": hits,
    }


def _finding(one: Finding) -> FindingView:
    return FindingView(
        kind=one.kind,
        kind_label=str(FOUND.get(one.kind, one.kind)),
        name=one.name,
        why=str(LIKENESS.get(one.reason, one.reason)),
        is_certain=one.strength == "certain",
        url=_address(one.kind, one.subject_id),
    )


def _address(kind: str, subject_id: UUID) -> str:
    try:
        return reverse(PLACES[kind], args=[subject_id])
    except (KeyError, NoReverseMatch):
        return ""


def _asked(row: Application) -> tuple[str, ...]:
    labels = {field.code: str(field.label) for field in (*CORE, *rules.fields_of(row.form.fields))}
    return tuple(labels.get(code, code) for code in row.asked_fields)


def _inputs(row: Application) -> tuple[tuple[str, str], ...]:
    """What the rule looked at, in its own labels."""
    return tuple(
        (str(fact.label), _fact_in_words(fact, row.rule_inputs[fact.name])) for fact in KIND.inputs if row.rule_inputs.get(fact.name) not in (None, "")
    )


def _fact_in_words(fact: Any, value: Any) -> str:
    option = fact.option(str(value).lower() if isinstance(value, bool) else str(value))
    return option.words if option else str(value)
