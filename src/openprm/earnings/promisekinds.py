"""What is promised about earnings."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="earnings.bounty",
        vendor_name=_("Bounties are answered in %(target)s"),
        partner_name=_("We answer your bounties in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the proof that a partner sends to the answer, which says what speaks against it if it is not accepted."),
        vendor_url="earnings:bounty",
        partner_url="earnings:portal_bounty",
        order=80,
    ),
)
