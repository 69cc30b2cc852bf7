"""Opening an engagement, changing what it says, answering invitations, and a partner's own rule."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.cosell import queries, services
from openprm.cosell.pages import forms
from openprm.cosell.pages.common import address, attempt, minor_of, problem_of, uuid_of, version_of
from openprm.cosell.pages.lists import tabs
from openprm.cosell.services import Draft
from openprm.cosell.wording import DEAL_TYPE, DEAL_TYPE_ABOUT
from openprm.deals import queries as deals
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.http import Request, done, page
from openprm.leads import queries as leads

DETAIL = ("customer_domain", "contact_name", "contact_email", "contact_phone", "description", "competitor")


def open_engagement(request: Request) -> HttpResponse:
    """A form that is filled with what the registration or the opportunity says."""
    actor = request.actor
    subject = {name: uuid_of(request.GET.get(name) or request.POST.get(name)) for name in ("registration", "opportunity", "lead")}
    about = _about(request, **subject)
    form = forms.OpenForm(request.POST or None, for_vendor=actor.is_vendor, stages=queries.stages(), initial={"stage": "prospect", **about})
    status = 200
    if request.method == "POST":
        result, status = attempt(form, lambda values: _open(request, values, subject))
        if not status:
            text = _("Invite the companies that should work on it.")
            return done(request, address(actor, "engagement", result.engagement_id) + "?do=invite", _("%(number)s is open") % {"number": result.number}, text)
    types = [(DEAL_TYPE[code], about) for code, about in DEAL_TYPE_ABOUT.items()]
    context = {"form": form, "types": types, "list_url": address(actor, "engagements"), **subject}
    return page(request, "cosell/open.html", status=status, **context)


def _about(request: Request, registration: UUID | None, opportunity: UUID | None, lead: UUID | None) -> dict[str, Any]:
    """What stands already. Raises NotFound for what the person cannot see."""
    actor = request.actor
    if registration:
        query = deals.registration_for_partner if actor.is_partner else deals.registration_for_vendor
        found: Any = query(actor, registration, request.at)
        values = {name: getattr(found, name, "") for name in ("title", "customer_name", "customer_country", "stage", "expected_close_date", *DETAIL)}
        return {**values, "title": found.title or found.customer_name, "amount": _typed(found.amount), "currency": found.amount.currency}
    if opportunity:
        known: Any = deals.opportunity(actor, opportunity)
        money = {"amount": _typed(known.amount), "currency": known.amount.currency} if known.amount else {}
        return {"title": known.name, "customer_name": known.account or known.name, "expected_close_date": known.close_date, **money}
    if lead:
        return _about_lead(request, lead)
    return {}


def _about_lead(request: Request, lead_id: UUID) -> dict[str, Any]:
    """The company of an opened lead. Its person stays in the lead."""
    found: Any = (leads.lead_for_partner if request.actor.is_partner else leads.lead_for_vendor)(request.actor, lead_id, request.at)
    if found.customer is None:
        raise Conflict(_("%(number)s is not opened yet. Open the lead first; then invite others to it.") % {"number": found.number})
    company = found.customer.company_name
    money = {"amount": _typed(found.amount), "currency": found.amount.currency} if found.amount else {}
    domain = found.customer.company_domain
    return {"title": found.customer.title or company, "customer_name": company, "customer_country": found.country, "customer_domain": domain, **money}


def _typed(amount: Any) -> str:
    return f"{amount.minor / 100:.2f}" if amount.minor % 100 else str(amount.minor // 100)


def _draft(request: Request, values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("title", "customer_name", "customer_country", "stage", "expected_close_date", *DETAIL)
    currency = values["currency"].upper()
    amount = minor_of(values["amount"], currency, request.actor.locale)
    return {**{name: values[name] for name in names}, "currency": currency, "amount_minor": amount, "customer_country": values["customer_country"].upper()}


def _open(request: Request, values: Mapping[str, Any], subject: Mapping[str, UUID | None]) -> Any:
    return services.open_engagement(
        actor=request.actor,
        draft=Draft(**_draft(request, values)),
        deal_type=values.get("deal_type") or "co_sell",
        role=values["role"],
        **{f"{name}_id": value for name, value in subject.items()},
        at=request.at,
    )


def edit(request: Request, engagement_id: UUID) -> HttpResponse:
    """What the engagement says about the deal; the host alone."""
    room: Any = queries.room(request.actor, engagement_id, request.at)
    if room.why_not_host:
        raise NotAllowed(room.why_not_host)
    names = ("title", "customer_name", "customer_country", "stage", "expected_close_date", "deal_type", *DETAIL)
    initial = {**{name: getattr(room, name) for name in names}, "amount": _typed(room.amount), "currency": room.amount.currency}
    form = forms.EditForm(request.POST or None, for_vendor=request.actor.is_vendor, stages=queries.stages(), initial=initial)
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _update(request, engagement_id, values))
        if not status:
            return done(request, address(request.actor, "engagement", engagement_id), _("Saved"))
    types = [(DEAL_TYPE[code], about) for code, about in DEAL_TYPE_ABOUT.items()]
    url = address(request.actor, "engagement", engagement_id)
    return page(request, "cosell/open.html", status=status, form=form, room=room, types=types, room_url=url, list_url=address(request.actor, "engagements"))


def _update(request: Request, engagement_id: UUID, values: Mapping[str, Any]) -> Any:
    return services.update_engagement(
        actor=request.actor,
        engagement_id=engagement_id,
        changes=_sent(request, values),
        deal_type=values.get("deal_type") or None,
        version=version_of(request),
        at=request.at,
    )


def _sent(request: Request, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form sent; what it left out stays."""
    return {name: value for name, value in _draft(request, values).items() if name.removesuffix("_minor") in request.POST}


