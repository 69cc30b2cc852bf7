"""Tiers in the vendor's workspace: standings, risk, moves, and one partner's tiers from both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.tiering import queries, services
from openprm.tiering.pages import lists as shown
from openprm.tiering.pages.forms import KeepForm, OptionalReasonForm, ReasonForm, SpeakForm, TrackForm, ValueForm, attempt
from openprm.ui import exports, lists


def standings(request: Request) -> HttpResponse:
    """Where every partner stands and what it still lacks."""
    state = lists.parse(request, shown.STANDINGS)
    if state.export:
        rows = queries.export_standings(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.standing, rows), name="tier-standings")
    found = queries.standings(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("Nobody is measured yet"), text=_("Partners appear here after the first night, or when one of their facts changes."))
    summary = _("What every partner's facts earn, and what is missing for the next tier.")
    counts = [(shown.STATE[code], count, f"?state={code}") for code, count in queries.state_counts(request.actor).items() if count]
    return lists.render(
        request, "tiering/vendor/standings.html", state, found.map(shown.standing), empty=empty, title=_("Tier standings"), summary=summary, counts=counts
    )


def risk(request: Request) -> HttpResponse:
    """Who may lose its tier, by the money at stake."""
    state = lists.parse(request, shown.RISK)
    if state.export:
        rows = queries.export_standings(request.actor, search=state.search, filters=state.filters, in_danger=True)
        return exports.respond(request, state, map(shown.standing, rows), name="tiers-at-risk")
    found = queries.standings(request.actor, search=state.search, filters=state.filters, page=state.page, in_danger=True)
    empty = lists.Empty(title=_("No tier is at risk"), text=_("Every partner earns the tier it holds, and nothing that counts ends soon."))
    summary = _("At stake is what the partner won in twelve months, or its open protected pipeline where that is more.")
    totals = queries.danger_total(request.actor)
    return lists.render(
        request, "tiering/vendor/risk.html", state, found.map(shown.standing), empty=empty, title=_("Tiers at risk"), summary=summary, totals=totals
    )


def moves(request: Request) -> HttpResponse:
    """Every promotion and demotion, made or waiting."""
    state = lists.parse(request, shown.MOVES)
    if state.export:
        rows = queries.export_moves(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.move, rows), name="tier-moves")
    found = queries.moves(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("No moves yet"), text=_("When a partner earns another tier, the move is written down here with the clause and the facts."))
    summary = _("Promotions and demotions, with the clause they stand on.")
    return lists.render(request, "tiering/vendor/moves.html", state, found.map(shown.move), empty=empty, title=_("Tier moves"), summary=summary)


def move(request: Request, move_id: UUID) -> HttpResponse:
    """One move with its clause, its facts and its decision."""
    return _move(request, move_id, {})


def approve(request: Request, move_id: UUID) -> HttpResponse:
    form = OptionalReasonForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.approve_move(actor=request.actor, move_id=move_id, reason=form.cleaned_data["reason"], at=request.at))
    if is_done:
        return done(request, reverse("tiering:move", args=[move_id]), _("Tier changed"), _("The partner is told now."))
    return _move(request, move_id, {"approve": form})


def decline(request: Request, move_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.decline_move(actor=request.actor, move_id=move_id, reason=form.cleaned_data["reason"], at=request.at))
    if is_done:
        return done(request, reverse("tiering:move", args=[move_id]), _("Declined"), _("The partner reads your reason."))
    return _move(request, move_id, {"decline": form})


def _move(request: Request, move_id: UUID, held: dict[str, Any]) -> HttpResponse:
    found = queries.move(request.actor, move_id)
    forms = {"approve": OptionalReasonForm(auto_id="id_approve_%s"), "decline": ReasonForm(auto_id="id_decline_%s"), **held}
    may_decide = queries.may(request.actor, "decide") and found.state == "pending"
    return page(
        request, "tiering/vendor/move.html", status=422 if held else 200, move=found, forms=forms, may_decide=may_decide,
        direction=shown.direction_badge(found.direction), opened=next(iter(held), request.GET.get("do", "")),
    )  # fmt: skip


def partner(request: Request, partner_id: UUID) -> HttpResponse:
    """The tiers of one partner: ladder, criteria, promises of both sides, history."""
    return _partner(request, partner_id, {})


def refresh(request: Request, partner_id: UUID) -> HttpResponse:
    """Measure this partner now."""
    if not queries.may(request.actor, "decide"):
        raise Invalid(_("Your role does not measure partners."))
    services.refresh(partner_id=partner_id, at=request.at)
    return done(request, reverse("tiering:partner", args=[partner_id]), _("Measured"), _("Standing and progress are of this moment."))


def keep(request: Request, partner_id: UUID, program_id: UUID) -> HttpResponse:
    """Keep the tier by hand until a day, or end the exception."""
    ids = {"partner_id": partner_id, "program_id": program_id}
    if "end" in request.POST:
        services.keep_tier(actor=request.actor, until=None, at=request.at, **ids)
        return done(request, reverse("tiering:partner", args=[partner_id]), _("Exception ended"))
    form = KeepForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.keep_tier(actor=request.actor, at=request.at, **ids, **form.cleaned_data))
    if is_done:
        return done(request, reverse("tiering:partner", args=[partner_id]), _("Tier kept"), _("Rules do not move this partner until that day."))
    return _partner(request, partner_id, {"keep": form})


def track(request: Request, partner_id: UUID, program_id: UUID) -> HttpResponse:
    form = TrackForm(request.POST)
    is_done, _nothing = attempt(
        form, lambda: services.set_track(actor=request.actor, partner_id=partner_id, program_id=program_id, at=request.at, **form.cleaned_data)
    )
    if is_done:
        services.refresh(partner_id=partner_id, program_id=program_id, at=request.at)
        return done(request, reverse("tiering:partner", args=[partner_id]), _("Size saved"))
    return _partner(request, partner_id, {"track": form})


def speak(request: Request, partner_id: UUID, program_id: UUID) -> HttpResponse:
    """The vendor's word that a benefit was given."""
    form = SpeakForm(request.POST)
    is_done, _nothing = attempt(
        form,
        lambda: services.say_of_benefit(actor=request.actor, partner_id=partner_id, program_id=program_id, said="met", at=request.at, **form.cleaned_data),
    )
    if is_done:
        return done(request, reverse("tiering:partner", args=[partner_id]), _("Said"), _("Both sides read it."))
    return _partner(request, partner_id, {"speak": form})


