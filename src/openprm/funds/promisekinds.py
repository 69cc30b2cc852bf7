"""What is promised about funds, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

REQUEST, CLAIM, PAYMENT = "funds.request", "funds.claim", "funds.payment"
PROMISES = (
    PromiseKind(
        code=REQUEST,
        vendor_name=_("Answer requests for funds in %(target)s"),
        partner_name=_("Answer your requests for funds in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From sending a request for development funds to its answer, through all levels of approval."),
        vendor_url="funds:request",
        partner_url="funds:portal_request",
        order=60,
    ),
    PromiseKind(
        code=CLAIM,
        vendor_name=_("Answer claims in %(target)s"),
        partner_name=_("Answer your claims in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a claim with its proofs to the answer, through all levels of approval."),
        vendor_url="funds:claim",
        partner_url="funds:portal_claim",
        order=61,
    ),
    PromiseKind(
        code=PAYMENT,
        vendor_name=_("Pay approved claims in %(target)s"),
        partner_name=_("Pay your approved claims in %(target)s"),
        default_target=Target(amount=30, unit=Unit.DAYS),
        owed_by="vendor",
        about=_("From the approval of a claim to its last instalment."),
        vendor_url="funds:claim",
        partner_url="funds:portal_claim",
        order=62,
    ),
)