def invitation(request: Request, invitation_id: UUID) -> HttpResponse:
    """An invitation as its end of it sees it. Its receiver opens it by looking."""
    if _is_received(request, invitation_id):
        services.open_invitation(actor=request.actor, invitation_id=invitation_id, at=request.at)
    return _invitation(request, invitation_id)


def _is_received(request: Request, invitation_id: UUID) -> bool:
    return queries.invitation(request.actor, invitation_id, request.at).side == "receiver"


def _invitation(request: Request, invitation_id: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    actor = request.actor
    found = queries.invitation(actor, invitation_id, request.at)
    urls = {one: address(actor, f"invitation_{one}", invitation_id) for one in ("accept", "reject", "cancel")}
    room = address(actor, "engagement", found.engagement_id) if found.is_member else ""
    return page(
        request, "cosell/invitation.html", status=status, invitation=found, urls=urls, room_url=room, error=error, list_url=address(actor, "invitations")
    )


def accept(request: Request, invitation_id: UUID) -> HttpResponse:
    engagement_id = services.accept_invitation(actor=request.actor, invitation_id=invitation_id, at=request.at)
    return done(request, address(request.actor, "engagement", engagement_id), _("You take part"), _("What you may know of the deal stands here."))


def reject(request: Request, invitation_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    _result, status = attempt(form, lambda values: services.reject_invitation(actor=request.actor, invitation_id=invitation_id, at=request.at, **values))
    if status:
        return _invitation(request, invitation_id, error=problem_of(form), status=status)
    return done(request, address(request.actor, "invitations"), _("Rejected"), _("The other side reads your reason."))


def cancel(request: Request, invitation_id: UUID) -> HttpResponse:
    services.cancel_invitation(actor=request.actor, invitation_id=invitation_id, reason=request.POST.get("reason", ""), at=request.at)
    return done(request, address(request.actor, "invitations"), _("Invitation canceled"))


def connections(request: Request) -> HttpResponse:
    """Whose invitations a partner takes."""
    rule = queries.connection_rule(request.actor, request.at)
    initial = {"mode": rule.mode, "names": "\n".join(one.label for one in rule.exceptions)}
    form = forms.ConnectionForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _save_rule(request, values))
        if not status:
            return done(request, address(request.actor, "connections"), _("Saved"))
    return page(request, "cosell/connections.html", status=status, form=form, rule=rule, title=_("Co-selling"), **tabs(request, "connections"))


def _save_rule(request: Request, values: Mapping[str, Any]) -> Any:
    names = [line.strip() for line in values["names"].splitlines() if line.strip()] if values["mode"] == "allow_except" else []
    return services.save_connection_rule(actor=request.actor, mode=values["mode"], except_names=names, at=request.at)
