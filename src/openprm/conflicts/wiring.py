"""What conflicts contributes."""

from openprm.activities.events import ActivityRecorded
from openprm.conflicts import events, jobs, news, threads
from openprm.conflicts.api import ROUTERS
from openprm.conflicts.leadsubjects import LeadSubjects
from openprm.conflicts.leaving import ERASURE, EXPORT
from openprm.conflicts.pages import doors
from openprm.conflicts.promisekinds import PROMISES
from openprm.conflicts.rulekinds import RULE_KINDS
from openprm.conflicts.sources import WaitingCases
from openprm.conflicts.transfer import EXPORTERS
from openprm.conflicts.verbs import AUDIT_VERBS
from openprm.deals.events import CustomerChoiceObjected
from openprm.kernel.registry import Subscription, Wiring
from openprm.promises.events import PromiseBroken

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
SELLERS = {"partner_admin", "partner_sales"}
REVIEWERS = {"vendor_admin", "partner_manager", "finance_manager"}

SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (ActivityRecorded, jobs.on_activity),
        (PromiseBroken, jobs.on_promise_broken),
        (CustomerChoiceObjected, jobs.on_choice_objected),
        (events.CaseOpened, jobs.on_opened),
        (events.CaseTouchedAgain, jobs.on_touched_again),
        (events.StatementGiven, jobs.on_statement),
        (events.StatementsRevealed, jobs.on_revealed),
        (events.CaseTakenUp, jobs.on_taken_up),
        (events.CaseDecided, jobs.on_decided),
        (events.CaseAppealed, jobs.on_appealed),
        (events.AppealAnswered, jobs.on_appeal_answered),
        (events.CaseClosed, jobs.on_closed),
        (events.CaseRemedied, jobs.on_remedied),
    )
)

wiring = Wiring(
    domain="conflicts",
    permissions={
        "conflicts.view": VENDOR | PARTNER,
        "conflicts.view_internal": VENDOR,
        "conflicts.open": {"vendor_admin", "partner_manager"} | SELLERS,
        "conflicts.speak": VENDOR | SELLERS,
        "conflicts.review": REVIEWERS,
        "conflicts.assign": {"vendor_admin", "partner_manager"},
        "conflicts.write_note": VENDOR - {"vendor_reader"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    routers=ROUTERS,
    home_panels=doors.HOME_PANELS,
    object_panels=doors.OBJECT_PANELS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.reveal, jobs.close),
    audit_verbs=AUDIT_VERBS,
    rule_kinds=RULE_KINDS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(WaitingCases(),),
    exporters=EXPORTERS,
    ports={"offboarding.export": EXPORT, "offboarding.erasure": ERASURE, "conflicts.subjects": (LeadSubjects(),), **threads.PORTS},
)
