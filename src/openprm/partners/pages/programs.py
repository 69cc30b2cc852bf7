"""Programs and tiers, among the vendor's settings."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict
from openprm.kernel.http import Request, done, page
from openprm.partners import queries, services, words
from openprm.partners.pages.forms import ProgramForm, TierForm, attempt


def programs(request: Request) -> HttpResponse:
    """Every program with its tiers side by side and what each gives."""
    found = [_shown(one) for one in queries.programs(request.actor)]
    return page(request, "partners/vendor/programs.html", programs=found, may_configure=queries.may_configure(request.actor))


def new_program(request: Request) -> HttpResponse:
    form = ProgramForm(request.POST or None)
    if request.method == "POST":
        is_done, _program = attempt(form, lambda: services.create_program(actor=request.actor, at=request.at, **form.cleaned_data))
        if is_done:
            return done(request, reverse("partners:programs"), _("Program added"), form.cleaned_data["name"])
    return _form(request, form, _("Add a program"), _("Tiers come after it: add at least one, so that partners can join."))


def edit_program(request: Request, program_id: UUID) -> HttpResponse:
    program = queries.program(request.actor, program_id)
    form = ProgramForm(request.POST or None, initial={name: getattr(program, name) for name in ProgramForm.base_fields})
    if request.method == "POST":
        is_done, _nothing = attempt(form, lambda: services.update_program(actor=request.actor, program_id=program_id, changes=form.cleaned_data, at=request.at))
        if is_done:
            return done(request, reverse("partners:programs"), _("Program saved"), program.name)
    return _form(request, form, program.name, _("Changes hold from now on; deals that are decided keep their terms."))


def new_tier(request: Request, program_id: UUID) -> HttpResponse:
    program = queries.program(request.actor, program_id)
    form = TierForm(request.POST or None, initial={"rank": max([tier.rank for tier in program.tiers], default=0) + 1})
    if request.method == "POST":
        is_done, _tier = attempt(form, lambda: services.create_tier(actor=request.actor, program_id=program_id, at=request.at, **_tier_values(form)))
        if is_done:
            return done(request, reverse("partners:programs"), _("Tier added"), form.cleaned_data["name"])
    return _form(request, form, _("Add a tier to %(program)s") % {"program": program.name}, _("What you leave as it is takes the standard."))


def edit_tier(request: Request, tier_id: UUID) -> HttpResponse:
    tier = queries.tier(request.actor, tier_id)
    given = {f"benefit_{code}": value for code, value in tier.benefits.items()}
    form = TierForm(request.POST or None, initial={"name": tier.name, "code": tier.code, "rank": tier.rank, **given})
    if request.method == "POST":
        is_done, _nothing = attempt(form, lambda: services.update_tier(actor=request.actor, tier_id=tier_id, changes=_tier_values(form), at=request.at))
        if is_done:
            return done(request, reverse("partners:programs"), _("Tier saved"), tier.name)
    return _form(
        request,
        form,
        tier.name,
        _("New deals take the new values; those that are decided keep theirs."),
        remove_url=reverse("partners:remove_tier", args=[tier_id]),
    )


def remove_tier(request: Request, tier_id: UUID) -> HttpResponse:
    tier = queries.tier(request.actor, tier_id)
    try:
        services.remove_tier(actor=request.actor, tier_id=tier_id, at=request.at)
    except Conflict as refusal:
        return done(request, reverse("partners:edit_tier", args=[tier_id]), _("Not removed"), refusal.message)
    return done(request, reverse("partners:programs"), _("Tier removed"), tier.name)


def _tier_values(form: TierForm) -> dict[str, Any]:
    return {**{name: form.cleaned_data[name] for name in ("name", "code", "rank")}, "benefits": form.benefits()}


def _form(request: Request, form: Any, title: str, about: str, **context: Any) -> HttpResponse:
    return page(request, "partners/vendor/program_form.html", form=form, title=title, about=about, status=422 if form.is_bound else 200, **context)


def _shown(program: queries.ProgramView) -> dict[str, Any]:
    codes = list(words.BENEFIT_LABEL)
    rows = [(words.BENEFIT_LABEL[code], [words.benefit(code, tier.benefits[code]) for tier in program.tiers]) for code in codes]
    return {"program": program, "motion": words.MOTION[program.motion], "benefits": rows}
