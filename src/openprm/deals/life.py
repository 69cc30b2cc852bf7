"""What the life of a deal after its approval contributes: jobs, news to both sides, audit verbs, waiting decisions."""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.activities.events import ActivityRecorded
from openprm.deals import events, news, queries, services
from openprm.inbox.ports import Decision
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.jobs import job
from openprm.kernel.registry import AuditVerb, Subscription


@job(name="deals.open_renewals", every="10 4 * * *", lock="deals.open_renewals")
def open_renewals(*, at: datetime) -> None:
    """Begin the renewals whose time has come."""
    services.open_renewals(at=at)


@job(name="deals.lapse_renewals", every="40 4 * * *", lock="deals.lapse_renewals")
def lapse_renewals(*, at: datetime) -> None:
    """Close the renewals that nobody took up; a full batch is followed by another."""
    if services.lapse_renewals(at=at) >= services.RENEW_AT_ONCE:
        lapse_renewals.defer()


@job(name="deals.close_amendments_of_expired")
def on_expired(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime) -> None:
    """A deal whose protection ran out takes its open proposal along."""
    services.drop_open_amendments(registration_id=registration_id, at=at)


@job(name="deals.note_activity")
def on_activity(
    *,
    activity_id: UUID,
    account_id: UUID,
    kind: str,
    side: str,
    direction: str,
    partner_id: UUID | None,
    about: UUID | None,
    occurred_at: datetime,
    actor_id: UUID | None,
    at: datetime,
    purpose: str = "",
) -> None:
    """Logged work ends a standstill."""
    services.note_activity(about=about, account_id=account_id, partner_id=partner_id, occurred_at=occurred_at)


@job(name="deals.tell_reopened")
def on_reopened(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    news.to_both(registration_id, "deals.reopened", actor_id, at, why=reason)


@job(name="deals.tell_amendment_proposed")
def on_proposed(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, amendment_id: UUID, kind: str) -> None:
    asked = queries.amendment(SYSTEM, amendment_id, at)
    news.to_manager(registration_id, "deals.amendment_proposed", actor_id, at, what=asked.what, why=asked.reason)


@job(name="deals.tell_amendment_decided")
def on_decided(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    amendment_id: UUID,
    state: str,
    automatic: bool,
    new_registration_id: UUID | None,
) -> None:
    """Both sides hear of what applies; the partner hears of what does not."""
    decided = queries.amendment(SYSTEM, amendment_id, at)
    if state == "applied":
        news.to_both(registration_id, "deals.amended", actor_id, at, what=decided.what, why=decided.reason)
    if state == "rejected":
        news.to_partner(registration_id, "deals.amendment_rejected", actor_id, at, why=decided.decision_reason)


@job(name="deals.tell_renewal_opened")
def on_renewal_opened(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, renewal_id: UUID, term_ends_on: str, right: str
) -> None:
    found = queries.renewal(SYSTEM, renewal_id, at)
    ends = date_format(date.fromisoformat(term_ends_on), "j M Y")
    until = date_format(found.first_right_until, "j M Y") if found.first_right_until else ""
    why = _("The first right to renew lasts until %(until)s.") % {"until": until} if until else _("The renewal is open to everybody.")
    news.to_both(registration_id, "deals.renewal_opened", actor_id, at, what=ends, why=why)


@job(name="deals.tell_renewal_closed")
def on_renewal_closed(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, renewal_id: UUID, state: str, reason: str
) -> None:
    found = queries.renewal(SYSTEM, renewal_id, at)
    news.to_manager(registration_id, "deals.renewal_closed", actor_id, at, what=found.state_label, why=reason)


class WaitingAmendments:
    """Proposed changes of deals, for those who decide them."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor:
            return []
        return [
            Decision(
                key=f"deals.amendment:{one.id}",
                title=_("%(what)s: %(customer)s") % {"what": one.what, "customer": one.customer},
                detail=f"{one.partner} · {one.registration_number}",
                url=reverse("deals:amendment", args=[one.id]),
                due_at=one.due_at,
                tone="bad" if one.overdue else "",
                icon="pencil",
                value=one.amount,
                since=one.proposed_at,
            )
            for one in queries.waiting_amendments(actor, at)
        ]


JOBS = (open_renewals, lapse_renewals)
SUBSCRIPTIONS = (
    Subscription(event=ActivityRecorded, handler=on_activity),
    Subscription(event=events.RegistrationExpired, handler=on_expired),
    Subscription(event=events.DealReopened, handler=on_reopened),
    Subscription(event=events.AmendmentProposed, handler=on_proposed),
    Subscription(event=events.AmendmentDecided, handler=on_decided),
    Subscription(event=events.RenewalOpened, handler=on_renewal_opened),
    Subscription(event=events.RenewalClosed, handler=on_renewal_closed),
)
AUDIT_VERBS = {
    "deal.process_published": AuditVerb(label=gettext_lazy("published how deals are sold"), icon="columns-3", tone="info"),
    "deal.stall_snoozed": AuditVerb(label=gettext_lazy("asked for quiet on the deal"), icon="hourglass"),
    "deal.reopened": AuditVerb(label=gettext_lazy("took the lost deal up again"), icon="rotate-cw", tone="info"),
    "deal.amendment_proposed": AuditVerb(label=gettext_lazy("asked to change the deal"), icon="pencil", tone="info"),
    "deal.amended": AuditVerb(label=gettext_lazy("changed the approved deal"), icon="pencil", tone="ok"),
    "deal.amendment_rejected": AuditVerb(label=gettext_lazy("rejected a change of the deal"), icon="circle-x", tone="bad"),
    "deal.amendment_withdrawn": AuditVerb(label=gettext_lazy("took a proposed change back"), icon="undo-2"),
    "deal.split_off": AuditVerb(label=gettext_lazy("split the deal off"), icon="arrow-up-right", tone="info"),
    "deal.renewal_opened": AuditVerb(label=gettext_lazy("began the renewal"), icon="alarm-clock", tone="warn"),
    "deal.renewed": AuditVerb(label=gettext_lazy("renewed"), icon="refresh-cw", tone="ok"),
    "deal.renewal_declined": AuditVerb(label=gettext_lazy("gave the renewal up"), icon="circle-x"),
    "deal.renewal_lapsed": AuditVerb(label=gettext_lazy("let the renewal lapse"), icon="hourglass", tone="warn"),
}
