"""What correspondence contributes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.correspondence import commands, jobs, services
from openprm.correspondence.api import ROUTERS
from openprm.correspondence.pages import mine, public, reception
from openprm.identity import rules as roles
from openprm.identity.events import PersonDisabled
from openprm.inbox.ports import NotificationKind
from openprm.kernel.registry import AuditVerb, Page, SettingsPage, Subscription, Wiring

GET, POST = ("GET",), ("POST",)
EVERYBODY = frozenset(roles.VENDOR_ROLES + roles.PARTNER_ROLES)
OWN = "settings/mail-and-calendar/"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is forgotten of a partner's former people, in the shape that offboarding asks for."""

    code: str
    label: Any
    erase: Callable[..., int]


FORGETTING = Forgetting("correspondence.people", _("Addresses, links and received mails of former people"), services.forget)


def _own(path: str, view, name: str, permission: str, methods: tuple[str, ...]) -> tuple[Page, Page]:
    return (
        Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


wiring = Wiring(
    domain="correspondence",
    permissions={
        "correspondence.view_own": EVERYBODY,
        "correspondence.manage_own": EVERYBODY,
        "correspondence.view_log": {"vendor_admin"},
        "correspondence.manage": {"vendor_admin"},
    },
    pages=(
        *_own(OWN, mine.mine, "mine", "correspondence.view_own", GET),
        *_own(f"{OWN}date.ics", mine.one_date, "date", "correspondence.view_own", GET),
        *_own(f"{OWN}feed/", mine.change_feed, "feed_change", "correspondence.manage_own", POST),
        *_own(f"{OWN}revoke/", mine.revoke, "revoke", "correspondence.manage_own", POST),
        *_own(f"{OWN}choose/", mine.choose, "choose", "correspondence.manage_own", POST),
        Page(path="settings/receiving-mail/", view=reception.reception, name="reception", workspace="vendor", permission="correspondence.manage"),
        Page(
            path="settings/receiving-mail/revoke/",
            view=reception.revoke_for,
            name="revoke_for",
            workspace="vendor",
            permission="correspondence.manage",
            methods=POST,
        ),
        Page(
            path="settings/receiving-mail/log/", view=reception.received, name="received", workspace="vendor", permission="correspondence.view_log", methods=GET
        ),
        Page(path="mail/do/<str:token>/", view=public.act, name="act", workspace="public"),
        Page(path="calendar/<str:token>.ics", view=public.feed, name="feed", workspace="public", methods=GET),
    ),
    settings_pages=(
        *(
            SettingsPage(
                label=_("Mail and calendar"),
                about=_("Your calendar's address, links and addresses in your mails"),
                url_name=f"correspondence:{prefix}mine",
                icon="calendar-days",
                workspace=workspace,
                permission="correspondence.view_own",
                order=27,
            )
            for workspace, prefix in (("vendor", ""), ("partner", "portal_"))
        ),
        SettingsPage(
            label=_("Receiving mail"),
            about=_("Answers by mail: what came in, what was refused and why, what mails may do"),
            url_name="correspondence:reception",
            icon="inbox",
            workspace="vendor",
            permission="correspondence.manage",
            order=75,
        ),
    ),
    audit_verbs={
        "mail.acted": AuditVerb(label=_("acted by a link from a mail"), icon="mail", tone="info"),
        "mail.refused": AuditVerb(label=_("wrote by mail under a foreign sender and was refused"), icon="shield-alert", tone="bad"),
        "mail.ways_changed": AuditVerb(label=_("changed what mails may do"), icon="settings", tone="info"),
        "mail.chosen": AuditVerb(label=_("chose what their mails may do"), icon="settings"),
        "mail.address_revoked": AuditVerb(label=_("revoked a reply address"), icon="circle-x"),
        "mail.link_revoked": AuditVerb(label=_("revoked a link"), icon="circle-x"),
        "mail.all_revoked": AuditVerb(label=_("closed all ways in by mail and calendar"), icon="circle-x", tone="warn"),
        "mail.thread_closed": AuditVerb(label=_("closed the ways in by mail"), icon="circle-x", tone="warn"),
        "mail.feed_made": AuditVerb(label=_("made a calendar feed"), icon="calendar-days"),
        "mail.feed_renewed": AuditVerb(label=_("gave the calendar feed a new address"), icon="calendar-days"),
        "mail.feed_changed": AuditVerb(label=_("chose what the calendar feed holds"), icon="calendar-days"),
        "mail.feed_ended": AuditVerb(label=_("ended the calendar feed"), icon="calendar-days"),
    },
    notification_kinds=(
        NotificationKind(code="correspondence.refused", label=_("a mail of mine is not taken"), group=_("Mail"), icon="mail", tone="warn"),
        NotificationKind(
            code="correspondence.misused", label=_("somebody else writes to an address of mine"), group=_("Mail"), icon="shield-alert", tone="bad", mail="off"
        ),
    ),
    routers=ROUTERS,
    jobs=(jobs.forget_old,),
    commands=(commands.mail_server, commands.receive_mail),
    subscriptions=(Subscription(event=PersonDisabled, handler=jobs.on_person_disabled),),
    ports={"inbox.additions": (services.additions,), "offboarding.erasure": (FORGETTING,)},
)
