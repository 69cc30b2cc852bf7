"""What a partner takes, for both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.leads import queries, services
from openprm.leads.pages.forms import ReceiverForm
from openprm.leads.pages.intake_forms import attempt, version_of
from openprm.partners import queries as partners


def receiver(request: Request, partner_id: UUID) -> HttpResponse:
    """The vendor's page of one partner's intake, with its weight."""
    name = partners.partner(request.actor, partner_id).name
    return _shown(request, partner_id, name, reverse("leads:receiver", args=[partner_id]))


def portal_receiver(request: Request) -> HttpResponse:
    return _shown(request, request.actor.partner_id, "", reverse("leads:portal_receiver"))


def _shown(request: Request, partner_id: UUID, name: str, url: str) -> HttpResponse:
    may_weigh = request.actor.sees_all_partners
    found = queries.receiver_of(request.actor, partner_id)
    form, status = ReceiverForm(may_weigh=may_weigh, initial=_initial(found)), 200
    if request.method == "POST":
        form = ReceiverForm(request.POST, may_weigh=may_weigh)
        version = version_of(request.POST.get("version"))

        def act(_said: Any) -> Any:
            return services.save_receiver(actor=request.actor, partner_id=partner_id, changes=form.changes(), version=version, at=request.at)

        _result, status = attempt(form, act)
        if not status:
            return done(request, url, _("Saved"), _("It counts from the next lead on."))
    template = "leads/vendor/receiver.html" if may_weigh else "leads/partner/receiver.html"
    return page(request, template, status=status, form=form, receiver=found, name=name, may_change=request.actor.can("leads.configure"))


def _initial(found: queries.ReceiverView) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in ("max_open", "latitude", "longitude", "weight", "is_paused")}
    return values | {"countries": ", ".join(found.countries), "skills": ", ".join(found.skills)}
