"""What mapping contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.accounts.events import AccountCreated, AccountsMerged, MergeUndone
from openprm.kernel.registry import AuditVerb, Subscription, Wiring
from openprm.mapping import datasets, events, jobs, news, privatejobs, privatenews, services
from openprm.mapping.api import ROUTERS
from openprm.mapping.commands import accounts, psi
from openprm.mapping.pages import doors
from openprm.mapping.privateapi import ROUTERS as PRIVATE_ROUTERS
from openprm.mapping.privateverbs import VERBS as PRIVATE_VERBS
from openprm.partners.events import PartnerStatusChanged
from openprm.partners.ports import Erasure

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
SELLERS = {"partner_admin", "partner_sales"}

wiring = Wiring(
    domain="mapping",
    permissions={
        "mapping.view": VENDOR | SELLERS | {"partner_marketer", "partner_technical", "partner_reader"},
        "mapping.manage": MANAGERS | SELLERS,
        "mapping.share": MANAGERS | {"partner_admin"},
        "mapping.view_private": VENDOR,
        "mapping.compare_private": MANAGERS,
        "mapping.manage_peers": {"vendor_admin"},
        "mapping.rule": {"vendor_admin"},
    },
    pages=doors.PAGES,
    nav=doors.NAV,
    object_panels=doors.PANELS,
    routers={**ROUTERS, **PRIVATE_ROUTERS},
    commands=(*accounts.COMMANDS, *psi.COMMANDS),
    jobs=(jobs.refresh_lists, jobs.end_expired, jobs.count_standings, *privatejobs.JOBS),
    subscriptions=(
        Subscription(event=PartnerStatusChanged, handler=jobs.on_partner_status_changed),
        Subscription(event=events.ListChanged, handler=jobs.on_list_changed),
        Subscription(event=events.SharingChanged, handler=jobs.on_sharing_changed),
        Subscription(event=events.OverlapsFound, handler=jobs.on_overlaps_found),
        Subscription(event=events.DataRequested, handler=jobs.on_requested),
        Subscription(event=events.DataAnswered, handler=jobs.on_answered),
        *privatejobs.SUBSCRIPTIONS,
        Subscription(event=events.RuleChanged, handler=jobs.on_rule_changed),
        Subscription(event=events.TargetChosen, handler=jobs.on_target_chosen),
        *(Subscription(event=event, handler=jobs.on_account_changed) for event in (AccountCreated, AccountsMerged, MergeUndone)),
    ),
    notification_kinds=(*news.KINDS, *privatenews.KINDS),
    datasets=datasets.DATASETS,
    ports={"offboarding.erasure": (Erasure(code="mapping.lists", label=_("Lists of companies"), erase=services.forget_partner),)},
    audit_verbs={
        **PRIVATE_VERBS,
        "mapping.agreed": AuditVerb(label=_("agreed to compare lists"), icon="handshake", tone="ok"),
        "mapping.ended": AuditVerb(label=_("ended the comparing of lists"), icon="unlink", tone="warn"),
        "mapping.granted": AuditVerb(label=_("shows a list"), icon="eye", tone="info"),
        "mapping.revoked": AuditVerb(label=_("stopped showing a list"), icon="eye-off", tone="warn"),
        "mapping.list_made": AuditVerb(label=_("made a list"), icon="list", tone="info"),
        "mapping.list_changed": AuditVerb(label=_("changed a list"), icon="pencil", tone="info"),
        "mapping.list_put_away": AuditVerb(label=_("put a list away"), icon="archive", tone="warn"),
        "mapping.confirmed": AuditVerb(label=_("said that two companies are one"), icon="merge", tone="ok"),
        "mapping.split": AuditVerb(label=_("said that two companies are not one"), icon="split", tone="warn"),
        "mapping.undone": AuditVerb(label=_("took back a word on two companies"), icon="undo-2"),
        "mapping.rule_set": AuditVerb(label=_("said how sure a match must be"), icon="scale", tone="info"),
        "mapping.target_chosen": AuditVerb(label=_("made a company a target of both sides"), icon="target", tone="ok"),
        "mapping.target_ended": AuditVerb(label=_("ended a target of both sides"), icon="x"),
        "mapping.asked": AuditVerb(label=_("asked to see a list"), icon="inbox", tone="info"),
        "mapping.ask_granted": AuditVerb(label=_("granted a request to see a list"), icon="circle-check", tone="ok"),
        "mapping.ask_declined": AuditVerb(label=_("declined a request to see a list"), icon="circle-x", tone="warn"),
    },
)
