"""What happens when an application comes in: compared with companies on file, scored, checked, and answered or handed to a person."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.applications import rules
from openprm.applications.events import ApplicationHeld, ApplicationSubmitted
from openprm.applications.models import Application, Finding
from openprm.applications.promisekinds import DECISION
from openprm.applications.rules import OPEN, Known, Likeness, State, Strength
from openprm.applications.services import admission, surroundings
from openprm.applications.services.facts import facts_of
from openprm.applications.services.unit import applicant, move, record
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.domains import is_free_mail, normal_domain
from openprm.kernel.errors import Conflict, Invalid, Refusal, refused_by
from openprm.kernel.events import publish
from openprm.kernel.names import name_key
from openprm.partners import queries as partners
from openprm.promises import services as promises
from openprm.rulebook import services as rulebook
from openprm.rulebook.services import NoRulesInForce

RESULT = (
    "score", "could_reach", "missing_percent", "score_detail", "risk", "risk_detail", "duplicate", "decider", "clause", "clause_text", "rule_version_id",
    "rule_version", "rule_inputs", "would_change", "prospect_id", "referral_id",
)  # fmt: skip


class AlreadyKnown(Conflict):
    """The company is a partner, or has an open application."""


class TooSoon(Conflict):
    """The company was rejected and may not apply again yet."""


def arrive(application: Application, at: datetime, *, by: Actor | None = None) -> None:
    """Take a confirmed application in: hold it when the company is known or the address proves nothing, else let the rules answer."""
    who = by or applicant(application)
    application.prospect_id = surroundings.prospect_of(application)
    _claim_referral(application, at)
    found = examine(application, at)
    held = by is None and (rules.strongest(found) is Strength.CERTAIN or _proves_nothing(application))
    if held:
        move(application, State.HELD, "confirmed_at", "link_generation", *RESULT)
        record(who, "application.held", application, after={}, at=at)
        publish(ApplicationHeld(application_id=application.pk, program_id=application.program_id, at=at))
        return
    _submit(application, who, at)


def arrive_again(application: Application, at: datetime) -> None:
    """Take an answered question in: the clock goes on, and the rules look again."""
    application.asked_fields, application.asked_message = [], ""
    examine(application, at)
    changed = ("answers", "asked_fields", "asked_message", "company_name", "website", "domain", "name_key", "country", "type", "contact_name", "email")
    _open(application, *changed, *RESULT)
    promises.resume(application.pk, DECISION, at)
    publish(ApplicationSubmitted(application_id=application.pk, program_id=application.program_id, again=True, at=at))
    decide(application, at)


def take_in(application: Application, actor: Actor, at: datetime) -> None:
    """Open a held application to a decision; from here on the answer is promised, and a person gives it."""
    before = {"state": application.state}
    application.submitted_at = at
    _open(application, "submitted_at", *RESULT)
    _start_clock(application, actor, at)
    route(application, at)
    application.decider = application.decider if application.decider in ("partner_manager", "vendor_admin") else "partner_manager"
    application.save(update_fields=[*RESULT, "updated_at"])
    record(actor, "application.taken_up", application, before=before, after={"state": application.state}, at=at)


def _submit(application: Application, who: Actor, at: datetime) -> None:
    application.submitted_at = at
    _open(application, "submitted_at", "confirmed_at", "link_generation", *RESULT)
    _start_clock(application, who, at)
    record(who, "application.submitted", application, after={}, at=at)
    publish(ApplicationSubmitted(application_id=application.pk, program_id=application.program_id, again=False, at=at))
    decide(application, at)


def _open(application: Application, *changed: str) -> None:
    known = AlreadyKnown(_("Your company has an application for this program already. Ask the colleague who sent it for the link."), field="website")
    with refused_by("one_open_application_per_company", known):
        move(application, State.SUBMITTED, *changed)


def _start_clock(application: Application, who: Actor, at: datetime) -> None:
    """The clock of an applicant stands under the application's own id: there is no partner yet."""
    promises.start(
        actor=who, code=DECISION, subject=application, partner_id=application.pk, program_id=application.program_id, refs=(application.program_id,), at=at
    )


def examine(application: Application, at: datetime) -> list[Likeness]:
    """Compare, score and check; keeps what it found on the application and gives the likenesses."""
    found = likenesses(application)
    Finding.objects.filter(application=application).delete()
    Finding.objects.bulk_create(_finding(application, one) for one in found)
    facts = facts_of(application)
    fit = surroundings.fit(program_id=application.program_id, facts=facts, at=at)
    risk = surroundings.risk(country=application.country, type=application.type, facts=facts, program_id=application.program_id, at=at)
    hits = surroundings.names_on_lists(names=(application.company_name, application.contact_name), country=application.country, at=at)
    application.score, application.could_reach, application.missing_percent = fit.points, fit.could_reach, fit.missing_percent
    application.score_detail = dict(fit.detail)
    application.risk, application.risk_detail = "high" if hits else risk.level, {**risk.detail, "hits": hits}
    application.duplicate = rules.strongest(found)
    return found


