"""What is promised in co-selling: answers to invitations and to specific asks, on both sides."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="cosell.invitation",
        vendor_name=_("Partners answer co-sell invitations in %(target)s"),
        partner_name=_("Answer co-sell invitations in %(target)s"),
        default_target=Target(amount=10, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From the invitation to its answer. When the time is over, the invitation expires."),
        vendor_url="cosell:invitation",
        partner_url="cosell:portal_invitation",
        order=60,
    ),
    PromiseKind(
        code="cosell.vendor_invitation",
        vendor_name=_("Answer partners' co-sell invitations in %(target)s"),
        partner_name=_("Answer your co-sell invitations in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's invitation to our answer. When the time is over, the invitation expires."),
        vendor_url="cosell:invitation",
        partner_url="cosell:portal_invitation",
        order=61,
    ),
    PromiseKind(
        code="cosell.need",
        vendor_name=_("Partners answer specific asks in %(target)s"),
        partner_name=_("Answer specific asks in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From the ask of another member of an engagement to its answer."),
        vendor_url="cosell:need",
        partner_url="cosell:portal_need",
        order=62,
    ),
    PromiseKind(
        code="cosell.vendor_need",
        vendor_name=_("Answer partners' specific asks in %(target)s"),
        partner_name=_("Answer your specific asks in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's ask (pricing, architecture, a tender) to our answer."),
        vendor_url="cosell:need",
        partner_url="cosell:portal_need",
        order=63,
    ),
)
