"""What the catalogue, proofs, co-op money, deadlines and returns contribute; `funds/wiring.py` joins it with the rest of the room."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from openprm.deals.events import AmendmentDecided, DealCanceled, DealWon
from openprm.funds import proof_events as events
from openprm.funds import proof_jobs as jobs
from openprm.funds import proof_news
from openprm.funds.api.extras import ROUTERS as ROUTERS
from openprm.funds.pages import coop, extensions, kinds, proofs, returns, wallet
from openprm.funds.queries.extensions import PROMISE
from openprm.funds.queries.extensions import extensions as waiting
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.kernel.registry import AuditVerb, HomePanel, ObjectPanel, Page, Subscription
from openprm.leads.events import LeadConverted
from openprm.promises.ports import PromiseKind, Target, Unit

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
KIND, ACTIVITY, REQUEST = "funds/catalogue/<uuid:kind_id>/", "funds/activities/<uuid:activity_id>/", "funds/requests/<uuid:request_id>/"


def _vendor(path: str, view, name: str, permission: str = "funds.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "funds.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("funds/catalogue/", kinds.kinds, "kinds"),
    _vendor("funds/catalogue/new/", kinds.new_kind, "kind_new", "funds.configure", BOTH),
    _vendor(KIND, kinds.kind, "kind", methods=BOTH),
    _vendor(f"{KIND}change/", kinds.edit_kind, "kind_edit", "funds.configure", BOTH),
    _vendor(f"{KIND}switch/", kinds.switch_kind, "kind_switch", "funds.configure", POST),
    _vendor(f"{ACTIVITY}proofs/", proofs.activity_proofs, "activity_proofs"),
    _vendor("funds/proofs/<uuid:proof_id>/", proofs.proof, "proof"),
    _vendor("funds/coop/", coop.coop, "coop"),
    _vendor("funds/coop/rates/new/", coop.publish_rate, "rate_publish", "funds.configure", BOTH),
    _vendor("funds/coop/lines/<uuid:line_id>/correct/", coop.correct, "coop_correct", "funds.configure", BOTH),
    _vendor("funds/extensions/", extensions.list_extensions, "extensions"),
    _vendor("funds/extensions/<uuid:extension_id>/", extensions.extension, "extension"),
    _vendor("funds/extensions/<uuid:extension_id>/answer/", extensions.answer_extension, "extension_answer", "funds.decide_extension", POST),
    _vendor("funds/returns/", returns.returns, "returns", "funds.returns"),
    _vendor("funds/returns/assume/", returns.assume, "returns_assume", "funds.configure", POST),
    _vendor(f"{REQUEST}links/", returns.request_links, "request_links", methods=BOTH),
    _vendor("funds/links/<uuid:link_id>/remove/", returns.remove_link, "request_links_remove", "funds.link", POST),
    _portal("funds/wallet/", wallet.portal_wallet, "wallet"),
    _portal("funds/catalogue/", kinds.portal_kinds, "kinds"),
    _portal(KIND, kinds.portal_kind, "kind", methods=BOTH),
    _portal(f"{ACTIVITY}proofs/", proofs.portal_activity_proofs, "activity_proofs", methods=BOTH),
    _portal(f"{ACTIVITY}proofs/add/", proofs.add_proof, "proof_add", "funds.request", POST),
    _portal("funds/proofs/<uuid:proof_id>/", proofs.proof, "proof"),
    _portal("funds/proofs/<uuid:proof_id>/remove/", proofs.remove_proof, "proof_remove", "funds.request", POST),
    _portal("funds/coop/", coop.portal_coop, "coop"),
    _portal(f"{ACTIVITY}extend/", extensions.ask_for_activity, "extend_activity", "funds.request", BOTH),
    _portal("funds/funds/<uuid:allocation_id>/extend/", extensions.ask_for_fund, "extend_fund", "funds.request", BOTH),
    _portal("funds/extensions/<uuid:extension_id>/withdraw/", extensions.withdraw_extension, "extension_withdraw", "funds.request", POST),
    _portal(f"{REQUEST}links/", returns.portal_request_links, "request_links", methods=BOTH),
    _portal("funds/links/<uuid:link_id>/remove/", returns.remove_link, "request_links_remove", "funds.link", POST),
)
PERMISSIONS = {
    "funds.configure": {"vendor_admin", "finance_manager", "marketing_manager"},
    "funds.returns": {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"},
    "funds.decide_extension": {"vendor_admin", "finance_manager", "partner_manager"},
    "funds.link": {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "partner_admin", "partner_marketer"},
}
AUDIT_VERBS = {
    "fund_kind.saved": AuditVerb(label=_("set a kind of activity"), icon="clipboard-list", tone="info"),
    "fund_kind.switched": AuditVerb(label=_("took a kind of activity out or in"), icon="circle-dot"),
    "fund_rate.published": AuditVerb(label=_("published an accrual rate"), icon="percent", tone="info"),
    "fund_coop.accrued": AuditVerb(label=_("filled the co-op fund"), icon="piggy-bank", tone="ok"),
    "fund_coop.corrected": AuditVerb(label=_("corrected the co-op fund"), icon="pencil", tone="warn"),
    "fund_coop.expired": AuditVerb(label=_("let co-op money run out"), icon="hourglass", tone="bad"),
    "fund_proof.added": AuditVerb(label=_("uploaded a proof"), icon="paperclip"),
    "fund_proof.removed": AuditVerb(label=_("removed a proof"), icon="trash-2"),
    "fund_link.set": AuditVerb(label=_("said what the request brought"), icon="link", tone="info"),
    "fund_link.removed": AuditVerb(label=_("took back what the request brought"), icon="undo-2"),
    "fund_return.assumed": AuditVerb(label=_("set the assumptions of the return"), icon="calculator"),
    "fund_extension.asked": AuditVerb(label=_("asked for a later deadline"), icon="calendar-clock", tone="info"),
    "fund_extension.granted": AuditVerb(label=_("moved the deadline"), icon="calendar-check", tone="ok"),
    "fund_extension.refused": AuditVerb(label=_("kept the deadline"), icon="calendar-x", tone="bad"),
    "fund_extension.withdrawn": AuditVerb(label=_("took the question for a later deadline back"), icon="undo-2"),
}
SUBSCRIPTIONS = (
    Subscription(DealWon, jobs.on_deal_won),
    Subscription(DealCanceled, jobs.on_deal_canceled),
    Subscription(AmendmentDecided, jobs.on_deal_amended),
    Subscription(LeadConverted, jobs.on_lead_converted),
    Subscription(events.FundsAccrued, jobs.on_booked),
    Subscription(events.FundsExpiring, jobs.on_expiring),
    Subscription(events.FundsExpired, jobs.on_ran_out),
    Subscription(events.ExtensionAsked, jobs.on_extension_asked),
    Subscription(events.ExtensionAnswered, jobs.on_extension_answered),
)
JOBS = (jobs.warn_of_ends, jobs.expire_coop)
KINDS = proof_news.KINDS
PROMISES = (
    PromiseKind(
        code=PROMISE,
        vendor_name=_("Answer questions for a later deadline in %(target)s"),
        partner_name=_("Answer your questions for a later deadline in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's question for more time to plan or to claim, to the answer."),
        vendor_url="funds:extension",
        partner_url="funds:portal_wallet",
        order=63,
    ),
)


class ExtensionsToAnswer:
    """Port of the decision queue: partners who wait for more time."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor or not actor.can("funds.decide_extension"):
            return []
        return [
            Decision(
                key=f"funds.extension:{row.id}", title=_t("More time for “%(title)s”") % {"title": row.title}, detail=row.partner,
                url=reverse("funds:extension", args=[row.id]), due_at=row.due_at, tone="bad" if row.overdue else "", icon="calendar-clock",
                value=row.money, since=row.asked_at,
            )
            for row in waiting(actor, at, state="open")
        ]  # fmt: skip


DECISION_SOURCES = (ExtensionsToAnswer(),)
HOME_PANELS = (
    HomePanel(
        key="funds.wallet", workspace="partner", slot="side", template="funds/panels/wallet.html", context=wallet.portal_home, order=20,
        permission="funds.view",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="funds.partner_wallet", target="partner", workspace="vendor", slot="side", template="funds/panels/wallet.html", context=wallet.vendor_partner,
        order=55, permission="funds.view",
    ),
)  # fmt: skip
