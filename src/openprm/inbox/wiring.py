"""What the inbox contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.identity import rules as roles
from openprm.identity.events import PersonJoined
from openprm.inbox import api, events, jobs, panels
from openprm.inbox.pages import views
from openprm.inbox.ports import NotificationKind
from openprm.kernel.registry import HomePanel, NavItem, Page, SettingsPage, Subscription, Wiring

GET, POST = ("GET",), ("POST",)
VENDOR = frozenset(roles.VENDOR_ROLES)
EVERYBODY = frozenset(roles.VENDOR_ROLES + roles.PARTNER_ROLES)


def _own(path: str, view, name: str, methods: tuple[str, ...] = ("GET", "POST")) -> tuple[Page, Page]:
    permission = "inbox.view_notifications"
    return (
        Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


wiring = Wiring(
    domain="inbox",
    permissions={
        "inbox.view_notifications": EVERYBODY,
        "inbox.mark_notifications": EVERYBODY,
        "inbox.view_decisions": VENDOR,
    },
    pages=(
        *_own("notifications/", views.notifications, "notifications", GET),
        *_own("notifications/read/", views.mark_read, "read", POST),
        *_own("notifications/<uuid:notification_id>/", views.open_notification, "open", GET),
        *_own("settings/notifications/", views.preferences, "preferences"),
        Page(path="decisions/", view=views.decisions, name="decisions", workspace="vendor", permission="inbox.view_decisions", methods=GET),
        Page(path="mail/stop/<str:token>/", view=views.unsubscribe, name="unsubscribe", workspace="public"),
    ),
    nav=(
        NavItem(
            label=_("Decisions"),
            url_name="inbox:decisions",
            icon="inbox",
            workspace="vendor",
            order=5,
            permission="inbox.view_decisions",
            count=panels.decisions_in_nav,
            hot=True,
            on_phone=True,
        ),
    ),
    home_panels=(
        HomePanel(
            key="inbox.decisions",
            workspace="vendor",
            slot="side",
            order=1,
            template="inbox/vendor/_needs_decision.html",
            context=panels.needs_decision,
            permission="inbox.view_decisions",
        ),
        HomePanel(key="inbox.waiting", workspace="partner", slot="side", order=1, template="inbox/partner/_waiting.html", context=panels.waiting_for_you),
    ),
    settings_pages=tuple(
        SettingsPage(
            label=_("Notifications"),
            about=_("What you hear of, in the app and by e-mail"),
            url_name=f"inbox:{prefix}preferences",
            icon="bell",
            workspace=workspace,
            order=25,
        )
        for workspace, prefix in (("vendor", ""), ("partner", "portal_"))
    ),
    routers={"notifications": api.router},
    notification_kinds=(
        NotificationKind(
            code="inbox.invitee_joined", label=_("somebody I invited joins the team"), group=_("Team"), icon="badge-check", tone="ok", mail="daily"
        ),
    ),
    subscriptions=(
        Subscription(event=events.MailDue, handler=jobs.send_mail),
        Subscription(event=PersonJoined, handler=jobs.tell_inviter),
    ),
    jobs=(jobs.send_digests,),
)
