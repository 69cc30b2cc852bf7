"""What tiering contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.inbox.ports import NotificationKind
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.partners.events import TierChanged
from openprm.rulebook.events import RuleVersionPublished
from openprm.tiering import events, jobs
from openprm.tiering.api import ROUTERS
from openprm.tiering.pages import doors
from openprm.tiering.rulekinds import RULE_KINDS
from openprm.tiering.sources import WaitingMoves
from openprm.tiering.whatif import PointsHistory, TierHistory

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}
GROUP = _("Tiers")


def _news(code: str, label: object, **look: object) -> NotificationKind:
    return NotificationKind(code=f"tiering.{code}", label=label, group=GROUP, **look)  # type: ignore[arg-type]


wiring = Wiring(
    domain="tiering",
    permissions={
        "tiering.view": VENDOR | PARTNER,
        "tiering.decide": MANAGERS,
        "tiering.configure": {"vendor_admin"},
        "tiering.enter": MANAGERS,
        "tiering.report": MANAGERS | {"partner_admin", "partner_sales"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    settings_pages=doors.SETTINGS_PAGES,
    routers=ROUTERS,
    rule_kinds=RULE_KINDS,
    ports={"rulebook.what_if": (TierHistory(), PointsHistory())},
    decision_sources=(WaitingMoves(),),
    jobs=(jobs.refresh_all, jobs.refresh_part, jobs.refresh_partner),
    subscriptions=(
        Subscription(TierChanged, jobs.on_tier_changed),
        Subscription(RuleVersionPublished, jobs.on_rules_published),
        Subscription(events.TierMoveProposed, jobs.on_proposed),
        Subscription(events.TierMoveDeclined, jobs.on_declined),
        Subscription(events.TierGraceStarted, jobs.on_grace_started),
        Subscription(events.TierGraceEnded, jobs.on_grace_ended),
        Subscription(events.TierAtRisk, jobs.on_at_risk),
        Subscription(events.BenefitReported, jobs.on_benefit_reported),
    ),
    notification_kinds=(
        _news("promoted", _("a partner reaches a higher tier"), icon="medal", tone="ok"),
        _news("demoted", _("a partner loses a tier"), icon="medal", tone="warn"),
        _news("proposed", _("a move between tiers waits for my decision"), icon="medal", tone="info", side="vendor"),
        _news("declined", _("a promotion is declined"), icon="medal", side="partner"),
        _news("grace", _("a tier will be lost unless something changes"), icon="hourglass", tone="warn"),
        _news("recovered", _("my tier is safe again"), icon="circle-check", tone="ok", side="partner", mail="daily"),
        _news("at_risk", _("a tier is at risk"), icon="triangle-alert", tone="warn", mail="daily"),
        _news("benefit_missing", _("a partner did not get what its tier promises"), icon="gift", tone="warn", side="vendor"),
    ),
    audit_verbs={
        "tiering.standing_changed": AuditVerb(label=_("measured the tier criteria"), icon="gauge"),
        "tiering.moved": AuditVerb(label=_("moved the partner by rule"), icon="medal", tone="ok"),
        "tiering.asked": AuditVerb(label=_("asked whether to move the partner"), icon="medal", tone="info"),
        "tiering.approved": AuditVerb(label=_("approved the move to another tier"), icon="circle-check", tone="ok"),
        "tiering.declined": AuditVerb(label=_("declined the move to another tier"), icon="circle-x", tone="warn"),
        "tiering.kept_by_hand": AuditVerb(label=_("kept the tier by hand"), icon="shield-check", tone="info"),
        "tiering.exception_ended": AuditVerb(label=_("ended the exception of the tier"), icon="shield-off"),
        "tiering.track_set": AuditVerb(label=_("set the size of the partner"), icon="pencil"),
        "tiering.policy_saved": AuditVerb(label=_("changed how the program moves its partners"), icon="settings"),
        "tiering.metric_added": AuditVerb(label=_("added a metric"), icon="plus"),
        "tiering.metric_changed": AuditVerb(label=_("changed a metric"), icon="pencil"),
        "tiering.value_entered": AuditVerb(label=_("entered a value"), icon="pencil"),
        "tiering.value_removed": AuditVerb(label=_("took a value back"), icon="undo-2"),
        "tiering.benefit_met": AuditVerb(label=_("said that a benefit was given"), icon="gift", tone="ok"),
        "tiering.benefit_not_met": AuditVerb(label=_("said that a benefit was not given"), icon="gift", tone="warn"),
    },
)
