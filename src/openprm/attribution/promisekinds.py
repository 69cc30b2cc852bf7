"""What is promised around credit, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

CLAIM, COUNTERCLAIM, DISPUTE = "attribution.claim", "attribution.counterclaim", "attribution.dispute"
PROMISES = (
    PromiseKind(
        code=CLAIM,
        vendor_name=_("Answer claims of credit in %(target)s"),
        partner_name=_("Answer your claim of credit in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the claim to its confirmation or to the reason against it."),
        vendor_url="attribution:claim",
        partner_url="attribution:portal_claim",
        order=80,
    ),
    PromiseKind(
        code=COUNTERCLAIM,
        vendor_name=_("Partners confirm what we say of their help in %(target)s"),
        partner_name=_("Confirm what we say of your help in %(target)s"),
        default_target=Target(amount=10, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From our claim to the partner’s answer."),
        vendor_url="attribution:claim",
        partner_url="attribution:portal_claim",
        order=81,
    ),
    PromiseKind(
        code=DISPUTE,
        vendor_name=_("Answer disputes about credit in %(target)s"),
        partner_name=_("Answer your dispute about credit in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the dispute to the answer with its reasons."),
        vendor_url="attribution:dispute",
        partner_url="attribution:portal_dispute",
        order=82,
    ),
)
