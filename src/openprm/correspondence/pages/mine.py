"""One's own mail and calendar: the feed, the links and addresses that work, and ending them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.correspondence import queries, rules, services
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id


def mine(request: Request) -> HttpResponse:
    return _shown(request)


def _shown(request: Request, made: services.NewFeed | None = None) -> HttpResponse:
    actor, at = request.actor, request.at
    feed = queries.feed(actor)
    left_out = feed.left_out if feed else ()
    response = page(
        request,
        "correspondence/mine.html",
        made=made,
        feed=feed,
        sources=queries.sources(left_out),
        upcoming=[(due, f"{_address(request, 'date')}?uid={due.uid}") for due in queries.upcoming(actor, left_out=left_out, at=at)],
        reminders=_reminders(),
        addresses=queries.addresses(actor, at),
        links=queries.links(actor, at),
        choice=queries.choice(actor),
        ways=queries.ways(),
        urls={name: _address(request, name) for name in ("feed_change", "revoke", "choose")},
    )
    response["Cache-Control"] = "no-store"
    return response


def _reminders() -> tuple[tuple[int, str], ...]:
    words = {0: _("No reminder"), 15: _("15 minutes before"), 60: _("1 hour before"), 240: _("4 hours before"), 1440: _("1 day before")}
    return tuple((minutes, words[minutes]) for minutes in rules.REMINDERS)


def change_feed(request: Request) -> HttpResponse:
    """Make the feed, give it a new address, choose what is in it, or end it."""
    asked = request.POST.get("do", "")
    if asked == "renew":
        return _shown(request, services.renew_feed(actor=request.actor, at=request.at))
    return _one_of(request, asked, {"save": _save_feed, "end": _end_feed})


def _save_feed(request: Request) -> str:
    codes = {source.code for source in queries.sources()}
    minutes = request.POST.get("remind_minutes", "")
    left_out = codes - set(request.POST.getlist("in"))
    services.set_feed(actor=request.actor, left_out=left_out, remind_minutes=int(minutes) if minutes.isdigit() and len(minutes) < 6 else -1, at=request.at)
    return _("Your calendar is set")


def _end_feed(request: Request) -> str:
    services.end_feed(actor=request.actor, at=request.at)
    return _("The calendar's address no longer works")


def choose(request: Request) -> HttpResponse:
    services.choose(actor=request.actor, replies="replies" in request.POST, links="links" in request.POST, at=request.at)
    return done(request, _address(request, "mine"), _("Your choice is saved"))


def revoke(request: Request) -> HttpResponse:
    """End one address, one link, or everything."""
    return _one_of(request, request.POST.get("do", ""), {"address": _revoke_address, "link": _revoke_link, "all": _revoke_all})


def _revoke_address(request: Request) -> str:
    services.revoke_address(actor=request.actor, address_id=_id(request), at=request.at)
    return _("The address no longer works")


def _revoke_link(request: Request) -> str:
    services.revoke_link(actor=request.actor, link_id=_id(request), at=request.at)
    return _("The link no longer acts")


def _revoke_all(request: Request) -> str:
    count = services.revoke_own(actor=request.actor, at=request.at)
    return ngettext("%(count)s way in is closed", "%(count)s ways in are closed", count) % {"count": count}


def one_date(request: Request) -> HttpResponse:
    """One due date as a file for a calendar."""
    content = services.single(actor=request.actor, uid=request.GET.get("uid", "")[:200], at=request.at)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="due-date.ics"', "Cache-Control": "no-store"},
    )


def _one_of(request: Request, asked: str, ways: dict[str, Callable[[Request], str]]) -> HttpResponse:
    if asked not in ways:
        raise NotFound()
    return done(request, _address(request, "mine"), ways[asked](request))


def _id(request: Request) -> Any:
    found = parse_id(request.POST.get("id"))
    if found is None:
        raise NotFound()
    return found


def _address(request: Request, name: str) -> str:
    return reverse(f"correspondence:{'portal_' if request.actor.is_partner else ''}{name}")
