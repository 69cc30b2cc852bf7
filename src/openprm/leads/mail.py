"""What can be done with a lead from a mail, writing on it by answering one, and what stands in the calendar."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from openprm.correspondence.ports import About, ActionKind, DateSource, DueDate, MailFile, ThreadKind, first_ref
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.leads import queries, services
from openprm.ui import format as fmt
from openprm.ui.format import Viewer

MOST = 200


def describe_accept(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """The lead as this partner may see it; refused once it is answered or gone."""
    lead = queries.lead_for_partner(actor, subject_id, at)
    if not lead.can_accept:
        raise Conflict(say("%(number)s needs no answer any more.") % {"number": lead.number})
    return About(
        title=lead.number,
        url=reverse("leads:portal_lead", args=[lead.id]),
        what=say("You take the lead and see who the customer is."),
        facts=_facts(actor, lead, at),
    )


def _facts(actor: Actor, lead: queries.PartnerLead, at: datetime) -> tuple[tuple[str, str], ...]:
    viewer = Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone)
    found = [(say("From"), lead.place), (say("Industry"), lead.industry), (say("Product line"), lead.product_line)]
    if lead.amount:
        found.append((say("Value"), fmt.money(lead.amount, viewer)))
    return tuple((label, value) for label, value in found if value)


def accept(*, actor: Actor, subject_id: UUID, at: datetime) -> str:
    made = services.accept_lead(actor=actor, lead_id=subject_id, at=at)
    return say("%(number)s is yours. Sign in to see who the customer is.") % {"number": made.number}


def describe_decline(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    lead = queries.lead_for_partner(actor, subject_id, at)
    if not lead.can_accept or not lead.can_decline:
        raise Conflict(say("%(number)s needs no answer any more.") % {"number": lead.number})
    what = say("You say that you have no capacity now. The next partner gets the lead, and you are not asked about it again.")
    return About(title=lead.number, url=reverse("leads:portal_lead", args=[lead.id]), what=what, facts=_facts(actor, lead, at))


def decline(*, actor: Actor, subject_id: UUID, at: datetime) -> str:
    made = services.decline_lead(actor=actor, lead_id=subject_id, reason="no_capacity", at=at)
    return say("You declined %(number)s.") % {"number": made.number}


def due_dates(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    """Answers and conversions that this partner owes."""
    return list(_dates(actor, since, until, at)) if actor.is_partner and actor.can("leads.work") else []


def _dates(actor: Actor, since: datetime, until: datetime, at: datetime) -> Iterator[DueDate]:
    for row in queries.due_offers(actor, since, until, limit=MOST):
        word = {"offered": say("Open lead %(number)s"), "opened": say("Answer lead %(number)s")}.get(row.offer_state, say("Register lead %(number)s as a deal"))
        title = f"{word % {'number': row.number}}: {row.company_name}" if row.company_name else word % {"number": row.number}
        yield DueDate(
            uid=f"leads.{row.offer_state}:{row.id}", title=title, starts_at=row.due_at, url=reverse("leads:portal_lead", args=[row.id]), note=row.place
        )


def describe_thread(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """Raises NotFound, NotAllowed: also for a partner that the lead went away from."""
    lead = queries.lead_of_thread(actor, subject_id)
    refuse_if(lead.why_not_share)
    return About(title=lead.title, url=reverse("leads:portal_lead" if actor.is_partner else "leads:lead", args=[lead.id]))


def receive(*, actor: Actor, subject_id: UUID, text: str, files: tuple[MailFile, ...], at: datetime) -> None:
    """A note that both sides read. A lead keeps no files, and a mail is taken whole or not at all. Raises NotFound, NotAllowed, Invalid."""
    if files:
        raise Invalid(say("A lead keeps no files. Answer without them; once the deal is registered, it takes them."), field="files")
    services.add_note(actor=actor, lead_id=subject_id, body=text, by_mail=True, at=at)


_OFFERED = first_ref("leads.", only=("leads.offered",))
THREAD = ThreadKind(
    code="leads.lead",
    label=_("Leads"),
    subject_of=first_ref("leads.", only=("leads.noted", "leads.accepted")),
    describe=describe_thread,
    receive=receive,
    hint=_("write on this lead. Both sides read it"),
)
PORTS = {
    "correspondence.threads": (THREAD,),
    "correspondence.actions": (
        ActionKind(code="leads.accept", label=_("Accept the lead"), subject_of=_OFFERED, describe=describe_accept, run=accept),
        ActionKind(code="leads.decline", label=_("No capacity now"), subject_of=_OFFERED, describe=describe_decline, run=decline),
    ),
    "correspondence.dates": (DateSource(code="leads.offers", label=_("Leads to answer"), list=due_dates),),
}
