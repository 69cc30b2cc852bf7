"""Who is told what about a lead, in words, on both sides, by jobs in the system's scope. A customer is named to nobody who has not opened the lead."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.leads.queries import news as facts
from openprm.leads.queries.news import Told
from openprm.leads.queries.notes import holder_of
from openprm.leads.rules.lifecycle import Status
from openprm.leads.rules.notes import Audience, NoteSide
from openprm.leads.wording import PULLED_BACK, closed_label, decline_label

ONE_BY_ONE = 3
"""Up to so many new leads a partner hears of each; more come as one line."""


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Leads"), **look)


KINDS = (
    _kind("leads.offered", gettext_lazy("a lead is offered to us"), icon="inbox", tone="info", side="partner"),
    _kind("leads.offered_many", gettext_lazy("several leads are offered to us"), icon="inbox", tone="info", side="partner"),
    _kind("leads.taken", gettext_lazy("another partner was faster"), icon="timer", side="partner", mail="off"),
    _kind("leads.pulled_back", gettext_lazy("a lead goes back because its time ran out"), icon="undo-2", tone="warn", side="partner"),
    _kind("leads.unrouted", gettext_lazy("a lead fits nobody"), icon="inbox", tone="warn", side="vendor"),
    _kind("leads.accepted", gettext_lazy("a partner accepts a lead"), icon="circle-check", tone="ok", side="vendor", mail="daily"),
    _kind("leads.declined", gettext_lazy("a partner declines a lead"), icon="circle-x", tone="warn", side="vendor", mail="daily"),
    _kind("leads.ignored", gettext_lazy("a partner lets a lead pass"), icon="hourglass", tone="warn", side="vendor", mail="daily"),
    _kind("leads.converted", gettext_lazy("a lead becomes a deal"), icon="trophy", tone="ok", side="vendor", mail="daily"),
    _kind("leads.noted", gettext_lazy("somebody writes on a lead of mine"), icon="message-square", mail="daily"),
    _kind("leads.noted_inside", gettext_lazy("a colleague keeps a private note on a lead of mine"), icon="lock", mail="daily"),
    _kind("leads.closed", gettext_lazy("a lead is closed"), icon="circle-x", mail="daily"),
)


def tell_offered(lead_ids: Sequence[UUID], partner_ids: Sequence[UUID], methods: Sequence[str], at: datetime) -> None:
    """Each partner hears of its own leads: a few one by one, many in one line."""
    mine: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for lead_id, partner_id, method in zip(lead_ids, partner_ids, methods, strict=True):
        mine[partner_id].append((lead_id, method))
    few = {lead_id for offered in mine.values() if len(offered) <= ONE_BY_ONE for lead_id, _method in offered}
    told = facts.told_of(few)
    for partner_id, offered in mine.items():
        people = facts.people_of(partner_id)
        if len(offered) > ONE_BY_ONE:
            _tell_many(people, partner_id, len(offered), at)
            continue
        for lead_id, method in offered:
            if lead_id in told:
                _tell_one(people, told[lead_id], partner_id, method, at)


def _tell_one(people: Iterable[UUID], told: Told, partner_id: UUID, method: str, at: datetime) -> None:
    first = _("The first partner to claim it has it.") if method == "claim" else _("Open it to see who the customer is.")
    title = _("A lead for you from %(place)s") % {"place": told.place} if told.place else _("A lead for you")
    _send(people, "leads.offered", title, f"{told.number}. {first}", reverse("leads:portal_lead", args=[told.lead_id]), told.lead_id, partner_id, at)


def _tell_many(people: Iterable[UUID], partner_id: UUID, count: int, at: datetime) -> None:
    title = _("%(count)d leads for you") % {"count": count}
    _send(people, "leads.offered_many", title, _("Open them to see who the customers are."), reverse("leads:portal_leads"), partner_id, partner_id, at)


def tell_taken(lead_id: UUID, partner_ids: Iterable[UUID], at: datetime) -> None:
    told = facts.told_of([lead_id]).get(lead_id)
    for partner_id in partner_ids if told else ():
        title = _("%(number)s is gone") % {"number": told.number}
        text = _("Another partner claimed it first.")
        _send(facts.workers_of(lead_id, partner_id), "leads.taken", title, text, reverse("leads:portal_leads"), lead_id, partner_id, at)


def tell_pulled_back(lead_id: UUID, partner_id: UUID, why: str, at: datetime) -> None:
    """The partner that lost it; and its manager, unless the vendor took it back itself."""
    told = facts.told_of([lead_id]).get(lead_id)
    if not told:
        return
    title = _("%(number)s went back") % {"number": told.number}
    _send(facts.workers_of(lead_id, partner_id), "leads.pulled_back", title, str(PULLED_BACK[why]), reverse("leads:portal_leads"), lead_id, partner_id, at)
    if why != "recalled":
        name = facts.partner_name(partner_id)
        title = _("%(partner)s let %(number)s pass") % {"partner": name, "number": told.number}
        url = reverse("leads:lead", args=[lead_id])
        _send(facts.manager_of(partner_id), "leads.ignored", title, str(PULLED_BACK[why]), url, lead_id, partner_id, at)


def tell_vendor(lead_id: UUID, kind: str, actor_id: UUID | None, at: datetime, *, partner_id: UUID, reason: str = "") -> None:
    told = facts.told_of([lead_id]).get(lead_id)
    if not told:
        return
    said = {"partner": facts.partner_name(partner_id), "number": told.number, "customer": told.customer}
    title = {
        "leads.accepted": _("%(partner)s accepted %(number)s"),
        "leads.declined": _("%(partner)s declined %(number)s"),
        "leads.converted": _("%(partner)s registered %(customer)s as a deal"),
    }[kind] % said
    body = f"{told.customer}: {decline_label(reason)}" if reason else f"{told.number}, {told.customer}"
    people = facts.manager_of(partner_id) - {actor_id}
    _send(people, kind, title, body, reverse("leads:lead", args=[lead_id]), lead_id, partner_id, at)


def tell_unrouted(lead_ids: Sequence[UUID], actor_id: UUID | None, at: datetime) -> None:
    people = facts.routers() - {actor_id}
    if len(lead_ids) > ONE_BY_ONE:
        title = _("%(count)d leads fit nobody") % {"count": len(lead_ids)}
        _send(people, "leads.unrouted", title, _("Say where they go."), reverse("leads:leads") + "?status=unrouted", lead_ids[0], None, at)
        return
    for told in facts.told_of(lead_ids).values():
        title = _("%(number)s waits for a person") % {"number": told.number}
        _send(people, "leads.unrouted", title, told.customer, reverse("leads:lead", args=[told.lead_id]), told.lead_id, None, at)


def tell_closed(lead_id: UUID, partner_id: UUID | None, status: str, reason: str, actor_id: UUID | None, at: datetime) -> None:
    told = facts.told_of([lead_id]).get(lead_id)
    if not told or partner_id is None:
        return
    word = _("%(number)s is won") if status == Status.WON else _("%(number)s is closed")
    title, body = word % {"number": told.number}, closed_label(reason)
    people = facts.manager_of(partner_id) - {actor_id}
    _send(people, "leads.closed", title, f"{told.customer}: {body}", reverse("leads:lead", args=[lead_id]), lead_id, partner_id, at)
    workers = facts.workers_of(lead_id, partner_id) - {actor_id}
    _send(workers, "leads.closed", title, body, reverse("leads:portal_lead", args=[lead_id]), lead_id, partner_id, at)


def tell_noted(lead_id: UUID, partner_id: UUID | None, actor_id: UUID | None, at: datetime, *, audience: str, side: str) -> None:
    """Both sides hear of a shared note, colleagues of a private one."""
    told = facts.told_of([lead_id]).get(lead_id)
    if not told:
        return
    is_shared, partner = audience == Audience.SHARED, partner_id or holder_of(lead_id)
    kind = "leads.noted" if is_shared else "leads.noted_inside"
    title = _("A note on %(number)s") % {"number": told.number}
    body = _("%(who)s wrote about %(customer)s.") % {"who": facts.company_of(side, partner_id), "customer": told.customer}
    if is_shared or side == NoteSide.VENDOR:
        people = facts.writers_of(lead_id, NoteSide.VENDOR) | (facts.manager_of(partner) if partner else frozenset())
        _send(people - {actor_id}, kind, title, body, reverse("leads:lead", args=[lead_id]) + "#notes", lead_id, partner_id, at)
    if partner_id and (is_shared or side == NoteSide.PARTNER):
        people = facts.writers_of(lead_id, NoteSide.PARTNER, partner_id) | facts.workers_of(lead_id, partner_id)
        _send(people - {actor_id}, kind, title, body, reverse("leads:portal_lead", args=[lead_id]) + "#notes", lead_id, partner_id, at)


def _send(people: Iterable[UUID], kind: str, title: str, body: str, url: str, subject_id: UUID, partner_id: UUID | None, at: datetime) -> None:
    refs = tuple(filter(None, (subject_id, partner_id)))
    key = f"{kind}:{subject_id}:{partner_id or ''}:{at.isoformat()}"
    inbox.notify(to=list(people), kind=kind, title=title, body=body, url=url, refs=refs, key=key, at=at)
