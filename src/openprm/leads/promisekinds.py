"""What partners promise for leads, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="leads.accept",
        vendor_name=_("Partners answer leads in %(target)s"),
        partner_name=_("Answer a lead in %(target)s"),
        default_target=Target(amount=2, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From opening a lead to accepting or declining it. When the time runs out, the next partner gets it."),
        vendor_url="leads:lead",
        partner_url="leads:portal_lead",
        order=30,
    ),
    PromiseKind(
        code="leads.convert",
        vendor_name=_("Partners turn leads into deals in %(target)s"),
        partner_name=_("Turn a lead into a deal in %(target)s"),
        default_target=Target(amount=30, unit=Unit.DAYS),
        owed_by="partner",
        about=_("From accepting a lead to registering it as a deal or closing it. When the time runs out, the next partner gets it."),
        vendor_url="leads:lead",
        partner_url="leads:portal_lead",
        order=40,
    ),
)
