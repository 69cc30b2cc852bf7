"""Welcome kits: writing one for each program, and seeing who has read it."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services
from openprm.onboarding.pages.common import attempt, uuid_of, version_of
from openprm.onboarding.pages.forms import KitForm


def kits(request: Request) -> HttpResponse:
    return page(request, "onboarding/settings/kits.html", kits=queries.kits(request.actor), may_configure=queries.may_configure(request.actor))


def kit(request: Request, program_id: UUID) -> HttpResponse:
    found = queries.kit(request.actor, program_id)
    may = queries.may_configure(request.actor)
    initial = {name: getattr(found, name) for name in KitForm.base_fields} | ({} if found.id else {"is_active": True})
    form = KitForm(request.POST or None, initial=initial, kit=found)
    status = 200
    if request.method == "POST":
        _nothing, status = attempt(
            form,
            lambda values: services.save_kit(
                actor=request.actor, program_id=program_id, values=form.values(), version=version_of(request) if found.id else None, at=request.at
            ),
        )
        if not status:
            return done(request, reverse("onboarding:kit", args=[program_id]), _("Welcome kit saved"), found.program_name)
    return page(
        request,
        "onboarding/settings/kit.html",
        status=status or 200,
        kit=found,
        form=form,
        may_configure=may,
        deliveries=queries.deliveries(request.actor, program_id),
    )


def send(request: Request, program_id: UUID) -> HttpResponse:
    """Give the kit to one partner by hand."""
    partner_id = uuid_of(request.POST.get("partner_id"))
    services.send_kit(actor=request.actor, partner_id=partner_id or program_id, program_id=program_id, at=request.at)
    url = reverse("partners:partner", args=[partner_id]) if partner_id else reverse("onboarding:kits")
    return done(request, url, _("Welcome kit delivered"))
