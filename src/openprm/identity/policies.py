"""Who may reach which row of identity, and why not."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openprm.identity import rules
from openprm.identity.models import ApiToken, Invitation, Membership, Organization, SavedView
from openprm.kernel.actor import Actor


def reach_organizations(actor: Actor) -> QuerySet[Organization]:
    """Every organization for the vendor; for a partner its own and the vendor's."""
    if actor.sees_all_partners:
        return Organization.objects.all()
    own = Organization.objects.filter(pk__in=actor.partner_ids)
    return own | Organization.objects.filter(kind=Organization.Kind.VENDOR)


def reach_own_organizations(actor: Actor) -> QuerySet[Organization]:
    """The organizations whose people and profile this actor may work on, if its role allows it."""
    if actor.sees_all_partners:
        return Organization.objects.all()
    return Organization.objects.filter(pk__in=actor.partner_ids)


def reach_memberships(actor: Actor) -> QuerySet[Membership]:
    people = Membership.objects.select_related("user", "organization")
    return people if actor.sees_all_partners else people.filter(organization__in=actor.partner_ids)


def reach_invitations(actor: Actor) -> QuerySet[Invitation]:
    invitations = Invitation.objects.select_related("organization", "invited_by")
    return invitations if actor.sees_all_partners else invitations.filter(organization__in=actor.partner_ids)


def reach_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """A person's own tokens in the organization it acts for; administrators also see their team's."""
    tokens = ApiToken.objects.select_related("membership__user").filter(organization=actor.organization_id)
    if actor.is_system:
        return ApiToken.objects.select_related("membership__user")
    if actor.can("identity.manage_people"):
        return tokens
    return tokens.filter(membership__user=actor.user_id)


def reach_saved_views(actor: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user=actor.user_id)


def why_not_manage_people(actor: Actor, organization: Organization) -> str | None:
    """A team runs itself; the vendor's partner managers may step in for a partner."""
    permission = "identity.manage_people" if _is_home(actor, organization) else "identity.manage_partner_people"
    if actor.can(permission):
        return None
    return _("Only an administrator of %(organization)s can change its people.") % {"organization": organization.name}


def why_not_invite(actor: Actor, organization: Organization, role: str) -> str | None:
    if reason := why_not_manage_people(actor, organization):
        return reason
    if role not in rules.roles_of(organization.kind):
        return _("%(organization)s cannot give that role. Choose one of its own roles.") % {"organization": organization.name}
    if organization.status not in rules.STATES_TAKE_PEOPLE:
        return _("%(organization)s is not in the program any more. Take it back in before you invite people.") % {"organization": organization.name}
    return None


def why_not_change(actor: Actor, membership: Membership) -> str | None:
    if membership.user_id == actor.user_id:
        return _("You cannot change your own role or access. Ask another administrator of your team.")
    return why_not_manage_people(actor, membership.organization)


def why_not_update_organization(actor: Actor, organization: Organization) -> str | None:
    permission = "identity.manage_organization" if _is_home(actor, organization) else "identity.manage_partner_organizations"
    if actor.can(permission):
        return None
    return _("Only an administrator of %(organization)s can change its profile.") % {"organization": organization.name}


def why_not_brand(actor: Actor, organization: Organization) -> str | None:
    if organization.is_vendor and not actor.can("identity.manage_branding"):
        return _("Only an administrator of %(organization)s can change its branding.") % {"organization": organization.name}
    return why_not_update_organization(actor, organization)


def why_not_view_as(actor: Actor, organization: Organization) -> str | None:
    if not actor.can("identity.preview_portal"):
        return _("Only administrators and partner managers can view the portal as a partner.")
    if actor.token_scopes is not None:
        return _("A token cannot view the portal as a partner. Sign in as a person.")
    if organization.is_vendor:
        return _("Choose a partner: the vendor has no portal of its own.")
    return None


def why_not_create_token(actor: Actor) -> str | None:
    if actor.read_only:
        return _("You are viewing the portal as a partner. Leave the view before you make a token.")
    if actor.token_scopes is not None:
        return _("A token cannot make other tokens. Sign in as a person.")
    if not actor.can("identity.make_tokens"):
        return _("Your role cannot make API tokens. Ask an administrator of your team.")
    return None


def why_not_revoke_token(actor: Actor, token: ApiToken) -> str | None:
    if token.membership.user_id == actor.user_id and not actor.read_only:
        return None
    if actor.can("identity.manage_people"):
        return None
    return _("Only the person who made this token, or an administrator of the team, can revoke it.")


def _is_home(actor: Actor, organization: Organization) -> bool:
    return actor.is_system or actor.organization_id == organization.pk
