"""What recruitment contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, NavItem, ObjectPanel, Page, SettingsPage, Subscription, Wiring
from openprm.recruitment import events, jobs, news, sources
from openprm.recruitment.api import ROUTERS
from openprm.recruitment.commands import score_partners
from openprm.recruitment.pages import companies, profiles, prospects, referrals, signals, whitespace
from openprm.recruitment.promisekinds import PROMISES
from openprm.recruitment.transfer import EXPORTERS, IMPORTERS

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
MANAGERS = {"vendor_admin", "partner_manager"}
REFERRERS = {"partner_admin", "partner_sales", "partner_marketer"}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE, COMPANY = "recruitment/prospects/<uuid:prospect_id>/", "recruitment/companies/<uuid:company_id>/"


def _page(path: str, view, name: str, permission: str = "recruitment.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _page("recruitment/", prospects.board, "board"),
    _page("recruitment/prospects/", prospects.list_prospects, "prospects"),
    _page("recruitment/prospects/new/", prospects.new_prospect, "new_prospect", "recruitment.manage", BOTH),
    _page(ONE, prospects.show_prospect, "prospect"),
    _page(f"{ONE}stage/", prospects.move_stage, "prospect_stage", "recruitment.manage", POST),
    _page(f"{ONE}edit/", prospects.edit_prospect, "prospect_edit", "recruitment.manage", POST),
    _page(f"{ONE}convert/", prospects.convert, "convert", "recruitment.manage", BOTH),
    _page("recruitment/companies/", companies.discovered, "discovered"),
    _page("recruitment/companies/mark/", companies.mark_many, "mark_many", "recruitment.manage", POST),
    _page("recruitment/companies/new/", companies.new_company, "new_company", "recruitment.manage", BOTH),
    _page(COMPANY, companies.company, "company"),
    _page(f"{COMPANY}facts/", companies.edit_facts, "edit_facts", "recruitment.manage", BOTH),
    _page(f"{COMPANY}mark/", companies.mark, "mark", "recruitment.manage", POST),
    _page(f"{COMPANY}take-up/", companies.take_up, "take_up", "recruitment.manage", POST),
    _page(f"{COMPANY}contacts/", companies.add_contact, "add_contact", "recruitment.manage", POST),
    _page(f"{COMPANY}contacts/<uuid:contact_id>/remove/", companies.remove_contact, "remove_contact", "recruitment.manage", POST),
    _page(f"{COMPANY}notes/", companies.add_note, "add_note", "recruitment.manage", POST),
    _page(f"{COMPANY}write/", companies.write, "write", "recruitment.manage", BOTH),
    _page("recruitment/signals/", signals.list_signals, "signals"),
    _page("recruitment/signals/decide/", signals.decide_many, "decide_signals", "recruitment.manage", POST),
    _page("recruitment/signals/<uuid:signal_id>/accept/", signals.accept, "accept_signal", "recruitment.manage", POST),
    _page("recruitment/signals/<uuid:signal_id>/dismiss/", signals.dismiss, "dismiss_signal", "recruitment.manage", POST),
    _page("recruitment/whitespace/", whitespace.whitespace, "whitespace", "recruitment.view_map"),
    _page("recruitment/whitespace/cell/", whitespace.cell, "whitespace_cell", "recruitment.view_map"),
    _page("recruitment/profile/", profiles.profiles, "profiles"),
    _page("recruitment/profile/<uuid:program_id>/", profiles.profile, "profile", methods=BOTH),
    _page("recruitment/profile/<uuid:program_id>/preview/", profiles.preview, "profile_preview", "recruitment.configure", POST),
    _page("recruitment/referrals/", referrals.list_referrals, "referrals"),
    _page("recruitment/referrals/<uuid:referral_id>/take-up/", referrals.take_up, "referral_take_up", "recruitment.manage", POST),
    _page("recruitment/referrals/<uuid:referral_id>/decline/", referrals.decline, "referral_decline", "recruitment.manage", POST),
    _page("recruitment/referrals/terms/<uuid:program_id>/", referrals.save_terms, "referral_terms", "recruitment.configure", POST),
    Page(path="referrals/", view=referrals.portal, name="portal_referrals", workspace="partner", permission="recruitment.view_referrals", methods=BOTH),
)
AUDIT_VERBS = {
    "company.added": AuditVerb(label=_("added the company"), icon="building-2"),
    "company.changed": AuditVerb(label=_("changed the company"), icon="pencil", tone="info"),
    "company.absorbed": AuditVerb(label=_("put two records of the company together"), icon="git-merge", tone="info"),
    "company.facts_set": AuditVerb(label=_("wrote down what is known"), icon="clipboard-list", tone="info"),
    "company.starred": AuditVerb(label=_("starred the company"), icon="star", tone="warn"),
    "company.ignored": AuditVerb(label=_("put the company on the ignored list"), icon="eye-off"),
    "company.unmarked": AuditVerb(label=_("took the mark off the company"), icon="undo-2"),
    "company.contact_added": AuditVerb(label=_("added a contact"), icon="user-plus"),
    "company.contact_removed": AuditVerb(label=_("removed a contact"), icon="user-minus"),
    "company.noted": AuditVerb(label=_("added a note"), icon="message-square"),
    "company.invited": AuditVerb(label=_("invited the company to the program"), icon="send", tone="info"),
    "company.messaged": AuditVerb(label=_("wrote to the company"), icon="mail", tone="info"),
    "prospect.added": AuditVerb(label=_("took the company into the pipeline"), icon="user-plus", tone="info"),
    "prospect.changed": AuditVerb(label=_("changed the prospect"), icon="pencil", tone="info"),
    "prospect.moved": AuditVerb(label=_("moved the prospect"), icon="arrow-right", tone="info"),
    "prospect.lost": AuditVerb(label=_("gave the prospect up"), icon="circle-x"),
    "prospect.taken_up": AuditVerb(label=_("took the prospect up again"), icon="rotate-cw", tone="info"),
    "prospect.converted": AuditVerb(label=_("made the prospect a partner"), icon="handshake", tone="ok"),
    "prospect.removed": AuditVerb(label=_("took back the imported prospect"), icon="undo-2", tone="warn"),
    "signal.recorded": AuditVerb(label=_("received a signal"), icon="radar"),
    "signal.accepted": AuditVerb(label=_("accepted a signal as a fact"), icon="check", tone="ok"),
    "signal.dismissed": AuditVerb(label=_("dismissed a signal"), icon="x"),
    "signal.removed": AuditVerb(label=_("took back an imported signal"), icon="undo-2", tone="warn"),
    "profile.drafted": AuditVerb(label=_("changed the draft of the ideal partner"), icon="file-pen"),
    "profile.published": AuditVerb(label=_("put the ideal partner profile in force"), icon="circle-check", tone="ok"),
    "profile.discarded": AuditVerb(label=_("discarded the draft of the ideal partner"), icon="trash-2"),
    "referral.made": AuditVerb(label=_("introduced a company"), icon="gift", tone="info"),
    "referral.applied": AuditVerb(label=_("brought a company that applied"), icon="gift", tone="info"),
    "referral.taken_up": AuditVerb(label=_("took up the introduction"), icon="check", tone="ok"),
    "referral.joined": AuditVerb(label=_("welcomed the introduced company"), icon="handshake", tone="ok"),
    "referral.declined": AuditVerb(label=_("declined the introduction"), icon="circle-x"),
    "referral.qualified": AuditVerb(label=_("opened the reward time"), icon="coins", tone="ok"),
    "referral.ended": AuditVerb(label=_("ended the reward time"), icon="hourglass"),
    "referral.terms_set": AuditVerb(label=_("set the referral terms"), icon="pencil", tone="info"),
}
SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.CompanyLearned, jobs.on_learned),
        (events.IdealProfilePublished, jobs.on_profile_published),
        (events.OutreachWritten, jobs.on_outreach),
        (events.ProspectAssigned, jobs.on_assigned),
        (events.ProspectConverted, jobs.on_converted),
        (events.ReferralMade, jobs.on_referral_made),
        (events.ReferralJoined, jobs.on_referral_joined),
        (events.ReferralDeclined, jobs.on_referral_declined),
        (events.ReferralQualified, jobs.on_referral_qualified),
    )
)

wiring = Wiring(
    domain="recruitment",
    permissions={
        "recruitment.view": VENDOR,
        "recruitment.view_map": VENDOR,
        "recruitment.manage": MANAGERS,
        "recruitment.configure": {"vendor_admin"},
        "recruitment.import": MANAGERS,
        "recruitment.refer": REFERRERS,
        "recruitment.view_referrals": VENDOR | REFERRERS | {"partner_technical", "partner_reader"},
    },
    pages=PAGES,
    nav=(
        NavItem(
            label=_("Recruiting"), url_name="recruitment:board", icon="user-plus", group=_("Recruit"), workspace="vendor", order=10,
            permission="recruitment.view",
        ),
        NavItem(
            label=_("Refer"), url_name="recruitment:portal_referrals", icon="gift", group=_("Your partnership"), workspace="partner", order=70,
            permission="recruitment.view_referrals",
        ),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Ideal partner"), about=_("What each program looks for in a partner, with weights"), url_name="recruitment:profiles", icon="crosshair",
            workspace="vendor", permission="recruitment.configure", order=55,
        ),
    ),
    object_panels=(
        ObjectPanel(
            key="recruitment.story", target="partner", workspace="vendor", template="recruitment/parts/partner_story.html", context=sources.partner_story,
            order=90, permission="recruitment.view",
        ),
    ),
    routers=ROUTERS,
    subscriptions=SUBSCRIPTIONS,
    jobs=(jobs.compare_all, jobs.end_windows, jobs.tell_steps_due),
    audit_verbs=AUDIT_VERBS,
    promises=PROMISES,
    notification_kinds=news.KINDS,
    decision_sources=(sources.WaitingIntroductions(),),
    search=(sources.search,),
    importers=IMPORTERS,
    exporters=EXPORTERS,
    commands=(score_partners,),
)  # fmt: skip
