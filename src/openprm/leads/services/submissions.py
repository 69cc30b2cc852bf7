"""What strangers send by a form: read, judged, and taken in at once or after they confirmed their address."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity.services import checks as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.countries import country_codes
from openprm.kernel.domains import is_free_mail, normal_domain
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal, TooMany
from openprm.kernel.events import publish
from openprm.kernel.money import minor_units
from openprm.kernel.scope import system_scope
from openprm.leads.events import ConfirmationAsked, SubmissionTakenIn
from openprm.leads.models import Submission, WebForm, WebFormVersion
from openprm.leads.rules import consent as consents
from openprm.leads.rules import webform as rules
from openprm.leads.rules.consent import ConsentGiven, Ground, Need
from openprm.leads.rules.intake_draft import MAX_LENGTH, LeadDraft
from openprm.leads.rules.webform import FormField
from openprm.leads.services import checks, links
from openprm.leads.services.taking_in import ConsentMissing, consent_asked_for, log_refusal, take_in

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]")
State = Submission.State


class FormClosed(Conflict):
    """The form takes nothing now."""


class ForeignPage(NotAllowed):
    """A page that the vendor did not name sent the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a form was sent from."""

    network_address: str | None = None
    origin: str = ""
    own_origin: str = ""
    campaign: str = ""


def submit(*, code: str, given: Mapping[str, Any], sender: Sender, at: datetime) -> Submission:
    """Take what somebody sent. Where a confirmation is asked for, a mail goes out and nothing else happens until it is answered.

    Raises NotFound, FormClosed, ForeignPage, Invalid, ConsentMissing, TooMany.
    """
    with system_scope():
        form, version = open_form(code)
        if not rules.may_send(sender.origin or sender.own_origin, own=sender.own_origin, allowed=form.allowed_origins):
            raise ForeignPage(_("This form may not be sent from %(site)s. Its owner can allow that.") % {"site": sender.origin[:80]})
        answers = _read(version, given)
        _refuse_flood(form, answers["contact_email"], sender, at)
        _refuse_unticked(version, given, answers)
        need = consent_asked_for(country=answers["country"], person=True, source="web_form", at=at).need
        made = _submission(version, answers, sender, form, at)
        if version.asks_confirmation or need is Need.DOUBLE_OPT_IN:
            made.save()
            publish(ConfirmationAsked(submission_id=made.pk, at=at))
            return made
        return _take_in(made, form, Ground.OPT_IN, at)


def confirm(*, token: str, at: datetime) -> Submission:
    """Prove the address behind a form and take the lead in. Safe to call twice. Raises NotFound, Invalid."""
    with system_scope():
        found = _by_link(token, at)
        if found.state != State.PENDING:
            return found
        found.confirmed_at = at
        return _take_in(found, found.form_version.form, Ground.DOUBLE_OPT_IN, at)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What stands behind a confirmation link."""

    code: str
    title: str
    company_name: str
    email: str
    consent_text: str
    is_done: bool


def awaiting(*, token: str, at: datetime) -> Awaiting:
    """What a person is asked to confirm. Raises NotFound."""
    with system_scope():
        found = _by_link(token, at)
        version, answers = found.form_version, found.answers
        return Awaiting(
            code=version.form.code,
            title=version.title,
            company_name=answers.get("company_name", ""),
            email=answers.get("contact_email", ""),
            consent_text=version.consent_text,
            is_done=found.state != State.PENDING,
        )


def write_down_refusal(*, code: str, refusal: Refusal, at: datetime) -> None:
    """Keep in the log that a form was refused for want of consent, without a word about the person."""
    with system_scope():
        form, _version = open_form(code)
        audit.record(SYSTEM, "lead.refused", form, after={}, data={"why": str(refusal.message)[:500]}, at=at)


def _by_link(token: str, at: datetime) -> Submission:
    found = Submission.objects.select_related("form_version__form").filter(pk=links.read(token, links.CONFIRM)).locked().first()
    if found is None or (found.state == State.PENDING and found.submitted_at + consents.PENDING_LASTS < at):
        raise links.dead()
    return found


