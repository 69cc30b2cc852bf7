"""What the dashboards contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.dashboards import jobs
from openprm.dashboards.api import ROUTERS
from openprm.dashboards.events import LetterDue
from openprm.dashboards.pages import doors
from openprm.inbox.ports import NotificationKind
from openprm.kernel.registry import AuditVerb, Subscription, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}

wiring = Wiring(
    domain="dashboards",
    permissions={
        "dashboards.view": VENDOR | PARTNER,
        "dashboards.view_executive": VENDOR,
        "dashboards.view_portfolio": VENDOR,
        "dashboards.view_own": PARTNER,
        "dashboards.save": VENDOR | PARTNER,
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    subscriptions=(Subscription(event=LetterDue, handler=jobs.send),),
    jobs=(jobs.send_due,),
    audit_verbs={
        "dashboards.saved": AuditVerb(label=_("saved a dashboard"), icon="layout-dashboard"),
        "dashboards.changed": AuditVerb(label=_("changed a saved dashboard"), icon="pencil"),
        "dashboards.removed": AuditVerb(label=_("deleted a saved dashboard"), icon="trash-2"),
        "dashboards.mailing_stopped": AuditVerb(label=_("stopped mailing a dashboard"), icon="mail"),
        "dashboards.mailing_left": AuditVerb(label=_("left the mailing of a dashboard"), icon="mail"),
    },
    notification_kinds=(
        NotificationKind(
            code="dashboards.mailed", label=_("a dashboard that is mailed to you is due"), group=_("Numbers"), icon="layout-dashboard", in_app=False
        ),
    ),
)
