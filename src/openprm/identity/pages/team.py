"""A team and its organization, in both workspaces; for the vendor also every partner's team."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.identity import queries, roles, rules, services
from openprm.identity.pages.common import address, tried
from openprm.identity.pages.forms import BrandingForm, InviteForm, OrganizationForm, VendorBrandingForm
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id


def team(request: Request) -> HttpResponse:
    """One's own team: who is on it, what they may do, and the form that invites."""
    return _team(request, request.actor.organization_id, address(request.actor, "team"))


def partner_team(request: Request, organization_id: UUID) -> HttpResponse:
    """The team of one partner, as the vendor sees and helps it."""
    return _team(request, organization_id, reverse("identity:partner_team", args=[organization_id]))


def _team(request: Request, organization_id: UUID, here: str) -> HttpResponse:
    organization = queries.organization(request.actor, organization_id)
    people = queries.people(request.actor, organization_id, request.at)
    first = organization.kind == "partner" and not any(person.is_active for person in people)
    form = InviteForm(request.POST or None, kind=organization.kind, initial={"first": True} if first else {})
    if request.method == "POST":
        invited, _id = tried(form, lambda: _invite(request, organization_id, form))
        if invited:
            return done(request, here, _("The invitation is on its way"), form.cleaned_data["email"])
    can = queries.team_rights(request.actor, organization)
    return page(
        request,
        "identity/team/team.html",
        organization=organization,
        people=[_row(request.actor, person, can.manage) for person in people],
        form=form,
        can=can,
        here=here,
        is_home=organization_id == request.actor.organization_id,
        change_url=address(request.actor, "change_person"),
        invitation_url=address(request.actor, "change_invitation"),
        role_choices=roles.label_choices(rules.roles_of(organization.kind)),
        status=422 if form.is_bound else 200,
    )


def _row(actor: Actor, person: queries.Person, can_manage: bool) -> dict:
    return {"person": person, "role": roles.label(person.role), "is_me": person.id == actor.user_id, "can_change": can_manage and person.id != actor.user_id}


def _invite(request: Request, organization_id: UUID, form: InviteForm) -> UUID:
    values = form.cleaned_data
    return services.invite_person(
        actor=request.actor, organization_id=organization_id, email=values["email"], name=values["name"], role=values["role"], at=request.at
    )


def change_person(request: Request) -> HttpResponse:
    """Role, access: one form per person, told apart by the button that was pressed."""
    membership_id = _posted_id(request, "person")
    person = queries.person(request.actor, membership_id)
    keywords = {"actor": request.actor, "membership_id": membership_id, "at": request.at}
    action = request.POST.get("action", "")
    if action == "disable":
        services.disable_person(**keywords)
        said = _("%(name)s has no access any more")
    elif action == "enable":
        services.enable_person(**keywords)
        said = _("%(name)s has access again")
    else:
        services.change_role(role=request.POST.get("role", "")[:40], **keywords)
        said = _("The role of %(name)s is changed")
    return done(request, _team_address(request.actor, person.organization_id), said % {"name": person.name})


def change_invitation(request: Request) -> HttpResponse:
    """Send an invitation again, or take it back."""
    invitation = queries.invitation(request.actor, _posted_id(request, "invitation"))
    keywords = {"actor": request.actor, "invitation_id": invitation.pk, "at": request.at}
    if request.POST.get("action") == "revoke":
        services.revoke_invitation(**keywords)
        said = _("The invitation is taken back")
    else:
        services.resend_invitation(**keywords)
        said = _("The invitation is sent again")
    return done(request, _team_address(request.actor, invitation.organization_id), said, invitation.email)


def organization(request: Request) -> HttpResponse:
    """The profile of one's own organization; partners keep their logo here too."""
    found = queries.organization(request.actor, request.actor.organization_id)
    can = queries.team_rights(request.actor, found)
    initial = {"name": found.name, "legal_name": found.legal_name, "domain": found.domain, "country": found.country, "time_zone": found.time_zone}
    form = OrganizationForm(request.POST or None, initial=initial)
    if request.method == "POST":
        saved, _nothing = tried(form, lambda: _save_organization(request, form))
        if saved:
            return done(request, request.path, _("The profile is saved"))
    return page(request, "identity/team/organization.html", form=form, organization=found, can=can, status=422 if form.is_bound else 200)


def _save_organization(request: Request, form: OrganizationForm) -> None:
    services.update_organization(actor=request.actor, organization_id=request.actor.organization_id, changes=form.cleaned_data, at=request.at)


def branding(request: Request) -> HttpResponse:
    """Logo, and for the vendor colour and corners, which dress the portal, the sign-in page and every mail."""
    found = queries.organization(request.actor, request.actor.organization_id)
    make = VendorBrandingForm if found.is_vendor else BrandingForm
    form = make(request.POST or None, request.FILES or None, initial={"color": found.color, "radius": found.radius})
    if request.method == "POST":
        saved, _nothing = tried(form, lambda: _save_branding(request, form))
        if saved:
            return done(request, request.path, _("The branding is saved"))
    can = queries.team_rights(request.actor, found)
    return page(request, "identity/team/branding.html", form=form, organization=found, can=can, status=422 if form.is_bound else 200)


def _save_branding(request: Request, form: BrandingForm) -> None:
    values = form.cleaned_data
    services.update_branding(
        actor=request.actor,
        organization_id=request.actor.organization_id,
        color=values.get("color"),
        radius=values.get("radius"),
        logo_light=_content(values["logo_light"]),
        logo_dark=_content(values["logo_dark"]),
        remove=tuple(values["remove"]),
        at=request.at,
    )


def _content(upload) -> bytes | None:
    """The uploaded bytes, one more than allowed at most: a huge file is refused without being read."""
    return upload.read(services.LOGO_LARGEST_BYTES + 1) if upload else None


def _team_address(actor: Actor, organization_id: UUID) -> str:
    if organization_id == actor.organization_id:
        return address(actor, "team")
    return reverse("identity:partner_team", args=[organization_id])


def _posted_id(request: Request, name: str) -> UUID:
    found = parse_id(request.POST.get(name))
    if found is None:
        raise NotFound()
    return found