def open_form(code: str) -> tuple[WebForm, WebFormVersion]:
    """A form that takes leads, with the version that is shown. Raises NotFound, FormClosed. Needs the system's scope."""
    form = WebForm.objects.filter(code=str(code)[:60]).first()
    if form is None:
        raise NotFound()
    if not form.is_open:
        raise FormClosed(_("This form takes nothing at the moment. Write to us another way."))
    return form, WebFormVersion.objects.get(form=form, number=form.current_number)


def forget_unconfirmed(*, at: datetime) -> int:
    """Delete what was never confirmed; gives how many."""
    with system_scope():
        return Submission.objects.filter(state=State.PENDING, submitted_at__lt=at - consents.PENDING_LASTS).delete()[0]


def _take_in(made: Submission, form: WebForm, ground: Ground, at: datetime) -> Submission:
    version = made.form_version
    given = ConsentGiven(
        ground=ground,
        text=version.consent_text,
        text_version=version.text_version,
        given_at=at,
        network_address=made.network_address,
        source=_("Web form %(name)s") % {"name": form.name},
    )
    taken = take_in(actor=SYSTEM, draft=_draft(made, form), consent=given, at=at)
    made.lead_id, made.state, made.answers, made.network_address = taken.received.lead_id, State.TAKEN_IN, {}, None
    made.save()
    publish(SubmissionTakenIn(submission_id=made.pk, lead_id=made.lead_id, at=at))
    return made


def _draft(made: Submission, form: WebForm) -> LeadDraft:
    answers = dict(made.answers)
    line = answers.pop("product_line_id", "")
    return LeadDraft(
        **answers,
        product_line_id=UUID(line) if line else None,
        program_id=form.program_id,
        currency=CURRENCY,
        source="web_form",
        source_detail=form.code,
        campaign=(made.campaign or form.campaign)[:120],
    )


def _submission(version: WebFormVersion, answers: Mapping[str, Any], sender: Sender, form: WebForm, at: datetime) -> Submission:
    return Submission(
        form_version=version,
        state=State.PENDING,
        answers=answers,
        email_key=_key(answers["contact_email"]),
        network_key=_key(sender.network_address or ""),
        network_address=sender.network_address,
        origin=sender.origin[:253],
        campaign=checks.line("campaign", sender.campaign[:120], longest=120),
        submitted_at=at,
    )


def _key(text: str) -> str:
    """A keyed hash: enough to count, and nobody reads an address out of it."""
    return salted_hmac("openprm.leads.submission", text, algorithm="sha256").hexdigest() if text else ""


