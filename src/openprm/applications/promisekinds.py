"""What is promised to those who apply."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

DECISION = "applications.decision"
PROMISES = (
    PromiseKind(
        code=DECISION,
        vendor_name=_("Answer applications in %(target)s"),
        partner_name=_("Answer an application in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the confirmed application to the answer. The clock rests while the applicant is asked for something."),
        vendor_url="applications:application",
        order=5,
    ),
)
