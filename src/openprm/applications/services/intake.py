"""An application as its writer makes it: begun, saved page by page, sent, confirmed by mail, answered, withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.applications import links, rules
from openprm.applications.events import ApplicationWithdrawn, ConfirmationAsked, LinkAsked
from openprm.applications.models import Application, ProgramPage
from openprm.applications.promisekinds import DECISION
from openprm.applications.rules import EDITABLE, State
from openprm.applications.services import answers, arrival, surroundings
from openprm.applications.services.forms import form_in_force, whole_form
from openprm.applications.services.unit import AlreadyAnswered, applicant, move, record, save
from openprm.applications.words import CORE, CORE_CODES
from openprm.kernel.domains import is_free_mail, normal_domain
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, TooMany
from openprm.kernel.events import publish
from openprm.kernel.names import name_key
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.partners.queries import ProgramView
from openprm.promises import services as promises


class NotTakingApplications(Conflict):
    """The program takes no applications now."""


def start(
    *, program: ProgramView, given: Mapping[str, Any], source: str = "direct", ref: str = "", network_address: str | None = None, at: datetime
) -> Application:
    """Begin an application with the company and the person. Raises Invalid, NotTakingApplications, TooMany."""
    with system_scope():
        page = page_of(program)
        _refuse_closed(program, page)
        said = _core(given, page)
        _refuse_flood(said["email"], network_address, at)
        application = Application(
            program_id=program.id,
            form=form_in_force(program.id, at),
            source=source[:60],
            ref_code=rules.one_line(ref)[:40],
            network_address=network_address,
            started_at=at,
            reached_page=2,
            **_columns(said),
        )
        application.save()
        application.refresh_from_db()
        record(applicant(application), "application.started", application, after={}, at=at)
        return application


def save_page(*, token: str, number: int, given: Mapping[str, Any], later: bool = False, at: datetime) -> Application:
    """Keep the answers of one page; `later` lets gaps be and mails the link to go on. Raises NotFound, Invalid, AlreadyAnswered, TooMany."""
    with system_scope():
        application = links.by_open(token)
        _refuse_closed_for_writing(application)
        pages = rules.pages_of(whole_form(application.form))
        if not 1 <= number <= len(pages):
            raise NotFound()
        if number == 1:
            said, changed = _core(given, page_of_row(application)), ()
            _rewrite(application, said)
        else:
            fields = _open_fields(application, pages[number - 1][1])
            said = answers.read(fields, given, lenient=later)
            codes = {field.code for field in fields}
            application.answers = {code: value for code, value in application.answers.items() if code not in codes} | said
            changed = ("answers",)
        application.reached_page = max(application.reached_page, min(number + (0 if later else 1), len(pages)))
        save(application, *changed, *CORE_COLUMNS, "reached_page")
        if later:
            _mail_link(application, at)
        return application


def finish(*, token: str, at: datetime) -> Application:
    """Say that the application is complete; a mail then asks to confirm the address. Raises NotFound, Invalid, AlreadyAnswered, TooMany."""
    with system_scope():
        application = links.by_open(token)
        _refuse_closed_for_writing(application)
        _refuse_gaps(application)
        if application.state == State.UNCONFIRMED:
            _count_link(application, at)
            save(application, "links_sent", "link_sent_at")
        else:
            _count_link(application, at)
            move(application, State.UNCONFIRMED, "links_sent", "link_sent_at")
            record(applicant(application), "application.finished", application, after={}, at=at)
        publish(ConfirmationAsked(application_id=application.pk, at=at))
        return application


def confirm(*, token: str, at: datetime) -> Application:
    """Prove the address and send the application in. The links from before die. Raises NotFound, AlreadyAnswered, TooSoon, Conflict."""
    with system_scope():
        application = links.by_confirmation(token)
        if application.state != State.UNCONFIRMED:
            raise AlreadyAnswered(_("This application was confirmed already. The newest mail has the link to follow it."))
        arrival.refuse_too_soon(application, at)
        application.confirmed_at = at
        application.link_generation += 1
        arrival.arrive(application, at)
        return application


@transaction.atomic
def add_by_hand(*, actor: Any, program_id: Any, given: Mapping[str, Any], source: str = "entered", at: datetime) -> Application:
    """Enter an application for a company, as the vendor: on behalf of somebody met, or from another system. The address counts as proven.

    Raises NotFound, NotAllowed, Invalid, AlreadyKnown, TooSoon.
    """
    program = partners.program(actor, program_id)
    page = page_of(program)
    form = form_in_force(program.id, at)
    said = answers.read(whole_form(form), given)
    _refuse_free_mail(said, page)
    own = {code: value for code, value in said.items() if code not in CORE_CODES}
    application = Application(program_id=program.id, form=form, source=source[:60], started_at=at, entered_by_id=actor.user_id, answers=own, **_columns(said))
    arrival.refuse_known(application)
    arrival.refuse_too_soon(application, at)
    application.confirmed_at = at
    application.save()
    application.refresh_from_db()
    record(actor, "application.started", application, after={}, at=at)
    arrival.arrive(application, at, by=actor)
    return application


def answer(*, token: str, given: Mapping[str, Any], at: datetime) -> Application:
    """Answer what the vendor asked; the promise's clock goes on. Raises NotFound, Invalid, AlreadyAnswered."""
    with system_scope():
        application = links.by_open(token)
        if application.state != State.RETURNED:
            raise AlreadyAnswered(_("Nothing is asked of you at the moment."))
        fields = [field for field in whole_form(application.form) if field.code in application.asked_fields]
        said = answers.read(fields, given)
        before = {code: application.answers.get(code) for code in application.asked_fields if code not in CORE_CODES}
        after = {code: said.get(code) for code in before}
        application.answers = application.answers | {code: value for code, value in said.items() if code not in CORE_CODES}
        for code, value in _asked_columns(said).items():
            setattr(application, code, value)
        record(applicant(application), "application.answered", application, before={"answers": before}, after={"answers": after}, at=at)
        arrival.arrive_again(application, at)
        return application


