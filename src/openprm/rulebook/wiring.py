"""What the rulebook contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.inbox.ports import NotificationKind
from openprm.kernel.registry import AuditVerb, NavItem, Page, Subscription, Wiring

from . import jobs, services
from .api import router
from .events import ReplayRequested, RuleVersionPublished, RuleVersionWithdrawn
from .pages import partner, replays, vendor

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}

wiring = Wiring(
    domain="rulebook",
    permissions={
        "rulebook.view": VENDOR | PARTNER,
        "rulebook.edit": {"vendor_admin", "partner_manager"},
        "rulebook.publish": {"vendor_admin"},
    },
    pages=(
        Page(path="rules/", view=vendor.rules, name="rules", workspace="vendor", permission="rulebook.view", methods=("GET",)),
        Page(path="rules/<str:kind>/", view=vendor.rule, name="rule", workspace="vendor", permission="rulebook.view", methods=("GET",)),
        Page(path="rules/<str:kind>/draft/", view=vendor.begin_draft, name="begin_draft", workspace="vendor", permission="rulebook.edit", methods=("POST",)),
        Page(path="rules/drafts/<uuid:draft_id>/", view=vendor.draft, name="draft", workspace="vendor", permission="rulebook.edit"),
        Page(
            path="rules/drafts/<uuid:draft_id>/discard/",
            view=vendor.discard_draft,
            name="discard_draft",
            workspace="vendor",
            permission="rulebook.edit",
            methods=("POST",),
        ),
        Page(
            path="rules/drafts/<uuid:draft_id>/replay/",
            view=replays.begin,
            name="begin_replay",
            workspace="vendor",
            permission="rulebook.edit",
            methods=("POST",),
        ),
        Page(path="rules/replays/<uuid:replay_id>/", view=replays.show, name="replay", workspace="vendor", permission="rulebook.edit", methods=("GET",)),
        Page(path="rules/drafts/<uuid:draft_id>/publish/", view=vendor.publish, name="publish", workspace="vendor", permission="rulebook.publish"),
        Page(path="rules/versions/<uuid:version_id>/", view=vendor.version, name="version", workspace="vendor", permission="rulebook.view", methods=("GET",)),
        Page(
            path="rules/versions/<uuid:version_id>/graph.json",
            view=vendor.graph,
            name="graph",
            workspace="vendor",
            permission="rulebook.view",
            methods=("GET",),
        ),
        Page(
            path="rules/versions/<uuid:version_id>/withdraw/",
            view=vendor.withdraw,
            name="withdraw",
            workspace="vendor",
            permission="rulebook.publish",
            methods=("POST",),
        ),
        Page(path="rules/", view=partner.rules, name="portal_rules", workspace="partner", permission="rulebook.view", methods=("GET",)),
        Page(path="rules/<str:kind>/", view=partner.rule, name="portal_rule", workspace="partner", permission="rulebook.view", methods=("GET",)),
        Page(
            path="rules/versions/<uuid:version_id>/",
            view=partner.version,
            name="portal_version",
            workspace="partner",
            permission="rulebook.view",
            methods=("GET",),
        ),
    ),
    nav=(
        NavItem(label=_("Rules"), url_name="rulebook:rules", icon="scale", group=_("Measure"), workspace="vendor", order=85, permission="rulebook.view"),
        NavItem(
            label=_("Rules"),
            url_name="rulebook:portal_rules",
            icon="scale",
            group=_("Your partnership"),
            workspace="partner",
            order=60,
            permission="rulebook.view",
        ),
    ),
    routers={"rules": router},
    subscriptions=(
        Subscription(RuleVersionPublished, jobs.on_published),
        Subscription(RuleVersionWithdrawn, jobs.on_withdrawn),
        Subscription(ReplayRequested, jobs.replay),
    ),
    notification_kinds=(
        NotificationKind(
            code="rulebook.announced", label=_("rules are about to change"), group=_("Rules"), icon="scale", tone="info", side="partner", mail="now"
        ),
        NotificationKind(
            code="rulebook.withdrawn", label=_("an announced change is taken back"), group=_("Rules"), icon="undo-2", side="partner", mail="daily"
        ),
    ),
    audit_verbs={
        "rulebook.drafted": AuditVerb(label=_("began a draft of rules"), icon="file-pen"),
        "rulebook.draft_saved": AuditVerb(label=_("saved a draft of rules"), icon="file-pen"),
        "rulebook.draft_discarded": AuditVerb(label=_("discarded a draft of rules"), icon="trash-2"),
        "rulebook.published": AuditVerb(label=_("published rules"), icon="scale", tone="info"),
        "rulebook.replayed": AuditVerb(label=_("asked what a draft of rules would change"), icon="history"),
        "rulebook.withdrawn": AuditVerb(label=_("withdrew announced rules"), icon="undo-2", tone="warn"),
    },
    ports={"install": (services.ensure_defaults,)},
)