def route(application: Application, at: datetime) -> str:
    """Ask the published rules who answers; gives the decision and keeps the clause."""
    facts = facts_of(application)
    inputs = {
        "score": application.score,
        "missing_percent": application.missing_percent,
        "country": application.country,
        "type": application.type,
        "employees": facts.get("employees"),
        "free_mail": is_free_mail(rules.mail_domain(application.email)),
        "duplicate": str(application.duplicate),
        "referral": application.referral_id is not None,
        "risk": application.risk or None,
    }
    try:
        verdict = rulebook.evaluate(kind=DECISION, program_id=application.program_id, inputs=inputs, at=at, record_for=(application, None))
    except NoRulesInForce:
        application.decider = "partner_manager"
        return "review"
    outcome = verdict.outcome or {}
    application.clause, application.clause_text = verdict.clause or "", verdict.clause_text or ""
    application.rule_version_id, application.rule_version = verdict.version_id, verdict.version
    application.rule_inputs, application.would_change = dict(verdict.inputs), list(verdict.would_change)
    application.decider = outcome.get("decider") or "partner_manager"
    return outcome.get("decision") or "review"


def decide(application: Application, at: datetime) -> None:
    """Let the published rules answer, or hand the application to the person they name. What a rule cannot carry out a person does."""
    decision = route(application, at)
    application.save(update_fields=[*RESULT, "updated_at"])
    try:
        with transaction.atomic():
            _carry_out(application, decision, at)
    except Refusal as refusal:
        application.refresh_from_db()
        application.decider = "partner_manager"
        application.save(update_fields=["decider", "updated_at"])
        record(SYSTEM, "application.handed_over", application, after={}, note=refusal.message, at=at)


def _carry_out(application: Application, decision: str, at: datetime) -> None:
    if decision == "approve":
        admission.admit(actor=SYSTEM, application=application, message="", at=at)
    elif decision in rules.REJECTED_BY_RULE:
        admission.turn_down(
            actor=SYSTEM,
            application=application,
            reason=rules.REJECTED_BY_RULE[decision],
            message=application.clause_text[:2000],
            reapply="standard",
            at=at,
        )


def refuse_known(application: Application) -> None:
    """For the vendor's own people, who may know: name the company that stands in the way. Raises AlreadyKnown."""
    certain = [one for one in likenesses(application) if one.strength is Strength.CERTAIN and one.known.kind != "prospect"]
    if certain:
        raise AlreadyKnown(_("%(name)s has the same web domain and is known already.") % {"name": certain[0].known.name}, field="website")


def refuse_too_soon(application: Application, at: datetime) -> None:
    """Raise TooSoon while an answer from before still holds, or a ban; only for whoever proved to be of that company."""
    if _proves_nothing(application) or not application.domain:
        return
    if partners.is_banned_domain(application.domain):
        raise TooSoon(_("We do not work with your company any more and cannot take its application."))
    rejected = Application.objects.filter(program=application.program_id, domain=application.domain, state=State.REJECTED).order_by("-decided_at").first()
    if rejected is None or rules.may_reapply(reapply=rejected.reapply, from_date=rejected.reapply_from_date, at=at):
        return
    if rejected.reapply == "never":
        raise TooSoon(_("We answered an application of your company and cannot take another one for this program."))
    day = date_format(rejected.reapply_from_date, "j F Y")
    raise TooSoon(_("We answered an application of your company. You can apply again from %(day)s.") % {"day": day})


def likenesses(application: Application) -> list[Likeness]:
    """Partners, open applications and persons on file that may be this company, the certain ones first."""
    found = [
        likeness
        for known in (*_partners(application), *_applications(application))
        if (likeness := rules.compare(domain=application.domain, key=application.name_key, country=application.country, known=known))
    ]
    ordered = sorted(found, key=lambda one: (one.strength is not Strength.CERTAIN, one.known.kind, one.known.name))
    return list({(one.known.kind, one.known.id): one for one in reversed(ordered)}.values())[::-1]


def _partners(application: Application) -> Iterable[Known]:
    """Partners that share the domain or the beginning of the name; the comparison itself is exact."""
    start = application.company_name[:3]
    alike = Q(name__istartswith=start) | Q(legal_name__istartswith=start)
    if application.domain:
        alike |= Q(domain=application.domain) | Q(domain__endswith=f".{application.domain}")
    for row in identity.organizations(SYSTEM, kind="partner").filter(alike).exclude(pk=application.partner_id)[:500]:
        for name in {row.name, row.legal_name} - {""}:
            yield Known(kind="partner", id=row.pk, name=row.name, domain=normal_domain(row.domain), key=name_key(name), country=row.country)


def _applications(application: Application) -> Iterable[Known]:
    alike = Q(name_key=application.name_key) | (Q(domain=application.domain) if application.domain else Q(pk=None))
    rows = Application.objects.filter(alike, state__in=OPEN, program=application.program_id).exclude(pk=application.pk)
    for row in rows[:50]:
        yield Known(kind="application", id=row.pk, name=row.company_name, domain=row.domain, key=row.name_key, country=row.country)


def _finding(application: Application, one: Likeness) -> Finding:
    return Finding(application=application, kind=one.known.kind, subject_id=one.known.id, name=one.known.name[:200], reason=one.reason, strength=one.strength)


def _proves_nothing(application: Application) -> bool:
    """Whether the confirmed mailbox says nothing about the company: it is of another domain, and no provider that the program allows."""
    domain = rules.mail_domain(application.email)
    return not is_free_mail(domain) and normal_domain(domain) != application.domain


def _claim_referral(application: Application, at: datetime) -> None:
    try:
        with transaction.atomic():
            application.referral_id = surroundings.claim_referral(application, at)
    except (Conflict, Invalid):
        application.referral_id = None
