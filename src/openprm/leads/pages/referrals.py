"""Referrals: the vendor's list and answers, the partner's own list and the form by which it refers."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.directory import queries as directory
from openprm.kernel.countries import country_name
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, addresses, done, page
from openprm.leads import queries, services
from openprm.leads.intake_wording import DIRECTION, DIRECTION_OWN, OUTCOME, STATE
from openprm.leads.pages.intake_forms import ReferLead, attempt, version_of
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Empty, Filter, ListSpec
from openprm.ui.paging import PageRequest, Slice

MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A referral with the address it opens."""

    id: UUID
    url: str
    row: Any


def _outcome(one: Listed) -> Badge:
    return Badge(*OUTCOME[one.row.outcome])


def _due(one: Listed) -> Due | None:
    return Due(one.row.due_at, "bad" if one.row.overdue else "") if one.row.due_at else None


def _company(name: str) -> Any:
    return lambda one: Company(getattr(one.row, name)) if getattr(one.row, name) else None


_HEAD = (
    Column("company", gettext_lazy("Company"), "title", sortable=True, always=True, value=lambda one: one.row.company_name or _("Erased")),
    Column("outcome", gettext_lazy("How far"), "badge", value=_outcome),
    Column("country", gettext_lazy("Country"), value=lambda one: country_name(one.row.country)),
)
_TAIL = (
    Column("due", gettext_lazy("Answer due"), "due", value=_due),
    Column("referred", gettext_lazy("Referred"), "datetime", sortable=True, value=lambda one: one.row.referred_at),
)
FILTERS = (Filter("state", gettext_lazy("State"), "choice", choices=tuple(STATE.items())),)
VENDOR = ListSpec(
    key="leads.referrals",
    columns=(
        *_HEAD,
        Column("number", gettext_lazy("Lead"), "mono", value=lambda one: one.row.lead_number),
        Column("direction", gettext_lazy("Way"), value=lambda one: str(DIRECTION[one.row.direction])),
        Column("referrer", gettext_lazy("Referred by"), "company", value=_company("referrer")),
        Column("target", gettext_lazy("Meant for"), "company", value=_company("target")),
        Column("holder", gettext_lazy("Held by"), "company", value=_company("holder"), default=False),
        *_TAIL,
    ),
    filters=(*FILTERS, Filter("direction", gettext_lazy("Way"), "choice", choices=tuple(DIRECTION.items()))),
    default_sort="-referred",
    search=gettext_lazy("Search company"),
)
PORTAL = ListSpec(
    key="leads.portal_referrals",
    columns=(
        *_HEAD,
        Column("number", gettext_lazy("Number"), "mono", value=lambda one: one.row.number),
        Column("direction", gettext_lazy("Way"), value=lambda one: str(DIRECTION_OWN[one.row.direction])),
        Column("target", gettext_lazy("Meant for"), "company", value=_company("target")),
        *_TAIL,
    ),
    filters=FILTERS,
    default_sort="-referred",
    search=gettext_lazy("Search company"),
)


def list_referrals(request: Request) -> HttpResponse:
    """What partners refer to us, and what we refer to them."""
    return _list(request, VENDOR, queries.referrals, "leads:referral", "leads/vendor/referrals.html")


def portal_referrals(request: Request) -> HttpResponse:
    """What the partner referred, and how far it is."""
    return _list(request, PORTAL, queries.own_referrals, "leads:portal_referral", "leads/partner/referrals.html")


def _list(request: Request, spec: ListSpec, find: Any, url_name: str, template: str) -> HttpResponse:
    state, address = ui_lists.parse(request, spec), addresses(url_name)

    def asked(wanted: PageRequest) -> Slice:
        found = find(request.actor, search=state.search, filters=dict(state.filters), page=wanted, at=request.at)
        return found.map(lambda row: Listed(row.id, address(row.id), row))

    if state.export:
        return exports.respond(request, state, asked(replace(state.page, position=None, limit=MOST_EXPORTED)).rows, name="referrals")
    empty = Empty(title=_("No referrals yet"), text=_("A lead that one side passes to another comes here, with what became of it."))
    return ui_lists.render(request, template, state, asked(state.page), empty=empty, title=_("Referrals"), may_route=request.actor.can("leads.route"))