def withdraw(*, token: str, at: datetime) -> Application:
    """Take the application back; nothing is decided any more. Raises NotFound, AlreadyAnswered."""
    with system_scope():
        application = links.by_open(token)
        move(application, State.WITHDRAWN)
        promises.cancel(application.pk, DECISION, at)
        record(applicant(application), "application.withdrawn", application, after={}, at=at)
        surroundings.declined(application, at)
        publish(ApplicationWithdrawn(application_id=application.pk, program_id=application.program_id, at=at))
        return application


def mail_link(*, token: str, at: datetime) -> Application:
    """Mail the link of an application to its writer. Raises NotFound, TooMany."""
    with system_scope():
        application = links.by_open(token)
        _mail_link(application, at)
        return application


def page_of(program: ProgramView) -> ProgramPage:
    """The settings of a program's public page, or the usual ones."""
    return ProgramPage.objects.filter(program=program.id).first() or ProgramPage(program_id=program.id)


def page_of_row(application: Application) -> ProgramPage:
    return ProgramPage.objects.filter(program=application.program_id).first() or ProgramPage(program_id=application.program_id)


CORE_COLUMNS = ("company_name", "website", "domain", "name_key", "country", "type", "contact_name", "email")


def _core(given: Mapping[str, Any], page: ProgramPage) -> dict[str, Any]:
    """The company and the person, with every problem at once."""
    problems: list[Problem] = []
    said: dict[str, Any] = {}
    try:
        said = answers.read(CORE, given)
    except Invalid as refusal:
        problems += refusal.problems
    named = {problem.field for problem in problems}
    for check, field in ((_why_not_mail, "email"), (_why_not_site, "website"), (_why_not_type, "type")):
        if field not in named and (reason := check(str(given.get(field, "")), page)):
            problems.append(Problem(field, reason))
    if problems:
        raise Invalid(problems=problems)
    return said


