"""An application as its writer sees it, by the link alone."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from openprm.applications import letters, links, rules
from openprm.applications.models import Application, ProgramPage
from openprm.applications.promisekinds import DECISION
from openprm.applications.queries.results import OwnApplication, Step
from openprm.applications.queries.wording import pages_in_words, values_of
from openprm.applications.rules import State
from openprm.applications.words import CORE, DECIDER, REASON, STATE
from openprm.kernel.scope import system_scope
from openprm.promises import queries as promises


def own_application(token: str, at: datetime) -> OwnApplication:
    """What the link opens. Raises NotFound."""
    with system_scope():
        return _own(links.by_open(token), token, at)


def to_confirm(token: str, at: datetime) -> OwnApplication:
    """What a mailed link would confirm. Raises NotFound."""
    with system_scope():
        return _own(links.by_confirmation(token), "", at)


def _own(application: Application, token: str, at: datetime) -> OwnApplication:
    label, tone = STATE[application.state]
    fields = (*CORE, *rules.fields_of(application.form.fields))
    clock = promises.clock(application.pk, DECISION, at)
    is_answered = application.state in (State.APPROVED, State.REJECTED)
    page = ProgramPage.objects.filter(program=application.program_id).first()
    return OwnApplication(
        id=application.pk,
        number=application.number,
        program_name=application.program.name,
        program_code=application.program.code,
        state=application.state,
        state_label=_for_applicant(application, label),
        tone=tone,
        company_name=application.company_name,
        contact_name=application.contact_name,
        email=application.email,
        token=token,
        pages=rules.pages_of(fields),
        page=application.reached_page,
        values=values_of(application),
        asked=tuple(field for field in fields if field.code in application.asked_fields),
        asked_message=application.asked_message,
        message=application.message if is_answered else "",
        reason=REASON.get(application.reason, "") if is_answered else "",
        again=letters.again(application) if application.state == State.REJECTED else "",
        decider=DECIDER[application.decider],
        due_at=clock.due_at if clock and clock.state == "running" else None,
        is_late=bool(clock and clock.state == "running" and clock.overdue),
        answered_in=promises.promised(DECISION, program_id=application.program_id, at=at),
        clause=application.clause,
        clause_text=application.clause_text,
        would_change=tuple(application.would_change) if application.decided_by_rule and is_answered else (),
        by_rule=application.decided_by_rule,
        said=pages_in_words(application),
        steps=_steps(application),
        submitted_at=application.submitted_at,
        contact=page.contact_email if page else "",
    )


def _for_applicant(application: Application, label: Any) -> Any:
    return _("A person looks at it first") if application.state == State.HELD else label


def _steps(application: Application) -> tuple[Step, ...]:
    """The way of an application: begun, confirmed, read, answered."""
    state = application.state
    answered = state in (State.APPROVED, State.REJECTED, State.WITHDRAWN)
    sent = application.confirmed_at is not None or application.submitted_at is not None
    read = _("We asked you something") if state == State.RETURNED else _("We read it")
    return (
        Step(label=_("Begun"), at=application.started_at, state="done"),
        Step(label=_("Confirmed"), at=application.confirmed_at, state="done" if sent else "current"),
        Step(label=read, state="done" if answered else "current" if sent else "ahead"),
        Step(label=STATE[state][0] if answered else _("Answered"), at=application.decided_at, state="done" if answered else "ahead"),
    )
