"""Who is told what about referrals and withdrawn consents. Called by jobs, in the system's scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM
from openprm.leads.queries import news as facts
from openprm.leads.queries.referred import referral, referrals_of_lead


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Leads"), **look)


KINDS = (
    _kind("leads.referred", gettext_lazy("a partner refers a lead"), icon="send", tone="info", side="vendor"),
    _kind("leads.referral_taken_up", gettext_lazy("a lead that we referred is taken up"), icon="circle-check", tone="ok", side="partner"),
    _kind("leads.referral_declined", gettext_lazy("a lead that we referred is declined"), icon="circle-x", tone="warn", side="partner"),
    _kind("leads.referral_won", gettext_lazy("a lead that we referred is won"), icon="trophy", tone="ok", side="partner"),
    _kind("leads.referral_lost", gettext_lazy("a lead that we referred ends without a deal"), icon="circle-x", side="partner", mail="daily"),
    _kind("leads.withdrawn", gettext_lazy("the person behind a lead withdraws its consent"), icon="trash-2", tone="warn"),
)


def tell_referred(referral_id: UUID, at: datetime) -> None:
    row = referral(SYSTEM, referral_id, at)
    people = facts.manager_of(row.referrer_id) or facts.routers()
    title = _("%(partner)s refers %(company)s") % {"partner": row.referrer, "company": row.company_name}
    text = _("Say where it goes: %(number)s.") % {"number": row.lead_number}
    url = reverse("leads:referral", args=[row.id])
    inbox.notify(to=people, kind="leads.referred", title=title, body=text, url=url, refs=(row.lead_id, row.id), at=at)


def tell_answered(referral_id: UUID, at: datetime) -> None:
    row = referral(SYSTEM, referral_id, at)
    is_up = row.state == "taken_up"
    title = (_("%(company)s is taken up") if is_up else _("%(company)s is declined")) % {"company": row.company_name}
    text = _("We place it with the right people. You can follow it.") if is_up else row.answer
    _tell_referrer(row, "leads.referral_taken_up" if is_up else "leads.referral_declined", title, text, at)


def tell_outcome(lead_id: UUID, status: str, at: datetime) -> None:
    """The referrer hears how its lead ended; it never hears who had it or why it was lost."""
    for row in referrals_of_lead(lead_id, at):
        if row.state != "taken_up" or row.referrer_id is None:
            continue
        title = (_("%(company)s is won") if status == "won" else _("%(company)s ended without a deal")) % {"company": row.company_name}
        _tell_referrer(row, f"leads.referral_{status}", title, _("Thank you for bringing it."), at)


def tell_withdrawn(lead_id: UUID, number: str, partner_id: UUID | None, at: datetime) -> None:
    """Whoever holds the lead must stop at once; the vendor's people know too."""
    title = _("Stop work on %(number)s") % {"number": number}
    text = _("The person withdrew its consent, and its data is erased here. Erase it in your own systems too, and write to it no more.")
    if partner_id:
        people = facts.workers_of(lead_id, partner_id) | facts.people_of(partner_id)
        inbox.notify(to=people, kind="leads.withdrawn", title=title, body=text, url=reverse("leads:portal_leads"), refs=(lead_id,), urgent=True, at=at)
    people = facts.manager_of(partner_id) if partner_id else facts.routers()
    inbox.notify(to=people, kind="leads.withdrawn", title=title, body=text, url=reverse("leads:lead", args=[lead_id]), refs=(lead_id,), at=at)


def _tell_referrer(row: Any, kind: str, title: str, text: str, at: datetime) -> None:
    people = {person.id for person in identity.holders_of("leads.refer", row.referrer_id)}
    inbox.notify(to=people, kind=kind, title=title, body=text, url=reverse("leads:portal_referral", args=[row.id]), refs=(row.id,), at=at)