def _read(version: WebFormVersion, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as columns of a lead, with every problem at once. Raises Invalid."""
    fields = rules.fields_of(version.fields)
    said: dict[str, Any] = {}
    lines: list[str] = []
    problems: list[Problem] = []
    for field in fields:
        try:
            value = _value(field, given.get(field.name), version)
        except Invalid as refusal:
            problems += [Problem(field.name, one.message, one.code) for one in refusal.problems] or [Problem(field.name, str(refusal.message))]
            continue
        if field.is_question and value:
            lines.append(f"{field.label}: {value}")
            if field.choices:
                said.setdefault("wish", value[: MAX_LENGTH["wish"]])
        elif not field.is_question and value not in ("", None):
            said[field.name] = value
    if problems:
        raise Invalid(problems=problems)
    return _with_lines(said, lines)


def _with_lines(said: dict[str, Any], lines: Iterable[str]) -> dict[str, Any]:
    """Answers to a form's own questions stand below what the person wrote."""
    message = "\n".join(filter(None, (said.get("message", ""), *lines)))
    domain = said.get("company_domain") or _domain_of(said["contact_email"])
    amount = said.pop("amount", None)
    return {
        **said,
        **({"message": message[: MAX_LENGTH["message"]]} if message else {}),
        **({"company_domain": domain} if domain else {}),
        **({"amount_minor": amount} if amount is not None else {}),
    }


def _domain_of(email: str) -> str:
    return "" if is_free_mail(email) else normal_domain(email)


def _value(field: FormField, given: Any, version: WebFormVersion) -> Any:
    typed = str(given or "").strip()
    if field.required and not typed:
        raise Invalid(_("We need this."), field=field.name, code="required")
    if not typed:
        return ""
    if _MARKUP.search(typed):
        raise Invalid(_("Write plain text, without markup."), field=field.name)
    if field.is_question:
        return _answer(field, typed)
    return _READERS.get(field.name, _line)(field.name, typed, version)


def _answer(field: FormField, typed: str) -> str:
    if field.choices and typed not in field.choices:
        raise Invalid(_("Choose one of the answers."), field=field.name)
    return checks.text(field.name, typed, longest=rules.LONGEST_ANSWER)


def _line(name: str, typed: str, version: WebFormVersion) -> str:
    return checks.line(name, typed, longest=MAX_LENGTH[name])


def _message(name: str, typed: str, version: WebFormVersion) -> str:
    return checks.text(name, typed, longest=2000)


def _email(name: str, typed: str, version: WebFormVersion) -> str:
    return identity.email(typed, field=name)


def _country(name: str, typed: str, version: WebFormVersion) -> str:
    if typed.upper() not in country_codes():
        raise Invalid(_("Choose a country."), field=name)
    return typed.upper()


def _domain(name: str, typed: str, version: WebFormVersion) -> str:
    if not (found := normal_domain(typed)):
        raise Invalid(_("This is no web address. Add the ending, for example kallio.fi."), field=name)
    return found


def _employees(name: str, typed: str, version: WebFormVersion) -> int:
    plain = re.sub(r"[ .,'\u00a0]", "", typed)
    if not plain.isascii() or not plain.isdecimal() or int(plain[:9]) > 5_000_000 or len(plain) > 9:
        raise Invalid(_("Write a whole number, for example 120."), field=name)
    return int(plain)


def _amount(name: str, typed: str, version: WebFormVersion) -> int:
    plain = re.sub(r"[ ,'\u00a0]", "", typed)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= 10**9:
        raise Invalid(_("Write an amount in %(currency)s, for example 25000.") % {"currency": CURRENCY}, field=name)
    return int(amount.scaleb(minor_units(CURRENCY)))


def _product_line(name: str, typed: str, version: WebFormVersion) -> str:
    if typed not in {str(one) for one in version.product_lines}:
        raise Invalid(_("Choose one of the products."), field=name)
    return typed


_READERS = {
    "contact_email": _email,
    "country": _country,
    "company_domain": _domain,
    "employees": _employees,
    "amount": _amount,
    "product_line_id": _product_line,
    "message": _message,
}


def _refuse_unticked(version: WebFormVersion, given: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    if given.get("consent"):
        return
    refusal = ConsentMissing(_("Tick the box: without your consent we may not write to you, so we keep nothing of what you typed."), field="consent")
    log_refusal(source="web_form", detail=version.form.code, country=answers["country"], refusal=refusal)
    raise refusal


def _refuse_flood(form: WebForm, email: str, sender: Sender, at: datetime) -> None:
    recent = Submission.objects.filter(submitted_at__gt=at - rules.ADDRESS_WINDOW)
    by_address = recent.filter(network_key=_key(sender.network_address)).count() if sender.network_address else 0
    by_email = Submission.objects.filter(email_key=_key(email), submitted_at__gt=at - rules.EMAIL_WINDOW).count()
    by_form = Submission.objects.filter(form_version__form=form, submitted_at__gt=at - rules.FORM_WINDOW).count()
    if by_address >= rules.PER_ADDRESS or by_email >= rules.PER_EMAIL or by_form >= rules.PER_FORM:
        raise TooMany(_("Much came in from here within a short time. Wait an hour and send it again."), retry_after=3600)
