"""A partner's own tiers, in the portal."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.tiering import queries, services
from openprm.tiering.pages.forms import SpeakForm, attempt
from openprm.tiering.pages.lists import state_badge
from openprm.tiering.pages.settings import shown


def tier(request: Request) -> HttpResponse:
    """Where the company stands, what the next tier asks and gives, and whether both sides keep to it."""
    return _page(request, None)


def report(request: Request, program_id: UUID) -> HttpResponse:
    """The partner's word that a promised benefit was not given."""
    partner_id = _own(request)
    form = SpeakForm(request.POST)
    is_done, _nothing = attempt(
        form,
        lambda: services.say_of_benefit(actor=request.actor, partner_id=partner_id, program_id=program_id, said="not_met", at=request.at, **form.cleaned_data),
    )
    if is_done:
        return done(request, reverse("tiering:portal_tier"), _("Reported"), _("Your partner manager is told now."))
    return _page(request, form)


def _page(request: Request, form: SpeakForm | None) -> HttpResponse:
    actor, partner_id = request.actor, _own(request)
    programs = {program.id: program for program in partners.programs(actor)}
    found = [
        {"progress": progress, "badge": state_badge(progress.state), "health": health, "offer": shown(programs[progress.program_id])}
        for progress, health in zip(queries.progress_of(actor, partner_id, request.at), queries.health_of(actor, partner_id, request.at), strict=True)
    ]
    return page(
        request, "tiering/partner/tier.html", status=422 if form else 200, programs=found, form=form or SpeakForm(auto_id="id_speak_%s"),
        opened=form["benefit"].value() if form else request.GET.get("say", ""), moves=queries.moves_of(actor, partner_id),
        may_speak=queries.may(actor, "speak"),
    )  # fmt: skip


def _own(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id