def _refuse_free_mail(said: Mapping[str, Any], page: ProgramPage) -> None:
    if reason := _why_not_mail(said["email"], page):
        raise Invalid(reason, field="email")


def _why_not_mail(email: str, page: ProgramPage) -> str | None:
    if page.allows_free_mail or not is_free_mail(rules.mail_domain(email)):
        return None
    return _("%(domain)s is a mail provider that anybody may use. Write your address at your company's own domain, so that we know for whom you speak.") % {
        "domain": rules.mail_domain(email)[:60]
    }


def _why_not_site(website: str, page: ProgramPage) -> str | None:
    if normal_domain(website) in rules.NO_SITE:
        return _("This is a page on somebody else's site. Write your company's own web address.")
    return None


def _why_not_type(type: str, page: ProgramPage) -> str | None:
    if page.types and type not in page.types:
        return _("This program is not made for this type of partner. Look at our other programs.")
    return None


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    own = {code: said.get(code, "") for code in CORE_CODES}
    return {**own, "domain": normal_domain(own["website"]), "name_key": name_key(own["company_name"])[:200]}


def _asked_columns(said: Mapping[str, Any]) -> dict[str, Any]:
    found = {code: value for code, value in said.items() if code in CORE_CODES}
    if "website" in found:
        found["domain"] = normal_domain(found["website"])
    if "company_name" in found:
        found["name_key"] = name_key(found["company_name"])[:200]
    return found


def _rewrite(application: Application, said: Mapping[str, Any]) -> None:
    """Take over a changed first page; another address is a new one to prove, so a link that left for the old one dies."""
    if said["email"] != application.email:
        application.link_generation += 1
        Application.objects.filter(pk=application.pk).update(link_generation=application.link_generation)
    for name, value in _columns(said).items():
        setattr(application, name, value)


def _open_fields(application: Application, fields: Any) -> list[Any]:
    return [field for field in fields if field.code not in CORE_CODES]


def _refuse_closed(program: ProgramView, page: ProgramPage) -> None:
    if not program.is_active or not page.is_open or not page.is_public or not program.tiers:
        raise NotTakingApplications(_("%(program)s takes no applications at the moment.") % {"program": program.name})


def _refuse_closed_for_writing(application: Application) -> None:
    if application.state not in EDITABLE:
        raise AlreadyAnswered(_("This application was sent. You can read it, and answer when we ask."))


def _refuse_flood(email: str, network_address: str | None, at: datetime) -> None:
    by_email = Application.objects.filter(email=email, started_at__gt=at - rules.EMAIL_WINDOW, entered_by=None).count()
    recent = Application.objects.filter(started_at__gt=at - rules.ADDRESS_WINDOW)
    by_address = recent.filter(network_address=network_address).count() if network_address else 0
    if by_email >= rules.STARTS_PER_EMAIL or by_address >= rules.STARTS_PER_ADDRESS:
        raise TooMany(_("Many applications came from here. Go on with the one you began, or try again in an hour."), retry_after=3600)


def _refuse_gaps(application: Application) -> None:
    """Required questions that nobody answered, each named. Raises Invalid."""
    problems = [
        Problem(field.code, _("“%(label)s” needs an answer.") % {"label": field.label}, "required")
        for field in rules.fields_of(application.form.fields)
        if field.required and field.code not in application.answers
    ]
    if problems:
        raise Invalid(problems=problems)


def _mail_link(application: Application, at: datetime) -> None:
    _count_link(application, at)
    save(application, "links_sent", "link_sent_at")
    publish(LinkAsked(application_id=application.pk, at=at))


def _count_link(application: Application, at: datetime) -> None:
    """At most a few mails a day to one address, whoever asks for them."""
    if application.link_sent_at is None or application.link_sent_at.date() != at.date():
        application.links_sent = 0
    if application.links_sent >= rules.LINKS_PER_DAY:
        raise TooMany(_("We mailed this link several times today. Look into your mail, also among the spam, or try tomorrow."), retry_after=24 * 3600)
    application.links_sent += 1
    application.link_sent_at = at
