"""What is promised around due diligence, and how long it may take until somebody publishes another time."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="compliance.decision",
        vendor_name=_("Decide due diligence in %(target)s"),
        partner_name=_("Decide your due diligence in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the answered questionnaire to the decision. The clock rests while the partner is asked for more."),
        vendor_url="compliance:case",
        order=40,
    ),
    PromiseKind(
        code="compliance.answers",
        vendor_name=_("Partners answer questionnaires in %(target)s"),
        partner_name=_("Answer questionnaires in %(target)s"),
        default_target=Target(amount=10, unit=Unit.BUSINESS_DAYS),
        owed_by="partner",
        about=_("From the questionnaire to its answers."),
        vendor_url="compliance:reply",
        partner_url="compliance:portal_reply",
        order=41,
    ),
    PromiseKind(
        code="compliance.verification",
        vendor_name=_("Decide verifications in %(target)s"),
        partner_name=_("Decide your verification in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the papers to the decision on a business or a person."),
        vendor_url="compliance:verification",
        order=42,
    ),
    PromiseKind(
        code="compliance.certificate",
        vendor_name=_("Check certificates in %(target)s"),
        partner_name=_("Check your certificates in %(target)s"),
        default_target=Target(amount=3, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the certificate to its check."),
        vendor_url="compliance:certificate",
        order=43,
    ),
)