def enter(request: Request, partner_id: UUID) -> HttpResponse:
    """Enter the value of a metric, and measure at once."""
    form = ValueForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.enter_value(actor=request.actor, partner_id=partner_id, at=request.at, **form.cleaned_data))
    if is_done:
        services.refresh(partner_id=partner_id, at=request.at)
        return done(request, reverse("tiering:partner", args=[partner_id]), _("Value entered"))
    return _partner(request, partner_id, {"value": form})


def remove_value(request: Request, value_id: UUID) -> HttpResponse:
    partner_id = services.remove_value(actor=request.actor, value_id=value_id, at=request.at)
    services.refresh(partner_id=partner_id, at=request.at)
    return done(request, reverse("tiering:partner", args=[partner_id]), _("Value taken back"))


def _partner(request: Request, partner_id: UUID, held: dict[str, Any]) -> HttpResponse:
    actor, at = request.actor, request.at
    forms = {"keep": KeepForm(auto_id="id_keep_%s"), "value": ValueForm(auto_id="id_value_%s"), "speak": SpeakForm(auto_id="id_speak_%s"), **held}
    health = {one.program_id: one for one in queries.health_of(actor, partner_id, at)}
    found = [
        {
            "vendor": one,
            "progress": one.progress,
            "badge": shown.state_badge(one.progress.state),
            "health": health[one.progress.program_id],
            "track": forms.get("track") or TrackForm(initial={"track": one.track}, auto_id=f"id_{one.progress.program_id}_%s"),
        }
        for one in queries.vendor_progress_of(actor, partner_id, at)
    ]
    return page(
        request, "tiering/vendor/partner.html", status=422 if held else 200, partner=partners.partner(actor, partner_id), programs=found, forms=forms,
        opened=next(iter(held), request.GET.get("say", "")), moves=queries.moves_of(actor, partner_id), values=queries.values_of(actor, partner_id),
        may_decide=queries.may(actor, "decide"), may_enter=queries.may(actor, "enter"), may_speak=queries.may(actor, "speak"),
    )  # fmt: skip
