"""Pages of the inbox: news, how one wants it, and the decision queue."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from openprm.inbox import queries, rules, services
from openprm.inbox.kinds import known_kind
from openprm.inbox.unsubscribe import read
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.kernel.ids import parse_id
from openprm.ui import lists

ROWS = 30
NEWS = lists.ListSpec(key="inbox.notifications", columns=(), default_sort="-at", page_size=ROWS, sizes=(ROWS,), exports=False)


def notifications(request: Request) -> HttpResponse:
    """One's news, newest first: all, unread, or of one group."""
    state = lists.parse(request, NEWS)
    groups = queries.groups(request.actor)
    group = request.GET.get("group", "") if request.GET.get("group", "") in groups else ""
    unread = request.GET.get("show") == "unread"
    found = queries.notifications(request.actor, state.page, unread=unread, group=group)
    return page(
        request,
        "inbox/notifications.html",
        news=found,
        groups=groups,
        group=group,
        unread_only=unread,
        unread=queries.unread_count(request.actor),
        newer_url=_page_url(found.previous_cursor, unread, group),
        older_url=_page_url(found.next_cursor, unread, group),
        read_url=_address(request, "read"),
        here=_address(request, "notifications"),
        preferences_url=_address(request, "preferences"),
        open_name=f"inbox:{_prefix(request)}open",
    )


def _page_url(cursor: str, unread: bool, group: str) -> str:
    """The address of another page of the same choice; empty where there is none."""
    asked = {"show": "unread" if unread else "", "group": group, "after": cursor}
    return "?" + urlencode({name: value for name, value in asked.items() if value}) if cursor else ""


def open_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Go where a notification leads, and count it read."""
    row = queries.notification(request.actor, notification_id)
    services.mark_read(actor=request.actor, notification_ids=[row.id], at=request.at)
    return redirect(request, rules.safe_url(row.url) or _address(request, "notifications"))


def mark_read(request: Request) -> HttpResponse:
    """Mark one notification, or all of them."""
    one = parse_id(request.POST.get("notification"))
    count = services.mark_read(actor=request.actor, notification_ids=[one] if one else None, at=request.at)
    said = ngettext("%(count)s notification is marked read", "%(count)s notifications are marked read", count) % {"count": count}
    return done(request, _address(request, "notifications"), said)


def preferences(request: Request) -> HttpResponse:
    """How one wants each kind of news: in the app, by mail at once, once a day, never."""
    rows = queries.preferences(request.actor)
    if request.method == "POST":
        choices = {row.code: _choice(request, row) for row in rows}
        services.set_preferences(actor=request.actor, choices=choices, at=request.at)
        return done(request, request.path, _("Your choices are saved"))
    return page(request, "inbox/preferences.html", rows=rows, modes=_modes(), time_zone=request.actor.time_zone)


def _choice(request: Request, row: queries.PreferenceRow) -> rules.Choice:
    return rules.Choice(in_app=request.POST.get(f"in_app:{row.code}") == "on", mail=request.POST.get(f"mail:{row.code}", row.mail))


def _modes() -> tuple[tuple[str, str], ...]:
    return (("now", _("At once")), ("daily", _("Once a day, 08:00")), ("off", _("Never")))


def decisions(request: Request) -> HttpResponse:
    """Everything that waits for this person, the soonest promise first."""
    waiting = queries.waiting(request.actor, request.at)
    late = sum(1 for one in waiting if one.decision.due_at and one.decision.due_at < request.at)
    return page(request, "inbox/decisions.html", waiting=waiting, late=late)


@csrf_exempt
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Stop one kind of mail: a button for people, a bare POST for mail programs (RFC 8058). The signature is the key."""
    if request.method == "POST":
        kind = services.unsubscribe_from(token=token)
        return page(request, "inbox/public/unsubscribed.html", kind=kind)
    _user_id, code = read(token)
    kind = known_kind(code)
    if kind is None:
        raise NotFound()
    return page(request, "inbox/public/unsubscribe.html", kind=kind)


def _prefix(request: Request) -> str:
    return "portal_" if request.actor.is_partner else ""


def _address(request: Request, name: str) -> str:
    return reverse(f"inbox:{_prefix(request)}{name}")
