"""Partner refers partner: the vendor's list and terms, and the partner's own page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity.services import mail
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.recruitment import queries, services
from openprm.recruitment.pages.common import Linked, frame
from openprm.recruitment.pages.forms import IntroduceForm, TermsForm, attempt
from openprm.recruitment.wording import REFERRAL
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Filter, ListSpec

VENDOR_STATE = {**REFERRAL, "earning": (gettext_lazy("Reward runs"), "ok")}

SPEC = ListSpec(
    key="recruitment.referrals",
    search=gettext_lazy("Search by company or partner"),
    default_sort="-created_at",
    columns=(
        Column("company", gettext_lazy("Introduced company"), "company", sortable=True, always=True, value=lambda row: Company(row.company, row.domain)),
        Column("partner", gettext_lazy("By"), "company", sortable=True, value=lambda row: Company(row.partner)),
        Column("state", gettext_lazy("State"), "badge", value=lambda row: Badge(*VENDOR_STATE["taken_up" if row.is_taken_up else row.state])),
        Column("due", gettext_lazy("Answer by"), "due", value=lambda row: Due(row.answer_due_at, "bad" if row.is_late else "") if row.answer_due_at else None),
        Column("reward", gettext_lazy("Reward"), value=lambda row: None if row.reward_percent is None else f"{row.reward_percent}%"),
        Column("window", gettext_lazy("Reward until"), "date", sortable=True, value=lambda row: row.window_ends_at),
        Column("answer", gettext_lazy("Your answer"), template="recruitment/parts/referral_answer.html", value=lambda row: row.id),
        Column("contact", gettext_lazy("Contact"), default=False, value=lambda row: row.contact or None),
        Column("note", gettext_lazy("Why"), default=False, value=lambda row: row.note or None),
        Column("created_at", gettext_lazy("Introduced"), "date", sortable=True),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in VENDOR_STATE.items() if code != "taken_up")),
        Filter("partner", gettext_lazy("By"), choices=partners.partner_choices),
    ),
)


def list_referrals(request: Request) -> HttpResponse:
    state = lists.parse(request, SPEC)
    if state.export:
        rows = queries.export_referrals(request.actor, search=state.search, filters=state.filters, at=request.at)
        return exports.respond(request, state, rows, name="referrals")
    found = queries.list_referrals(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at)
    empty = lists.Empty(title=_("No referrals yet"), text=_("Partners introduce companies from their portal, or with their own link to your program."))
    listed = found.map(lambda row: Linked(row, reverse("recruitment:company", args=[row.company_id]) if row.company_id else ""))
    terms = [(one, _terms_form(one)) for one in queries.terms(request.actor)]
    return lists.render(
        request, "recruitment/vendor/referrals.html", state, listed, empty=empty, title=_("Recruiting"), terms=terms, **frame(request, "referrals")
    )  # fmt: skip


def _terms_form(one: queries.Terms) -> TermsForm:
    return TermsForm(
        initial={"reward_percent": one.reward_percent, "window_days": one.window_days, "is_open": one.is_open}, auto_id=f"id_{one.program_id.hex[-6:]}_%s"
    )


def take_up(request: Request, referral_id: UUID) -> HttpResponse:
    company_id = services.accept_referral(actor=request.actor, referral_id=referral_id, at=request.at)
    url = reverse("recruitment:company", args=[company_id]) if company_id else reverse("recruitment:referrals")
    return done(request, url, _("Taken up"), _("The promise to answer is kept."))


def decline(request: Request, referral_id: UUID) -> HttpResponse:
    services.decline_referral(actor=request.actor, referral_id=referral_id, reason=request.POST.get("reason", ""), at=request.at)
    return done(request, reverse("recruitment:referrals"), _("Declined"), _("The partner reads your reason."))


def save_terms(request: Request, program_id: UUID) -> HttpResponse:
    form = TermsForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.save_terms(actor=request.actor, program_id=program_id, at=request.at, **form.cleaned_data))
    if is_done:
        return done(request, reverse("recruitment:referrals"), _("Terms saved"), _("They hold for companies that join from now on."))
    return page(request, "recruitment/vendor/terms.html", form=form, status=422, **frame(request, "referrals"))


def portal(request: Request) -> HttpResponse:
    """The partner's link, whom it brought, and what came of it."""
    if request.method == "POST" and request.POST.get("do") == "code":
        services.referral_code(actor=request.actor)
        return done(request, reverse("recruitment:portal_referrals"), _("This is your link"))
    form = IntroduceForm(request.POST or None)
    if request.method == "POST":
        values = form.cleaned_data if form.is_valid() else {}
        is_done, _nothing = attempt(form, lambda: services.introduce(actor=request.actor, at=request.at, **values))
        if is_done:
            return done(request, reverse("recruitment:portal_referrals"), _("Introduced"), _("We answer in the promised time."))
    may = queries.may_refer(request.actor)
    return page(
        request, "recruitment/partner/referrals.html", status=422 if form.is_bound else 200, form=form, may_refer=may, link=_link(request),
        referrals=queries.own_referrals(request.actor, request.at), terms=_own_terms(request),
    )  # fmt: skip


def _link(request: Request) -> str:
    code = queries.own_code(request.actor)
    return mail.absolute(services.apply_url(None, code)) if code else ""


def _own_terms(request: Request) -> list[Any]:
    joined = {one.program_id for one in partners.enrollments_of(request.actor, request.actor.partner_id) if one.status == "approved"}
    return [one for one in queries.terms(request.actor) if one.is_open and (one.program_id in joined or not joined)]
