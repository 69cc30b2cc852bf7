"""The partner's side: getting started, the welcome kit, the first deal, pilots."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services
from openprm.onboarding.pages.common import address, attempt
from openprm.onboarding.pages.forms import NoteForm, QuestionForm


def home(request: Request) -> HttpResponse:
    """Getting started: the plan that runs, or the last one that was walked."""
    plans = queries.plans_of_partner(request.actor, request.at)
    return _getting_started(request, plans[0] if plans else None)


def plan(request: Request, plan_id: UUID) -> HttpResponse:
    return _getting_started(request, queries.plan_for_partner(request.actor, plan_id, request.at))


def _getting_started(request: Request, shown: queries.PartnerPlan | None, *, form: QuestionForm | None = None, status: int = 200) -> HttpResponse:
    kits = queries.welcome_kits(request.actor, request.at)
    return page(
        request,
        "onboarding/partner/home.html",
        status=status,
        plan=shown,
        others=[one for one in queries.plans_of_partner(request.actor, request.at) if shown and one.id != shown.id],
        kit=kits[0] if kits else None,
        first_deal=queries.first_deal_panel(request.actor, request.at),
        question_form=form or QuestionForm(),
        register_url=address("deals:portal_register") if request.actor.can("deals.register") else "",
        check_url=address("deals:portal_precheck") if request.actor.can("deals.precheck") else "",
    )


def welcome(request: Request) -> HttpResponse:
    """The welcome kits of this partner. Reading the page is what counts as opened."""
    kits = queries.welcome_kits(request.actor, request.at)
    for kit in kits:
        services.open_kit(actor=request.actor, delivery_id=kit.delivery_id, at=request.at)
    return page(
        request,
        "onboarding/partner/welcome.html",
        kits=kits,
        team_url=address("identity:portal_team"),
        rules_url=address("rulebook:portal_rules"),
        promises_url=address("promises:portal_record"),
        agreements_url=address("agreements:portal_agreements"),
    )


def ask(request: Request) -> HttpResponse:
    form = QuestionForm(request.POST)
    help_id, status = attempt(form, lambda values: services.ask_for_help(actor=request.actor, question=values["question"], at=request.at))
    if status:
        plans = queries.plans_of_partner(request.actor, request.at)
        return _getting_started(request, plans[0] if plans else None, form=form, status=status)
    return done(request, reverse("onboarding:portal_help", args=[help_id]), _("Question sent"), _("Your partner manager was told."))


def help_page(request: Request, help_id: UUID) -> HttpResponse:
    return page(request, "onboarding/partner/help.html", question=queries.question(request.actor, help_id, request.at))


def pilots(request: Request) -> HttpResponse:
    return page(request, "onboarding/partner/pilots.html", pilots=queries.invitations(request.actor, request.at))


def pilot(request: Request, pilot_id: UUID) -> HttpResponse:
    return page(request, "onboarding/partner/pilot.html", pilot=queries.invitation(request.actor, pilot_id, request.at), form=NoteForm())


def answer_pilot(request: Request, pilot_id: UUID) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    services.answer_invitation(actor=request.actor, pilot_id=pilot_id, accept=accept, note=request.POST.get("note", ""), at=request.at)
    said = _("Thank you for trying it with us") if accept else _("Thank you for answering")
    return done(request, reverse("onboarding:portal_pilot", args=[pilot_id]), said)
