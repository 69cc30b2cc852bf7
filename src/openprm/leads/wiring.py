from openprm.deals import events as deals
from openprm.kernel.registry import Subscription, Wiring
from openprm.leads import events, jobs, mail, news, takeaway
from openprm.leads.api import ROUTERS
from openprm.leads.datasets import DATASETS
from openprm.leads.intake import doors as intake
from openprm.leads.mapped_subject import Leads
from openprm.leads.pages import doors
from openprm.leads.promisekinds import PROMISES
from openprm.leads.rulekinds import RULE_KINDS
from openprm.leads.sources import WaitingLeads, search
from openprm.leads.verbs import AUDIT_VERBS
from openprm.partners.events import PartnerCreated, PartnerStatusChanged
from openprm.promises.events import PromiseBroken

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
ROUTERS_OF_LEADS = {"vendor_admin", "partner_manager", "marketing_manager"}
SELLERS = {"partner_admin", "partner_sales"}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.LeadsOffered, jobs.on_offered),
        (events.LeadsUnrouted, jobs.on_unrouted),
        (events.LeadAccepted, jobs.on_accepted),
        (events.LeadDeclined, jobs.on_declined),
        (events.LeadPulledBack, jobs.on_pulled_back),
        (events.LeadConverted, jobs.on_converted),
        (events.LeadClosed, jobs.on_closed),
        (events.LeadNoted, jobs.on_noted),
        (PromiseBroken, jobs.on_promise_broken),
        (PartnerCreated, jobs.on_partner_created),
        (PartnerStatusChanged, jobs.on_partner_status_changed),
        (deals.DealWon, jobs.on_deal_won),
        (deals.DealLost, jobs.on_deal_lost),
        (deals.DealRejected, jobs.on_deal_ended),
        (deals.DealWithdrawn, jobs.on_deal_ended),
        (deals.DealCanceled, jobs.on_deal_ended),
        (deals.RegistrationExpired, jobs.on_deal_ended),
    )
)

wiring = Wiring(
    domain="leads",
    permissions={
        "leads.view": VENDOR | PARTNER,
        "leads.create": ROUTERS_OF_LEADS,
        "leads.route": ROUTERS_OF_LEADS,
        "leads.work": SELLERS,
        "leads.note": ROUTERS_OF_LEADS | SELLERS,
        "leads.configure": {"vendor_admin", "partner_manager", "partner_admin"},
        **intake.PERMISSIONS,
    },
    pages=(*intake.PAGES, *doors.PAGES),
    nav=doors.NAV,
    routers={**ROUTERS, **intake.ROUTERS},
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    subscriptions=(*SUBSCRIPTIONS, *intake.SUBSCRIPTIONS),
    jobs=(jobs.pull_back_unopened, *intake.JOBS),
    audit_verbs=AUDIT_VERBS | intake.AUDIT_VERBS,
    rule_kinds=(*RULE_KINDS, *intake.RULE_KINDS),
    promises=(*PROMISES, *intake.PROMISES),
    notification_kinds=(*news.KINDS, *intake.KINDS),
    decision_sources=(WaitingLeads(), *intake.DECISION_SOURCES),
    search=(search,),
    importers=intake.IMPORTERS,
    datasets=DATASETS,
    ports={"mapping.subjects": (Leads(),), **mail.PORTS, "offboarding.export": (*takeaway.EXPORT, *intake.EXPORT), "offboarding.erasure": takeaway.ERASURE},
)