def referral(request: Request, referral_id: UUID) -> HttpResponse:
    """One referral and its answer."""
    return _referral(request, referral_id)


def _referral(request: Request, referral_id: UUID, *, status: int = 200, problem: str = "") -> HttpResponse:
    row = queries.referral(request.actor, referral_id, request.at)
    return page(
        request,
        "leads/vendor/referral.html",
        status=status,
        row=row,
        outcome=Badge(*OUTCOME[row.outcome]),
        way=DIRECTION[row.direction],
        may_answer=row.state == "waiting" and request.actor.can("leads.route"),
        problem=problem,
    )


def take_up(request: Request, referral_id: UUID) -> HttpResponse:
    services.take_up_referral(
        actor=request.actor,
        referral_id=referral_id,
        to_target=request.POST.get("to") == "target",
        version=version_of(request.POST.get("version")),
        at=request.at,
    )
    return done(request, reverse("leads:referral", args=[referral_id]), _("Referral taken up"), _("Whoever referred it is told."))


def decline(request: Request, referral_id: UUID) -> HttpResponse:
    version = version_of(request.POST.get("version"))
    try:
        services.decline_referral(actor=request.actor, referral_id=referral_id, reason=request.POST.get("reason", ""), version=version, at=request.at)
    except Invalid as refusal:
        return _referral(request, referral_id, status=422, problem=refusal.message)
    return done(request, reverse("leads:referral", args=[referral_id]), _("Referral declined"), _("Whoever referred it reads your reason."))


def portal_referral(request: Request, referral_id: UUID) -> HttpResponse:
    """One referral of the partner's own, step by step."""
    row = queries.own_referral(request.actor, referral_id, request.at)
    return page(request, "leads/partner/referral.html", row=row, outcome=Badge(*OUTCOME[row.outcome]), way=DIRECTION_OWN[row.direction], steps=_steps(row))


def _steps(row: Any) -> list[tuple[str, bool]]:
    """The way of a referral with what is behind it."""
    reached = {"waiting": 1, "known": 2, "declined": 2, "routing": 2, "offered": 2, "working": 3, "won": 4, "lost": 4}[row.outcome]
    names = (_("Referred"), _("Answered"), _("With a partner"), _("Finished"))
    return [(name, number <= reached) for number, name in enumerate(names, start=1)]


def refer(request: Request) -> HttpResponse:
    """The form by which a partner passes a lead on."""
    form = ReferLead(request.actor, request.POST or None)
    if request.method != "POST":
        return page(request, "leads/partner/refer.html", form=form)
    made, status = attempt(form, lambda said: _refer(request, form, said))
    if not made:
        return page(request, "leads/partner/refer.html", form=form, status=status)
    said = _("We knew this lead already, so nothing new begins.") if made.is_known else _("You are told as soon as it is answered.")
    return done(request, reverse("leads:portal_referral", args=[made.referral_id]), _("Thank you"), said)


def _refer(request: Request, form: ReferLead, said: dict[str, Any]) -> Any:
    return services.refer_lead(
        actor=request.actor,
        draft=form.draft(said, locale=request.actor.locale, source="referral"),
        consent=form.consent(said),
        target_id=_named(said["partner_name"]),
        note=said["note"],
        at=request.at,
    )


def _named(name: str) -> UUID | None:
    """The partner of the public directory that a name means; None for no name. Raises Invalid."""
    if not name:
        return None
    found = [row for row in directory.find(directory.Wanted(text=name)).rows if row.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise Invalid(_("No partner in the directory has exactly this name. Look it up there, or leave the field empty."), field="partner_name")
    return directory.listing(found[0].slug).partner_id
