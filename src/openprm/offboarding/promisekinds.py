"""What is promised to a partner that wants to leave."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="offboarding.answer",
        vendor_name=_("Answer a request to leave in %(target)s"),
        partner_name=_("Answer your request to leave in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the request to the opened offboarding, or to the answer why not."),
        vendor_url="offboarding:offboarding",
        order=90,
    ),
)
