"""Conflicts by mail and in calendars: a statement sent as an answer, a case taken up by a link, what is due."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.conflicts import queries, services
from openprm.correspondence.ports import About, ActionKind, DateSource, DueDate, MailFile, ThreadKind, first_ref
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if


def _case(actor: Actor, case_id: UUID, at: datetime) -> Any:
    return queries.case_for_partner(actor, case_id, at) if actor.is_partner else queries.case_for_vendor(actor, case_id, at)


def _url(actor: Actor, case_id: UUID) -> str:
    return reverse("conflicts:portal_case" if actor.is_partner else "conflicts:case", args=[case_id])


def describe(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """Raises NotFound, NotAllowed."""
    found = _case(actor, subject_id, at)
    if not actor.is_partner and found.why_not_speak:
        refuse_if(found.why_not_note)
    elif actor.is_partner:
        refuse_if(found.why_not_speak)
    return About(title=f"{found.row.number} {found.row.type_label}", url=_url(actor, subject_id))


def receive(*, actor: Actor, subject_id: UUID, text: str, files: tuple[MailFile, ...], at: datetime) -> None:
    """An answer is a statement of a side; of our people who are no side, an internal note."""
    found = _case(actor, subject_id, at)
    if not actor.is_partner and found.why_not_speak:
        services.write_note(actor=actor, case_id=subject_id, text=text, at=at)
        return
    for file in files:
        services.add_evidence(actor=actor, case_id=subject_id, name=file.name, content=file.content, at=at)
    services.give_statement(actor=actor, case_id=subject_id, text=text, at=at)


def describe_take_up(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    found = queries.case_for_vendor(actor, subject_id, at)
    refuse_if(found.why_not_take_up)
    facts = ((_("Claims"), found.row.partner), (_("About"), found.row.type_label))
    return About(title=found.row.number, url=_url(actor, subject_id), what=_("You review this case; both sides are told."), facts=facts)


def take_up(*, actor: Actor, subject_id: UUID, at: datetime) -> str:
    done = services.take_up(actor=actor, case_id=subject_id, at=at)
    return _("You review %(number)s.") % {"number": done.number}


def due_dates(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> tuple[DueDate, ...]:
    """What this person owes in cases: to take up, to decide, to explain, to tell its side."""
    return tuple(
        DueDate(uid=one.key, title=one.title, starts_at=one.due_at, url=one.url, note=one.detail)
        for one in queries.waiting(actor, at)
        if one.due_at and since <= one.due_at <= until
    )


PORTS = {
    "correspondence.threads": (
        ThreadKind(
            code="conflicts.case", label=gettext_lazy("Conflict cases"), subject_of=first_ref("conflicts."), describe=describe, receive=receive,
            hint=gettext_lazy("make your statement in this case"),
        ),
    ),
    "correspondence.actions": (
        ActionKind(
            code="conflicts.take_up", label=gettext_lazy("Take up the case"), subject_of=first_ref("conflicts.", only=("conflicts.opened",)),
            describe=describe_take_up, run=take_up,
        ),
    ),
    "correspondence.dates": (DateSource(code="conflicts.cases", label=gettext_lazy("Conflict cases"), list=due_dates),),
}  # fmt: skip
