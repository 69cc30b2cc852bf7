"""Partners in the vendor's workspace: the directory, one partner, adding and changing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.partners import queries, rules, services, words
from openprm.partners.pages.forms import NewPartnerForm, PartnerForm, TierChoiceForm, attempt
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec
from openprm.ui.panels import panels_of

SPEC = ListSpec(
    key="partners.partners",
    search=gettext_lazy("Search by name or web domain"),
    default_sort="name",
    columns=(
        Column("name", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.name, _where(row))),
        Column("tier", gettext_lazy("Tier"), "badge", sortable=True, value=lambda row: Badge(row.tier, "accent", "medal") if row.tier else None),
        Column("program", gettext_lazy("Program")),
        Column("status", gettext_lazy("Status"), "badge", value=lambda row: status_badge(row.status)),
        Column("region", gettext_lazy("Region"), sortable=True),
        Column("manager", gettext_lazy("Partner manager"), "person"),
        Column("since", gettext_lazy("In the program since"), "date", sortable=True, default=False),
        Column("type", gettext_lazy("Type"), sortable=True, default=False, value=lambda row: words.TYPE[row.type]),
        Column("motion", gettext_lazy("Motion"), default=False, value=lambda row: words.MOTION[row.motion]),
        Column("country", gettext_lazy("Country"), sortable=True, default=False),
        Column("team", gettext_lazy("Team"), default=False),
        Column("created_at", gettext_lazy("Added"), "datetime", sortable=True, default=False),
    ),
    filters=(
        Filter("status", gettext_lazy("Status"), choices=tuple((code, label) for code, (label, _tone) in words.STATUS.items())),
        Filter("tier", gettext_lazy("Tier"), choices=queries.tier_choices),
        Filter("type", gettext_lazy("Type"), choices=tuple(words.TYPE.items())),
        Filter("motion", gettext_lazy("Motion"), choices=tuple(words.MOTION.items())),
        Filter("region", gettext_lazy("Region"), choices=queries.regions),
        Filter("manager", gettext_lazy("Partner manager"), choices=lambda actor: managers()),
    ),
)


def list_partners(request: Request) -> HttpResponse:
    """The directory, with search, filters, saved views and export."""
    state = lists.parse(request, SPEC)
    if state.export:
        return exports.respond(request, state, queries.export_partners(request.actor, search=state.search, filters=state.filters), name="partners")
    found = queries.list_partners(request.actor, search=state.search, filters=state.filters, page=state.page)
    may = queries.may_manage(request.actor)
    empty = lists.Empty(
        title=_("No partners yet"),
        text=_("Add the first company that sells with you, or import a list."),
        action=_("Add a partner"),
        url=reverse("partners:new_partner") if may else "",
    )
    summary = _("The companies that sell with you, their tier and who looks after them.")
    return lists.render(request, "partners/vendor/partners.html", state, found.map(_linked), empty=empty, title=_("Partners"), summary=summary, may_manage=may)


def show_partner(request: Request, partner_id: UUID) -> HttpResponse:
    """One partner: facts, programs, people, what other rooms know of it, history."""
    return _page(request, partner_id)


def new_partner(request: Request) -> HttpResponse:
    form = NewPartnerForm(request.POST or None, actor=request.actor, managers=managers())
    if request.method == "POST":
        is_done, partner_id = attempt(
            form, lambda: services.create_partner(actor=request.actor, at=request.at, **_with_program(request.actor, form.cleaned_data))
        )
        if is_done:
            return done(request, reverse("partners:partner", args=[partner_id]), _("Partner added"), form.cleaned_data["name"])
    return page(request, "partners/vendor/form.html", form=form, partner=None, status=422 if form.is_bound else 200)


def edit_partner(request: Request, partner_id: UUID) -> HttpResponse:
    partner = queries.partner(request.actor, partner_id)
    initial = {name: getattr(partner, name) for name in PartnerForm.base_fields}
    form = PartnerForm(request.POST or None, initial=initial, actor=request.actor, managers=managers(), partner_id=partner_id)
    if request.method == "POST":
        is_done, _nothing = attempt(form, lambda: services.update_partner(actor=request.actor, partner_id=partner_id, changes=form.cleaned_data, at=request.at))
        if is_done:
            return done(request, reverse("partners:partner", args=[partner_id]), _("Partner saved"), partner.name)
    return page(request, "partners/vendor/form.html", form=form, partner=partner, status=422 if form.is_bound else 200)


def change_status(request: Request, partner_id: UUID) -> HttpResponse:
    status = request.POST.get("status", "")
    reason = request.POST.get("reason", "")
    services.change_status(actor=request.actor, partner_id=partner_id, status=status, reason=reason, at=request.at)
    return done(request, reverse("partners:partner", args=[partner_id]), _("Status changed"), str(words.STATUS[status][0]))


def enroll(request: Request, partner_id: UUID) -> HttpResponse:
    """Put the partner into the tier that was chosen: a new program, or another tier of one it is in."""
    form = TierChoiceForm(request.POST)
    is_done, _nothing = attempt(form, lambda: _place(request, partner_id, form.cleaned_data["tier_id"]))
    if is_done:
        return done(request, reverse("partners:partner", args=[partner_id]), _("Tier saved"))
    return _page(request, partner_id, tier_form=form, status=422)


def end_enrollment(request: Request, partner_id: UUID, program_id: UUID) -> HttpResponse:
    services.end_enrollment(actor=request.actor, partner_id=partner_id, program_id=program_id, at=request.at)
    return done(request, reverse("partners:partner", args=[partner_id]), _("Taken out of the program"))


def managers() -> list[tuple[str, str]]:
    return [(str(person.id), person.name) for person in identity.holders_of("partners.manage")]


def _page(request: Request, partner_id: UUID, *, tier_form: TierChoiceForm | None = None, status: int = 200) -> HttpResponse:
    actor, at = request.actor, request.at
    partner = queries.partner(actor, partner_id)
    may = queries.may_manage(actor)
    return page(
        request,
        "partners/vendor/partner.html",
        status=status,
        partner=partner,
        status_badge=status_badge(partner.status),
        type=words.TYPE[partner.type],
        motion=words.MOTION[partner.motion],
        country=country_name(partner.country),
        enrollments=[enrolled(one) for one in partner.enrollments],
        people=_people(actor, partner_id, at),
        panels=panels_of(actor, target="partner", workspace="vendor", object_id=partner_id, at=at),
        entries=audit.timeline(actor, partner_id, limit=20),
        may_manage=may,
        may_preview=actor.can("identity.preview_portal"),
        status_about=words.STATUS_ABOUT[partner.status],
        moves=_moves(partner.status) if may else [],
        tier_form=(tier_form or TierChoiceForm()) if may else None,
    )


def _people(actor: Actor, partner_id: UUID, at: Any) -> list[Any]:
    return identity.people(actor, partner_id, at) if actor.can("identity.view_partner_people") else []


def _place(request: Request, partner_id: UUID, tier_id: UUID) -> None:
    tier = queries.tier(request.actor, tier_id)
    held = {one.program_id for one in queries.enrollments_of(request.actor, partner_id) if one.status == "approved"}
    act = services.change_tier if tier.program_id in held else services.enroll
    act(actor=request.actor, partner_id=partner_id, program_id=tier.program_id, tier_id=tier_id, at=request.at)


def _with_program(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    values = dict(values)
    tier_id = values.pop("tier_id", None)
    if not tier_id:
        return values
    return {**values, "tier_id": tier_id, "program_id": queries.tier(actor, tier_id).program_id}


def _moves(status: str) -> list[dict[str, Any]]:
    """What a person can do with the state: the word on the button, what it brings, and whether it is a hard step."""
    gentle = ("applicant", "pending", "active")
    return [
        {"code": code, "label": words.MOVE[code], "about": words.STATUS_ABOUT[code], "is_gentle": code in gentle, "needs_reason": code in rules.NEEDS_REASON}
        for code in rules.moves_by_hand(status)
    ]


def enrolled(one: Any) -> dict[str, Any]:
    benefits = [(words.BENEFIT_LABEL[code], words.benefit(code, value)) for code, value in one.benefits.items()]
    return {"row": one, "benefits": benefits, "is_approved": one.status == "approved", "status": words.ENROLLMENT[one.status][0]}


def _linked(row: Any) -> Any:
    return linked(row, reverse("partners:partner", args=[row.id]))


def linked(row: Any, url: str) -> Any:
    """A row of a list that opens an address."""
    return _Linked(row, url)


class _Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, url: str):
        self._row, self.url = row, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _where(row: Any) -> str:
    return ", ".join(part for part in (str(words.TYPE[row.type]), country_name(row.country)) if part and part != "–")


def status_badge(status: str) -> Badge:
    label, tone = words.STATUS[status]
    return Badge(label, tone)
