"""What partners contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb, HomePanel, NavItem, ObjectPanel, Page, SettingsPage, Subscription, Wiring
from openprm.partners import events, jobs, news, queries
from openprm.partners.api import ROUTERS
from openprm.partners.datasets import DATASETS
from openprm.partners.decisions import RenewalsToDo
from openprm.partners.pages import membership, panels, partner, programs, renewals, vendor
from openprm.partners.rulekinds import RENEWAL
from openprm.partners.search import search
from openprm.partners.transfer import PartnerExporter, PartnerImporter

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader", "partner_collaborator"}
MANAGERS = {"vendor_admin", "partner_manager"}
GET, POST = ("GET",), ("POST",)


def _page(path: str, view, name: str, permission: str, methods: tuple[str, ...] = ("GET", "POST")) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


wiring = Wiring(
    domain="partners",
    permissions={
        "partners.view": VENDOR | PARTNER,
        "partners.manage": MANAGERS,
        "partners.configure": {"vendor_admin"},
        "partners.import": MANAGERS,
        "partners.renew": MANAGERS | {"partner_admin"},
    },
    pages=(
        _page("partners/", vendor.list_partners, "partners", "partners.view", GET),
        _page("partners/new/", vendor.new_partner, "new_partner", "partners.manage"),
        _page("partners/<uuid:partner_id>/", vendor.show_partner, "partner", "partners.view", GET),
        _page("partners/<uuid:partner_id>/edit/", vendor.edit_partner, "edit_partner", "partners.manage"),
        _page("partners/<uuid:partner_id>/status/", vendor.change_status, "partner_status", "partners.manage", POST),
        _page("partners/<uuid:partner_id>/tier/", vendor.enroll, "enroll", "partners.manage", POST),
        _page("partners/<uuid:partner_id>/programs/<uuid:program_id>/end/", vendor.end_enrollment, "end_enrollment", "partners.manage", POST),
        _page("renewals/", renewals.list_renewals, "renewals", "partners.view", GET),
        _page("partners/<uuid:partner_id>/programs/<uuid:program_id>/renewal/", renewals.renew, "renew", "partners.manage"),
        _page("programs/", programs.programs, "programs", "partners.view", GET),
        _page("programs/new/", programs.new_program, "new_program", "partners.configure"),
        _page("programs/<uuid:program_id>/", programs.edit_program, "edit_program", "partners.configure"),
        _page("programs/<uuid:program_id>/tiers/new/", programs.new_tier, "new_tier", "partners.configure"),
        _page("tiers/<uuid:tier_id>/", programs.edit_tier, "edit_tier", "partners.configure"),
        _page("tiers/<uuid:tier_id>/remove/", programs.remove_tier, "remove_tier", "partners.configure", POST),
        Page(path="membership/", view=membership.show, name="portal_membership", workspace="partner", permission="partners.view", methods=GET),
        Page(path="membership/renew/", view=membership.renew, name="portal_renew", workspace="partner", permission="partners.view", methods=POST),
        Page(path="company/", view=partner.company, name="portal_company", workspace="partner", permission="partners.view", methods=GET),
    ),
    nav=(
        NavItem(
            label=_("Directory"),
            url_name="partners:partners",
            icon="handshake",
            group=_("Partners"),
            workspace="vendor",
            order=40,
            permission="partners.view",
            count=queries.partner_count,
        ),
        NavItem(
            label=_("Programs and tiers"),
            url_name="partners:programs",
            icon="medal",
            group=_("Set up"),
            workspace="vendor",
            order=500,
            permission="partners.view",
        ),
        NavItem(
            label=_("Renewals"),
            url_name="partners:renewals",
            icon="calendar-clock",
            group=_("Partners"),
            workspace="vendor",
            order=60,
            permission="partners.view",
            count=renewals.count,
        ),
        NavItem(
            label=_("Your company"),
            url_name="partners:portal_company",
            icon="building-2",
            group=_("Your partnership"),
            workspace="partner",
            order=10,
            permission="partners.view",
        ),
    ),
    settings_pages=(
        SettingsPage(
            label=_("Programs and tiers"),
            about=_("What partners can join and what each tier gives"),
            url_name="partners:programs",
            icon="medal",
            workspace="vendor",
            permission="partners.configure",
            order=50,
        ),
    ),
    home_panels=(HomePanel(key="partners.gates", workspace="partner", slot="top", template="partners/_gates.html", context=panels.closed_to_me, order=5),),
    object_panels=tuple(
        ObjectPanel(key=f"partners.gates_{side}", target="partner", workspace=side, template="partners/_gates.html", context=panels.closed, order=5)
        for side in ("vendor", "partner")
    ),
    datasets=DATASETS,
    ports={"promises.programs": (queries.program_choices,), "promises.tiers": (queries.tier_codes,)},
    routers=ROUTERS,
    search=(search,),
    importers=(PartnerImporter(),),
    exporters=(PartnerExporter(),),
    rule_kinds=(RENEWAL,),
    decision_sources=(RenewalsToDo(),),
    notification_kinds=news.KINDS,
    jobs=(jobs.watch_memberships,),
    subscriptions=(
        Subscription(event=events.EnrollmentExpiring, handler=jobs.on_expiring),
        Subscription(event=events.EnrollmentExpired, handler=jobs.on_expired),
        Subscription(event=events.EnrollmentRenewed, handler=jobs.on_renewed),
        Subscription(event=events.PartnerStatusChanged, handler=jobs.on_status_changed),
    ),
    audit_verbs={
        "partner.created": AuditVerb(label=_("added the partner"), icon="handshake", tone="ok"),
        "partner.updated": AuditVerb(label=_("changed the partner"), icon="pencil", tone="info"),
        "partner.removed": AuditVerb(label=_("took back the imported partner"), icon="undo-2", tone="warn"),
        "partner.status_changed": AuditVerb(label=_("changed the status of the partner"), icon="git-commit-horizontal", tone="warn"),
        "partner.enrolled": AuditVerb(label=_("enrolled the partner in a program"), icon="medal", tone="ok"),
        "partner.tier_changed": AuditVerb(label=_("changed the tier"), icon="medal", tone="info"),
        "partner.enrollment_ended": AuditVerb(label=_("took the partner out of a program"), icon="x", tone="warn"),
        "partner.gate_closed": AuditVerb(label=_("closed an action to the partner"), icon="lock", tone="warn"),
        "partner.gate_lifted": AuditVerb(label=_("opened an action to the partner again"), icon="lock-open", tone="ok"),
        "partner.enrollment_renewed": AuditVerb(label=_("renewed the membership"), icon="calendar-check", tone="ok"),
        "partner.enrollment_expired": AuditVerb(label=_("ended the membership: it was not renewed"), icon="calendar-x", tone="warn"),
        "partner.enrollment_end_moved": AuditVerb(label=_("moved the end of the membership"), icon="calendar-clock", tone="info"),
        "program.created": AuditVerb(label=_("added the program"), icon="medal", tone="ok"),
        "program.updated": AuditVerb(label=_("changed the program"), icon="pencil", tone="info"),
        "tier.created": AuditVerb(label=_("added the tier"), icon="medal", tone="ok"),
        "tier.updated": AuditVerb(label=_("changed the tier"), icon="pencil", tone="info"),
        "tier.removed": AuditVerb(label=_("removed the tier"), icon="trash-2", tone="warn"),
    },
)
