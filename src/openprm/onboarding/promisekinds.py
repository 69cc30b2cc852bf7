"""What onboarding promises: a first contact soon after a plan begins, and quick answers until the first deal is won."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

FIRST_CONTACT, HELP = "onboarding.first_contact", "onboarding.help"

PROMISES = (
    PromiseKind(
        code=FIRST_CONTACT,
        vendor_name=_("Get in touch with new partners in %(target)s"),
        partner_name=_("Get in touch with you in %(target)s"),
        default_target=Target(amount=2, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the first day of a plan until one of our people does a task or writes on one."),
        vendor_url="onboarding:plan",
        partner_url="onboarding:portal_plan",
        order=40,
    ),
    PromiseKind(
        code=HELP,
        vendor_name=_("Answer questions on a first deal in %(target)s"),
        partner_name=_("Answer questions on your first deal in %(target)s"),
        default_target=Target(amount=1, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a partner's question before its first deal is won until our answer."),
        vendor_url="onboarding:help",
        partner_url="onboarding:portal_help",
        order=50,
    ),
)
