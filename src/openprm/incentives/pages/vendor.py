"""Plans in the vendor's workspace: the list, one in words, the editor, the what-if, publishing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.incentives import queries, services
from openprm.incentives.pages import lists as shown
from openprm.incentives.pages.forms import ChangedPlanForm, EndForm, PlanForm, PublishForm, SampleForm, TermsForm, attempt
from openprm.incentives.presets import preset
from openprm.incentives.wording import KIND_ABOUT
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, minor_units
from openprm.ui import exports, lists


def plans(request: Request) -> HttpResponse:
    """Every plan, what it pays for, and whether it is in force."""
    state = lists.parse(request, shown.PLANS)
    if state.export:
        rows = queries.export_plans(request.actor, search=state.search, filters=state.filters, at=request.at)
        return exports.respond(request, state, map(shown.plan, rows), name="plans")
    found = queries.list_plans(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at)
    empty = lists.Empty(title=_("No plan yet"), text=_("A plan says what is paid for what. Begin with a commission on won deals."))
    return lists.render(
        request, "incentives/vendor/plans.html", state, found.map(shown.plan), empty=empty, title=_("Plans"),
        summary=_("What partners can earn: published, versioned, and the same for everybody it is for."), may_edit=queries.may(request.actor, "edit"),
    )  # fmt: skip


def new_plan(request: Request) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if request.method == "POST":
        is_done, plan_id = attempt(form, lambda: _created(request, form))
        if is_done:
            return done(request, reverse("incentives:terms", args=[plan_id]), _("Plan begun"), _("Now say what it pays. Nothing is paid before you publish."))
    kinds = [(label, KIND_ABOUT[code]) for code, label in form.fields["kind"].choices]
    return page(request, "incentives/vendor/new.html", form=form, kinds=kinds, status=422 if form.is_bound else 200)


def _created(request: Request, form: PlanForm) -> UUID:
    values = form.values()
    return services.create_plan(actor=request.actor, terms=preset(values["kind"]), at=request.at, **values)


def plan(request: Request, plan_id: UUID) -> HttpResponse:
    """One plan as a person reads it."""
    return _plan(request, plan_id)


def edit(request: Request, plan_id: UUID) -> HttpResponse:
    found = queries.plan_page(request.actor, plan_id, request.at)
    initial = {"name": found.row.name, "about": found.row.about, "program_id": found.row.program_id or "", "partner_ids": list(map(str, found.row.partner_ids))}
    form = ChangedPlanForm(request.POST or None, initial=initial)
    if request.method == "POST":
        is_done, _version = attempt(form, lambda: services.change_plan(actor=request.actor, plan_id=plan_id, changes=form.values(), at=request.at))
        if is_done:
            return done(request, reverse("incentives:plan", args=[plan_id]), _("Plan saved"), found.row.name)
    return page(request, "incentives/vendor/edit.html", form=form, found=found, status=422 if form.is_bound else 200)


def terms(request: Request, plan_id: UUID) -> HttpResponse:
    """The editor, with what a sample deal would earn."""
    found = queries.plan_page(request.actor, plan_id, request.at)
    form = TermsForm(request.POST if request.method == "POST" else None, found.typed)
    if request.method == "POST" and form.is_valid():
        draft, places = form.draft()
        try:
            services.save_terms(actor=request.actor, plan_id=plan_id, terms=draft, at=request.at)
        except Invalid as refusal:
            form.refuse(refusal, places)
        else:
            where = "incentives:terms" if request.POST.get("next") == "stay" else "incentives:plan"
            return done(request, reverse(where, args=[plan_id]), _("Draft saved"), _("Nothing changes for partners before you publish it."))
    return page(
        request,
        "incentives/vendor/terms.html",
        form=form,
        found=found,
        status=422 if form.is_bound else 200,
        sample=_sample(request, found.draft or found.terms),
    )


def what_if(request: Request, plan_id: UUID) -> HttpResponse:
    """The draft over two years of what really happened: the cost, and who gains or loses."""
    found = queries.plan_page(request.actor, plan_id, request.at)
    return page(request, "incentives/vendor/what_if.html", found=found, run=queries.what_if(request.actor, plan_id, request.at))


def publish(request: Request, plan_id: UUID) -> HttpResponse:
    found = queries.plan_page(request.actor, plan_id, request.at)
    if found.draft is None:
        raise Conflict(_("There is no draft of “%(plan)s”. Change its terms first.") % {"plan": found.row.name})
    form = PublishForm(request.POST or None, initial={"starts_on": found.earliest_start})
    if request.method == "POST":
        is_done, _id = attempt(form, lambda: services.publish_plan(actor=request.actor, plan_id=plan_id, at=request.at, **form.cleaned_data))
        if is_done:
            return done(request, reverse("incentives:plan", args=[plan_id]), _("Plan published"), _("The partners it is for are told now."))
    return page(request, "incentives/vendor/publish.html", found=found, form=form, words=queries.in_words(found.draft), status=422 if form.is_bound else 200)


def discard(request: Request, plan_id: UUID) -> HttpResponse:
    services.discard_draft(actor=request.actor, plan_id=plan_id, at=request.at)
    return done(request, reverse("incentives:plan", args=[plan_id]), _("Draft discarded"))


def end(request: Request, plan_id: UUID) -> HttpResponse:
    form = EndForm(request.POST)
    is_done, _version = attempt(form, lambda: services.end_plan(actor=request.actor, plan_id=plan_id, at=request.at, **form.cleaned_data))
    if is_done:
        return done(request, reverse("incentives:plan", args=[plan_id]), _("The plan ends"), _("What was earned before stays earned."))
    return _plan(request, plan_id, form)


def _plan(request: Request, plan_id: UUID, end_form: EndForm | None = None) -> HttpResponse:
    found, actor = queries.plan_page(request.actor, plan_id, request.at), request.actor
    read = {name: queries.in_words(one) if one else None for name, one in (("now", found.terms), ("upcoming", found.upcoming), ("draft", found.draft))}
    return page(
        request, "incentives/vendor/plan.html", found=found, words=read, badge=shown.state_badge(found.row.state), end_form=end_form or EndForm(),
        opened="end" if end_form else request.GET.get("do", ""), may_edit=queries.may(actor, "edit"), may_publish=queries.may(actor, "publish"),
        sample=_sample(request, found.terms or found.upcoming or found.draft), timeline=queries.plan_timeline(actor, plan_id), status=422 if end_form else 200,
    )  # fmt: skip


def _sample(request: Request, terms: Any) -> dict[str, Any] | None:
    """The sample deal: typed in the address, by default ten thousand."""
    if terms is None:
        return None
    form = SampleForm(request.GET if "amount" in request.GET else None, initial={"amount": 10000})
    amount = form.cleaned_data["amount"] if form.is_bound and form.is_valid() else 10000
    tier = form.cleaned_data.get("tier", "") if form.is_bound and form.is_valid() else ""
    currency = terms.terms.currency
    found = queries.example(terms, amount=Money(int(amount * 10 ** minor_units(currency)), currency), partner_id=terms.plan_id, tier=tier, on=request.at.date())
    return {"form": form, "found": found}
