"""What is promised around recruiting."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="recruitment.introduction",
        vendor_name=_("Answer introductions in %(target)s"),
        partner_name=_("Answer your introductions in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's introduction of a company to the answer: taken up, joined, or declined with a reason."),
        order=60,
    ),
)
