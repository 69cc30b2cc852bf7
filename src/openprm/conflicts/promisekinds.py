"""What is promised around conflicts, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

ANSWER, EXPLANATION, STATEMENT, DECISION, APPEAL = (
    "conflicts.answer", "conflicts.explanation", "conflicts.statement", "conflicts.decision", "conflicts.appeal",
)  # fmt: skip
PROMISES = (
    PromiseKind(
        code=ANSWER,
        vendor_name=_("Take up conflict cases in %(target)s"),
        partner_name=_("Take up your case in %(target)s"),
        default_target=Target(amount=1, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the opening to the moment a reviewer without ties to the case takes it."),
        vendor_url="conflicts:case",
        partner_url="conflicts:portal_case",
        order=60,
    ),
    PromiseKind(
        code=EXPLANATION,
        vendor_name=_("Explain our side of a case in %(target)s"),
        partner_name=_("Explain our side of your case in %(target)s"),
        default_target=Target(amount=2, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the opening to the statement of our own people. Then the statements are opened to both sides."),
        order=61,
    ),
    PromiseKind(
        code=STATEMENT,
        vendor_name=_("Partners tell their side in %(target)s"),
        partner_name=_("Tell your side in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From the opening to the partner’s statement. Without one the case goes on with what is there."),
        order=62,
    ),
    PromiseKind(
        code=DECISION,
        vendor_name=_("Decide conflict cases in %(target)s"),
        partner_name=_("Decide your case in %(target)s"),
        default_target=Target(amount=8, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the opening to the decision with its reasons. A late decision has a published remedy."),
        vendor_url="conflicts:case",
        partner_url="conflicts:portal_case",
        order=63,
    ),
    PromiseKind(
        code=APPEAL,
        vendor_name=_("Answer appeals in %(target)s"),
        partner_name=_("Answer your appeal in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the appeal to the answer of a second reviewer."),
        vendor_url="conflicts:case",
        partner_url="conflicts:portal_case",
        order=64,
    ),
)
