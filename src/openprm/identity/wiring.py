"""What identity contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.identity import api, commands, events, jobs, queries, rules
from openprm.identity.pages import entrance, me, partners, team
from openprm.kernel.registry import AuditVerb, NavItem, Page, SettingsPage, Subscription, Wiring

VENDOR = frozenset(rules.VENDOR_ROLES)
PARTNER = frozenset(rules.PARTNER_ROLES) - {"partner_collaborator"}
EVERYBODY = frozenset(rules.VENDOR_ROLES + rules.PARTNER_ROLES)
MANAGERS = frozenset({"vendor_admin", "partner_manager"})
ADMINS = frozenset(rules.ADMIN_ROLES)

POST = ("POST",)
GET = ("GET",)


def _own(path: str, view, name: str, permission: str | None = None, methods: tuple[str, ...] = ("GET", "POST")) -> tuple[Page, Page]:
    """A page that both workspaces have at the same place."""
    return (
        Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


def _settings(label, about, name: str, icon: str, order: int, permission: str | None = None) -> tuple[SettingsPage, SettingsPage]:
    return tuple(
        SettingsPage(label=label, about=about, url_name=f"identity:{prefix}{name}", icon=icon, workspace=workspace, permission=permission, order=order)
        for workspace, prefix in (("vendor", ""), ("partner", "portal_"))
    )


wiring = Wiring(
    domain="identity",
    permissions={
        "identity.view_organizations": EVERYBODY,
        "identity.create_organizations": MANAGERS,
        # Who may try; the policies then say whose: administrators at home, managers at their partners.
        "identity.change_organizations": ADMINS | MANAGERS,
        "identity.change_people": ADMINS | MANAGERS,
        "identity.manage_organization": ADMINS,
        "identity.manage_partner_organizations": MANAGERS,
        "identity.manage_branding": {"vendor_admin"},
        "identity.view_people": VENDOR | PARTNER,
        "identity.view_partner_people": VENDOR,
        "identity.manage_people": ADMINS,
        "identity.manage_partner_people": MANAGERS,
        "identity.preview_portal": MANAGERS,
        "identity.view_tokens": EVERYBODY,
        "identity.make_tokens": EVERYBODY,
    },
    pages=(
        *_own("settings/profile/", me.profile, "profile"),
        *_own("settings/organizations/switch/", me.switch_organization, "switch_organization"),
        *_own("settings/sessions/", me.sessions, "sessions"),
        *_own("settings/tokens/", me.tokens, "tokens", "identity.view_tokens"),
        *_own("settings/tokens/revoke/", me.revoke_token, "revoke_token", "identity.make_tokens", POST),
        *_own("settings/team/", team.team, "team", "identity.view_people"),
        *_own("settings/team/person/", team.change_person, "change_person", "identity.view_people", POST),
        *_own("settings/team/invitation/", team.change_invitation, "change_invitation", "identity.view_people", POST),
        *_own("settings/organization/", team.organization, "organization", "identity.view_organizations"),
        *_own("settings/branding/", team.branding, "branding", "identity.manage_organization"),
        Page(path="people/", view=partners.partner_people, name="partner_people", workspace="vendor", permission="identity.view_partner_people", methods=GET),
        Page(path="people/<uuid:organization_id>/", view=team.partner_team, name="partner_team", workspace="vendor", permission="identity.view_partner_people"),
        Page(path="view-as/<uuid:organization_id>/", view=partners.view_as, name="view_as", workspace="vendor", permission="identity.preview_portal"),
        Page(path="leave-view/", view=entrance.stop_view_as, name="stop_view_as", workspace="public", methods=POST),
        Page(path="auth/link/", view=entrance.ask_link, name="ask_link", workspace="public"),
        Page(path="auth/link/<str:token>/", view=entrance.sign_in_link, name="sign_in_link", workspace="public"),
        Page(path="auth/invitation/<str:token>/", view=entrance.invitation, name="invitation", workspace="public"),
        Page(path="brand/<str:color>-<int:radius>.css", view=entrance.brand_style, name="brand_css", workspace="public", methods=GET),
        Page(path="brand/<uuid:organization_id>/<slug:digest>.png", view=entrance.logo, name="logo", workspace="public", methods=GET),
    ),
    nav=(
        NavItem(
            label=_("Partner people"),
            url_name="identity:partner_people",
            icon="users-round",
            group=_("Partners"),
            workspace="vendor",
            order=135,
            permission="identity.view_partner_people",
        ),
    ),
    settings_pages=(
        *_settings(_("Your profile"), _("Name, time zone, language, light or dark"), "profile", "circle-user-round", 10),
        *_settings(_("Signing in"), _("Password, second factor, passkeys, where you are signed in"), "sessions", "lock", 20),
        *_settings(_("API tokens"), _("Keys for programs that act as you"), "tokens", "key-round", 30, "identity.view_tokens"),
        *_settings(_("Team"), _("Who is on your team and what they may do"), "team", "users-round", 40, "identity.view_people"),
        *_settings(_("Organization"), _("Name, web address, country, time zone"), "organization", "building-2", 50, "identity.view_organizations"),
        *_settings(_("Branding"), _("Logo and colours"), "branding", "palette", 60, "identity.manage_organization"),
    ),
    routers={"me": api.me, "organizations": api.organizations, "people": api.people, "invitations": api.invitations, "tokens": api.tokens},
    subscriptions=(
        Subscription(event=events.PersonInvited, handler=jobs.send_invitation),
        Subscription(event=events.SignInLinkAsked, handler=jobs.send_sign_in_link),
    ),
    jobs=(jobs.send_password_reset, jobs.send_security_notice, jobs.end_portal_views, jobs.forget_old_links, jobs.forget_ended_sessions),
    audit_verbs={
        "organization.created": AuditVerb(label=_("created the organization"), icon="building-2"),
        "organization.updated": AuditVerb(label=_("changed the organization's profile"), icon="pencil"),
        "organization.branded": AuditVerb(label=_("changed the branding"), icon="palette"),
        "organization.status_changed": AuditVerb(label=_("changed the organization's status"), icon="refresh-cw"),
        "person.invited": AuditVerb(label=_("invited a person"), icon="user-plus"),
        "person.invited_again": AuditVerb(label=_("sent an invitation again"), icon="send"),
        "person.invitation_revoked": AuditVerb(label=_("took an invitation back"), icon="circle-x"),
        "person.joined": AuditVerb(label=_("joined the team"), icon="badge-check", tone="ok"),
        "person.role_changed": AuditVerb(label=_("changed a person's role"), icon="user-cog"),
        "person.disabled": AuditVerb(label=_("ended a person's access"), icon="lock", tone="warn"),
        "person.enabled": AuditVerb(label=_("gave a person access again"), icon="badge-check", tone="ok"),
        "person.profile_changed": AuditVerb(label=_("changed their profile"), icon="pencil"),
        "token.created": AuditVerb(label=_("made an API token"), icon="key-round"),
        "token.revoked": AuditVerb(label=_("revoked an API token"), icon="key-round", tone="warn"),
        "organization.people_forgotten": AuditVerb(label=_("took names and addresses of former people off their accounts"), icon="user-round-x", tone="warn"),
        "portal_view.started": AuditVerb(label=_("began to view the portal as this partner"), icon="eye"),
        "portal_view.ended": AuditVerb(label=_("stopped viewing the portal as this partner"), icon="eye-off"),
    },
    commands=(commands.sign_in_link,),
    ports={"audit.organization_names": (queries.organization_names,)},
)
