"""One member's terms, on a page of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.cosell import queries, services
from openprm.cosell.pages import forms
from openprm.cosell.pages.common import address, attempt
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.http import Request, done, page


def member(request: Request, engagement_id: UUID, party_id: UUID) -> HttpResponse:
    """Role, involvement, view and share of a member: the host sets all of them, each company its own involvement."""
    room = queries.room(request.actor, engagement_id, request.at)
    one = next((found for found in room.present if found.party_id == party_id), None)
    if one is None:
        raise NotFound()
    is_host = not room.why_not_host
    if room.why_not_write or not (is_host or one.is_mine):
        raise NotAllowed(room.why_not_write or _("Each company decides for itself, and the host for everybody."))
    form = forms.MemberForm(request.POST or None, initial=_initial(one))
    status = 200
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            return _removed(request, engagement_id, party_id, one, form, is_host)
        _result, status = attempt(form, lambda values: _change(request, engagement_id, one, values, is_host))
        if not status:
            return done(request, address(request.actor, "engagement", engagement_id) + "#members", _("Saved"))
    return page(
        request, "cosell/member.html", status=status, room=room, member=one, form=form, is_host=is_host, url=address(request.actor, "engagement", room.id)
    )


def _initial(one: Any) -> dict[str, Any]:
    full = {name: getattr(one, name, None) for name in ("visibility", "hidden")}
    share = getattr(one, "share_bp", None)
    return {"role": one.role, "involvement": one.involvement, "share": f"{share / 100:g}" if share is not None else "", **full}


def _change(request: Request, engagement_id: UUID, one: Any, values: Mapping[str, Any], is_host: bool) -> None:
    """Everything that differs, in one transaction."""
    who: dict[str, Any] = {"actor": request.actor, "engagement_id": engagement_id, "at": request.at}
    if values["involvement"] != one.involvement:
        services.change_involvement(party_id=one.party_id, involvement=values["involvement"], reason=values["reason"], **who)
    if not is_host:
        return
    if values["role"] and values["role"] != one.role:
        services.change_role(party_id=one.party_id, role=values["role"], **who)
    if not one.is_host and values["visibility"] and (values["visibility"], values["hidden"]) != (one.visibility, one.hidden):
        services.change_view(party_id=one.party_id, visibility=values["visibility"], hidden=values["hidden"], **who)
    share = None if values["share"] is None else round(values["share"] * 100)
    if share is not None and share != (one.share_bp or 0):
        services.set_shares(shares={one.party_id: share}, **who)


def _removed(request: Request, engagement_id: UUID, party_id: UUID, one: Any, form: forms.MemberForm, is_host: bool) -> HttpResponse:
    services.remove_member(
        actor=request.actor, engagement_id=engagement_id, party_id=party_id, reason=request.POST.get("reason", "") or _("Taken out by the host."), at=request.at
    )
    return done(request, address(request.actor, "engagement", engagement_id) + "#members", _("%(name)s was taken out") % {"name": one.name})
