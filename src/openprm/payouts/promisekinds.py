"""What is promised about paying."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="payouts.payout",
        vendor_name=_("Pay approved money in %(target)s"),
        partner_name=_("Pay your approved money in %(target)s"),
        default_target=Target(amount=30, unit=Unit.DAYS),
        owed_by="vendor",
        about=_("From the approval to the payment. The clock rests while a bank account or a paper of the partner is missing."),
        order=80,
    ),
    PromiseKind(
        code="payouts.check",
        vendor_name=_("Check bank accounts in %(target)s"),
        partner_name=_("Check your bank account in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the entered account to the deposit or the decision."),
        order=81,
    ),
)
