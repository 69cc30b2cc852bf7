"""What is promised around agreements."""

from django.utils.translation import gettext_lazy as _

from openprm.promises.ports import PromiseKind, Target, Unit

PROMISES = (
    PromiseKind(
        code="agreements.countersignature",
        vendor_name=_("Countersign agreements in %(target)s"),
        partner_name=_("Countersign your agreement in %(target)s"),
        default_target=Target(amount=5, unit=Unit.BUSINESS_DAYS),
        owed_by="vendor",
        about=_("From the partner's signature to the vendor's, where a document asks for both."),
        vendor_url="agreements:acceptance",
        partner_url="agreements:portal_acceptance",
        order=60,
    ),
)
