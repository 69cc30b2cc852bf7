"""What is promised around deals, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="deals.decision",
        vendor_name=_("Answer deals in %(target)s"),
        partner_name=_("Answer a deal in %(target)s"),
        default_target=Target(amount=2, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From submission to approval or rejection. The clock rests while the partner is asked for something."),
        vendor_url="deals:registration",
        partner_url="deals:portal_registration",
        order=10,
    ),
    PromiseKind(
        code="deals.information",
        vendor_name=_("Partners answer questions in %(target)s"),
        partner_name=_("Answer questions on your deals in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From a returned registration to the partner's answer."),
        vendor_url="deals:registration",
        partner_url="deals:portal_registration",
        order=20,
    ),
    PromiseKind(
        code="deals.amendment",
        vendor_name=_("Decide changes of deals in %(target)s"),
        partner_name=_("Decide a change of your deal in %(target)s"),
        default_target=Target(amount=2, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From a proposed change of an approved deal to its decision. Small changes apply at once and need no promise."),
        vendor_url="deals:amendment",
        partner_url="deals:portal_amendment",
        order=30,
    ),
)
