from django.utils.translation import gettext_lazy as _

from openprm.audit import api, commands, jobs
from openprm.audit.pages import log
from openprm.kernel.registry import NavItem, Page, SettingsPage, Wiring

VENDOR = {"vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"}
PARTNER = {"partner_admin", "partner_sales", "partner_marketer", "partner_technical", "partner_reader"}
GET = ("GET",)

wiring = Wiring(
    domain="audit",
    permissions={"audit.view": VENDOR | PARTNER},
    pages=(
        Page(path="audit/", view=log.events, name="events", workspace="vendor", permission="audit.view", methods=GET),
        Page(path="audit/checkpoint/", view=log.checkpoint, name="checkpoint", workspace="vendor", permission="audit.view", methods=GET),
        Page(path="audit/<uuid:event_id>/", view=log.event, name="event", workspace="vendor", permission="audit.view", methods=GET),
        Page(path="audit/<uuid:event_id>/proof/", view=log.proof, name="proof", workspace="vendor", permission="audit.view", methods=GET),
        Page(path="audit/", view=log.events, name="portal_events", workspace="partner", permission="audit.view", methods=GET),
        Page(path="audit/checkpoint/", view=log.checkpoint, name="portal_checkpoint", workspace="partner", permission="audit.view", methods=GET),
        Page(path="audit/<uuid:event_id>/", view=log.event, name="portal_event", workspace="partner", permission="audit.view", methods=GET),
        Page(path="audit/<uuid:event_id>/proof/", view=log.proof, name="portal_proof", workspace="partner", permission="audit.view", methods=GET),
        Page(path=".well-known/openprm-audit-keys.json", view=log.keys, name="keys", workspace="public", methods=GET),
    ),
    nav=(
        NavItem(label=_("Audit log"), url_name="audit:events", icon="scroll-text", group=_("Measure"), workspace="vendor", order=90, permission="audit.view"),
    ),
    settings_pages=(
        SettingsPage(
            label=_("History and proofs"),
            about=_("Everything that concerns your company, sealed, with proofs to keep."),
            url_name="audit:portal_events",
            icon="scroll-text",
            workspace="partner",
            permission="audit.view",
            order=80,
        ),
    ),
    routers={"audit": api.router},
    jobs=(jobs.seal,),
    commands=commands.COMMANDS,
)
